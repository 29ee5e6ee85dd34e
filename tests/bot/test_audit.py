"""The audit trail only grows."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError

from bot.store import audit, people
from bot.store.db import Store
from tests.bot.world import Town, in_store

REFUSED = (sqlite3.IntegrityError, DBAPIError)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET act = 'nothing'",
        "UPDATE audit SET actor = 'someone else'",
        "UPDATE audit SET actor = 'erased', detail = 'changed too'",
        "UPDATE audit SET about = 'meeting:other'",
        "UPDATE audit SET at = 0",
        "DELETE FROM audit",
    ],
)
async def test_a_line_is_neither_changed_nor_deleted(store: Store, sql: str) -> None:
    await store.write(lambda tx: audit.note(tx, "load", "meeting new", "meeting:veurne", 1, "x"))
    with pytest.raises(REFUSED, match="append-only"):
        await store.write(lambda tx: tx.run(sql))
    assert await store.read(lambda tx: [row["act"] for row in tx.all("SELECT act FROM audit")]) == ["meeting new"]


@in_store
def test_erasing_leaves_a_tombstone(town: Town) -> None:
    greet = town.person("Greet")
    audit.note(town.tx, str(greet), "exported", "meetings", town.now)
    audit.note(town.tx, "load", "role given", f"person:{greet}", town.now)
    people.erase(town.tx, greet, town.now)
    lines = [(row["actor"], row["about"]) for row in town.tx.all("SELECT actor, about FROM audit ORDER BY id")]
    assert lines == [("erased", "meetings"), ("load", "person:erased")]


@in_store
def test_a_long_detail_is_cut(town: Town) -> None:
    audit.note(town.tx, "load", "role given", "x", town.now, "y" * 1000)
    assert town.tx.all("SELECT length(detail) AS n FROM audit")[0]["n"] == 200
