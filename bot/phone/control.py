"""The control API: the people's side of the world over HTTP, for the page and for tests in other processes.

JSON in and out under /phone/api/. What cannot be done is answered with 409 and a reason, nonsense with 400.

    GET  phones                     every phone without its messages;  POST {user_id, first_name, language_code}
    GET  phones/<id>                one phone with its messages
    GET  phones/<id>/heard?text=&after=&timeout=    wait for a message of the bot
    POST phones/<id>/<what>         write {text}, start {payload}, tap {button, message_id}, tap_data {message_id,
                                    data}, edit {message_id, text}, contact, forward_contact, location, sticker,
                                    group_write {group_id, text}, block, unblock, deactivate;
                                    photo and voice?seconds= take the file as the body
    POST script                     [{user_id, do, ...}], many of the above at once
    GET  events                     Server-Sent Events: "phone" (changes of one phone) and "clock"
    GET  clock, POST {seconds} or {to}     the bot's time; a moment without offset is Belgian time
    GET  stats, calls?since=        the referee's log
    POST updates                    any object as an update;  POST faults, DELETE faults
    GET  files/<file_id>            a file of a message
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from bot.phone.faults import Fault
from bot.phone.phones import CannotDo, Phone
from bot.phone.state import phone_head, phone_state
from bot.phone.world import World

T = TypeVar("T")
MoveClock = Callable[[datetime], Awaitable[None]]
PAGE = Path(__file__).parent / "page"
BRUSSELS = ZoneInfo("Europe/Brussels")
PLAIN_ACTIONS = ("write", "start", "tap_data", "edit", "contact", "forward_contact", "location", "sticker")
ACTIONS = (*PLAIN_ACTIONS, "group_write", "block", "unblock", "deactivate")
PING_SECONDS = 15
POLICY = "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; frame-ancestors 'self'"


class Control:
    """The handlers of the control API over one world."""

    def __init__(self, world: World, move_clock: MoveClock | None, clock_now: Callable[[], datetime] | None) -> None:
        self.world = world
        self.move_clock = move_clock
        self.clock_now = clock_now or (lambda: datetime.fromtimestamp(world.now(), UTC))

    def routes(self) -> list[Route]:
        """Return the routes."""
        api = "/phone/api"
        return [
            Route("/", self.page),
            Route(f"{api}/phones", self.phones),
            Route(f"{api}/phones", self.add_phone, methods=["POST"]),
            Route(f"{api}/phones/{{user_id:int}}", self.phone),
            Route(f"{api}/phones/{{user_id:int}}/heard", self.heard),
            Route(f"{api}/phones/{{user_id:int}}/photo", self.photo, methods=["POST"]),
            Route(f"{api}/phones/{{user_id:int}}/voice", self.voice, methods=["POST"]),
            Route(f"{api}/phones/{{user_id:int}}/{{what}}", self.act, methods=["POST"]),
            Route(f"{api}/script", self.script, methods=["POST"]),
            Route(f"{api}/events", self.events),
            Route(f"{api}/clock", self.clock),
            Route(f"{api}/clock", self.move, methods=["POST"]),
            Route(f"{api}/stats", self.stats),
            Route(f"{api}/calls", self.calls),
            Route(f"{api}/updates", self.push_raw, methods=["POST"]),
            Route(f"{api}/faults", self.add_fault, methods=["POST"]),
            Route(f"{api}/faults", self.clear_faults, methods=["DELETE"]),
            Route(f"{api}/files/{{file_id}}", self.file),
        ]

    # The page and its stream.

    async def page(self, request: Request) -> Response:
        """The phone page."""
        return FileResponse(PAGE / "index.html", headers={"Content-Security-Policy": POLICY})

    async def events(self, request: Request) -> Response:
        """Everything as it is, then every change as it happens."""
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _stream(self) -> AsyncIterator[str]:
        seen = 0
        told: timedelta | None = None
        while not self.world.updates.closed:
            until = self.world.seq
            for phone in [phone for phone in self.world.phones.values() if phone.seq > seen]:
                yield _event("phone", phone_state(phone, seen))
            seen = until
            ahead = self.clock_now() - datetime.now(UTC)
            if told is None or abs(ahead - told) > timedelta(seconds=1):
                told = ahead
                yield _event("clock", self._clock())
            if self.world.seq == seen and not await self.world.changed.wait(PING_SECONDS):
                yield ": still here\n\n"

    # People.

    async def phones(self, request: Request) -> Response:
        """All phones, without their messages."""
        return JSONResponse([phone_head(phone) for phone in self.world.phones.values()])

    async def add_phone(self, request: Request) -> Response:
        """One more person."""
        wishes = await _json(request)
        phone = _attempt(self.world.add_phone, **wishes)
        return JSONResponse(phone_head(phone), 201)

    async def phone(self, request: Request) -> Response:
        """One phone with everything on its screen."""
        return JSONResponse(phone_state(self._phone(request), 0))

    async def heard(self, request: Request) -> Response:
        """Wait for a message of the bot; 408 when it does not come."""
        ask = request.query_params
        try:
            bubble = await self._phone(request).heard(
                ask.get("text", ""), float(ask.get("timeout", 5)), int(ask.get("after", 0))
            )
        except TimeoutError as error:
            raise HTTPException(408, str(error)) from error
        return JSONResponse(asdict(bubble))

    async def act(self, request: Request) -> Response:
        """Something a person does."""
        result = self._do(self._phone(request), request.path_params["what"], await _json(request))
        return JSONResponse({"result": result})

    async def script(self, request: Request) -> Response:
        """Many things that many people do, in this order."""
        steps = await _json(request)
        results = [self._do(self._known(step.pop("user_id")), step.pop("do"), step) for step in steps]
        return JSONResponse({"results": results})

    async def photo(self, request: Request) -> Response:
        """A photo, as the body."""
        return JSONResponse({"result": _attempt(self._phone(request).photo, await request.body())})

    async def voice(self, request: Request) -> Response:
        """A voice message, as the body."""
        seconds = int(request.query_params.get("seconds", 1))
        mime = request.headers.get("content-type", "audio/ogg")
        return JSONResponse({"result": _attempt(self._phone(request).voice, await request.body(), seconds, mime)})

    async def file(self, request: Request) -> Response:
        """A file of a message, never as something that runs in this page."""
        file = self.world.files.by_id.get(request.path_params["file_id"])
        if file is None:
            raise HTTPException(404)
        shown = file.mime.startswith(("image/", "audio/")) and "svg" not in file.mime
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        if not shown:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{_quoted(file.name)}"
        return Response(file.data, media_type=file.mime, headers=headers)

    # The clock.

    async def clock(self, request: Request) -> Response:
        """The bot's time."""
        return JSONResponse(self._clock())

    async def move(self, request: Request) -> Response:
        """Move the bot's time forward; the answer comes when everything due on the way was handed over."""
        if self.move_clock is None:
            raise HTTPException(409, "this clock cannot be moved")
        await self.move_clock(_moment(await _json(request), self.clock_now()))
        self.world.changed.ring()
        return JSONResponse(self._clock())

    def _clock(self) -> dict[str, Any]:
        now = self.clock_now().astimezone(BRUSSELS)
        return {"now": now.isoformat(timespec="milliseconds"), "zone": BRUSSELS.key, "movable": bool(self.move_clock)}

    # What tests want to know and to break.

    async def stats(self, request: Request) -> Response:
        """Counts of the referee."""
        world = self.world
        accepted = world.referee.accepted()
        counts = {
            "calls": len(world.calls),
            "polls": world.referee.polls,
            "accepted": len(accepted),
            "refused_429": world.referee.refused(429),
            "inside_window": world.flood.inside_window,
            "max_in_any_second": world.referee.max_in_any_second(),
            "first_at": accepted[0].at if accepted else None,
            "last_at": accepted[-1].at if accepted else None,
            "pending": len(world.updates.pending),
            "phones": len(world.phones),
        }
        return JSONResponse(counts)

    async def calls(self, request: Request) -> Response:
        """The log from a position on."""
        since = int(request.query_params.get("since", 0))
        return JSONResponse([asdict(call) for call in self.world.calls[since:]])

    async def push_raw(self, request: Request) -> Response:
        """Any object as an update."""
        return JSONResponse({"update_id": self.world.push_raw(await _json(request))})

    async def add_fault(self, request: Request) -> Response:
        """One fault, with the fields of Fault."""
        return JSONResponse(asdict(self.world.faults.add(_attempt(Fault, **await _json(request)))), 201)

    async def clear_faults(self, request: Request) -> Response:
        """No more faults."""
        self.world.faults.clear()
        return Response(status_code=204)

    def _phone(self, request: Request) -> Phone:
        return self._known(request.path_params["user_id"])

    def _known(self, user_id: int) -> Phone:
        if user_id not in self.world.phones:
            raise HTTPException(404, f"no phone {user_id}")
        return self.world.phones[user_id]

    def _do(self, phone: Phone, what: str, wishes: dict[str, Any]) -> Any:
        if what == "tap":
            return _attempt(phone.tap, wishes.get("button", ""), wishes.get("message_id"))
        if what not in ACTIONS:
            raise HTTPException(404, f"nobody can {what}")
        return _attempt(getattr(phone, what), **wishes)


def site(world: World, move_clock: MoveClock | None, clock_now: Callable[[], datetime] | None) -> Starlette:
    """Return the page and the control API as an app."""
    inside = Starlette(routes=Control(world, move_clock, clock_now).routes())
    inside.mount("/phone/static", StaticFiles(directory=PAGE))
    return inside


def _attempt(what: Callable[..., T], *args: Any, **wishes: Any) -> T:
    try:
        return what(*args, **wishes)
    except CannotDo as error:
        raise HTTPException(409, str(error)) from error
    except TypeError as error:
        raise HTTPException(400, str(error)) from error


async def _json(request: Request) -> Any:
    body = await request.body()
    try:
        return json.loads(body or b"{}")
    except ValueError as error:
        raise HTTPException(400, "the body is not JSON") from error


def _moment(wishes: dict[str, Any], now: datetime) -> datetime:
    """Return the moment that is asked for; raise 400 when there is none or it lies in the past."""
    try:
        if "to" in wishes:
            moment = datetime.fromisoformat(str(wishes["to"]))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)
        else:
            moment = now + timedelta(seconds=float(wishes["seconds"]))
    except (KeyError, ValueError, OverflowError) as error:
        raise HTTPException(400, "give `seconds` or `to`") from error
    if moment < now:
        raise HTTPException(400, "time does not go backwards")
    return moment


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _quoted(name: str) -> str:
    return quote(name, safe="")
