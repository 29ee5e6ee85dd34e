"""The only door: every message waits here, is judged here, keeps one pace, and ends with a reason."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock
from bot.crypto import Vault
from bot.rules import BULK, CLASSES, MARKS, REMINDERS, REPLIES
from bot.store import deliveries, people
from bot.store.db import Store, Tx, is_trouble, patiently
from bot.store.deliveries import Ready
from bot.telegram.pacing import Pacer
from bot.telegram.sender import SERVER_ERROR, Outcome

log = logging.getLogger(__name__)

REPLIES_AT_ONCE = 64
BULK_AT_ONCE = 2
LANES = {REPLIES: "replies", MARKS: "marks", REMINDERS: "reminders", BULK: "bulk"}
SWEEP_PAUSE = 0.1
MOST_KNOWN = 200
EXPIRE_MS = 60_000  # what waits is judged when it goes; this only writes down what nobody waits for any more
ALONE_AFTER = 3  # attempts after which a message no longer holds up its chat; it is tried until it is of no use
FIRST_DELAY, LONGEST_DELAY = 0.5, 60.0
Render = Callable[[Tx, int, str, str, int], list[dict[str, Any]]]
Send = Callable[[Ready], Awaitable[Outcome]]


@dataclass
class Outbox:
    """Deliveries on their way out. Rows are the truth; what is held here can be read again from them at any time."""

    store: Store
    vault: Vault
    clock: Clock
    pacer: Pacer
    render: Render
    send: Send
    on_token_refused: Callable[[], None] = lambda: None
    lanes: tuple[deque[Ready], ...] = field(default_factory=lambda: tuple(deque() for _lane in range(4)))
    known: set[int] = field(default_factory=set)
    sent_count: int = 0
    floods: int = 0
    _busy: dict[int, deque[Ready]] = field(default_factory=dict)  # chats with a send under way: what waits behind it
    _edits: dict[tuple[int, int], Ready] = field(default_factory=dict)  # edits that wait, by chat and message
    _begun: dict[tuple[int, int], int] = field(default_factory=dict)  # the newest of each whose sending began lately
    _under_way: list[int] = field(default_factory=lambda: [0] * 4)
    _expired_at: int = 0
    _poked: asyncio.Event = field(default_factory=asyncio.Event)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _to_mark: list[Ready] = field(default_factory=list)
    _mark: asyncio.Event = field(default_factory=asyncio.Event)
    _done: list[tuple[int, int | None]] = field(default_factory=list)
    _flush: asyncio.Event = field(default_factory=asyncio.Event)
    _marks: set[int] = field(default_factory=set)
    _marking: asyncio.Future[set[int]] | None = None
    _flushing: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, ready: list[Ready]) -> None:
        """Take committed deliveries straight from a turn."""
        for item in ready:
            if item.id not in self.known:
                self.known.add(item.id)
                if item.lane == MARKS:
                    self._marks.add(item.id)
                if not self._overtaken(item):
                    self.lanes[item.lane].append(item)
        if ready:
            self._idle.clear()
            self._wake.set()

    def _overtaken(self, item: Ready) -> bool:
        """Of two edits of one message that wait, only the newer matters: drop the other. Tells whether that is this one."""
        if (edited := _edited(item)) is None or (waits := self._edits.get(edited)) is item:
            return False
        older = item if waits and waits.id > item.id else waits
        if older is not item:
            self._edits[edited] = item
        if older is not None:
            older.dropped = True
            self._spawn(self._drop(older))
        return older is item

    async def _drop(self, item: Ready) -> None:
        """Write down that a newer edit took an item's place; known until then, so that no sweep picks it up again."""
        await patiently(self.store, lambda tx: deliveries.set_state(tx, item.id, "expired", deliveries.OVERTAKEN))
        self._let_go(item)

    def _let_go(self, item: Ready) -> None:
        self.known.discard(item.id)
        self._marks.discard(item.id)
        self._idle.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def sweep(self) -> None:
        """Pick up rows that are due and not held here: planned ones, held ones whose time has come, other processes' ones.

        A long queue is read beside the writer, so that no turn waits for it; marking asks again whether a row still waits.
        """
        if len(self.known) > MOST_KNOWN:
            return
        now, known = self.clock.ms(), set(self.known)
        if abs(now - self._expired_at) >= EXPIRE_MS or await self.store.read(lambda tx: deliveries.held_due(tx, now)):
            self._expired_at = now
            self._begun.clear()
            await self.store.write(lambda tx: self._stir(tx, now))
        found, unreadable = await self.store.read(lambda tx: deliveries.queued(tx, self.vault, known))
        for id in unreadable:
            log.error("a delivery cannot be opened: was it sealed under another key?")
            await self.store.write(lambda tx, id=id: deliveries.set_state(tx, id, "failed", "cannot be opened"))  # type: ignore[misc]
        self.offer(found)

    def _stir(self, tx: Tx, now: int) -> None:
        deliveries.expire(tx, now)
        deliveries.judge_held(tx, now)

    def poke(self) -> None:
        """Say that rows may have been planned: look soon, not at the next tick only."""
        self._poked.set()

    async def _sweep_when_poked(self) -> None:
        while True:
            await self._poked.wait()
            self._poked.clear()
            try:
                await self.sweep()
            except Exception as error:
                log.warning("a sweep failed (%s); the next tick looks again", type(error).__name__)
            await asyncio.sleep(SWEEP_PAUSE)

    async def run(self) -> None:
        """Send until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep_when_poked())
            group.create_task(self._pump())
            group.create_task(self._mark_all())
            group.create_task(self._flush_all())

    async def finish(self) -> None:
        """After the end of `run`: let what is under way arrive, and write it down; what was only marked goes back."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))
        if self._marking is not None:
            marked = await self._marking
            await self.store.write(lambda tx: deliveries.unmark(tx, marked))
        done, self._done = self._done, []
        await self.store.write(lambda tx: deliveries.mark_sent(tx, done, self.clock.ms()))

    async def idle(self, *, marks: bool = True) -> None:
        """Wait until nothing is held here any more (`marks` false: but marks of answers), and what was sent is written."""
        while len(self.known) > (0 if marks else len(self._marks)) or self._done or self._flushing:
            self._idle.clear()
            await self._idle.wait()

    async def _pump(self) -> None:
        """Choose what goes next: replies before reminders before bulk, one send at a time to a chat."""
        while True:
            wait = self._start_all()
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait)

    def _start_all(self) -> float | None:
        """Start all that may go now; give the seconds until the next may, None when only news can tell."""
        waits: list[float] = []
        for lane in LANES:
            queue = self.lanes[lane]
            while queue and self._under_way[lane] < (BULK_AT_ONCE if lane == BULK else REPLIES_AT_ONCE):
                now = self.clock.monotonic()
                if (wait := self.pacer.wait(lane, now)) > 0:
                    waits.append(wait)
                    break
                self._start(queue.popleft(), lane, now)
        return min(waits) if waits else None

    def _start(self, item: Ready, lane: int, now: float) -> None:
        if item.dropped:
            return
        chat = item.chat_id
        if chat in self._busy:
            self._busy[chat].append(item)
            return
        if (wait := self.pacer.chat_wait(chat, now, keep=1.0 if lane == MARKS else 0.0)) > 0:
            if lane == MARKS:  # a mark can wait: what is said next overtakes it
                asyncio.get_running_loop().call_later(wait, self._put, item)
                return
            self._busy[chat] = deque()
            asyncio.get_running_loop().call_later(wait, self._again, item)
            return
        self._busy[chat] = deque()
        if (edited := _edited(item)) is not None:
            self._edits.pop(edited, None)
            self._begun[edited] = max(item.id, self._begun.get(edited, 0))
        self.pacer.took(lane, now)
        self.pacer.chat_took(chat, now)
        self._under_way[lane] += 1
        self._to_mark.append(item)
        self._mark.set()

    def _put(self, item: Ready) -> None:
        self.lanes[item.lane].append(item)
        self._wake.set()

    def _again(self, item: Ready) -> None:
        """Put an item back at the front, with what waits behind it in its chat."""
        self._free(item)
        self._once_more(item)

    def _once_more(self, item: Ready) -> None:
        """Put an item back at the front, unless what it edits has a newer screen by now."""
        if not self._overtaken(item):
            self.lanes[item.lane].appendleft(item)
        self._wake.set()

    async def _mark_all(self) -> None:
        """Write "sending" for everything that starts, in one transaction; only then send it."""
        while True:
            await self._mark.wait()
            self._mark.clear()
            batch, self._to_mark = self._to_mark, []
            work = self.store.write(lambda tx, batch=batch: self._prepare(tx, batch, self.clock.ms()))  # type: ignore[misc]
            self._marking = asyncio.ensure_future(work)
            try:
                going = await asyncio.shield(self._marking)  # cancelled here, `finish` sees to what was marked
                self._marking = None
            except Exception:
                self._marking = None
                log.exception("cannot mark deliveries as sending; trying again")
                for item in batch:
                    self._under_way[item.lane] -= 1
                    self.pacer.left()
                    self._later(item, 1.0)
                continue
            for item in batch:
                if item.id not in going:
                    self._under_way[item.lane] -= 1
                    self.pacer.left()
                    self._end(item)
                    self._wake.set()
                    continue
                self._spawn(self._deliver(item))

    def _prepare(self, tx: Tx, batch: list[Ready], now: int) -> set[int]:
        """Ask the rules once more, render what was only a reference, and mark. Gives the ids that go."""
        ready = [item for item in batch if item.payload is not None or self._prepare_reference(tx, item, now)]
        edits = [(item, at) for item in ready if (at := _edited(item))]
        late = {e.id for e, at in edits if deliveries.end_late_edit(tx, e.id, e.person, at[1], self._begun.get(at, 0))}
        return deliveries.mark_sending(tx, [item.id for item in ready if item.id not in late])

    def _prepare_reference(self, tx: Tx, item: Ready, now: int) -> bool:
        row = tx.one("SELECT * FROM delivery WHERE id = :id", id=item.id)
        if row is None or row["state"] != "queued" or item.person is None:
            return False
        if deliveries.rejudge(tx, row, now).state != "queued":
            return False
        screens = self._rendered(tx, item, item.person, now)
        if not screens:
            deliveries.set_state(tx, item.id, "failed", "nothing to say")
            return False
        item.payload = screens[0]
        return True

    def _rendered(self, tx: Tx, item: Ready, person: int, now: int) -> list[dict[str, Any]]:
        """Render a reference. One that cannot be rendered must not stop what goes with it in the same transaction."""
        try:
            return self.render(tx, person, item.flow, item.subject, now)
        except Exception as error:
            if is_trouble(error):
                raise
            log.exception("a delivery could not be rendered: %s", type(error).__name__)
            return []

    async def _deliver(self, item: Ready) -> None:
        try:
            outcome = await self.send(item)
        except Exception as error:
            log.exception("a send raised %s", type(error).__name__)
            outcome = Outcome("failed", f"error {type(error).__name__}")
        self.pacer.landed(self.clock.monotonic())
        self._under_way[item.lane] -= 1
        if outcome.how == "sent":
            self.sent_count += 1
            self._done.append((item.id, outcome.message_id))
            self._flush.set()
            self._end(item)
        else:
            await self._not_sent(item, outcome)
        self._wake.set()

    async def _not_sent(self, item: Ready, outcome: Outcome) -> None:
        """Wait and try again, try once more, or end with a reason."""
        match outcome.how:
            case "flood":
                self.floods += 1
                self.pacer.refused(outcome.wait, self.clock.monotonic())
                await self._back(item, "flood")
                self._again(item)
            case "again":
                await self._back(item, outcome.reason)
                if outcome.reason == SERVER_ERROR and item.attempts >= ALONE_AFTER:
                    self._free(item)  # a message that the server cannot take must not silence its chat
                    asyncio.get_running_loop().call_later(self._delay(item), self._once_more, item)
                else:
                    self._later(item, self._delay(item))
            case "uncertain" if CLASSES[item.name].second_attempt and not item.second:
                item.second = True
                await self._back(item, "second attempt")
                self._later(item, FIRST_DELAY)
            case "lost" if item.payload and not item.payload.get("mark"):
                item.payload = {**item.payload, "kind": "send"}
                await self._back(item, outcome.reason)
                self._again(item)
            case "token":
                self.on_token_refused()
                await self._back(item, outcome.reason)
                self._later(item, LONGEST_DELAY)
            case _:
                await self._finish(item, outcome)
                self._end(item)

    async def _back(self, item: Ready, reason: str) -> None:
        """Put the row back in the queue. Its second attempt stays marked as such, whatever comes between."""
        item.attempts += 1
        if item.flow:
            item.payload = None  # a reference is judged and rendered anew
        reason = "second attempt" if item.second else reason
        await patiently(self.store, lambda tx: deliveries.set_state(tx, item.id, "queued", reason))

    async def _finish(self, item: Ready, outcome: Outcome) -> None:
        state = {"uncertain": "unknown", "blocked": "blocked"}.get(outcome.how, "failed")

        def job(tx: Tx) -> None:
            deliveries.set_state(tx, item.id, state, outcome.reason)
            if state == "blocked" and item.person is not None:
                people.unreachable(tx, item.person, outcome.reason)

        await patiently(self.store, job)

    def _delay(self, item: Ready) -> float:
        """Growing delays: half a second, doubling, at most a minute."""
        return float(min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(item.attempts, 10)))

    def _free(self, item: Ready) -> None:
        """Let what waits behind an item in its chat go before it."""
        behind = self._busy.pop(item.chat_id, deque())
        for other in reversed(behind):
            self.lanes[other.lane].appendleft(other)

    def _later(self, item: Ready, delay: float) -> None:
        asyncio.get_running_loop().call_later(delay, self._again, item)

    def _end(self, item: Ready) -> None:
        """Let go of an item, and of what waits behind it in its chat."""
        self._free(item)
        self._let_go(item)

    async def _flush_all(self) -> None:
        """Write "sent" for what was sent since the last time, in one transaction."""
        while True:
            await self._flush.wait()
            self._flush.clear()
            done, self._done = self._done, []
            self._flushing = True
            try:
                await self.store.write(lambda tx, done=done: deliveries.mark_sent(tx, done, self.clock.ms()))  # type: ignore[misc]
            except asyncio.CancelledError:
                self._done = done + self._done  # `finish` writes them once more
                raise
            except Exception:
                log.exception("cannot mark deliveries as sent; trying again")
                self._done = done + self._done
                await asyncio.sleep(1)
                self._flush.set()
            self._flushing = False
            self._idle.set()

    def lane_depths(self) -> dict[str, int]:
        """Count what waits in each lane."""
        return {name: len(self.lanes[lane]) for lane, name in LANES.items()}


def _edited(item: Ready) -> tuple[int, int] | None:
    """Give chat and message of an edit."""
    if item.payload is None or item.payload.get("kind") not in ("edit", "caption"):
        return None
    return item.chat_id, item.payload["message_id"]
