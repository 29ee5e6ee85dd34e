"""Polls for the export: how many were asked and answered, and the frozen tables. No ballot leaves the database."""

from __future__ import annotations

import json
from typing import Any

from bot.clock import from_ms
from bot.crypto import Vault
from bot.store import ballots, broadcasts, closing
from bot.store.db import Row, Tx
from bot.store.polls import content_of

Rows = list[dict[str, Any]]
NOTHING = '{"asked": 0, "states": {}}'


def polls(tx: Tx, vault: Vault) -> Rows:
    """Give every poll that was released, with its exact counts."""
    rows = tx.all("SELECT * FROM poll WHERE state NOT IN ('draft', 'waiting', 'cancelled') ORDER BY id")
    return [_poll(tx, vault, row) for row in rows]


def _poll(tx: Tx, vault: Vault, row: Row) -> dict[str, Any]:
    ends = broadcasts.ends(tx, row["broadcast"]) if row["broadcast"] is not None else None
    counted: dict[str, Any] = json.loads(row["progress"] or NOTHING)
    asked: int = counted["asked"]
    delivered: int = counted["states"].get("sent", 0)
    if ends and ends.planned:  # else the rows are gone, 30 days after the poll
        asked, delivered = ends.asked, ends.delivered
    answered, partly = row["answered"], row["partly"]
    if row["state"] in ("open", "closing"):
        have = ballots.ids(tx, vault.ring.key(row["id"]), row["id"], content_of(row).questions)
        answered = sum(have.values())
        partly = len(have) - answered
    return {
        "poll": row["id"],
        "asked": asked,
        "delivered": delivered,
        "answered": answered,
        "partly": partly,
        "closed_at": from_ms(row["closed_at"]).isoformat(timespec="seconds") if row["closed_at"] else None,
    }


def results(tx: Tx) -> Rows:
    """Give the frozen tables of every closed poll, as published."""
    rows = tx.all("SELECT id FROM poll WHERE state IN ('closed', 'told') ORDER BY id")
    return [cell for row in rows for cell in results_of(tx, row["id"], "public")]


def results_of(tx: Tx, poll: str, view: str) -> Rows:
    """Give the frozen table of one poll: `public`, or the one of `staff`."""
    return [
        {
            "poll": poll,
            "question": cell["question"],
            "cut": cell["cut"],
            "cell": cell["cell"],
            "option": cell["option"],
            "count": cell["count"],
            "hidden": cell["hidden"],
        }
        for cell in closing.results(tx, poll, view)
    ]
