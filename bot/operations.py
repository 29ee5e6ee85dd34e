"""What an operator does from the command line, beside a running bot or without one."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.config import Settings, SettingsError, load_settings
from bot.crypto import Vault
from bot.exports import EXPORTS, TOGETHER, write
from bot.loading import apply, read_file
from bot.rights.examples import Example
from bot.store import ballots, learning, people, registrations
from bot.store.db import Store, Tx, open_store, url_of
from bot.store.migrate import migrate


class CannotDo(Exception):
    """This database cannot do that."""


async def load(settings: Settings, file: Path, synthetic: bool) -> dict[str, int]:
    """Check a file, then apply it. Raises LoadError or YamlError before anything is changed."""
    clock = Clock()
    loaded = read_file(file, synthetic=synthetic)
    migrate(settings.database)
    store = open_store(settings.database)
    try:
        return await apply(store, settings.vault(), clock, loaded)
    finally:
        await store.close()


async def export(settings: Settings, what: str, folder: Path) -> list[Path]:
    """Write one export, and what belongs to it; give the files."""
    migrate(settings.database)
    store = open_store(settings.database)
    try:
        vault = settings.vault()
        names = TOGETHER.get(what, (what,))
        found = {each: await store.read(lambda tx, each=each: EXPORTS[each](tx, vault)) for each in names}  # type: ignore[misc]
    finally:
        await store.close()
    return [path for each, rows in found.items() for path in write(folder, each, rows)]


async def erase(settings: Settings, telegram: int) -> bool:
    """Erase one person; tell whether there was one."""
    migrate(settings.database)
    store = open_store(settings.database)
    try:
        return await erase_in(store, settings.vault(), telegram, Clock().ms())
    finally:
        await store.close()


async def erase_in(store: Store, vault: Vault, telegram: int, now: int) -> bool:
    """Erase one person in an open store."""

    def job(tx: Tx) -> bool:
        person = people.find(tx, vault, telegram)
        if person is None:
            return False
        registrations.leave_all(tx, person["id"], now)
        ballots.erase(tx, vault, person["id"])
        people.erase(tx, person["id"], now)
        return True

    return await store.write(job)


def _file(settings: Settings) -> Path:
    url = url_of(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise CannotDo("backup and restore are for SQLite; use pg_dump and pg_restore for PostgreSQL")
    return Path(url.database)


def backup(settings: Settings, target: Path) -> None:
    """Copy the database while the bot runs, page by page and consistent (SQLite's online backup)."""
    source = _file(settings)
    if not source.exists():
        raise CannotDo(f"there is no database at {source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
    copy.close()
    live.close()


async def restore(settings: Settings, source: Path) -> int:
    """Put a backup back, and erase again who was erased since it was made. Gives how many. Raises CannotDo."""
    erased = _put_back(source, _file(settings))
    migrate(settings.database)
    store = open_store(settings.database)
    try:
        return await store.write(lambda tx: _erase_again(tx, settings.vault(), erased))
    finally:
        await store.close()


def _put_back(source: Path, target: Path) -> list[dict[str, Any]]:
    """Replace the database by a backup that can be read; give who was erased until now."""
    if not source.exists():
        raise CannotDo(f"there is no backup at {source}")
    _erased(source, "it is no backup of this bot")
    erased = (
        _erased(target, "so nobody knows who was erased since the backup; move it away first")
        if target.exists()
        else []
    )
    shutil.copyfile(source, f"{target}.new")
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    Path(f"{target}.new").replace(target)
    return erased


def _erased(file: Path, otherwise: str) -> list[dict[str, Any]]:
    live = sqlite3.connect(file)
    try:
        rows = live.execute("SELECT chat_hash, at FROM erased").fetchall()
    except sqlite3.DatabaseError as error:
        raise CannotDo(f"{file} cannot be read ({error}): {otherwise}") from None
    finally:
        live.close()
    return [{"hash": hash, "at": at} for hash, at in rows]


def _erase_again(tx: Tx, vault: Vault, erased: list[dict[str, Any]]) -> int:
    again = 0
    for row in erased:
        tx.run(  # also whom this backup does not hold: an older one might
            "INSERT INTO erased (chat_hash, at) VALUES (:hash, :at) ON CONFLICT (chat_hash) DO UPDATE SET at = excluded.at",
            **row,
        )
        person = tx.one("SELECT id, seen_at FROM person WHERE chat_hash = :hash", hash=row["hash"])
        if person and person["seen_at"] <= row["at"]:
            registrations.leave_all(tx, person["id"], row["at"])
            ballots.erase(tx, vault, person["id"])
            people.erase(tx, person["id"], row["at"])
            again += 1
    return again


async def build_search() -> str:
    """Train the search; give what it was made of. With settings and a database, also of what staff linked.

    Raises ArticleError and ExamplesError.
    """
    from bot.rights import building

    linked = await _linked()
    model = building.build(linked=linked)
    how = "by meaning and letters" if len(model.by_meaning) else "by letters alone"
    return f"{len(model.topics) - 1} topics, {how}, {len(linked)} questions linked by staff"


async def _linked() -> list[Example]:
    """Give the questions that staff linked; none where the bot was not set up yet."""
    try:
        settings = load_settings()
        if url_of(settings.database).get_backend_name() == "sqlite" and not _file(settings).exists():
            return []
    except SettingsError:
        return []
    migrate(settings.database)
    store = open_store(settings.database)
    vault = settings.vault()
    try:
        return await store.read(lambda tx: learning.examples(tx, vault))
    finally:
        await store.close()
