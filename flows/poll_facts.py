"""What a flow may know of polls: as a tenant answers one, and as an organiser makes and follows one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from flows.messages import Msg, Name, Text, Ticked, Told, _

SKIP = "skip"  # the answer "rather not say", to any question
OWN = "yes", "no"  # the options of a yes-or-no question
FACES: Mapping[str, str] = {"5": "😀", "4": "🙂", "3": "😐", "2": "🙁", "1": "😢"}
FLOOR = 10  # the fewest people that a figure may stand for, and that a poll with free text may be sent to
SECOND_PERSON = 50  # more recipients than this, and someone else releases

QUESTION_KINDS: Mapping[str, Msg] = {
    "yesno": _("Yes or no"),
    "choice": _("Choose one"),
    "several": _("Choose more than one"),
    "faces": _("Five faces"),
    "number": _("A number"),
    "text": _("A few words"),
}


@dataclass(frozen=True)
class PollOption:
    """One option of a question, by language."""

    id: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class PollQuestion:
    """One question. `low` and `high` bound a number; only `choice` and `several` have options of their own."""

    id: str
    kind: str  # yesno, choice, several, faces, number, text
    text: Mapping[str, str]
    options: tuple[PollOption, ...] = ()
    low: int = 0
    high: int = 10

    @property
    def option_ids(self) -> tuple[str, ...]:
        """Give the ids of all answers that can be tapped, in their order, but "rather not say"."""
        match self.kind:
            case "yesno":
                return OWN
            case "faces":
                return tuple(FACES)
            case "number":
                return tuple(str(n) for n in range(self.low, self.high + 1))
            case "text":
                return ()
            case _:
                return tuple(option.id for option in self.options)


@dataclass(frozen=True)
class PollContent:
    """All that an organiser writes. Times are local wall times in `zone`; `opens` None means as soon as it is released.

    `audience` has at most the keys of AUDIENCE_KEYS, each with one value; `rested` leaves out who was asked in the last
    seven days.
    """

    group: str  # who asks; empty for the whole network
    title: Mapping[str, str]
    why: Mapping[str, str] = field(default_factory=dict)
    use: Mapping[str, str] = field(default_factory=dict)  # what will be done with it
    questions: tuple[PollQuestion, ...] = ()
    audience: Mapping[str, str] = field(default_factory=dict)
    rested: bool = False
    secret: bool = False  # from the start: an answer cannot be changed
    anyone: bool = False  # also who was not asked may answer, by the link
    opens: datetime | None = None
    closes: datetime | None = None
    zone: str = "Europe/Brussels"

    @property
    def has_text(self) -> bool:
        """Tell whether people write in their own words."""
        return any(question.kind == "text" for question in self.questions)

    def texts(self) -> tuple[Mapping[str, str], ...]:
        """Give everything that is written in languages, in the order in which it is read."""
        asked = [(question.text, *(option.text for option in question.options)) for question in self.questions]
        return tuple(text for text in (self.title, self.why, self.use, *sum(asked, ())) if text)

    def gaps(self, languages: Mapping[str, str]) -> Mapping[str, int]:
        """Count, for each language, the texts that are missing in it; languages without gaps are left out."""
        counts = {code: sum(not text.get(code) for text in self.texts()) for code in languages}
        return {code: n for code, n in counts.items() if n}


AUDIENCE_KEYS = ("region", "municipality", "landlord", "block", "group", "language")
"""What an audience may be chosen by: never a sensitive trait. `region` is a province as Flanders writes it."""

REGIONS = ("Antwerpen", "Limburg", "Oost-Vlaanderen", "Vlaams-Brabant", "West-Vlaanderen", "Brussel")


@dataclass(frozen=True)
class Figure:
    """A count as this reader may see it: exact for staff; for organisers None under ten, else rounded to five."""

    value: int | None
    exact: bool = False


@dataclass(frozen=True)
class Reason:
    """So many people of an audience are not reached, or later: a code of `NOT_REACHED` and a count."""

    code: str
    count: Figure


NOT_REACHED: Mapping[str, Msg] = {
    "no-consent": _("do not want polls"),
    "stopped": _("stopped all messages"),
    "paused": _("pause for now: they get it later"),
    "budget": _("had three messages this week: they get it later"),
    "unreachable": _("blocked me or never wrote"),
    "asked-lately": _("were asked in the last seven days"),
}


@dataclass(frozen=True)
class Reached:
    """How far a poll comes: the people of its audience, those it is sent to, and who is left out or late, and why.

    `few` tells that fewer than ten people would get it, `second` that a second person must release it: these are true of
    the exact numbers.
    """

    audience: Figure
    reached: Figure
    reasons: tuple[Reason, ...] = ()
    languages: tuple[
        str, ...
    ] = ()  # that people of the audience read; those with fewer than ten are named, not counted
    few: bool = False
    second: bool = False
    minutes: int = 0  # how long the sending takes, about


@dataclass(frozen=True)
class Progress:
    """How a poll goes. `regions` gives, for each, asked and answered."""

    asked: Figure
    delivered: Figure
    waiting: Figure
    failed: Figure
    answered: Figure
    partly: Figure
    regions: tuple[tuple[str, Figure, Figure], ...] = ()
    ends: datetime | None = None  # when the last message will be out, about
    reach: tuple[ReachLine, ...] = ()


@dataclass(frozen=True)
class ReachLine:
    """A group that is missing: `kind` is region, landlord, block or language; `step` the cheapest thing to do about it:
    poster, doorstep, caller or nothing."""

    kind: str
    name: str
    dwellings: int | None
    known: Figure
    answered: Figure
    step: str


@dataclass(frozen=True)
class News:
    """What was done with a poll, or why nothing yet (`done` is false; then `again` says when the bot asks again)."""

    round: int
    text: Mapping[str, str]
    done: bool
    again: date | None = None


@dataclass(frozen=True)
class Bar:
    """One published cell: an option (empty: all who answered), its count rounded to five, or None where it is hidden."""

    question: str
    cut: str
    cell: str
    option: str
    count: int | None


@dataclass(frozen=True)
class Poll:
    """A poll as a tenant may see it. `mine` holds what was answered so far, by question; `members` who of the household
    answered (1, 2), `member` who answers now."""

    id: str
    content: PollContent
    asker: str
    state: str  # open, closed, soon, cancelled
    mine: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    written: frozenset[str] = frozenset()  # questions answered in own words
    member: int = 1
    members: tuple[int, ...] = ()
    asked: bool = False  # was asked, or belongs to the audience: others may read, and answer once it is open to all
    may_answer: bool = True
    news: tuple[News, ...] = ()
    bars: tuple[Bar, ...] = ()
    pictures: int = 0  # how many pictures its result has

    @property
    def button(self) -> Text:
        """Give the short line that stands on a button, ticked when it was answered."""
        return Ticked(Told(self.content.title)) if self.complete else Told(self.content.title)

    @property
    def left(self) -> tuple[PollQuestion, ...]:
        """Give the questions without an answer."""
        return tuple(q for q in self.content.questions if q.id not in self.mine and q.id not in self.written)

    @property
    def complete(self) -> bool:
        """Tell whether every question has its answer."""
        return not self.left

    def question(self, id: str) -> PollQuestion | None:
        """Find a question."""
        return next((question for question in self.content.questions if question.id == id), None)


@dataclass(frozen=True)
class Draft:
    """A poll as its organisers see it, from draft to what was done with it.

    `state` is draft, waiting (for a second person), released (starts at `starts`), open, closing, closed (waits for what
    is done with it), told, or cancelled. `sending` tells that messages still go out.
    """

    id: str
    revision: int
    content: PollContent
    asker: str
    state: str
    reached: Reached | None = None
    starts: datetime | None = None  # local
    progress: Progress | None = None
    sending: bool = False
    stopped: bool = False  # the sending was stopped
    nudged: bool = False
    made_by_me: bool = False
    may_release: bool = False  # this reader may be the second person
    back: str = ""  # why a second person sent it back
    news: tuple[News, ...] = ()
    ask_again: date | None = None
    useful: tuple[Figure, Figure] | None = None  # thumbs up and down for the result
    bars: tuple[Bar, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # free answers, where ten or more wrote
    pictures: int = 0

    @property
    def button(self) -> Text:
        """Give the short line that stands on a button."""
        return _("{sign} {title}", sign=Name(SIGNS.get(self.state, "")), title=Told(self.content.title))

    def missing(self) -> tuple[str, ...]:
        """Name what must be there before it can be released: why, use, questions, closes."""
        content = self.content
        parts = {"why": content.why, "use": content.use, "questions": content.questions, "closes": content.closes}
        return tuple(name for name, part in parts.items() if not part)


SIGNS: Mapping[str, str] = {
    "draft": "📝",
    "waiting": "⏳",
    "released": "🕙",
    "open": "📣",
    "closing": "🔒",
    "closed": "❗",
    "told": "✅",
    "cancelled": "✖️",
}


@dataclass(frozen=True)
class Template:
    """A poll that is ready to be changed and sent."""

    id: str
    content: PollContent

    @property
    def button(self) -> Text:
        """Give its title, as it stands on a button."""
        return Told(self.content.title)


@dataclass(frozen=True)
class Scope:
    """Where an organiser may act: `kind` is group, landlord, region or all; `id` which; `name` as people read it."""

    kind: str
    id: str
    name: str
    role: str = ""

    @property
    def button(self) -> Text:
        """Give its name, as it stands on a button."""
        return Name(self.name) if self.kind != "all" else _("Everywhere")


def share(count: int | None, of: int | None) -> int | None:
    """Give a share in whole percent of two published counts, or None where one is hidden.

    It is worked out from counts rounded to five, of staff's exact ones too. Of fewer than 100 it is told to the nearest 5 %,
    and it is never nought or all: rounded counts cannot tell that.
    """
    if count is None or of is None or min(count, of) < FLOOR:
        return None
    part, whole = 5 * ((count + 2) // 5), 5 * ((of + 2) // 5)
    step = 5 if whole < 100 else 1
    percent = (200 * part + step * whole) // (2 * step * whole) * step
    return max(step, min(percent, 100 - step))


def without(content: PollContent, question: str) -> PollContent:
    """Give a poll without one of its questions."""
    return replace(content, questions=tuple(q for q in content.questions if q.id != question))


def with_question(content: PollContent, question: PollQuestion) -> PollContent:
    """Give a poll with a question added at its end, or put in the place of the one with the same id."""
    if any(q.id == question.id for q in content.questions):
        changed = tuple(question if q.id == question.id else q for q in content.questions)
        return replace(content, questions=changed)
    return replace(content, questions=(*content.questions, question))
