"""Find what an update is about: a command's flow, the question that stands, or the button's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.store import people, polls, sessions
from bot.store.db import Row, Tx
from bot.telegram.updates import Command, Media, Tap, What, Words
from flows.danger import DANGERS
from flows.engine import Session, standing
from flows.events import Answered, Event, Looked, Started, Tapped
from flows.messages import Msg, Text, _, lines
from flows.questions import Answer, Skippable
from flows.questions import Words as WordsKind
from flows.talk import Flow, Go, Question
from flows.welcome import AGAIN

if TYPE_CHECKING:
    from bot.turns import Turns

ID = r"[a-z0-9-]{1,32}"
LINK = re.compile(rf"(meeting|poll|consultation|topic|group|invite)-({ID})(?:_([A-Za-z0-9-]{{1,24}}))?")
HERE = re.compile(rf"here-({ID})-([A-Za-z]?\d{{1,6}})")  # what stands in the picture of a code for the door
LATER = ("inspraak",)  # commands of parts that are still to come
FOR_ROLES = ("deurbel",)
BEFORE_WELCOME = ("privacy", "help", "stop", "pause", "quiet", "language", "hello", "welcome")
OPEN = "~open"
QUESTION = "~question"  # the button that says: what I typed was a question
TYPED = "?typed"  # the key of what was typed last, with the key of the question that took it
SHORT_ANSWER = 100  # letters; where so few are asked, a question is none of them
LATE_MS = 60 * 60 * 1000  # so long after a poll closed words may still be meant for it
FOLLOW_UP_MS = 30 * 60 * 1000  # so long a question may go on about the article that was read


@dataclass(frozen=True)
class Step:
    """One event for one session of one flow; `notice` is said first."""

    flow: Flow
    session: Session
    event: Event
    notice: tuple[Text, ...] = ()


def route(turns: Turns, tx: Tx, person: Row, what: What, now: int, danger: str = "") -> Step | Go | None:
    """Give the step to take, or the flow to start; None when nothing needs to be said. `danger` is the danger to life
    that the words speak of, if they do."""
    match what:
        case Command():
            _let_go(turns, tx, person)
            return _welcomed(tx, person, command(turns, tx, person, what))
        case Tap():
            return tapped(turns, tx, person, what, now)
        case Words(edited=True):
            return _again(
                turns, tx, person, _("You changed an older message. I cannot see that. Please send it again.")
            )
        case Words():
            return _words(turns, tx, person, what.text, now, danger)
        case Media():
            return _media(turns, tx, person, Answer(media=what.kind, file=what.file), now)
    return None


def _let_go(turns: Turns, tx: Tx, person: Row) -> None:
    """A command leaves a talk with a human: what is written next is a question again. The talk stays open."""
    kept = sessions.get(tx, turns.vault, person["id"], person["focus"]) if person["focus"] else None
    if kept and kept.session.flow in turns.flows and turns.flows[kept.session.flow].open:
        sessions.focus(tx, person["id"], None)


def command(turns: Turns, tx: Tx, person: Row, what: Command) -> Go:
    """Find the flow of a command; a link opens the thing it names."""
    if what.name == "start":
        return link(turns, tx, what.payload)
    for flow in turns.flows.values():
        if flow.command == what.name:
            return Go(flow.name)
    if what.name in LATER:
        return Go("menu", "not-yet")
    if what.name in FOR_ROLES:
        return Go("menu", "not-yet" if people.roles(tx, person["id"]) else "no-role")
    return Go("menu", "unknown-command")


def link(turns: Turns, tx: Tx, payload: str) -> Go:
    """Open what a deep link names. The source after `_` is for counting only and never gets in the way."""
    if not payload:
        return Go("menu")
    if here := HERE.fullmatch(payload):
        return Go("door", f"{here[1]}:{here[2].upper()}:qr")
    found = LINK.fullmatch(payload)
    if not found:
        return Go("menu", "unknown-link")
    kind, id = found[1], found[2]
    if kind == "meeting":
        return Go("meetings", id) if _exists(tx, "meeting", id) else Go("menu", "unknown-link")
    if kind == "group":
        return Go("meetings", f"group-{id}") if _exists(tx, "tenant_group", id) else Go("menu", "unknown-link")
    if kind == "topic":
        return Go("article", id) if id in turns.loader.library.articles else Go("menu", "unknown-link")
    if kind == "poll":
        return Go("poll", id) if _exists(tx, "poll", id) else Go("menu", "unknown-link")
    if kind == "invite":
        return Go("invitation", id)
    return Go("menu", "not-yet")


def _exists(tx: Tx, table: str, id: str) -> bool:
    return tx.one(f"SELECT 1 AS yes FROM {table} WHERE id = :id", id=id) is not None


def _welcomed(tx: Tx, person: Row, step: Go | Step) -> Go | Step:
    """A newcomer is welcomed first: language, then the five lines; by a link, nothing more. The menu waits for that."""
    if person["welcomed"] or isinstance(step, Step) or step.flow in BEFORE_WELCOME:
        return step
    name = _welcome(person)
    subject = (_asked(tx, person, name) or "") if step.flow == "menu" else f"{step.flow}:{step.subject}"
    return Go(name, subject)


def _welcome(person: Row) -> str:
    """Give the part of the welcome that comes next."""
    return "welcome" if person["language"] else "hello"


def _asked(tx: Tx, person: Row, flow: str) -> str | None:
    """Give the subject on which a flow put its question to someone last; None when it never did."""
    row = tx.one(
        "SELECT subject FROM handle WHERE person = :person AND flow = :flow ORDER BY made_at DESC LIMIT 1",
        person=person["id"],
        flow=flow,
    )
    return row["subject"] if row else None


def tapped(turns: Turns, tx: Tx, person: Row, tap: Tap, now: int) -> Step | Go | None:
    """Find the session of a button, checked against the person. A button that is not theirs, or not ours, opens the menu."""
    handle = sessions.handle(tx, person["id"], tap.token)
    if handle is None or handle["flow"] not in turns.flows:
        return _welcomed(tx, person, Go("menu", "gone"))
    flow = turns.flows[handle["flow"]]
    if handle["key"] == OPEN:
        return _welcomed(tx, person, Go(flow.name, handle["subject"]))
    if handle["answered"] == tap.option:
        return None  # a double tap
    kept = sessions.find(tx, turns.vault, person["id"], flow.name, handle["subject"])
    if tap.option == QUESTION:
        return _reroute(turns, tx, person, kept.session if kept else None, now)
    event = Tapped(handle["key"], tap.option)
    if kept:
        return Step(flow, kept.session, event)
    if flow.loose:
        return Step(flow, Session(flow.name, handle["subject"]), event)
    if handle["answered"]:
        return Go("menu", "gone")
    notice = _("That was a while ago. Let us start again.")
    return Step(flow, Session(flow.name, handle["subject"]), Started(), notice=(notice,))


def _focus(turns: Turns, tx: Tx, person: Row) -> tuple[Flow, Session] | None:
    kept = sessions.get(tx, turns.vault, person["id"], person["focus"]) if person["focus"] else None
    if kept is None and not person["welcomed"]:  # the welcome keeps no session, but its question stands
        name = _welcome(person)
        subject = _asked(tx, person, name)
        if subject is None:
            return None
        found = sessions.find(tx, turns.vault, person["id"], name, subject)
        return turns.flows[name], found.session if found else Session(name, subject)
    if kept is None:
        return None
    if kept.session.flow not in turns.flows:  # a release took this conversation away
        sessions.close(tx, person["id"], kept.session)
        return None
    return turns.flows[kept.session.flow], kept.session


def _words(turns: Turns, tx: Tx, person: Row, text: str, now: int, danger: str) -> Step | Go:
    """Words answer the question that stands, where it takes words or has a button of that name. Else they are a question
    about rights. Words that speak of danger to life are answered at once, whatever stands."""
    focus = _focus(turns, tx, person)
    if focus is not None:
        flow, session = focus
        question = standing(flow, session, turns.loader.load(tx, flow, session.subject, person, now))
        if question is not None:
            option = _label(turns, person, question.kind.rows(session.drafts.get(question.key, ())), text)
            if option is not None:
                return Step(flow, session, Tapped(question.key, option))
            if "text" in question.kind.takes and not _asks_instead(question.kind, text):
                return Step(
                    flow,
                    session,
                    Answered(Answer(text=f"🚨 {text}" if danger and flow.open else text)),
                    _warning(danger),
                )
    if danger:
        return Go("danger", danger)
    if focus is None and (late := _late_answer(tx, person, now)):
        return Go("poll", late)
    if not person["welcomed"]:
        return _heard(person, focus[1].subject if focus else "", text)
    return Go("question", _just_read(tx, person, now), heard=text)


def _late_answer(tx: Tx, person: Row, now: int) -> str:
    """Give the subject of a poll that closed just now, while it waited for this person's words: these are no question about
    rights, and must not be kept as one. Empty where it is not so."""
    row = tx.one(
        "SELECT flow, subject FROM handle WHERE person = :person ORDER BY made_at DESC LIMIT 1", person=person["id"]
    )
    if row is None or row["flow"] != "poll_write":
        return ""
    poll = polls.get(tx, row["subject"].partition(":")[0])
    closed = poll is not None and poll["closed_at"] is not None and now - poll["closed_at"] <= LATE_MS
    return str(row["subject"]) if closed else ""


def _heard(person: Row, subject: str, text: str) -> Go:
    """Keep a newcomer's words: they are answered after the welcome, which is not said all over again for each."""
    name = _welcome(person)
    again = AGAIN if name == "welcome" and subject else ""
    return Go(name, (subject.removesuffix(AGAIN) or "question:") + again, heard=text)


def _media(turns: Turns, tx: Tx, person: Row, answer: Answer, now: int) -> Step | Go:
    """Files go to the question that stands."""
    focus = _focus(turns, tx, person)
    if focus is None:
        return _welcomed(tx, person, Go("menu") if not person["welcomed"] else Go("menu", "media"))
    return Step(*focus, Answered(answer))


def _just_read(tx: Tx, person: Row, now: int) -> str:
    """Give the topic of the article that was read last, if that is not long ago: a short question may go on about it."""
    row = tx.one(
        "SELECT subject, made_at FROM handle WHERE person = :person AND flow = 'article' ORDER BY made_at DESC LIMIT 1",
        person=person["id"],
    )
    return str(row["subject"]) if row and now - row["made_at"] <= FOLLOW_UP_MS else ""


def _reroute(turns: Turns, tx: Tx, person: Row, session: Session | None, now: int) -> Go:
    """What was typed as an answer was a question: take the answer back, and find what answers it."""
    typed = session.journal.get(TYPED) if session else None
    if session is None or typed is None or not typed.text:
        return Go("menu", "gone")
    journal = {key: answer for key, answer in session.journal.items() if key not in (TYPED, typed.file)}
    sessions.save(tx, turns.vault, person["id"], replace(session, journal=journal), now)
    return Go("question", _just_read(tx, person, now), heard=typed.text)


def _warning(danger: str) -> tuple[Text, ...]:
    return (lines(DANGERS[danger], _("Do not wait for an answer here. Call now.")),) if danger else ()


def _asks_instead(kind: object, text: str) -> bool:
    """Tell whether words are surely a question where a name was asked, such as that of a building."""
    inner = kind.kind if isinstance(kind, Skippable) else kind
    return isinstance(inner, WordsKind) and inner.max_length <= SHORT_ANSWER and is_question(text)


def wants_question(asked: Question | None) -> bool:
    """Tell whether a question in one's own words was just what was asked for."""
    return asked is not None and bool(getattr(asked.kind, "question", False))


def is_question(text: str) -> bool:
    """Tell whether words may be a question where a short answer was asked for: a question mark, or six words."""
    return any(mark in text for mark in "?؟") or len(text.split()) >= 6


def _label(turns: Turns, person: Row, rows: object, text: str) -> str | None:
    """Give the option whose label someone typed: "ja" for "Ja"."""
    language = turns.languages.of(person["language"], person["phone_language"])
    wanted = _letters(text)
    assert isinstance(rows, tuple)
    for row in rows:
        for option in row:
            if wanted and _letters(language.plain(option.label)) == wanted:
                return str(option.id)
    return None


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _again(turns: Turns, tx: Tx, person: Row, notice: Msg) -> Step | Go:
    """Say something, and show the question that stands once more."""
    focus = _focus(turns, tx, person)
    if focus is None:
        return _welcomed(tx, person, Go("menu", "edited"))
    return Step(*focus, Started(), notice=(notice,))


def as_answer(looked: Looked) -> Answer:
    """Write what was looked up as the journal keeps it."""
    return Answer(text=looked.found, file=looked.inputs)
