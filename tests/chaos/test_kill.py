"""kill -9 at random points under load: nothing is lost, no effect is doubled, every reply is there."""

import asyncio
import os
import random
import signal
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.crypto import Vault
from bot.loadfile import LoadFile
from bot.loading import apply
from bot.phone.server import serving
from bot.phone.world import World
from bot.store.db import open_store
from tests.bench.lab import until
from tests.chaos.crowd import MEETINGS, TOKEN, Killable, Person, count_copies, environment, exported, repeat_updates

SEED = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
USERS = range(6001, 6021)
SEATS = 12  # fewer than there are people: the others wait in line
DISTANCE = 0.005  # seconds to the server, so that kills meet sends on their way


async def filled(database: str, key: str) -> None:
    """Fill the database with people and meetings."""
    people = [{"telegram": user, "language": "nl", "consents": []} for user in USERS]
    meetings = [
        {"id": id, "kind": "regional", "theme": {"nl": id}, "start": "2037-03-05T19:00", "place": {"name": "Zaal"},
         "capacity": SEATS} for id in MEETINGS
    ]  # fmt: skip
    store = open_store(database)
    await apply(store, Vault(key), Clock(), LoadFile.model_validate({"people": people, "meetings": meetings}))
    await store.close()


async def survive(folder: Path, database: str, kills: int, file: Path | None = None) -> None:
    """Let people work while the bot is killed so many times; then judge from outside, and by the exports."""
    print(f"CHAOS_SEED={SEED}")
    dice = random.Random(SEED)
    world = World(TOKEN, latency=DISTANCE)
    people = [Person(world.add_phone(user, f"Persoon {user}", "nl", started=True)) for user in USERS]
    copies = count_copies(world)
    async with serving(world) as address:
        run = Killable(world, environment(address, database), folder / "bot.log")
        await filled(database, run.environment["VIVAS_KEY"])
        ahead = confirmed_too_early(world, file) if file else []
        await run.start()
        await run.ready()
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(person.live(stop))
            repeating = group.create_task(repeat_updates(world, dice, stop))
            await run.killed_at_random(dice, kills)
            stop.set()
        await quiet(run)
        await run.end(signal.SIGTERM)
        print(f"{len(world.calls)} calls, {repeating.result()} updates handed out twice")
        assert ahead == []
        await judge(run, people, copies)
    await judge_consents(database, people)


async def quiet(run: Killable) -> None:
    """Wait until the bot took and handled everything."""

    async def done() -> bool:
        updates = run.world.updates
        return not (updates.pending or updates.replayed or await open_rows(run))

    await until(done, every=0.2, seconds=60)


async def open_rows(run: Killable) -> list[str]:
    """Give the states of what is not at its end."""
    found = [row["state"] for row in await exported(run, "inbox") if row["state"] == "waiting"]
    return found + [row["state"] for row in await exported(run, "deliveries") if row["state"] in ("queued", "sending")]


async def judge(run: Killable, people: list[Person], copies: Counter[str]) -> None:
    """Hold the promises against what was seen."""
    inbox = await exported(run, "inbox")
    issued = set(range(100_000_001, run.world.updates._next))
    assert {row["update"] for row in inbox} == issued, "an update was lost"
    assert {row["state"] for row in inbox} == {"handled"}

    places = await exported(run, "meetings")
    assert Counter(row["meeting"] for row in places) == dict.fromkeys(MEETINGS, len(people))
    for meeting in MEETINGS:
        mine = [row for row in places if row["meeting"] == meeting]
        assert sum(row["status"] == "confirmed" for row in mine) == SEATS
        assert sorted(row["place_in_line"] for row in mine if row["status"] == "waiting") == [*range(1, len(mine) - 11)]

    everything = await exported(run, "deliveries")
    # Of two edits of one message that wait, only the newer is sent: the older ends with that as its reason.
    deliveries = [row for row in everything if row["reason"] != "overtaken by a newer edit"]
    assert {row["state"] for row in deliveries} <= {"sent", "unknown"}
    uncertain = [row for row in deliveries if row["attempts"] > 1]
    assert all(row["reason"] in ("second attempt", "cut off twice") and row["attempts"] == 2 for row in uncertain)
    extra = sum(times - 1 for times in copies.values())
    print(f"{len(deliveries)} deliveries, {len(uncertain)} uncertain, {extra} came twice")
    assert max(copies.values()) <= 2
    assert extra <= len(uncertain)
    sends = sum(call.method.startswith("send") for call in run.world.referee.accepted())
    edits = sum(call.method.startswith("edit") for call in run.world.referee.accepted())
    assert len(deliveries) <= sends + edits + len(uncertain)


async def judge_consents(database: str, people: list[Person]) -> None:
    """Each switch left one line in the log, and the last one holds."""
    store = open_store(database)
    vault = Vault(environment("", "")["VIVAS_KEY"])
    rows = await store.read(
        lambda tx: tx.all(
            "SELECT p.chat_sealed, count(l.id) AS switched, (SELECT count(*) FROM consent c WHERE c.person = p.id) AS on_now"
            " FROM person p LEFT JOIN consent_log l ON l.person = p.id GROUP BY p.id, p.chat_sealed"
        )
    )
    await store.close()
    found = {int(vault.open("chat", row["chat_sealed"])): (row["switched"], row["on_now"]) for row in rows}
    assert found == {person.phone.user_id: (person.switched, person.switched % 2) for person in people}


def confirmed_too_early(world: World, file: Path) -> list[int]:
    """Collect the ids that the bot confirms although they are not in its database."""
    ahead: list[int] = []
    confirm = world.updates.confirm_before

    def watched(offset: int) -> None:
        with sqlite3.connect(file) as other:
            stored = {id for (id,) in other.execute("SELECT update_id FROM inbox WHERE update_id < ?", [offset])}
        other.close()
        ahead.extend(id for id in world.updates.pending if id < offset and id not in stored)
        confirm(offset)

    world.updates.confirm_before = watched  # type: ignore[method-assign]
    return ahead


@pytest.mark.slow
async def test_eight_kills_lose_nothing_and_double_nothing(sqlite_file: Path, tmp_path: Path) -> None:
    await survive(tmp_path, f"sqlite:///{sqlite_file}", 8, sqlite_file)


@pytest.mark.chaos
async def test_a_hundred_kills_lose_nothing_and_double_nothing(sqlite_file: Path, tmp_path: Path) -> None:
    await survive(tmp_path, f"sqlite:///{sqlite_file}", 100, sqlite_file)


@pytest.mark.chaos
async def test_ten_kills_on_postgresql_lose_nothing_and_double_nothing(postgres_address: str, tmp_path: Path) -> None:
    await survive(tmp_path, postgres_address, 10)
