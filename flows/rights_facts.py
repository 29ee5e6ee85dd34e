"""What flows may know of rights: the articles, the words, the practices, and the questions that are with a human."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from flows.messages import Msg, Name, Text, Told, _

MENUS: Mapping[str, Msg] = {
    "money": _("💶 Rent and costs"),
    "dwelling": _("🔧 My home and repairs"),
    "contract": _("📄 My contract"),
    "household": _("👪 Who lives with me"),
    "living-together": _("🏘️ Neighbours and house rules"),
    "looking-for-a-home": _("🔎 Looking for a home"),
    "help": _("🆘 Complain and get help"),
    "having-a-say": _("📣 Having a say"),
}


@dataclass(frozen=True)
class Article:
    """One reviewed text in all its languages. `source` is the first one's name."""

    topic: str
    menu: str
    title: Told
    summary: Told
    rule: Told
    steps: Told  # numbered lines
    where: Told
    limits: Told
    source: Told
    checked: date
    review_by: date

    @property
    def id(self) -> str:
        """Give the topic, its stable name."""
        return self.topic

    @property
    def button(self) -> Text:
        """Give the title, as it stands on a button."""
        return self.title


@dataclass(frozen=True)
class Term:
    """A word of the glossary: `dutch` is the one in letters, `topic` the article that says more."""

    id: str
    dutch: str
    term: Told
    explanation: Told
    topic: str

    @property
    def button(self) -> Text:
        """Give the word in the reader's language."""
        return self.term


@dataclass(frozen=True)
class Practice:
    """What tenants did elsewhere."""

    id: str
    title: Told
    summary: Told
    what: Told
    learned: Told
    to_try: Told  # numbered lines
    source: Told
    checked: date

    @property
    def button(self) -> Text:
        """Give the title."""
        return self.title


@dataclass(frozen=True)
class Office:
    """When humans answer. `answer_by` is the day on which an answer to a question asked now is due at the latest;
    `opens` is the next moment at which somebody reads; `staffed` tells whether anybody does at all."""

    staffed: bool = False
    open: bool = False
    begins: time = time(9)
    ends: time = time(17)
    opens: datetime | None = None
    answer_by: date | None = None


@dataclass(frozen=True)
class Line:
    """One message of a thread; of an article `article` is its topic."""

    side: str  # tenant, staff
    text: str
    article: str = ""


@dataclass(frozen=True)
class Handoff:
    """A question that is with a human, as tenant and staff may see it. Nothing here names the tenant."""

    id: int
    state: str  # waiting, answered, closed
    topic: str
    language: str
    province: str
    asked: date
    lines: tuple[Line, ...]
    taken: str = ""  # "", me, other
    told_hours: bool = False
    overdue: bool = False
    mine: bool = True  # the reader is the tenant who asked

    @property
    def button(self) -> Text:
        """Give the number and the day."""
        if self.overdue:
            return _("⏰ Question {n}", n=self.id)
        return _("💬 Question {n}", n=self.id) if self.state == "waiting" else _("✓ Question {n}", n=self.id)

    @property
    def from_tenant(self) -> int:
        """Count what the tenant wrote."""
        return sum(line.side == "tenant" for line in self.lines)


@dataclass(frozen=True)
class HandoffItem:
    """A handoff in a list."""

    handoff: Handoff

    @property
    def id(self) -> str:
        """Give its number, as an option."""
        return str(self.handoff.id)

    @property
    def button(self) -> Text:
        """Give its button."""
        return self.handoff.button


@dataclass(frozen=True)
class Gap:
    """A question that found no answer, without who asked it."""

    id: int
    text: str
    language: str
    why: str  # unanswered, not-meant, thumbs-down
    topics: tuple[str, ...]


def titled(articles: Mapping[str, Article], topic: str) -> Text:
    """Give the title of a topic, or its bare name."""
    return articles[topic].title if topic in articles else Name(topic)
