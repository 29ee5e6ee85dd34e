"""A landlord's tenants and organisers by name, over a database and without Telegram: what is sent is only written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import bot.poll_changes  # noqa: F401  its functions apply the changes of polls
from bot.changes import At, RefusedChange, apply
from bot.clock import from_ms
from bot.crypto import Vault
from bot.keyring import Keyring
from bot.loadfile import Poll
from bot.loading import poll_content
from bot.office import Hours
from bot.poll_clock import PollClock
from bot.store import ballots, deliveries, people, polls
from bot.store.ballots import Mine
from bot.store.db import Row, Store
from bot.store.deliveries import Ready
from flows.poll_changes import AskRelease, Cast, SavePoll
from flows.poll_facts import PollContent
from flows.talk import Change
from tests.bot.polls import POLL, poll_row
from tests.bot.world import Town, at, name_of

T = TypeVar("T")
KEY = "a key of more than thirty-two letters, for tests"  # that of the town: its names are found with it
MINUTE = 60 * 1000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MONDAY = "2027-03-15 12:00"
CLOSES = "2027-03-25 20:00"
REFUSED = "refused"
WORDS = "Meer bakken aan de straat."


class PollTown:
    """The town on a Monday's noon. Luc and Noor organise for the group, Wim for another, Greet is staff, Ada an admin."""

    def __init__(self, store: Store, keys: Path | None = None):
        self.store, self.now = store, at(MONDAY)
        self.vault = Vault(KEY, Keyring(keys))
        self.vault.secret_flows = frozenset({"poll", "poll_nudge", "poll_write"})
        self.sent: list[tuple[str, str]] = []  # who got which flow, in the order of sending

    @property
    def clock(self) -> PollClock:
        """Give the clock's work on polls, in the process that runs now. Nobody reads here, so nothing is drawn."""
        return PollClock(self.store, self.vault, {})

    def restarts(self, keys: Path | None) -> None:
        """Begin a new process: all that it knows are the database and the folder of keys."""
        flows, self.vault = self.vault.secret_flows, Vault(KEY, Keyring(keys))
        self.vault.secret_flows = flows

    async def write(self, job: Callable[[Town], T]) -> T:
        """Do something in the town, as one transaction."""
        return await self.store.write(lambda tx: job(self._town(tx)))

    def _town(self, tx: Any) -> Town:
        town = Town(tx)
        town.now = self.now
        return town

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Read rows."""
        return await self.store.read(lambda tx: [dict(row) for row in tx.all(sql, **values)])

    async def poll(self, id: str = POLL) -> dict[str, Any]:
        """Read a poll."""
        return (await self.rows("SELECT * FROM poll WHERE id = :id", id=id))[0]

    async def state(self, id: str = POLL) -> str:
        """Give the state of a poll."""
        return str((await self.poll(id))["state"])

    async def settle(self) -> None:
        """Let the organisers come, and what they organise for."""

        def job(town: Town) -> None:
            town.tx.run("INSERT INTO landlord (id, name, municipalities) VALUES ('ijzer', 'De IJzer', '[\"Veurne\"]')")
            town.tx.run("INSERT INTO landlord (id, name, municipalities) VALUES ('leie', 'De Leie', '[\"Gent\"]')")
            for id, landlord in (("har-veurne", "ijzer"), ("har-gent", "leie")):
                sql = "INSERT INTO tenant_group (id, name, kind, landlord) VALUES (:id, 'Raad', 'council', :landlord)"
                town.tx.run(sql, id=id, landlord=landlord)
            self.role(town, "Luc", "organiser", "group", "har-veurne")
            self.role(town, "Noor", "organiser", "group", "har-veurne")
            self.role(town, "Wim", "organiser", "group", "har-gent")
            self.role(town, "Raf", "council_member", "group", "har-veurne")
            self.role(town, "Greet", "staff", "all", "")
            self.role(town, "Ada", "admin", "all", "")

        await self.write(job)

    @staticmethod
    def role(town: Town, name: str, role: str, kind: str, scope: str) -> None:
        """Give someone a role."""
        sql = "INSERT INTO role (person, role, scope_kind, scope) VALUES (:id, :role, :kind, :scope)"
        town.tx.run(sql, id=town.person(name), role=role, kind=kind, scope=scope)

    async def tenants(self, *names: str, consents: tuple[str, ...] = ("polls",), **place: Any) -> None:
        """Let tenants of the landlord move in, in Veurne unless `place` says otherwise."""
        usual = {"landlord": "ijzer", "municipality": "Veurne", "province": "West-Vlaanderen", "language": "nl"}
        given = {**usual, **place}

        def job(town: Town) -> None:
            for name in names:
                sql = f"UPDATE person SET {', '.join(f'{key} = :{key}' for key in given)} WHERE id = :id"
                town.tx.run(sql, id=town.person(name), **given)
                town.consent(name, *consents)

        await self.write(job)

    async def change(self, name: str, **columns: Any) -> None:
        """Change what is known of someone."""
        sql = f"UPDATE person SET {', '.join(f'{key} = :{key}' for key in columns)} WHERE id = :id"
        await self.write(lambda town: town.tx.run(sql, id=town.person(name), **columns))

    async def id(self, name: str) -> int:
        """Give someone's random id."""
        return await self.write(lambda town: town.person(name))

    async def does(self, name: str, *changes: Change) -> str:
        """Apply what someone's flow asked for; give why it was refused, or nothing."""

        def job(town: Town) -> None:
            for change in changes:
                person = people.get(town.tx, town.person(name))
                assert person is not None
                apply(change, At(town.tx, self.vault, person, town.now, Hours()))

        try:
            await self.write(job)
        except RefusedChange as refused:
            return refused.why.id
        return ""

    async def answers(self, name: str, *given: tuple[str, str], poll: str = POLL, member: int = 1) -> str:
        """Answer questions of a poll: an option each, or words after a `>`; give the first refusal."""
        casts = [
            Cast(poll, question, (), said[1:], member)
            if said[0] == ">"
            else Cast(poll, question, (said,), None, member)
            for question, said in given
        ]
        return await self.does(name, *casts)

    async def all_of_it(self, *names: str, poll: str = POLL) -> None:
        """Answer every question, in the same way."""
        for name in names:
            assert not await self.answers(name, ("weet", "yes"), ("hoe", "o2"), ("idee", f">{WORDS}"), poll=poll)

    async def mine(self, name: str, member: int = 1, poll: str = POLL) -> Mine | None:
        """Give what someone answered."""
        return await self.write(lambda town: ballots.mine(town.tx, self.vault, poll, town.person(name), member))

    async def draft(self, name: str = "Luc", id: str = POLL, **changes: Any) -> str:
        """Let someone write a poll; give why it was refused, or nothing."""
        return await self.does(name, SavePoll(id, 0, content(**changes)))

    async def asks(self, name: str = "Luc", id: str = POLL) -> str:
        """Let someone ask for the release of a draft as it is now; give why it was refused, or nothing."""
        return await self.does(name, AskRelease(id, (await self.poll(id))["revision"]))

    async def released(self, **changes: Any) -> None:
        """Have a poll that goes out in ten minutes."""
        assert not await self.draft(**changes)
        assert not await self.asks()

    async def opened(self, id: str = POLL, **changes: Any) -> None:
        """Have a poll from a file, at once open and sent."""
        written = content(**changes)
        await self.write(lambda town: polls.put_loaded(town.tx, id, written, town.now))
        await self.tick()

    async def tick(self) -> None:
        """Let the clock look, and what may go be sent."""
        await self.clock.tick(self.now)
        await self.sends()

    async def later(self, ms: int) -> None:
        """Let time pass, and the clock look."""
        self.now += ms
        await self.tick()

    async def until(self, local: str) -> None:
        """Let time pass until a wall time in Belgium, and the clock look."""
        self.now = at(local)
        await self.tick()

    async def sends(self) -> list[tuple[str, str]]:
        """Send what may go now, judged once more as the outbox does; give who got which flow."""

        def job(town: Town) -> list[tuple[str, str]]:
            deliveries.expire(town.tx, town.now)
            sent = []
            while ready := deliveries.claimable(town.tx, self.vault, town.now, set()):
                going = [item for item in ready if self._may_go(town, item)]
                deliveries.mark_sending(town.tx, [item.id for item in going])
                deliveries.mark_sent(town.tx, [(item.id, item.id) for item in going], town.now)
                sent += [(town_name(town, item.person), item.flow) for item in going]
            return sent

        sent = await self.write(job)
        self.sent += sent
        return sent

    @staticmethod
    def _may_go(town: Town, item: Ready) -> bool:
        row = town.tx.one("SELECT * FROM delivery WHERE id = :id", id=item.id)
        return row is not None and deliveries.rejudge(town.tx, row, town.now).state == "queued"

    def got(self, flow: str) -> list[str]:
        """Give who got a flow, in the order of their names, as often as they got it."""
        return sorted(name for name, sent in self.sent if sent == flow)

    async def ends(self, flow: str = "poll") -> dict[str, tuple[str, str]]:
        """Give, for everyone who has a row of a broadcast of this flow, its state and reason."""
        sql = "SELECT * FROM delivery WHERE flow = :flow AND broadcast IS NOT NULL ORDER BY id"

        def job(town: Town) -> dict[str, tuple[str, str]]:
            rows = town.tx.all(sql, flow=flow)
            return {town_name(town, row["person"]): (row["state"], row["reason"]) for row in rows}

        return await self.write(job)

    async def broadcast(self, once: str = f"poll:{POLL}") -> Row:
        """Read a broadcast by what it must never be twice."""
        return (await self.rows("SELECT * FROM broadcast WHERE once = :once", once=once))[0]

    def moment(self) -> str:
        """Give the wall time in Belgium."""
        return from_ms(self.now).strftime("%Y-%m-%d %H:%M")


def town_name(town: Town, person: int | None) -> str:
    """Give the name of a person."""
    row = people.get(town.tx, person) if person is not None else None
    return name_of(row["chat_sealed"]) if row else ""


def names(n: int) -> list[str]:
    """Make the names of so many tenants."""
    return [f"t{number:03}" for number in range(n)]


def content(**changes: Any) -> PollContent:
    """Give a poll as its organiser wrote it: two questions to tap and one to write, out as soon as it is released.

    What is named in `changes` is as a file would have it, but `opens` may be None.
    """
    later: Mapping[str, Any] = {"opens": None} if changes.get("opens") is None else {}
    given = {key: value for key, value in changes.items() if value is not None}
    return replace(poll_content(Poll.model_validate(poll_row(**given))), **later)


def without_text() -> list[dict[str, Any]]:
    """Give the questions of a poll in which nobody writes."""
    return [question for question in poll_row()["questions"] if question["kind"] != "text"]
