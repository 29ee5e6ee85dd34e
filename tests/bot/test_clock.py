"""The clock, and what wall time means in the two nights of summer time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock, from_ms, local_to_utc, to_ms


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2027-03-28T01:59", "2027-03-28T00:59"),
        ("2027-03-28T02:30", "2027-03-28T01:30"),  # skipped: half past three
        ("2027-03-28T03:00", "2027-03-28T01:00"),
        ("2027-10-31T02:30", "2027-10-31T00:30"),  # doubled: the first
        ("2027-10-31T03:00", "2027-10-31T02:00"),
        ("2027-01-15T12:00", "2027-01-15T11:00"),
        ("2027-07-15T12:00", "2027-07-15T10:00"),
    ],
)
def test_wall_time_means_one_moment(local: str, utc: str) -> None:
    assert local_to_utc(datetime.fromisoformat(local)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_wall_time_with_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        local_to_utc(datetime(2027, 3, 28, 12, tzinfo=UTC))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        to_ms(datetime(2027, 3, 28, 12))  # noqa: DTZ001


@pytest.mark.parametrize("hour", [0, 1])
def test_both_moments_of_a_doubled_hour_come_back_from_the_store(hour: int) -> None:
    moment = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    assert from_ms(to_ms(moment)).astimezone(UTC) == moment


def test_a_clock_that_was_moved_runs_on_from_there() -> None:
    clock, there = Clock(), datetime(2027, 3, 28, 1, tzinfo=UTC)
    clock.set(there)
    assert there <= clock.now() < there + timedelta(minutes=1)


def test_a_clock_is_not_set_to_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Clock().set(datetime(2027, 3, 28))  # noqa: DTZ001


def test_seconds_for_the_pace_never_move() -> None:
    clock = Clock()
    before = clock.monotonic()
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert clock.monotonic() >= before
