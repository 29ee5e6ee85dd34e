"""At the door and on the phone: codes, heads, and places for people who cannot be written to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.meeting_desk import (
    checkin,
    door,
    door_code,
    headcount,
    phone_code,
    phone_desk,
    phone_place,
    phone_signup,
)
from flows.meeting_orders import CheckIn, CountHeads, SettlePhoned, SignUpByPhone, WantDoorCode
from flows.meetings import meetings
from flows.talk import Go
from tests.flows.organised_meetings import CALLERS, CLOSED, COMING, DESK, TODAY, organising, tenant
from tests.flows.people import FREE, MINE, PLACE, WAITING, wall
from tests.flows.transcript import Played, play

SOON = replace(MINE, start=wall("2027-03-02T19:00"))
CODED = replace(SOON, mine=replace(PLACE, code="4711"))


def says(played: Played) -> str:
    """Give what is said first in the flow that follows."""
    assert played.then is not None
    assert played.then.say is not None
    return played.language.plain(played.then.say)


def test_the_code_is_there_from_the_day_before() -> None:
    early = tenant(SOON, now=wall("2027-02-28T23:59"))
    assert "code" not in play(meetings, facts=early, subject=SOON.id).options
    asked = play(meetings, "[code]", facts=tenant(SOON, now=wall("2027-03-01T00:00")), subject=SOON.id)
    assert asked.then == Go("door_code", SOON.id)


def test_the_code_is_for_who_has_a_place() -> None:
    waits = replace(WAITING, start=SOON.start)
    assert "code" not in play(meetings, facts=tenant(waits), subject=waits.id).options
    assert play(door_code, facts=tenant(waits), subject=waits.id).then == Go("meetings", waits.id)


def test_a_code_is_made_when_it_is_first_asked_for() -> None:
    made = play(door_code, facts=tenant(SOON), subject=SOON.id)
    assert made.changes == (WantDoorCode(SOON.id),)
    assert made.then == Go("door_code", SOON.id)


def test_the_code_is_a_picture_and_four_numbers() -> None:
    shown = play(door_code, facts=tenant(CODED), subject=CODED.id)
    assert shown.log == [
        "Without the code you can come in too. It only helps to count.",
        "<code here-brugge-mine-4711>",
        "📲 Show this at the door of “Wonen & energie”. Or say the code: 4711.",
    ]


def test_a_cancelled_meeting_has_no_code() -> None:
    assert play(door_code, facts=tenant(replace(CODED, cancelled=True)), subject=CODED.id).changes == ()


def at_door(state: str, subject: str = f"{TODAY.id}:4711") -> Played:
    """Come to the door with a code that stands like this."""
    return play(door, facts=organising(replace(TODAY, door=DESK[state])), subject=subject)


def test_a_typed_code_goes_to_the_door() -> None:
    typed = play(checkin, "47 11", facts=organising(TODAY), subject=TODAY.id)
    assert typed.then == Go("door", f"{TODAY.id}:4711")


def test_whoever_holds_a_code_is_noted_and_the_next_may_come() -> None:
    noted = at_door("new")
    assert noted.changes == (CheckIn(TODAY.id, "4711", "code"),)
    assert says(noted) == "✅ 4711 is noted. Welcome!"
    assert noted.then is not None
    assert (noted.then.flow, noted.then.subject) == ("checkin", TODAY.id)


def test_a_camera_is_noted_as_one() -> None:
    assert at_door("new", f"{TODAY.id}:4711:qr").changes == (CheckIn(TODAY.id, "4711", "qr"),)


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("again", "☑️ 4711 was noted before. Someone may have used it twice."),
        ("waiting", "⏳ 4711 is on the waiting list. There is no place for this code yet."),
        ("cancelled", "🚫 4711: this place was given back. Is there room? Then count them in by hand."),
        ("unknown", "❓ I do not know 4711 for this meeting. Look at the numbers again, or at the day."),
        ("early", "🕙 4711: it is too early. You can note who is here from the day before."),
        ("off", "🚫 4711: this meeting is cancelled."),
    ],
)
def test_every_other_code_gets_a_clear_answer(state: str, answer: str) -> None:
    refused = at_door(state)
    assert refused.changes == ()
    assert says(refused) == answer


def test_a_tenant_who_opens_the_own_picture_is_told_to_show_it() -> None:
    told = play(door, facts=tenant(FREE), subject=f"{FREE.id}:4711:qr")
    assert told.changes == ()
    assert told.log == [
        "This is a code for the door of a meeting.",
        "Show it to who stands at the door. They scan it. You do not have to open it yourself.",
    ]


def test_heads_are_counted_where_the_door_is_too_busy() -> None:
    assert play(checkin, "[heads]", facts=organising(TODAY), subject=TODAY.id).then == Go("headcount", TODAY.id)
    counted = play(headcount, "17", facts=organising(TODAY), subject=TODAY.id)
    assert counted.changes == (CountHeads(TODAY.id, 17),)
    assert says(counted) == "🔢 Noted: 17 people."


def test_the_door_is_left_by_one_tap() -> None:
    assert play(checkin, "[ready]", facts=organising(TODAY), subject=TODAY.id).then == Go("meeting_hub", TODAY.id)


DESKS = [checkin, headcount, phone_desk, phone_signup, phone_code, phone_place]


@pytest.mark.parametrize("flow", DESKS, ids=lambda flow: flow.name)
def test_a_desk_is_for_who_keeps_the_meeting(flow: object) -> None:
    stranger = play(flow, facts=organising(), subject=TODAY.id)  # type: ignore[arg-type]
    assert stranger.then == Go("menu", "no-role")


def test_the_phone_leads_to_a_new_place_or_to_one_that_stands() -> None:
    for option, flow in (("phone-signup", "phone_signup"), ("phone-code", "phone_code")):
        assert play(phone_desk, f"[{option}]", facts=organising(COMING), subject=COMING.id).then == Go(flow, COMING.id)


def test_when_signing_up_is_closed_nobody_is_taken_on_by_phone() -> None:
    assert "phone-signup" not in play(phone_desk, facts=organising(CLOSED), subject=CLOSED.id).options
    assert play(phone_signup, facts=organising(CLOSED), subject=CLOSED.id).then == Go("meeting_hub", CLOSED.id)


def test_a_caller_is_asked_what_is_needed_and_no_name() -> None:
    lines = ("[interpreter]", "[step-free]", "[~ready]", "[ar]", "[2]", "[yes]")
    signed = play(phone_signup, *lines, facts=organising(COMING), subject=COMING.id)
    assert signed.log[0] == "📞 Read the questions out. Do not write a name here: I only keep a code."
    assert signed.changes == (SignUpByPhone(COMING.id, ("interpreter", "step-free"), "ar", 2),)
    assert signed.then == Go("phone_place", COMING.id)


def test_the_organisers_own_needs_are_not_ticked_for_the_caller() -> None:
    own = replace(COMING, meeting=replace(COMING.meeting, mine=PLACE))
    asked = play(phone_signup, facts=organising(own), subject=COMING.id)
    assert not [label for label in asked.options.values() if label.startswith("✅")]


def caller(status: str, *lines: str) -> Played:
    """Look at the place of a caller with this status."""
    facts = organising(replace(COMING, phoned=CALLERS[status]))
    return play(phone_place, *lines, facts=facts, subject=f"{COMING.id}:1234")


def test_a_caller_hears_the_code() -> None:
    assert caller("confirmed").log[1:] == [
        "✅ The caller has a place. The code is 1234.",
        "Read it out. They say it at the door, and when they phone again.",
    ]


def test_a_caller_who_waits_hears_the_place_in_line() -> None:
    shown = caller("waiting")
    assert "They are number 3 in line." in shown.log
    assert "take" not in shown.options


def test_a_place_that_comes_free_for_a_caller_asks_the_organiser_to_call() -> None:
    shown = caller("offered")
    assert "🎉 A place is free for the caller with code 1234." in shown.log
    assert shown.go_on("[take]").changes == (SettlePhoned(COMING.id, "1234", comes=True),)


@pytest.mark.parametrize("status", ["confirmed", "waiting", "offered"])
def test_a_caller_can_give_the_place_back(status: str) -> None:
    assert caller(status, "[leave]").changes == (SettlePhoned(COMING.id, "1234", comes=False),)


def test_a_place_given_back_is_said_to_be_gone() -> None:
    assert says(caller("cancelled")) == "1234 has no place any more."


def test_a_code_that_nobody_phoned_for_is_said_to_be_unknown() -> None:
    assert play(phone_code, "1234", facts=organising(COMING), subject=COMING.id).then == Go(
        "phone_place", f"{COMING.id}:1234"
    )
    unknown = play(phone_place, facts=organising(COMING), subject=f"{COMING.id}:1234")
    assert says(unknown) == "I know nobody with that code who signed up by phone."


def test_a_closed_meeting_stands_no_longer_in_the_list_and_says_why() -> None:
    shut = replace(FREE, id="veurne-shut", closed=True)
    facts = replace(tenant(FREE), meetings=(FREE, shut))
    assert "veurne-shut" not in play(meetings, facts=facts).options
    told = play(meetings, facts=facts, subject="veurne-shut")
    assert "🔒 Signing up is closed." in told.log
    assert told.changes == ()


def test_a_deadline_is_told_to_who_can_still_sign_up() -> None:
    until = replace(FREE, deadline=wall("2027-03-27T20:00"))
    assert any(line.startswith("✍️ Sign up before") for line in play(meetings, facts=tenant(until), subject=FREE.id).log)
    placed = replace(until, mine=PLACE)
    told = play(meetings, facts=tenant(placed), subject=FREE.id).log
    assert not any(line.startswith("✍️ Sign up before") for line in told)
