"""Invitations to a role: made, opened by a link, accepted once, and settled by who made them. Roles, listed and taken away.

open ──> accepted ──> given        Only `given` makes a role. Each step holds for seven days; then it is expired.
  └─────────┴──────> refused
"""

from __future__ import annotations

import secrets
from hashlib import sha256

from bot.clock import from_ms
from bot.store import audit, deliveries, people, roles
from bot.store.db import Row, Tx
from flows.poll_facts import Scope
from flows.role_facts import Holder, Invitation

DAY_MS = 24 * 3600 * 1000
VALID_MS = 7 * DAY_MS
KEPT_MS = 30 * DAY_MS  # after its end, so that an old link is told kindly; then it is as good as unknown
SHOWN = 6  # letters of the link that the audit trail holds: enough to find it, too few to use it
INVITED = "invited"  # who acts in the audit trail while they hold no role: it names role holders only


class NotAllowed(Exception):
    """This person may not give or take this role there."""


class Gone(Exception):
    """This invitation, or this role, is not what it was."""


def make(tx: Tx, id: str, by: int, wanted: Scope, now: int) -> None:
    """Make an invitation to the role and scope of `wanted`. Raises NotAllowed."""
    if not roles.may_give(tx, by, wanted):
        raise NotAllowed
    tx.run("DELETE FROM invitation WHERE expires_at < :old", old=now - KEPT_MS)
    tx.run(
        "INSERT INTO invitation (id, role, scope_kind, scope, made_by, made_at, expires_at, state)"
        " VALUES (:id, :role, :kind, :scope, :by, :now, :until, 'open')",
        id=id,
        role=wanted.role,
        kind=wanted.kind,
        scope=wanted.id,
        by=by,
        now=now,
        until=now + VALID_MS,
    )
    _note(tx, str(by), "invited", id, wanted, now)


def accept(tx: Tx, id: str, person: int, now: int) -> None:
    """Say yes, and get a code; who made it is asked. Only the first counts. Raises Gone."""
    row = _standing(tx, id, "open", now)
    if row["made_by"] == person:
        raise Gone
    taken = tx.run(
        "UPDATE invitation SET state = 'accepted', accepted_by = :person, code = :code, expires_at = :until"
        " WHERE id = :id AND state = 'open'",
        id=id,
        person=person,
        code=f"{secrets.randbelow(10_000):04}",
        until=now + VALID_MS,
    )
    if taken != 1:
        raise Gone
    _note(tx, INVITED, "invitation accepted", id, _scope(row), now)
    _tell(tx, row["made_by"], "work", "invitation_accepted", id, now)


def refuse(tx: Tx, id: str, person: int, now: int) -> None:
    """Say no: the link is closed, and who made it hears so. Raises Gone."""
    row = _standing(tx, id, "open", now)
    if row["made_by"] == person or _end(tx, id, "open", "refused") != 1:
        raise Gone
    _note(tx, INVITED, "invitation refused", id, _scope(row), now)
    _tell(tx, row["made_by"], "work", "invitation_accepted", id, now)


def settle(tx: Tx, id: str, by: int, give: bool, now: int) -> None:
    """Give the role to who accepted, or do not; they are told. Raises Gone, and NotAllowed for all but who made it."""
    row = _standing(tx, id, "accepted", now)
    if row["made_by"] != by:
        raise NotAllowed
    if _end(tx, id, "accepted", "given" if give else "refused") != 1:
        raise Gone
    if give:
        tx.run(
            "INSERT INTO role (person, role, scope_kind, scope) VALUES (:person, :role, :kind, :scope)"
            " ON CONFLICT (person, role, scope_kind, scope) DO NOTHING",
            person=row["accepted_by"],
            role=row["role"],
            kind=row["scope_kind"],
            scope=row["scope"],
        )
        audit.note(tx, str(by), "role given", f"person:{row['accepted_by']}", now, _held(_scope(row)))
    else:
        _note(tx, str(by), "role not given", id, _scope(row), now)
    _tell(tx, row["accepted_by"], "notice", "role_given", id, now)


def take(tx: Tx, holder: str, by: int, now: int) -> None:
    """Take away the role that was listed under `holder`, and tell who held it. Raises Gone, and NotAllowed."""
    found = next((row for row in _rows(tx) if _token(row) == holder), None)
    if found is None:
        raise Gone
    scope = roles.as_scope(found, roles.network(tx))
    if not _is_admin_of(tx, by, scope) or _is_last(tx, found, by):
        raise NotAllowed
    tx.run(
        "DELETE FROM role WHERE person = :person AND role = :role AND scope_kind = :kind AND scope = :scope",
        person=found["person"],
        role=found["role"],
        kind=found["scope_kind"],
        scope=found["scope"],
    )
    audit.note(tx, str(by), "role taken", f"person:{found['person']}", now, _held(scope))
    if found["person"] != by:
        subject = f"{scope.role}:{now}"
        deliveries.plan(tx, found["person"], "notice", "role_taken", subject, now, once=f"taken:{holder}:{now}")


def get(tx: Tx, id: str, reader: int, now: int) -> Invitation | None:
    """Load an invitation as its reader may see it; the code is for who made it and who accepted it only."""
    row = tx.one("SELECT * FROM invitation WHERE id = :id", id=id)
    if row is None:
        return None
    scope = roles.as_scope(row, roles.network(tx))
    mine, me = row["made_by"] == reader, row["accepted_by"] == reader
    return Invitation(
        id=id,
        scope=scope,
        state=_state(tx, row, scope, now),
        expires=from_ms(row["expires_at"]).date(),
        mine=mine,
        me=me,
        has_role=scope in roles.held(tx, reader, roles.network(tx), (scope.role,)),
        code=row["code"] if mine or me else "",
    )


def holders(tx: Tx, admin: int) -> tuple[Holder, ...]:
    """List the roles that an admin may take away. A person is a number: the same for all their roles, never the same as
    their id, and since when as far as the audit trail knows."""
    net = roles.network(tx)
    mine = roles.held(tx, admin, net, ("admin",))
    rows = [row for row in _rows(tx) if any(roles.inside(roles.as_scope(row, net), own, net) for own in mine)]
    given = _given(tx)
    numbers = {person: n for n, person in enumerate(sorted({row["person"] for row in rows}, key=_shuffled), 1)}
    found = [
        Holder(
            id=_token(row),
            number=numbers[row["person"]],
            scope=roles.as_scope(row, net),
            since=from_ms(given[key]).date() if (key := _line(row, net)) in given else None,
            me=row["person"] == admin,
            last=_is_last(tx, row, admin),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda holder: (holder.number, holder.scope.role, holder.scope.name)))


def _standing(tx: Tx, id: str, state: str, now: int) -> Row:
    """Give an invitation that is in this state and still holds. Raises Gone."""
    row = tx.one("SELECT * FROM invitation WHERE id = :id" + tx.for_update, id=id)
    if row is None or _state(tx, row, _scope(row), now) != state:
        raise Gone
    return row


def _state(tx: Tx, row: Row, scope: Scope, now: int) -> str:
    """Give the state as it is now: what waits ends when its time is over, or when its maker may not give the role any more."""
    if row["state"] not in ("open", "accepted"):
        return str(row["state"])
    if row["expires_at"] <= now:
        return "expired"
    return str(row["state"]) if roles.may_give(tx, row["made_by"], scope) else "void"


def _end(tx: Tx, id: str, before: str, after: str) -> int:
    return tx.run(
        "UPDATE invitation SET state = :after WHERE id = :id AND state = :before", id=id, before=before, after=after
    )


def _scope(row: Row) -> Scope:
    return Scope(row["scope_kind"], row["scope"], "", row["role"])


def _held(scope: Scope) -> str:
    """Write role and scope as `load` does in the audit trail."""
    return f"{scope.role} {scope.kind} {scope.id}".strip()


def _note(tx: Tx, actor: str, act: str, id: str, scope: Scope, now: int) -> None:
    audit.note(tx, actor, act, f"invitation:{id[:SHOWN]}", now, _held(scope))


def _tell(tx: Tx, person: int, name: str, flow: str, id: str, now: int) -> None:
    once = f"{flow}:{id}"
    deliveries.plan(tx, person, name, flow, id, now, once=once, about=f"invitation:{id[:SHOWN]}")


def _rows(tx: Tx) -> list[Row]:
    return tx.all("SELECT person, role, scope_kind, scope FROM role")


def _token(row: Row) -> str:
    """Give what stands for a role on a button. It cannot be undone: the ids of persons are random and long."""
    return sha256(f"{row['person']} {row['role']} {row['scope_kind']} {row['scope']}".encode()).hexdigest()[:16]


def _shuffled(person: int) -> bytes:
    return sha256(str(person).encode()).digest()


def _given(tx: Tx) -> dict[tuple[str, str], int]:
    """Give when each role was given last, as far as the audit trail knows: by person and role, read at one go."""
    rows = tx.all("SELECT about, detail, max(at) AS at FROM audit WHERE act = 'role given' GROUP BY about, detail")
    return {(row["about"], row["detail"]): row["at"] for row in rows}


def _line(row: Row, net: roles.Network) -> tuple[str, str]:
    """Write whom a role was given and what, as the audit trail has it."""
    return f"person:{row['person']}", _held(roles.as_scope(row, net))


def _is_admin_of(tx: Tx, person: int, scope: Scope) -> bool:
    net = roles.network(tx)
    return any(roles.inside(scope, own, net) for own in roles.held(tx, person, net, ("admin",)))


def _is_last(tx: Tx, row: Row, admin: int) -> bool:
    """Tell whether a role is an admin's own and last one as admin."""
    if row["person"] != admin or row["role"] != "admin":
        return False
    return len([own for own in people.roles(tx, admin) if own["role"] == "admin"]) == 1
