"""The composition root: everything is made here, from settings, and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from telegram import Bot, BotCommand
from telegram.error import TelegramError

import flows
from bot import files, places
from bot.clock import Clock
from bot.config import Settings
from bot.crypto import Vault
from bot.dispatch import Dispatcher
from bot.facts import FactsLoader
from bot.i18n import Languages
from bot.loading import apply_admins
from bot.outbox import Outbox
from bot.scheduler import Scheduler
from bot.store import meetings, people
from bot.store.db import Store, Tx, open_store
from bot.store.deliveries import Ready
from bot.store.deliveries import recover as recover_deliveries
from bot.store.migrate import migrate
from bot.telegram.intake import ALLOWED, Intake, Poller, Webhook
from bot.telegram.pacing import Pacer
from bot.telegram.request import AiohttpRequest
from bot.telegram.sender import Outcome, send
from bot.turns import Turns
from bot.web.server import web_app
from flows.facts import Help

log = logging.getLogger(__name__)

LOOKS = {"postcode": places.postcode}
MENU_COMMANDS = ("menu", "bijeenkomsten", "taal", "mijngegevens", "privacy", "stop", "help")


@dataclass
class App:
    """The whole bot, wired. `start` and `stop` bracket its life."""

    settings: Settings
    clock: Clock
    store: Store
    turns: Turns
    outbox: Outbox
    dispatcher: Dispatcher
    intake: Intake
    poller: Poller | None
    webhook: Webhook | None
    scheduler: Scheduler
    bot: Bot
    begun: float = field(default_factory=time.monotonic)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Recover what a crash left, then let updates in."""
        await self.store.write(recover_deliveries)
        await self.store.write(lambda tx: apply_admins(tx, self.turns.vault, self.settings.admins, self.clock.ms()))
        await self.bot.request.initialize()
        self._tasks.append(asyncio.create_task(self.outbox.run()))
        await self.dispatcher.recover()
        self.scheduler.start()
        self._tasks.append(asyncio.create_task(self._connect()))

    async def _connect(self) -> None:
        """Say hello to Telegram, waiting as long as it takes; then poll, or set the webhook."""
        delay = 0.5
        while True:
            try:
                await self._introduce()
                break
            except TelegramError as error:
                log.warning("Telegram cannot be reached (%s); trying again", type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(30.0, delay * 2)
        if self.poller:
            await self.poller.run()

    async def _introduce(self) -> None:
        settings = self.settings
        if settings.webhook_url and settings.webhook_secret:
            secret = settings.webhook_secret.get_secret_value()
            await self.bot.set_webhook(settings.webhook_url, secret_token=secret, allowed_updates=ALLOWED)
        else:
            await self.bot.delete_webhook()
        for language in self.turns.languages.values():
            commands = [
                BotCommand(flow.command, language.plain(flow.title))
                for name in MENU_COMMANDS
                for flow in self.turns.flows.values()
                if flow.command == name
            ]
            await self.bot.set_my_commands(commands, language_code=None if language.code == "nl" else language.code)

    async def stop(self) -> None:
        """Stop taking things in, finish what runs, close."""
        self.scheduler.stop()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.bot.request.shutdown()
        await self.store.close()

    def report(self, kind: str) -> None:
        """Tell those who run the bot, through the outbox."""
        now = self.clock.ms()
        task = asyncio.create_task(self.store.write(lambda tx: self.turns.alarm(tx, kind, now)))
        task.add_done_callback(lambda done: done.exception())


def build(settings: Settings, clock: Clock | None = None) -> App:
    """Wire everything; nothing runs yet."""
    clock = clock or Clock()
    vault = Vault(settings.key.get_secret_value())
    store = open_store(settings.database)
    languages = Languages()
    all_flows = flows.load()
    loader = FactsLoader(all_flows, languages.names(), Help(settings.organisation, settings.contact_phone))
    turns = Turns(all_flows, loader, languages, vault, LOOKS)
    bot = make_bot(settings)
    app: App

    async def deliver(ready: Ready) -> Outcome:
        return await send(bot, ready.chat_id, ready.payload or {}, await _made(store, turns, clock, ready))

    async def acknowledge(callback_id: str) -> None:
        with contextlib.suppress(TelegramError):
            await bot.answer_callback_query(callback_id)

    outbox = Outbox(store, vault, clock, Pacer(settings.send_rate), turns.render, deliver, lambda: app.report("token"))
    dispatcher = Dispatcher(store, vault, clock, turns, outbox, acknowledge)
    intake = Intake(store, vault, clock, dispatcher)
    poller = webhook = None
    if settings.webhook_url and settings.webhook_secret:
        webhook = Webhook(intake, settings.webhook_secret.get_secret_value())
    else:
        token = settings.telegram_token.get_secret_value()
        url = f"{settings.telegram_api}/bot{token}/getUpdates"
        poller = Poller(intake, bot.request, url, lambda kind: app.report(kind))
    scheduler = Scheduler(store, clock, outbox, dispatcher)
    app = App(settings, clock, store, turns, outbox, dispatcher, intake, poller, webhook, scheduler, bot)
    return app


def make_bot(settings: Settings) -> Bot:
    """Make the Bot API client on our own transport."""
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api}/bot",
        base_file_url=f"{settings.telegram_api}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(connections=2),
    )


async def _made(store: Store, turns: Turns, clock: Clock, ready: Ready) -> Any:
    """Make the file, or load the meeting, that a delivery refers to."""
    payload = ready.payload or {}
    if payload.get("kind") not in ("calendar", "venue", "export"):
        return None

    def job(tx: Tx) -> Any:
        if payload["kind"] == "export":
            return files.my_data(files.known(tx, ready.person or 0), payload["shape"])
        meeting = meetings.get(tx, payload["meeting"])
        person = people.get(tx, ready.person or 0)
        assert meeting is not None
        if payload["kind"] == "venue":
            return meeting
        language = turns.languages.of(person["language"] if person else None)
        return files.calendar(meeting, language, clock.now())

    return await store.read(job)


@contextlib.asynccontextmanager
async def running(app: App) -> AsyncIterator[App]:
    """Start the bot, and stop it at the end."""
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def serve(app: App) -> None:
    """Run the bot and its web until a signal ends them."""
    config = uvicorn.Config(
        web_app(app),
        host=app.settings.host,
        port=app.settings.port,
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
    async with running(app):
        log.info("ready after %.2f s, listening on %s", time.monotonic() - app.begun, app.settings.listen)
        await uvicorn.Server(config).serve()


async def prepare(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    await asyncio.to_thread(migrate, settings.database)
