"""Another VIVAS_KEY stops the start; a single row that cannot be opened stops nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import log
from bot.cli import main
from bot.crypto import Vault, WrongKey
from bot.scheduler import Scheduler
from bot.store import deliveries, inbox, keys, people
from bot.store.db import Store, Tx, open_store
from tests.bot.hand import Hand
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, ELIF, stored, text

OTHER = Vault("another key of more than thirty-two letters")
KEY = "a key of more than thirty-two letters, for a start"


async def test_a_new_database_takes_the_key_and_knows_it_again(store: Store) -> None:
    for _start in range(2):
        await store.write(lambda tx: keys.check(tx, Vault(KEY)))


async def test_another_key_is_refused_by_name(store: Store) -> None:
    await store.write(lambda tx: keys.check(tx, Vault(KEY)))
    with pytest.raises(WrongKey, match="VIVAS_KEY: expected"):
        await store.write(lambda tx: keys.check(tx, OTHER))


async def test_two_that_start_at_once_in_a_new_database_agree(store: Store) -> None:
    await asyncio.gather(*(store.write(lambda tx: keys.check(tx, Vault(KEY))) for _process in range(4)))
    assert len(await store.read(lambda tx: tx.all("SELECT 1 FROM meta WHERE name = 'key'"))) == 1


def test_the_command_line_stops_with_2_and_names_the_key(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def first_start() -> None:
        store = open_store(f"sqlite:///{sqlite_file}")
        await store.write(lambda tx: keys.check(tx, OTHER))
        await store.close()

    asyncio.run(first_start())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(log, "setup", lambda: None)
    monkeypatch.setattr(Scheduler, "start", lambda _scheduler: pytest.fail("it started"))
    given = {
        "VIVAS_TELEGRAM_TOKEN": "123456789:AAbbCCddEEffGGhhIIjjKK",
        "VIVAS_TELEGRAM_API": "http://127.0.0.1:1",
        "VIVAS_DATABASE": f"sqlite:///{sqlite_file}",
        "VIVAS_KEY": KEY,
        "VIVAS_LISTEN": "127.0.0.1:0",
    }
    result = CliRunner().invoke(main, ["run"], env=given)
    assert result.exit_code == 2
    assert "VIVAS_KEY: expected" in result.stderr
    assert KEY not in result.stderr


async def test_a_start_with_another_key_adds_nobody(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        before = len(await up.rows("SELECT 1 FROM person"))
    async with rig(tmp_path, key="another-key-for-tests-that-is-long-enough", welcomed=False, started=False) as up:
        with pytest.raises(WrongKey):
            await up.app.start()
        assert len(await up.rows("SELECT 1 FROM person")) == before


async def replies(up: Rig, *users: int) -> None:
    """Leave a reply to each of them in the queue, as a crash would."""

    def job(tx: Tx) -> None:
        for user in users:
            vault, now = up.app.turns.vault, up.app.clock.ms()
            person = people.find(tx, vault, user)
            assert person is not None
            payload = {"kind": "send", "text": f"voor {user}", "rows": []}
            deliveries.queue_reply(tx, vault, person["id"], user, payload, now)

    await up.app.store.write(job)


async def test_a_message_that_cannot_be_opened_fails_and_the_others_go(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        await replies(up, AMINA, ELIF)
        sealed = OTHER.seal_json("delivery", {"kind": "send", "text": "geheim", "rows": []})
        await up.app.store.write(
            lambda tx: tx.run(
                "UPDATE delivery SET payload = :sealed WHERE id = (SELECT min(id) FROM delivery)", sealed=sealed
            )
        )
    async with rig(tmp_path) as up:
        await up.app.outbox.sweep()
        await up.settled()
        rows = await up.rows("SELECT state, reason FROM delivery ORDER BY id")
        assert [(row["state"], row["reason"]) for row in rows] == [("failed", "cannot be opened"), ("sent", "")]
        assert Hand(up, ELIF).heard() == ["voor 6002"]


async def test_a_person_whose_chat_cannot_be_opened_holds_up_nobody(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        await replies(up, AMINA, ELIF)
        first = "(SELECT person FROM delivery ORDER BY id LIMIT 1)"
        await up.app.store.write(
            lambda tx: tx.run(
                f"UPDATE person SET chat_sealed = :sealed WHERE id = {first}", sealed=OTHER.seal("chat", b"1")
            )
        )
    async with rig(tmp_path) as up:
        await up.app.outbox.sweep()
        await up.settled()
        rows = await up.rows("SELECT state FROM delivery ORDER BY id")
        assert [row["state"] for row in rows] == ["failed", "sent"]


async def test_an_update_that_cannot_be_opened_is_set_apart_and_the_others_are_handled(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        for number in (1, 2, 3):
            await stored(up, text(number, "/menu", AMINA if number < 3 else ELIF), attempts=0)
        sealed = OTHER.seal("inbox", inbox.raw(text(2, "/menu")))
        await up.app.store.write(
            lambda tx: tx.run("UPDATE inbox SET payload = :sealed WHERE update_id = 2", sealed=sealed)
        )
    async with rig(tmp_path) as up:
        await up.settled()
        rows = await up.rows("SELECT state, reason FROM inbox ORDER BY update_id")
        apart = ("quarantined", "cannot be opened")
        assert [(row["state"], row["reason"]) for row in rows] == [("handled", ""), apart, ("handled", "")]
        assert (len(Hand(up, AMINA).heard()), len(Hand(up, ELIF).heard())) == (1, 1)
