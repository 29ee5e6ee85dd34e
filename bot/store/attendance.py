"""Who came: codes for the door, the count of heads, places of those who phoned, and the report to all who were there."""

from __future__ import annotations

import json
import secrets

from bot.clock import from_ms
from bot.store import deliveries, registrations
from bot.store.db import Row, Tx
from bot.store.registrations import NotYours, Wish
from flows.organised_facts import Phoned

DAY_MS = 24 * 3600 * 1000
CAME = "status = 'confirmed' AND attended = 'yes'"
MOST_WRONG = 50  # codes that nobody has, given by one organiser for one meeting on one day: a busy door has a few


class NotIn(Exception):
    """Nobody can be noted under this code; `state` says why."""

    def __init__(self, state: str):
        super().__init__(state)
        self.state = state


def new_code(tx: Tx, meeting: str) -> str:
    """Draw a code that nobody at this meeting has: four numbers, or more where those are used up. The caller holds the
    lock of the meeting."""
    used = {row["code"] for row in tx.all("SELECT code FROM registration WHERE meeting = :id", id=meeting)}
    for digits in (4, 5, 6):
        free = [str(n) for n in range(10 ** (digits - 1), 10**digits) if str(n) not in used]
        if free:
            return secrets.choice(free)
    raise OverflowError("a million people at one meeting")


def give_code(tx: Tx, meeting_id: str, person: int) -> str:
    """Give someone with a place their code, the same one each time. Raises NotYours."""
    tx.one(f"SELECT id FROM meeting WHERE id = :id{tx.for_update}", id=meeting_id)
    mine = registrations.of(tx, meeting_id, person)
    if mine is None or mine["status"] != "confirmed":
        raise NotYours(meeting_id)
    if mine["code"]:
        return str(mine["code"])
    code = new_code(tx, meeting_id)
    tx.run("UPDATE registration SET code = :code WHERE id = :id", code=code, id=mine["id"])
    return code


def door_opens(meeting: Row, now: int) -> bool:
    """Tell whether it is the day before the meeting, or later: then people can be noted."""
    return from_ms(now).date() >= from_ms(meeting["start_at"] - DAY_MS).date()


def at_door(tx: Tx, meeting: Row, code: str, now: int) -> str:
    """Say what stands behind a code: new, again, waiting, cancelled, unknown, early or off."""
    if meeting["cancelled"]:
        return "off"
    found = _of_code(tx, meeting["id"], code)
    if found is None:
        return "unknown"
    if found["status"] != "confirmed":
        return "cancelled" if found["status"] == "cancelled" else "waiting"
    if found["attended"] == "yes":
        return "again"
    return "new" if door_opens(meeting, now) else "early"


def given(tx: Tx, meeting: Row, code: str, person: int, now: int) -> str:
    """Say what stands behind a code that an organiser gives. After many wrong ones that day every code is unknown: who tries
    them all must not learn how many there are, nor note people who are not here."""
    what, day = f"wrong codes:{meeting['id']}:{person}", from_ms(now).date().isoformat()
    kept = tx.one("SELECT value FROM figure WHERE what = :what AND day = :day", what=what, day=day)
    wrong = int(kept["value"]) if kept else 0
    state = at_door(tx, meeting, code, now) if wrong < MOST_WRONG else "unknown"
    if state == "unknown":
        tx.run(
            "INSERT INTO figure (what, day, value) VALUES (:what, :day, :value)"
            " ON CONFLICT (what) DO UPDATE SET day = excluded.day, value = excluded.value",
            what=what,
            day=day,
            value=str(wrong + 1),
        )
    return state


def check_in(tx: Tx, meeting: Row, code: str, how: str, now: int) -> None:
    """Note that whoever holds a code is here. Raises NotIn. The caller holds the lock of the meeting."""
    state = at_door(tx, meeting, code, now)
    if state != "new":
        raise NotIn(state)
    tx.run(
        "UPDATE registration SET attended = 'yes', how = :how WHERE meeting = :meeting AND code = :code",
        how=how,
        meeting=meeting["id"],
        code=code,
    )


def _of_code(tx: Tx, meeting: str, code: str) -> Row | None:
    return tx.one("SELECT * FROM registration WHERE meeting = :meeting AND code = :code", meeting=meeting, code=code)


def present(tx: Tx, meeting: str) -> int:
    """Count the people who were noted at the door, those who came along included."""
    row = tx.one(
        f"SELECT coalesce(sum(1 + companions), 0) AS n FROM registration WHERE meeting = :id AND {CAME}", id=meeting
    )
    return int(row["n"]) if row else 0


def count_heads(tx: Tx, meeting: str, heads: int) -> None:
    """Keep how many people were counted; counted again, the last number stands."""
    tx.run("UPDATE meeting SET heads = :heads WHERE id = :id", heads=heads, id=meeting)


def sign_up_phoned(tx: Tx, meeting_id: str, wish: Wish, now: int) -> str:
    """Sign someone up who phoned; give the code to read out. Raises Closed or Full."""
    registrations.lock(tx, meeting_id, now)
    code = new_code(tx, meeting_id)
    registrations.register_phoned(tx, meeting_id, wish, code, now)
    return code


def settle_phoned(tx: Tx, meeting: Row, code: str, *, comes: bool, now: int) -> None:
    """Take the offered place of someone who phoned, or give back what they have. Raises NotYours when there is none, Closed
    when it is too late. The caller holds the lock of the meeting."""
    registrations.lock(tx, meeting["id"], now)
    found = _of_code(tx, meeting["id"], code)
    if found is None or found["person"] is not None or found["status"] == "cancelled":
        raise NotYours(code)
    if not comes:
        registrations.give_back(tx, meeting, found, now)
        return
    if found["status"] != "offered":
        raise NotYours(code)
    tx.run("UPDATE registration SET status = 'confirmed', offered_until = NULL WHERE id = :id", id=found["id"])


def phoned(tx: Tx, meeting: str, code: str = "") -> Phoned | None:
    """Give the place of someone who phoned: the one with this code, or the newest."""
    row = tx.one(
        "SELECT * FROM registration WHERE meeting = :meeting AND person IS NULL AND (:code = '' OR code = :code)"
        " ORDER BY id DESC LIMIT 1",
        meeting=meeting,
        code=code,
    )
    if row is None:
        return None
    waits, until = row["status"] == "waiting", row["offered_until"]
    return Phoned(
        code=row["code"] or "",
        status=row["status"],
        place_in_line=registrations.place_in_line(tx, meeting, row["line"]) if waits else None,
        offered_until=from_ms(until).replace(tzinfo=None) if until else None,
    )


def phone_codes(tx: Tx, meeting: str) -> tuple[str, ...]:
    """Give the codes of those who phoned and hold or await a place."""
    rows = tx.all(
        "SELECT code FROM registration WHERE meeting = :meeting AND person IS NULL AND status <> 'cancelled'"
        " AND code IS NOT NULL ORDER BY line",
        meeting=meeting,
    )
    return tuple(row["code"] for row in rows)


def report(tx: Tx, meeting: Row, lines: tuple[str, str, str], now: int) -> None:
    """Keep the report, and send it to everyone who came: once. Who was not noted did not come, where codes alone were kept."""
    tx.run(
        "UPDATE meeting SET report = :report WHERE id = :id",
        report=json.dumps(list(lines), ensure_ascii=False),
        id=meeting["id"],
    )
    if meeting["heads"] is None and present(tx, meeting["id"]):
        tx.run(
            "UPDATE registration SET attended = 'no' WHERE meeting = :id AND status = 'confirmed' AND attended = ''",
            id=meeting["id"],
        )
    for person in came(tx, meeting["id"]):
        deliveries.plan(
            tx,
            person,
            "result",
            "meeting_report_told",
            meeting["id"],
            now,
            once=f"report:{meeting['id']}:{person}",
            about=f"meeting:{meeting['id']}",
        )


def came(tx: Tx, meeting: str) -> list[int]:
    """Give who was there as far as we know: who had a place and was not found absent. Where heads were counted, or nobody
    was noted, that is everyone who had a place: nobody is left out because the door was busy."""
    rows = tx.all(
        "SELECT person FROM registration WHERE meeting = :id AND status = 'confirmed' AND attended <> 'no'"
        " AND person IS NOT NULL ORDER BY person",
        id=meeting,
    )
    return [row["person"] for row in rows]
