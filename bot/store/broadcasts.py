"""Broadcasts: one row for each recipient, made in chunks before anything is sent, each with its end and reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import from_ms, to_ms
from bot.rules import CLASSES, Recipient, verdict
from bot.store import audience, deliveries
from bot.store.db import Row, Tx

CHUNK = 1000  # people looked at in one step on SQLite: some milliseconds, for which a reply waits
WIDE = 20_000  # on PostgreSQL, where nobody waits for the writer
LAST = 2**63 - 1
DAY_MS = 24 * 3600 * 1000
DELAY_MS = 10 * 60 * 1000  # between release and sending: time to stop it
UNDER_WAY = "('released', 'planning', 'sending', 'stopping')"
DUE = (  # that of a poll waits until the poll is open: before that its rows would be judged as those of a closed one
    "(state IN ('planning', 'stopping') OR state = 'released' AND starts_at <= :now AND NOT EXISTS"
    " (SELECT 1 FROM poll WHERE poll.broadcast = broadcast.id AND poll.state = 'released'))"
)


@dataclass(frozen=True)
class Order:
    """What to send, to whom, and when. `source` says where its recipients come from; moments are in milliseconds."""

    source: str  # audience, unanswered, took-part, registered, attended
    about: str
    name: str  # the message class
    flow: str
    subject: str
    starts_at: int
    useful_until: int
    audience: Mapping[str, str] | None = None
    rested: bool = False
    made_by: int | None = None
    once: str = ""


def order(tx: Tx, order: Order, *, state: str = "released") -> int:
    """Order a broadcast; give its id. The same `once` is the same broadcast."""
    tx.run(
        "INSERT INTO broadcast (source, about, class, flow, subject, audience, rested, state, starts_at, useful_until,"
        " made_by, once) VALUES (:source, :about, :name, :flow, :subject, :audience, :rested, :state, :starts, :until,"
        " :made_by, :once) ON CONFLICT (once) DO NOTHING",
        source=order.source,
        about=order.about,
        name=order.name,
        flow=order.flow,
        subject=order.subject,
        audience=json.dumps(dict(order.audience or {}), ensure_ascii=False),
        rested=int(order.rested),
        state=state,
        starts=order.starts_at,
        until=order.useful_until,
        made_by=order.made_by,
        once=order.once or f"{order.flow}:{order.about}:{order.starts_at}",
    )
    row = tx.one(
        "SELECT id FROM broadcast WHERE once = :once",
        once=order.once or f"{order.flow}:{order.about}:{order.starts_at}",
    )
    assert row is not None
    return int(row["id"])


def get(tx: Tx, id: int | None) -> Row | None:
    """Load a broadcast."""
    return tx.one("SELECT * FROM broadcast WHERE id = :id", id=id) if id is not None else None


def due(tx: Tx, now: int) -> bool:
    """Tell, by reading only, whether a broadcast has something to plan or to clear away."""
    return tx.one(f"SELECT 1 AS yes FROM broadcast WHERE {DUE} LIMIT 1", now=now) is not None


def next_due(tx: Tx, after: int) -> int | None:
    """Give the next moment at which a broadcast starts."""
    row = tx.one(
        "SELECT min(starts_at) AS due FROM broadcast WHERE state = 'released' AND starts_at > :after", after=after
    )
    return row["due"] if row else None


def step(tx: Tx, now: int, chunk: int = 0, sources: Mapping[str, Source] | None = None) -> bool:
    """Take one short step with the first broadcast that is due: with a chunk of people, or as many as the engine bears.
    Tells whether there may be more."""
    chunk = chunk or (WIDE if tx.for_update else CHUNK)
    row = tx.one(f"SELECT * FROM broadcast WHERE {DUE} ORDER BY id LIMIT 1{tx.for_update}", now=now)
    if row is None:
        return False
    if row["state"] == "stopping":
        return _clear(tx, row, chunk)
    if row["useful_until"] <= now:
        _set(tx, row["id"], state="done")
        return True
    if row["state"] == "released":
        _set(tx, row["id"], state="planning")
    return _plan(tx, row, now, chunk, sources or SOURCES)


def _plan(tx: Tx, row: Row, now: int, chunk: int, sources: Mapping[str, Source]) -> bool:
    """Make the rows of one chunk of people, in the order of their random ids, and move the cursor behind them."""
    source = sources.get(row["source"])
    if source is not None:
        upto, made = source(tx, row, now, chunk)
    else:
        upto, made = _plan_by_query(tx, row, now, chunk)
    if upto is None:
        _set(tx, row["id"], state="sending")
        return True
    tx.run(
        "UPDATE broadcast SET cursor = :upto, planned = planned + :made WHERE id = :id",
        upto=upto,
        made=made,
        id=row["id"],
    )
    return True


def _plan_by_query(tx: Tx, row: Row, now: int, chunk: int) -> tuple[int | None, int]:
    """Make the rows of a chunk by one INSERT from a SELECT; give the last person and how many there were."""
    after = tx.one("SELECT 1 AS yes FROM person WHERE id > :cursor LIMIT 1", cursor=row["cursor"])
    if after is None:
        return None, 0
    last = tx.one(
        "SELECT id FROM person WHERE id > :cursor ORDER BY id LIMIT 1 OFFSET :chunk",
        cursor=row["cursor"],
        chunk=chunk - 1,
    )
    upto = last["id"] if last else LAST
    if tx.for_update:  # no wait for the disk: rows and cursor would be lost together, and the last step waits for all
        tx.run("SET LOCAL synchronous_commit = off")
    condition, values = _people(row)
    state, until = _begins(row, now)
    why = ANYONE
    if CLASSES[row["class"]].consent:
        why = audience.outcome(bool(row["rested"]), CHUNK_ALONE)
        values |= {"purpose": audience.PURPOSES[row["about"].partition(":")[0]]}
        values |= {"week": now - audience.WEEK_MS} if row["rested"] else {}
    made = tx.run(
        # MATERIALIZED, or PostgreSQL asks for the reason once more for each place that names it. By id, so that the
        # indexes grow at their ends.
        "INSERT INTO delivery (person, class, lane, about, flow, subject, state, reason, queued_at, not_before,"
        f" useful_until, broadcast) WITH chosen AS MATERIALIZED (SELECT p.id, p.unreachable, {why} AS why FROM person p"
        f" WHERE p.id > :cursor AND p.id <= :upto AND {condition} ORDER BY p.id)"
        " SELECT id, CAST(:name AS TEXT), CAST(:lane AS INTEGER), CAST(:about AS TEXT),"
        " CAST(:flow AS TEXT), CAST(:subject AS TEXT),"
        " CASE why WHEN '' THEN CAST(:state AS TEXT) WHEN 'unreachable' THEN 'blocked' ELSE 'expired' END,"
        " CASE why WHEN '' THEN CAST(:reason AS TEXT) WHEN 'no-consent' THEN 'no consent'"
        " WHEN 'asked-lately' THEN 'asked within seven days' WHEN 'unreachable' THEN unreachable ELSE why END,"
        " CAST(:now AS BIGINT), CASE why WHEN '' THEN CAST(:until AS BIGINT) ELSE 0 END, CAST(:useful AS BIGINT),"
        " CAST(:broadcast AS BIGINT) FROM chosen",
        name=row["class"],
        lane=CLASSES[row["class"]].lane,
        flow=row["flow"],
        subject=row["subject"],
        state=state,
        reason="planned" if state == "held" else "",
        now=now,
        until=until,
        useful=row["useful_until"],
        broadcast=row["id"],
        cursor=row["cursor"],
        upto=upto,
        **{"about": row["about"], **values},
    )
    return upto, made


CHUNK_ALONE = " AND {person} > :cursor AND {person} <= :upto"
ANYONE = "CASE WHEN p.unreachable <> '' THEN 'unreachable' WHEN p.quiet = 'stopped' THEN 'stopped' ELSE '' END"


def _people(row: Row) -> tuple[str, dict[str, Any]]:
    """Give the condition on `person p` for the recipients of a broadcast."""
    kind, _colon, id = row["about"].partition(":")
    match row["source"]:
        case "audience":
            return audience.where(json.loads(row["audience"]))
        case "took-part":
            took = "SELECT 1 FROM participation t WHERE t.person = p.id AND t.poll = :id AND t.feedback = 1"
            return f"EXISTS ({took})", {"id": id}
        case "attended":
            return audience.where({kind: id})
        case other:
            raise ValueError(f"no query gives the recipients of {other!r}")


def _begins(row: Row, now: int) -> tuple[str, int]:
    """Say how rows begin: queued, or held where nobody may get this class of message now."""
    judged = verdict(
        row["class"],
        from_ms(now),
        from_ms(row["useful_until"]),
        Recipient(consents=frozenset(audience.PURPOSES.values())),
        purpose="polls",
    )
    return ("held", to_ms(judged.until)) if judged.state == "held" and judged.until else ("queued", 0)


def plan_people(tx: Tx, row: Row, people: list[int], now: int, once: Callable[[int], str]) -> None:
    """Make rows for these people, one by one judged when sent; the same `once` is the same row."""
    state, until = _begins(row, now)
    tx.many(
        "INSERT INTO delivery (person, class, lane, about, flow, subject, state, reason, queued_at, not_before,"
        " useful_until, broadcast, once) VALUES (:person, :name, :lane, :about, :flow, :subject, :state, :reason, :now,"
        " :until, :useful, :broadcast, :once) ON CONFLICT DO NOTHING",
        [
            {
                "person": person,
                "name": row["class"],
                "lane": CLASSES[row["class"]].lane,
                "about": row["about"],
                "flow": row["flow"],
                "subject": row["subject"],
                "state": state,
                "reason": "planned" if state == "held" else "",
                "now": now,
                "until": until,
                "useful": row["useful_until"],
                "broadcast": row["id"],
                "once": once(person),
            }
            for person in people
        ],
    )


def stop(tx: Tx, id: int) -> None:
    """Send nothing more of a broadcast, from this moment; its rows that wait are ended in short steps."""
    tx.run(f"UPDATE broadcast SET state = 'stopping' WHERE id = :id AND state IN {UNDER_WAY}", id=id)


def withdraw(tx: Tx, id: int) -> bool:
    """Take a broadcast back that has not begun. Tells whether that was still possible."""
    return tx.run("DELETE FROM broadcast WHERE id = :id AND state IN ('waiting', 'released')", id=id) == 1


def _clear(tx: Tx, row: Row, chunk: int) -> bool:
    rows = tx.all(
        "SELECT id FROM delivery WHERE broadcast = :id AND state IN ('queued', 'held') LIMIT :chunk",
        id=row["id"],
        chunk=chunk,
    )
    tx.many(
        "UPDATE delivery SET state = 'expired', reason = :reason WHERE id = :id AND state IN ('queued', 'held')",
        [{"id": each["id"], "reason": deliveries.STOPPED} for each in rows],
    )
    if not rows:
        _set(tx, row["id"], state="done")
    return True


def _set(tx: Tx, id: int, *, state: str) -> None:
    tx.run("UPDATE broadcast SET state = :state WHERE id = :id", state=state, id=id)


def was_asked(state: str, attempts: int) -> bool:
    """Tell whether a recipient was asked, or still will be: not who was left out before anything was tried."""
    return state not in ("expired", "blocked") or attempts > 0


@dataclass(frozen=True)
class Ends:
    """How the rows of a broadcast stand: by state, and by state and reason. They add up to `planned`."""

    planned: int
    asked: int
    states: Mapping[str, int]
    reasons: Mapping[tuple[str, str], int]

    @property
    def waiting(self) -> int:
        """Count what may still be sent."""
        return sum(self.states.get(state, 0) for state in ("queued", "held", "sending", "uncertain"))

    @property
    def delivered(self) -> int:
        """Count what was sent; what may have been, and was not confirmed, is not counted."""
        return self.states.get("sent", 0)


def ends(tx: Tx, id: int) -> Ends:
    """Count the rows of a broadcast by state and reason, exactly."""
    rows = tx.all(
        "SELECT state, reason, CASE WHEN attempts > 0 THEN 1 ELSE 0 END AS tried, count(*) AS n FROM delivery"
        " WHERE broadcast = :id GROUP BY state, reason, CASE WHEN attempts > 0 THEN 1 ELSE 0 END",
        id=id,
    )
    reasons: dict[tuple[str, str], int] = {}
    states: dict[str, int] = {}
    for row in rows:
        reasons[row["state"], row["reason"]] = reasons.get((row["state"], row["reason"]), 0) + row["n"]
        states[row["state"]] = states.get(row["state"], 0) + row["n"]
    asked = sum(row["n"] for row in rows if was_asked(row["state"], row["tried"]))
    return Ends(sum(states.values()), asked, states, reasons)


def this_month(tx: Tx, person: int, now: int) -> int:
    """Count the messages that someone got unasked in the last 30 days, with the one that is about to go."""
    names = ", ".join(f"'{name}'" for name, rules in CLASSES.items() if rules.budget)
    row = tx.one(
        f"SELECT count(*) AS n FROM delivery WHERE person = :person AND class IN ({names})"
        " AND (sent_at > :since OR state IN ('queued', 'sending'))",
        person=person,
        since=now - 30 * DAY_MS,
    )
    return int(row["n"]) if row else 0


def finish_time(waiting: int, rate: float, now: int) -> datetime:
    """Give when the last of so many messages will be out at this many a second, in local time without a zone."""
    return from_ms(now + int(waiting / rate * 1000)).replace(tzinfo=None)


Source = Callable[[Tx, Row, int, int], tuple[int | None, int]]
SOURCES: Mapping[str, Source] = {}
