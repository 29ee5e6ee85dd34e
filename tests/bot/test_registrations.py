"""Places at meetings: the last seat is sold once, also when everyone comes at the same moment."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import pytest

from bot.store import registrations
from bot.store.db import Row, Store, Tx
from bot.store.registrations import Closed, Full, Wish
from tests.bot.world import MEETING, Town, in_store

CROWD = [f"p{number}" for number in range(200)]


async def prepare(store: Store, capacity: int) -> None:
    """Put a meeting and know the crowd, so that only the signing up happens at once."""

    def job(tx: Tx) -> None:
        town = Town(tx)
        town.meeting(capacity=capacity)
        for name in CROWD:
            town.person(name)

    await store.write(job)


async def everyone(store: Store) -> list[Row]:
    """Give all registrations in the order of the line."""
    return await store.read(lambda tx: tx.all("SELECT * FROM registration ORDER BY line"))


async def test_of_200_people_at_once_20_get_a_seat_and_180_wait_in_the_order_of_their_commits(store: Store) -> None:
    await prepare(store, capacity=20)
    committed: list[str] = []

    def join(name: str, tx: Tx) -> str:
        status = Town(tx).join(name)
        committed.append(name)  # the meeting's row is locked until the commit, so this order is that of the commits
        return status

    results = await asyncio.gather(*(store.write(partial(join, name)) for name in CROWD))
    town = await store.read(lambda tx: Town(tx).those("confirmed") + Town(tx).those("waiting"))
    assert Counter(results) == {"confirmed": 20, "waiting": 180}
    assert town == committed
    assert [row["line"] for row in await everyone(store)] == list(range(1, 201))


async def test_parties_at_once_never_take_more_seats_than_there_are(store: Store) -> None:
    await prepare(store, capacity=20)
    jobs = (store.write(lambda tx, name=name: Town(tx).join(name, companions=2)) for name in CROWD[:40])  # type: ignore[misc]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    full = [result.left for result in results if isinstance(result, Full)]
    assert (results.count("confirmed"), full) == (6, [2] * 34)


async def test_the_same_person_twice_at_once_has_one_place(store: Store) -> None:
    await prepare(store, capacity=20)
    await asyncio.gather(*(store.write(lambda tx: Town(tx).join("p1")) for _time in range(10)))
    assert [row["status"] for row in await everyone(store)] == ["confirmed"]


async def test_people_coming_and_going_at_once_leave_no_seat_taken_twice(store: Store) -> None:
    await prepare(store, capacity=20)
    await asyncio.gather(*(store.write(lambda tx, name=name: Town(tx).join(name)) for name in CROWD[:60]))  # type: ignore[misc]
    going = [store.write(lambda tx, name=name: Town(tx).leave(name)) for name in CROWD[:60:2]]  # type: ignore[misc]
    coming = [store.write(lambda tx, name=name: Town(tx).join(name)) for name in CROWD[60:100]]  # type: ignore[misc]
    await asyncio.gather(*(job for pair in zip(going, coming[:30], strict=True) for job in pair), *coming[30:])
    statuses = Counter(row["status"] for row in await everyone(store))
    assert (statuses["confirmed"] + statuses["offered"], statuses["cancelled"], statuses["waiting"]) == (20, 30, 50)


async def test_an_offer_taken_while_it_passes_on_is_taken_or_passed_on_but_not_both(store: Store) -> None:
    await prepare(store, capacity=1)

    def offer(tx: Tx) -> None:
        town = Town(tx)
        for name in ("p1", "p2", "p3"):
            town.join(name)
        town.leave("p1")

    def late(tx: Tx) -> Town:
        return Town(tx, now="2027-03-03 10:00")

    await store.write(offer)
    taken, _passed = await asyncio.gather(
        store.write(lambda tx: late(tx).take("p2")), store.write(lambda tx: late(tx).tick()), return_exceptions=True
    )
    statuses = {row["status"] for row in await everyone(store)}
    assert statuses == ({"cancelled", "confirmed", "waiting"} if taken is None else {"cancelled", "waiting", "offered"})


@in_store
def test_companions_need_seats_of_their_own(town: Town) -> None:
    town.meeting(capacity=3)
    town.join("Amina", companions=1)
    with pytest.raises(Full) as full:
        town.join("Elif", companions=1)
    assert full.value.left == 1


@in_store
def test_more_companions_than_free_seats_are_refused_and_the_place_stays(town: Town) -> None:
    town.meeting(capacity=3)
    town.join("Amina", companions=1)
    with pytest.raises(Full) as full:
        town.join("Amina", companions=3)
    assert (full.value.left, town.place("Amina")["companions"]) == (3, 1)  # three, her own two included


@in_store
def test_a_place_is_changed_without_losing_it(town: Town) -> None:
    town.meeting(capacity=1)
    town.join("Amina")
    wish = Wish(("interpreter",), "ar")
    status = registrations.register(town.tx, MEETING, town.person("Amina"), wish, town.now)
    assert (status, town.place("Amina")["interpreter"]) == ("confirmed", "ar")


@in_store
def test_a_meeting_without_a_limit_has_a_place_for_everyone(town: Town) -> None:
    town.meeting()
    assert {town.join(name, companions=4) for name in CROWD[:30]} == {"confirmed"}


@in_store
def test_nobody_joins_a_meeting_that_has_begun(town: Town) -> None:
    town.meeting()
    town.time("2027-03-25 19:00")
    with pytest.raises(Closed):
        town.join("Amina")


@in_store
def test_nobody_joins_a_cancelled_meeting(town: Town) -> None:
    town.meeting(cancelled=True)
    with pytest.raises(Closed):
        town.join("Amina")


@in_store
def test_leaving_twice_changes_nothing(town: Town) -> None:
    town.meeting(capacity=1)
    town.join("Amina")
    assert [town.leave("Amina"), town.leave("Amina")] == [True, False]


@in_store
def test_whoever_is_erased_gives_the_place_to_the_next(town: Town) -> None:
    town.meeting(capacity=1)
    town.join("Amina")
    town.join("Elif")
    registrations.leave_all(town.tx, town.person("Amina"), town.now)
    assert town.those("offered") == ["Elif"]
