"""Rules that come before the model, in every language: danger, a bailiff at the door, requests to act, insults, greetings.

The words stand in `locales/<lang>/signals.yaml`: for each signal a list of phrases. A phrase is words; `brand*` is any word that
begins so, `a|b` either, `..` up to three words in between, and `^` and `$` the begin and the end of the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from bot.i18n import LOCALES
from bot.rights.articles import read_yaml
from bot.rights.text import plain, words

# In the order in which they are heeded. What is dangerous comes first, what is only polite last.
SIGNALS = (
    "suicide",
    "violence",
    "gas",
    "fire",
    "medical",
    "eviction-now",
    "human",
    "act",
    "predict",
    "insult",
    "who",
    "thanks",
    "hello",
    "meaning",
)
DANGERS = frozenset({"suicide", "violence", "gas", "fire", "medical"})
LONGEST = 2000  # characters that are listened to
LONGEST_TALK = 8  # words; a greeting or an insult in a longer message is not what the message is about
ALONE = DANGERS | {"eviction-now"}
SENTENCE = re.compile(r"[.!?؟;\n]+")
TALK = frozenset({"insult", "who", "thanks", "hello"})


class SignalsError(ValueError):
    """A file of phrases cannot be used; says which one and what is expected."""


@dataclass(frozen=True)
class Phrase:
    """A phrase as it is written; `begins` are the words, or beginnings of words, of which a message must have one."""

    signal: str
    written: str
    begins: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Give it ready to be matched; made when first needed, as most of the thousands never are."""
        return _pattern(self.written)


class Signals:
    """The phrases of all languages, ready to be matched. A message is tried in every language: people mix them."""

    def __init__(self, folder: Path = LOCALES):
        """Read `<lang>/signals.yaml` of each language. Raises SignalsError."""
        read = [(signal, phrase) for signal, phrases in _read(folder).items() for phrase in phrases]
        self.phrases = tuple(Phrase(signal, phrase, _begins(phrase)) for signal, phrase in read)
        self._by_begin: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            for begin in phrase.begins or ("",):
                self._by_begin.setdefault(begin, []).append(phrase)
        self._longest = max(map(len, self._by_begin), default=0)

    def hear(self, text: str) -> str:
        """Give the first signal in a message, or nothing."""
        return self._first(text, frozenset(SIGNALS))

    def danger(self, text: str) -> str:
        """Give the danger to life that a message speaks of, or nothing."""
        return self._first(text, DANGERS)

    def _first(self, text: str, among: frozenset[str]) -> str:
        heard = words(text[:LONGEST])
        found = self._in(heard, among)
        for sentence in SENTENCE.split(text[:LONGEST]):  # a danger may be one sentence of many
            found |= self._in(words(sentence), among & ALONE)
        if len(heard) > LONGEST_TALK:
            found -= TALK
        return next((signal for signal in SIGNALS if signal in found), "")

    def _in(self, heard: list[str], among: frozenset[str]) -> set[str]:
        line = f" {' '.join(heard)} "
        possible = (phrase for phrase in self._possible(heard) if phrase.signal in among)
        return {phrase.signal for phrase in possible if phrase.pattern.search(line)}

    def _possible(self, heard: list[str]) -> Iterator[Phrase]:
        """Give the phrases of which a begin stands in the message, so that few of thousands are tried."""
        begins = {word[:length] for word in heard for length in range(min(len(word), self._longest) + 1)} | {""}
        for begin in begins & self._by_begin.keys():
            yield from self._by_begin[begin]

    def meant(self, text: str) -> str:
        """Give the words whose meaning is asked ("what is a huurwaarborg?"), plain; nothing when none is."""
        line = f" {' '.join(words(text[:300]))} "
        for phrase in self.phrases:
            if phrase.signal == "meaning" and (found := phrase.pattern.search(line)):
                return found["rest"].strip() if "rest" in phrase.pattern.groupindex else ""
        return ""


def _read(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/signals.yaml")):
        try:
            data = read_yaml(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as broken:
            raise SignalsError(f"{path.parent.name}/{path.name}: {broken}") from None
        if not isinstance(data, dict):
            raise SignalsError(f"{path.parent.name}/{path.name}: expected a list of phrases for each signal")
        for signal, phrases in data.items():
            if signal not in SIGNALS or not isinstance(phrases, list) or not all(isinstance(p, str) for p in phrases):
                raise SignalsError(
                    f"{path.parent.name}/{path.name}: {signal}: expected one of {', '.join(SIGNALS)}, with phrases"
                )
            if bad := [phrase for phrase in phrases if not words(phrase.replace("...", "")) or phrase.count("...") > 1]:
                raise SignalsError(
                    f"{path.parent.name}/{path.name}: {signal}: {bad[0]!r}: expected words, and ... once at most"
                )
            found.setdefault(signal, []).extend(phrases)
    return found


def _pattern(phrase: str) -> re.Pattern[str]:
    """Write a phrase as a regular expression over plain words with one blank on either side of each."""
    parts = []
    for word in phrase.split():
        if word == "..":
            parts.append(r"(?:[^ ]+ ){0,3}")
        elif word == "...":
            parts.append(r"(?P<rest>(?:[^ ]+ ){1,6})")
        elif word == "^":
            parts.append(r"\A ")
        elif word == "$":
            parts.append(r"\Z")
        else:
            options = "|".join(_word(option) for option in word.split("|"))
            parts.append(f"(?:{options}) ")
    begin = "" if phrase.startswith("^") else "(?<= )"
    return re.compile(begin + "".join(parts))


def _begins(phrase: str) -> tuple[str, ...]:
    """Give what the first word of a phrase begins with, one for each of its alternatives; nothing when it is open."""
    first = next((word for word in phrase.split() if word not in ("^", "$", "..")), "")
    if not first or first == "...":
        return ()
    return tuple(words(option.rstrip("*"))[0] for option in first.split("|"))


def _word(option: str) -> str:
    stem = option.endswith("*")
    joined = r" ".join(re.escape(part) for part in words(plain(option.rstrip("*"))))
    return joined + (r"[^ ]*" if stem else "")
