"""The Bot API over HTTP, as a bare ASGI app: this path is benchmarked, so no framework stands in it."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bot.phone import about, editing, sending  # noqa: F401  (importing them registers their methods)
from bot.phone.errors import ApiError, Cut
from bot.phone.faults import Fault
from bot.phone.methods import METHODS, Method
from bot.phone.params import Params, read_params
from bot.phone.webhook import Poster
from bot.phone.world import World

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST_BODY = 60 * 2**20  # bytes: Telegram's 50 MB of file, and its wrapping
LONGEST_POLL = 50  # seconds, as Telegram clamps it
MOST_UPDATES = 100
_JSON = (b"content-type", b"application/json")


class BotApi:
    """`/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.poster = Poster(world, self.answer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or cut its connection when a fault asks for that."""
        try:
            if scope["path"].startswith("/file/"):
                await self._send_file(scope, send)
            else:
                status, body = await self._call(scope, receive)
                await _respond(send, status, _JSON, json.dumps(body, ensure_ascii=False).encode())
        except Cut:
            await _cut(scope, send)

    async def answer(self, name: str, ask: Params) -> tuple[int, dict[str, Any]]:
        """Run a method by name and return status and body; raise Cut when a fault cuts the connection."""
        if name.lower() == "getupdates":
            name, method = "getUpdates", None
        elif name.lower() in METHODS:
            name, method = METHODS[name.lower()]
        else:
            raise ApiError(404, "Not Found: method not found")
        chat_id = ask.number("chat_id") or None
        if self.world.latency:
            await self.world.rest(self.world.latency)
        fault = self.world.faults.take(name, chat_id) if self.world.faults.waiting else None
        if fault is None:
            return self._run(name, method, ask, chat_id) if method else await self._poll(ask)
        return await self._with_fault(fault, name, method, ask, chat_id)

    async def _call(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        token, _, name = scope["path"].removeprefix("/bot").partition("/")
        try:
            body = await _body(receive)
            if token != self.world.token:
                raise ApiError(401, "Unauthorized")
            ask = read_params(_content_type(scope), scope["query_string"], body)
            return await self.answer(name, ask)
        except ApiError as error:
            return error.status, error.as_json()

    def _run(self, name: str, method: Method, ask: Params, chat_id: int | None) -> tuple[int, dict[str, Any]]:
        """Run a method and log it."""
        status, body = self._decide(name, method, ask, chat_id)
        self.world.log(name, chat_id, _summary(ask), status, _message_id(body))
        if name == "setWebhook":
            self.poster.start()
        return status, body

    def _decide(self, name: str, method: Method, ask: Params, chat_id: int | None) -> tuple[int, dict[str, Any]]:
        try:
            self.world.admit(name, chat_id)
            return 200, {"ok": True, "result": method(self.world, ask)}
        except ApiError as error:
            return error.status, error.as_json()

    async def _poll(self, ask: Params) -> tuple[int, dict[str, Any]]:
        world = self.world
        world.referee.polls += 1
        world.updates.allow(ask.nested("allowed_updates"))
        limit = min(max(ask.number("limit", MOST_UPDATES), 1), MOST_UPDATES)
        timeout = min(max(ask.number("timeout"), 0), LONGEST_POLL)
        try:
            return 200, {"ok": True, "result": await world.updates.get(ask.number("offset"), limit, timeout)}
        except ApiError as error:
            return error.status, error.as_json()

    async def _with_fault(
        self, fault: Fault, name: str, method: Method | None, ask: Params, chat_id: int | None
    ) -> tuple[int, dict[str, Any]]:
        """Answer a call that something goes wrong with; the log holds what the bot was told, 0 for nothing."""
        if fault.kind == "latency":
            await self.world.rest(fault.seconds)
        happens = fault.after or fault.kind in ("hang", "latency")
        status, body = await self._quietly(name, method, ask, chat_id) if happens else (0, {})
        message_id = _message_id(body)
        if fault.kind == "hang":
            await self.world.rest(fault.seconds)
        elif fault.kind == "reset":
            status = 0
        elif fault.kind != "latency":
            status, body = fault.error().status, fault.error().as_json()
        self.world.log(name, chat_id, _summary(ask), status, message_id)
        if status == 0:
            raise Cut
        return status, body

    async def _quietly(
        self, name: str, method: Method | None, ask: Params, chat_id: int | None
    ) -> tuple[int, dict[str, Any]]:
        return self._decide(name, method, ask, chat_id) if method else await self._poll(ask)

    async def _send_file(self, scope: Scope, send: Send) -> None:
        token, _, path = scope["path"].removeprefix("/file/bot").partition("/")
        file = self.world.files.by_path.get(path)
        if token != self.world.token or file is None:
            error = ApiError(404 if token == self.world.token else 401, "Not Found" if file is None else "Unauthorized")
            await _respond(send, error.status, _JSON, json.dumps(error.as_json()).encode())
            return
        await _respond(send, 200, (b"content-type", b"application/octet-stream"), file.data)


async def _body(receive: Receive) -> bytes:
    """Read the whole body; raise 413 when it is larger than Telegram takes."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            raise ApiError(413, "Request Entity Too Large")
    return body


def _content_type(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"content-type":
            return str(value.decode("latin-1"))
    return ""


async def _respond(send: Send, status: int, kind: tuple[bytes, bytes], body: bytes) -> None:
    headers = [kind, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _cut(scope: Scope, send: Send) -> None:
    """Abort the connection where our own server gives access to it, else break off in the middle of the answer."""
    transport = scope.get("extensions", {}).get("phone.transport")
    if transport is not None:
        transport.abort()
        return
    headers = [_JSON, (b"content-length", b"100")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"ok":', "more_body": True})


def _summary(ask: Params) -> str:
    return ask.text("text") or ask.text("caption") or ask.text("title")


def _message_id(body: dict[str, Any]) -> int | None:
    result = body.get("result")
    return result.get("message_id") if isinstance(result, dict) else None
