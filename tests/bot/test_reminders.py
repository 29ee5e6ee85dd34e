"""Reminders: at the right wall time, once."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from bot.clock import from_ms, to_ms
from bot.store import reminders
from tests.bot.world import MEETING, Town, at, in_store, wall


def signed_up(town: Town, start: str = "2027-03-25T19:00", **meeting: object) -> None:
    """Put a meeting that Amina comes to."""
    town.meeting(start=start, **meeting)
    assert town.join("Amina") == "confirmed"


def reminded(town: Town, since: str, until: str, every: timedelta = timedelta(minutes=30)) -> list[str]:
    """Tick from one wall time to another; give the wall times at which a reminder was made."""
    moment, end, found = from_ms(at(since)), at(until), []
    while (now := to_ms(moment)) <= end:
        town.now, before = now, len(town.deliveries("coming"))
        town.tick()
        found += [wall(now)] * (len(town.deliveries("coming")) - before)
        moment = from_ms(now + round(every.total_seconds() * 1000))
    return found


@in_store
def test_a_place_brings_one_reminder_three_days_before_and_one_in_the_morning(town: Town) -> None:
    signed_up(town)
    assert town.reminders("Amina") == {
        "early": ("2027-03-22 18:00", "planned"),
        "late": ("2027-03-25 09:00", "planned"),
    }


@in_store
def test_a_morning_meeting_is_reminded_of_on_the_evening_before(town: Town) -> None:
    signed_up(town, "2027-03-25T10:00")
    assert town.reminders("Amina")["late"] == ("2027-03-24 18:00", "planned")


@pytest.mark.parametrize(
    ("start", "utc"), [("2027-03-28T19:00", "2027-03-28 07:00"), ("2027-10-31T19:00", "2027-10-31 08:00")]
)
@in_store
def test_on_the_days_of_summer_time_the_morning_reminder_comes_at_nine_once(town: Town, start: str, utc: str) -> None:
    day = start[:10]
    town.now = at(f"{day} 12:00") - 24 * 3600 * 1000
    signed_up(town, start)
    assert reminded(town, wall(town.now), f"{day} 19:00") == [f"{day} 09:00"]
    row = town.tx.one("SELECT due_at FROM reminder WHERE kind = 'late'")
    assert row is not None
    assert from_ms(row["due_at"]).astimezone(UTC).strftime("%Y-%m-%d %H:%M") == utc


@pytest.mark.parametrize("start", ["2027-03-31T19:00", "2027-11-03T19:00"])
@in_store
def test_reminders_on_both_sides_of_summer_time_keep_their_wall_times(town: Town, start: str) -> None:
    town.time(f"{start[:4]}-{'03-20' if start[5:7] == '03' else '10-20'} 10:00")
    signed_up(town, start)
    early = {"2027-03-31T19:00": "2027-03-28 18:00", "2027-11-03T19:00": "2027-10-31 18:00"}[start]
    assert [when for when, _state in town.reminders("Amina").values()] == [early, f"{start[:10]} 09:00"]


@in_store
def test_a_meeting_at_a_time_that_the_spring_night_skips_begins_after_the_gap(town: Town) -> None:
    signed_up(town, "2027-03-28T02:30")
    row = town.tx.one("SELECT start_at FROM meeting")
    assert row is not None
    assert (wall(row["start_at"]), town.reminders("Amina")["late"][0]) == ("2027-03-28 03:30", "2027-03-27 18:00")


@in_store
def test_reminders_follow_the_zone_of_the_meeting(town: Town) -> None:
    signed_up(town, zone="Europe/London")
    assert town.reminders("Amina")["early"][0] == "2027-03-22 19:00"


@in_store
def test_whoever_signs_up_late_gets_only_what_is_still_to_come(town: Town) -> None:
    town.time("2027-03-24 10:00")
    signed_up(town)
    assert [state for _when, state in town.reminders("Amina").values()] == ["missed", "planned"]
    assert reminded(town, "2027-03-24 10:00", "2027-03-25 20:00") == ["2027-03-25 09:00"]


@in_store
def test_a_moved_meeting_reminds_at_the_new_times_only(town: Town) -> None:
    signed_up(town)
    town.meeting(start="2027-04-01T14:00")
    assert reminded(town, "2027-03-20 09:00", "2027-04-02 09:00") == ["2027-03-29 18:00", "2027-04-01 09:00"]


@in_store
def test_a_meeting_that_moves_after_a_reminder_reminds_again_for_the_new_day(town: Town) -> None:
    signed_up(town)
    assert reminded(town, "2027-03-22 17:00", "2027-03-23 12:00") == ["2027-03-22 18:00"]
    town.meeting(start="2027-04-01T19:00")
    assert reminded(town, "2027-03-23 12:00", "2027-04-02 09:00") == ["2027-03-29 18:00", "2027-04-01 09:00"]


@in_store
def test_a_reminder_that_waits_when_the_meeting_moves_is_not_sent(town: Town) -> None:
    signed_up(town)
    town.time("2027-03-22 22:00")
    town.tick()
    town.meeting(start="2027-04-01T19:00")
    town.time("2027-03-23 09:00")
    town.claim()
    assert [row["reason"] for row in town.deliveries("coming")] == ["no longer coming"]


@in_store
def test_a_cancelled_meeting_reminds_nobody(town: Town) -> None:
    signed_up(town)
    town.meeting(cancelled=True)
    assert reminded(town, "2027-03-20 09:00", "2027-03-26 09:00") == []


@in_store
def test_a_meeting_that_is_held_after_all_reminds_again(town: Town) -> None:
    signed_up(town)
    town.meeting(cancelled=True)
    town.meeting()
    assert reminded(town, "2027-03-20 09:00", "2027-03-26 09:00") == ["2027-03-22 18:00", "2027-03-25 09:00"]


@in_store
def test_whoever_cannot_come_is_not_reminded(town: Town) -> None:
    signed_up(town)
    town.leave("Amina")
    assert reminded(town, "2027-03-20 09:00", "2027-03-26 09:00") == []


@in_store
def test_whoever_wants_no_reminders_gets_none(town: Town) -> None:
    signed_up(town)
    town.tx.run("UPDATE person SET reminders = 0")
    assert reminded(town, "2027-03-20 09:00", "2027-03-26 09:00") == []


@in_store
def test_reminders_of_one_meeting_can_be_off(town: Town) -> None:
    signed_up(town)
    town.tx.run("UPDATE registration SET reminders = 0")
    assert reminded(town, "2027-03-20 09:00", "2027-03-26 09:00") == []


@in_store
def test_only_those_with_a_place_are_reminded(town: Town) -> None:
    signed_up(town, capacity=1)
    town.join("Elif")
    reminded(town, "2027-03-20 09:00", "2027-03-26 09:00")
    assert set(town.told("coming")) == {"Amina"}


@in_store
def test_a_second_tick_sends_nothing_twice(town: Town) -> None:
    signed_up(town)
    town.time("2027-03-22 18:00")
    for _tick in range(3):
        town.tick()
    assert len(town.deliveries("coming")) == 1


@in_store
def test_after_six_hours_of_downtime_the_evening_reminder_comes_in_the_morning(town: Town) -> None:
    signed_up(town)
    town.time("2027-03-23 00:00")
    town.tick()
    assert (town.claim(), [row["reason"] for row in town.deliveries("coming")]) == ([], ["night"])
    town.time("2027-03-23 09:00")
    assert len(town.claim()) == 1


@in_store
def test_after_six_hours_of_downtime_the_morning_reminder_comes_at_once(town: Town) -> None:
    signed_up(town)
    town.time("2027-03-25 15:00")
    town.tick()
    assert len(town.claim()) == 1


@in_store
def test_an_early_reminder_that_the_late_one_overtook_is_noted_as_missed(town: Town) -> None:
    signed_up(town)
    town.time("2027-03-25 10:00")
    town.tick()
    assert [state for _when, state in town.reminders("Amina").values()] == ["missed", "queued"]


@in_store
def test_nobody_is_reminded_of_what_has_begun(town: Town) -> None:
    signed_up(town)
    town.time("2027-03-25 19:00")
    town.tick()
    assert [state for _when, state in town.reminders("Amina").values()] == ["missed", "missed"]
    assert town.deliveries("coming") == []


@in_store
def test_a_clock_that_jumps_back_repeats_nothing(town: Town) -> None:
    signed_up(town)
    assert reminded(town, "2027-03-22 17:00", "2027-03-22 19:00") == ["2027-03-22 18:00"]
    assert reminded(town, "2027-03-22 16:00", "2027-03-22 19:00") == []


@in_store
def test_the_next_moment_of_interest_is_known(town: Town) -> None:
    signed_up(town)
    assert reminders.next_due(town.tx, town.now) == at("2027-03-22 18:00")


@in_store
def test_every_reminder_of_a_large_meeting_is_made(town: Town) -> None:
    town.meeting(id=MEETING)
    for number in range(600):
        town.join(f"p{number}")
    town.time("2027-03-22 18:00")
    town.tick()
    assert len(town.told("coming")) == 600
