"""What an organiser hears of a text that is hard to read, and the choice to keep it all the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flows.messages import Lines, Msg, Name, Text, _, _n, lines
from flows.questions import Choice, Words
from flows.talk import Talk

SHOWN = 4  # findings told at once: more would be a wall
TRIES = 12  # so often a text may be changed in one go

KEEP = {"other": _("Keep it all the same")}
REASONS = {
    "name": _("Keep it: it is a fixed name"),
    "known": _("Keep it: tenants know the word"),
    **KEEP,
}
OF_WORDS = ("hard-word", "long-word", "shouting")  # findings that a name, or a word people know, may be a reason for


@dataclass(frozen=True)
class Checked:
    """A text, and what the plain-language check found that the organiser kept: `code: reason`."""

    text: str
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that makes a text hard to read, as the look `plain` finds it."""

    what: str
    word: str = ""
    say: str = ""
    n: int = 0

    @property
    def told(self) -> Msg:
        """Say it in plain words, with a way to do better."""
        word, say = Name(self.word), Name(self.say)
        match self.what:
            case "long-sentence":
                return _n(
                    "A sentence has one word. Shorter is easier.",
                    "A sentence has {n} words. Up to 15 reads easily. Can you cut it in two?",
                    n=self.n,
                )
            case "hard-word" if self.say:
                return _("“{word}” is a hard word. Easier: “{say}”.", word=word, say=say)
            case "hard-word":
                return _("“{word}” is a hard word. Is there an easier one?", word=word)
            case "long-word":
                return _("“{word}” is a long word. Can you say it in shorter ones?", word=word)
            case "passive":
                return _("Who does it? Write it like this: “We ask” and not “It is asked”.")
            case "clauses":
                return _("This sentence holds several things. Can you cut it in two?")
            case "double":
                return _("These are two questions in one. People may want to answer them apart.")
            case "leading" if self.word:
                return _("“{word}” pushes people to one answer. Can it be without?", word=word)
            case "leading":
                return _("This pushes people to one answer. Can you ask it more openly?")
            case "negation":
                return _("There are two “not”s in it. Then it is hard to say yes or no.")
            case "not-a-question":
                return _("This does not look like a question. Does it need a question mark?")
            case "shouting":
                return _("Capital letters look like shouting. Small letters read better.")
            case "personal":
                return _("This asks who someone is, or something private. Please do not ask that. Polls are anonymous.")
            case _:
                return _("This may be hard to read. Can it be simpler?")


def findings(found: str) -> tuple[Finding, ...]:
    """Read what the look `plain` gave: a JSON list."""
    listed: list[dict[str, Any]] = json.loads(found or "[]")
    return tuple(Finding(one["what"], one.get("word", ""), one.get("say", ""), one.get("n", 0)) for one in listed)


async def ask_plain(
    talk: Talk, key: str, prompt: Text, *, kind: str, words: Words, label: Text | None = None
) -> Checked:
    """Ask for a text in Dutch until it reads easily, or is kept with a reason.

    Each try has its own key (`text`, `text-2`, ...), so that going back shows the one before.
    """
    for n in range(1, TRIES + 1):
        here = key if n == 1 else f"{key}-{n}"
        text = await talk.ask(here, prompt, words, label=label)
        found = await look_plain(talk, here, text, kind)
        if not found:
            return Checked(text)
        choices: dict[str, Text] = {"change": _("✏️ I change it"), **reasons(found)}
        talk.say(heard(text, found))
        what = await talk.ask(f"{here}-plain", _("What would you like to do?"), Choice(choices))
        if what != "change":
            return Checked(text, tuple(f"{one.what}: {what}" for one in found))
        prompt = lines(_("Please send the text again, changed. It was:"), Name(text))
    return Checked(text, tuple(f"{one.what}: tries" for one in found))


def reasons(found: tuple[Finding, ...]) -> dict[str, Msg]:
    """Give the reasons that may hold for keeping a text: those of words only where a word was found hard."""
    return REASONS if any(one.what in OF_WORDS for one in found) else KEEP


async def look_plain(talk: Talk, key: str, text: str, kind: str) -> tuple[Finding, ...]:
    """Check a text in Dutch; each line is a sentence of its own."""
    asked = json.dumps({"text": text, "kind": kind}, sort_keys=True)
    return findings(await talk.look(f"plain-{key}", "plain", asked))


def heard(text: str, found: tuple[Finding, ...]) -> Lines:
    """Show a text, and what may make it hard to read."""
    told = list(dict.fromkeys(one.what + one.word for one in found))
    shown = {one.what + one.word: one.told for one in found}
    return lines(_("“{text}”", text=Name(text)), *(_("💡 {tip}", tip=shown[one]) for one in told[:SHOWN]))
