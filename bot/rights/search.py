"""Find the article that answers a question: rules first, then the model, then a policy that would rather ask than guess."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from bot.i18n import LOCALES
from bot.rights.examples import NONE
from bot.rights.features import Encoder, encoder
from bot.rights.library import Library
from bot.rights.model import FILE, Model, load_model
from bot.rights.signals import DANGERS, Signals
from bot.rights.text import prepared, words

# Chosen on the development and the golden questions (`python -m tests.bench --only search` prints what they lead to).
SURE = 0.6  # the share from which the first topic is answered at once
CLEAR = 3.0  # ... if it is also that much likelier than "none", as a natural logarithm
MAYBE = 1.0  # from here on three titles are shown; below it a human is offered
LEAST = 0.12  # below this share a title is as good as any other
FOLLOWS, NEAR = 4.0, 0.7  # what a question adds to the topic of the answer before it, as a natural logarithm
SHORT = 9  # words; a longer question stands on its own
ANDS = frozenset("en maar dan and but then et mais donc ve peki ama ya o".split())  # words that begin a follow-up
SWITCH = 0.9  # the share from which a language counts as recognised
SHOWN = 5

REFERRED = frozenset({"human", "act", "predict", "insult", "who", "thanks", "hello"})


@dataclass(frozen=True)
class Found:
    """What a question led to. `decision` is answer, choices, handoff or danger; `topics` are in order, best first, with
    their shares; `signal` is the rule that decided, if one did; `language` is the one asked in, or nothing when unsure."""

    decision: str
    topics: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    signal: str = ""
    language: str = ""
    milliseconds: float = field(default=0.0, compare=False)


class Search:
    """The loaded model with its rules. Safe to ask from several threads."""

    def __init__(self, model: Model, signals: Signals, engine: Encoder | None):
        self.model, self.signals, self.engine = model, signals, engine

    @classmethod
    def load(cls, path: Path = FILE, folder: Path = LOCALES) -> Search:
        """Read the model and the phrases, and open E5 where it can be. Raises NoModel and SignalsError."""
        model = load_model(path)
        return cls(model, Signals(folder), encoder() if len(model.by_meaning) else None)

    def ask(self, text: str, language: str = "", after: str = "") -> Found:
        """Find what answers `text`. `language` is the one it is expected in (else it is recognised); `after` is the topic
        of the answer that the person just read."""
        begin = time.perf_counter()
        signal = self.signals.hear(text)
        spoken = self.recognise(text)
        shares = self._shares(text, spoken or language, after)
        topics, found = self._order(shares)
        decision = self._decide(any(word.isalpha() for word in words(text)), signal, topics, found)
        if signal == "eviction-now" and "eviction" in topics:
            topics, found = _first("eviction", topics, found)
        took = (time.perf_counter() - begin) * 1000
        return Found(decision, topics[:SHOWN], found[:SHOWN], signal, spoken, took)

    def recognise(self, text: str) -> str:
        """Give the language of a text of three words or more, or nothing when it could be another."""
        if len(words(text)) < 3:
            return ""
        shares = self.model.language_scores(prepared(text, ""))
        best = int(np.argmax(shares))
        return self.model.languages[best] if shares[best] >= SWITCH else ""

    def _shares(self, text: str, language: str, after: str) -> dict[str, float]:
        shares = self.model.topic_scores(self.engine, prepared(text, language))
        found = dict(zip(self.model.topics, map(float, shares), strict=True))
        if after in found and after != NONE:
            found[after] *= math.exp(follows(words(text)))
            whole = sum(found.values())
            found = {topic: share / whole for topic, share in found.items()}
        return found

    def _order(self, shares: dict[str, float]) -> tuple[tuple[str, ...], tuple[float, ...]]:
        self_none = shares[NONE]
        ordered = sorted(((share, topic) for topic, share in shares.items() if topic != NONE), reverse=True)
        topics = tuple(topic for _share, topic in ordered)
        return topics, (*(round(share, 4) for share, _topic in ordered), round(self_none, 4))

    def _decide(self, said: bool, signal: str, topics: tuple[str, ...], shares: tuple[float, ...]) -> str:
        if signal in DANGERS:
            return "danger"
        if not said:
            return "handoff"
        if signal == "eviction-now" and "eviction" in topics[:3]:
            return "answer"
        if signal in REFERRED or signal == "eviction-now":
            return "handoff"
        return decide(shares[0], shares[-1])


def follows(heard: list[str]) -> float:
    """Say how much a question goes on about what was just read: much where it begins with "and", little where it is only
    short. Arabic writes its "and" on the next word."""
    if not heard or len(heard) > SHORT:
        return 0.0
    begins = heard[0] in ANDS or (heard[0].startswith("و") and len(heard[0]) > 2)
    return FOLLOWS if begins or len(heard) <= 2 else NEAR


def decide(best: float, none: float) -> str:
    """Say what to do with a best topic of this share, where "none of them" has that share."""
    clear = math.log(max(best, 1e-9) / max(none, 1e-9))
    if best >= SURE and clear >= CLEAR:
        return "answer"
    return "choices" if clear >= MAYBE and best >= LEAST else "handoff"


def _first(topic: str, topics: tuple[str, ...], shares: tuple[float, ...]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    at = topics.index(topic)
    return (topic, *topics[:at], *topics[at + 1 :]), (shares[at], *shares[:at], *shares[at + 1 :])


def look(search: Search, library: Library, inputs: str) -> str:
    """Answer the look `search`: JSON of text, language and after in; JSON of decision, topics, signal, language and term
    (the id of a word whose meaning is asked, or nothing) out."""
    asked = json.loads(inputs)
    found = search.ask(asked["text"], asked.get("language", ""), asked.get("after", ""))
    kept = {key: value for key, value in asdict(found).items() if key in ("decision", "topics", "signal", "language")}
    term = library.term(search.signals.meant(asked["text"])) if found.signal in ("", "meaning") else ""
    return json.dumps({**kept, "term": term})
