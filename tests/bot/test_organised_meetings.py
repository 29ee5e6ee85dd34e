"""Meetings that organisers make, move, cancel, close and invite to: within their scope, on either database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.loadfile import LoadFile, MeetingRow
from bot.loading import meeting_values
from bot.store import keepers, meetings, people, registrations
from flows.meeting_orders import (
    CancelMeeting,
    CheckIn,
    CloseSignUp,
    CountHeads,
    InviteToMeeting,
    MoveMeeting,
    PutMeeting,
    SayTheme,
    SendReport,
    SettleInvite,
    SettlePhoned,
    SignUpByPhone,
    StopInvite,
)
from flows.organised_facts import Place
from flows.talk import Change
from tests.bot.desk import desk, says
from tests.bot.desk import load as load_rows
from tests.bot.hand import Hand
from tests.bot.organising import (
    NETWORK,
    ORGANISER,
    PLAN,
    acts,
    consenting,
    hub,
    invitations,
    made,
    order,
    refusal,
    role,
    row,
    seen_by,
    settle,
)
from tests.bot.test_intake import AMINA, ELIF, GREET
from tests.bot.world import MEETING, Town, at, chat, in_store, meeting_row

NOT_YOURS = "You cannot do that for this meeting."
SCHUUR = Place("De Schuur", "Plein 2, 8600 Diksmuide", "Diksmuide", "West-Vlaanderen")
LATER = datetime.fromisoformat("2027-03-28T20:00")  # summer time began that night
ALL_ORDERS: tuple[Change, ...] = (
    MoveMeeting(MEETING, LATER),
    CancelMeeting(MEETING),
    CloseSignUp(MEETING, closed=True),
    SayTheme(MEETING, "fr", "Fenêtres"),
    InviteToMeeting(MEETING, "landlord", "ijzer"),
    SettleInvite(MEETING, 1, release=True),
    StopInvite(MEETING, 1),
    CheckIn(MEETING, "1234"),
    CountHeads(MEETING, 3),
    SignUpByPhone(MEETING, (), None, 0),
    SettlePhoned(MEETING, "1234", comes=True),
    SendReport(MEETING, ("a", "b", "c")),
)


@in_store
def test_a_meeting_that_an_organiser_made_stands_in_the_list(town: Town) -> None:
    made(town, deadline=datetime.fromisoformat("2027-03-24T20:00"))
    (meeting,) = seen_by(town, "Amina", "meetings").meetings
    assert (meeting.id, meeting.theme, meeting.place) == (MEETING, {"nl": "Nieuwe ramen"}, "De Linde")
    assert (meeting.start, meeting.deadline) == (PLAN.start, datetime.fromisoformat("2027-03-24T20:00"))
    assert (meeting.has_map, meeting.municipality, meeting.seats_free) == (False, "Veurne", 2)
    assert row(town)["start_at"] == at("2027-03-25 19:00")
    assert acts(town) == ["meeting made"]


@in_store
def test_a_meeting_in_the_past_is_refused(town: Town) -> None:
    settle(town)
    past = PutMeeting(MEETING, replace(PLAN, start=datetime.fromisoformat("2027-03-01T09:59")))
    assert refusal(town, "Luc", past) == "That moment has passed. Please choose another one."


@in_store
def test_a_meeting_of_another_group_is_refused(town: Town) -> None:
    settle(town)
    for group in ("huurders-gent", "", "no-such-group"):
        assert refusal(town, "Luc", PutMeeting(MEETING, replace(PLAN, group=group))) == (
            "You cannot organise for that group."
        )
    assert meetings.get(town.tx, MEETING) is None


@in_store
def test_staff_of_everywhere_may_organise_for_the_whole_network(town: Town) -> None:
    made(town, by="Greet", group="")
    assert row(town)["tenant_group"] is None


@in_store
def test_two_meetings_never_share_an_id(town: Town) -> None:
    made(town)
    assert refusal(town, "Luc", PutMeeting(MEETING, PLAN)) == "There is a meeting like this already."


@pytest.mark.parametrize("change", ALL_ORDERS, ids=lambda change: type(change).__name__)
async def test_every_order_checks_the_right_itself(store: object, change: Change) -> None:
    """Nora organises in Gent; Amina has no role at all."""

    def story(town: Town) -> None:
        made(town)
        town.time("2027-03-25 19:30")
        for name in ("Nora", "Amina"):
            assert refusal(town, name, change) == NOT_YOURS

    await store.write(lambda tx: story(Town(tx)))  # type: ignore[attr-defined]


@in_store
def test_a_role_that_was_taken_away_gives_no_right_any_more(town: Town) -> None:
    made(town)
    town.tx.run("DELETE FROM role WHERE person = :id", id=town.person("Luc"))
    assert refusal(town, "Luc", CancelMeeting(MEETING)) == NOT_YOURS


@in_store
def test_a_move_tells_everyone_and_plans_their_reminders_anew(town: Town) -> None:
    made(town)
    town.join("Amina")
    town.join("Elif", companions=0)
    order(town, "Luc", MoveMeeting(MEETING, LATER, SCHUUR))
    assert town.told("meeting_moved") == ["Amina", "Elif"]
    assert town.reminders("Amina") == {
        "early": ("2027-03-25 18:00", "planned"),
        "late": ("2027-03-28 09:00", "planned"),
    }
    assert row(town)["start_at"] == at("2027-03-28 20:00")
    assert (row(town)["place"], row(town)["municipality"], row(town)["lat"]) == ("De Schuur", "Diksmuide", None)
    assert acts(town)[-1] == "meeting moved"


@in_store
def test_a_move_to_the_past_is_refused(town: Town) -> None:
    made(town)
    past = MoveMeeting(MEETING, datetime.fromisoformat("2027-02-25T19:00"))
    assert refusal(town, "Luc", past) == "That moment has passed. Please choose another one."
    assert town.told("meeting_moved") == []


@in_store
def test_the_deadline_moves_along(town: Town) -> None:
    made(town, deadline=datetime.fromisoformat("2027-03-24T20:00"))
    order(town, "Luc", MoveMeeting(MEETING, LATER))
    assert row(town)["deadline_at"] == at("2027-03-27 20:00")
    order(town, "Luc", MoveMeeting(MEETING, datetime.fromisoformat("2027-03-01T19:00")))
    assert row(town)["deadline_at"] is None, "one that would have passed is lifted"


@in_store
def test_cancelling_tells_everyone_and_invites_nobody_any_more(town: Town) -> None:
    made(town)
    town.join("Amina")
    consenting(town, 3)
    order(town, "Luc", InviteToMeeting(MEETING, "", ""))
    order(town, "Luc", CancelMeeting(MEETING))
    assert town.told("meeting_cancelled") == ["Amina"]
    assert invitations(town) == []
    for change in (MoveMeeting(MEETING, LATER), CancelMeeting(MEETING), SignUpByPhone(MEETING, (), None, 0)):
        assert refusal(town, "Luc", change) == "This meeting is over, or it does not go on."


@in_store
def test_a_closed_sign_up_takes_nobody_on_and_takes_nothing_away(town: Town) -> None:
    made(town)
    town.join("Amina")
    town.join("Elif")
    town.join("Bram")
    order(town, "Luc", CloseSignUp(MEETING, closed=True))
    with pytest.raises(registrations.Closed):
        town.join("Chloe")
    assert town.join("Amina", companions=0) == "confirmed"  # who has a place may still change what they need
    town.leave("Elif")
    town.take("Bram")
    assert town.those("confirmed") == ["Amina", "Bram"]


@in_store
def test_after_the_deadline_nobody_is_taken_on_until_it_is_opened_again(town: Town) -> None:
    made(town, deadline=datetime.fromisoformat("2027-03-24T20:00"))
    town.time("2027-03-24 19:59")
    assert town.join("Amina") == "confirmed"
    town.time("2027-03-24 20:00")
    with pytest.raises(registrations.Closed):
        town.join("Elif")
    assert [meeting.closed for meeting in seen_by(town, "Elif", "meetings").meetings] == [True]
    order(town, "Luc", CloseSignUp(MEETING, closed=False))
    assert town.join("Elif") == "confirmed"
    assert acts(town) == ["meeting made", "sign-up opened"]


@in_store
def test_a_theme_in_another_language_is_told_to_nobody(town: Town) -> None:
    made(town)
    town.join("Amina")
    order(town, "Luc", SayTheme(MEETING, "fr", "Fenêtres"))
    assert json.loads(row(town)["theme"]) == {"fr": "Fenêtres", "nl": "Nieuwe ramen"}
    assert town.told("meeting_moved") == []


@in_store
def test_needs_are_exact_and_other_counts_are_rounded(town: Town) -> None:
    made(town, capacity=None)
    for n in range(13):
        town.join(f"P{n}")
    wish = registrations.Wish(("interpreter", "step-free"), "ar", 1)
    registrations.register(town.tx, MEETING, town.person("Amina"), wish, town.now)
    one, exact = hub(town), hub(town, "Greet")
    assert (one.needs, one.interpreters) == ({"interpreter": 1, "step-free": 1}, {"ar": 1})
    assert (one.taken.value, one.taken.exact, one.waiting.value) == (15, False, None)
    assert (exact.taken.value, exact.taken.exact) == (15, True)


@in_store
def test_the_counts_of_an_organiser_are_those_of_the_days_first_look(town: Town) -> None:
    """Else whoever looks before and after sees one person come."""
    made(town, capacity=None)
    for n in range(12):
        town.join(f"P{n}")
    assert hub(town).taken.value == 10
    town.join("Amina")
    assert hub(town).taken.value == 10
    assert hub(town, "Greet").taken.value == 13
    town.time("2027-03-02 09:00")
    assert hub(town).taken.value == 15


@in_store
def test_each_organiser_sees_the_meetings_of_the_own_scope(town: Town) -> None:
    made(town)
    order(town, "Nora", PutMeeting("gent", replace(PLAN, group="huurders-gent")))
    order(town, "Greet", PutMeeting("overal", replace(PLAN, group="")))

    def listed(name: str) -> set[str]:
        return {one.id for one in seen_by(town, name, "my_meetings_organised").organised}

    assert (listed("Luc"), listed("Nora"), listed("Amina")) == ({MEETING}, {"gent"}, set())
    assert listed("Greet") == {MEETING, "gent", "overal"}


@in_store
def test_nothing_that_an_organiser_sees_says_who(town: Town) -> None:
    made(town)
    town.join("Amina")
    order(town, "Luc", SignUpByPhone(MEETING, (), None, 0))
    shown = repr(hub(town)) + repr(hub(town, flow="phone_place"))
    secrets = (town.person("Amina"), chat("Amina"), town.place("Amina")["id"])
    assert not [secret for secret in secrets[:2] if str(secret) in shown]
    assert "Amina" not in shown


@in_store
def test_work_goes_to_who_made_the_meeting_while_they_keep_it(town: Town) -> None:
    made(town)
    role(town, "Lena", "organiser", "group", "har-veurne")
    assert keepers.of(town.tx, row(town)) == [town.person("Luc")]
    people.unreachable(town.tx, town.person("Luc"), "blocked")
    assert keepers.of(town.tx, row(town)) == [town.person("Lena")]
    town.tx.run("DELETE FROM role WHERE person = :id", id=town.person("Lena"))
    assert keepers.of(town.tx, row(town)) == [town.person("Greet")]


@in_store
def test_erasing_an_organiser_leaves_the_meeting_to_others(town: Town) -> None:
    made(town)
    luc = town.person("Luc")
    registrations.leave_all(town.tx, luc, town.now)
    people.erase(town.tx, luc, town.now)
    assert row(town)["made_by"] is None
    assert keepers.of(town.tx, row(town)) == [town.person("Greet")]
    assert str(luc) not in {line["actor"] for line in town.tx.all("SELECT actor FROM audit")}


@in_store
def test_a_deadline_is_loaded_from_a_file(town: Town) -> None:
    assert town.meeting(deadline="2027-03-20T12:00") == "new"
    assert town.meeting(deadline="2027-03-20T12:00") == "same"
    assert row(town)["deadline_at"] == at("2027-03-20 12:00")
    assert town.meeting() == "changed"
    assert row(town)["deadline_at"] is None


def test_a_deadline_after_the_start_is_refused_in_a_file() -> None:
    with pytest.raises(ValueError, match="deadline: expected a time before start"):
        meeting_row(deadline="2027-03-26T12:00")
    assert meeting_values(MeetingRow.model_validate(meeting_row().model_dump()))["deadline_local"] == ""
    assert LoadFile.model_validate({"meetings": [meeting_row().model_dump(mode="json")]}).meetings[0].deadline is None


async def makes(hand: Hand) -> str:
    """Make a meeting in the chat; give its id."""
    await hand.writes("/organiseren")
    await hand.taps("new-meeting")
    await hand.taps("residents")
    await hand.writes("Nieuwe ramen", "25/3")
    await hand.taps("t1900", "90")
    await hand.writes("De Linde", "Kerkstraat 1, 8630 Veurne")
    await hand.taps("10", "~ready", "~ready", "none", "~skip", "yes")
    (made_row,) = await hand.up.rows("SELECT id FROM meeting")
    return str(made_row["id"])


async def test_a_meeting_is_made_moved_and_cancelled_in_the_chat(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, ORGANISER, database=address) as up:
        await load_rows(up, **NETWORK)
        organiser, amina, elif_ = Hand(up, GREET), Hand(up, AMINA), Hand(up, ELIF)
        id = await makes(organiser)
        assert "✅ You are signed up. See you there!" not in amina.heard()
        await amina.signs_up(id)
        await organiser.taps("move-meeting", "when")
        await organiser.writes("26/3")
        await organiser.taps("t2000", "yes")
        assert "26" in amina.heard()[-1]
        await organiser.taps("close")
        refused = await elif_.writes(f"/start meeting-{id}")
        assert says(up, "🔒 Signing up is closed.") in refused[-1]
        await organiser.taps("cancel-meeting", "yes")
        assert "Nieuwe ramen" in amina.heard()[-1]
        lines = [
            line["act"] for line in await up.rows("SELECT act FROM audit WHERE about LIKE 'meeting:%' ORDER BY id")
        ]
        assert lines == ["meeting made", "meeting moved", "sign-up closed", "meeting cancelled"]
