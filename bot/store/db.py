"""One way to the database for both engines: plain functions over a `Tx`, run as short transactions."""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Connection, Engine, NullPool, TextClause, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

log = logging.getLogger(__name__)

T = TypeVar("T")
Row = Mapping[str, Any]
BATCH = 128
CACHE = 16 * 1024  # KiB of pages that the writer keeps: with 2 MB, planning a large broadcast reads its indexes anew


class Tx(Protocol):
    """A transaction. SQL is written once for both engines, with `:named` values."""

    @property
    def for_update(self) -> str:
        """What locks the rows of a SELECT until the end: nothing on SQLite, where a writer is alone."""

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Give all rows."""

    def one(self, sql: str, **values: Any) -> Row | None:
        """Give the first row, or None."""

    def run(self, sql: str, **values: Any) -> int:
        """Change rows; give how many."""

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one statement for many rows."""

    def lock(self, name: int) -> None:
        """Wait until no other transaction holds this number (PostgreSQL), so that one person's turns keep their order."""


class Store(Protocol):
    """A database."""

    async def write(self, job: Callable[[Tx], T]) -> T:
        """Run a job as one durable transaction."""

    async def read(self, job: Callable[[Tx], T]) -> T:
        """Run a job that only reads, beside the writers."""

    async def close(self) -> None:
        """Finish what was begun, and close."""


# SQLSTATE classes: connection, rollback (deadlock), resources, objects not ready, operator's intervention.
PASSING_SQLITE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)
PASSING = ("08", "40", "53", "55", "57")


def is_trouble(error: BaseException) -> bool:
    """Tell whether the database is in trouble that passes (locked, full, away), rather than the statement wrong."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or isinstance(error, InterfaceError) or state.startswith(PASSING)
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_BUSY) & 0xFF in PASSING_SQLITE
    return isinstance(error, PoolTimeout | ConnectionError | TimeoutError)


async def patiently(store: Store, job: Callable[[Tx], T]) -> T:
    """Write, and wait out trouble with growing delays (0.1 to 5 s). Raises only what the job itself does wrong."""
    delay = 0.1
    while True:
        try:
            return await store.write(job)
        except Exception as error:
            if not is_trouble(error):
                raise
            log.warning("the database cannot be written (%s); trying again", type(error).__name__)
        await asyncio.sleep(delay)
        delay = min(5.0, delay * 2)


async def study(store: Store, job: Callable[[Tx], T]) -> T:
    """Run a job that reads much and reckons long, in a thread on either engine: no reply waits for it."""
    return await (store.study(job) if isinstance(store, PostgresStore) else store.read(job))


def url_of(address: str) -> URL:
    """Read a database address. Raises ValueError with what is expected."""
    url = make_url(address)
    name = url.get_backend_name()
    if name == "sqlite":
        return url.set(drivername="sqlite")
    if name == "postgresql":
        return url.set(drivername="postgresql+asyncpg")
    raise ValueError(f"VIVAS_DATABASE: expected sqlite:///file.db or postgresql://..., not {url.drivername}")


def open_store(address: str) -> Store:
    """Open the database behind a SQLAlchemy address."""
    url = url_of(address)
    return SQLiteStore(url) if url.get_backend_name() == "sqlite" else PostgresStore(url)


def sqlite_engine(url: URL) -> Engine:
    """Make an engine whose connections are in WAL mode, flush every commit, and begin transactions by hand."""
    engine = create_engine(url, connect_args={"timeout": 5, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class SQLiteTx:
    """A Tx straight on sqlite3: measured three times as fast as the same statements through SQLAlchemy's text()."""

    for_update = ""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def all(self, sql: str, **values: Any) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, **values: Any) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, **values: Any) -> int:
        return self._connection.execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        self._connection.executemany(sql, rows)

    def lock(self, name: int) -> None:
        """One writer: already alone."""


@lru_cache(maxsize=512)
def _text(sql: str) -> TextClause:
    return text(sql)


class PostgresTx:
    """A Tx on SQLAlchemy over asyncpg, inside `run_sync`."""

    for_update = " FOR UPDATE"

    def __init__(self, connection: Connection):
        self._connection = connection

    def all(self, sql: str, **values: Any) -> list[Row]:
        return [cast(Row, row) for row in self._connection.execute(_text(sql), values).mappings()]

    def one(self, sql: str, **values: Any) -> Row | None:
        return cast(Row | None, self._connection.execute(_text(sql), values).mappings().first())

    def run(self, sql: str, **values: Any) -> int:
        return self._connection.execute(_text(sql), values).rowcount

    def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        if rows := list(rows):
            self._connection.execute(_text(sql), rows)

    def lock(self, name: int) -> None:
        self._connection.execute(_text("SELECT pg_advisory_xact_lock(:name)"), {"name": name})


class _Job:
    __slots__ = ("error", "future", "result", "work")

    def __init__(self, work: Callable[[Tx], Any], future: asyncio.Future[Any]):
        self.work, self.future = work, future
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.cancelled():
            return
        if isinstance(self.error, StopIteration):  # a future refuses it
            self.future.set_exception(RuntimeError("a job raised StopIteration"))
        elif self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class SQLiteStore:
    """One writer thread runs whole jobs back to back and commits them in groups; readers have connections of their own."""

    def __init__(self, url: URL):
        self._engine = sqlite_engine(url)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._open: list[Any] = []
        self._writer = threading.Thread(target=self._write_all, name="store-writer", daemon=True)
        self._connection = self._connect()
        self._connection.execute(f"PRAGMA cache_size = -{CACHE}")
        self._writer.start()

    def _connect(self) -> sqlite3.Connection:
        fairy = self._engine.raw_connection()
        self._open.append(fairy)
        connection = fairy.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    async def write(self, job: Callable[[Tx], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(job, future))
        return await future

    async def read(self, job: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self._read, job)

    def _read(self, job: Callable[[Tx], T]) -> T:
        try:
            connection = self._readers.get_nowait()
        except queue.Empty:
            connection = self._connect()
        try:
            connection.execute("BEGIN")
            return job(SQLiteTx(connection))
        finally:
            connection.rollback()
            self._readers.put(connection)

    def _write_all(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, last = [first], False
            while len(batch) < BATCH and not self._jobs.empty():
                job = self._jobs.get()
                if job is None:
                    last = True
                    break
                batch.append(job)
            self._commit(batch)
            by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
            for job in batch:
                by_loop.setdefault(job.future.get_loop(), []).append(job)
            for loop, jobs in by_loop.items():
                loop.call_soon_threadsafe(_settle, jobs)
            if last:
                return

    def _commit(self, batch: list[_Job]) -> None:
        """Run a group of jobs in one transaction; a job that fails is rolled back alone."""
        connection, tx = self._connection, SQLiteTx(self._connection)
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                connection.execute("SAVEPOINT job")
                try:
                    job.result = job.work(tx)
                except Exception as error:
                    connection.execute("ROLLBACK TO job")
                    job.error = error
                connection.execute("RELEASE job")
            connection.execute("COMMIT")
        except sqlite3.Error as error:  # locked or full: nothing of this group was kept
            if connection.in_transaction:
                connection.rollback()
            for job in batch:
                job.error = job.error or error

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        for fairy in self._open:
            fairy.close()
        self._engine.dispose()


def _settle(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


class PostgresStore:
    """Jobs run concurrently, each on a connection of the pool; PostgreSQL groups the commits itself."""

    def __init__(self, url: URL):
        self._engine: AsyncEngine = create_async_engine(url, pool_size=16, max_overflow=0)

    async def write(self, job: Callable[[Tx], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(lambda sync: job(PostgresTx(sync)))

    async def read(self, job: Callable[[Tx], T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(lambda sync: job(PostgresTx(sync)))

    async def study(self, job: Callable[[Tx], T]) -> T:
        """Read in a thread, on a connection of its own: those of the pool belong to this loop."""

        async def work() -> T:
            engine = create_async_engine(self._engine.url, poolclass=NullPool)
            try:
                async with engine.connect() as connection:
                    return await connection.run_sync(lambda sync: job(PostgresTx(sync)))
            finally:
                await engine.dispose()

        return await asyncio.to_thread(lambda: asyncio.run(work()))

    async def close(self) -> None:
        await self._engine.dispose()
