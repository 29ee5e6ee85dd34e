"""A bot under test, as a process of its own: `python -m tests.bench.bots KIND ADDRESS`. Prints when it begins to poll.

stock       python-telegram-bot's own bare echo bot: polling, default client, one update after the other
transport   the same echo on our transport, 256 at once, on uvloop
ours        the whole bot: --people N are loaded as welcomed, --asked of them as tenants of one landlord, and --crowd N
            more are written into the database. Lines on its input: `poll` opens a poll to the tenants, and its clock
            plans the broadcast; `plan` and `plan-at-once` plan one to the crowd, in steps or in a single statement
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import sys
import tempfile
import time
from dataclasses import replace
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
from bot.store import broadcasts
from bot.store.broadcasts import Order
from bot.store.db import Tx
from bot.telegram.request import AiohttpRequest
from tests.bench.lab import FIRST_USER, TOKEN
from tests.bot.polls import GROUP, LANDLORD, poll_row, tenant

MEETING = "veurne-maart"
CROWD = "menigte"  # the landlord of all who are in the database alone
DAY, NIGHT = 11, 23  # o'clock: when everything may go, and when only replies may
AT_ONCE = 10**9  # people in one step: all
WEEK_MS = 7 * 24 * 3600 * 1000


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


async def run_ours(address: str, asked: argparse.Namespace) -> None:
    """Run our bot on a fresh database, until killed."""
    with tempfile.TemporaryDirectory(prefix="vivas-bench-") as folder:
        chosen = settings(address, Path(folder), asked.rate, asked.database)
        app = build(chosen, tuesday(NIGHT if asked.crowd else DAY))
        await prepare(chosen)
        await apply(app.store, app.turns.vault, app.clock, network(app.clock, asked.people, asked.asked))
        await app.store.write(lambda tx: crowd(tx, asked.crowd))
        say(time.monotonic())
        async with running(app):
            while order := (await asyncio.to_thread(sys.stdin.readline)).strip():
                say(await obey(app, order))


def settings(address: str, folder: Path, rate: float, database: str = "") -> Settings:
    """Give the bot's settings; without a database an SQLite file that flushes every commit."""
    return load_settings(
        telegram_token=TOKEN, telegram_api=address, database=database or f"sqlite:///{folder}/bench.db",
        webhook_url=None, key="a-key-for-the-bench-that-is-long-enough", admins=(), send_rate=rate,
        contact_phone="03 366 30 15", poll_keys=f"{folder}/keys",
    )  # fmt: skip


def tuesday(hour: int = DAY) -> Clock:
    """Give a clock that stands at an hour of a coming Tuesday that is no holiday; at eleven everything may go."""
    day = datetime.now(UTC).astimezone(BRUSSELS).replace(hour=hour, minute=0) + timedelta(days=1)
    while day.weekday() != 1 or is_rest_day(day.date()):
        day += timedelta(days=1)
    clock = Clock()
    clock.set(day)
    return clock


def network(clock: Clock, count: int, asked: int) -> LoadFile:
    """Give synthetic people, the first `asked` of them a landlord's tenants who want polls, and a meeting."""
    start = (clock.now().astimezone(BRUSSELS) + timedelta(days=20)).replace(tzinfo=None)
    meeting = {"id": MEETING, "kind": "regional", "theme": {"nl": "Wonen"}, "start": start, "place": {"name": "Zaal"}}
    tenants = [tenant(user) for user in range(FIRST_USER, FIRST_USER + asked)]
    others = [{"telegram": user, "language": "nl"} for user in range(FIRST_USER + asked, FIRST_USER + count)]
    rows = {"landlords": [LANDLORD], "groups": [GROUP], "meetings": [meeting]}
    return LoadFile.model_validate({**rows, "people": [*tenants, *others]})


def crowd(tx: Tx, count: int) -> None:
    """Write so many people into the database who want polls; they have no phone, and are never sent anything."""
    rows = [{"id": 1 + secrets.randbits(62), "chat": secrets.token_bytes(32)} for _person in range(count)]
    tx.many(
        "INSERT INTO person (id, chat_hash, chat_sealed, key_version, language, phone_language, landlord, seen_at)"
        f" VALUES (:id, :chat, :chat, 1, 'nl', 'nl', '{CROWD}', 1)",
        rows,
    )
    tx.run(f"INSERT INTO consent (person, purpose) SELECT id, 'polls' FROM person WHERE landlord = '{CROWD}'")


async def obey(app: App, order: str) -> object:
    """Do what the bench asks for; give the answer to it."""
    match order:
        case "poll":
            return await open_poll(app)
        case "plan":
            return await plan(app, 0)
        case _:
            return await plan(app, AT_ONCE)


async def open_poll(app: App) -> str:
    """Load a poll to the landlord's tenants; the clock opens it and plans its broadcast."""
    now = app.clock.now().astimezone(BRUSSELS).replace(tzinfo=None)
    poll = poll_row(opens=now - timedelta(hours=1), closes=now + timedelta(days=9))
    await apply(app.store, app.turns.vault, app.clock, LoadFile.model_validate({"polls": [poll]}))
    return "loaded"


async def plan(app: App, chunk: int) -> float:
    """Plan a broadcast to the crowd, so many people a step (0: as the bot does), with the bot's own clock standing still;
    give the seconds."""
    app.scheduler.stop()
    now, about = app.clock.ms(), "poll:menigte"
    order = Order("audience", about, "bulk", "poll", "menigte:1:weet", now, now + WEEK_MS, {"landlord": CROWD})
    await app.store.write(lambda tx: broadcasts.order(tx, replace(order, once=secrets.token_hex(8))))
    began = time.monotonic()
    while await app.store.write(lambda tx: broadcasts.step(tx, now, chunk)):
        pass
    return time.monotonic() - began


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("stock", "transport", "ours"))
    parser.add_argument("address")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--asked", type=int, default=0)
    parser.add_argument("--crowd", type=int, default=0)
    parser.add_argument("--database", default="", help="without: an SQLite file of its own")
    parser.add_argument("--rate", type=float, default=100000.0)
    asked = parser.parse_args()
    log.setup()
    with contextlib.suppress(KeyboardInterrupt):
        if asked.kind == "ours":
            uvloop.run(run_ours(asked.address, asked))
        else:
            run_echo(asked.address, ours=asked.kind == "transport")


if __name__ == "__main__":
    main()
