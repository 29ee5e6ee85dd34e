"""Backup, restore and erasing from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot import operations
from bot.clock import Clock
from bot.config import Settings, load_settings
from bot.crypto import Vault
from bot.store import ballots, people, polls
from bot.store.db import Tx, open_store
from flows.poll_facts import PollQuestion
from tests.bot.poll_town import content
from tests.bot.world import AMINA, ELIF, at

T = TypeVar("T")
KEY = "a key of more than thirty-two letters"
VAULT = Vault(KEY)


def settings_for(address: str, **more: str) -> Settings:
    """Give settings for a database."""
    return load_settings(telegram_token="123456789:AAbbCCddEEffGGhhIIjjKK", key=KEY, database=address, **more)


@pytest.fixture
def settings(sqlite_file: Path) -> Settings:
    return settings_for(f"sqlite:///{sqlite_file}")


async def in_database(settings: Settings, job: Callable[[Tx], T]) -> T:
    """Run one job in a database that nobody else has open."""
    store = open_store(settings.database)
    try:
        return await store.write(job)
    finally:
        await store.close()


async def arrive(settings: Settings, chat: int) -> None:
    """Let someone write for the first time."""
    await in_database(settings, lambda tx: people.add(tx, VAULT, chat, "nl", Clock().ms()))


async def known(settings: Settings, chat: int) -> bool:
    """Tell whether someone is known."""
    return await in_database(settings, lambda tx: people.find(tx, VAULT, chat)) is not None


async def test_a_restored_backup_holds_what_it_held(settings: Settings, tmp_path: Path) -> None:
    await arrive(settings, AMINA)
    operations.backup(settings, tmp_path / "copy.db")
    await arrive(settings, ELIF)
    assert await operations.restore(settings, tmp_path / "copy.db") == 0
    assert (await known(settings, AMINA), await known(settings, ELIF)) == (True, False)


async def test_a_backup_is_consistent_while_someone_writes(settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings.database)
    await store.write(lambda tx: people.add(tx, VAULT, AMINA, "nl", 1))
    operations.backup(settings, tmp_path / "copy.db")
    await store.close()
    assert await known(settings_for(f"sqlite:///{tmp_path}/copy.db"), AMINA)


async def test_whoever_was_erased_since_the_backup_stays_erased(settings: Settings, tmp_path: Path) -> None:
    await arrive(settings, AMINA)
    operations.backup(settings, tmp_path / "copy.db")
    assert await operations.erase(settings, AMINA)
    assert await operations.restore(settings, tmp_path / "copy.db") == 1
    assert not await known(settings, AMINA)


async def test_an_older_backup_restored_after_a_newer_one_brings_nobody_back(
    settings: Settings, tmp_path: Path
) -> None:
    await arrive(settings, AMINA)
    operations.backup(settings, tmp_path / "older.db")
    await in_database(settings, lambda tx: tx.run("DELETE FROM person"))
    operations.backup(settings, tmp_path / "newer.db")
    await operations.restore(settings, tmp_path / "older.db")
    await operations.erase(settings, AMINA)
    await operations.restore(settings, tmp_path / "newer.db")
    assert await operations.restore(settings, tmp_path / "older.db") == 1
    assert not await known(settings, AMINA)


async def test_whoever_came_back_after_erasing_is_not_erased_again(settings: Settings, tmp_path: Path) -> None:
    await arrive(settings, AMINA)
    await operations.erase(settings, AMINA)
    await in_database(settings, lambda tx: people.add(tx, VAULT, AMINA, "nl", Clock().ms() + 1000))
    operations.backup(settings, tmp_path / "copy.db")
    assert await operations.restore(settings, tmp_path / "copy.db") == 0
    assert await known(settings, AMINA)


async def test_erasing_a_stranger_says_so(settings: Settings) -> None:
    assert not await operations.erase(settings, AMINA)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0 and then nothing"])
async def test_what_is_no_backup_replaces_nothing(settings: Settings, tmp_path: Path, content: bytes) -> None:
    await arrive(settings, AMINA)
    (tmp_path / "copy.db").write_bytes(content)
    with pytest.raises(operations.CannotDo, match="no backup of this bot"):
        await operations.restore(settings, tmp_path / "copy.db")
    assert await known(settings, AMINA)


async def test_a_broken_database_is_not_replaced_without_asking(
    settings: Settings, sqlite_file: Path, tmp_path: Path
) -> None:
    operations.backup(settings, tmp_path / "copy.db")
    sqlite_file.write_bytes(b"broken")
    with pytest.raises(operations.CannotDo, match="move it away first"):
        await operations.restore(settings, tmp_path / "copy.db")


async def test_a_backup_is_restored_where_there_was_nothing(
    settings: Settings, sqlite_file: Path, tmp_path: Path
) -> None:
    await arrive(settings, AMINA)
    operations.backup(settings, tmp_path / "copy.db")
    sqlite_file.unlink()
    assert await operations.restore(settings, tmp_path / "copy.db") == 0
    assert await known(settings, AMINA)


async def test_a_missing_backup_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(operations.CannotDo, match="there is no backup at"):
        await operations.restore(settings, tmp_path / "nowhere.db")


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(operations.CannotDo, match="there is no database at"):
        operations.backup(settings_for(f"sqlite:///{tmp_path}/nowhere.db"), tmp_path / "copy.db")


def test_on_postgresql_the_tools_of_postgresql_are_named(tmp_path: Path) -> None:
    with pytest.raises(operations.CannotDo, match="pg_dump"):
        operations.backup(settings_for("postgresql://host/name"), tmp_path / "copy.db")


async def test_erasing_works_on_both_engines(address: str) -> None:
    settings = settings_for(address)
    await arrive(settings, AMINA)
    assert await operations.erase(settings, AMINA)
    assert not await known(settings, AMINA)


async def test_an_export_of_a_new_database_is_empty(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/new.db")
    table, _document = await operations.export(settings, "deliveries", tmp_path / "out")
    assert len(table.read_text().splitlines()) == 1


async def test_a_file_is_loaded_into_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "network.yaml").write_text("landlords: [{id: ijzer, name: De IJzer}]\n")
    settings = settings_for(f"sqlite:///{tmp_path}/new.db")
    assert await operations.load(settings, tmp_path / "network.yaml", False) == {"landlords": 1}


async def answered(settings: Settings) -> None:
    """Let Amina and Elif answer a poll that is open."""
    vault, weet = settings.vault(), PollQuestion("weet", "yesno", {"nl": "Weet je het?"})

    def job(tx: Tx) -> None:
        now = at("2027-03-15 12:00")
        polls.put_loaded(tx, "afval", content(), now)
        vault.ring.make("afval")
        tx.run("UPDATE poll SET state = 'open', opened_at = :now", now=now)
        for chat in (AMINA, ELIF):
            person = people.get(tx, people.add(tx, vault, chat, "nl", now))
            assert person is not None
            ballots.cast(tx, vault, "afval", person, 1, weet, ("yes",), None)

    await in_database(settings, job)


async def count(settings: Settings) -> int:
    """Count the ballots."""
    return await in_database(settings, lambda tx: ballots.count(tx, "afval"))


async def test_erasing_takes_the_ballot_out_of_an_open_poll(address: str, tmp_path: Path) -> None:
    settings = settings_for(address, poll_keys=str(tmp_path / "keys"))
    await answered(settings)
    assert await operations.erase(settings, AMINA)
    assert await count(settings) == 1


async def test_a_backup_holds_no_key_of_a_poll(settings: Settings, tmp_path: Path) -> None:
    await answered(settings)
    operations.backup(settings, tmp_path / "copies" / "copy.db")
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["copy.db"]
    secret = (settings.key_folder / "poll-afval.key").read_bytes()
    assert secret not in (tmp_path / "copies" / "copy.db").read_bytes()


async def test_a_backup_that_is_restored_leaves_the_keys_as_they_are(settings: Settings, tmp_path: Path) -> None:
    await answered(settings)
    operations.backup(settings, tmp_path / "copy.db")
    settings.vault().ring.destroy("afval")
    await operations.restore(settings, tmp_path / "copy.db")
    assert (settings.vault().ring.key("afval"), await count(settings)) == (None, 2)


async def test_the_export_of_polls_brings_their_results_along(settings: Settings, tmp_path: Path) -> None:
    files = await operations.export(settings, "polls", tmp_path / "out")
    assert [file.name for file in files] == ["polls.csv", "polls.json", "results.csv", "results.json"]
