"""Reminders: rows that hold local date, wall time and zone, and the moment computed from them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import local_to_utc, to_ms
from bot.rules import reminder_times
from bot.store import deliveries
from bot.store.db import Row, Tx


def plan(tx: Tx, meeting: Row, person: int, now: int) -> None:
    """Plan both reminders of a place, or plan them anew after a move; what is past already is noted as missed."""
    start = datetime.fromisoformat(meeting["start_local"])
    for kind, local in reminder_times(start).items():
        due = to_ms(local_to_utc(local, ZoneInfo(meeting["zone"])))
        tx.run(
            "INSERT INTO reminder (meeting, person, kind, local, zone, due_at, state)"
            " VALUES (:meeting, :person, :kind, :local, :zone, :due, :state)"
            " ON CONFLICT (meeting, person, kind) DO UPDATE SET local = excluded.local, zone = excluded.zone,"
            " due_at = excluded.due_at, state = excluded.state",
            meeting=meeting["id"],
            person=person,
            kind=kind,
            local=local.isoformat(),
            zone=meeting["zone"],
            due=due,
            state="planned" if due > now else "missed",
        )


def silence(tx: Tx, meeting: str, person: int | None = None) -> None:
    """End the planned and queued reminders of a meeting, for one person or for all."""
    who = "" if person is None else " AND person = :person"
    values = {"meeting": meeting} if person is None else {"meeting": meeting, "person": person}
    tx.run(f"UPDATE reminder SET state = 'silenced' WHERE meeting = :meeting AND state = 'planned'{who}", **values)
    tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'no longer coming'"
        f" WHERE class = 'reminder' AND about = :about AND state IN ('queued', 'held'){who}",
        about=f"meeting:{meeting}",
        **{key: value for key, value in values.items() if key == "person"},
    )


def drop_queued(tx: Tx, person: int, meeting: str | None) -> None:
    """End reminders that are on their way to someone who does not want them any more: of one meeting, or of all."""
    tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'not wanted'"
        " WHERE class = 'reminder' AND person = :person AND state IN ('queued', 'held')"
        + (" AND about = :about" if meeting else ""),
        person=person,
        **({"about": f"meeting:{meeting}"} if meeting else {}),
    )


def due(tx: Tx, now: int, limit: int = 500) -> int:
    """Queue what is due and still useful; note the rest as missed. Gives how many rows were looked at."""
    rows = tx.all(
        "SELECT r.*, m.start_at, m.cancelled, m.revision, g.status, g.reminders AS wanted, p.reminders AS any_wanted"
        " FROM reminder r JOIN meeting m ON m.id = r.meeting JOIN person p ON p.id = r.person"
        " LEFT JOIN registration g ON g.meeting = r.meeting AND g.person = r.person"
        " WHERE r.state = 'planned' AND r.due_at <= :now ORDER BY r.due_at LIMIT :limit",
        now=now,
        limit=limit,
    )
    for row in rows:
        state = _state(tx, row, now)
        tx.run("UPDATE reminder SET state = :state WHERE id = :id", state=state, id=row["id"])
        if state == "queued":
            _queue(tx, row, now)
    return len(rows)


def _state(tx: Tx, row: Row, now: int) -> str:
    if row["cancelled"] or row["status"] != "confirmed" or not row["wanted"] or not row["any_wanted"]:
        return "silenced"
    return "queued" if now < useful_until(tx, row) else "missed"


def useful_until(tx: Tx, row: Row) -> int:
    """Give the moment after which a reminder is of no use: the late one's time for the early, the start for the late."""
    if row["kind"] == "late":
        return int(row["start_at"])
    late = tx.one(
        "SELECT due_at FROM reminder WHERE meeting = :meeting AND person = :person AND kind = 'late'",
        meeting=row["meeting"],
        person=row["person"],
    )
    return int(late["due_at"]) if late else int(row["start_at"])


def _queue(tx: Tx, row: Row, now: int) -> None:
    deliveries.plan(
        tx,
        row["person"],
        "reminder",
        "coming",
        row["meeting"],
        now,
        once=f"reminder:{row['id']}:{row['due_at']}",
        about=f"meeting:{row['meeting']}",
        useful_until=useful_until(tx, row),
    )


def next_due(tx: Tx, after: int) -> int | None:
    """Give the next moment at which a reminder is due."""
    row = tx.one("SELECT min(due_at) AS due FROM reminder WHERE state = 'planned' AND due_at > :after", after=after)
    return row["due"] if row else None
