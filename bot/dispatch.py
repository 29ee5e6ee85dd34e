"""Run stored updates as turns: one person's in order, different people's at once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock
from bot.crypto import Vault
from bot.outbox import Outbox
from bot.store import inbox
from bot.store.db import Store, Tx, patiently
from bot.store.deliveries import Ready
from bot.telegram.updates import Ignored, Incoming, Tap, Unreadable, read
from bot.turns import SlowLook, Turns

log = logging.getLogger(__name__)

AT_ONCE = 256
ATTEMPTS = 3
Acknowledge = Callable[[str], Awaitable[None]]


@dataclass
class Dispatcher:
    """Read, order and run what came in. `acknowledge` answers a tap, outside the outbox and best effort."""

    store: Store
    vault: Vault
    clock: Clock
    turns: Turns
    outbox: Outbox
    acknowledge: Acknowledge
    counts: dict[str, int] = field(default_factory=lambda: {"handled": 0, "quarantined": 0, "ignored": 0, "failed": 0})
    _queues: dict[int, deque[Incoming]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def backlog(self) -> int:
        """Count what waits or runs here."""
        return sum(len(queue) for queue in self._queues.values())

    async def recover(self) -> None:
        """At start: count the attempt that was cut off, and run what waits. What was cut off before runs alone, first."""
        rows = await self.store.write(lambda tx: inbox.waiting(tx, self.vault))
        suspects = [row for row in rows if row[2]]  # older than the others, as all that waited was counted last time
        fresh = [row for row in rows if not row[2]]
        for update_id, raw, attempts in suspects:
            incoming = await self._read(update_id, json.loads(raw))
            if incoming is not None:
                await self._run_alone(incoming, attempts)
        await patiently(self.store, lambda tx: inbox.count_attempts(tx, [id for id, _raw, _attempts in fresh]))
        for update_id, raw, _attempts in fresh:
            incoming = await self._read(update_id, json.loads(raw))
            if incoming is not None:
                self._enqueue(incoming)

    async def _run_alone(self, incoming: Incoming, attempts: int) -> None:
        """Run what was cut off before, counted just before it starts: waiting behind a culprit is no attempt."""
        if attempts >= ATTEMPTS:
            return await self._fail(incoming)
        await patiently(self.store, lambda tx: inbox.count_attempts(tx, [incoming.update_id]))
        return await self._run(incoming, attempts)

    async def accept(self, updates: list[tuple[int, Any]]) -> None:
        """Take updates (id, JSON) that are stored and new."""
        for update_id, update in updates:
            incoming = await self._read(update_id, update)
            if incoming is not None:
                self.outbox.pacer.tapped(self.clock.monotonic())
                if isinstance(incoming.what, Tap):
                    self._spawn(self.acknowledge(incoming.what.callback_id))
                self._enqueue(incoming)

    async def _read(self, update_id: int, update: Any) -> Incoming | None:
        """Read one update; set apart what cannot be read, and drop by name what needs no answer."""
        try:
            read_as = read(update)
        except Exception as error:
            reason = str(error) if isinstance(error, Unreadable) else type(error).__name__
            now = self.clock.ms()

            def job(tx: Tx) -> None:
                inbox.quarantine(tx, update_id, reason)
                self.turns.alarm(tx, "quarantined", now)

            await patiently(self.store, job)
            self.counts["quarantined"] += 1
            log.warning("update quarantined: %s", reason)
            return None
        if isinstance(read_as, Ignored):
            rule = read_as.rule
            await patiently(self.store, lambda tx: inbox.finish(tx, update_id, "ignored", rule))
            self.counts["ignored"] += 1
            return None
        return read_as

    def _enqueue(self, incoming: Incoming) -> None:
        """Put an update behind the others of its person; start on them when nobody has."""
        queue = self._queues.get(incoming.chat_id)
        if queue is not None:
            queue.append(incoming)
            return
        self._queues[incoming.chat_id] = deque([incoming])
        self._spawn(self._run_all(incoming.chat_id))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_all(self, chat_id: int) -> None:
        queue = self._queues[chat_id]
        try:
            while queue:
                await self._run_first(queue)
        finally:
            del self._queues[chat_id]

    async def _run_first(self, queue: deque[Incoming]) -> None:
        """Run the first of a person's updates. Whatever goes wrong there must not silence what comes after."""
        async with self._slots:
            try:
                await self._run(queue[0])
            except Exception as error:
                log.exception("an update was left for the next start (%s)", type(error).__name__)
            finally:
                queue.popleft()

    async def _run(self, incoming: Incoming, attempts: int = 0) -> None:
        """Run one turn: twice silently again, then consumed as failed. Trouble with the database is waited out."""
        while True:
            try:
                ready = await self._take(incoming)
            except Exception as error:
                attempts += 1
                log.exception("a turn raised %s (attempt %d)", type(error).__name__, attempts)
                if attempts >= ATTEMPTS:
                    return await self._fail(incoming)
                await patiently(self.store, lambda tx: inbox.count_attempts(tx, [incoming.update_id]))
            else:
                return self._handled(ready)

    async def _take(self, incoming: Incoming) -> list[Ready]:
        """Take one turn, with what it must look up outside the transaction."""
        found = self.turns.hear(incoming)
        while True:
            try:
                return await patiently(self.store, lambda tx: self.turns.take(tx, incoming, self.clock.ms(), found))
            except SlowLook as slow:
                look = slow.look
            found[look.inputs] = await asyncio.to_thread(self.turns.looks[look.what], look.inputs)

    def _handled(self, ready: list[Ready]) -> None:
        self.outbox.offer(ready)
        self.outbox.poke()
        self.counts["handled"] += 1

    async def _fail(self, incoming: Incoming) -> None:
        """Consume an update as failed, with a sorry; where even that raises, without."""
        ready: list[Ready] = []
        try:
            ready = await patiently(self.store, lambda tx: self.turns.fail(tx, incoming, self.clock.ms()))
        except Exception as error:
            log.exception("no sorry could be said (%s)", type(error).__name__)
            end = "three attempts, and no sorry"
            await patiently(self.store, lambda tx: inbox.finish(tx, incoming.update_id, "failed", end))
        self.counts["failed"] += 1
        self.outbox.offer(ready)

    async def idle(self) -> None:
        """Wait until nothing runs here."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))
