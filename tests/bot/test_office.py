"""When humans answer, which staff hear of a question, and what time does to a talk."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.office import Hours, is_working_day, next_working_day
from bot.scheduler import queue_due
from bot.store import handoffs, housekeeping, people
from tests.bot.desk import ANSWER, MORE, QUESTION, STAFF, answers, asks, desk, hands, says
from tests.bot.test_intake import ELIF, GREET
from tests.bot.world import VAULT, Town, aware, in_store

DAY = housekeeping.DAY_MS
HOURS = Hours()


# Hours


def test_hours_are_read_as_two_times_of_day() -> None:
    assert Hours.read("08:30-12:15") == Hours(time(8, 30), time(12, 15))


@pytest.mark.parametrize(
    "wrong", ["", "9-17", "9:00-17:00", "24:00-25:00", "09:00-09:00", "17:00-09:00", "09:00–17:00", "09:00-17:00 "]
)
def test_hours_that_are_none_are_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match="for example 09:00-17:00"):
        Hours.read(wrong)


@pytest.mark.parametrize(
    ("when", "someone_reads"),
    [
        ("2027-03-15 08:59", False),  # a Monday
        ("2027-03-15 09:00", True),
        ("2027-03-15 16:59", True),
        ("2027-03-15 17:00", False),
        ("2027-03-20 12:00", False),  # Saturday
        ("2027-03-21 12:00", False),  # Sunday
        ("2027-03-29 12:00", False),  # Easter Monday
        ("2027-07-21 12:00", False),  # the national holiday, a Wednesday
    ],
)
def test_someone_reads_on_working_days_within_the_hours(when: str, someone_reads: bool) -> None:
    assert HOURS.open_at(aware(when)) is someone_reads


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2027-03-15 07:00", "2027-03-15 09:00"),
        ("2027-03-15 09:00", "2027-03-16 09:00"),  # they have begun already
        ("2027-03-15 20:00", "2027-03-16 09:00"),
        ("2027-03-19 20:00", "2027-03-22 09:00"),  # over the weekend
        ("2027-03-26 20:00", "2027-03-30 09:00"),  # over Easter, and the night in which the clocks go forward
        ("2027-12-24 20:00", "2027-12-27 09:00"),
    ],
)
def test_the_next_opening_is_the_morning_of_a_working_day(when: str, opens: str) -> None:
    assert HOURS.opens_after(aware(when)) == aware(opens)


@pytest.mark.parametrize(
    ("asked", "answered_by"),
    [
        ("2027-03-15 09:30", "2027-03-17 17:00"),
        ("2027-03-15 07:00", "2027-03-17 17:00"),  # before hours counts for the same day
        ("2027-03-15 17:00", "2027-03-18 17:00"),  # after hours counts for the next
        ("2027-03-18 12:00", "2027-03-22 17:00"),  # Thursday: Friday, Monday
        ("2027-03-20 12:00", "2027-03-24 17:00"),  # a weekend counts for Monday
        ("2027-03-25 12:00", "2027-03-30 17:00"),  # over Easter Monday
    ],
)
def test_an_answer_is_promised_by_the_end_of_the_second_working_day(asked: str, answered_by: str) -> None:
    assert HOURS.answer_by(aware(asked)) == aware(answered_by)


def test_the_next_working_day_skips_weekends_and_holidays() -> None:
    assert next_working_day(date(2027, 5, 5)) == date(2027, 5, 7)  # Ascension Day is Thursday the 6th


def test_whatever_the_moment_the_promise_lies_two_working_days_on() -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _time in range(300):
        at = aware("2027-01-01 00:00") + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
        opens, due = HOURS.opens_after(at), HOURS.answer_by(at)
        assert opens > at
        assert HOURS.open_at(opens)
        between = [at.date() + timedelta(days=n) for n in range(1, (due.date() - at.date()).days + 1)]
        late = not is_working_day(at.date()) or at.time() >= HOURS.ends
        assert sum(map(is_working_day, between)) == (3 if late else 2), at


# Out of hours


def at(local: str) -> Clock:
    """Give a clock at a wall time."""
    clock = Clock()
    clock.set(aware(local))
    return clock


def shut(up: Any, said: str) -> bool:
    """Tell whether it is said that nobody reads right now."""
    return says(up, "✅ Your question is sent. Someone reads it from {when} on.", when="@").partition("@")[0] in said


async def test_out_of_hours_is_said_with_the_next_opening(tmp_path: Path) -> None:
    async with desk(tmp_path, clock=at("2027-03-19 20:00:01")) as up:
        tenant, *_others = hands(up)
        (said,) = await asks(tenant)
        assert shut(up, said)
        assert "maandag 22 maart" in said


async def test_within_hours_nothing_is_said_of_them(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        assert not shut(up, (await asks(tenant))[-1])


async def test_out_of_hours_is_said_once(tmp_path: Path) -> None:
    async with desk(tmp_path, clock=at("2027-03-19 20:00:01")) as up:
        tenant, *_others = hands(up)
        said = [*await asks(tenant), *await tenant.writes(MORE), *await tenant.writes("Nog iets.")]
        await tenant.writes("/menu")
        await tenant.taps("ask-human")
        assert [shut(up, text) for text in (*said, tenant.heard()[-1])] == [True, False, False, False]


async def test_out_of_hours_is_said_at_the_first_words_that_come_after_them(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await tenant.writes(MORE)
        up.app.clock.set(aware("2027-03-15 20:00:01"))
        said = [*await tenant.writes("Nog iets."), *await tenant.writes("En nog iets.")]
        assert [shut(up, text) for text in said] == [True, False]


# Who hears


def opened(town: Town, name: str = "Amina", *, escalate_at: int = 0) -> int:
    """Let someone ask a human; give the talk's number."""
    person = people.get(town.tx, town.person(name))
    assert person is not None
    return handoffs.open_one(town.tx, VAULT, person, "deposit", QUESTION, "nl", town.now, escalate_at or town.now + DAY)


def role(town: Town, name: str, role: str = "staff", kind: str = "all", scope: str = "") -> None:
    """Give someone a role."""
    town.tx.run(
        "INSERT INTO role (person, role, scope_kind, scope) VALUES (:id, :role, :kind, :scope)",
        id=town.person(name),
        role=role,
        kind=kind,
        scope=scope,
    )


def lives_in(town: Town, name: str, province: str) -> None:
    """Say where someone lives."""
    town.tx.run("UPDATE person SET province = :province WHERE id = :id", province=province, id=town.person(name))


@pytest.mark.parametrize(
    ("province", "first"),
    [
        ("West-Vlaanderen", ["West"]),
        ("Limburg", ["All"]),  # nobody there: those for all
        ("", ["All"]),
    ],
)
@in_store
def test_staff_of_the_tenants_province_hear_first(town: Town, province: str, first: list[str]) -> None:
    role(town, "West", kind="region", scope="West-Vlaanderen")
    role(town, "East", kind="region", scope="Oost-Vlaanderen")
    role(town, "All")
    role(town, "Boss", "admin")
    role(town, "Luc", "organiser")
    lives_in(town, "Amina", province)
    opened(town)
    assert town.told("work") == first


@in_store
def test_where_nobody_is_near_and_nobody_for_all_everyone_hears(town: Town) -> None:
    role(town, "West", kind="region", scope="West-Vlaanderen")
    role(town, "Boss", "admin")
    lives_in(town, "Amina", "Limburg")
    opened(town)
    assert sorted(town.told("work")) == ["Boss", "West"]


@in_store
def test_after_an_answer_only_whoever_gave_it_hears_more(town: Town) -> None:
    role(town, "Greet")
    role(town, "Colleague")
    id = opened(town)
    handoffs.reply(town.tx, VAULT, id, town.person("Greet"), ANSWER, town.now)
    before = len(town.told("work"))
    town.now += 1000
    handoffs.write(town.tx, VAULT, id, town.person("Amina"), MORE, town.now, town.now + DAY)
    assert town.told("work")[before:] == ["Greet"]


@in_store
def test_what_waits_for_staff_from_before_is_not_sent_besides(town: Town) -> None:
    role(town, "Greet")
    town.time("2027-03-15 22:00")
    id = opened(town)
    handoffs.write(town.tx, VAULT, id, town.person("Amina"), MORE, town.now + 1000, town.now + DAY)
    assert [row["state"] for row in town.deliveries("work")] == ["expired", "held"]


@pytest.mark.parametrize("ends", ["answered", "closed"])
@in_store
def test_what_waits_for_staff_is_not_sent_once_a_colleague_saw_to_it(town: Town, ends: str) -> None:
    role(town, "Greet")
    town.time("2027-03-15 22:00")
    id, greet = opened(town), town.person("Greet")
    if ends == "answered":
        handoffs.reply(town.tx, VAULT, id, greet, ANSWER, town.now)
    else:
        handoffs.close(town.tx, VAULT, id, greet, town.now)
    assert [row["state"] for row in town.deliveries("work")] == ["expired"]


@in_store
def test_words_that_come_in_the_same_millisecond_are_heard_of(town: Town) -> None:
    role(town, "Greet")
    id = opened(town)
    handoffs.write(town.tx, VAULT, id, town.person("Amina"), MORE, town.now, town.now + DAY)
    assert [row["state"] for row in town.deliveries("work")][-1] == "queued"


async def test_with_nobody_to_ask_the_tenant_reads_so_and_nothing_is_asked(tmp_path: Path) -> None:
    async with desk(tmp_path, {"telegram": GREET, "role": "organiser"}) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/menu")
        await tenant.taps("ask-human")
        assert says(up, "At this moment nobody can read questions here.") in tenant.heard()[-1]


# Late


LATE = ({"telegram": ELIF, "role": "admin"}, {**STAFF, "scope": {"region": "West-Vlaanderen"}})
WAITS = "⏰ Question {n} still waits."


async def test_after_two_working_days_all_staff_and_admins_hear_once(tmp_path: Path) -> None:
    async with desk(tmp_path, *LATE, clock=at("2027-03-25 12:00:01")) as up:
        tenant, admin, staff = hands(up)
        await up.app.store.write(lambda tx: tx.run("UPDATE person SET province = 'West-Vlaanderen'"))
        await asks(tenant)
        late = says(up, WAITS, n=1)
        await up.app.scheduler.move_to(aware("2027-03-30 16:59:50"))  # over a weekend and Easter Monday
        assert [late in text for text in (*admin.heard(), *staff.heard())] == [False]
        await up.app.scheduler.move_to(aware("2027-03-30 17:00:10"))
        assert [late in hand.heard()[-1] for hand in (admin, staff)] == [True, True]
        seen = len(admin.heard()), len(staff.heard())
        await up.app.scheduler.move_to(aware("2027-04-05 12:00:00"))
        assert (len(admin.heard()), len(staff.heard())) == seen


async def test_a_question_that_was_answered_in_time_is_not_called_late(tmp_path: Path) -> None:
    async with desk(tmp_path, *LATE, clock=at("2027-03-25 12:00:01")) as up:
        tenant, admin, staff = hands(up)
        await up.app.store.write(lambda tx: tx.run("UPDATE person SET province = 'West-Vlaanderen'"))
        await asks(tenant)
        await answers(staff)
        await up.app.scheduler.move_to(aware("2027-04-05 12:00:00"))
        assert admin.heard() == []


@in_store
def test_more_words_do_not_put_off_the_moment_at_which_all_hear(town: Town) -> None:
    role(town, "Greet")
    id = opened(town, escalate_at=town.now + DAY)
    handoffs.write(town.tx, VAULT, id, town.person("Amina"), MORE, town.now, town.now + 5 * DAY)
    town.now += DAY
    while queue_due(town.tx, town.now):
        pass
    assert [row["subject"] for row in town.deliveries("work")][-1] == f"{id}:late"


# Night


@pytest.mark.parametrize(
    ("asked", "heard"),
    [
        ("2027-03-15 22:00:01", "2027-03-16 09:00:10"),  # Monday
        ("2027-03-20 23:00:01", "2027-03-22 09:00:10"),  # Saturday: the Sunday is free
        ("2027-03-28 12:00:01", "2027-03-30 09:00:10"),  # Easter
    ],
)
async def test_nothing_goes_to_staff_at_night_or_on_a_sunday_or_holiday(tmp_path: Path, asked: str, heard: str) -> None:
    async with desk(tmp_path, clock=at(asked)) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await up.app.scheduler.move_to(aware(heard) - timedelta(seconds=20))
        assert staff.heard() == []
        await up.app.scheduler.move_to(aware(heard))
        assert [QUESTION in text for text in staff.heard()] == [True]


async def test_an_answer_does_not_wake_the_tenant(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        up.app.clock.set(aware("2027-03-15 21:30:00"))
        await answers(staff)
        assert ANSWER not in tenant.heard()[-1]
        await up.app.scheduler.move_to(aware("2027-03-16 09:00:10"))
        assert ANSWER in tenant.heard()[-1]


# Time


@in_store
def test_ninety_days_after_its_end_a_talk_is_forgotten_with_its_words(town: Town) -> None:
    role(town, "Greet")
    id = opened(town)
    handoffs.close(town.tx, VAULT, id, town.person("Amina"), town.now)
    housekeeping.run(town.tx, town.now + 90 * DAY)
    assert len(town.tx.all("SELECT 1 AS yes FROM handoff_message")) == 1
    housekeeping.run(town.tx, town.now + 90 * DAY + 1)
    assert town.tx.all("SELECT 1 AS yes FROM handoff") == []
    assert town.tx.all("SELECT 1 AS yes FROM handoff_message") == []


@in_store
def test_a_talk_in_which_nobody_wrote_for_thirty_days_is_closed(town: Town) -> None:
    opened(town)
    for after, state in ((0, "waiting"), (1, "closed")):
        housekeeping.run(town.tx, town.now + 30 * DAY + after)
        assert [row["state"] for row in town.tx.all("SELECT state FROM handoff")] == [state]


@in_store
def test_words_begin_the_thirty_days_again(town: Town) -> None:
    id = opened(town)
    handoffs.write(town.tx, VAULT, id, town.person("Amina"), MORE, town.now + 20 * DAY, town.now + 22 * DAY)
    housekeeping.run(town.tx, town.now + 40 * DAY)
    assert [row["state"] for row in town.tx.all("SELECT state FROM handoff")] == ["waiting"]


@in_store
def test_after_a_talk_was_closed_for_silence_words_do_not_go_to_it(town: Town) -> None:
    id, amina = opened(town), town.person("Amina")
    handoffs.listen(town.tx, VAULT, amina, id, town.now)
    housekeeping.run(town.tx, town.now + 31 * DAY)
    found = people.get(town.tx, amina)
    assert found is not None
    assert found["focus"] is None
