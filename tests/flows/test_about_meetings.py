"""What the bot writes first about a meeting: a reminder, a free seat, a meeting that moved or was cancelled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import Cancel, TakeOffer
from flows.events import Refused
from flows.facts import Facts
from flows.messages import Moment, Told, _
from flows.my_meeting import coming, meeting_cancelled, meeting_moved, seat_offer
from flows.talk import Flow, Go
from tests.flows.meeting_screens import call, when, where
from tests.flows.people import BARE, MINE, OFFERED, UNTIL
from tests.flows.transcript import Say, play


def test_a_reminder_tells_when_and_where_and_asks(say: Say, amina: Facts) -> None:
    reminded = play(coming, facts=amina, subject="brugge-mine")
    assert reminded.log == [
        say("🔔 A reminder: “{theme}”", theme=Told(MINE.theme)),
        when(say, MINE),
        where(say),
        call(say),
        say("Do you come?"),
    ]
    assert list(reminded.options.values()) == [say("👍 I am coming"), say("🚫 I cannot come")]
    assert reminded.turn.question is not None
    assert reminded.turn.question.lasting


def test_i_am_coming(say: Say, amina: Facts) -> None:
    answered = play(coming, "[coming]", facts=amina, subject="brugge-mine")
    assert answered.log[-1] == say("👍 See you there!")
    assert answered.changes == ()


def test_i_cannot_come_gives_the_place_back(say: Say, amina: Facts) -> None:
    answered = play(coming, "[cannot]", facts=amina, subject="brugge-mine")
    assert answered.log[-1] == say("Thank you for telling me. Someone else can come now.")
    assert answered.changes == (Cancel("brugge-mine"),)


def test_i_cannot_come_twice_gives_nothing_back_twice(say: Say, amina: Facts) -> None:
    answered = play(coming, "[cannot]", facts=amina, subject="veurne-free")
    assert answered.log[-1] == say("Thank you. I knew that already.")
    assert answered.changes == ()


def test_coming_after_all_leads_to_signing_up(say: Say, amina: Facts) -> None:
    answered = play(coming, "[coming]", facts=amina, subject="veurne-free")
    assert answered.log[-1] == say("You gave your place back. You can sign up again:")
    assert answered.then == Go("meetings", "veurne-free")


@pytest.mark.parametrize("flow", [coming, meeting_moved, seat_offer], ids=lambda flow: flow.name)
def test_a_meeting_that_is_gone_says_so(flow: Flow, say: Say, amina: Facts) -> None:
    theme = Told(MINE.theme)
    assert play(flow, facts=amina, subject="gent-cancelled").log == [say("“{theme}” is cancelled.", theme=theme)]
    assert play(flow, facts=amina, subject="gent-over").log == [say("“{theme}” is over.", theme=theme)]
    assert play(flow, facts=amina, subject="nowhere").log == [say("This meeting is over.")]


def test_a_free_seat_is_offered_until_an_hour(say: Say, amina: Facts) -> None:
    offered = play(seat_offer, facts=amina, subject="brugge-offered")
    assert offered.log == [
        say("🎉 A place is free at “{theme}”.", theme=Told(OFFERED.theme)),
        when(say, OFFERED),
        say(
            "Please answer before {when}. After that I ask the next person. You keep your place in line.",
            when=Moment(UNTIL),
        ),
        say("Do you want the place?"),
    ]


def test_takes_the_seat(amina: Facts) -> None:
    took = play(seat_offer, "[take]", facts=amina, subject="brugge-offered")
    assert took.changes == (TakeOffer("brugge-offered"),)
    assert took.then == Go("registered", "brugge-offered")


def test_taking_it_twice_takes_nothing_twice(amina: Facts) -> None:
    took = play(seat_offer, "[take]", facts=amina, subject="brugge-mine")
    assert took.changes == ()
    assert took.then == Go("registered", "brugge-mine")


def test_refusing_the_seat_leaves_the_line(say: Say, amina: Facts) -> None:
    refused = play(seat_offer, "[no]", facts=amina, subject="brugge-offered")
    assert refused.log[-1] == say("Thank you for telling me. Now I can ask the next person.")
    assert refused.changes == (Cancel("brugge-offered"),)


def test_refusing_without_a_place_is_known_already(say: Say, amina: Facts) -> None:
    refused = play(seat_offer, "[no]", facts=amina, subject="veurne-free")
    assert refused.log[-1] == say("Thank you. I knew that already.")
    assert refused.changes == ()


def test_a_seat_that_passed_on_is_said(say: Say, amina: Facts) -> None:
    why = _("That place has gone to the next person. You keep your place in line.")
    late = play(seat_offer, Refused(("take", "what"), why), facts=amina, subject="brugge-offered")
    assert late.log[5] == say.text(why)


def test_a_moved_meeting_tells_the_new_day_and_place(say: Say, amina: Facts) -> None:
    moved = play(meeting_moved, facts=amina, subject="brugge-mine")
    assert moved.log == [
        say("⚠️ Something changed: “{theme}”", theme=Told(MINE.theme)),
        when(say, MINE),
        where(say),
        say("Can you still come?"),
    ]
    assert list(moved.options.values()) == [say("👍 Yes, I come"), say("🚫 I cannot come")]


def test_who_cannot_come_to_the_new_day_gives_the_place_back(say: Say, amina: Facts) -> None:
    moved = play(meeting_moved, "[cannot]", facts=amina, subject="brugge-mine")
    assert moved.changes == (Cancel("brugge-mine"),)
    kept = play(meeting_moved, "[coming]", facts=amina, subject="brugge-mine")
    assert kept.log[-1] == say("👍 See you there!")


def test_a_cancelled_meeting_is_told_with_whom_to_call(say: Say, amina: Facts) -> None:
    gone = replace(MINE, cancelled=True)
    told = play(meeting_cancelled, facts=replace(amina, meetings=(gone,)), subject=gone.id)
    assert told.log == [
        say("⚠️ “{theme}” of {when} does not go on.", theme=Told(MINE.theme), when=Moment(MINE.start)),
        say("We are sorry. You do not have to do anything."),
        call(say),
        say("Other meetings: /bijeenkomsten."),
    ]


def test_without_a_number_nobody_is_named_to_call(amina: Facts) -> None:
    gone = replace(BARE, cancelled=True)
    assert len(play(meeting_cancelled, facts=replace(amina, meetings=(gone,)), subject=gone.id).log) == 3


def test_an_erased_meeting_is_over(say: Say, amina: Facts) -> None:
    assert play(meeting_cancelled, facts=amina, subject="nowhere").log == [say("This meeting is over.")]


@pytest.mark.parametrize("flow", [coming, meeting_moved], ids=lambda flow: flow.name)
def test_a_mind_may_change_on_the_same_buttons(flow: Flow, amina: Facts) -> None:
    """The buttons stay: each tap begins the loose conversation anew."""
    first = play(flow, "[coming]", facts=amina, subject="brugge-mine")
    assert first.over
    assert play(flow, "[cannot]", facts=amina, subject="brugge-mine").changes == (Cancel("brugge-mine"),)
