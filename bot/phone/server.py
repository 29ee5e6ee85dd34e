"""The local server as one ASGI app: the Bot API, the control API and the phone page.

    /                        the phone page
    /phone/static/...        its style and script
    /phone/api/...           the control API (see control.py)
    /bot<token>/<method>     the Bot API, /file/bot<token>/<path> its files

Hooks of the page for browser tests:

    section[data-user="6001"]            one phone; `data-state` is new, open, blocked or deactivated
    [data-message-id="12"]               a bubble; `data-from` is bot or user, `.edited` its sign
    button[data-callback="..."]          an inline button, `a[data-url]` one that opens a link
    textarea[name="text"]                what to write; `button[data-do="send"]` sends, Enter too
    button[data-do="start"|"menu"|"voice"|"block"|"unblock"|"contact"|"location"|"sticker"]
    summary[data-do="more"]              opens the sheet with link, contact, place, sticker, block
    button[data-command="/menu"]         a command, in the menu's sheet or in a text
    input[name="photo"], input[name="payload"]   a photo to send; a deep link's payload
    [role="status"] .toast               the answer to a tap
    #clock time[datetime], button[data-forward="3600"|"86400"], input[name="moment"]   the bot's time
    nav button[data-show="6001"]         the switcher on a narrow screen
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from bot.phone.botapi import BotApi, Receive, Scope, Send
from bot.phone.control import MoveClock, site
from bot.phone.world import World

ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]


def app(world: World, *, move_clock: MoveClock | None = None, clock_now: Callable[[], datetime] | None = None) -> ASGI:
    """Return the app. It needs no lifespan, so it may be mounted at "/" behind other routes.

    `clock_now` tells the bot's time (aware; the world's own by default), `move_clock` takes an aware moment to move
    it to; without that the page shows the clock but cannot move it.
    """
    bot_api = BotApi(world)
    pages = site(world, move_clock, clock_now)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(("/bot", "/file/bot")):
            await bot_api(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return serve


def _with_transport(protocol: type[Any]) -> type[Any]:
    """Return uvicorn's protocol class with the connection in the scope, so that a fault can cut it."""

    class Protocol(protocol):  # type: ignore[misc]
        app: ASGI

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            inner = self.app

            async def tell(scope: Scope, receive: Receive, send: Send) -> None:
                scope.setdefault("extensions", {})["phone.transport"] = transport
                await inner(scope, receive, send)

            self.app = tell

    return Protocol


def server(asgi: ASGI) -> uvicorn.Server:
    """Return a quiet uvicorn server for the app, to be given its listening socket."""
    config = uvicorn.Config(
        asgi,
        http=_with_transport(AutoHTTPProtocol),
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        log_config=None,  # the root logger's scrubber holds here too
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,
    )
    config.load()
    return uvicorn.Server(config)


def listen(port: int = 0) -> tuple[socket.socket, str]:
    """Open a port of 127.0.0.1 (0: a free one) and return it with its base URL; raise OSError if it is taken."""
    # asyncio switches Nagle's algorithm off only for sockets that name TCP; with it on, each answer waits 40 ms.
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind(("127.0.0.1", port))
    except OSError:
        opened.close()
        raise
    opened.listen()  # who connects from now on waits for the server, and is not turned away
    return opened, f"http://127.0.0.1:{opened.getsockname()[1]}"


@asynccontextmanager
async def serving(world: World, port: int = 0, **clock: Any) -> AsyncIterator[str]:
    """Serve a world in this event loop and yield its base URL; port 0 takes a free one.

    `clock` are the keywords of `app`. Raises OSError when the port is taken.
    """
    opened, base_url = listen(port)
    inside = server(app(world, **clock))
    inside.lifespan = inside.config.lifespan_class(inside.config)
    await inside.startup([opened])
    try:
        yield base_url
    finally:
        world.close()
        await inside.shutdown([opened])
