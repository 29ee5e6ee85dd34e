"""Come to a poll that takes no answer: it says why, kindly, and shows a way on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.messages import Day, Moment, Msg, Text, Told, _
from flows.poll import poll
from flows.poll_facts import Poll
from flows.talk import Go
from tests.flows.people import wall
from tests.flows.poll_people import CANCELLED, CLOSED, CONTENT, ELSEWHERE, SOON, TOLD, WASTE, polled
from tests.flows.transcript import Say, play

TITLE = Told(CONTENT.title)
SHUT = _("🔒 “{title}” closed on {day}.", title=TITLE, day=Day(wall("2027-02-20").date()))


@pytest.fixture
def say() -> Say:
    return Say("en")


def test_a_link_to_an_unknown_poll_opens_the_menu() -> None:
    assert play(poll, facts=polled(None), subject="nowhere").then == Go("menu", "unknown-link")


@pytest.mark.parametrize(
    ("found", "sentences"),
    [
        (
            SOON,
            (
                _("🗳️ “{title}” opens on {when}.", title=TITLE, when=Moment(wall("2027-03-08T10:00"))),
                _("Then you can answer here."),
            ),
        ),
        (CANCELLED, (_("🗳️ “{title}” does not go on.", title=TITLE), _("Thank you for wanting to answer."))),
        (CLOSED, (SHUT, _("Your answers count. Thank you! I send you the result."))),
        (
            replace(CLOSED, members=()),
            (SHUT, _("Thank you for wanting to answer. You can answer the next one.")),
        ),
    ],
    ids=["soon", "cancelled", "closed", "closed-not-answered"],
)
def test_it_says_why_there_is_nothing_to_answer(found: Poll, sentences: tuple[Msg, ...], say: Say) -> None:
    told = play(poll, facts=polled(found, language=say.code), subject=found.id)
    assert told.log == [say.text(sentence) for sentence in sentences]
    assert list(told.options) == ["menu"]


def test_one_that_an_organiser_closed_before_its_day_names_no_day(say: Say) -> None:
    early = replace(WASTE, state="closed")
    told = play(poll, facts=polled(early, language=say.code), subject="afval")
    assert told.log[0] == say("🔒 “{title}” is closed.", title=TITLE)


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        (
            {"municipality": "Veurne"},
            _("This poll is for tenants in {place}. So you cannot answer it.", place="Veurne"),
        ),
        ({"landlord": "ijzer"}, _("This poll is for other tenants. So you cannot answer it.")),
    ],
    ids=["place", "landlord"],
)
def test_who_lives_elsewhere_reads_what_it_is_and_for_whom(audience: dict[str, str], sentence: Text, say: Say) -> None:
    found = replace(ELSEWHERE, content=replace(CONTENT, audience=audience))
    told = play(poll, facts=polled(found, language=say.code), subject="elders:1:weet")
    assert say("🗳️ <b>{title}</b>", title=TITLE) in told.log
    assert say.text(sentence) in told.log
    assert list(told.options) == ["menu"]


def test_a_late_tap_is_told_kindly_and_changes_nothing(say: Say) -> None:
    late = play(poll, facts=polled(WASTE, language=say.code), subject="afval:1:weet")
    late.go_on(polled(CLOSED, language=say.code), "[yes]")
    assert late.log[-3:] == [
        "> [yes]",
        say.text(SHUT),
        say("Your answers count. Thank you! I send you the result."),
    ]
    assert (late.changes, late.then) == ((), None)


def test_a_late_tap_leads_to_the_result_where_there_is_one() -> None:
    late = play(poll, facts=polled(WASTE), subject="afval:1:weet").go_on(polled(TOLD), "[yes]")
    assert late.changes == ()
    assert late.then == Go("poll_result", "verteld")


def test_a_link_to_a_poll_with_a_result_says_that_it_closed_and_shows_the_result(say: Say) -> None:
    shown = play(poll, facts=polled(TOLD, language=say.code), subject="verteld")
    assert shown.log[0] == say.text(SHUT)
    assert shown.then == Go("poll_result", "verteld")


@pytest.mark.parametrize(("tap", "go"), [("result", Go("poll_result", "verteld")), ("menu", Go("menu"))])
def test_from_an_old_question_there_is_a_way_on(tap: str, go: Go) -> None:
    assert play(poll, f"[{tap}]", facts=polled(TOLD), subject="verteld:1:weet").then == go
