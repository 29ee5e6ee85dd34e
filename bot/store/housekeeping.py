"""What time takes away: old sessions, buttons, rows past their keeping time, people who have been silent for two years."""

from __future__ import annotations

from bot.store import deliveries, handoffs, inbox, learning, people, poll_people, registrations
from bot.store.db import Tx

DAY_MS = 24 * 3600 * 1000
SESSION_MS = 14 * DAY_MS
NUDGE_MS = 12 * DAY_MS
HANDLE_MS = 180 * DAY_MS
MEETING_MS = 30 * DAY_MS
SILENT_MS = 2 * 365 * DAY_MS


def sessions(tx: Tx, now: int) -> None:
    """Remind once, after 12 days, of a conversation that waits; close it after 14. Its buttons then start it anew."""
    waiting = tx.all(
        "SELECT s.id, s.person, s.flow, p.quiet FROM session s JOIN person p ON p.id = s.person"
        " WHERE s.nudged = 0 AND s.touched_at <= :old LIMIT 500",
        old=now - NUDGE_MS,
    )
    for row in waiting:
        tx.run("UPDATE session SET nudged = 1 WHERE id = :id", id=row["id"])
        if not row["quiet"]:
            once = f"waits:{row['id']}:{now // DAY_MS}"
            until = now + SESSION_MS - NUDGE_MS
            deliveries.plan(
                tx, row["person"], "reminder", "still_open", row["flow"], now, once=once, useful_until=until
            )
    tx.run(
        "UPDATE person SET focus = NULL WHERE focus IN (SELECT id FROM session WHERE touched_at <= :old)",
        old=now - SESSION_MS,
    )
    tx.run("DELETE FROM session WHERE touched_at <= :old", old=now - SESSION_MS)


def next_due(tx: Tx, after: int) -> int | None:
    """Give the next moment at which a conversation is reminded of, or closed."""
    row = tx.one(
        "SELECT min(CASE WHEN nudged = 0 THEN touched_at + :nudge ELSE touched_at + :close END) AS due FROM session"
        " WHERE touched_at + :close > :after",
        nudge=NUDGE_MS,
        close=SESSION_MS,
        after=after,
    )
    due = row["due"] if row else None
    return due if due is not None and due > after else None


def run(tx: Tx, now: int) -> None:
    """Drop what is past its keeping time (the retention that `/privacy` tells)."""
    inbox.purge(tx, now)
    deliveries.purge(tx, now)
    handoffs.purge(tx, now)
    learning.purge(tx, now)
    learning.tell_staff(tx, now)
    poll_people.purge(tx, now)
    tx.run("DELETE FROM handle WHERE made_at < :old", old=now - HANDLE_MS)
    over = "SELECT id FROM meeting WHERE start_at < :old"
    tx.run(f"DELETE FROM reminder WHERE meeting IN ({over})", old=now - MEETING_MS)
    tx.run(
        f"UPDATE registration SET person = NULL WHERE person IS NOT NULL AND meeting IN ({over})", old=now - MEETING_MS
    )
    silent = tx.all(
        "SELECT id FROM person WHERE seen_at < :old AND id NOT IN (SELECT person FROM role) LIMIT 200",
        old=now - SILENT_MS,
    )
    for row in silent:
        registrations.leave_all(tx, row["id"], now)
        people.erase(tx, row["id"], now)
