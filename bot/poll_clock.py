"""What the clock does with polls: opens them, plans who gets what, closes them step by step, asks what was done with them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.clock import from_ms
from bot.crypto import Vault
from bot.i18n import Language
from bot.result_pictures import draw
from bot.results import tables
from bot.store import ballots, broadcasts, closing, polls
from bot.store.broadcasts import Source
from bot.store.db import Row, Store, Tx, study
from bot.store.polls import content_of
from flows.poll_facts import Bar

log = logging.getLogger(__name__)

NUDGED_AT_ONCE = 500
REFRESH_MS = 60 * 1000
SLOW_REFRESH_MS = 15 * 60 * 1000
MANY = 20_000


@dataclass(frozen=True)
class PollClock:
    """The clock's work on polls. Every write is one short transaction; what is long is read beside the writers."""

    store: Store
    vault: Vault
    languages: Mapping[str, Language]

    @property
    def sources(self) -> Mapping[str, Source]:
        """Give the sources of recipients that a query cannot find."""
        return {"unanswered": partial(unanswered, self.vault)}

    async def tick(self, now: int) -> None:
        """Do all that is due. A poll for which something fails does not hold up the others; the next tick tries again."""
        failed: set[str] = set()
        while (due := await self.store.read(lambda tx: due_now(tx, now))) and not failed:
            for what, take in (("open", self._opened), ("close", self._closing)):
                for poll in due[what]:
                    await self._guarded(take(poll, now), poll, failed)
            while await self.store.write(lambda tx: broadcasts.step(tx, now, sources=self.sources)):
                pass
            for what, take in (("finish", self._finish), ("again", self._asked_again)):
                for poll in due[what]:
                    await self._guarded(take(poll, now), poll, failed)
        await self._measure_all(now)

    async def _guarded(self, work: Coroutine[Any, Any, None], poll: str, failed: set[str]) -> None:
        try:
            await work
        except Exception as error:
            log.warning("a step of a poll failed (%s); the next tick tries again", type(error).__name__)
            failed.add(poll)

    async def _opened(self, poll: str, now: int) -> None:
        await self.store.write(lambda tx: self._open(tx, poll, now))

    async def _closing(self, poll: str, now: int) -> None:
        with contextlib.suppress(polls.Stale):  # its organiser closed it at the same moment
            await self.store.write(lambda tx: polls.close(tx, poll, None, now))

    async def _asked_again(self, poll: str, now: int) -> None:
        await self.store.write(lambda tx: _ask_again(tx, poll, now))

    def _open(self, tx: Tx, poll: str, now: int) -> None:
        """Open a poll whose time has come: its key first. One that would reach nobody goes back to its maker; one that
        reaches more than when it was released may need a second person now."""
        row = polls.get(tx, poll, lock=True)
        if row is None or row["state"] != "released":
            return
        if not row["loaded"]:
            try:
                reached = polls.check_reached(tx, content_of(row), now, poll)
            except polls.TooFew:
                if row["broadcast"] is not None:
                    broadcasts.withdraw(tx, row["broadcast"])
                polls.to_draft(tx, poll, "few")
                polls.tell_maker(tx, row, "few", now)
                return
            if not polls.still_released(tx, row, reached):
                polls.wait_again(tx, row, now)
                return
        self.vault.ring.make(poll)
        tx.run("UPDATE poll SET state = 'open', opened_at = :now WHERE id = :poll", now=now, poll=poll)
        polls.tell_maker(tx, row, "started", now)

    async def _finish(self, poll: str, now: int) -> None:
        """Take the steps of closing that are left. A crash between them does no harm: they are taken again."""
        row = await self.store.read(lambda tx: polls.get(tx, poll))
        if row is None:
            return
        if row["state"] == "closing":
            await self._freeze(row)
        self.vault.ring.destroy(poll)
        while await self.store.write(lambda tx: closing.shed(tx, poll)):
            pass
        await self.store.write(lambda tx: closing.forget_talks(tx, poll, self.vault.secret_flows))
        self.vault.ring.renew()
        await self.store.write(lambda tx: closing.reseal(tx, self.vault))
        self.vault.ring.destroy_old()
        await self.store.write(lambda tx: self._closed(tx, row, now))

    async def _freeze(self, row: Row) -> None:
        poll, questions = row["id"], content_of(row).questions
        have = await study(self.store, lambda tx: ballots.ids(tx, self.vault.ring.key(poll), poll, questions))
        after: int | None = 0
        known = frozenset(have)
        while after is not None:
            after, parts = await self.store.read(
                lambda tx, after=after: closing.took_part(tx, self.vault, poll, after, known)  # type: ignore[misc]
            )
            if parts:
                await self.store.write(lambda tx, parts=parts: closing.note_parts(tx, poll, parts))  # type: ignore[misc]
        cells = await study(self.store, lambda tx: tabulated(tx, self.vault, row))
        progress = await study(self.store, lambda tx: closing.measure(tx, self.vault, row))
        complete, partly = sum(have.values()), len(have) - sum(have.values())
        if self.vault.ring.key(poll) is None and row["progress"]:  # what was counted while there was a key
            log.error("the key of a poll is lost: its answers cannot be read")
            progress = row["progress"]
            complete, partly = json.loads(progress)["answered"], json.loads(progress)["partly"]
        frozen = closing.Frozen(cells, complete, partly, progress, await self._pictures(row, cells))
        await self.store.write(lambda tx: closing.freeze(tx, self.vault, row, frozen))

    async def _pictures(self, row: Row, cells: Mapping[str, tuple[tables.Cell, ...]]) -> int:
        """Count the pictures of a result: as many as the language needs that needs most. None where drawing fails."""
        bars = tuple(
            Bar(cell.question, cell.cut, cell.cell, cell.option, cell.count)
            for cell in cells["public"]
            if cell.cut == "all"
        )
        content = content_of(row)
        try:
            drawn = [await asyncio.to_thread(draw, language, content, bars) for language in self.languages.values()]
        except Exception as error:
            log.error("the result of a poll cannot be drawn (%s); it goes in words", type(error).__name__)
            return 0
        return max((len(pictures) for pictures in drawn), default=0)

    def _closed(self, tx: Tx, row: Row, now: int) -> None:
        closing.done(tx, row["id"])
        polls.tell_maker(tx, row, "closed", now, flow="outcome_wanted")

    async def _measure_all(self, now: int) -> None:
        """Count anew how the open polls go: each minute for staff, each day for organisers."""
        for row in await self.store.read(lambda tx: stale(tx, now)):
            counted = await study(self.store, lambda tx, row=row: closing.measure(tx, self.vault, row))  # type: ignore[misc]
            daily = from_ms(row["progress_at"]).date() != from_ms(now).date()
            await self.store.write(
                lambda tx, row=row, counted=counted, daily=daily: tx.run(  # type: ignore[misc]
                    "UPDATE poll SET progress = :counted, progress_at = :now,"
                    " progress_daily = CASE WHEN :daily = 1 THEN :counted ELSE progress_daily END WHERE id = :id",
                    counted=counted,
                    now=now,
                    daily=int(daily),
                    id=row["id"],
                )
            )


def due_now(tx: Tx, now: int) -> dict[str, list[str]]:
    """Name, by reading only, the polls to open, to close, to finish and to ask about again; empty when nothing is due."""
    conditions = {
        "open": "state = 'released' AND starts_at <= :now",
        "close": "state = 'open' AND closes_at <= :now",
        "finish": "state IN ('closing', 'frozen')",
        "again": "state = 'told' AND again_at <= :now",
    }
    found = {
        what: [row["id"] for row in tx.all(f"SELECT id FROM poll WHERE {condition}", **_given(condition, now))]
        for what, condition in conditions.items()
    }
    return found if any(found.values()) or broadcasts.due(tx, now) else {}


def _given(condition: str, now: int) -> dict[str, int]:
    return {"now": now} if ":now" in condition else {}


def next_due(tx: Tx, after: int) -> int | None:
    """Give the next moment at which a poll opens, closes or is asked about, or a broadcast starts."""
    row = tx.one(
        "SELECT min(CASE state WHEN 'released' THEN starts_at WHEN 'open' THEN closes_at ELSE again_at END) AS due"
        " FROM poll WHERE state IN ('released', 'open', 'told')"
        " AND CASE state WHEN 'released' THEN starts_at WHEN 'open' THEN closes_at ELSE again_at END > :after",
        after=after,
    )
    found = (row["due"] if row else None, broadcasts.next_due(tx, after))
    return min((due for due in found if due is not None), default=None)


def stale(tx: Tx, now: int) -> list[Row]:
    """Give the open polls that were not counted lately."""
    rows = tx.all(
        "SELECT p.*, b.planned FROM poll p JOIN broadcast b ON b.id = p.broadcast"
        " WHERE p.state = 'open' AND p.progress_at <= :before",
        before=now - REFRESH_MS,
    )
    return [row for row in rows if row["planned"] <= MANY or row["progress_at"] <= now - SLOW_REFRESH_MS]


def tabulated(tx: Tx, vault: Vault, row: Row) -> dict[str, tuple[tables.Cell, ...]]:
    """Make the tables of a poll that closes, for the public and for staff."""
    asked = tuple(
        tables.Asked(question.id, question.kind, question.option_ids) for question in content_of(row).questions
    )
    return dict(tables.both(asked, tables.group(ballots.rows_of(tx, vault.ring.key(row["id"]), row["id"]))))


def unanswered(vault: Vault, tx: Tx, row: Row, now: int, chunk: int) -> tuple[int | None, int]:
    """Plan the nudge for the next people who have the poll and did not finish it. Nobody gets two in one poll."""
    poll = polls.get(tx, row["about"].partition(":")[2])
    key = vault.ring.key(poll["id"]) if poll else None
    if poll is None or key is None or poll["state"] != "open":
        return None, 0
    people = tx.all(
        "SELECT person FROM delivery WHERE broadcast = :broadcast AND person > :cursor AND state = 'sent'"
        " ORDER BY person LIMIT :chunk",
        broadcast=poll["broadcast"],
        cursor=row["cursor"],
        chunk=min(chunk, NUDGED_AT_ONCE),
    )
    if not people:
        return None, 0
    by_ballot = {key.ballot(each["person"], 1): each["person"] for each in people}
    finished = ballots.finished(tx, key, poll["id"], by_ballot, content_of(poll).questions)
    left = [person for id, person in by_ballot.items() if id not in finished]
    broadcasts.plan_people(tx, row, left, now, lambda person: f"nudge:{poll['id']}:{person}")
    return people[-1]["person"], len(left)


def _ask_again(tx: Tx, poll: str, now: int) -> None:
    """The day has come on which the organiser wanted to be asked again."""
    row = polls.get(tx, poll, lock=True)
    if row is not None and row["again_at"] is not None:
        tx.run("UPDATE poll SET again_at = NULL WHERE id = :id", id=poll)
        polls.tell_maker(tx, row, "again", now, flow="outcome_wanted")
