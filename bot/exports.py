"""Exports: CSV (safe to open in a spreadsheet) and JSON. Persons are short random numbers, new in every export."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from defusedcsv import csv

from bot import results_export
from bot.clock import from_ms
from bot.crypto import Vault
from bot.store import deliveries, inbox, registrations
from bot.store.db import Row, Tx

Rows = list[dict[str, Any]]
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "meetings": ("meeting", "registration", "status", "place_in_line", "companions", "needs", "language", "since"),
    "polls": ("poll", "asked", "delivered", "answered", "partly", "closed_at"),
    "results": ("poll", "question", "cut", "cell", "option", "count", "hidden"),
    "consultations": ("consultation",),
    "deliveries": ("delivery", "person", "about", "class", "state", "reason", "attempts", "queued_at", "sent_at"),
    "inbox": ("update", "state", "reason", "attempts", "received_at"),
}


class _Numbers:
    """Short random numbers for ids, the same within one export only."""

    def __init__(self) -> None:
        self._given: dict[int, int] = {}
        self._taken: set[int] = set()

    def of(self, id: int | None) -> int | None:
        if id is None:
            return None
        while id not in self._given:
            number = 100000 + secrets.randbelow(900000)
            if number not in self._taken:
                self._taken.add(number)
                self._given[id] = number
        return self._given[id]


def _iso(ms: int | None) -> str | None:
    return from_ms(ms).isoformat(timespec="seconds") if ms else None


def meetings(tx: Tx) -> Rows:
    """Give every registration, in the order of its meeting's line."""
    rows = tx.all("SELECT * FROM registration ORDER BY meeting, line")
    return [
        {
            "meeting": row["meeting"],
            "registration": row["id"],
            "status": row["status"],
            "place_in_line": registrations.place_in_line(tx, row["meeting"], row["line"])
            if row["status"] == "waiting"
            else None,
            "companions": row["companions"],
            "needs": " ".join(
                [*json.loads(row["needs"]), *([f"interpreter-{row['interpreter']}"] if row["interpreter"] else [])]
            ),
            "language": row["language"],
            "since": _iso(row["since"]),
        }
        for row in rows
    ]


def delivery_rows(tx: Tx) -> Rows:
    """Give every delivery, with its end and the reason."""
    numbers = _Numbers()
    return [
        {
            "delivery": row["id"],
            "person": numbers.of(row["person"]),
            "about": row["about"],
            "class": row["class"],
            "state": row["state"],
            "reason": row["reason"],
            "attempts": row["attempts"],
            "queued_at": _iso(row["queued_at"]),
            "sent_at": _iso(row["sent_at"]),
        }
        for row in deliveries.rows(tx)
    ]


def inbox_rows(tx: Tx) -> Rows:
    """Give every update that came in, without what it said."""
    return [_inbox_row(row) for row in inbox.rows(tx)]


def _inbox_row(row: Row) -> dict[str, Any]:
    return {
        "update": row["update_id"],
        "state": row["state"],
        "reason": row["reason"],
        "attempts": row["attempts"],
        "received_at": _iso(row["received_at"]),
    }


def nothing(tx: Tx) -> Rows:
    """Give no rows: this part is still to come."""
    return []


EXPORTS: Mapping[str, Callable[[Tx, Vault], Rows]] = {
    "meetings": lambda tx, vault: meetings(tx),
    "polls": results_export.polls,
    "results": lambda tx, vault: results_export.results(tx),
    "consultations": lambda tx, vault: nothing(tx),
    "deliveries": lambda tx, vault: delivery_rows(tx),
    "inbox": lambda tx, vault: inbox_rows(tx),
}
"""What can be exported; of polls that are open, the answers are counted with their keys."""


TOGETHER: Mapping[str, tuple[str, ...]] = {"polls": ("polls", "results")}
"""What is written beside each other when one thing is asked for."""


def as_csv(what: str, rows: Rows) -> bytes:
    """Write rows as CSV, for a file that is sent. Formulas in cells are defused."""
    table = StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS[what])
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue().encode()


def write(folder: Path, what: str, rows: Rows) -> list[Path]:
    """Write rows as CSV and JSON; give the two files. Formulas in cells are defused."""
    folder.mkdir(parents=True, exist_ok=True)
    table, document = folder / f"{what}.csv", folder / f"{what}.json"
    table.write_bytes(as_csv(what, rows))
    document.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return [table, document]
