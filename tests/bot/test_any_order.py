"""Whatever people and organisers do, in whatever order: seats and line stay right."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.clock import from_ms
from bot.store import meetings, registrations
from bot.store.db import Row, Store, Tx, open_store
from bot.store.registrations import Closed, Full, NotYours
from tests.bot.world import Town

T = TypeVar("T")
NAMES = ("Amina", "Elif", "Bram", "Chloe", "Dilan", "Femke", "Hana")
PLACES = st.integers(0, len(NAMES) - 1)  # a place in line, counted around
PARTIES = st.lists(st.integers(0, 2), min_size=len(NAMES), max_size=len(NAMES))
NUMBERS = itertools.count(1)


class InLoop:
    """A store, used from a thread without a loop."""

    def __init__(self, address: str):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.store: Store = open_store(address)

    def write(self, job: Callable[[Tx], T]) -> T:
        """Run a job as one transaction, and wait for it."""
        return asyncio.run_coroutine_threadsafe(self.store.write(job), self.loop).result()

    def close(self) -> None:
        """Close the store and its loop."""
        asyncio.run_coroutine_threadsafe(self.store.close(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def at_hand(address: str) -> Iterator[InLoop]:
    """Give a store on each engine for tests that have no loop of their own."""
    store = InLoop(address)
    yield store
    store.close()


def machine(at_hand: InLoop) -> type[RuleBasedStateMachine]:
    """Make the class whose instances each play one meeting."""

    class OneMeeting(RuleBasedStateMachine):
        """`line` is what the order should be; `offers` are all offers ever seen."""

        @initialize(capacity=st.integers(1, 3), parties=PARTIES)
        def begin(self, capacity: int, parties: list[int]) -> None:
            self.id, self.capacity, self.cancelled = f"m{next(NUMBERS)}", capacity, False
            self.now, self.start = "2027-06-01 10:00", "2027-06-15T19:00"
            self.line: list[str] = []
            self.offers: set[tuple[str, int, int]] = set()
            self.do(self.put)
            for name, companions in zip(NAMES, parties, strict=True):
                self.join(name, companions)

        def do(self, act: Callable[[Town], T]) -> T:
            return at_hand.write(lambda tx: act(Town(tx, self.now)))

        def put(self, town: Town) -> None:
            town.meeting(id=self.id, capacity=self.capacity, start=self.start, cancelled=self.cancelled)

        @rule(name=st.sampled_from(NAMES), companions=st.integers(0, 2))
        def join(self, name: str, companions: int) -> None:
            with contextlib.suppress(Full, Closed):
                waits = self.do(self.first_who_waits)
                status = self.do(lambda town: town.join(name, companions, self.id))
                if name not in self.line:
                    self.line.append(name)
                    assert not (waits and status == "confirmed"), "someone walked past the line"

        @precondition(lambda self: self.line)
        @rule(place=PLACES)
        def leave(self, place: int) -> None:
            name = self.line.pop(place % len(self.line))
            assert self.do(lambda town: town.leave(name, self.id))

        @precondition(lambda self: self.line)
        @rule(place=PLACES)
        def take(self, place: int) -> None:
            with contextlib.suppress(NotYours, Closed):
                self.do(lambda town: town.take(self.line[place % len(self.line)], self.id))

        @rule(hours=st.sampled_from([1, 5, 13, 24]))
        def pass_time(self, hours: int) -> None:
            self.now = (from_ms(self.do(lambda town: town.now)) + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")
            self.do(lambda town: town.tick())

        @rule(more=st.integers(1, 2))
        def add_seats(self, more: int) -> None:
            self.capacity += more
            self.do(self.put)

        @rule(days=st.integers(1, 10))
        def move(self, days: int) -> None:
            start = from_ms(self.do(lambda town: town.now)) + timedelta(days=days)
            self.start = f"{start.date()}T19:00"
            self.do(self.put)

        @rule(cancelled=st.sampled_from([False, False, True]))
        def cancel_or_hold_after_all(self, cancelled: bool) -> None:
            self.cancelled = cancelled
            self.do(self.put)

        def first_who_waits(self, town: Town) -> Row | None:
            return town.tx.one(
                "SELECT r.* FROM registration r JOIN meeting m ON m.id = r.meeting WHERE m.id = :id"
                " AND r.status = 'waiting' AND (r.offered_round < m.offer_round OR m.offer_round = 0) ORDER BY r.line LIMIT 1",
                id=self.id,
            )

        @invariant()
        def all_is_right(self) -> None:
            self.do(self.check)

        def check(self, town: Town) -> None:
            meeting = meetings.get(town.tx, self.id)
            assert meeting is not None
            rows = town.tx.all(
                "SELECT * FROM registration WHERE meeting = :id AND status <> 'cancelled' ORDER BY line", id=self.id
            )
            left = registrations.seats_left(town.tx, meeting)
            assert left is not None
            assert left >= 0, "more seats given than there are"
            assert [row["person"] for row in rows] == [town.person(name) for name in self.line], "the order changed"
            for earlier, later in itertools.combinations(rows, 2):
                overtaken = earlier["status"] == "waiting" and later["status"] == "offered"
                assert not (overtaken and earlier["offered_round"] < later["offered_round"]), "someone was passed over"
            asked = {(r["person"], r["line"], r["offered_round"]) for r in rows if r["status"] == "offered"}
            self.offers |= asked
            told = town.tx.all("SELECT person FROM delivery WHERE flow = 'seat_offer' AND subject = :id", id=self.id)
            assert sorted(row["person"] for row in told) == sorted(person for person, _line, _round in self.offers)
            open_ = not meeting["cancelled"] and town.now < meeting["start_at"] - registrations.CUT_OFF_MS
            first = self.first_who_waits(town)
            assert not (open_ and first and left >= 1 + first["companions"]), "a seat stays empty while someone waits"

    return OneMeeting


def test_seats_and_line_stay_right_whatever_happens(at_hand: InLoop, address: str) -> None:
    chosen = int(os.environ.get("TEST_SEED") or secrets.randbits(32))
    print(f"TEST_SEED={chosen}")
    few = settings(
        max_examples=60 if address.startswith("sqlite") else 20,
        stateful_step_count=40,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(chosen)(machine(at_hand)), settings=few)
