"""Play a conversation. Each turn runs on a session read back from JSON, as after a crash."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import flows
from bot import places, plain
from bot.i18n import SOURCE, Language
from bot.rights import directory
from bot.routing import as_answer
from bot.store.sessions import to_json
from flows.engine import Need, Session, Turn, advance
from flows.events import Answered, Event, Looked, Started, Tapped
from flows.facts import Facts
from flows.messages import BLANK, Lines, Msg, Text, Value
from flows.questions import Answer, Option
from flows.talk import (
    HEARD,
    SPEAK,
    CalendarFile,
    Change,
    Flow,
    Go,
    MyDataFile,
    Picture,
    QrCode,
    ResultFile,
    Shown,
    Venue,
)
from tests.flows.people import LANGUAGES

Line = str | Event | Facts
"""What a person writes, `[taps]`, or another event; or the facts as they are from here on."""

Finds = Mapping[str, str]
"""What the search finds, by what is asked. It is chosen by the test: what the model would say is tested elsewhere."""


def found(*topics: str, decision: str = "answer", signal: str = "", language: str = "", term: str = "") -> str:
    """Write what the look `search` finds, as `bot.rights.search` does."""
    return json.dumps({"decision": decision, "topics": topics, "signal": signal, "language": language, "term": term})


NOTHING = found("deposit", "fire-insurance", "subletting-absence", decision="handoff")


@dataclass
class Played:
    """A conversation so far, as the person sees it: the bot's lines, and the person's own after `> `."""

    flow: Flow
    facts: Facts
    turn: Turn
    session: Session
    """The session as it is, or as it was before the end."""
    finds: Finds = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    stands: Turn = field(init=False)
    """The turn whose buttons stand on the screen: the last one, unless its tap was a door."""

    def __post_init__(self) -> None:
        self.stands = self.turn
        self.log += self.screen()

    @property
    def language(self) -> Language:
        """Give the language that the conversation is in now."""
        person = self.facts.person
        return LANGUAGES.of(self.turn.language, person.language, person.phone_language)

    @property
    def options(self) -> dict[str, str]:
        """Give the buttons that stand: id -> label."""
        return {option.id: self.label(option) for row in self.stands.rows for option in row}

    @property
    def key(self) -> str | None:
        """Give the key of the question that stands."""
        return self.stands.question.key if self.stands.question else None

    @property
    def changes(self) -> tuple[Change, ...]:
        """Give what the last turn asked for."""
        return self.turn.changes

    @property
    def then(self) -> Go | None:
        """Give the flow that the last turn went to."""
        return self.turn.then

    @property
    def over(self) -> bool:
        """Tell whether the conversation has ended."""
        return self.turn.session is None

    def label(self, option: Option) -> str:
        """Read a button."""
        return self.language.plain(option.label)

    def go_on(self, *lines: Line) -> Played:
        """Play more of it."""
        for line in lines:
            if isinstance(line, Facts):
                self.facts = line
                continue
            assert self.turn.session is not None, f"the conversation ended before {line!r}"
            event = self.event(line) if isinstance(line, str) else line
            self.log.append(f"> {line if isinstance(line, str) else type(line).__name__}")
            self.turn = step(self.flow, self.turn.session, event, self.facts, self.finds)
            self.session = self.turn.session or self.session
            if not self.turn.stay:
                self.stands = self.turn
            self.log += self.screen()
        return self

    def event(self, line: str) -> Event:
        """Turn `[label or id]` into a tap on the screen that stands, other lines into words."""
        if not (line.startswith("[") and line.endswith("]")):
            return Answered(Answer(text=line))
        wanted = line[1:-1]
        found = [id for id, label in self.options.items() if wanted in (id, id.removeprefix("~"), label)]
        assert found, f"no button {line}; there are {self.options}"
        assert self.key is not None
        return Tapped(self.key, found[0])

    def screen(self) -> list[str]:
        """Read the last screen, one sentence of it an item."""
        prompt = (self.turn.question.prompt,) if self.turn.question else ()
        return [line for shown in (*self.turn.say, *prompt) for line in read(self.language, shown)]


def play(
    flow: Flow,
    *lines: Line,
    facts: Facts,
    subject: str = "",
    session: Session | None = None,
    heard: str | None = None,
    speak: str | None = None,
    finds: Finds | None = None,
) -> Played:
    """Begin a conversation, or go on with `session`, and play it to the last of these lines.

    It begins with the words that the person came with (`heard`), and is spoken in the language they asked in (`speak`).
    """
    session = session or begun(Go(flow.name, subject, heard, speak), facts)
    turn = step(flow, session, Started(), facts, finds or {})
    return Played(flow, facts, turn, turn.session or session, finds or {}).go_on(*lines)


def follow(before: Played, *lines: Line, facts: Facts | None = None) -> Played:
    """Play the flow that the one before went to, with the words and in the language it passed on."""
    go, facts = before.then, facts or before.facts
    assert go is not None
    spoken = before.session.journal.get(SPEAK)
    go = go if go.speak or spoken is None else replace(go, speak=spoken.text)
    after = play(flows.load()[go.flow], facts=facts, session=begun(go, facts), finds=before.finds)
    after.log[:0] = read(after.language, go.say) if go.say else []
    return after.go_on(*lines)


def begun(go: Go, facts: Facts) -> Session:
    """Begin a session as the runtime does, with the words it goes on with, and the language in which it answers them."""
    journal = {HEARD: Answer(text=go.heard)} if go.heard else {}
    if go.speak:
        journal[SPEAK] = Answer(text=go.speak, file=facts.person.language)
    return Session(go.flow, go.subject, journal)


def step(flow: Flow, session: Session, event: Event, facts: Facts, finds: Finds | None = None) -> Turn:
    """Take one turn on a session read back from JSON, answering what must be looked up."""
    session = through_json(session)
    for _attempt in range(4):
        turn = advance(flow, session, event, facts)
        if isinstance(turn, Turn):
            return turn
        session = looked_up(session, turn, finds or {})
    raise AssertionError(f"{flow.name} looks without end")


def looked_up(session: Session, need: Need, finds: Finds) -> Session:
    """Journal what a look finds, as the runtime does."""
    look = need.look
    match look.what:
        case "postcode":
            text = places.postcode(look.inputs)
        case "nearby":
            text = directory.nearby(look.inputs)
        case "search":
            text = finds.get(json.loads(look.inputs)["text"], NOTHING)
        case "new-id":
            text = f"{zlib.crc32(look.inputs.encode()):08x}"
        case "plain":
            text = plain.look(look.inputs)
        case _:
            raise AssertionError(f"there is no look {look.what!r}")
    kept = as_answer(Looked(look.key, text, look.inputs))
    return Session(session.flow, session.subject, {**session.journal, f"?{look.key}": kept}, session.drafts)


def through_json(session: Session) -> Session:
    """Store a session and read it back."""
    stored = json.loads(json.dumps(to_json(session)))
    journal = {
        key: Answer(text, tuple(chosen), media, file) for key, (text, chosen, media, file) in stored["journal"].items()
    }
    drafts = {key: tuple(draft) for key, draft in stored["drafts"].items()}
    return Session(session.flow, session.subject, journal, drafts)


def read(language: Language, shown: Shown) -> list[str]:
    """Read what is shown: one sentence after another (a translator may break one in two lines), or `<file>`."""
    match shown:
        case CalendarFile():
            return [f"<calendar {shown.meeting}>"]
        case Venue():
            return [f"<map {shown.meeting}>"]
        case MyDataFile():
            return [f"<my data {shown.shape}>"]
        case Picture():
            return [f"<picture {shown.poll} {shown.number}>"]
        case ResultFile():
            return [f"<result {shown.poll}>"]
        case QrCode():
            return [f"<code {shown.payload}>", *read(language, shown.caption)]
        case Lines():
            return [line for inner in shown.lines if inner != BLANK for line in read(language, inner)]
        case _:
            return [language.plain(shown)]


@dataclass(frozen=True)
class Say:
    """What the bot says in one language, found by the English sentence. A missing translation fails the test."""

    code: str

    def __call__(self, id: str, /, **params: Value) -> str:
        return self.text(Msg(id, params))

    def n(self, one: str, many: str, /, *, n: int) -> str:
        """Say a sentence that depends on a number."""
        return self.text(Msg(one, {"n": n}, many))

    def text(self, text: Text) -> str:
        """Say one sentence, or read what an article tells."""
        language = LANGUAGES[self.code]
        if isinstance(text, Msg):
            assert self.code == SOURCE or text.id in language.messages, f"{self.code}: not translated: {text.id!r}"
        return language.plain(text)
