"""Bring a database to the newest schema, with Alembic."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.db import sqlite_engine, url_of

HERE = Path(__file__).parent / "migrations"


def migrate(address: str) -> None:
    """Apply every migration that is missing. Quick when none is."""
    url = url_of(address)
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sqlite_engine(url)
        with engine.connect() as connection:
            _upgrade(connection)
        engine.dispose()
        return
    with ThreadPoolExecutor(1) as thread:  # a loop of its own: this may be called inside one
        thread.submit(asyncio.run, _upgrade_async(url)).result()


async def _upgrade_async(url: URL) -> None:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    """Apply what is missing. Alembic (10 MB, 0.1 s) is imported only when something is."""
    if _revision(connection) == newest():
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def newest() -> str:
    """Give the newest revision: files are named `v0001_first.py` by their revision."""
    return max(path.stem[1:5] for path in (HERE / "versions").glob("v[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
