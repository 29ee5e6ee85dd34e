"""Who a poll is for, who was asked, who took part, and who may act on it."""

from __future__ import annotations

from bot.clock import from_ms
from bot.store import audience, roles
from bot.store.audience import COLUMNS
from bot.store.db import Row, Tx
from bot.store.polls import DAY_MS, content_of

FEEDBACK_MS = 365 * DAY_MS  # so long it is kept who took part, for later news


def is_for(tx: Tx, row: Row, person: Row) -> bool:
    """Tell whether someone may answer a poll: it is open to anyone, they were asked, or nothing we know of them says that
    they are not of its audience (whoever came by a poster did not say yet where they live)."""
    content = content_of(row)
    chosen = content.audience
    if content.anyone or _was_asked(tx, row, person["id"]):
        return True
    elsewhere = any(person[COLUMNS[key]] not in (None, "", value) for key, value in chosen.items() if key in COLUMNS)
    language = chosen.get("language", person["language"] or person["phone_language"])
    if elsewhere or language != (person["language"] or person["phone_language"]):
        return False
    rest = {key: value for key, value in chosen.items() if key not in (*COLUMNS, "language")}
    return not rest or audience.belongs(tx, rest, person["id"])


def _was_asked(tx: Tx, row: Row, person: int) -> bool:
    sql = "SELECT 1 AS yes FROM delivery WHERE broadcast = :broadcast AND person = :person AND state = 'sent'"
    return row["broadcast"] is not None and tx.one(sql, broadcast=row["broadcast"], person=person) is not None


def was_asked(tx: Tx, row: Row, person: int) -> bool:
    """Tell whether someone is among those a poll is sent to."""
    sql = "SELECT 1 AS yes FROM delivery WHERE broadcast = :broadcast AND person = :person AND state <> 'expired'"
    return row["broadcast"] is not None and tx.one(sql, broadcast=row["broadcast"], person=person) is not None


def open_for(tx: Tx, person: Row) -> list[Row]:
    """Give the open polls of whose audience someone is part, the newest first."""
    rows = tx.all("SELECT * FROM poll WHERE state = 'open' ORDER BY opened_at DESC LIMIT 100")
    return [row for row in rows if audience.belongs(tx, content_of(row).audience, person["id"])]


def answered_by(tx: Tx, person: int) -> list[Row]:
    """Give the closed polls with news in which someone took part, the newest first."""
    return tx.all(
        "SELECT p.* FROM poll p WHERE p.state = 'told' AND EXISTS"
        " (SELECT 1 FROM participation t WHERE t.poll = p.id AND t.person = :person) ORDER BY p.closed_at DESC LIMIT 50",
        person=person,
    )


def took_part(tx: Tx, id: str, person: int) -> tuple[int, ...]:
    """Give the members of a household who took part in a poll that is closed."""
    sql = "SELECT member FROM participation WHERE poll = :poll AND person = :person ORDER BY member"
    return tuple(row["member"] for row in tx.all(sql, poll=id, person=person))


def purge(tx: Tx, now: int) -> None:
    """Forget who took part, a year after the closing: feedback is no longer due. And counts that were of one day."""
    tx.run(
        "DELETE FROM participation WHERE poll IN (SELECT id FROM poll WHERE closed_at < :old)", old=now - FEEDBACK_MS
    )
    tx.run("DELETE FROM figure WHERE day < :day", day=from_ms(now - 7 * DAY_MS).date().isoformat())


def seen_exactly(tx: Tx, row: Row, person: int) -> bool:
    """Tell whether someone sees exact figures of a poll: staff and admins within their scope, and nowhere else."""
    content = content_of(row)
    return roles.covers(tx, person, content.group, content.audience, ("staff", "admin"))


def organised_by(tx: Tx, person: int) -> list[Row]:
    """Give the polls that someone may act on, those that wait for someone first, then the newest."""
    order = "CASE state WHEN 'waiting' THEN 0 WHEN 'closed' THEN 1 WHEN 'open' THEN 2 WHEN 'draft' THEN 3 ELSE 4 END"
    rows = tx.all(f"SELECT * FROM poll WHERE state <> 'cancelled' ORDER BY {order}, starts_at DESC, id LIMIT 200")
    return [row for row in rows if _covers(tx, row, person)]


def _covers(tx: Tx, row: Row, person: int) -> bool:
    content = content_of(row)
    return roles.covers(tx, person, content.group, content.audience)
