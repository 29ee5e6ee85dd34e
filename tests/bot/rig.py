"""The real bot beside the local server, both in this process, for tests that send it updates and faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import App, build, prepare, running
from bot.clock import Clock
from bot.config import load_settings
from bot.loadfile import LoadFile
from bot.loading import apply
from bot.phone.server import serving
from bot.phone.world import World

TOKEN = "424242:abcdefghijklmnopqrstuvwxyz"
SECRET = "a-secret-of-the-webhook"


@dataclass
class Rig:
    """A bot, and the world it talks to."""

    app: App
    world: World

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Read rows of the bot's database."""
        return await self.app.store.read(lambda tx: [dict(row) for row in tx.all(sql)])

    async def settled(self) -> None:
        """Wait until every update that was taken is handled, and every reply is out."""
        await self.app.dispatcher.idle()
        await self.app.outbox.idle()
        await self.app.outbox.sweep()
        await self.app.outbox.idle()


@asynccontextmanager
async def rig(
    folder: Path,
    world: World | None = None,
    *,
    users: range = range(6001, 6004),
    welcomed: bool = True,
    started: bool = True,
    clock: Clock | None = None,
    **settings: Any,
) -> AsyncIterator[Rig]:
    """Bring up a bot with phones for `users`, who were welcomed and read Dutch; not `started` builds it only."""
    world = world or World(TOKEN)
    for user in users:
        world.add_phone(user, f"Persoon {user}", "nl", started=True)
    async with serving(world) as base_url:
        app = build(_settings(folder, base_url, settings), clock or Clock())
        await prepare(app.settings)
        people = [{"telegram": user, "language": "nl"} for user in users if welcomed]
        await apply(app.store, app.turns.vault, app.clock, LoadFile.model_validate({"people": people}))
        if not started:
            yield Rig(app, world)
            await app.store.close()
            return
        async with running(app):
            yield Rig(app, world)


def _settings(folder: Path, base_url: str, more: dict[str, Any]) -> Any:
    given: dict[str, Any] = {
        "telegram_token": world_token(more),
        "telegram_api": base_url,
        "database": f"sqlite:///{folder}/bot.db",
        "poll_keys": f"{folder}/keys",
        "key": "a-key-for-tests-that-is-long-enough",
        "send_rate": 100000,
        "admins": (),
        "webhook_url": None,
    }
    return load_settings(**{**given, **more})


def world_token(more: dict[str, Any]) -> str:
    """Give the token of the bot: the world's own, unless a test wants another."""
    return str(more.pop("token", TOKEN))
