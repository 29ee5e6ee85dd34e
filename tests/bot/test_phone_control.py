"""Tests in other processes, and the page, drive the phones over HTTP."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.phone.server import serving
from bot.phone.world import World
from tests.bot.phone_client import TOKEN, Client, keyboard

NOON = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    async def move(self, moment: datetime) -> None:
        self.now = moment


@pytest.fixture
def world() -> World:
    world = World(TOKEN)
    world.add_phone(6001, "Amina", "ar", role="Huurder")
    return world


@pytest.fixture
async def api(world: World) -> AsyncIterator[Client]:
    clock = Clock()
    async with (
        serving(world, move_clock=clock.move, clock_now=lambda: clock.now) as base_url,
        aiohttp.ClientSession() as session,
    ):
        yield Client(session, base_url)


async def post(api: Client, path: str, body: Any = None) -> tuple[int, Any]:
    async with api.session.post(f"{api.base_url}/phone/api/{path}", json=body or {}) as response:
        text = await response.text()
        return response.status, json.loads(text) if response.ok else text


async def get(api: Client, path: str) -> Any:
    async with api.session.get(f"{api.base_url}/phone/api/{path}") as response:
        return await response.json()


async def test_a_conversation_over_http(api: Client) -> None:
    await post(api, "phones/6001/start", {"payload": "b-veurne"})
    await api.send(6001, "Kom je?", reply_markup=keyboard(("Ja", "ja")))
    heard = await get(api, "phones/6001/heard?text=Kom")
    await post(api, "phones/6001/tap", {"button": "Ja"})
    start, tap = await api.result("getUpdates")
    assert (start["message"]["text"], tap["callback_query"]["data"]) == ("/start b-veurne", "ja")
    assert tap["callback_query"]["message"]["message_id"] == heard["message_id"]


async def test_a_button_that_is_not_there_cannot_be_tapped(api: Client) -> None:
    status, why = await post(api, "phones/6001/tap", {"button": "Ja"})
    assert (status, why) == (409, "no button 'Ja' on the screen of Amina")


async def test_many_people_write_by_one_script(api: Client, world: World) -> None:
    await post(api, "phones", {"user_id": 6002, "first_name": "Mehmet", "language_code": "tr"})
    await post(api, "script", [{"user_id": user, "do": "write", "text": "dag"} for user in (6001, 6002, 6001)])
    assert [update["message"]["chat"]["id"] for update in await api.result("getUpdates")] == [6001, 6002, 6001]


@pytest.mark.parametrize(
    ("wish", "moment"),
    [
        ({"seconds": 3600}, NOON + timedelta(hours=1)),
        ({"to": "2027-03-28T02:30:00+01:00"}, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ({"to": "2027-03-29T09:00"}, datetime(2027, 3, 29, 7, 0, tzinfo=UTC)),
    ],
)
async def test_the_clock_moves_forward(api: Client, wish: dict[str, Any], moment: datetime) -> None:
    _, clock = await post(api, "clock", wish)
    assert (datetime.fromisoformat(clock["now"]), clock["zone"]) == (moment, "Europe/Brussels")


@pytest.mark.parametrize("wish", [{"seconds": -1}, {"to": "gisteren"}, {}])
async def test_the_clock_does_not_go_back_or_nowhere(api: Client, wish: dict[str, Any]) -> None:
    assert (await post(api, "clock", wish))[0] == 400


async def test_the_stream_tells_what_changed(api: Client, world: World) -> None:
    async with api.session.get(f"{api.base_url}/phone/api/events") as stream:
        first = await event(stream)
        world.phones[6001].write("dag")
        while (later := await event(stream))[0] != "phone":
            pass
    assert (first[0], first[1]["messages"]) == ("phone", [])
    assert [message["text"] for message in later[1]["messages"]] == ["dag"]


async def event(stream: aiohttp.ClientResponse) -> tuple[str, Any]:
    """Read one server-sent event: its name and its data."""
    lines = []
    while line := (await stream.content.readline()).strip().decode():
        lines.append(line)
    return lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))


async def test_a_stored_page_never_runs_in_ours(api: Client, world: World) -> None:
    world.phones[6001].document(b"<script>", "x.html", "text/html")
    file_id = world.phones[6001].screen()[0].file["id"]
    async with api.session.get(f"{api.base_url}/phone/api/files/{file_id}") as response:
        kept = response.headers["Content-Disposition"], response.headers["Content-Security-Policy"]
    assert kept == ("attachment; filename*=UTF-8''x.html", "sandbox")


async def test_the_referees_log_can_be_read(api: Client, world: World) -> None:
    world.phones[6001].write("dag")
    await api.send(6001, "Dag Amina")
    calls = await get(api, "calls?since=0")
    stats = await get(api, "stats")
    assert [(call["method"], call["text"], call["status"]) for call in calls] == [("sendMessage", "Dag Amina", 200)]
    assert (stats["accepted"], stats["pending"]) == (1, 1)
