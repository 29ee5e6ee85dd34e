"""One reminder of a poll that is not finished."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.messages import Moment, Told
from flows.poll_facts import Poll
from flows.poll_nudge import poll_nudge
from flows.talk import Go
from tests.flows.poll_people import CANCELLED, CLOSED, CLOSES, CONTENT, ELSEWHERE, FULL, HALF, WASTE, polled
from tests.flows.transcript import Say, play

TITLE = Told(CONTENT.title)


@pytest.fixture
def say() -> Say:
    return Say("en")


def test_it_says_how_much_is_left_until_when_and_why_it_came(say: Say) -> None:
    shown = play(poll_nudge, facts=polled(HALF, language=say.code), subject="half")
    assert shown.log == [
        say("👋 You began “{title}”. Do you want to finish it?", title=TITLE),
        say.n("One question is left.", "{n} questions are left.", n=2),
        say("You can answer until {when}.", when=Moment(CLOSES)),
        say("You get this because you want polls. It is message {n} this month.", n=2),
    ]
    assert list(shown.options) == ["answer", "no", "pause"]


def test_who_did_not_begin_is_not_told_that_they_did(say: Say) -> None:
    shown = play(poll_nudge, facts=polled(WASTE, language=say.code), subject="afval")
    assert shown.log[0] == say("👋 We would like to know what you think: “{title}”.", title=TITLE)


@pytest.mark.parametrize(("tap", "go"), [("answer", Go("poll", "half")), ("pause", Go("pause"))])
def test_a_tap_leads_on_and_the_reminder_stays(tap: str, go: Go) -> None:
    led = play(poll_nudge, f"[{tap}]", facts=polled(HALF), subject="half")
    assert led.then == go
    assert not led.over


def test_not_this_time_is_fine(say: Say) -> None:
    declined = play(poll_nudge, "[no]", facts=polled(HALF, language=say.code), subject="half")
    assert declined.log[-1] == say("That is fine. You do not have to.")
    assert declined.changes == ()


@pytest.mark.parametrize(
    "found",
    [FULL, CLOSED, CANCELLED, replace(ELSEWHERE, mine=HALF.mine), None],
    ids=lambda poll: poll.id if poll else "-",
)
def test_where_nothing_is_left_to_answer_nothing_is_sent(found: Poll | None) -> None:
    """A message that was planned is not sent when it has no words and no question; a tap still leads to the poll."""
    silent = play(poll_nudge, facts=polled(found), subject="half")
    assert silent.log == []
    assert silent.then == Go("poll", "half")
