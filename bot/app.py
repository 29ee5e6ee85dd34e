"""The composition root: everything is made here, from settings, and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import string
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial

import uvicorn
from telegram import Bot, BotCommand
from telegram.error import TelegramError

import flows
from bot import places, plain
from bot.clock import Clock
from bot.config import Settings
from bot.dispatch import Dispatcher
from bot.facts import FactsLoader
from bot.i18n import Language, Languages
from bot.loading import apply_admins
from bot.made import Maker
from bot.office import Hours
from bot.outbox import Outbox
from bot.rights import directory
from bot.rights.library import read_library
from bot.rights.search import Search, look
from bot.role_facts import BOT_NAME
from bot.scheduler import Scheduler
from bot.store import keys
from bot.store.db import Store, Tx, is_trouble, open_store
from bot.store.deliveries import Ready
from bot.store.deliveries import recover as recover_deliveries
from bot.store.migrate import migrate
from bot.telegram.intake import ALLOWED, Intake, Poller, Webhook
from bot.telegram.pacing import Pacer
from bot.telegram.request import AiohttpRequest
from bot.telegram.sender import Outcome, send
from bot.templates import read_templates
from bot.turns import Turns
from bot.web.server import make_server, web_app
from flows.facts import Help
from flows.messages import _

log = logging.getLogger(__name__)

LETTERS = string.ascii_lowercase + string.digits
LOOKS: dict[str, Callable[[str], str]] = {
    "postcode": places.postcode,
    "nearby": directory.nearby,
    "plain": plain.look,
    "new-id": lambda _for: "".join(secrets.choice(LETTERS) for _letter in range(8)),
}
SLOW = frozenset({"search"})
LAST_SECONDS = 5.0
shared_search = lru_cache(maxsize=1)(Search.load)  # 100 MB, and the same for all
BEFORE_START = _(
    "I help social tenants with their rights, and with meetings near them. You do not have to give your name. Tap Start."
)
MENU_COMMANDS = ("menu", "rechten", "bijeenkomsten", "peilingen", "taal", "mijngegevens", "privacy", "stop", "help")


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
    _sending: asyncio.Task[None] | None = None
    _receiving: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Recover what a crash left, then let updates in."""
        await self.store.write(lambda tx: keys.check(tx, self.turns.vault))
        await self.store.write(recover_deliveries)
        await self.store.write(lambda tx: apply_admins(tx, self.turns.vault, self.settings.admins, self.clock.ms()))
        await self.bot.request.initialize()
        self._sending = asyncio.create_task(self.outbox.run())
        await self.dispatcher.recover()
        self.scheduler.start()
        self._receiving = [asyncio.create_task(work) for work in (self._receive(), self._introduce())]

    async def _receive(self) -> None:
        """Let updates in: poll, or set the webhook, waiting as long as that takes."""
        if self.poller:
            await self.poller.run()
        delay = 0.5
        while not await self._set_webhook():
            await asyncio.sleep(delay)
            delay = min(30.0, delay * 2)

    async def _set_webhook(self) -> bool:
        settings = self.settings
        assert settings.webhook_url is not None
        assert settings.webhook_secret is not None
        secret = settings.webhook_secret.get_secret_value()
        try:
            await self.bot.set_webhook(settings.webhook_url, secret_token=secret, allowed_updates=ALLOWED)
        except TelegramError as error:
            log.warning("the webhook could not be set (%s); trying again", type(error).__name__)
            return False
        return True

    async def _introduce(self) -> None:
        """Tell Telegram our commands, and that we poll. Best effort: the bot works without it."""
        try:
            if self.poller:
                await self.bot.delete_webhook()
            name = (await self.bot.get_me()).username or ""
            await self.store.write(lambda tx: keep_name(tx, name))
            for language in self.turns.languages.values():
                code = None if language.code == "nl" else language.code
                await self.bot.set_my_commands(self._commands(language), language_code=code)
                await self.bot.set_my_description(language.plain(BEFORE_START), language_code=code)
        except TelegramError as error:
            log.warning("the list of commands could not be set (%s)", type(error).__name__)

    def _commands(self, language: Language) -> list[BotCommand]:
        by_command = {flow.command: flow for flow in self.turns.flows.values()}
        return [BotCommand(name, language.plain(by_command[name].title)) for name in MENU_COMMANDS]

    @property
    def sending(self) -> bool:
        """Tell whether the outbox is at work."""
        return self._sending is not None and not self._sending.done()

    async def stop(self) -> None:
        """Stop taking things in, finish what runs, let what is on its way arrive, close."""
        self.scheduler.stop()
        await _cancel(*self._receiving)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.dispatcher.idle(), LAST_SECONDS)
        await _cancel(self._sending)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.outbox.finish(), LAST_SECONDS)
        await self.bot.request.shutdown()
        await self.store.close()

    def report(self, kind: str) -> None:
        """Tell those who run the bot, through the outbox."""
        now = self.clock.ms()
        task = asyncio.create_task(self.store.write(lambda tx: self.turns.alarm(tx, kind, now)))
        task.add_done_callback(lambda done: done.exception())


def keep_name(tx: Tx, name: str) -> None:
    """Keep the bot's own name, which its links need."""
    tx.run(
        "INSERT INTO meta (name, value) VALUES (:what, :name) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        what=BOT_NAME,
        name=name,
    )


async def _cancel(*tasks: asyncio.Task[None] | None) -> None:
    for task in tasks:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def build(settings: Settings, clock: Clock | None = None, search: Search | None = None) -> App:
    """Wire everything; nothing runs yet. Raises NoModel where the search was not built."""
    clock = clock or Clock()
    vault = settings.vault()
    store = open_store(settings.database)
    languages = Languages()
    all_flows = flows.load()
    library = read_library()
    help = Help(settings.organisation, settings.contact_phone)
    vault.secret_flows = frozenset(name for name, flow in all_flows.items() if flow.secret)
    hours = Hours.read(settings.office_hours)
    loader = FactsLoader(
        all_flows, languages.names(), help, vault, library, hours, read_templates(), settings.send_rate
    )
    search = search or shared_search()
    looks: dict[str, Callable[[str], str]] = {**LOOKS, "search": partial(look, search, library)}
    turns = Turns(all_flows, loader, languages, vault, looks, SLOW, search.signals.danger)
    bot = make_bot(settings)
    maker = Maker(store, turns, clock)
    app: App

    async def deliver(ready: Ready) -> Outcome:
        try:
            made = await maker.make(ready)
        except Exception as error:
            if is_trouble(error):
                return Outcome("again", "the database cannot be read")
            raise
        return await send(bot, ready.chat_id, ready.payload or {}, made)

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
    scheduler = Scheduler(store, clock, outbox, dispatcher, movable=not settings.is_telegram)
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
    web = make_server(web_app(app), app.settings.host, app.settings.port)
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, end, web)
    async with running(app):
        log.info("ready, listening on %s", app.settings.listen)
        await web.serve()


def end(web: uvicorn.Server) -> None:
    """Ask the web server to stop; the bot stops after it."""
    web.should_exit = True


async def prepare(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    await asyncio.to_thread(migrate, settings.database)
