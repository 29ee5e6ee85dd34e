"""The life of a meeting that an organiser keeps: whatever tenants, callers and organisers do, in whatever order."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.changes import RefusedChange
from bot.clock import from_ms
from bot.store import attendance, broadcasts, registrations
from bot.store.db import Row
from bot.store.registrations import Closed, Full, NotYours
from flows.meeting_orders import (
    CancelMeeting,
    CheckIn,
    CloseSignUp,
    CountHeads,
    InviteToMeeting,
    MoveMeeting,
    PutMeeting,
    SendReport,
    SettlePhoned,
    SignUpByPhone,
    StopInvite,
    WantDoorCode,
)
from flows.talk import Change
from tests.bot.organising import PLAN, order, settle
from tests.bot.test_any_order import InLoop, at_hand  # noqa: F401  a fixture
from tests.bot.world import Town

T = TypeVar("T")
TENANTS = ("Amina", "Elif", "Bram", "Chloe")
NUMBERS = itertools.count(1)
WHO = st.sampled_from(TENANTS)
PLACES = st.integers(0, 9)  # of a list, counted around
CHOSEN = st.sampled_from([("landlord", "ijzer"), ("landlord", "leie"), ("municipality", "Veurne"), ("", "")])
REPORT = ("Eén", "Twee", "Drie")


def machine(at_hand: InLoop) -> type[RuleBasedStateMachine]:  # noqa: F811
    """Make the class whose instances each play one meeting."""

    class OneMeeting(RuleBasedStateMachine):
        """`given` are the codes that were ever given; `here` those that were noted at the door."""

        @initialize(capacity=st.integers(1, 4), deadline=st.booleans())
        def begin(self, capacity: int, deadline: bool) -> None:
            self.id = f"life{next(NUMBERS)}"
            self.now = "2027-06-01 10:00"
            self.given: set[str] = set()
            self.reported: list[int] | None = None
            start = datetime.fromisoformat("2027-06-15T19:00")
            plan = replace(
                PLAN, start=start, capacity=capacity, deadline=start - timedelta(days=3) if deadline else None
            )
            self.do(settle)
            self.do(tenants)
            assert self.order(PutMeeting(self.id, plan))

        def do(self, act: Callable[[Town], T]) -> T:
            return at_hand.write(lambda tx: act(Town(tx, self.now)))

        def order(self, change: Change, name: str = "Greet") -> bool:
            """Give an order; tell whether it was carried out. One that is refused leaves nothing behind."""
            try:
                self.do(lambda town: order(town, name, change))
            except RefusedChange:
                return False
            return True

        def meeting(self) -> Row:
            return self.do(lambda town: whole(town, self.id))

        def rows(self) -> list[dict[str, Any]]:
            return self.do(lambda town: places(town, self.id))

        def a_code(self, place: int) -> str:
            codes = sorted(self.given)
            return codes[place % len(codes)] if codes else "9999"

        @rule(name=WHO, companions=st.integers(0, 2))
        def joins(self, name: str, companions: int) -> None:
            closed = registrations.is_closed(self.meeting(), self.do(lambda town: town.now))
            had = self.do(lambda town: has_place(town, name, self.id))
            with contextlib.suppress(Full, Closed):
                self.do(lambda town: town.join(name, companions, self.id))
                assert had or not closed, "someone was taken on after the sign-up closed"

        @rule(name=WHO)
        def leaves(self, name: str) -> None:
            self.do(lambda town: town.leave(name, self.id))

        @rule(name=WHO)
        def takes_the_offer(self, name: str) -> None:
            with contextlib.suppress(NotYours, Closed):
                self.do(lambda town: town.take(name, self.id))

        @rule(companions=st.integers(0, 2))
        def phones(self, companions: int) -> None:
            before = registrations.is_closed(self.meeting(), self.do(lambda town: town.now))
            if self.order(SignUpByPhone(self.id, (), None, companions)):
                assert not before, "a caller was taken on after the sign-up closed"
                phoned = self.do(lambda town: attendance.phoned(town.tx, self.id))
                assert phoned is not None
                assert phoned.code not in self.given, "two people have one code"
                self.given.add(phoned.code)

        @rule(place=PLACES, comes=st.booleans())
        def is_called_back(self, place: int, comes: bool) -> None:
            code = self.a_code(place)
            before = {row["code"]: row for row in self.rows()}.get(code)
            if self.order(SettlePhoned(self.id, code, comes=comes)):
                assert before is not None
                assert before["person"] is None, "a tenant's place was settled by phone"
                assert before["status"] == "offered" if comes else before["status"] != "cancelled"

        @rule(name=WHO)
        def wants_the_code(self, name: str) -> None:
            if self.order(WantDoorCode(self.id), name):
                row = self.do(lambda town: town.place(name, self.id))
                assert row["status"] == "confirmed"
                self.given.add(row["code"])

        @rule(place=PLACES)
        def comes_to_the_door(self, place: int) -> None:
            code = self.a_code(place)
            before = {row["code"]: row for row in self.rows()}.get(code)
            if self.order(CheckIn(self.id, code)):
                assert before is not None
                assert (before["status"], before["attended"]) in {("confirmed", ""), ("confirmed", "no")}

        @rule(heads=st.integers(0, 30))
        def are_counted(self, heads: int) -> None:
            self.order(CountHeads(self.id, heads))

        @rule(closed=st.booleans())
        def closes_or_opens(self, closed: bool) -> None:
            if self.order(CloseSignUp(self.id, closed=closed)):
                assert registrations.is_closed(self.meeting(), self.do(lambda town: town.now)) == closed

        @rule(days=st.integers(-1, 6))
        def moves(self, days: int) -> None:
            now = self.do(lambda town: town.now)
            start = datetime.combine(from_ms(now).date() + timedelta(days), PLAN.start.time())
            before = self.meeting()
            if self.order(MoveMeeting(self.id, start)):
                assert not before["cancelled"]
                assert before["start_at"] > now, "what had begun was moved"
                assert self.meeting()["start_at"] > now, "a meeting was moved to the past"

        @rule(really=st.sampled_from([False, False, False, True]))
        def is_cancelled(self, really: bool) -> None:
            if really and self.order(CancelMeeting(self.id)):
                assert self.meeting()["cancelled"]

        @rule(chosen=CHOSEN)
        def invites(self, chosen: tuple[str, str]) -> None:
            meeting, now = self.meeting(), self.do(lambda town: town.now)
            if self.order(InviteToMeeting(self.id, *chosen)):
                assert not meeting["cancelled"]
                assert not registrations.is_closed(meeting, now)
                assert meeting["start_at"] > now

        @rule(place=PLACES)
        def stops_an_invitation(self, place: int) -> None:
            sent = self.do(lambda town: ordered(town, self.id))
            if sent:
                self.order(StopInvite(self.id, sent[place % len(sent)]["id"]))

        @rule()
        def reports(self) -> None:
            if self.order(SendReport(self.id, REPORT)):
                assert self.reported is None, "a report was sent twice"
                self.reported = self.do(lambda town: attendance.came(town.tx, self.id))

        @rule(hours=st.sampled_from([1, 13, 40, 100]))
        def time_passes(self, hours: int) -> None:
            self.now = (from_ms(self.do(lambda town: town.now)) + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")
            self.do(lambda town: town.tick())
            self.do(all_planned)

        @rule(place=PLACES)
        def someone_else_meddles(self, place: int) -> None:
            """Nora organises in another town, Amina nowhere."""
            code = self.a_code(place)
            meddling = (CancelMeeting(self.id), CloseSignUp(self.id, closed=True), CheckIn(self.id, code))
            for name, change in itertools.product(("Nora", "Amina"), meddling):
                assert not self.order(change, name)

        @invariant()
        def all_is_right(self) -> None:
            meeting, rows = self.meeting(), self.rows()
            left = self.do(lambda town: registrations.seats_left(town.tx, meeting))
            assert left is not None
            assert left >= 0, "more seats given than there are"
            codes = [row["code"] for row in rows if row["code"]]
            assert len(set(codes)) == len(codes), "two people have one code"
            assert set(codes) == self.given, "a code was lost or changed"
            assert all(row["attended"] != "yes" or row["code"] for row in rows)
            self.do(self.messages_are_right)

        def messages_are_right(self, town: Town) -> None:
            told = town.tx.all(
                "SELECT person FROM delivery WHERE flow = 'meeting_report_told' AND subject = :id", id=self.id
            )
            assert sorted(row["person"] for row in told) == sorted(self.reported or [])
            invited = town.tx.all(
                "SELECT person FROM delivery WHERE flow = 'meeting_invitation' AND subject = :id", id=self.id
            )
            assert len({row["person"] for row in invited}) == len(invited), "someone was invited twice"
            waits = town.tx.one(
                "SELECT count(*) AS n FROM broadcast WHERE about = :about AND state IN ('waiting', 'released')",
                about=f"meeting:{self.id}",
            )
            assert waits is not None
            assert not (whole(town, self.id)["cancelled"] and waits["n"]), "a cancelled meeting still invites"

    return OneMeeting


def tenants(town: Town) -> None:
    """Let four people rent of two landlords, and want messages about meetings."""
    for n, name in enumerate(TENANTS):
        town.consent(name, "meetings")
        town.tx.run(
            "UPDATE person SET landlord = :landlord, municipality = :town, unreachable = '' WHERE id = :id",
            landlord=("ijzer", "leie")[n % 2],
            town=("Veurne", "Gent")[n // 2],
            id=town.person(name),
        )


def whole(town: Town, id: str) -> Row:
    row = town.tx.one("SELECT * FROM meeting WHERE id = :id", id=id)
    assert row is not None
    return row


def places(town: Town, id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in town.tx.all("SELECT * FROM registration WHERE meeting = :id ORDER BY line", id=id)]


def has_place(town: Town, name: str, id: str) -> bool:
    row = registrations.of(town.tx, id, town.person(name))
    return row is not None and row["status"] != "cancelled"


def ordered(town: Town, id: str) -> list[dict[str, Any]]:
    rows = town.tx.all("SELECT id, audience FROM broadcast WHERE about = :about ORDER BY id", about=f"meeting:{id}")
    return [{"id": row["id"], "audience": json.loads(row["audience"])} for row in rows]


def all_planned(town: Town) -> None:
    """Make the rows of every invitation that is due."""
    while broadcasts.step(town.tx, town.now):
        pass


def test_a_kept_meeting_stays_right_whatever_happens(at_hand: InLoop, address: str) -> None:  # noqa: F811
    chosen = int(os.environ.get("TEST_SEED") or secrets.randbits(32))
    print(f"TEST_SEED={chosen}")
    few = settings(
        max_examples=50 if address.startswith("sqlite") else 15,
        stateful_step_count=40,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(chosen)(machine(at_hand)), settings=few)
