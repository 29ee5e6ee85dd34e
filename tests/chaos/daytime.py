"""`vivas-bot run` with its clock set ahead, so that a proof may run at night: `python -m tests.chaos.daytime SECONDS`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

import uvloop

from bot import log
from bot.app import build, prepare, serve
from bot.clock import Clock
from bot.config import load_settings


async def run(ahead: timedelta) -> None:
    """Run the bot until a signal ends it."""
    clock = Clock()
    clock.set(clock.now() + ahead)
    settings = load_settings()
    await prepare(settings)
    await serve(build(settings, clock))


if __name__ == "__main__":
    log.setup()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(timedelta(seconds=float(sys.argv[1]))))
