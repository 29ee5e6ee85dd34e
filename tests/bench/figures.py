"""The four measurements. Each gives its figures beside those of the baselines, from the same run."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

from tests.bench.bots import settings
from tests.bench.lab import FIRST_USER, ROOT, TOKEN, Bot, Lab, lab, line, percentile, spawn, until

KINDS = ("stock", "transport", "ours")
WORDS = ("/taal", "Nederlands")  # each leads to one full turn with session, change and one reply
PACE = 30  # sends and edits in any second, as the server enforces


def arguments(kind: str, people: int) -> tuple[str, ...]:
    """Give what a bot of a kind is started with."""
    return ("--people", str(people)) if kind == "ours" else ()


async def throughput(chats: int, each: int, runs: int) -> dict[str, list[float]]:
    """Measure updates a second, from the start of polling to the last reply accepted; preloaded, runs alternate."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _run in range(runs):
        for kind in KINDS:
            found[kind].append(await one_throughput(kind, chats, each))
    return found


async def one_throughput(kind: str, chats: int, each: int) -> float:
    """Measure one bot once, on a fresh server."""
    users = range(FIRST_USER, FIRST_USER + chats)
    steps = [{"user_id": user, "do": "write", "text": WORDS[turn % 2]} for turn in range(each) for user in users]
    async with lab(chats) as up:
        await up.script(*steps)
        bot = await up.bot(kind, *arguments(kind, chats))
        stats = await up.wait(lambda stats: stats["accepted"] >= len(steps))
        assert stats["accepted"] == len(steps), "an update had more than one reply"
        return len(steps) / (float(stats["last_at"]) - bot.began)


async def latency(rate: float, seconds: float) -> dict[str, list[float]]:
    """Measure milliseconds from an update available to its reply accepted, each from another person."""
    return {kind: await one_latency(kind, rate, int(rate * seconds)) for kind in KINDS}


async def one_latency(kind: str, rate: float, count: int, warm: int = 20) -> list[float]:
    """Measure one bot; the first `warm` replies do not count."""
    users = range(FIRST_USER, FIRST_USER + count + warm)
    async with lab(len(users)) as up:
        await up.bot(kind, *arguments(kind, len(users)))
        wrote: dict[int, float] = {}
        begin = time.monotonic()
        for number, user in enumerate(users):
            await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
            wrote[user] = await up.script({"user_id": user, "do": "write", "text": WORDS[0]})
        await up.wait(lambda stats: stats["accepted"] >= len(users))
        replies = {call["chat_id"]: call["at"] for call in reversed(await up.accepted())}
        return [1000 * (replies[user] - wrote[user]) for user in users[warm:]]


@dataclass
class Broadcast:
    """One run: pace as a share of what the server allows, refusals, and replies in milliseconds."""

    share: float = 0.0
    refused: int = 0
    idle: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Give p99 during the broadcast over idle p99."""
        return percentile(self.during, 0.99) / percentile(self.idle, 0.99)


@dataclass
class Tappers:
    """People who go from the menu to help and back, in place; each tap leads to one edit."""

    up: Lab
    users: range

    async def begin(self) -> None:
        """Open the menu on every phone, slower than the pace."""
        for number, user in enumerate(self.users):
            await self.up.script({"user_id": user, "do": "write", "text": "/menu"})
            await self.up.wait(lambda stats, sent=number: stats["accepted"] > sent, every=0.03)  # type: ignore[misc]

    async def tap(self, rate: float, until: asyncio.Event) -> list[float]:
        """Tap at a rate until told to stop; give milliseconds from each tap to its edit accepted."""
        since = (await self.up.get("stats"))["calls"]
        taps: list[tuple[int, float]] = []
        begin = time.monotonic()
        while not until.is_set():
            user = self.users[len(taps) % len(self.users)]
            phone = await self.up.get(f"phones/{user}")
            buttons = [button["data"] for row in phone["messages"][-1]["rows"] for button in row]
            data = next(data for data in buttons if data.endswith((":help", ":menu")))
            taps.append((user, await self.up.script({"user_id": user, "do": "tap", "button": data})))
            await asyncio.sleep(max(0.0, begin + len(taps) / rate - time.monotonic()))
        await asyncio.sleep(1.0)  # the last edits; nobody taps any more
        edits = [call for call in await self.up.accepted(since) if call["method"].startswith("edit")]
        found = []
        for user, at in taps:
            later = [call["at"] for call in edits if call["chat_id"] == user and call["at"] >= at]
            found.append(1000 * (min(later) - at) if later else float("inf"))
        return found


async def broadcast(count: int, idle_seconds: float, tap_rate: float) -> Broadcast:
    """Send a poll to `count` tenants at the server's pace, with people tapping (`tap_rate` a second) or with nobody (0)."""
    found, tapping = Broadcast(), 40 if tap_rate else 0
    async with lab(count + tapping, "--rate", str(PACE)) as up:
        people_asked = ("--people", str(count + tapping), "--asked", str(count))
        bot = await up.bot("ours", *people_asked, "--rate", str(PACE))
        people = Tappers(up, range(FIRST_USER + count, FIRST_USER + count + tapping))
        await people.begin()
        if tapping:
            found.idle = await people.tap(tap_rate, after(idle_seconds))
        since = (await up.get("stats"))["calls"]
        finished = asyncio.create_task(sent_all(up, bot, count, since))
        if tapping:
            done = asyncio.Event()
            finished.add_done_callback(lambda _task: done.set())
            found.during = await people.tap(tap_rate, done)
        await finished
        found.share = pace(await up.accepted(since), FIRST_USER + count) / PACE
        found.refused = (await up.get("stats"))["refused_429"]
    return found


def after(seconds: float) -> asyncio.Event:
    """Give an event that is set after so many seconds."""
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, event.set)
    return event


async def sent_all(up: Lab, bot: Bot, count: int, since: int) -> None:
    """Let the bot open the poll, and wait until everyone has it."""
    await bot.say("poll")

    async def all_have_it() -> bool:
        return len([call for call in await up.accepted(since) if call["chat_id"] < FIRST_USER + count]) >= count

    await until(all_have_it, every=1.0, seconds=120 + count / 10)


def pace(calls: list[dict[str, float]], beyond: int) -> float:
    """Give all sends and edits a second between the first and the last bulk message (to chats before `beyond`)."""
    bulk = [call["at"] for call in calls if call["chat_id"] < beyond]
    return sum(bulk[0] < call["at"] <= bulk[-1] for call in calls) / (bulk[-1] - bulk[0])


@dataclass
class Start:
    """Seconds from exec to the first question for updates, and resident megabytes afterwards and after work."""

    seconds: float
    idle: float
    worked: float


async def start(chats: int = 300) -> Start:
    """Start `vivas-bot run` on a database that is there, and let it work a little."""
    with tempfile.TemporaryDirectory(prefix="vivas-bench-") as folder:
        async with lab(chats) as up:
            await ran(up, folder, "migrate")
            begin = time.monotonic()
            process = await spawn(up, "-m", "bot.cli", "run", env=environment(up, folder))
            await up.wait(lambda stats: stats["polls"] > 0, every=0.01)
            seconds = time.monotonic() - begin
            idle = resident(process.pid)
            users = range(FIRST_USER, FIRST_USER + chats)
            await up.script(*({"user_id": user, "do": "write", "text": "/start"} for user in users))
            await up.wait(lambda stats: stats["accepted"] >= chats)
            return Start(seconds, idle, resident(process.pid))


async def ran(up: Lab, folder: str, command: str) -> None:
    """Run a command of the bot to its end."""
    process = await spawn(up, "-m", "bot.cli", command, env=environment(up, folder))
    await line(process)
    await process.wait()


def environment(up: Lab, folder: str) -> dict[str, str]:
    """Give the settings of `vivas-bot` as an environment."""
    chosen = settings(up.address, Path(folder), 100000)
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "VIVAS_TELEGRAM_TOKEN": TOKEN,
        "VIVAS_TELEGRAM_API": up.address,
        "VIVAS_DATABASE": chosen.database,
        "VIVAS_KEY": chosen.key.get_secret_value(),
        "VIVAS_LISTEN": "127.0.0.1:0",
        "VIVAS_SEND_RATE": "100000",
    }


def resident(pid: int) -> float:
    """Give a process's resident memory in megabytes."""
    return float(psutil.Process(pid).memory_info().rss / 1e6)


def spread(values: list[float], digits: int = 0) -> str:
    """Write the median with the least and the most."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
