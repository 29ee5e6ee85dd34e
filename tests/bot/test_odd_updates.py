"""Updates without an id, or nested without end, are set apart once; and the bot says when it cannot send."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.web.server import web_app
from tests.bot.hand import Hand
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, text

DEEP = 100_000


def nested() -> Any:
    """Give lists in lists, deeper than JSON can be written."""
    found: list[Any] = []
    for _level in range(DEEP):
        found = [found]
    return found


async def apart(up: Rig) -> list[dict[str, Any]]:
    """Give what was set apart."""
    return await up.rows("SELECT update_id, reason, payload FROM inbox WHERE state = 'quarantined'")


@pytest.mark.parametrize("id", [None, "7", True, 1.5, 2**70])
async def test_an_update_without_a_usable_id_is_set_apart_once(tmp_path: Path, id: Any) -> None:
    async with rig(tmp_path) as up:
        update = text(1, "hallo") | {"update_id": id}
        for _time in range(3):
            await up.app.intake.take([update, update, text(5, "/menu")])
        await up.settled()
        (row,) = await apart(up)
        assert row["update_id"] < 0
        assert json.loads(up.app.turns.vault.open("inbox", row["payload"])) == update
        assert len(Hand(up, AMINA).heard()) == 1


async def test_two_different_ones_without_an_id_are_both_set_apart(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        await up.app.intake.take([{"message": "een"}, {"message": "twee"}, ["drie"]])
        await up.settled()
        assert len(await apart(up)) == 3


@pytest.mark.parametrize("update", [{"update_id": 7, "message": nested()}, {"message": nested()}, nested()])
async def test_one_that_is_nested_too_deep_is_set_apart_once_and_the_next_is_answered(
    tmp_path: Path, update: Any
) -> None:
    async with rig(tmp_path) as up:
        for _time in range(2):
            await up.app.intake.take([update, text(8, "/menu")])
        await up.settled()
        assert len(await apart(up)) == 1
        assert len(Hand(up, AMINA).heard()) == 1


async def readyz(up: Rig) -> tuple[int, dict[str, bool]]:
    """Ask the web whether the bot is ready."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web_app(up.app)), base_url="http://bot") as client:
        answer = await client.get("/readyz")
    return answer.status_code, answer.json()


async def test_readyz_says_503_once_the_outbox_has_stopped(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        await Hand(up, AMINA).writes("/menu")
        up.app.scheduler.last_tick = up.app.clock.monotonic()
        assert up.app.poller is not None
        up.app.poller.connected = True
        assert await readyz(up) == (
            200,
            dict.fromkeys(("database", "telegram", "backlog", "scheduler", "sending"), True),
        )

        assert up.app._sending is not None
        up.app._sending.cancel()
        while not up.app._sending.done():
            await up.app.outbox.sweep()
        status, checks = await readyz(up)
        assert (status, [name for name, well in checks.items() if not well]) == (503, ["sending"])
