"""Who keeps a meeting: may change it, and hears when there is something to do for it."""

from __future__ import annotations

from bot.store import people, roles
from bot.store.db import Row, Tx


class NotYours(Exception):
    """There is no such meeting, or it lies outside of this person's scopes."""


def may(tx: Tx, person: int, meeting: Row) -> bool:
    """Tell whether someone may organise in the name of the group whose meeting it is."""
    return speaks_for(tx, person, meeting["tenant_group"] or "")


def speaks_for(tx: Tx, person: int, group: str) -> bool:
    """Tell whether someone may make and keep meetings of a group. Those of the network itself ('') are for who organises
    everywhere: a landlord's own organiser must not cancel a congress."""
    everywhere = any(scope.kind == "all" for scope in roles.scopes(tx, person))
    return roles.acts_for(tx, person, group) if group else everywhere


def own(tx: Tx, person: int, id: str) -> Row:
    """Load a meeting that someone keeps, alone with it until the end. Raises NotYours."""
    meeting = tx.one(f"SELECT * FROM meeting WHERE id = :id{tx.for_update}", id=id)
    if meeting is None or not may(tx, person, meeting):
        raise NotYours(id)
    return meeting


def of(tx: Tx, meeting: Row) -> list[int]:
    """Give who hears of work for a meeting: who made it, while they can be reached and may keep it; else everyone who
    organises for its group; else the staff and admins there."""
    maker = people.get(tx, meeting["made_by"]) if meeting["made_by"] is not None else None
    if maker is not None and not maker["unreachable"] and may(tx, maker["id"], meeting):
        return [maker["id"]]
    for names in (("organiser",), ("staff", "admin")):
        found = [person for person in sorted(people.with_role(tx, *names)) if may(tx, person, meeting)]
        if found:
            return found
    return []


def sees_exactly(tx: Tx, person: int, meeting: Row) -> bool:
    """Tell whether someone sees exact counts of a meeting: staff and admins do, within their scope."""
    net = roles.network(tx)
    held = roles.held(tx, person, net, ("staff", "admin"))
    group = meeting["tenant_group"] or ""
    return any(scope.kind == "all" or (group and roles.acts_within(scope, group, net)) for scope in held)
