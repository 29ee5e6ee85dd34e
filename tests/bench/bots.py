"""A bot under test, as a process of its own: `python -m tests.bench.bots KIND ADDRESS`. Prints when it begins to poll.

stock       python-telegram-bot's own bare echo bot: polling, default client, one update after the other
transport   the same echo on our transport, 256 at once, on uvloop
ours        the whole bot: --people N are loaded as welcomed; a line `plan N` on its input plans a broadcast to N
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler

from bot import log
from bot.app import App, build, prepare, running
from bot.clock import BRUSSELS, Clock
from bot.config import Settings, load_settings
from bot.loadfile import LoadFile
from bot.loading import apply
from bot.rules import is_rest_day
from bot.store import deliveries, people
from bot.store.db import Tx
from bot.telegram.request import AiohttpRequest
from tests.bench.lab import FIRST_USER, TOKEN

MEETING = "veurne-maart"
STEP = 500  # rows planned in one transaction


def say(word: object) -> None:
    """Write a line for the bench."""
    print(word, flush=True)


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    assert update.message is not None
    assert update.message.text is not None
    await update.message.reply_text(update.message.text)


def run_echo(address: str, *, ours: bool) -> None:
    """Run the library's bot: stock, or on our transport."""

    async def ready(_app: object) -> None:
        say(time.monotonic())

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{address}/bot").post_init(ready)
    if ours:
        asyncio.set_event_loop(uvloop.new_event_loop())
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(2)).concurrent_updates(256)
    app = builder.build()
    app.add_handler(MessageHandler(None, echo))
    app.run_polling()


async def run_ours(address: str, count: int, rate: float) -> None:
    """Run our bot on a fresh database file that flushes every commit, until killed."""
    with tempfile.TemporaryDirectory(prefix="vivas-bench-") as folder:
        app = build(settings(address, Path(folder), rate), tuesday())
        await prepare(app.settings)
        await apply(app.store, app.turns.vault, app.clock, network(app.clock, count))
        say(time.monotonic())
        async with running(app):
            while order := (await asyncio.to_thread(sys.stdin.readline)).split():
                await plan(app, int(order[1]))
                say("planned")


def settings(address: str, folder: Path, rate: float) -> Settings:
    """Give the bot's settings."""
    return load_settings(
        telegram_token=TOKEN, telegram_api=address, database=f"sqlite:///{folder}/bench.db", webhook_url=None,
        key="a-key-for-the-bench-that-is-long-enough", admins=(), send_rate=rate, contact_phone="03 366 30 15",
    )  # fmt: skip


def tuesday() -> Clock:
    """Give a clock that stands at eleven on a coming Tuesday that is no holiday: the hour in which everything may go."""
    day = datetime.now(UTC).astimezone(BRUSSELS).replace(hour=11, minute=0) + timedelta(days=1)
    while day.weekday() != 1 or is_rest_day(day.date()):
        day += timedelta(days=1)
    clock = Clock()
    clock.set(day)
    return clock


def network(clock: Clock, count: int) -> LoadFile:
    """Give synthetic people who want to hear of meetings, and a meeting."""
    start = (clock.now().astimezone(BRUSSELS) + timedelta(days=20)).replace(tzinfo=None)
    meeting = {"id": MEETING, "kind": "regional", "theme": {"nl": "Wonen"}, "start": start, "place": {"name": "Zaal"}}
    users = range(FIRST_USER, FIRST_USER + count)
    everyone = [{"telegram": user, "language": "nl", "consents": ["meetings"]} for user in users]
    return LoadFile.model_validate({"people": everyone, "meetings": [meeting]})


async def plan(app: App, count: int) -> None:
    """Plan one bulk message to each of the first `count` people."""
    users = range(FIRST_USER, FIRST_USER + count)
    for start in range(0, count, STEP):

        def job(tx: Tx, chunk: range = users[start : start + STEP]) -> None:
            for user in chunk:
                person = people.find(tx, app.turns.vault, user)
                assert person is not None
                about, once = f"meeting:{MEETING}", f"bench:{user}"
                deliveries.plan(tx, person["id"], "bulk", "help", "", app.clock.ms(), once=once, about=about)

        await app.store.write(job)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("stock", "transport", "ours"))
    parser.add_argument("address")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--rate", type=float, default=100000.0)
    asked = parser.parse_args()
    log.setup()
    with contextlib.suppress(KeyboardInterrupt):
        if asked.kind == "ours":
            uvloop.run(run_ours(asked.address, asked.people, asked.rate))
        else:
            run_echo(asked.address, ours=asked.kind == "transport")


if __name__ == "__main__":
    main()
