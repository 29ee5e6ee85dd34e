"""Let updates in: store first, then confirm. By long polling, or by webhook."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.clock import Clock
from bot.crypto import Vault
from bot.dispatch import Dispatcher
from bot.store import inbox
from bot.store.db import Store

log = logging.getLogger(__name__)

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
BATCH = 100  # the most that getUpdates gives (Bot API)
LONG_POLL = 25  # seconds
MOST_WAITING = 20000
LARGEST_BODY = 1_000_000
FORGET_OFFSET_MS = 6 * 24 * 3600 * 1000  # after a week without updates, ids start anew at random (Bot API, Update)
SECRET_HEADER = "x-telegram-bot-api-secret-token"


@dataclass
class Intake:
    """Store raw updates in one transaction, and hand the new ones on."""

    store: Store
    vault: Vault
    clock: Clock
    dispatcher: Dispatcher
    received: int = 0

    async def take(self, updates: list[Any]) -> None:
        """Store what was not seen yet; when this returns, it may be confirmed. Raises what the database raises."""
        numbered: dict[int, tuple[Any, bytes]] = {}
        for update in updates:
            id, kept, written = _storable(update)
            numbered.setdefault(id, (kept, written))
        raw = [(id, written) for id, (_kept, written) in numbered.items()]
        now = self.clock.ms()
        new = set(await self.store.write(lambda tx: inbox.store(tx, self.vault, raw, now)))
        self.received += len(new)
        await self.dispatcher.accept([(id, kept) for id, (kept, _written) in numbered.items() if id in new])


def _id(update: Any) -> int | None:
    """Give the update's id, if it has a usable one."""
    id = update.get("update_id") if isinstance(update, dict) else None
    return id if isinstance(id, int) and not isinstance(id, bool) and abs(id) < 2**62 else None


def _storable(update: Any) -> tuple[int, Any, bytes]:
    """Give an update with its id and its JSON. One without a usable id is set apart under a negative one of its content,
    once; one that is nested too deep to be written is kept as a note."""
    try:
        raw = inbox.raw(update)
    except RecursionError:
        update = {"update_id": _id(update), "message": "nested too deep"}  # no object: it will be set apart
        raw = inbox.raw(update)
    id = _id(update)
    return (-1 - int.from_bytes(sha256(raw).digest()[:6]) if id is None else id), update, raw


@dataclass
class Poller:
    """Ask for updates, store them, and confirm them with the next question. Two instances are reported."""

    intake: Intake
    request: BaseRequest
    url: str  # <base>/bot<token>/getUpdates
    report: Callable[[str], None]
    offset: int | None = None
    connected: bool = False
    _last: int = field(default=0)

    async def run(self) -> None:
        """Poll until cancelled. Trouble is waited out with growing delays."""
        delay = 0.5
        while True:
            try:
                await self.once()
                delay, self.connected = 0.5, True
            except Conflict:
                log.error("another instance polls with the same token (409)")
                self.report("second-instance")
                delay = await self._wait(max(delay, 3.0))
            except InvalidToken:
                log.error("Telegram refuses the token")
                self.connected = False
                delay = await self._wait(60.0)
            except RetryAfter as flood:
                await self._wait(flood._retry_after.total_seconds())
            except TelegramError as error:
                self.connected = False
                log.warning("no updates (%s); trying again", type(error).__name__)
                delay = await self._wait(delay)
            except Exception as error:
                log.warning("updates could not be stored (%s); not confirmed, trying again", type(error).__name__)
                delay = await self._wait(delay)

    async def _wait(self, delay: float) -> float:
        await asyncio.sleep(delay)
        return min(30.0, delay * 2)

    async def once(self) -> int:
        """Ask once; store; move the offset. Gives how many came."""
        while self.intake.dispatcher.backlog > MOST_WAITING:  # noqa: ASYNC110 (a full house is rare; a look now and then will do)
            await asyncio.sleep(0.05)
        now = self.intake.clock.ms()
        if self.offset is not None and now - self._last > FORGET_OFFSET_MS:
            self.offset = None
        wait = LONG_POLL if self.connected else 0  # the first answer tells that Telegram is there
        asked: dict[str, Any] = {"timeout": wait, "limit": BATCH, "allowed_updates": ALLOWED}
        if self.offset is not None:
            asked["offset"] = self.offset
        data = RequestData([RequestParameter.from_input(key, value) for key, value in asked.items()])
        updates = await self.request.post(self.url, data, read_timeout=LONG_POLL + 10)
        if not isinstance(updates, list) or not updates:
            return 0
        await self.intake.take(updates)
        self._last = now
        ids = [id for update in updates if (id := _id(update)) is not None]
        if not ids:
            await asyncio.sleep(1)  # nothing here can be confirmed: no hot loop
        self.offset = ids[-1] + 1 if ids else self.offset
        return len(updates)


@dataclass
class Webhook:
    """Answer Telegram's posts: 200 only once the update is stored."""

    intake: Intake
    secret: str

    async def answer(self, request: Request) -> Response:
        """Check the secret in constant time, then size, then shape; say 503 while the backlog or the database is full."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return Response(status_code=401)
        body = await _limited(request)
        if body is None:
            return Response(status_code=413)
        if self.intake.dispatcher.backlog > MOST_WAITING:
            return Response(status_code=503, headers={"Retry-After": "5"})
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            update = {"unreadable": body.decode(errors="replace")}
        try:
            await self.intake.take([update])
        except Exception as error:
            log.warning("an update could not be stored (%s); not confirmed", type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": "2"})
        return Response(status_code=200)


async def _limited(request: Request) -> bytes | None:
    """Read the body, up to the limit; None when it is larger."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body
