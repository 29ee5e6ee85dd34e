"""A poll that very many answered: how long its tables and its progress take, and what they cost who writes meanwhile."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from bot.crypto import Vault
from bot.keyring import Keyring, PollKey
from bot.loadfile import LoadFile
from bot.loading import poll_content
from bot.poll_clock import tabulated
from bot.poll_content import to_json
from bot.store import ballots, closing, polls
from bot.store.db import Row, Store, Tx, open_store, study
from bot.store.migrate import migrate
from tests.bench.databases import database
from tests.bot.polls import POLL, poll_row

BALLOTS = 100_000
PROVINCES = ("West-Vlaanderen", "Oost-Vlaanderen", "Antwerpen", "Limburg", "Vlaams-Brabant")
LANGUAGES = ("nl", "fr", "en", "tr", "ar")
BLOCKS = 400
BEAT = 0.002  # seconds between two signs of life of the bot's loop
RUNS = 5


@dataclass(frozen=True)
class Counting:
    """Milliseconds: for the table, for the progress, and the longest that the bot's loop stood still for either."""

    table: float
    progress: float
    still: float


async def counting(kind: str) -> Counting:
    """Measure on a fresh database: the medians of some runs."""
    with database(kind) as address:
        migrate(address)
        store, vault = open_store(address), Vault(secrets.token_hex(16), Keyring())
        vault.ring.make(POLL)
        key = vault.ring.key(POLL)
        assert key is not None
        await store.write(lambda tx: fill(tx, key))
        row = await store.read(lambda tx: polls.get(tx, POLL))
        assert row is not None
        found = await measured(store, vault, row)
        await store.close()
        return found


def fill(tx: Tx, key: PollKey) -> None:
    """Write a poll that everyone in the database got and answered."""
    dice = random.Random(BALLOTS)
    (loaded,) = LoadFile.model_validate({"polls": [poll_row()]}).polls
    content = to_json(poll_content(loaded))
    people = [somebody(dice) for _person in range(BALLOTS)]
    size = ballots.size_of(poll_content(loaded).questions)
    tx.run(
        "INSERT INTO poll (id, content, state, broadcast) VALUES (:poll, :content, 'open', 1)",
        poll=POLL,
        content=content,
    )
    tx.many(
        "INSERT INTO person (id, chat_hash, chat_sealed, key_version, language, province, block, landlord, seen_at)"
        " VALUES (:id, :chat, :chat, 1, :language, :province, :block, 'ijzer', 1)",
        people,
    )
    tx.run(
        "INSERT INTO delivery (person, class, lane, state, queued_at, useful_until, attempts, broadcast)"
        " SELECT id, 'bulk', 2, 'sent', 1, 1, 1, 1 FROM person"
    )
    tx.many(
        f"INSERT INTO ballot (poll, id, sealed) VALUES ('{POLL}', :id, :sealed)",
        [ballot(key, person, dice, size) for person in people],
    )
    tx.run("ANALYZE")  # as a database does by itself after a while


def somebody(dice: random.Random) -> dict[str, Any]:
    """Make a person."""
    groups = {"language": dice.choice(LANGUAGES), "province": dice.choice(PROVINCES)}
    return {
        "id": 1 + secrets.randbits(62),
        "chat": secrets.token_bytes(32),
        "block": f"b{dice.randrange(BLOCKS)}",
        **groups,
    }


def ballot(key: PollKey, person: dict[str, Any], dice: random.Random, size: int) -> dict[str, Any]:
    """Make a person's ballot."""
    chosen = {"hoe": ("o1", "o2", "o3", "skip"), "idee": ("written", "skip"), "weet": ("yes", "no", "skip")}
    answers = {question: (dice.choice(options),) for question, options in chosen.items()}
    cut = f"{person['province']}|{person['language']}|chat"
    return {"id": key.ballot(person["id"], 1), "sealed": ballots.sealed(key, answers, cut, size)}


async def measured(store: Store, vault: Vault, row: Row) -> Counting:
    """Time the jobs as the bot runs them, while its loop gives signs of life."""
    gaps: list[float] = []
    beating = asyncio.create_task(beat(gaps))
    table = [await timed(store, lambda tx: tabulated(tx, vault, row)) for _run in range(RUNS)]
    progress = [await timed(store, lambda tx: closing.measure(tx, vault, row)) for _run in range(RUNS)]
    beating.cancel()
    return Counting(median(table), median(progress), max(gaps))


async def timed(store: Store, job: Callable[[Tx], object]) -> float:
    """Give the milliseconds that a job takes."""
    began = time.monotonic()
    await study(store, job)
    return 1000 * (time.monotonic() - began)


async def beat(gaps: list[float]) -> None:
    """Note by how many milliseconds each sign of life comes late."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(BEAT)
        gaps.append(1000 * (time.monotonic() - began - BEAT))
