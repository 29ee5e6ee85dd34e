"""The whole vocabulary of a flow: ask, say, look, facts, Done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from flows.facts import Facts
from flows.messages import Msg, Text
from flows.questions import Answer, Invalid, Kind

T = TypeVar("T")

HEARD = "?heard"  # the key of the words a flow goes on with; no answer, so it begins with a question mark
SPEAK = "?speak"  # the key of the language it answers in, with the language the person had chosen then


class Change:
    """Base of everything a finished flow may ask the domain to do."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A calendar file of a meeting, sent as a document."""

    meeting: str


@dataclass(frozen=True, slots=True)
class Venue:
    """The place of a meeting on a map."""

    meeting: str


@dataclass(frozen=True, slots=True)
class MyDataFile:
    """Everything the bot knows of this person; `shape` is `json` or `txt`."""

    shape: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a poll's published result: the how manieth, from 0. Before a question, the question is its caption."""

    poll: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The frozen tables of a poll, as a CSV file for staff."""

    poll: str


@dataclass(frozen=True, slots=True)
class QrCode:
    """A picture of a QR code that opens this chat with a payload (`/start <payload>`)."""

    payload: str
    caption: Text


Shown = Msg | Text | CalendarFile | Venue | MyDataFile | Picture | ResultFile | QrCode


@dataclass(frozen=True, slots=True)
class Go:
    """Another flow to start next, on a subject; `heard` are the person's own words, which it goes on with, `speak` the
    language in which it answers them, and `say` what is said first, in the same message."""

    flow: str
    subject: str = ""
    heard: str | None = None
    speak: str | None = None
    say: Text | None = None


class Done:
    """The end of a flow: what must change, what to say or show, and where to go next.

    With `stay` the question that led here stands as before, buttons and all: its tap was a door, not an answer. Such a
    tap counts again each time, unless it counts `once`.
    """

    def __init__(
        self,
        *changes: Change,
        say: Text | None = None,
        show: tuple[Shown, ...] = (),
        then: Go | None = None,
        stay: bool = False,
        once: bool = False,
    ):
        self.changes = changes
        self.shown: tuple[Shown, ...] = ((say,) if say else ()) + show
        self.then = then
        self.stay = stay
        self.once = once


@dataclass(frozen=True)
class Question(Awaitable[None]):
    """One question on one screen. `label` names it in the list of answers to change; `lasting` keeps its buttons."""

    key: str
    prompt: Text
    kind: Kind[object]
    label: Text | None = None
    in_place: bool = False
    lasting: bool = False

    def __await__(self) -> Generator[Question, None, None]:
        yield self


@dataclass(frozen=True)
class Look(Awaitable[None]):
    """Something to look up half-way: `what` is the name of a look, `inputs` what it depends on."""

    key: str
    what: str
    inputs: str

    def __await__(self) -> Generator[Look, None, None]:
        yield self


@dataclass(frozen=True)
class Asked:
    """A question that has its answer, with what was said before it."""

    question: Question
    said: tuple[Shown, ...]
    answer: Answer


class FlowError(Exception):
    """The flow itself is wrong; no answer of a person could have caused this."""


class Again(Exception):
    """Ask an answered question again, and say why."""

    def __init__(self, key: str, why: Msg):
        super().__init__(key)
        self.key, self.why = key, why


@dataclass
class Talk:
    """What a flow's body holds: the facts, the subject, and the journal it is replayed from."""

    facts: Facts
    subject: str
    journal: Mapping[str, Answer]
    path: list[Asked] = field(default_factory=list)
    said: list[Shown] = field(default_factory=list)
    language: str | None = None

    def __post_init__(self) -> None:
        """Speak as the conversation did so far, unless the person chose another language since."""
        spoken = self.journal.get(SPEAK)
        if spoken is not None and spoken.file == self.facts.person.language:
            self.language = spoken.text

    @property
    def heard(self) -> str:
        """Give the words that the person came with, or nothing."""
        kept = self.journal.get(HEARD)
        return (kept.text if kept else None) or ""

    def say(self, *shown: Shown) -> None:
        """Say or show something, together with the next question."""
        self.said.extend(shown)

    def speak(self, language: str) -> None:
        """Go on in this language, from here, before it is stored."""
        self.language = language

    def again(self, key: str, why: Msg) -> NoReturn:
        """Take an answer back: the person is asked `key` again and reads why."""
        raise Again(key, why)

    async def ask(
        self,
        key: str,
        prompt: Text,
        kind: Kind[T],
        *,
        label: Text | None = None,
        in_place: bool = False,
        lasting: bool = False,
    ) -> T:
        """Return the person's answer, or stop the flow here until there is one."""
        if any(asked.question.key == key for asked in self.path):
            raise FlowError(f"asked {key!r} twice")
        question = Question(key, prompt, kind, label, in_place, lasting)
        if key in self.journal:
            try:
                value = kind.read(self.journal[key])
            except Invalid as invalid:
                if self.journal[key].chosen:  # written under older rules, or the option vanished: say so
                    self.said.append(invalid.why)
            else:
                self.path.append(Asked(question, tuple(self.said), self.journal[key]))
                self.said.clear()  # the person saw these before they answered
                return value
        await question
        raise FlowError("a question is answered by replay, never by resuming")

    async def look(self, key: str, what: str, inputs: str) -> str:
        """Return what the look `what` finds for `inputs`; journaled, and looked up again when the inputs change."""
        kept = self.journal.get(f"?{key}")
        if kept is not None and kept.file == inputs:
            return kept.text or ""
        await Look(key, what, inputs)
        raise FlowError("a look is answered by replay, never by resuming")


Body = Callable[[Talk], Coroutine[Question | Look, None, Done]]


@dataclass(frozen=True)
class Flow:
    """A conversation. `knows` names the facts to load; a `loose` flow is kept only once it has an answer, and words
    do not go to it; one that is `open` cannot be cancelled, only closed from inside. Of a `secret` one no tap is noted:
    its subject begins with the id of a poll, under whose key its session is sealed."""

    name: str
    command: str | None
    title: Msg
    body: Body
    knows: frozenset[str]
    loose: bool
    open: bool = False
    secret: bool = False


def flow(
    *,
    title: Msg,
    command: str | None = None,
    knows: tuple[str, ...] = (),
    loose: bool = False,
    open: bool = False,
    secret: bool = False,
) -> Callable[[Body], Flow]:
    """Make a flow of a body; its name is the body's name, its command what people type after `/`."""
    return lambda body: Flow(body.__name__, command, title, body, frozenset(knows), loose, open, secret)
