"""Migrations make the schema that the code expects, on both engines, once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.db import open_store, url_of
from bot.store.migrate import migrate, newest
from bot.store.schema import metadata


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
