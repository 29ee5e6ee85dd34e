"""What the bot writes first about a meeting: a reminder, a free seat, a meeting that moved or was cancelled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import Cancel, TakeOffer
from flows.events import Refused
from flows.facts import Facts
from flows.messages import Moment, Told, _
from flows.my_meeting import coming, gave_back, meeting_cancelled, meeting_moved, seat_offer
from flows.talk import Flow, Go
from tests.flows.meeting_screens import call, when, where
from tests.flows.people import BARE, MINE, OFFERED, UNTIL, WAITING
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


def test_i_cannot_come_gives_the_place_back(amina: Facts) -> None:
    answered = play(coming, "[cannot]", facts=amina, subject="brugge-mine")
    assert answered.changes == (Cancel("brugge-mine"),)
    assert answered.then == Go("gave_back", "brugge-mine")


def test_giving_back_is_thanked_and_can_be_undone(say: Say, amina: Facts) -> None:
    thanked = play(gave_back, facts=amina, subject="veurne-free")
    assert thanked.log == [say("Thank you for telling me. Someone else can come now.")]
    assert list(thanked.options.values()) == [say("👍 I can come after all"), say("☰ Menu")]


def test_who_can_come_after_all_is_asked_to_sign_up_again(say: Say, amina: Facts) -> None:
    again = play(gave_back, f"[{say('👍 I can come after all')}]", facts=amina, subject="veurne-free")
    assert again.changes == ()
    assert again.then == Go("meetings", "veurne-free")


def test_who_gave_back_may_go_to_the_menu(say: Say, amina: Facts) -> None:
    assert play(gave_back, f"[{say('☰ Menu')}]", facts=amina, subject="veurne-free").then == Go("menu")


def test_words_after_giving_back_are_answered_kindly(say: Say, amina: Facts) -> None:
    said = play(gave_back, "sorry!", facts=amina, subject="veurne-free")
    assert said.log[-2] == say("Please tap one of the buttons.")
    assert said.key == "next"


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


def test_an_old_no_of_who_has_the_place_takes_nothing_away(amina: Facts) -> None:
    refused = play(seat_offer, "[no]", facts=amina, subject="brugge-mine")
    assert refused.changes == ()
    assert refused.then == Go("meetings", "brugge-mine")


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
        call(say),
        say("Can you still come?"),
    ]
    assert list(moved.options.values()) == [say("👍 Yes, I come"), say("🚫 I cannot come")]


def test_who_cannot_come_to_the_new_day_gives_the_place_back(amina: Facts) -> None:
    moved = play(meeting_moved, "[cannot]", facts=amina, subject="brugge-mine")
    assert moved.changes == (Cancel("brugge-mine"),)
    assert moved.then == Go("gave_back", "brugge-mine")


def test_who_comes_to_the_new_day_gets_the_calendar_that_holds_now(amina: Facts) -> None:
    kept = play(meeting_moved, "[coming]", facts=amina, subject="brugge-mine")
    assert kept.changes == ()
    assert kept.then == Go("registered", "brugge-mine")


def test_who_waits_is_asked_whether_to_keep_waiting_for_the_new_day(say: Say, amina: Facts) -> None:
    moved = play(meeting_moved, facts=amina, subject="brugge-waiting")
    assert moved.log == [
        say("⚠️ Something changed: “{theme}”", theme=Told(WAITING.theme)),
        when(say, WAITING),
        where(say),
        call(say),
        say.n("⏳ You are the first in line.", "⏳ You are number {n} in line.", n=3),
        say("Do you want to keep waiting?"),
    ]
    assert list(moved.options.values()) == [say("👍 Yes, I keep waiting"), say("🚫 No, take me off")]


def test_who_keeps_waiting_hears_the_place_in_line(say: Say, amina: Facts) -> None:
    kept = play(meeting_moved, "[coming]", facts=amina, subject="brugge-waiting")
    assert kept.log[-1] == say.n("⏳ You are the first in line.", "⏳ You are number {n} in line.", n=3)
    assert kept.changes == ()


def test_who_no_longer_waits_for_the_new_day_leaves_the_line(amina: Facts) -> None:
    left = play(meeting_moved, "[cannot]", facts=amina, subject="brugge-waiting")
    assert left.changes == (Cancel("brugge-waiting"),)


def test_without_a_place_the_new_day_leads_to_signing_up(say: Say, amina: Facts) -> None:
    answered = play(meeting_moved, "[coming]", facts=amina, subject="veurne-free")
    assert answered.log[-1] == say("You gave your place back. You can sign up again:")
    assert answered.then == Go("meetings", "veurne-free")


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
