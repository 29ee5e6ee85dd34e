"""What goes on after trouble: a finished conversation stands, a person's queue moves on, one update is handled once."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy.exc import DBAPIError

from bot import changes
from bot.app import build
from bot.config import load_settings
from bot.conversation import Conversation
from bot.store import inbox, people, sessions
from bot.store.db import Store, Tx, open_store
from bot.telegram.updates import Incoming, read
from flows.changes import SetLanguage
from flows.engine import Session, Turn
from flows.talk import Done, Talk
from tests.bot.hand import Hand, at_noon
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, text
from tests.bot.world import AMINA as SOMEONE

T = TypeVar("T")


async def parked(up: Rig, user: int) -> None:
    """Let a conversation of someone wait."""

    def job(tx: Tx) -> None:
        person = people.find(tx, up.app.turns.vault, user)
        assert person is not None
        sessions.save(tx, up.app.turns.vault, person["id"], Session("consents"), up.app.clock.ms())

    await up.app.store.write(job)


def break_flow(up: Rig, name: str) -> None:
    """Put a mistake into a conversation, as a release might."""

    async def broken(_talk: Talk) -> Done:
        raise ZeroDivisionError

    flows = {**up.app.turns.flows, name: replace(up.app.turns.flows[name], body=broken)}
    object.__setattr__(up.app.turns, "flows", flows)


async def chooses_french(up: Rig) -> list[str]:
    """Let Amina change her language, which ends one conversation while another waits; give what she hears."""
    amina = Hand(up, AMINA)
    await amina.writes("/taal")
    return await amina.taps("fr")


async def language(up: Rig) -> list[str]:
    """Give the languages people chose."""
    return sorted({row["language"] for row in await up.rows("SELECT language FROM person")})


async def test_a_conversation_that_waits_is_gone_on_with(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        await parked(up, AMINA)
        assert len(await chooses_french(up)) == 2
        assert await up.rows("SELECT flow FROM session") == [{"flow": "consents"}]


async def test_a_broken_one_that_waits_does_not_take_the_finished_one_along(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        await parked(up, AMINA)
        break_flow(up, "consents")
        assert len(await chooses_french(up)) == 1
        assert "fr" in await language(up)
        assert await up.rows("SELECT 1 FROM session") == []
        assert {row["state"] for row in await up.rows("SELECT state FROM inbox")} == {"handled"}


@pytest.mark.parametrize("unreadable", [b"sealed under another key, long enough to have a nonce", None])
async def test_one_whose_answers_cannot_be_read_does_not_take_the_finished_one_along(
    tmp_path: Path, unreadable: bytes | None
) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        await parked(up, AMINA)
        journal = unreadable or up.app.turns.vault.seal_json("journal", {"shape": "of long ago"})
        await up.app.store.write(lambda tx: tx.run("UPDATE session SET journal = :journal", journal=journal))
        assert len(await chooses_french(up)) == 1
        assert "fr" in await language(up)
        assert {row["state"] for row in await up.rows("SELECT state FROM inbox")} == {"handled"}


class Mistaken:
    """A store in which every write goes wrong, by a mistake and not by trouble that passes."""

    def __init__(self, store: Store):
        self.read, self.close = store.read, store.close

    async def write(self, job: Callable[[Tx], T]) -> T:
        raise ZeroDivisionError


async def test_after_an_error_that_is_no_passing_trouble_a_persons_queue_goes_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        store = up.app.dispatcher.store
        up.app.dispatcher.store = Mistaken(store)
        await up.app.intake.take([text(1, "/menu")])
        await up.app.dispatcher.idle()
        up.app.dispatcher.store = store
        assert up.app.dispatcher.backlog == 0

        assert len(await Hand(up, AMINA).sends(text(2, "/menu"))) == 1
        rows = await up.rows("SELECT update_id, state FROM inbox ORDER BY update_id")
        assert [(row["update_id"], row["state"]) for row in rows] == [(1, "waiting"), (2, "handled")]

        await up.app.dispatcher.recover()  # as the next start does
        await up.settled()
        assert {row["state"] for row in await up.rows("SELECT state FROM inbox")} == {"handled"}


def settings_for(address: str) -> Any:
    """Give settings of a bot that never starts."""
    return load_settings(
        telegram_token="424242:abcdefghijklmnopqrstuvwxyz",
        telegram_api="http://127.0.0.1:1",
        database=address,
        key="a-key-for-tests-that-is-long-enough",
    )


async def until_both_wait(store: Store) -> None:
    """Look until two transactions wait for a lock."""
    waiting = (
        "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while True:
        row = await store.read(lambda tx: tx.one(waiting))
        if row is not None and row["n"] >= 2:
            return


async def test_one_update_taken_by_two_processes_at_once_is_handled_once(postgres_address: str) -> None:
    async with AsyncExitStack() as stack:
        bots = [build(settings_for(postgres_address)) for _process in range(2)]
        watcher = open_store(postgres_address)
        for store in (*(bot.store for bot in bots), watcher):
            stack.push_async_callback(store.close)
        vault = bots[0].turns.vault

        def store_it(tx: Tx) -> int:
            inbox.store(tx, vault, [(1, json.dumps(text(1, "/help", SOMEONE)).encode())], 1)
            return people.add(tx, vault, SOMEONE, "nl", 1)

        person = await watcher.write(store_it)
        update = read(text(1, "/help", SOMEONE))
        assert isinstance(update, Incoming)

        async with watcher._engine.begin() as holder:  # type: ignore[attr-defined]
            await holder.exec_driver_sql(f"SELECT pg_advisory_xact_lock({person})")
            both = [
                asyncio.create_task(bot.store.write(lambda tx, bot=bot: bot.turns.take(tx, update, bot.clock.ms())))  # type: ignore[misc]
                for bot in bots
            ]
            await until_both_wait(watcher)
        said = await asyncio.gather(*both)
        assert sorted(len(ready) for ready in said) == [0, 1]
        rows = await watcher.read(lambda tx: tx.all("SELECT state, attempts FROM inbox"))
        assert [dict(row) for row in rows] == [{"state": "handled", "attempts": 1}]


async def test_what_the_database_says_of_a_change_is_not_hidden_by_the_savepoint(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = build(settings_for(postgres_address))

    def wrong(_change: Any, at: changes.At) -> None:
        at.tx.one("SELECT 1 / 0 AS x")

    monkeypatch.setattr(changes, "apply", wrong)

    def job(tx: Tx) -> None:
        row = people.get(tx, people.add(tx, bot.turns.vault, SOMEONE, "nl", 1))
        assert row is not None
        Conversation(bot.turns, tx, row, None, 1, {})._apply(Turn(None, changes=(SetLanguage("fr"),)))

    with pytest.raises(DBAPIError) as raised:
        await bot.store.write(job)
    assert getattr(raised.value.orig, "sqlstate", None) == "22012"  # division by zero
    await bot.store.close()
