"""A store in which the process dies at a chosen write, and that notes what became of one poll, write by write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.store import broadcasts, people
from bot.store.db import Row, Store, Tx
from tests.bot.polls import POLL

T = TypeVar("T")


class Died(BaseException):
    """The process ended here: nothing in it can catch this."""


class Undone(Exception):
    """The write during which the process ended is not kept."""


class Watched:
    """A store in which a process can die at a chosen write, and that notes what each write that was kept did."""

    def __init__(self, store: Store):
        self.store = store
        self.left: int | None = None  # writes until the process dies
        self.kept = False  # whether the last of them is
        self.edges: list[tuple[str | None, str | None]] = []
        self.audiences: dict[int, set[int]] = {}  # by broadcast: everyone it was to reach, when they were looked at
        self.sent: list[tuple[int, Row]] = []  # to whom, and what

    async def write(self, job: Callable[[Tx], T]) -> T:
        """Run a job, noting what it did; the process may die before it is kept, or after."""
        dies = self._dies()

        def noted(tx: Tx) -> tuple[T, Callable[[], None]]:
            before = _look(tx)
            result = job(tx)
            note = self._note(tx, before)
            if dies and not self.kept:
                raise Undone
            return result, note

        try:
            result, note = await self.store.write(noted)
        except Undone:
            raise Died from None
        note()
        if dies:
            raise Died
        return result

    def _dies(self) -> bool:
        if self.left is None:
            return False
        self.left -= 1
        return self.left == 0

    def _note(self, tx: Tx, before: dict[str, Any]) -> Callable[[], None]:
        after = _look(tx)
        reached = {
            id: _reached(tx, row, before["cursors"].get(id, {"cursor": 0})["cursor"])
            for id, row in after["cursors"].items()
            if row["source"] != "unanswered"
        }
        new = {id: row for id, row in after["sent"].items() if id not in before["sent"]}
        may = [(_may_get(tx, row), row) for row in new.values()]

        def note() -> None:
            if before["state"] != after["state"]:
                self.edges.append((before["state"], after["state"]))
            for id, them in reached.items():
                self.audiences[id] = self.audiences.get(id, set()) | them
            self.sent += may

        return note

    async def read(self, job: Callable[[Tx], T]) -> T:
        """Run a job that only reads."""
        return await self.store.read(job)

    async def close(self) -> None:
        """Close the store."""
        await self.store.close()


def _look(tx: Tx) -> dict[str, Any]:
    poll = tx.one("SELECT state FROM poll WHERE id = :id", id=POLL)
    return {
        "state": poll["state"] if poll else None,
        "cursors": {row["id"]: row for row in tx.all("SELECT * FROM broadcast")},
        "sent": {row["id"]: row for row in tx.all("SELECT * FROM delivery WHERE state = 'sent'")},
    }


def _reached(tx: Tx, row: Row, before: int) -> set[int]:
    """Give who is to be reached among those looked at in one step."""
    condition, values = broadcasts._people(row)
    found = tx.all(
        f"SELECT p.id FROM person p WHERE p.id > :before AND p.id <= :upto AND {condition}",
        before=before,
        upto=row["cursor"],
        **values,
    )
    return {each["id"] for each in found}


def _may_get(tx: Tx, row: Row) -> int:
    """Count what forbids a message at the moment when it is sent: no consent, stopped, unreachable."""
    person = people.get(tx, row["person"])
    if person is None or row["class"] not in ("bulk", "nudge", "result"):
        return 0
    unasked = row["class"] != "result" and "polls" not in people.consents(tx, person["id"])
    return int(unasked) + int(person["quiet"] == "stopped") + int(person["unreachable"] != "")
