"""Invitations to a meeting: within the scope, with a second person where many get it, and nobody twice."""

from __future__ import annotations

import json

from flows.meeting_orders import CloseSignUp, InviteToMeeting, SettleInvite, StopInvite
from tests.bot.organising import acts, consenting, hub, invitations, made, order, refusal, role, send
from tests.bot.world import MEETING, Town, in_store


@in_store
def test_few_people_are_invited_after_ten_minutes(town: Town) -> None:
    made(town)
    consenting(town, 12)
    order(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer"))
    (ordered,) = invitations(town)
    assert (ordered["state"], ordered["starts_at"]) == ("released", town.now + 10 * 60 * 1000)
    sent = send(town)
    assert len(sent) == 12
    assert {delivery["about"] for delivery in sent} == {f"meeting:{MEETING}"}
    assert {delivery["class"] for delivery in sent} == {"bulk"}
    assert acts(town)[-1] == "invitation released"


@in_store
def test_everyone_of_a_group_scope_is_the_landlords_tenants(town: Town) -> None:
    made(town)
    consenting(town, 3)
    consenting(town, 4, "leie", "Gent")
    order(town, "Luc", InviteToMeeting(MEETING, "", ""))
    assert json.loads(invitations(town)[0]["audience"]) == {"landlord": "ijzer"}
    assert len(send(town)) == 3


@in_store
def test_a_language_is_chosen_within_the_own_scope_only(town: Town) -> None:
    made(town)
    consenting(town, 2)
    consenting(town, 5, "leie", "Gent")
    order(town, "Luc", InviteToMeeting(MEETING, "language", "nl"))
    assert json.loads(invitations(town)[0]["audience"]) == {"landlord": "ijzer", "language": "nl"}
    assert len(send(town)) == 2


@in_store
def test_people_outside_of_the_scope_are_refused(town: Town) -> None:
    made(town)
    consenting(town, 5, "leie", "Gent")
    why = refusal(town, "Luc", InviteToMeeting(MEETING, "landlord", "leie"))
    assert why == "You cannot write to those people. Please choose others."
    assert refusal(town, "Luc", InviteToMeeting(MEETING, "", "")) == "Nobody would get it. Please choose others."
    assert invitations(town) == []


@in_store
def test_more_than_fifty_are_invited_by_two_people(town: Town) -> None:
    made(town)
    role(town, "Lena", "organiser", "group", "har-veurne")
    consenting(town, 51)
    order(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer"))
    (ordered,) = invitations(town)
    assert ordered["state"] == "waiting"
    assert set(town.told("invite_release")) == {"Lena", "Greet"}
    assert send(town) == []
    settle_it = SettleInvite(MEETING, ordered["id"], release=True)
    assert refusal(town, "Luc", settle_it) == "That was settled already.", "nobody releases what they made"
    order(town, "Lena", settle_it)
    assert town.told("invite_news") == ["Luc"]
    assert len(send(town)) == 51
    assert refusal(town, "Greet", settle_it) == "That was settled already."


@in_store
def test_exactly_fifty_need_no_second_person(town: Town) -> None:
    made(town)
    consenting(town, 50)
    order(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer"))
    assert invitations(town)[0]["state"] == "released"


@in_store
def test_a_second_person_may_say_no(town: Town) -> None:
    made(town)
    consenting(town, 51)
    order(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer"))
    order(town, "Greet", SettleInvite(MEETING, invitations(town)[0]["id"], release=False))
    assert (invitations(town), send(town)) == ([], [])
    assert [delivery["subject"] for delivery in town.deliveries("invite_news")] == [f"{MEETING}:back"]


@in_store
def test_an_invitation_is_stopped_before_it_goes_out(town: Town) -> None:
    made(town)
    consenting(town, 12)
    order(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer"))
    (one,) = hub(town).invites
    assert (one.state, one.who) == ("released", ("De IJzer",))
    order(town, "Luc", StopInvite(MEETING, one.id))
    assert send(town) == []


@in_store
def test_an_invitation_is_stopped_while_it_goes_out(town: Town) -> None:
    made(town)
    consenting(town, 12)
    order(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer"))
    assert len(send(town)) == 12
    order(town, "Luc", StopInvite(MEETING, hub(town).invites[0].id))
    assert send(town) == []
    assert hub(town).invites[0].state == "done"


@in_store
def test_nobody_is_invited_twice_to_one_meeting(town: Town) -> None:
    made(town)
    consenting(town, 6)
    consenting(town, 6, "leie", "Gent")
    town.tx.run("UPDATE landlord SET municipalities = '[\"Veurne\", \"Diksmuide\"]' WHERE id = 'ijzer'")
    order(town, "Greet", InviteToMeeting(MEETING, "landlord", "ijzer"))
    twice = "Some of these people were invited already. Nobody is invited twice. Please choose others."
    for key, value in (("landlord", "ijzer"), ("municipality", "Veurne"), ("", ""), ("language", "nl")):
        assert refusal(town, "Greet", InviteToMeeting(MEETING, key, value)) == twice
    order(town, "Greet", InviteToMeeting(MEETING, "landlord", "leie"))
    assert len({delivery["person"] for delivery in send(town)}) == len(send(town)) == 12


@in_store
def test_nobody_is_invited_to_what_is_closed(town: Town) -> None:
    made(town)
    consenting(town, 12)
    order(town, "Luc", CloseSignUp(MEETING, closed=True))
    assert refusal(town, "Luc", InviteToMeeting(MEETING, "landlord", "ijzer")) == (
        "Signing up is closed. Open it first, then invite people."
    )


@in_store
def test_how_far_an_invitation_reaches_is_counted_for_who_may_send_it(town: Town) -> None:
    made(town)
    consenting(town, 14)
    town.tx.run("DELETE FROM consent WHERE person = :id", id=town.person("i0"))
    one = hub(town, flow="meeting_invite", subject=f"{MEETING}:landlord:ijzer")
    exact = hub(town, "Greet", "meeting_invite", f"{MEETING}:landlord:ijzer")
    assert one.reached is not None
    assert exact.reached is not None
    assert (one.who, one.reached.audience.value, one.reached.reached.value) == (("De IJzer",), 15, 15)
    assert {reason.count.value for reason in one.reached.reasons} == {None}
    assert (exact.reached.audience.value, exact.reached.reached.value) == (14, 13)
    assert hub(town, flow="meeting_invite", subject=f"{MEETING}:landlord:leie").reached is None
    assert hub(town, flow="meeting_invite").reached is None
