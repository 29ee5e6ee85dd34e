"""The bench's two processes, the local server and the bot under test, and what is asked of them over HTTP."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
TOKEN = "424242:abcdefghijklmnopqrstuvwxyz"
FIRST_USER = 6001
LOOK_EVERY = 0.1  # seconds between two looks at the server's counts
JSON = dict[str, Any]


@dataclass
class Lab:
    """A local server, driven through its control API. Times are monotonic seconds, the same in every process."""

    address: str
    session: aiohttp.ClientSession
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def get(self, what: str) -> Any:
        """Ask the control API."""
        async with self.session.get(f"{self.address}/phone/api/{what}") as answer:
            answer.raise_for_status()
            return await answer.json()

    async def script(self, *steps: JSON) -> float:
        """Let people do things, in this order; give the moment just before."""
        before = time.monotonic()
        async with self.session.post(f"{self.address}/phone/api/script", json=steps) as answer:
            answer.raise_for_status()
        return before

    async def wait(self, enough: Callable[[JSON], bool], every: float = LOOK_EVERY, seconds: float = 120.0) -> JSON:
        """Wait until the server's counts are enough; give them. Raises TimeoutError."""
        found: JSON = {}

        async def look() -> bool:
            found.update(await self.get("stats"))
            return enough(found)

        await until(look, every, seconds)
        return found

    async def accepted(self, since: int = 0) -> list[JSON]:
        """Give the sends and edits that took effect, from a position in the log on."""
        calls = await self.get(f"calls?since={since}")
        return [
            call for call in calls if call["message_id"] is not None and call["method"].startswith(("send", "edit"))
        ]

    async def bot(self, kind: str, *more: str) -> Bot:
        """Start a bot under test; give it once it is about to poll."""
        process = await spawn(self, "-m", "tests.bench.bots", kind, self.address, *more)
        return Bot(process, float(await line(process)))


async def until(look: Callable[[], Awaitable[bool]], every: float, seconds: float) -> None:
    """Look again and again, at another process that cannot call back. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await look():  # noqa: ASYNC110
            await asyncio.sleep(every)


@dataclass
class Bot:
    """A bot under test, and when it was about to poll."""

    process: asyncio.subprocess.Process
    began: float

    async def say(self, word: str) -> str:
        """Send it a line, and give the line that it answers."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n".encode())
        return await line(self.process)


async def spawn(lab: Lab, *arguments: str, env: dict[str, str] | None = None) -> asyncio.subprocess.Process:
    """Start a Python process that ends with the lab."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdin=pipe, stdout=pipe, env=env
    )
    lab.processes.append(process)
    return process


async def line(process: asyncio.subprocess.Process) -> str:
    """Read one line of a process. Raises RuntimeError when it ended instead."""
    assert process.stdout is not None
    read = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
    if not read:
        raise RuntimeError(f"a process ended with {await process.wait()}")
    return read


@asynccontextmanager
async def lab(users: int, *options: str) -> AsyncIterator[Lab]:
    """Start a server with so many phones, whose owners all wrote before; end all its processes at the end."""
    async with aiohttp.ClientSession() as session:
        made = Lab("", session)
        try:
            server = await spawn(
                made, "-m", "bot.phone", "--token", TOKEN, "--users", str(users), "--started", *options
            )
            made.address = await line(server)
            yield made
        finally:
            for process in reversed(made.processes):  # the server last, so that no bot complains
                if process.returncode is None:
                    process.kill()
                await process.wait()


def percentile(values: list[float], share: float) -> float:
    """Give the smallest value that so large a share of all does not exceed; NaN without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
