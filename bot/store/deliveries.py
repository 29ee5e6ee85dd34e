"""Deliveries: one row for each message to each recipient, made before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.crypto import Vault, WrongKey
from bot.rules import CLASSES, MARKS, Recipient, Verdict, verdict
from bot.store import people
from bot.store.db import Row, Tx

WEEK_MS = 7 * 24 * 3600 * 1000
OPEN = "('queued', 'held', 'sending', 'uncertain')"
STOPPED = "the sending was stopped"
OVERTAKEN = "overtaken by a newer edit"
SECOND = "second attempt"  # begins the reason of a row that was cut off once, whatever holds it since


@dataclass(slots=True)
class Ready:
    """A delivery that may be sent: where to, and what (rendered), or which flow to render."""

    id: int
    person: int | None
    chat_id: int
    name: str  # the message class
    lane: int
    payload: dict[str, Any] | None
    flow: str = ""
    subject: str = ""
    attempts: int = 0
    second: bool = False
    dropped: bool = False  # a newer edit of the same message took its place


def queue_reply(
    tx: Tx, vault: Vault, person: int, chat_id: int, payload: dict[str, Any], now: int, name: str = "reply"
) -> Ready:
    """Queue what was rendered in the turn. Replies pass every rule but age; works and alarms are held by `plan`."""
    rules = CLASSES[name]
    row = tx.one(
        "INSERT INTO delivery (person, class, lane, payload, state, queued_at, useful_until)"
        " VALUES (:person, :name, :lane, :payload, 'queued', :now, :until) RETURNING id",
        person=person,
        name=name,
        lane=rules.lane,
        payload=vault.seal_json("delivery", payload),
        now=now,
        until=now + int(rules.useful.total_seconds() * 1000),
    )
    assert row is not None
    return Ready(row["id"], person, chat_id, name, _lane(rules.lane, payload), payload)


def _lane(lane: int, payload: dict[str, Any] | None) -> int:
    return MARKS if payload and payload.get("mark") else lane


def queue_to_chat(
    tx: Tx, vault: Vault, chat_id: int, payload: dict[str, Any], now: int, once: str | None = None
) -> None:
    """Queue a reply to a chat that is no person of ours: a group, or someone just erased. Same `once`, same row."""
    tx.run(
        "INSERT INTO delivery (chat_sealed, class, lane, payload, state, queued_at, useful_until, once)"
        " VALUES (:chat, 'reply', 0, :payload, 'queued', :now, :until, :once) ON CONFLICT DO NOTHING",
        chat=vault.seal("chat", str(chat_id).encode()),
        payload=vault.seal_json("delivery", payload),
        now=now,
        until=now + int(CLASSES["reply"].useful.total_seconds() * 1000),
        once=once,
    )


def plan(
    tx: Tx,
    person: int,
    name: str,
    flow: str,
    subject: str,
    now: int,
    *,
    once: str,
    about: str = "",
    useful_until: int = 0,
) -> None:
    """Plan a message that is rendered when sent: the rules are asked now, and again at sending. Same `once`, same row."""
    latest = now + int(CLASSES[name].useful.total_seconds() * 1000)
    until = min(useful_until or latest, latest)
    judged = judge(tx, person, name, now, until, about)
    tx.run(
        "INSERT INTO delivery (person, class, lane, about, flow, subject, state, reason, queued_at, not_before, useful_until, once)"
        " VALUES (:person, :name, :lane, :about, :flow, :subject, :state, :reason, :now, :before, :until, :once)"
        " ON CONFLICT DO NOTHING",
        person=person,
        name=name,
        lane=CLASSES[name].lane,
        about=about,
        flow=flow,
        subject=subject,
        state=judged.state,
        reason=judged.reason,
        now=now,
        before=to_ms(judged.until) if judged.until else 0,
        until=until,
        once=once,
    )


def judge(
    tx: Tx, person: int, name: str, now: int, useful_until: int, about: str, broadcast: int | None = None
) -> Verdict:
    """Ask the rules about one message to one person, from what is true now."""
    row = people.get(tx, person)
    if row is None:
        return Verdict("expired", "erased")
    kind, _colon, subject = about.partition(":")
    if over := _over(tx, kind, subject, name, broadcast):
        return Verdict("expired", over)
    meeting = tx.one("SELECT start_at FROM meeting WHERE id = :id", id=subject) if kind == "meeting" else None
    return verdict(
        name,
        from_ms(now),
        from_ms(useful_until),
        recipient(tx, row, name, now),
        purpose=kind + "s" if kind in ("meeting", "poll") else kind,
        meeting_at=from_ms(meeting["start_at"]) if meeting else None,
    )


def _over(tx: Tx, kind: str, subject: str, name: str, broadcast: int | None) -> str:
    """Say why a message of many is of no use any more: its sending was stopped, or its poll is closed."""
    if broadcast is not None:
        sent = tx.one("SELECT state FROM broadcast WHERE id = :id", id=broadcast)
        if sent is None or sent["state"] in ("stopping", "done"):
            return STOPPED
    if kind == "poll" and name in ("bulk", "nudge"):
        poll = tx.one("SELECT state FROM poll WHERE id = :id", id=subject)
        return "closed" if poll and poll["state"] != "open" else ""
    return ""


def recipient(tx: Tx, row: Row, name: str, now: int) -> Recipient:
    """Gather what the rules must know of a person."""
    until = from_ms(row["quiet_until"]) if row["quiet_until"] else None
    if not CLASSES[name].consent:
        return Recipient(row["quiet"], until, row["unreachable"])
    return Recipient(
        row["quiet"], until, row["unreachable"], people.consents(tx, row["id"]), _counted(tx, row["id"], now)
    )


def _counted(tx: Tx, person: int, now: int) -> tuple[datetime, ...]:
    names = ", ".join(f"'{name}'" for name, rules in CLASSES.items() if rules.budget)
    rows = tx.all(
        "SELECT sent_at FROM delivery WHERE person = :person AND (sent_at > :since OR state = 'sending')"
        f" AND class IN ({names})",
        person=person,
        since=now - WEEK_MS,
    )
    return tuple(from_ms(at) for at in sorted(row["sent_at"] or now for row in rows))


def claimable(tx: Tx, vault: Vault, now: int, known: set[int], limit: int = 200) -> list[Ready]:
    """Judge held rows whose time has come, then give what is queued."""
    judge_held(tx, now)
    return queued(tx, vault, known, limit)[0]


def held_due(tx: Tx, now: int) -> bool:
    """Tell whether the time of a held row has come. By lane, which is how the index stands."""
    lanes = sorted({rules.lane for rules in CLASSES.values()})
    sql = "SELECT 1 AS yes FROM delivery WHERE state = 'held' AND lane = :lane AND not_before <= :now LIMIT 1"
    return any(tx.one(sql, lane=lane, now=now) for lane in lanes)


def judge_held(tx: Tx, now: int) -> None:
    """Ask the rules again about held rows whose time has come."""
    for row in tx.all("SELECT * FROM delivery WHERE state = 'held' AND not_before <= :now LIMIT 100", now=now):
        rejudge(tx, row, now)


def queued(tx: Tx, vault: Vault, known: set[int], limit: int = 200) -> tuple[list[Ready], list[int]]:
    """Give queued rows that nobody in this process holds yet, replies first, and the ids of rows that cannot be opened.
    Only reads, in the order of the index."""
    planned = " AND d.lane < 2" if broadcasting(tx) else ""  # nothing goes before all rows of a broadcast are there
    rows = tx.all(
        "SELECT d.*, p.chat_sealed AS person_chat FROM delivery d LEFT JOIN person p ON p.id = d.person"
        f" WHERE d.state = 'queued'{planned} ORDER BY d.lane, d.not_before, d.id LIMIT :limit",
        limit=limit + len(known),
    )
    found: list[Ready] = []
    unreadable: list[int] = []
    for row in [row for row in rows if row["id"] not in known][:limit]:
        try:
            found.append(ready(vault, row))
        except (WrongKey, ValueError):
            unreadable.append(row["id"])
    return found, unreadable


def broadcasting(tx: Tx) -> bool:
    """Tell whether the rows of a broadcast are being made."""
    return tx.one("SELECT 1 AS yes FROM broadcast WHERE state = 'planning' LIMIT 1") is not None


def ready(vault: Vault, row: Row) -> Ready:
    """Open a row for sending."""
    chat = row["chat_sealed"] or row["person_chat"]
    payload = vault.open_json("delivery", row["payload"]) if row["payload"] else None
    return Ready(
        id=row["id"],
        person=row["person"],
        chat_id=people.chat_of(vault, chat) if chat else 0,
        name=row["class"],
        lane=_lane(row["lane"], payload),
        payload=payload,
        flow=row["flow"],
        subject=row["subject"],
        attempts=row["attempts"],
        second=row["reason"].startswith(SECOND),
    )


def rejudge(tx: Tx, row: Row, now: int) -> Verdict:
    """Ask the rules again about a row, and write down what they say."""
    judged = judge(tx, row["person"], row["class"], now, row["useful_until"], row["about"], row["broadcast"])
    if judged.state != row["state"] or judged.until:
        reason = ": ".join(filter(None, (SECOND, judged.reason))) if row["reason"].startswith(SECOND) else judged.reason
        set_state(tx, row["id"], judged.state, reason, not_before=to_ms(judged.until) if judged.until else 0)
    return judged


def overtake(tx: Tx, about: str, *, flow: str = "", person: int | None = None) -> None:
    """End notices that still wait and are no longer true: of one flow or of all, to one person or to all."""
    tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'overtaken', payload = NULL"
        " WHERE class = 'notice' AND about = :about AND state IN ('queued', 'held')"
        + (" AND flow = :flow" if flow else "")
        + (" AND person = :person" if person is not None else ""),
        about=about,
        **({"flow": flow} if flow else {}),
        **({"person": person} if person is not None else {}),
    )


def set_state(tx: Tx, id: int, state: str, reason: str = "", not_before: int = 0) -> None:
    """Move a delivery on; what was rendered, and for whom, goes when nothing more can come of it."""
    tx.run(
        "UPDATE delivery SET state = :state, reason = :reason, not_before = :before,"
        " payload = CASE WHEN :keep = 1 THEN payload ELSE NULL END,"
        " chat_sealed = CASE WHEN :keep = 1 THEN chat_sealed ELSE NULL END WHERE id = :id",
        state=state,
        reason=reason[:80],
        before=not_before,
        keep=int(state in ("queued", "held", "sending", "uncertain")),
        id=id,
    )


def mark_sending(tx: Tx, ids: Sequence[int]) -> set[int]:
    """Write "sending" before the send, so that a crash in between is known as uncertain. Gives the ids that were still
    queued: only those may be sent."""
    sql = "UPDATE delivery SET state = 'sending', attempts = attempts + 1 WHERE id = :id AND state = 'queued'"
    return {id for id in ids if tx.run(sql, id=id) == 1}


def end_late_edit(tx: Tx, id: int, person: int | None, message_id: int, begun: int) -> bool:
    """End an edit that a crash held back until a later one of the same message was sent, or its sending began (`begun`,
    not written down yet). Tells whether it is one."""
    sql = "SELECT 1 AS yes FROM delivery WHERE person = :person AND message_id = :message AND id > :id LIMIT 1"
    late = begun > id or tx.one(sql, person=person, message=message_id, id=id) is not None
    if late:
        set_state(tx, id, "expired", OVERTAKEN)
    return late


def unmark(tx: Tx, ids: set[int]) -> None:
    """Put back what was marked, and then not sent because the bot stopped."""
    tx.many(
        "UPDATE delivery SET state = 'queued', attempts = attempts - 1 WHERE id = :id AND state = 'sending'",
        [{"id": id} for id in ids],
    )


def mark_sent(tx: Tx, sent: Sequence[tuple[int, int | None]], now: int) -> None:
    """End deliveries as sent, with Telegram's message id."""
    tx.many(
        "UPDATE delivery SET state = 'sent', sent_at = :now, message_id = :message, payload = NULL WHERE id = :id",
        [{"id": id, "message": message, "now": now} for id, message in sent],
    )
    tx.many(
        "UPDATE delivery SET chat_sealed = NULL WHERE id = :id AND chat_sealed IS NOT NULL",
        [{"id": id} for id, _m in sent],
    )


def recover(tx: Tx) -> list[int]:
    """At start: what was cut off in `sending` is uncertain, and gets one second attempt where its class allows; then it
    is unknown, never a third. Gives the ids that stay uncertain or unknown."""
    rows = tx.all("SELECT id, class, reason FROM delivery WHERE state IN ('sending', 'uncertain')")
    for row in rows:
        twice = row["reason"].startswith(SECOND)
        if CLASSES[row["class"]].second_attempt and not twice:
            set_state(tx, row["id"], "queued", SECOND)
        else:
            set_state(tx, row["id"], "unknown", "cut off twice" if twice else "cut off")
    return [row["id"] for row in rows]


def expire(tx: Tx, now: int) -> int:
    """End what waited too long; give how many."""
    return tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'too late to be useful', payload = NULL, chat_sealed = NULL"
        " WHERE state IN ('queued', 'held') AND useful_until <= :now",
        now=now,
    )


def purge(tx: Tx, now: int) -> None:
    """Drop rows that ended more than 30 days ago. Those of a poll that is open stay: they say who was asked already."""
    tx.run(
        f"DELETE FROM delivery WHERE state NOT IN {OPEN} AND queued_at < :before AND about NOT IN"
        " (SELECT 'poll:' || id FROM poll WHERE state IN ('open', 'closing', 'frozen'))",
        before=now - 30 * 24 * 3600 * 1000,
    )


def next_due(tx: Tx, after: int) -> int | None:
    """Give the next moment at which a held row may go."""
    row = tx.one(
        "SELECT min(not_before) AS due FROM delivery WHERE state = 'held' AND not_before > :after", after=after
    )
    return row["due"] if row else None


def open_count(tx: Tx) -> dict[str, int]:
    """Count open rows by state."""
    return {
        row["state"]: row["n"]
        for row in tx.all(f"SELECT state, count(*) AS n FROM delivery WHERE state IN {OPEN} GROUP BY state")
    }


def rows(tx: Tx) -> list[Row]:
    """Give every row for the export."""
    return tx.all(
        "SELECT id, person, about, class, state, reason, attempts, queued_at, sent_at FROM delivery ORDER BY id"
    )
