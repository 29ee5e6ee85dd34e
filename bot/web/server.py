"""The bot's web: health, readiness, metrics, the webhook, and the staff's first page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.store import deliveries, inbox
from bot.store.db import Tx
from bot.web.metrics import render

if TYPE_CHECKING:
    from bot.app import App

MOST_BACKLOG = 1000
ANSWER_SECONDS = 3
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def routes(app: App) -> list[BaseRoute]:
    """Give the routes of one bot."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def ready(_request: Request) -> Response:
        checks = await readiness(app)
        return JSONResponse(checks, status_code=200 if all(checks.values()) else 503)

    async def metrics(_request: Request) -> Response:
        rows = await app.store.read(deliveries.open_count)
        return Response(render(app, rows), media_type="text/plain; version=0.0.4", headers=HEADERS)

    async def staff(_request: Request) -> Response:
        return HTMLResponse(STAFF, headers=HEADERS)

    found: list[BaseRoute] = [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
        Route("/staff", staff),
    ]
    if app.webhook and app.settings.webhook_url:
        found.append(Route(urlsplit(app.settings.webhook_url).path, app.webhook.answer, methods=["POST"]))
    return found


STAFF = """<!doctype html><html lang="nl"><meta charset="utf-8"><title>vivas-bot</title>
<h1>vivas-bot</h1><p>De webpagina's voor medewerkers komen later. De bot zelf draait.</p></html>"""


async def readiness(app: App) -> dict[str, bool]:
    """Check that the database answers, Telegram answers, the ticks come, and the backlog is small."""
    checks = {"database": True, "telegram": True, "backlog": True, "scheduler": True, "sending": app.sending}

    def job(tx: Tx) -> int:
        return inbox.backlog(tx)

    try:
        checks["backlog"] = await app.store.read(job) < MOST_BACKLOG
        await asyncio.wait_for(app.store.write(lambda tx: None), ANSWER_SECONDS)
    except Exception:
        checks["database"] = checks["backlog"] = False
    checks["telegram"] = app.poller.connected if app.poller else True
    checks["scheduler"] = app.clock.monotonic() - app.scheduler.last_tick < 30
    return checks


def web_app(app: App) -> Starlette:
    """Make the web app of a bot."""
    return Starlette(routes=routes(app))


class _Server(uvicorn.Server):
    """uvicorn raises a signal it caught once more at the end, which would cut off our own farewell; we catch it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(web: Starlette, host: str, port: int) -> uvicorn.Server:
    """Make a server that leaves signals alone."""
    config = uvicorn.Config(web, host=host, port=port, log_config=None, access_log=False, lifespan="off")
    config.timeout_graceful_shutdown = 2
    return _Server(config)
