"""kill -9 while people tap and change their minds: one ballot for each person, and it holds their last choice."""

import asyncio
import os
import random
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.phone.server import serving
from bot.phone.world import World
from bot.store import ballots, people
from bot.store.db import Store, Tx, open_store
from tests.bench.lab import until
from tests.bot.polls import POLL
from tests.chaos.crowd import TOKEN, Killable, exported, repeat_updates
from tests.chaos.tenants import FIRST_LOOK, OPTIONS, Estate

SEED = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
FAST = 100000.0  # a second: no pace
TAPS = 5
TICK = "✅"


@dataclass
class Voters:
    """Everyone taps the poll's buttons, without waiting for an answer."""

    world: World
    users: range
    dice: random.Random
    buttons: dict[int, tuple[int, str]] = field(default_factory=dict)  # the poll's message and token on each phone
    last: dict[int, str] = field(default_factory=dict)

    async def wait_for_poll(self) -> None:
        """Wait until everyone has the poll."""
        for user in self.users:
            screen = await self.world.phones[user].wait(lambda bubbles: any(each.buttons for each in bubbles), 120.0)
            asked = next(bubble for bubble in screen if bubble.buttons)
            self.buttons[user] = (asked.message_id, asked.buttons[0][0][1].partition(":")[0])

    async def tap(self, each: int, seconds: float) -> None:
        """Let everyone tap so many times at random, all together spread over about so many seconds."""
        turns = [user for user in self.users for _tap in range(each)]
        self.dice.shuffle(turns)
        for user in turns:
            message, token = self.buttons[user]
            self.last[user] = self.dice.choice(OPTIONS)
            self.world.phones[user].tap_data(message, f"{token}:{self.last[user]}")
            await asyncio.sleep(self.dice.uniform(0.0, 2 * seconds / len(turns)))

    def ticked(self) -> dict[int, list[str]]:
        """Give the options that each phone shows as chosen."""
        found = {}
        for user, (message, _token) in self.buttons.items():
            rows = self.world.chats[user].messages[message].rows
            shown = [button for row in rows for button in row if TICK in button["text"]]
            found[user] = [str(button["callback_data"]).partition(":")[2] for button in shown]
        return found


async def survive(folder: Path, database: str, count: int, kills: int) -> None:
    """Let so many people tap five times while the bot is killed so many times; judge by ballots, phones and exports."""
    print(f"CHAOS_SEED={SEED}")
    dice = random.Random(SEED)
    world, estate = World(TOKEN), Estate.of(folder, database, count)
    estate.phones(world)
    store = open_store(database)
    async with serving(world) as address:
        run = estate.bot(world, address, FAST)
        await estate.fill()
        await run.start()
        voters, stop = Voters(world, estate.users, dice), asyncio.Event()
        await voters.wait_for_poll()
        async with asyncio.TaskGroup() as group:
            group.create_task(voters.tap(TAPS, kills * FIRST_LOOK))
            repeating = group.create_task(repeat_updates(world, dice, stop))
            await run.killed_at_random(dice, kills)
            stop.set()
        await quiet(run, store)
        await run.end(signal.SIGTERM)
        print(f"{count} people, {kills} kills, {repeating.result()} updates handed out twice")
        inbox = await exported(run, "inbox")
        (answered,) = await exported(run, "polls")
    assert {row["state"] for row in inbox} == {"handled"}
    assert {row["update"] for row in inbox} == set(range(100_000_001, world.updates._next)), "a tap was lost"
    assert (answered["answered"], answered["partly"]) == (count, 0)
    assert await cast(store, estate) == voters.last
    assert voters.ticked() == {user: [option] for user, option in voters.last.items()}
    await store.close()


async def quiet(run: Killable, store: Store) -> None:
    """Wait until the bot took and handled everything, and all that it said is out."""

    async def done() -> bool:
        updates = run.world.updates
        waits = await store.read(
            lambda tx: tx.one(
                "SELECT 1 AS yes WHERE EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting')"
                " OR EXISTS (SELECT 1 FROM delivery WHERE state IN ('queued', 'sending'))"
            )
        )
        return not (updates.pending or updates.replayed or waits)

    await until(done, every=0.5, seconds=120)


async def cast(store: Store, estate: Estate) -> Mapping[int, str]:
    """Give what stands on the ballot of each tenant; there are no other ballots."""
    vault = estate.vault

    def job(tx: Tx) -> Mapping[int, str]:
        found = {}
        for user in estate.users:
            person = people.find(tx, vault, user)
            assert person is not None
            mine = ballots.mine(tx, vault, POLL, person["id"], 1)
            assert mine is not None, "someone has no ballot"
            ((found[user],),) = mine.answers.values()
        assert ballots.count(tx, POLL) == len(estate.users)
        return found

    return await store.read(job)


@pytest.mark.slow
async def test_three_kills_leave_one_ballot_each_with_the_last_choice(tmp_path: Path, address: str) -> None:
    await survive(tmp_path, address, count=100, kills=3)


@pytest.mark.chaos
async def test_twenty_kills_under_5000_taps_leave_1000_ballots(tmp_path: Path, address: str) -> None:
    await survive(tmp_path, address, count=1000, kills=20)
