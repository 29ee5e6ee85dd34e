"""Find what an update is about: a command's flow, the question that stands, or the button's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store import people, sessions
from bot.store.db import Row, Tx
from bot.telegram.updates import Command, Media, Tap, What, Words
from flows.engine import Session, standing
from flows.events import Answered, Event, Looked, Started, Tapped
from flows.messages import Msg, _
from flows.questions import Answer
from flows.talk import Flow, Go

if TYPE_CHECKING:
    from bot.turns import Turns

ID = r"[a-z0-9-]{1,32}"
LINK = re.compile(rf"(meeting|poll|consultation|topic|group)-({ID})(?:_([A-Za-z0-9-]{{1,24}}))?")
LATER = ("rechten", "peilingen", "inspraak")  # commands of parts that are still to come
FOR_ROLES = ("organiseren", "deurbel", "dashboard")
BEFORE_WELCOME = ("privacy", "help", "stop", "pause", "quiet", "language", "hello", "welcome")
OPEN = "~open"


@dataclass(frozen=True)
class Step:
    """One event for one session of one flow; `notice` is said first."""

    flow: Flow
    session: Session
    event: Event
    notice: tuple[Msg, ...] = ()


def route(turns: Turns, tx: Tx, person: Row, what: What, now: int) -> Step | Go | None:
    """Give the step to take, or the flow to start; None when nothing needs to be said."""
    match what:
        case Command():
            return _welcomed(tx, person, command(turns, tx, person, what))
        case Tap():
            return tapped(turns, tx, person, what)
        case Words(edited=True):
            return _again(
                turns, tx, person, _("You changed an older message. I cannot see that. Please send it again.")
            )
        case Words():
            return _answer(turns, tx, person, Answer(text=what.text), Go("menu", "no-words"), now)
        case Media():
            return _answer(turns, tx, person, Answer(media=what.kind, file=what.file), Go("menu", "media"), now)
    return None


def command(turns: Turns, tx: Tx, person: Row, what: Command) -> Go:
    """Find the flow of a command; a link opens the thing it names."""
    if what.name == "start":
        return link(tx, what.payload)
    for flow in turns.flows.values():
        if flow.command == what.name:
            return Go(flow.name)
    if what.name in LATER:
        return Go("menu", "not-yet")
    if what.name in FOR_ROLES:
        return Go("menu", "not-yet" if people.roles(tx, person["id"]) else "no-role")
    return Go("menu", "unknown-command")


def link(tx: Tx, payload: str) -> Go:
    """Open what a deep link names. The source after `_` is for counting only and never gets in the way."""
    if not payload:
        return Go("menu")
    found = LINK.fullmatch(payload)
    if not found:
        return Go("menu", "unknown-link")
    kind, id = found[1], found[2]
    if kind == "meeting":
        return Go("meetings", id) if _exists(tx, "meeting", id) else Go("menu", "unknown-link")
    if kind == "group":
        return Go("meetings", f"group-{id}") if _exists(tx, "tenant_group", id) else Go("menu", "unknown-link")
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


def tapped(turns: Turns, tx: Tx, person: Row, tap: Tap) -> Step | Go | None:
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
        subject = _asked(tx, person, _welcome(person))
        return None if subject is None else (turns.flows[_welcome(person)], Session(_welcome(person), subject))
    if kept is None:
        return None
    if kept.session.flow not in turns.flows:  # a release took this conversation away
        sessions.close(tx, person["id"], kept.session)
        return None
    return turns.flows[kept.session.flow], kept.session


def _answer(turns: Turns, tx: Tx, person: Row, answer: Answer, otherwise: Go, now: int) -> Step | Go:
    """Words and files go to the question that stands; words that stand on one of its buttons count as a tap."""
    focus = _focus(turns, tx, person)
    if focus is None:
        return _welcomed(tx, person, Go("menu") if not person["welcomed"] else otherwise)
    flow, session = focus
    facts = turns.loader.load(tx, flow, session.subject, person, now)
    question = standing(flow, session, facts)
    if question is not None and answer.text is not None:
        option = _label(turns, person, question.kind.rows(session.drafts.get(question.key, ())), answer.text)
        if option is not None:
            return Step(flow, session, Tapped(question.key, option))
    return Step(flow, session, Answered(answer))


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
