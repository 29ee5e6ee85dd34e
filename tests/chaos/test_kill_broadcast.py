"""kill -9 at random points of a poll's broadcast: nobody is left out silently, and nobody gets it a third time."""

import os
import random
import signal
from pathlib import Path

import pytest

from bot.phone.pace import Limits
from bot.phone.server import serving
from bot.phone.world import World
from bot.store.broadcasts import ends
from bot.store.db import open_store
from tests.chaos.crowd import TOKEN, exported
from tests.chaos.tenants import Estate, copies, killed_while_sending

SEED = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
AT_ONCE = 2  # bulk messages that are under way at one moment: so many can a kill make uncertain
FAST = 100000.0  # a second: no pace


async def survive(folder: Path, database: str, count: int, kills: int, latency: float, rate: int | None) -> None:
    """Send a poll to so many tenants while the bot is killed so many times; judge by the phones, rows and the export."""
    print(f"CHAOS_SEED={SEED}")
    world, estate = World(TOKEN, limits=Limits(rate), latency=latency), Estate.of(folder, database, count)
    estate.phones(world)
    store = open_store(database)
    async with serving(world) as address:
        run = estate.bot(world, address, rate or FAST)
        await estate.fill()
        await run.start()
        await killed_while_sending(run, random.Random(SEED), kills, count)
        await estate.all_sent(store)
        await run.end(signal.SIGTERM)

        got, rows = copies(world), await estate.asked(store)
        planned = await store.read(lambda tx: ends(tx, 1).planned)
        listed = [row for row in await exported(run, "deliveries") if row["attempts"] > 1]
    await store.close()

    twice, lost = {user for user in got if got[user] > 1}, set(estate.users) - set(got)
    cut_off = {user for user in rows if rows[user]["attempts"] > 1}
    unknown = {user for user in rows if rows[user]["state"] == "unknown"}
    extra = sum(got.values()) - len(got)
    print(f"{count} people, {kills} kills: {extra} extra copies ({extra / kills:.2f} a kill), {len(lost)} lost")
    print(f"{len(cut_off)} cut off, {len(unknown)} of them twice; {world.referee.refused()} refused for the pace")
    assert set(rows) == set(estate.users)
    assert planned == count
    assert {row["state"] for row in rows.values()} <= {"sent", "unknown"}
    assert lost <= unknown, "someone was left out, and it is not listed"
    assert max(got.values()) <= 2, "someone got it a third time"
    assert twice <= cut_off, "someone got it twice, and it is not listed"
    assert extra <= AT_ONCE * kills
    assert {row["reason"] for row in listed} <= {"second attempt", "cut off twice"}
    assert len(listed) == len(cut_off)


@pytest.mark.slow
async def test_three_kills_leave_nobody_out_and_nobody_gets_it_a_third_time(tmp_path: Path, address: str) -> None:
    await survive(tmp_path, address, count=200, kills=3, latency=0.02, rate=None)


@pytest.mark.chaos
async def test_a_hundred_kills_of_a_broadcast_of_5000_leave_nobody_out(sqlite_file: Path, tmp_path: Path) -> None:
    await survive(tmp_path, f"sqlite:///{sqlite_file}", count=5000, kills=100, latency=0.05, rate=30)


@pytest.mark.chaos
async def test_twenty_kills_of_a_broadcast_on_postgresql_leave_nobody_out(
    tmp_path: Path, postgres_address: str
) -> None:
    await survive(tmp_path, postgres_address, count=1000, kills=20, latency=0.05, rate=30)
