"""Every conversation that there is, walked with answers made up on the way. A new flow is walked by being there."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import flows
from flows.alarm import ALARMS
from flows.engine import CANCELLED, Session, Turn, chosen
from flows.events import Answered, Event, Refused, Started, Tapped
from flows.facts import Facts
from flows.menu import menu
from flows.messages import _
from flows.privacy import PAGES
from flows.questions import Answer, Confirm
from flows.talk import Flow, Talk
from tests.flows.people import MEETINGS, PEOPLE, knowing
from tests.flows.screens import options, problems
from tests.flows.transcript import step

SEED = int(os.environ.get("WALK_SEED", "2027"))
WALKS, STEPS = 8, 14
FLOWS = flows.load()
WORDS = ("8630", "1040", "9999", "٢", "3", "blok 7", "<b>&{x}", "😀", "x" * 5000, "")
SUBJECTS = {
    "alarm": [*(f"{kind}:1" for kind in ALARMS), "fire:1"],
    "menu": ["", "unknown-command", "unknown-link", "no-words", "no-role", "not-yet", "media", "edited", "gone"],
    "privacy": ["", *PAGES],
    "hello": ["", "meetings:veurne-free"],
    "welcome": ["", "meetings:veurne-free"],
    "where": ["", "new", "later"],
    "consents": ["", "new", "later"],
    "meetings": ["", "group-har-veurne", "group-x", "nowhere", *(meeting.id for meeting in MEETINGS)],
}
ABOUT_MEETINGS = ["nowhere", *(meeting.id for meeting in MEETINGS)]

each_flow = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


def subjects(flow: Flow) -> list[str]:
    """Give what a flow may be about."""
    return SUBJECTS.get(flow.name, ABOUT_MEETINGS if "meetings" in flow.knows else [""])


def starts(flow: Flow) -> Iterator[tuple[Facts, str]]:
    """Give every person with every subject; half of them were busy with something."""
    for person in PEOPLE.values():
        for subject in subjects(flow):
            for busy in (None, _("Meetings near you")):
                if busy is None or "busy_with" in flow.knows:
                    yield knowing(person, busy_with=busy), subject


def walk(flow: Flow) -> Iterator[tuple[Facts, Turn]]:
    """Walk a flow from each start, many times, and give every turn on the way."""
    dice = random.Random(f"{SEED} {flow.name}")
    for facts, subject in starts(flow):
        for _walk in range(WALKS):
            turn = step(flow, Session(flow.name, subject), Started(), facts)
            yield facts, turn
            for _step in range(STEPS):
                if turn.session is None:
                    break
                turn = step(flow, turn.session, something(dice, turn), facts)
                yield facts, turn


@cache
def walked(name: str) -> tuple[tuple[Facts, Turn], ...]:
    """Walk a flow once for all the tests that look at it."""
    return tuple(walk(FLOWS[name]))


def something(dice: random.Random, turn: Turn) -> Event:
    """Make up what a person might do on this screen: mostly tap, now and then write or send a photo."""
    assert turn.question is not None
    buttons = [option.id for option in options(turn) if option.id != "~cancel"]
    if buttons and dice.random() < 0.75:
        return Tapped(turn.question.key, dice.choice(buttons))
    if dice.random() < 0.1:
        return Answered(Answer(media="photo", file="f"))
    return Answered(Answer(text=dice.choice(WORDS)))


def questions(flow: Flow) -> Iterator[tuple[Facts, Turn]]:
    """Give every turn that asks something."""
    return ((facts, turn) for facts, turn in walked(flow.name) if turn.session and turn.question)


def path(flow: Flow, session: Session, facts: Facts) -> list[str]:
    """Give the keys that were answered on the way to the standing question."""
    talk = Talk(facts, session.subject, session.journal)
    waiting = flow.body(talk)
    waiting.send(None)
    waiting.close()
    return [asked.question.key for asked in talk.path]


@each_flow
def test_every_screen_can_be_read_and_answered(flow: Flow) -> None:
    found = {problem for _facts, turn in walked(flow.name) for problem in problems(turn)}
    assert not found, f"WALK_SEED={SEED}\n" + "\n".join(sorted(found))


@each_flow
def test_every_end_says_something_or_leads_on(flow: Flow) -> None:
    for _facts, turn in walked(flow.name):
        assert turn.question or turn.say or turn.then or turn.repeated
        assert turn.then is None or turn.then.flow in {*FLOWS, "resume"}


@each_flow
def test_back_from_every_question_asks_the_one_before(flow: Flow) -> None:
    for facts, turn in questions(flow):
        assert turn.session
        assert turn.question
        before = path(flow, turn.session, facts)
        has_back = "~back" in {option.id for option in options(turn)}
        assert has_back == bool(before), f"WALK_SEED={SEED} {turn.session}"
        if has_back and turn.session.drafts.get(turn.question.key) != ("~change",):
            back = step(flow, turn.session, Tapped(turn.question.key, "~back"), facts)
            assert back.question, f"WALK_SEED={SEED} {turn.session}"
            assert back.question.key == before[-1]


@each_flow
def test_stop_leaves_from_every_question(flow: Flow) -> None:
    for facts, turn in questions(flow):
        assert turn.session
        assert turn.question
        if not flow.loose:
            assert "~cancel" in {option.id for option in options(turn)}
        left = step(flow, turn.session, Tapped(turn.question.key, "~cancel"), facts)
        assert (left.session, left.changes, left.say) == (None, (), (CANCELLED,))


@each_flow
def test_a_refusal_says_why_and_asks_again(flow: Flow) -> None:
    why = _("You can no longer sign up for this meeting.")
    for facts, turn in questions(flow):
        assert turn.session
        refused = step(flow, turn.session, Refused(tuple(turn.session.journal), why), facts)
        assert refused.question, f"WALK_SEED={SEED} {turn.session}"
        assert refused.say[0] == why


@each_flow
def test_every_answer_with_a_label_can_be_changed_at_the_end(flow: Flow) -> None:
    for facts, turn in questions(flow):
        if not (turn.session and turn.question and isinstance(turn.question.kind, Confirm)):
            continue
        asked = step(flow, turn.session, Tapped(turn.question.key, "~change"), facts)
        assert asked.session
        edits = [option.id for option in options(asked) if option.id.startswith("~edit-")]
        assert edits, f"WALK_SEED={SEED} nothing can be changed at {turn.session}"
        for edit in edits:
            changed = step(flow, asked.session, Tapped(turn.question.key, edit), facts)
            key = edit.removeprefix("~edit-")
            assert changed.question
            assert changed.question.key == key
            assert changed.session
            kept = {other: answer for other, answer in turn.session.journal.items() if other != key}
            assert changed.session.journal == kept


@each_flow
def test_every_tapped_answer_is_marked_on_its_question(flow: Flow) -> None:
    unmarked = {
        (turn.answered.question.key, turn.answered.answer.chosen)
        for _facts, turn in walked(flow.name)
        if turn.answered and turn.answered.answer.text is None and not chosen(turn.answered)
    }
    assert not unmarked, f"WALK_SEED={SEED}"


@each_flow
def test_the_same_step_gives_the_same_turn(flow: Flow) -> None:
    assert tuple(walk(flow)) == walked(flow.name)


@each_flow
def test_a_conversation_survives_what_an_older_release_left(flow: Flow) -> None:
    """Unknown keys and unreadable answers strand no one."""
    odd = {key: Answer(chosen=("gone-by",)) for key in ("what", "meeting", "postcode", "no-such-question", "language")}
    keys = {turn.question.key for _facts, turn in questions(flow) if turn.question}
    for facts, subject in starts(flow):
        for draft in (("~touched", "gone-by"), ("~change",), ("~page7",), ()):
            session = Session(flow.name, subject, odd, dict.fromkeys(keys, draft))
            turn = step(flow, session, Started(), facts)
            assert turn.question or turn.say or turn.then
            assert not list(problems(turn))


@each_flow
def test_its_title_is_in_every_language(flow: Flow) -> None:
    asked = knowing(PEOPLE["amina"], busy_with=flow.title)
    assert not list(problems(step(menu, Session("menu"), Started(), asked)))


@each_flow
def test_it_has_a_transcript(flow: Flow) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert re.search(rf"play\(\s*{flow.name},|flow\", \[[^\]]*\b{flow.name}\b", tests), f"nobody plays {flow.name}"


def test_the_walk_reaches_every_conversation() -> None:
    assert {"hello", "welcome", "menu", "meetings", "my_data", "privacy", "stop"} <= {*FLOWS}
