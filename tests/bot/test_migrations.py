"""Migrations make the schema that the code expects, on both engines, once."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import polls
from bot.store.db import Tx, open_store, url_of
from bot.store.migrate import migrate, newest
from bot.store.tables import metadata
from tests.bot.poll_town import content
from tests.bot.world import Town


def differences(connection: Connection) -> list[object]:
    """Compare the tables that are there with those that the code declares."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_sqlite_has_the_declared_tables(sqlite_file: Path) -> None:
    engine = create_engine(f"sqlite:///{sqlite_file}")
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_postgresql_has_the_declared_tables(postgres_address: str) -> None:
    engine = create_async_engine(url_of(postgres_address))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_again_changes_nothing(address: str) -> None:
    migrate(address)
    before = await revision(address)
    migrate(address)
    assert await revision(address) == before == newest()


async def revision(address: str) -> str:
    store = open_store(address)
    row = await store.read(lambda tx: tx.one("SELECT version_num FROM alembic_version"))
    await store.close()
    assert row is not None
    return str(row["version_num"])


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/new/folder/vivas.db")
    assert (tmp_path / "new" / "folder" / "vivas.db").exists()


def test_an_sqlite_database_writes_ahead(sqlite_file: Path) -> None:
    connection = sqlite3.connect(sqlite_file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize("address", ["mysql://host/name", "oracle://host/name"])
def test_another_engine_is_refused_by_name(address: str) -> None:
    with pytest.raises(ValueError, match="VIVAS_DATABASE: expected sqlite"):
        url_of(address)


# What version 0002 did not have. A column that is indexed is dropped after its index.
NEW_TABLES = (
    "ballot",
    "ballot_text",
    "participation",
    "poll_news",
    "poll_result",
    "poll_text",
    "figure",
    "broadcast",
    "invitation",
    "poll",
)
NEW_INDEXES = ("person_block", "registration_code", "delivery_each", "delivery_waits")
NEW_COLUMNS = {
    "meeting": ("deadline_local", "deadline_at", "closed", "made_by", "heads", "report"),
    "registration": ("attended", "how"),
    "delivery": ("broadcast",),
}


@pytest.fixture(params=["sqlite", "postgresql"])
async def older(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Give the address of a database as version 0002 left it, with someone who comes to a meeting and a message to them."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/older.db"
        await go_back(address)
        yield address
        return
    shared = str(request.getfixturevalue("postgres"))
    address = make_url(shared).set(database="older").render_as_string(hide_password=False)
    connection = await asyncpg.connect(shared)
    await connection.execute("CREATE DATABASE older")
    await go_back(address)
    yield address
    await connection.execute("DROP DATABASE older WITH (FORCE)")
    await connection.close()


async def go_back(address: str) -> None:
    """Make a database, fill it a little, and take away what version 0002 did not have."""
    migrate(address)
    store = open_store(address)

    def job(tx: Tx) -> None:
        town = Town(tx)
        town.meeting()
        town.join("Amina")
        town.consent("Amina", "polls")
        town.plan("Amina", "reminder", about="meeting:veurne-maart")
        tx.run("INSERT INTO audit (at, actor, act, about) VALUES (1, 'load', 'role given', 'person:1')")
        for index in NEW_INDEXES:
            tx.run(f"DROP INDEX {index}")
        for table, columns in NEW_COLUMNS.items():
            for column in columns:
                tx.run(f"ALTER TABLE {table} DROP COLUMN {column}")
        for table in NEW_TABLES:
            tx.run(f"DROP TABLE {table}")
        tx.run("CREATE INDEX delivery_open ON delivery (state, lane, not_before)")
        tx.run("UPDATE alembic_version SET version_num = '0002'")

    await store.write(job)
    await store.close()


async def compared(address: str) -> list[object]:
    """Compare a database with what the code declares."""
    if address.startswith("sqlite"):
        engine = create_engine(address)
        with engine.connect() as connection:
            found = differences(connection)
        engine.dispose()
        return found
    other = create_async_engine(url_of(address))
    async with other.connect() as connection_:
        found = await connection_.run_sync(differences)
    await other.dispose()
    return found


async def kept(address: str, columns: dict[str, list[str]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Give the rows of every table that there is, or these columns of them."""
    store = open_store(address)

    def job(tx: Tx) -> dict[str, list[dict[str, Any]]]:
        tables = columns or {name: ["*"] for name in sorted(set(metadata.tables) - set(NEW_TABLES))}
        return {
            name: [dict(row) for row in tx.all(f"SELECT {', '.join(of)} FROM {name}")] for name, of in tables.items()
        }

    found = await store.read(job)
    await store.close()
    return found


async def test_a_database_of_the_version_before_gets_all_that_is_new(older: str) -> None:
    assert await compared(older) != []
    migrate(older)
    assert (await compared(older), await revision(older)) == ([], newest())


async def test_what_was_in_it_is_kept(older: str) -> None:
    before = await kept(older)
    migrate(older)
    columns = {name: list(rows[0]) for name, rows in before.items() if rows}
    assert len(columns) >= 8, "there was hardly anything to keep"
    assert await kept(older, columns) == {name: before[name] for name in columns}


async def test_what_is_new_begins_empty_and_takes_rows(older: str) -> None:
    migrate(older)
    store = open_store(older)

    def job(tx: Tx) -> tuple[Any, ...]:
        (meeting,), (coming,) = tx.all("SELECT * FROM meeting"), tx.all("SELECT * FROM registration")
        assert polls.put_loaded(tx, "afval", content(), Town(tx).now) == "new"
        return meeting["closed"], meeting["report"], meeting["deadline_at"], coming["attended"], coming["how"]

    assert await store.write(job) == (0, "", None, "", "")
    await store.close()


async def test_the_audit_trail_is_guarded_after_it_as_before(older: str) -> None:
    migrate(older)
    store = open_store(older)
    with pytest.raises(Exception, match="append-only"):
        await store.write(lambda tx: tx.run("DELETE FROM audit"))
    await store.close()
