"""The inbox: raw updates, stored before Telegram hears that we have them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.crypto import Vault, WrongKey
from bot.store.db import Row, Tx

WEEK_MS = 7 * 24 * 3600 * 1000
LONGEST_REASON = 80


def store(tx: Tx, vault: Vault, updates: Sequence[tuple[int, bytes]], now: int) -> list[int]:
    """Keep raw updates (id, JSON) that were not seen yet; give the ids of the new ones."""
    new = []
    for update_id, raw in updates:
        added = tx.run(
            "INSERT INTO inbox (update_id, state, received_at, payload) VALUES (:id, 'waiting', :now, :payload)"
            " ON CONFLICT (update_id) DO NOTHING",
            id=update_id,
            now=now,
            payload=vault.seal("inbox", raw),
        )
        if added == 1:
            new.append(update_id)
    return new


def waiting(tx: Tx, vault: Vault) -> list[tuple[int, bytes, int]]:
    """Give what is not handled yet, in the order of arrival: id, JSON, attempts."""
    rows = tx.all(
        "SELECT update_id, payload, attempts FROM inbox WHERE state = 'waiting' ORDER BY received_at, update_id"
    )
    found = []
    for row in rows:
        try:
            found.append((row["update_id"], vault.open("inbox", row["payload"]), row["attempts"]))
        except WrongKey:
            quarantine(tx, row["update_id"], "cannot be opened")
    return found


def count_attempts(tx: Tx, ids: Sequence[int]) -> None:
    """Count an attempt before it begins, so that a process that dies in it is counted too."""
    tx.many("UPDATE inbox SET attempts = attempts + 1 WHERE update_id = :id", [{"id": id} for id in ids])


def claim(tx: Tx, update_id: int) -> bool:
    """Mark an update as handled, in the transaction that handles it; its payload goes at once. False when it was handled
    before, or is being handled by another process."""
    changed = tx.run(
        "UPDATE inbox SET state = 'handled', reason = '', payload = NULL, attempts = attempts + 1"
        " WHERE update_id = :id AND state = 'waiting'",
        id=update_id,
    )
    return changed == 1


def finish(tx: Tx, update_id: int, state: str, reason: str = "") -> None:
    """End an update as ignored or failed. Its payload goes at once."""
    tx.run(
        "UPDATE inbox SET state = :state, reason = :reason, payload = NULL WHERE update_id = :id",
        state=state,
        reason=reason[:LONGEST_REASON],
        id=update_id,
    )


def quarantine(tx: Tx, update_id: int, reason: str) -> None:
    """Set apart what cannot be read; its payload stays, sealed, for seven days."""
    tx.run(
        "UPDATE inbox SET state = 'quarantined', reason = :reason WHERE update_id = :id",
        reason=reason[:LONGEST_REASON],
        id=update_id,
    )


def purge(tx: Tx, now: int) -> None:
    """Drop what is older than seven days: ids restart at random after a quiet week, and quarantine ends."""
    tx.run("DELETE FROM inbox WHERE state <> 'waiting' AND received_at < :before", before=now - WEEK_MS)


def backlog(tx: Tx) -> int:
    """Count what waits."""
    row = tx.one("SELECT count(*) AS n FROM inbox WHERE state = 'waiting'")
    return int(row["n"]) if row else 0


def rows(tx: Tx) -> list[Row]:
    """Give every row, without payload, for the export."""
    return tx.all("SELECT update_id, state, reason, attempts, received_at FROM inbox ORDER BY received_at, update_id")


def raw(update: Any) -> bytes:
    """Write an update as the bytes to store. In ASCII: half a surrogate pair, which JSON may hold, has no UTF-8."""
    return json.dumps(update, separators=(",", ":")).encode()
