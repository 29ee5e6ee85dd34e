"""Every conversation that there is, walked with answers made up on the way. A new flow is walked by being there."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import flows
from flows.alarm import ALARMS
from flows.danger import CANNOT, DANGERS
from flows.engine import CANCELLED, Session, Turn, chosen
from flows.events import Answered, Event, Refused, Started, Tapped
from flows.facts import Facts
from flows.menu import menu
from flows.messages import _
from flows.privacy import PAGES
from flows.questions import Answer, Confirm
from flows.rights_facts import MENUS, Office
from flows.talk import Flow, Go, Talk
from tests.flows.organised_meetings import SUBJECTS as ORGANISED
from tests.flows.organised_meetings import with_organised
from tests.flows.organisers import DRAFTS, with_drafts
from tests.flows.people import CLOSED, HANDOFFS, LIBRARY, MEETINGS, OFFICE, OWN, PEOPLE, about, knowing
from tests.flows.poll_people import POLLS, with_polls
from tests.flows.role_people import INVITATIONS, about_roles
from tests.flows.screens import options, problems
from tests.flows.transcript import begun, found, step

SEED = int(os.environ.get("WALK_SEED", "2027"))
WALKS, STEPS = 8, 14
FLOWS = flows.load()
WORDS = ("8630", "9000", "1040", "4000", "9999", "٢", "3", "blok 7", "<b>&{x}", "😀", "x" * 5000, "")
ABOUT_POLLS = [
    subject for poll in POLLS for subject in (poll.id, *(f"{poll.id}:1:{q.id}" for q in poll.content.questions))
]
ABOUT_DRAFTS = [*(draft.id for draft in DRAFTS), "nowhere"]
SUBJECTS = {
    "alarm": [*(f"{kind}:1" for kind in ALARMS), "fire:1"],
    "menu": ["", "unknown-command", "unknown-link", "no-role", "not-yet", "media", "edited", "gone"],
    "privacy": ["", *PAGES],
    "hello": ["", "meetings:veurne-free"],
    "welcome": ["", "meetings:veurne-free", "meetings:veurne-free!", "question:!"],
    "where": ["", "new", "later"],
    "consents": ["", "new", "later"],
    "meetings": ["", "group-har-veurne", "group-x", "nowhere", *(meeting.id for meeting in MEETINGS)],
    "question": ["", "deposit"],
    "article": ["deposit", "good-practices", "eviction", "nowhere"],
    "which_topic": ["deposit,eviction,pets", "~deposit", "~nowhere", ""],
    "not_meant": ["not-meant:deposit", "thumbs-down:deposit", ""],
    "no_answer": ["", "deposit,eviction", "thumbs-down:deposit", "nowhere"],
    "rights": ["", *MENUS, "nowhere"],
    "meaning": ["", "nowhere", *(term.id for term in LIBRARY.terms[::8])],
    "practices": ["", "nowhere", *(practice.id for practice in LIBRARY.practices)],
    "nearby": ["", "deposit", "+", "deposit+"],
    "nearby_where": ["", "deposit"],
    "danger": [*DANGERS, "gas:urgent-repair", "nowhere"],
    "cannot": [*CANNOT, "act:deposit,eviction", "predict:nowhere"],
    "small_talk": ["hello", "thanks", "insult", "who", "nowhere"],
    "ask_human": ["", "deposit", "money"],
    "thread": ["new", *(str(handoff.id) for handoff in HANDOFFS), "999", "x"],
    "human_reply": ["9:1", "9:3", "9:0", "9:99", "9", "11:1", "999:1", "x:y"],
    "work": [*(str(handoff.id) for handoff in HANDOFFS), "11:closed", "10:late", "999"],
    "reply": ["7", "11", "999"],
    "send_article": ["7", "11", "999"],
    "learn": ["", "3", "4"],
    "link_other": ["3"],
    **{name: [*INVITATIONS, "nowhere"] for name in ("invitation", "invitation_accepted", "role_given")},
    "role_taken": ["organiser:1", "nowhere:1", ""],
    "role_of": ["aa11", "bb22", "cc33", "nowhere"],
    "poll": [*ABOUT_POLLS, "nowhere", "vol:2", "raar:2:q1", "raar:try", *(f"raar:try:q{n}" for n in range(1, 6))],
    "poll_write": [
        "afval:1:idee",
        "vol:1:idee",
        "vol:2:idee",
        "geheim:1:idee",
        "raar:1:q4",
        "raar:try:q5",
        "nowhere:1:x",
    ],
    "poll_nudge": [*(poll.id for poll in POLLS), "nowhere"],
    "poll_result": [*(poll.id for poll in POLLS), "nieuws:1", "nowhere"],
    "poll_in_words": [*(poll.id for poll in POLLS), "nowhere"],
    **dict.fromkeys(("draft", "draft_more", "release", "send_back"), ABOUT_DRAFTS),
    **dict.fromkeys(("poll_samples", "outcome_wanted", "release_wanted"), ABOUT_DRAFTS),
    "organise_poll": ["", "klaar:copy", "langst:copy", "nowhere:copy", "attended-veurne-free"],
    "poll_question": ["afval-0000", "klaar", "klaar:hoe", "klaar:idee", "langst", "langst:q1", "open-een", "nowhere"],
    "poll_more": ["klaar:hoe", "klaar:gone", "langst:q1", "nowhere:x"],
    "poll_item": ["klaar:weet", "klaar:hoe", "klaar:idee", "klaar:gone", "langst:q1", "open-een:weet"],
    "poll_parts": ["afval-0000", "klaar", "langst", "open-een", "nowhere"],
    "poll_text": [
        "afval-0000:why:new",
        "klaar:title:old",
        "klaar:why",
        "klaar:q.hoe",
        "langst:q.q1",
        "klaar:x",
        "open-een:why",
    ],
    "poll_until": ["afval-0000:new", "klaar", "langst", "open-een", "nowhere"],
    "poll_starts": ["afval-0000", "klaar", "langst", "open-een"],
    "poll_languages": ["afval-0000", "klaar", "langst", "open-een"],
    "poll_words": [
        "klaar:tr:0",
        "klaar:tr:3",
        "klaar:tr:99",
        "klaar:en:all:1",
        "klaar:nl:0",
        "langst:ar:0",
        "klaar",
        "klaar:xx",
    ],
    "audience": ["afval-0000", "klaar", "weinig", "langst", "open-een", "nowhere"],
    "poll_act": [
        "klaar:drop",
        "open-een:nudge",
        "herinnerd:nudge",
        "open-een:close",
        "klaar:close",
        "klaar",
        "nowhere:drop",
    ],
    "release_news": ["straks-uit:released", "terug:back", "open-een:started", "klaar", "nowhere:back"],
    "outcome": ["gesloten", "nog-niets", "verteld:news", "klaar", "nowhere"],
    **ORGANISED,
    "result": [
        "gesloten",
        "verteld:region",
        "verteld:language",
        "verteld:written",
        "verteld:nowhere",
        "klaar",
        "nowhere",
    ],
}
FINDS = {
    "8630": found("deposit", "eviction"),
    "3": found("deposit", "eviction", "pets", decision="choices", language="ar"),
    "blok 7": found("eviction", signal="eviction-now", language="tr"),
    "<b>&{x}": found("deposit", signal="act"),
    "😀": found("deposit", signal="hello"),
    "9999": found("urgent-repair", decision="danger", signal="gas"),
    "1040": found("deposit", signal="human"),
    "4000": found("deposit", decision="handoff", term="deposit"),
}
OWN_WORDS = "mijn <b>waarborg</b> & {ik}"
HEARD = {
    "nearby": "9000",
    **dict.fromkeys(("question", "article", "which_topic", "not_meant", "no_answer"), OWN_WORDS),
    **dict.fromkeys(("cannot", "eviction_now", "ask_human", "meaning"), OWN_WORDS),
}
ABOUT_MEETINGS = ["nowhere", *(meeting.id for meeting in MEETINGS)]

each_flow = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


def subjects(flow: Flow) -> list[str]:
    """Give what a flow may be about."""
    return SUBJECTS.get(flow.name, ABOUT_MEETINGS if "meetings" in flow.knows else [""])


def starts(flow: Flow) -> Iterator[tuple[Facts, Session]]:
    """Give every person with every subject; half of them were busy with something, or came with words of their own."""
    offices = {"newcomer": Office(), "elif": CLOSED}
    for name, person in PEOPLE.items():
        for subject in subjects(flow):
            for busy in (None, _("Meetings near you")):
                if busy is None or "busy_with" in flow.knows:
                    facts = knowing(person, busy_with=busy)
                    facts = about(facts, subject, own=OWN if name == "amina" else ())
                    facts = with_polls(replace(facts, office=offices.get(name, OFFICE)), subject)
                    facts = with_drafts(facts, subject)
                    facts = about_roles(facts, flow, subject)
                    facts = with_organised(facts, flow.name, subject)
                    yield facts, Session(flow.name, subject)
                    if flow.name in HEARD:
                        yield facts, begun(Go(flow.name, subject, HEARD[flow.name], "tr"), facts)


def walk(flow: Flow) -> Iterator[tuple[Facts, Turn]]:
    """Walk a flow from each start, many times, and give every turn on the way."""
    dice = random.Random(f"{SEED} {flow.name}")
    for facts, start in starts(flow):
        for _walk in range(WALKS):
            turn = step(flow, start, Started(), facts, FINDS)
            stands = turn
            yield facts, turn
            for _step in range(STEPS):
                if turn.session is None:
                    break
                turn = step(flow, turn.session, something(dice, stands), facts, FINDS)
                stands = stands if turn.stay else turn
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
        assert turn.question or turn.say or turn.then or turn.repeated or turn.stay
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
        assert ("~cancel" in {option.id for option in options(turn)}) == (not flow.loose and not flow.open)
        left = step(flow, turn.session, Tapped(turn.question.key, "~cancel"), facts)
        assert (left.session, left.changes, left.say) == (None, (), (CANCELLED,))


@each_flow
def test_a_refusal_says_why_and_asks_again(flow: Flow) -> None:
    why = _("You can no longer sign up for this meeting.")
    for facts, turn in questions(flow):
        assert turn.session
        answers = tuple(key for key in turn.session.journal if not key.startswith("?"))
        refused = step(flow, turn.session, Refused(answers, why), facts, FINDS)
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
    for facts, start in starts(flow):
        for draft in (("~touched", "gone-by"), ("~change",), ("~page7",), ()):
            session = replace(start, journal={**start.journal, **odd}, drafts=dict.fromkeys(keys, draft))
            turn = step(flow, session, Started(), facts, FINDS)
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
    assert {"hello", "welcome", "menu", "meetings", "my_data", "privacy", "stop", "article", "thread"} <= {*FLOWS}
    assert {*SUBJECTS, *HEARD} <= {*FLOWS}
