"""Meetings as those who organise them make, move, count and report them. The right to do so is checked in `keepers`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import BRUSSELS, local_to_utc, to_ms
from bot.store import keepers, meetings
from bot.store.db import Row, Tx
from flows.organised_facts import MeetingPlan, Place

DAY_MS = 24 * 3600 * 1000
KEPT_DAYS = 60  # so long a meeting that is over stays in the list of its organisers
ZONE = "Europe/Brussels"


class Past(Exception):
    """A meeting cannot begin in the past."""


class Taken(Exception):
    """There is a meeting of this id."""


def make(tx: Tx, person: int, id: str, plan: MeetingPlan, now: int) -> None:
    """Add a meeting. Raises NotYours for a group outside of one's scopes, Past, or Taken."""
    if not keepers.speaks_for(tx, person, plan.group) or (plan.group and not _is_group(tx, plan.group)):
        raise keepers.NotYours(id)
    if meetings.get(tx, id) is not None:
        raise Taken(id)
    values = {
        "kind": plan.kind,
        "tenant_group": plan.group or None,
        "theme": _texts(plan.theme),
        "zone": ZONE,
        "minutes": plan.minutes,
        "lat": None,
        "lon": None,
        "capacity": plan.capacity,
        "languages": json.dumps(list(plan.languages)),
        "arranged": json.dumps(list(plan.arranged)),
        "contact": plan.contact,
        "cancelled": 0,
        **_where(Place(plan.place, plan.address, plan.municipality, plan.province)),
        **_when(plan.start, plan.deadline, now),
    }
    meetings.put(tx, id, values, now)
    tx.run("UPDATE meeting SET made_by = :person WHERE id = :id", person=person, id=id)


def _is_group(tx: Tx, id: str) -> bool:
    return tx.one("SELECT 1 AS yes FROM tenant_group WHERE id = :id", id=id) is not None


def _texts(texts: Mapping[str, str]) -> str:
    return json.dumps(dict(texts), ensure_ascii=False, sort_keys=True)


def _where(place: Place) -> dict[str, Any]:
    return {
        "place": place.name,
        "address": place.address,
        "municipality": place.municipality,
        "province": place.province,
        "region": place.province,
    }


def _when(start: datetime, deadline: datetime | None, now: int) -> dict[str, Any]:
    """Give the columns of time, from local wall times. A deadline that has passed already is none. Raises Past."""
    start_at = _moment(start)
    if start_at <= now:
        raise Past(start.isoformat())
    ahead = deadline if deadline is not None and now < _moment(deadline) < start_at else None
    return {
        "start_local": start.isoformat(),
        "start_at": start_at,
        "deadline_local": ahead.isoformat() if ahead else "",
        "deadline_at": _moment(ahead) if ahead else None,
    }


def _moment(local: datetime) -> int:
    return to_ms(local_to_utc(local, BRUSSELS))


def change(tx: Tx, meeting: Row, values: Mapping[str, Any], now: int) -> None:
    """Change columns of a meeting as `load` would: who signed up is told of what matters to them."""
    meetings.put(tx, meeting["id"], {name: meeting[name] for name in meetings.COLUMNS} | dict(values), now)


def move(tx: Tx, meeting: Row, start: datetime | None, place: Place | None, now: int) -> None:
    """Move a meeting in time, to another place (which then has no map), or both. The deadline keeps its distance in days.
    Raises Past."""
    values: dict[str, Any] = {**_where(place), "lat": None, "lon": None} if place else {}
    if start is not None:
        before = datetime.fromisoformat(meeting["start_local"])
        deadline = datetime.fromisoformat(meeting["deadline_local"]) if meeting["deadline_local"] else None
        days = timedelta((start.date() - before.date()).days)
        values |= _when(start, deadline + days if deadline else None, now)
        values["zone"] = ZONE
    change(tx, meeting, values, now)


def close(tx: Tx, meeting: Row, *, closed: bool, now: int) -> None:
    """Take nobody on any more, or take people on again: then a deadline that passed is lifted."""
    lifted = not closed and meeting["deadline_at"] is not None and meeting["deadline_at"] <= now
    if lifted:
        change(tx, meeting, {"deadline_local": "", "deadline_at": None}, now)
    tx.run("UPDATE meeting SET closed = :closed WHERE id = :id", closed=int(closed), id=meeting["id"])


def say_theme(tx: Tx, meeting: Row, language: str, text: str, now: int) -> None:
    """Set the theme in one language."""
    change(tx, meeting, {"theme": _texts({**json.loads(meeting["theme"]), language: text})}, now)


def rows(tx: Tx, person: int, now: int) -> list[Row]:
    """Give the meetings that someone keeps, with the seats taken: all to come, and those of the last two months."""
    found = tx.all(
        f"SELECT m.*, {meetings.TAKEN} FROM meeting m WHERE m.start_at > :since ORDER BY m.start_at LIMIT 300",
        since=now - KEPT_DAYS * DAY_MS,
    )
    mine = {group: keepers.speaks_for(tx, person, group) for group in {row["tenant_group"] or "" for row in found}}
    return [row for row in found if mine[row["tenant_group"] or ""]]


def row(tx: Tx, person: int, id: str) -> Row | None:
    """Give one meeting that someone keeps, with the seats taken."""
    found = tx.one(f"SELECT m.*, {meetings.TAKEN} FROM meeting m WHERE m.id = :id", id=id)
    return found if found is not None and keepers.may(tx, person, found) else None


def counts(tx: Tx, meeting: str) -> dict[str, int]:
    """Count people, those who come along included: who have a place or are offered one (`taken`), and who wait."""
    found = tx.all(
        "SELECT status, sum(1 + companions) AS n FROM registration WHERE meeting = :meeting GROUP BY status",
        meeting=meeting,
    )
    by_status = {each["status"]: int(each["n"]) for each in found}
    taken = by_status.get("confirmed", 0) + by_status.get("offered", 0)
    return {"taken": taken, "waiting": by_status.get("waiting", 0)}


def needs(tx: Tx, meeting: str) -> tuple[dict[str, int], dict[str, int]]:
    """Count what those with a place need, and the languages of the interpreters among it: exactly, for it must be there."""
    found = tx.all(
        "SELECT needs, interpreter FROM registration WHERE meeting = :meeting AND status = 'confirmed'", meeting=meeting
    )
    wanted = Counter(need for each in found for need in json.loads(each["needs"]))
    speak = Counter(each["interpreter"] for each in found if each["interpreter"])
    return dict(sorted(wanted.items())), dict(sorted(speak.items()))


def daily(tx: Tx, what: str, day: str, fresh: Mapping[str, int]) -> dict[str, int]:
    """Give counts as they were when first asked for on that day, so that nobody can be seen coming or going."""
    kept = tx.one("SELECT value FROM figure WHERE what = :what AND day = :day", what=what, day=day)
    if kept:
        return {str(name): int(n) for name, n in json.loads(kept["value"]).items()}
    tx.run(
        "INSERT INTO figure (what, day, value) VALUES (:what, :day, :value)"
        " ON CONFLICT (what) DO UPDATE SET day = excluded.day, value = excluded.value",
        what=what,
        day=day,
        value=json.dumps(dict(fresh)),
    )
    return dict(fresh)
