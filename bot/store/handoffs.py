"""Questions that are with a human: opened and written to by a tenant, answered by staff, closed by either."""

from __future__ import annotations

from collections.abc import Collection

from bot.clock import from_ms
from bot.crypto import Vault
from bot.store import deliveries, people, sessions
from bot.store.db import Row, Tx
from flows.engine import Session
from flows.rights_facts import Handoff, Line

STAFF = ("staff", "admin")
DAY_MS = 24 * 3600 * 1000
SILENT_MS = 30 * DAY_MS  # an open talk in which nobody wrote for so long is closed
KEPT_MS = 90 * DAY_MS  # a closed one is forgotten after so long


class NotYours(Exception):
    """This talk is another's, or over."""


def open_one(
    tx: Tx,
    vault: Vault,
    person: Row,
    topic: str,
    text: str,
    language: str,
    now: int,
    escalate_at: int,
    *,
    closed: bool = False,
) -> int:
    """Open a talk with its first message, and tell staff: those of the tenant's province first. `closed` says that nobody
    reads now. Gives its number."""
    row = tx.one(
        "INSERT INTO handoff (person, topic, language, province, state, opened_at, touched_at, escalate_at, told_hours)"
        " VALUES (:person, :topic, :language, :province, 'waiting', :now, :now, :late, :told) RETURNING id",
        person=person["id"],
        topic=topic,
        language=language,
        province=person["province"] or "",
        now=now,
        late=escalate_at,
        told=int(closed),
    )
    assert row is not None
    _add(tx, vault, row["id"], "tenant", text, now)
    _tell(tx, row["id"], near(tx, person["province"] or ""), now)
    return int(row["id"])


def write(
    tx: Tx, vault: Vault, id: int, person: int, text: str, now: int, escalate_at: int, *, closed: bool = False
) -> None:
    """Add words of the tenant; tell who answers, or all who might. `closed` says that nobody reads now: told_hours is 1
    while that is said, then 2. Raises NotYours."""
    row = _open(tx, id)
    if row is None or row["person"] != person:
        raise NotYours
    _add(tx, vault, id, "tenant", text, now)
    tx.run(
        "UPDATE handoff SET state = 'waiting', touched_at = :now,"
        " told_hours = CASE WHEN :closed = 1 AND told_hours < 2 THEN told_hours + 1 ELSE told_hours END,"
        " escalate_at = CASE WHEN state = 'waiting' THEN escalate_at ELSE :late END WHERE id = :id",
        now=now,
        late=escalate_at,
        closed=int(closed),
        id=id,
    )
    taken = row["taken_by"] in people.with_role(tx, *STAFF)
    _tell(tx, id, [row["taken_by"]] if taken else near(tx, row["province"]), now)


def reply(tx: Tx, vault: Vault, id: int, staff: int, text: str, now: int, *, article: bool = False) -> None:
    """Add words of staff, or an article (`text` is its topic), and bring them to the tenant. Raises NotYours."""
    row = _open(tx, id)
    if row is None:
        raise NotYours
    _add(tx, vault, id, "staff", text, now, article=article)
    tx.run(
        "UPDATE handoff SET state = 'answered', taken_by = :staff, touched_at = :now, escalate_at = NULL WHERE id = :id",
        staff=staff,
        now=now,
        id=id,
    )
    overtake_work(tx, id)
    which = tx.one("SELECT count(*) - 1 AS n FROM handoff_message WHERE handoff = :id", id=id)
    assert which is not None
    subject = f"{id}:{which['n']}"
    deliveries.plan(
        tx, row["person"], "notice", "human_reply", subject, now, once=f"reply:{subject}", about=f"handoff:{id}"
    )
    listen(tx, vault, row["person"], id, now)


def listen(tx: Tx, vault: Vault, person: int, id: int, now: int) -> None:
    """Let the tenant's words go to the talk, unless another conversation waits for them."""
    row = people.get(tx, person)
    if row is not None and row["focus"] is None:
        kept = sessions.save(tx, vault, person, Session("thread", str(id)), now)
        sessions.focus(tx, person, kept)


def take(tx: Tx, id: int, staff: int) -> None:
    """Say who answers."""
    tx.run("UPDATE handoff SET taken_by = :staff WHERE id = :id AND state <> 'closed'", staff=staff, id=id)


def close(tx: Tx, vault: Vault, id: int, by: int, now: int, kept: Collection[str] = ()) -> None:
    """End a talk; the other side hears of it, and words go again to the conversation that waited (of a flow in `kept`).
    Closing twice does nothing. Raises NotYours."""
    row = _open(tx, id)
    if row is None:
        return
    of_tenant = row["person"] == by
    if not of_tenant and not is_staff(tx, by):
        raise NotYours
    tx.run("UPDATE handoff SET state = 'closed', touched_at = :now, escalate_at = NULL WHERE id = :id", now=now, id=id)
    overtake_work(tx, id)
    sessions.close(tx, row["person"], Session("thread", str(id)))
    tenant = people.get(tx, row["person"])
    if tenant is not None and tenant["focus"] is None and not of_tenant:
        waited = sessions.latest(tx, vault, row["person"], kept)
        sessions.focus(tx, row["person"], waited.id if waited else None)
    if of_tenant and row["taken_by"]:
        about = f"handoff:{id}"
        deliveries.plan(tx, row["taken_by"], "work", "work", f"{id}:closed", now, once=f"closed:{id}", about=about)
    if not of_tenant:
        deliveries.plan(
            tx, row["person"], "notice", "talk_closed", str(id), now, once=f"closed:{id}", about=f"handoff:{id}"
        )


def escalate(tx: Tx, now: int) -> None:
    """Tell all staff of questions that wait longer than was promised. Once for each."""
    rows = tx.all("SELECT id FROM handoff WHERE state = 'waiting' AND escalate_at <= :now LIMIT 100", now=now)
    for row in rows:
        tx.run("UPDATE handoff SET escalate_at = NULL WHERE id = :id", id=row["id"])
        _tell(tx, row["id"], people.with_role(tx, *STAFF), now, late=True)


def next_due(tx: Tx, after: int) -> int | None:
    """Give the next moment at which a question has waited too long."""
    row = tx.one(
        "SELECT min(escalate_at) AS due FROM handoff WHERE state = 'waiting' AND escalate_at > :after", after=after
    )
    return row["due"] if row else None


def purge(tx: Tx, now: int) -> None:
    """Close talks that fell silent, and forget those that are over for long."""
    for row in tx.all(
        "SELECT id, person FROM handoff WHERE state <> 'closed' AND touched_at < :old", old=now - SILENT_MS
    ):
        tx.run("UPDATE handoff SET state = 'closed', escalate_at = NULL WHERE id = :id", id=row["id"])
        sessions.close(tx, row["person"], Session("thread", str(row["id"])))
    tx.run("DELETE FROM handoff WHERE state = 'closed' AND touched_at < :old", old=now - KEPT_MS)


def near(tx: Tx, province: str) -> list[int]:
    """Give the staff who hear of a question first: those of its province, else those for all, else every one, admins too."""
    staff = people.with_role(tx, "staff")
    scopes = {id: [row for row in people.roles(tx, id) if row["role"] == "staff"] for id in staff}
    regional = [id for id in staff if any(r["scope_kind"] == "region" and r["scope"] == province for r in scopes[id])]
    for_all = [id for id in staff if any(r["scope_kind"] in ("", "all") for r in scopes[id])]
    return regional or for_all or people.with_role(tx, *STAFF)


def is_staff(tx: Tx, person: int) -> bool:
    """Tell whether someone answers tenants."""
    return any(row["role"] in STAFF for row in people.roles(tx, person))


def staffed(tx: Tx) -> bool:
    """Tell whether anybody can answer."""
    return bool(people.with_role(tx, *STAFF))


def get(tx: Tx, vault: Vault, id: int, reader: int, *, as_staff: bool) -> Handoff | None:
    """Load a talk as its tenant or staff may see it; None for anyone else."""
    row = tx.one("SELECT * FROM handoff WHERE id = :id", id=id)
    if row is None or (not as_staff and row["person"] != reader):
        return None
    return _handoff(tx, vault, row, reader)


def open_ones(tx: Tx, vault: Vault, reader: int, *, as_staff: bool) -> tuple[Handoff, ...]:
    """Load the talks that are not closed: one's own, or for staff all, what waits longest first."""
    if as_staff:
        rows = tx.all("SELECT * FROM handoff WHERE state <> 'closed' ORDER BY state DESC, touched_at LIMIT 60")
    else:
        rows = tx.all("SELECT * FROM handoff WHERE state <> 'closed' AND person = :me ORDER BY id", me=reader)
    return tuple(_handoff(tx, vault, row, reader) for row in rows)


def all_of(tx: Tx, vault: Vault, person: int) -> tuple[Handoff, ...]:
    """Load every talk of a person that is still kept."""
    rows = tx.all("SELECT * FROM handoff WHERE person = :me ORDER BY id", me=person)
    return tuple(_handoff(tx, vault, row, person) for row in rows)


def _handoff(tx: Tx, vault: Vault, row: Row, reader: int) -> Handoff:
    found = tx.all("SELECT * FROM handoff_message WHERE handoff = :id ORDER BY id", id=row["id"])
    lines = []
    for message in found:
        text = vault.open("handoff", message["text"]).decode()
        lines.append(
            Line(message["side"], "" if message["is_article"] else text, text if message["is_article"] else "")
        )
    taken = "" if row["taken_by"] is None else "me" if row["taken_by"] == reader else "other"
    return Handoff(
        id=row["id"],
        state=row["state"],
        topic=row["topic"],
        language=row["language"],
        province=row["province"],
        asked=from_ms(row["opened_at"]).date(),
        lines=tuple(lines),
        taken=taken,
        told_hours=row["told_hours"] > 1,
        overdue=row["state"] == "waiting" and row["escalate_at"] is None,
        mine=row["person"] == reader,
    )


def _open(tx: Tx, id: int) -> Row | None:
    return tx.one("SELECT * FROM handoff WHERE id = :id AND state <> 'closed'", id=id)


def _add(tx: Tx, vault: Vault, id: int, side: str, text: str, now: int, *, article: bool = False) -> None:
    tx.run(
        "INSERT INTO handoff_message (handoff, side, text, is_article, at) VALUES (:id, :side, :text, :article, :now)",
        id=id,
        side=side,
        text=vault.seal("handoff", text.encode()),
        article=int(article),
        now=now,
    )


def _tell(tx: Tx, id: int, staff: list[int], now: int, *, late: bool = False) -> None:
    """Plan the message to staff. What waits there from before says the same: it goes, and the new one stands for it."""
    overtake_work(tx, id)
    last = tx.one("SELECT max(id) AS id FROM handoff_message WHERE handoff = :id", id=id)
    for person in staff:
        subject = f"{id}:late" if late else str(id)
        once = f"work:{subject}:{person}:{last['id'] if last else 0}"
        deliveries.plan(tx, person, "work", "work", subject, now, once=once, about=f"handoff:{id}")


def overtake_work(tx: Tx, id: int) -> None:
    """End messages to staff about a talk that still wait: they are no longer true."""
    tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'overtaken', payload = NULL"
        " WHERE class = 'work' AND about = :about AND state IN ('queued', 'held')",
        about=f"handoff:{id}",
    )
