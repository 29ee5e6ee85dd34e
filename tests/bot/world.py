"""A small town to test the store with: people by name, one meeting in Veurne, and a clock that is set by hand."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.clock import BRUSSELS, from_ms, local_to_utc, to_ms
from bot.crypto import Vault
from bot.loadfile import MeetingRow
from bot.loading import meeting_values
from bot.scheduler import queue_due
from bot.store import deliveries, meetings, people, registrations
from bot.store.db import Row, Store, Tx
from bot.store.deliveries import Ready
from bot.store.registrations import Wish

VAULT = Vault("a key of more than thirty-two letters, for tests")
AMINA, ELIF, LUC, GREET = 6001, 6002, 5001, 5002
MEETING = "veurne-maart"
HOUR = timedelta(hours=1)


def at(local: str) -> int:
    """Give the moment of a wall time in Belgium, such as `2027-03-28 19:00`, in milliseconds."""
    return to_ms(local_to_utc(datetime.fromisoformat(local)))


def aware(local: str) -> datetime:
    """Give the same moment as an aware time in Belgium."""
    return datetime.fromisoformat(local).replace(tzinfo=BRUSSELS)


def wall(ms: int) -> str:
    """Give the wall time in Belgium of a moment."""
    return from_ms(ms).strftime("%Y-%m-%d %H:%M")


def meeting_row(**changes: Any) -> MeetingRow:
    """Give a meeting as a `load` file would."""
    usual: dict[str, Any] = {
        "id": MEETING,
        "kind": "regional",
        "theme": {"nl": "Wonen en energie"},
        "start": "2027-03-25T19:00",
        "place": {"name": "De Kaaiman", "address": "Kaaiplaats 1, 8630 Veurne", "lat": 51.07, "lon": 2.66},
        "region": "West-Vlaanderen",
    }
    return MeetingRow.model_validate({**usual, **changes})


class Town:
    """The town inside one transaction. Every name is a person with a chat of their own, added when first named."""

    def __init__(self, tx: Tx, now: str = "2027-03-01 10:00"):
        self.tx, self.now = tx, at(now)

    def time(self, local: str) -> None:
        """Set the clock to a wall time in Belgium."""
        self.now = at(local)

    def person(self, name: str) -> int:
        """Give someone's random id."""
        found = people.find(self.tx, VAULT, chat(name))
        return int(found["id"]) if found else people.add(self.tx, VAULT, chat(name), "nl", self.now)

    def meeting(self, **changes: Any) -> str:
        """Put a meeting, or change it; give what was done."""
        row = meeting_row(**changes)
        return meetings.put(self.tx, row.id, meeting_values(row), self.now)

    def join(self, name: str, companions: int = 0, meeting: str = MEETING) -> str:
        """Sign someone up; give the status."""
        return registrations.register(self.tx, meeting, self.person(name), Wish(companions=companions), self.now)

    def leave(self, name: str, meeting: str = MEETING) -> bool:
        """Cancel someone's place."""
        return registrations.cancel(self.tx, meeting, self.person(name), self.now)

    def take(self, name: str, meeting: str = MEETING) -> None:
        """Let someone take the seat that was offered."""
        registrations.take_offer(self.tx, meeting, self.person(name), self.now)

    def tick(self) -> None:
        """Do what is due."""
        while queue_due(self.tx, self.now):
            pass

    def place(self, name: str, meeting: str = MEETING) -> Row:
        """Give someone's registration."""
        row = registrations.of(self.tx, meeting, self.person(name))
        assert row is not None, f"{name} has no registration"
        return row

    def status(self, name: str, meeting: str = MEETING) -> str:
        """Give the status of someone's registration."""
        return str(self.place(name, meeting)["status"])

    def those(self, status: str, meeting: str = MEETING) -> list[str]:
        """Give the names of everyone with a status, in the order of the line."""
        rows = self.tx.all(
            "SELECT p.chat_sealed FROM registration r JOIN person p ON p.id = r.person"
            " WHERE r.meeting = :meeting AND r.status = :status ORDER BY r.line",
            meeting=meeting,
            status=status,
        )
        return [name_of(row["chat_sealed"]) for row in rows]

    def told(self, flow: str) -> list[str]:
        """Give the names of everyone for whom a message of this flow was made, in order."""
        rows = self.tx.all(
            "SELECT p.chat_sealed FROM delivery d JOIN person p ON p.id = d.person WHERE d.flow = :flow ORDER BY d.id",
            flow=flow,
        )
        return [name_of(row["chat_sealed"]) for row in rows]

    def deliveries(self, flow: str = "") -> list[Row]:
        """Give the rows of all messages, or of one flow."""
        return self.tx.all("SELECT * FROM delivery WHERE :flow = '' OR flow = :flow ORDER BY id", flow=flow)

    def reminders(self, name: str, meeting: str = MEETING) -> dict[str, tuple[str, str]]:
        """Give someone's reminders: for each kind its wall time, as the moment has it, and its state."""
        rows = self.tx.all(
            "SELECT * FROM reminder WHERE meeting = :meeting AND person = :person ORDER BY due_at",
            meeting=meeting,
            person=self.person(name),
        )
        return {row["kind"]: (wall(row["due_at"]), row["state"]) for row in rows}

    def plan(self, name: str, kind: str, *, about: str = "", once: str = "it", useful_until: str = "") -> Row:
        """Plan a message of a class for someone; give its row."""
        until = at(useful_until) if useful_until else 0
        person = self.person(name)
        deliveries.plan(self.tx, person, kind, "menu", "", self.now, once=once, about=about, useful_until=until)
        row = self.tx.one("SELECT * FROM delivery WHERE once = :once", once=once)
        assert row is not None
        return row

    def consent(self, name: str, *purposes: str) -> None:
        """Make these the purposes that someone wants messages for."""
        people.set_consents(self.tx, self.person(name), purposes, language="nl", now=self.now)

    def claim(self) -> list[Ready]:
        """Give what may be sent now, in its order."""
        deliveries.expire(self.tx, self.now)
        return deliveries.claimable(self.tx, VAULT, self.now, set())

    def delivery(self, id: int) -> tuple[str, str]:
        """Give the state and reason of a message."""
        row = self.tx.one("SELECT state, reason FROM delivery WHERE id = :id", id=id)
        assert row is not None
        return row["state"], row["reason"]


def chat(name: str) -> int:
    """Give the chat id behind a name: any number, the same each time."""
    return int.from_bytes(name.encode()[:6], "big")


def name_of(sealed: bytes) -> str:
    """Give the name behind a sealed chat id."""
    number = people.chat_of(VAULT, sealed)
    return number.to_bytes(6, "big").lstrip(b"\0").decode()


def in_store(story: Callable[..., None]) -> Callable[..., Awaitable[None]]:
    """Make a test of a story that happens inside one transaction, on each engine; its other arguments are fixtures."""
    _town, *others = inspect.signature(story).parameters.values()

    async def test(store: Store, **given: Any) -> None:
        await store.write(lambda tx: story(Town(tx), **given))

    test.__name__, test.__doc__ = story.__name__, story.__doc__
    test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter("store", inspect.Parameter.POSITIONAL_OR_KEYWORD), *others]
    )
    return test
