"""A landlord's tenants who are asked by a poll, and the bot by day as a process that can be killed."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import BRUSSELS, Clock
from bot.crypto import Vault
from bot.keyring import Keyring
from bot.loadfile import LoadFile
from bot.loading import apply
from bot.phone.world import World
from bot.store import people
from bot.store.db import Row, Store, Tx, open_store
from bot.store.deliveries import OPEN
from tests.bench.bots import tuesday
from tests.bench.lab import until
from tests.bot.polls import GROUP, LANDLORD, POLL, poll_row, tenant
from tests.chaos.crowd import Killable, environment

FIRST = 6001
OPTIONS = ("o1", "o2", "o3")
FIRST_LOOK = 2.5  # seconds from exec within which the bot is up and plans what is due
AT_MOST = 900.0  # seconds for a broadcast, through any number of kills


@dataclass
class Estate:
    """A landlord's tenants, their phones, and the bot's database and keys."""

    folder: Path
    database: str
    users: range
    clock: Clock

    @classmethod
    def of(cls, folder: Path, database: str, count: int) -> Estate:
        """Give an estate of so many tenants, on a working day's morning."""
        return cls(folder, database, range(FIRST, FIRST + count), tuesday())

    def phones(self, world: World) -> None:
        """Give everyone a phone."""
        for user in self.users:
            world.add_phone(user, f"Persoon {user}", "nl", started=True)

    def bot(self, world: World, address: str, rate: float) -> Killable:
        """Give the bot, to be started; its clock says what this one says."""
        ahead = (self.clock.now() - Clock().now()).total_seconds()
        settings = environment(address, self.database)
        settings |= {"VIVAS_POLL_KEYS": str(self.folder / "keys"), "VIVAS_SEND_RATE": str(rate)}
        return Killable(world, settings, self.folder / "bot.log", ("tests.chaos.daytime", str(ahead)))

    @property
    def vault(self) -> Vault:
        """Give what opens the bot's database."""
        return Vault(environment("", "")["VIVAS_KEY"], Keyring(self.folder / "keys"))

    async def fill(self) -> None:
        """Load the tenants, and a poll of one question that opens at once and stays open."""
        now = self.clock.now().astimezone(BRUSSELS).replace(tzinfo=None)
        (question,) = (each for each in poll_row()["questions"] if each["kind"] == "choice")
        poll = poll_row(opens=now - timedelta(hours=1), closes=now + timedelta(days=9), questions=[question])
        rows: dict[str, Any] = {"landlords": [LANDLORD], "groups": [GROUP], "polls": [poll]}
        loaded = LoadFile.model_validate({**rows, "people": [tenant(user) for user in self.users]})
        store = open_store(self.database)
        await apply(store, self.vault, self.clock, loaded)
        await store.close()

    async def all_sent(self, store: Store) -> None:
        """Wait until the broadcast is planned, and nothing waits any more."""

        async def done() -> bool:
            return await store.read(nothing_waits)

        await until(done, every=0.5, seconds=AT_MOST)

    async def asked(self, store: Store) -> Mapping[int, Row]:
        """Give the delivery of the poll to each tenant, by their Telegram id."""
        vault = self.vault
        rows = await store.read(
            lambda tx: tx.all(
                "SELECT p.chat_sealed, d.state, d.reason, d.attempts FROM delivery d JOIN person p ON p.id = d.person"
                " WHERE d.about = :about AND d.class = 'bulk'",
                about=f"poll:{POLL}",
            )
        )
        found = {people.chat_of(vault, row["chat_sealed"]): row for row in rows}
        assert len(found) == len(rows), "two deliveries to one person"
        return found


def nothing_waits(tx: Tx) -> bool:
    """Tell whether the broadcast is planned, and no message is on its way."""
    broadcast = tx.one("SELECT state FROM broadcast")
    waits = tx.one(f"SELECT 1 AS yes FROM delivery WHERE state IN {OPEN} LIMIT 1")
    return broadcast is not None and broadcast["state"] == "sending" and waits is None


def copies(world: World) -> Counter[int]:
    """Count the messages that reached each chat."""
    return Counter(call.chat_id for call in world.referee.accepted() if call.chat_id and call.method == "sendMessage")


async def killed_while_sending(run: Killable, dice: random.Random, kills: int, count: int) -> None:
    """Kill -9 a bot that was started so many times, and start it again: one time in ten while it starts and plans, else
    once a random number of the messages were sent, and a little later."""
    early = max(1, kills // 10)
    for point in [0] * early + sorted(dice.sample(range(1, count), kills - early)):
        if point == 0:
            await asyncio.sleep(dice.uniform(0.0, FIRST_LOOK))
        await reached(run, point)
        await asyncio.sleep(dice.uniform(0.0, 2 * run.world.latency))
        await run.end(signal.SIGKILL)
        await run.start()
    await run.ready()


async def reached(run: Killable, point: int) -> None:
    """Wait until so many messages were sent."""
    async with asyncio.timeout(AT_MOST):
        while len(run.world.referee.accepted()) < point:
            await run.world.changed.wait(1.0)
