"""The clock's tick. What is due is data: a tick only looks, so a missed or doubled one does no harm."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, from_ms, to_ms
from bot.dispatch import Dispatcher
from bot.outbox import Outbox
from bot.poll_clock import PollClock
from bot.poll_clock import next_due as next_of_polls
from bot.store import deliveries, handoffs, housekeeping, registrations, reminders
from bot.store.db import Store, Tx

log = logging.getLogger(__name__)

TICK_SECONDS = 1
AT_ONCE = 100
HOUSEKEEPING_MINUTES = 10


class Scheduler:
    """Tick each second; keep house every ten minutes."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox, dispatcher: Dispatcher, *, movable: bool = False):
        self.store, self.clock, self.outbox, self.dispatcher = store, clock, outbox, dispatcher
        self.movable = movable
        self.polls = PollClock(store, dispatcher.vault, dispatcher.turns.languages)
        self._ticks = AsyncIOScheduler(timezone="UTC")
        self.last_tick = clock.monotonic()

    def start(self) -> None:
        """Begin to tick."""
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._ticks.add_job(self._guarded_tick, "interval", seconds=TICK_SECONDS, **options)
        self._ticks.add_job(self._keep_house, "interval", minutes=HOUSEKEEPING_MINUTES, **options)
        self._ticks.start()

    def stop(self) -> None:
        """Stop ticking."""
        if self._ticks.running:
            self._ticks.shutdown(wait=False)

    async def _guarded_tick(self) -> None:
        try:
            await self.tick()
        except Exception as error:
            log.warning("a tick failed (%s); the next one looks again", type(error).__name__)

    async def _keep_house(self) -> None:
        try:
            await self.store.write(lambda tx: housekeeping.run(tx, self.clock.ms()))
        except Exception as error:
            log.warning("housekeeping failed (%s); the next one tries again", type(error).__name__)

    async def tick(self) -> None:
        """Queue what is due, pass on offers that ended, and pick up what may be sent."""
        now = self.clock.ms()
        more = await self.store.read(lambda tx: due_now(tx, now))
        while more:  # in short transactions, so that nobody's reply waits behind a hall full of reminders
            more = await self.store.write(lambda tx: queue_due(tx, now))
        try:
            await self.polls.tick(now)
        finally:
            await self.outbox.sweep()
        self.last_tick = self.clock.monotonic()

    async def move_to(self, to: datetime) -> None:
        """Move the clock (demo and tests) to an aware moment, stepping through the due times in order.

        Raises PermissionError where the Bot API is Telegram's own: real people would get messages before their time.
        """
        if not self.movable:
            raise PermissionError("the clock is moved in the demo and in tests only, not with Telegram's own Bot API")
        if to.tzinfo is None:
            raise ValueError(f"expected a moment with a zone, not {to.isoformat()}")
        await self._settled()  # what is on its way arrives in its own time, and does not end as out of date
        while (due := await self._next_due()) is not None and due < to:
            await self._arrive(due)
        await self._arrive(to)

    async def _next_due(self) -> datetime | None:
        now = self.clock.ms()

        def job(tx: Tx) -> int | None:
            found = (
                reminders.next_due(tx, now),
                registrations.next_offer_end(tx, now),
                deliveries.next_due(tx, now),
                handoffs.next_due(tx, now),
                next_of_polls(tx, now),
                housekeeping.next_due(tx, now),
            )
            return min((due for due in found if due is not None), default=None)

        due = await self.store.read(job)
        return from_ms(due) if due else None

    async def _arrive(self, at: datetime) -> None:
        if at > self.clock.now():
            self.clock.set(at + timedelta(milliseconds=1))
        elif to_ms(at) < self.clock.ms():
            self.clock.set(at)
        await self.tick()
        await self._settled()

    async def _settled(self) -> None:
        await self.dispatcher.idle()
        await self.outbox.idle(marks=False)


def due_now(tx: Tx, now: int) -> bool:
    """Tell, by reading only, whether a tick has anything to write."""
    row = tx.one(
        "SELECT 1 AS yes WHERE EXISTS (SELECT 1 FROM reminder WHERE state = 'planned' AND due_at <= :now)"
        " OR EXISTS (SELECT 1 FROM registration WHERE status = 'offered' AND offered_until <= :now)"
        " OR EXISTS (SELECT 1 FROM handoff WHERE state = 'waiting' AND escalate_at <= :now)"
        " OR EXISTS (SELECT 1 FROM session WHERE nudged = 0 AND touched_at <= :nudge)"
        " OR EXISTS (SELECT 1 FROM session WHERE touched_at <= :old)",
        now=now,
        nudge=now - housekeeping.NUDGE_MS,
        old=now - housekeeping.SESSION_MS,
    )
    return row is not None


def queue_due(tx: Tx, now: int) -> bool:
    """Queue some reminders that are due, pass on offers, nudge and close conversations that wait too long. Tells whether
    more reminders may be due."""
    looked_at = reminders.due(tx, now, AT_ONCE)
    registrations.pass_on(tx, now)
    housekeeping.sessions(tx, now)
    handoffs.escalate(tx, now)
    return looked_at == AT_ONCE
