"""The local server can be slow, full, broken or cut off on order, and the referee sees it all."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.phone.faults import Fault
from bot.phone.pace import Limits
from bot.phone.world import World
from tests.bot.phone_client import TOKEN, client

LUC = 6003


def world_with_luc(limits: Limits | None = None) -> World:
    world = World(TOKEN, limits=limits or Limits())
    world.add_phone(LUC, "Luc", "nl", started=True)
    return world


async def test_the_pace_in_all_is_enforced_and_the_wait_too() -> None:
    world = world_with_luc(Limits(per_second=2, retry_after=60))
    async with client(world) as api:
        answers = [await api.call("sendMessage", chat_id=LUC, text="x") for _ in range(4)]
    assert [status for status, _ in answers] == [200, 200, 429, 429]
    assert answers[2][1]["parameters"] == {"retry_after": 60}
    assert (world.referee.refused(), world.flood.inside_window, world.referee.max_in_any_second()) == (2, 1, 2)


async def test_the_pace_of_one_chat_leaves_the_others_alone() -> None:
    world = world_with_luc(Limits(per_chat_per_second=0.01, chat_burst=1))
    world.add_phone(6004, "Greet", "nl", started=True)
    async with client(world) as api:
        chats = [(await api.call("sendMessage", chat_id=chat, text="x"))[0] for chat in (LUC, LUC, 6004)]
    assert chats == [200, 429, 200]


async def test_a_tap_is_acknowledged_outside_the_pace() -> None:
    world = world_with_luc(Limits(per_second=0))
    async with client(world) as api:
        callback = world.phones[LUC].tap_data(1, "x")
        assert await api.result("answerCallbackQuery", callback_query_id=callback)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault("sendMessage", status=502), 502),
        (Fault("sendMessage", "flood", retry_after=9), 429),
        (Fault("*", "forbidden", chat_id=LUC), 403),
    ],
)
async def test_a_fault_answers_once_and_nothing_is_sent(fault: Fault, status: int) -> None:
    world = world_with_luc()
    world.faults.add(fault)
    async with client(world) as api:
        answers = [(await api.call("sendMessage", chat_id=LUC, text="x"))[0] for _ in range(2)]
    assert (answers, len(world.phones[LUC].screen())) == ([status, 200], 1)


@pytest.mark.parametrize("after", [False, True])
async def test_a_cut_connection_may_come_before_or_after_the_sending(after: bool) -> None:
    world = world_with_luc()
    world.faults.add(Fault("sendMessage", "reset", after=after))
    async with client(world) as api:
        with pytest.raises(aiohttp.ClientConnectionError):
            await api.call("sendMessage", chat_id=LUC, text="x")
    assert len(world.phones[LUC].screen()) == len(world.referee.sends_to(LUC)) == int(after)
    assert world.calls[-1].status == 0


async def test_a_hanging_call_has_already_been_sent() -> None:
    world = world_with_luc()
    world.faults.add(Fault("sendMessage", "hang", seconds=30))
    async with client(world) as api:
        hanging = asyncio.create_task(api.call("sendMessage", chat_id=LUC, text="x"))
        await world.phones[LUC].heard("x")
        assert not hanging.done()
        hanging.cancel()
        await asyncio.wait([hanging])


async def test_a_webhook_gets_updates_in_order_with_the_secret_and_again_after_an_error() -> None:
    world = world_with_luc()
    posted: list[tuple[str, str]] = []
    done = asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        update: dict[str, Any] = await request.json()
        posted.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], update["message"]["text"]))
        if len(posted) == 3:
            done.set()
        return web.Response(status=500 if len(posted) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with client(world) as api:
        port = runner.addresses[0][1]
        await api.result("setWebhook", url=f"http://127.0.0.1:{port}/hook", secret_token="geheim")
        world.phones[LUC].write("een")
        world.phones[LUC].write("twee")
        async with asyncio.timeout(10):
            await done.wait()
    await runner.cleanup()
    assert posted == [("geheim", "een"), ("geheim", "een"), ("geheim", "twee")]
