"""People at work on their phones while the bot is killed under them, and the bot as a process that can be killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.phone.phones import Phone
from bot.phone.things import JSON, Bubble, Chat, Message, Rows
from bot.phone.world import World

ROOT = Path(__file__).parents[2]
TOKEN = "424242:abcdefghijklmnopqrstuvwxyz"
MEETINGS = tuple(f"avond-{number}" for number in range(1, 5))
PATIENCE = 120.0  # seconds that a person waits for a screen, through any number of kills
STARTING = 1.0  # seconds from exec within which some kills fall


@dataclass
class Person:
    """Someone who signs up for every meeting, then changes consents and writes words, a screen at a time."""

    phone: Phone
    used: set[str] = field(default_factory=set)
    switched: int = 0
    signed_up: int = 0

    async def live(self, stop: asyncio.Event) -> None:
        """Go on until told to stop, and finish what was begun."""
        while not stop.is_set() or self.signed_up < len(MEETINGS):
            if self.signed_up < len(MEETINGS):
                await self.sign_up(MEETINGS[self.signed_up])
                self.signed_up += 1
            else:
                await self.switch_polls()
                await self.chat()

    async def sign_up(self, meeting: str) -> None:
        """Take a place, or a place in line."""
        self.phone.start(f"meeting-{meeting}")
        for option in ("yes", "~ready", "0", "yes", "yes"):
            await self.press(option)
        await self.sees("open")

    async def switch_polls(self) -> None:
        """Switch the messages about polls on, or off again: one line in the log of consents."""
        self.phone.write("/menu")
        await self.press("consents")
        bubble_id, data = await self.sees("polls")
        self.phone.tap(data, bubble_id)
        await self.press("~ready")
        await self.sees("open")
        self.switched += 1

    async def chat(self) -> None:
        """Write words that nobody asked for; they are searched, outside the transaction, and a greeting answers."""
        self.phone.write("hallo daar")
        await self.sees("rights")

    async def press(self, option: str) -> None:
        """Wait for a question that has this option and was not answered yet, and tap it."""
        message_id, data = await self.sees(option)
        self.used.add(data.partition(":")[0])
        self.phone.tap(data, message_id)

    async def sees(self, option: str) -> tuple[int, str]:
        """Wait for a new question with this option; give its message and the button's data."""
        screen = await self.phone.wait(lambda bubbles: self.found(bubbles, option), PATIENCE)
        found = self.found(screen, option)
        assert found is not None
        if option in ("open", "rights"):
            self.used.add(found[1].partition(":")[0])
        return found

    def found(self, bubbles: list[Bubble], option: str) -> tuple[int, str] | None:
        """Look for a button of this option whose token was not used before, newest first."""
        for bubble in reversed(bubbles):
            for _label, data in (button for row in bubble.buttons for button in row):
                token, _colon, ends = data.partition(":")
                if ends == option and token not in self.used:
                    return bubble.message_id, data
        return None


@dataclass
class Killable:
    """`vivas-bot run` as a process, and the server's word for when it polls."""

    world: World
    environment: dict[str, str]
    log: Path
    module: tuple[str, ...] = ("bot.cli", "run")
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    process: asyncio.subprocess.Process | None = None

    def __post_init__(self) -> None:
        confirm = self.world.updates.confirm_before

        def noticed(offset: int) -> None:
            self.polled.set()
            confirm(offset)

        self.world.updates.confirm_before = noticed  # type: ignore[method-assign]

    async def start(self) -> None:
        """Start it; it may not poll yet."""
        self.polled.clear()
        with self.log.open("ab") as written:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self.module, cwd=self.log.parent, env=self.environment, stderr=written
            )

    async def end(self, how: signal.Signals) -> None:
        """Send it a signal, and wait until it is gone."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        await self.process.wait()

    async def ready(self) -> None:
        """Wait until it polls, or is gone."""
        assert self.process is not None
        waits = [asyncio.create_task(self.polled.wait()), asyncio.create_task(self.process.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        for wait in waits:
            wait.cancel()
        assert self.process.returncode is None, self.log.read_text()[-2000:]

    async def killed_at_random(self, dice: random.Random, times: int) -> None:
        """Kill -9 it so many times: mostly while it works, some times while it starts; and start it again."""
        for _kill in range(times):
            if dice.random() < 0.8:
                await self.ready()
                await asyncio.sleep(dice.uniform(0.0, 0.6))
            else:
                await asyncio.sleep(dice.uniform(0.0, STARTING))
            await self.end(signal.SIGKILL)
            await self.start()
        await self.ready()


def environment(address: str, database: str) -> dict[str, str]:
    """Give the settings of a bot."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "VIVAS_TELEGRAM_TOKEN": TOKEN,
        "VIVAS_TELEGRAM_API": address,
        "VIVAS_DATABASE": database,
        "VIVAS_KEY": "a-key-for-tests-that-is-long-enough",
        "VIVAS_LISTEN": "127.0.0.1:0",
        "VIVAS_SEND_RATE": "100000",
    }


async def repeat_updates(world: World, dice: random.Random, stop: asyncio.Event) -> int:
    """Hand the bot updates again that it got before, as Telegram may; give how many."""
    seen: list[dict[str, Any]] = []
    repeated = 0
    while not stop.is_set():
        await world.changed.wait(0.2)
        seen += [dict(pending.update) for pending in list(world.updates.pending.values())[:1]]
        if seen and dice.random() < 0.3:
            world.updates.push_raw(dice.choice(seen))
            repeated += 1
    return repeated


async def exported(run: Killable, what: str) -> list[dict[str, Any]]:
    """Give what `vivas-bot export` writes."""
    folder = run.log.parent
    command = (sys.executable, "-m", "bot.cli", "export", what, "--out", str(folder))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=run.environment, stdout=pipe)
    await process.communicate()
    assert process.returncode == 0
    rows: list[dict[str, Any]] = json.loads((folder / f"{what}.json").read_text())
    return rows


def count_copies(world: World) -> Counter[str]:
    """Count, from now on, how often each message with buttons comes: a token is made for one message only."""
    copies: Counter[str] = Counter()
    put = world.put

    def counted(chat: Chat, sender: JSON, body: JSON, rows: Rows | None = None) -> Message:
        if rows:
            copies[str(rows[0][0]["callback_data"]).partition(":")[0]] += 1
        return put(chat, sender, body, rows)

    world.put = counted  # type: ignore[method-assign]
    return copies
