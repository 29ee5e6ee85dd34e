"""Meetings, as flows may see them, and as organisers change them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from bot.clock import from_ms
from bot.store import deliveries, invites, registrations, reminders
from bot.store.db import Row, Tx
from flows.facts import Meeting, Registration

DAY_MS = 24 * 3600 * 1000
TAKEN = (
    "(SELECT coalesce(sum(1 + r.companions), 0) FROM registration r"
    " WHERE r.meeting = m.id AND r.status IN ('confirmed', 'offered')) AS taken"
)
COLUMNS = (
    "kind", "tenant_group", "theme", "start_local", "zone", "start_at", "minutes", "place", "address", "lat", "lon",
    "municipality", "province", "capacity", "region", "languages", "arranged", "contact", "cancelled",
    "deadline_local", "deadline_at",
)  # fmt: skip


def upcoming(tx: Tx, person: Row, now: int) -> tuple[Meeting, ...]:
    """Give what can be joined, and what this person is signed up for until a day after it began."""
    rows = tx.all(
        f"SELECT m.*, {TAKEN} FROM meeting m WHERE m.start_at > :since ORDER BY m.start_at LIMIT 300",
        since=now - DAY_MS,
    )
    mine = tx.all("SELECT * FROM registration WHERE person = :person AND status <> 'cancelled'", person=person["id"])
    by_meeting = {row["meeting"]: row for row in mine}
    return tuple(seen(tx, row, person, by_meeting.get(row["id"]), now) for row in rows)


def one(tx: Tx, meeting: str, person: Row, now: int) -> tuple[Meeting, ...]:
    """Give one meeting, whatever became of it; nothing when there is none of that id."""
    row = tx.one(f"SELECT m.*, {TAKEN} FROM meeting m WHERE m.id = :id", id=meeting)
    if row is None:
        return ()
    mine = registrations.of(tx, meeting, person["id"])
    return (seen(tx, row, person, mine if mine and mine["status"] != "cancelled" else None, now),)


def seen(tx: Tx, row: Row, person: Row, mine: Row | None, now: int) -> Meeting:
    """Give a row (with its `taken` seats) as one person may see it."""
    return Meeting(
        id=row["id"],
        kind=row["kind"],
        theme=json.loads(row["theme"]),
        start=datetime.fromisoformat(row["start_local"]),
        minutes=row["minutes"],
        place=row["place"],
        address=row["address"],
        has_map=row["lat"] is not None,
        seats_free=None if row["capacity"] is None else max(0, row["capacity"] - int(row["taken"])),
        languages=tuple(json.loads(row["languages"])),
        arranged=tuple(json.loads(row["arranged"])),
        contact=row["contact"],
        nearness=nearness(row, person),
        municipality=row["municipality"] or row["place"],
        group=row["tenant_group"] or "",
        cancelled=bool(row["cancelled"]),
        over=row["start_at"] <= now,
        mine=_registration(tx, row["id"], mine) if mine else None,
        deadline=datetime.fromisoformat(row["deadline_local"]) if row["deadline_local"] else None,
        closed=registrations.is_closed(row, now),
        report=tuple(json.loads(row["report"] or "[]")),
    )


def nearness(meeting: Row, person: Row) -> int:
    """Tell how near: 0 in the same municipality, 1 in the same province, 2 elsewhere or not known."""
    if person["municipality"] and person["municipality"] == meeting["municipality"]:
        return 0
    return 1 if person["province"] and person["province"] in (meeting["province"], meeting["region"]) else 2


def _registration(tx: Tx, meeting: str, row: Row) -> Registration:
    waiting = row["status"] == "waiting"
    until = row["offered_until"]
    return Registration(
        status=row["status"],
        place_in_line=registrations.place_in_line(tx, meeting, row["line"]) if waiting else None,
        needs=tuple(json.loads(row["needs"])),
        interpreter=row["interpreter"],
        companions=row["companions"],
        reminders=bool(row["reminders"]),
        offered_until=from_ms(until).replace(tzinfo=None) if until else None,
        code=row["code"] or "",
    )


def put(tx: Tx, id: str, values: dict[str, Any], now: int) -> str:
    """Add a meeting, or change it as if in chat: a move is told, a cancellation is told and silences. Gives what it was."""
    before = tx.one(f"SELECT * FROM meeting WHERE id = :id{tx.for_update}", id=id)
    if before is None:
        names = ", ".join(COLUMNS)
        marks = ", ".join(f":{name}" for name in COLUMNS)
        tx.run(f"INSERT INTO meeting (id, {names}) VALUES (:id, {marks})", id=id, **values)
        return "new"
    changed = [name for name in COLUMNS if before[name] != values[name]]
    if not changed:
        return "same"
    settings = ", ".join(f"{name} = :{name}" for name in COLUMNS)
    tx.run(f"UPDATE meeting SET {settings}, revision = revision + 1 WHERE id = :id", id=id, **values)
    _tell(tx, id, before, set(changed), now)
    return "changed"


def _tell(tx: Tx, id: str, before: Row, changed: set[str], now: int) -> None:
    meeting = tx.one("SELECT * FROM meeting WHERE id = :id", id=id)
    assert meeting is not None
    if meeting["cancelled"]:
        if not before["cancelled"]:
            _cancelled(tx, meeting, now)
        return
    if "start_at" in changed or before["cancelled"]:
        _moved_in_time(tx, meeting, now)
    if changed & {"start_at", "place", "address"} or before["cancelled"]:
        _notify(tx, meeting, "meeting_moved", now)
    if "capacity" in changed:
        registrations.seat_freed(tx, meeting, now)
    else:
        registrations.offer_next(tx, id, now)


def _cancelled(tx: Tx, meeting: Row, now: int) -> None:
    reminders.silence(tx, meeting["id"])
    invites.stop_all(tx, meeting["id"])
    _notify(tx, meeting, "meeting_cancelled", now)


def _moved_in_time(tx: Tx, meeting: Row, now: int) -> None:
    reminders.silence(tx, meeting["id"])
    registrations.shorten_offers(tx, meeting)
    rows = tx.all("SELECT person FROM registration WHERE meeting = :id AND status = 'confirmed'", id=meeting["id"])
    for row in rows:
        if row["person"] is not None:
            reminders.plan(tx, meeting, row["person"], now)


def _notify(tx: Tx, meeting: Row, flow: str, now: int) -> None:
    """Tell everyone who holds or awaits a place, once for each revision; what still waits to be told is overtaken."""
    for old in ("meeting_moved", "meeting_cancelled", *(("seat_offer",) if flow == "meeting_cancelled" else ())):
        deliveries.overtake(tx, f"meeting:{meeting['id']}", flow=old)
    for person in registrations.people_of(tx, meeting["id"]):
        deliveries.plan(
            tx,
            person,
            "notice",
            flow,
            meeting["id"],
            now,
            once=f"{flow}:{meeting['id']}:{meeting['revision']}:{person}",
            about=f"meeting:{meeting['id']}",
            useful_until=meeting["start_at"],
        )


def get(tx: Tx, id: str) -> Row | None:
    """Load a meeting's row."""
    return tx.one("SELECT * FROM meeting WHERE id = :id", id=id)
