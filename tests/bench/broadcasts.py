"""What a broadcast to very many and a poll with very many answers cost the others who write just then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.bench.databases import database
from tests.bench.figures import WORDS, after, resident
from tests.bench.lab import FIRST_USER, Bot, Lab, lab, until

CROWD = 180_000  # people who are planned for
WRITERS = 200  # people who write to the bot meanwhile
RATE = 50.0  # messages a second that they write, all together
LOOK = 0.1  # seconds between two looks at the bot's memory


@dataclass
class Planning:
    """One plan: seconds, the milliseconds that each reply took without it and during it, and megabytes added."""

    seconds: float
    idle: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    memory: float = 0.0

    @property
    def stall(self) -> float:
        """Give by how many milliseconds the slowest reply during it exceeds the slowest without it."""
        return max(self.during) - max(self.idle)


async def planning(kind: str, order: str, idle_seconds: float) -> Planning:
    """Plan a broadcast to the crowd on a fresh database, while a stream of turns goes on."""
    with database(kind) as address:
        async with lab(WRITERS) as up:
            crowd = ("--people", str(WRITERS), "--crowd", str(CROWD), "--database", address)
            bot = await up.bot("ours", *crowd)
            writers = Writers(up)
            await writers.write(after(1.0))  # the first ones pay for what is made once
            idle = await writers.write(after(idle_seconds))
            done = asyncio.Event()
            writing = asyncio.create_task(writers.write(done))
            async with watched(bot) as memory:
                seconds = float(await bot.say(order))
            done.set()
            return Planning(seconds, idle, await writing, memory())


@dataclass
class Writers:
    """People who write without a pause; each message is one full turn with one reply."""

    up: Lab
    turn: int = 0

    async def write(self, stop: asyncio.Event) -> list[float]:
        """Write until told to stop; give milliseconds from each message to its reply."""
        since = (await self.up.get("stats"))["calls"]
        wrote: list[tuple[int, float]] = []
        begin = time.monotonic()
        while not stop.is_set():
            user = FIRST_USER + self.turn % WRITERS
            word = WORDS[self.turn // WRITERS % len(WORDS)]
            wrote.append((user, await self.up.script({"user_id": user, "do": "write", "text": word})))
            self.turn += 1
            await asyncio.sleep(max(0.0, begin + len(wrote) / RATE - time.monotonic()))

        async def answered() -> bool:
            return len(await self.up.accepted(since)) >= len(wrote)

        await until(answered, every=0.1, seconds=60)
        replies: dict[int, list[float]] = {}
        for call in await self.up.accepted(since):
            replies.setdefault(call["chat_id"], []).append(call["at"])
        return [1000 * (replies[user].pop(0) - at) for user, at in wrote]


@asynccontextmanager
async def watched(bot: Bot) -> AsyncIterator[Callable[[], float]]:
    """Watch a bot's memory; what is given tells how many megabytes it added at its most."""
    before = most = resident(bot.process.pid)

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, resident(bot.process.pid))
            await asyncio.sleep(LOOK)

    watching = asyncio.create_task(watch())
    try:
        yield lambda: most - before
    finally:
        watching.cancel()


async def memory_of_sending(count: int) -> float:
    """Send a poll to so many tenants as fast as it goes; give the megabytes that this adds to a bot that has worked."""
    async with lab(count) as up:
        bot = await up.bot("ours", "--people", str(count), "--asked", str(count))
        await up.script(*({"user_id": FIRST_USER + n, "do": "write", "text": WORDS[0]} for n in range(300)))
        await up.wait(lambda stats: stats["accepted"] >= 300)
        async with watched(bot) as memory:
            await bot.say("poll")
            await up.wait(lambda stats: stats["accepted"] >= 300 + count, every=0.5, seconds=600)
            return memory()
