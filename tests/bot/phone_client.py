"""A plain client for the local Bot API server, so that its tests lean on no bot library."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.phone.server import serving
from bot.phone.world import World

TOKEN = "424242:local"


class Client:
    """Calls methods with JSON bodies and returns status and body."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self.session = session
        self.base_url = base_url

    async def call(self, method: str, /, **params: Any) -> tuple[int, dict[str, Any]]:
        """Call a Bot API method; return the HTTP status and the body."""
        async with self.session.post(f"{self.base_url}/bot{TOKEN}/{method}", json=params) as response:
            return response.status, await response.json()

    async def result(self, method: str, /, **params: Any) -> Any:
        """Call a method that must succeed; return its result."""
        status, body = await self.call(method, **params)
        assert status == 200, body
        return body["result"]

    async def refusal(self, method: str, /, **params: Any) -> str:
        """Call a method that must fail; return the description."""
        status, body = await self.call(method, **params)
        assert body == body | {"ok": False, "error_code": status}
        return str(body["description"])

    async def send(self, chat_id: int, text: str, **params: Any) -> Any:
        """Send a text that must be accepted; return the message."""
        return await self.result("sendMessage", chat_id=chat_id, text=text, **params)


def keyboard(*buttons: tuple[str, str]) -> dict[str, Any]:
    """Return a reply_markup of one row of callback buttons, given as label and data."""
    return {"inline_keyboard": [[{"text": label, "callback_data": data} for label, data in buttons]]}


@asynccontextmanager
async def client(world: World) -> AsyncIterator[Client]:
    """Serve a world and yield a client for it."""
    async with serving(world) as base_url, aiohttp.ClientSession() as session:
        yield Client(session, base_url)
