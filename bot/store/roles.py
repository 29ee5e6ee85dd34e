"""Roles and where they hold: who may act for whom, how far their messages may go, and who may be the second person.

A scope is a group, a landlord, a region (a province, or Brussel) or all. An audience lies in a scope only when that can be
proven from what it is chosen by; a language or the code of a building says nothing of a place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from bot import places
from bot.store.db import Row, Tx
from flows.poll_facts import FLOOR, REGIONS, Scope

ORGANISING = ("organiser", "staff", "admin")  # a council member takes part, and organises nothing
GIVES: Mapping[str, tuple[str, ...]] = {
    "admin": ("organiser", "council_member", "staff", "admin"),
    "staff": ("organiser", "council_member"),
}
"""Which roles a role may give, within its scope."""
KINDS = ("all", "region", "landlord", "group")  # the widest first


@dataclass(frozen=True)
class Network:
    """What scopes are measured by: name and landlord of each group, name and municipalities of each landlord."""

    groups: Mapping[str, tuple[str, str]]
    landlords: Mapping[str, tuple[str, tuple[str, ...]]]

    def landlord_of(self, group: str) -> str:
        """Give the landlord of a group; empty when it has none, or when there is no such group."""
        return self.groups.get(group, ("", ""))[1]

    def groups_of(self, landlord: str) -> tuple[str, ...]:
        """Give the groups of a landlord."""
        return tuple(id for id, (_name, of) in self.groups.items() if landlord and of == landlord)

    @cached_property
    def regions_of(self) -> Mapping[str, frozenset[str]]:
        """Give, for each landlord, the regions it lets in; a municipality that we do not know is in the region ''."""
        return {id: frozenset(map(places.region_of, towns)) for id, (_name, towns) in self.landlords.items()}

    def only_in(self, landlord: str, region: str) -> bool:
        """Tell whether a landlord lets in this region and nowhere else."""
        return self.regions_of.get(landlord, frozenset()) == {region}

    def name(self, kind: str, id: str) -> str:
        """Give a scope as people read it; what has no name keeps its id."""
        known = {"group": self.groups, "landlord": self.landlords}.get(kind, {})
        return known[id][0] if id in known else id


def network(tx: Tx) -> Network:
    """Load groups and landlords."""
    groups = tx.all("SELECT id, name, landlord FROM tenant_group ORDER BY name")
    landlords = tx.all("SELECT id, name, municipalities FROM landlord ORDER BY name")
    return Network(
        {row["id"]: (row["name"], row["landlord"] or "") for row in groups},
        {row["id"]: (row["name"], tuple(json.loads(row["municipalities"]))) for row in landlords},
    )


def acts_within(scope: Scope, group: str, net: Network) -> bool:
    """Tell whether a scope speaks for a group. The network itself ('') speaks through every scope but that of one group."""
    match scope.kind:
        case "all":
            return True
        case "region":
            return not group or net.only_in(net.landlord_of(group), scope.id)
        case "landlord":
            return not group or net.landlord_of(group) == scope.id
        case "group":
            return group == scope.id
    return False


def contains(scope: Scope, audience: Mapping[str, str], net: Network) -> bool:
    """Tell whether everyone of an audience lies in a scope. Nobody chosen means everyone: that is for `all` only."""
    match scope.kind:
        case "all":
            return True
        case "region":
            town = audience.get("municipality", "")
            return audience.get("region") == scope.id or (bool(town) and places.region_of(town) == scope.id)
        case "landlord":
            return audience.get("landlord") == scope.id or audience.get("group") in net.groups_of(scope.id)
        case "group":
            landlord = net.landlord_of(scope.id)
            return audience.get("group") == scope.id or (bool(landlord) and audience.get("landlord") == landlord)
    return False


def widest(scope: Scope, net: Network) -> dict[str, str]:
    """Give the audience that a scope allows at its widest; empty for everyone."""
    match scope.kind:
        case "all":
            return {}
        case "group":
            landlord = net.landlord_of(scope.id)
            return {"landlord": landlord} if landlord else {"group": scope.id}
    return {scope.kind: scope.id}


def inside(inner: Scope, outer: Scope, net: Network) -> bool:
    """Tell whether a scope lies in another, so that who holds a role there may give it here."""
    if outer.kind == "all" or (inner.kind, inner.id) == (outer.kind, outer.id):
        return True
    match inner.kind, outer.kind:
        case "group", "landlord":
            return net.landlord_of(inner.id) == outer.id
        case "group", "region":
            return net.only_in(net.landlord_of(inner.id), outer.id)
        case "landlord", "region":
            return net.only_in(inner.id, outer.id)
    return False


def as_scope(row: Row, net: Network) -> Scope:
    """Read a row of a role (or of an invitation) as a scope with its name. A row without a kind holds everywhere."""
    kind = row["scope_kind"] or "all"
    id = row["scope"] if kind != "all" else ""
    return Scope(kind, id, net.name(kind, id), row["role"])


def held(tx: Tx, person: int, net: Network, names: Iterable[str] = ORGANISING) -> tuple[Scope, ...]:
    """Give the scopes of someone's roles of these names, the widest first; each role for itself."""
    rows = tx.all("SELECT role, scope_kind, scope FROM role WHERE person = :id", id=person)
    wanted = set(names)
    found = {as_scope(row, net) for row in rows if row["role"] in wanted}
    return tuple(sorted((scope for scope in found if _whole(scope)), key=_place))


def _whole(scope: Scope) -> bool:
    """Tell whether a row says where its role holds. One that does not holds nowhere."""
    return scope.kind == "all" or (scope.kind in KINDS and bool(scope.id))


def _place(scope: Scope) -> tuple[int, str, int, str]:
    ranks = (*reversed(ORGANISING), "council_member")
    return KINDS.index(scope.kind), scope.name.casefold(), ranks.index(scope.role), scope.id


def scopes(tx: Tx, person: int) -> tuple[Scope, ...]:
    """Give where someone may organise, the widest first. Each place once, with the role that says most there."""
    found: dict[tuple[str, str], Scope] = {}
    for scope in held(tx, person, network(tx)):
        found.setdefault((scope.kind, scope.id), scope)
    return tuple(found.values())


def acts_for(tx: Tx, person: int, group: str) -> bool:
    """Tell whether someone may organise in the name of a group ('': the network), such as a meeting that all may see."""
    net = network(tx)
    return any(acts_within(scope, group, net) for scope in held(tx, person, net))


def covers(tx: Tx, person: int, group: str, audience: Mapping[str, str], names: Iterable[str] = ORGANISING) -> bool:
    """Tell whether someone may write to an audience in the name of a group, by their roles of these names. One scope must
    allow both. An empty audience is everyone; for what needs no audience, ask `acts_for`."""
    net = network(tx)
    return any(_allows(tx, scope, group, audience, net) for scope in held(tx, person, net, names))


def _allows(tx: Tx, scope: Scope, group: str, audience: Mapping[str, str], net: Network) -> bool:
    if not acts_within(scope, group, net):
        return False
    return contains(scope, audience, net) or _attended(tx, scope, audience.get("meeting", ""), net)


def _attended(tx: Tx, scope: Scope, meeting: str, net: Network) -> bool:
    """Tell whether an audience of who came to a meeting lies in a scope: that of the group whose meeting it was."""
    row = tx.one("SELECT tenant_group FROM meeting WHERE id = :id", id=meeting) if meeting else None
    return bool(row and row["tenant_group"]) and acts_within(scope, row["tenant_group"] if row else "", net)


def narrowest(tx: Tx, scope: Scope) -> dict[str, str]:
    """Give the audience that a scope allows at its widest: what an audience starts from."""
    return widest(scope, network(tx))


def may_release(tx: Tx, person: int, made_by: int | None, group: str, audience: Mapping[str, str]) -> bool:
    """Tell whether someone may be the second person: whoever might have made it, but never who did."""
    return person != made_by and covers(tx, person, group, audience)


def second_persons(tx: Tx, made_by: int | None, group: str, audience: Mapping[str, str]) -> list[int]:
    """Give everyone who may release what someone made, and can be reached."""
    rows = tx.all(
        "SELECT DISTINCT r.person FROM role r JOIN person p ON p.id = r.person"
        " WHERE p.unreachable = '' AND r.role IN ('organiser', 'staff', 'admin') ORDER BY r.person"
    )
    return [row["person"] for row in rows if may_release(tx, row["person"], made_by, group, audience)]


def may_give(tx: Tx, person: int, wanted: Scope) -> bool:
    """Tell whether someone may give, or take, the role and scope of `wanted`."""
    net = network(tx)
    mine = held(tx, person, net, GIVES)
    return any(wanted.role in GIVES[scope.role] and inside(wanted, scope, net) for scope in mine)


def givable(tx: Tx, person: int) -> dict[str, tuple[Scope, ...]]:
    """Give, for each role that someone may give, the scopes they may give it in, the widest first."""
    net = network(tx)
    mine = held(tx, person, net, GIVES)
    found: dict[str, tuple[Scope, ...]] = {}
    for role in GIVES["admin"]:
        from_here = [scope for scope in mine if role in GIVES[scope.role]]
        wanted = tuple(
            Scope(kind, id, name, role)
            for kind, id, name in _all_scopes(net)
            if any(inside(Scope(kind, id, name), outer, net) for outer in from_here)
        )
        if wanted:
            found[role] = wanted
    return found


def _all_scopes(net: Network) -> Iterable[tuple[str, str, str]]:
    yield "all", "", ""
    yield from (("region", region, region) for region in REGIONS)
    yield from (("landlord", id, name) for id, (name, _towns) in net.landlords.items())
    yield from (("group", id, name) for id, (name, _landlord) in net.groups.items())


def choices(tx: Tx, person: int, languages: Mapping[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Give, for each of AUDIENCE_KEYS, what someone may choose an audience by: id and name, within their scopes; nothing to
    who may not organise. `languages` are the own names of all languages."""
    net = network(tx)
    mine = held(tx, person, net)
    if not mine:
        return {}
    landlords = {id for scope in mine for id in _landlords(scope, net)}
    towns = {town for scope in mine for town in _towns(scope, net)}
    regions = {region for scope in mine for region in _regions(scope, net)}
    groups = [id for id in net.groups if any(inside(Scope("group", id, ""), scope, net) for scope in mine)]
    blocks = {block for scope in mine for block in _blocks(tx, widest(scope, net))}
    return {
        "region": tuple((region, region) for region in REGIONS if region in regions),
        "municipality": tuple((town, town) for town in sorted(towns)),
        "landlord": tuple((id, name) for id, (name, _towns) in net.landlords.items() if id in landlords),
        "block": tuple((block, block) for block in sorted(blocks)),
        "group": tuple((id, net.groups[id][0]) for id in groups),
        "language": tuple(languages.items()),
    }


def _landlords(scope: Scope, net: Network) -> tuple[str, ...]:
    match scope.kind:
        case "all":
            return tuple(net.landlords)
        case "region":
            return tuple(id for id, regions in net.regions_of.items() if scope.id in regions)
        case "landlord":
            return (scope.id,)
    return (net.landlord_of(scope.id),)


def _towns(scope: Scope, net: Network) -> tuple[str, ...]:
    towns = [town for id in _landlords(scope, net) if id in net.landlords for town in net.landlords[id][1]]
    return tuple(town for town in towns if scope.kind != "region" or places.region_of(town) == scope.id)


def _regions(scope: Scope, net: Network) -> tuple[str, ...]:
    if scope.kind == "all":
        return REGIONS
    return (scope.id,) if scope.kind == "region" else tuple(map(places.region_of, _towns(scope, net)))


def _blocks(tx: Tx, audience: Mapping[str, str]) -> list[str]:
    """Give the buildings, each of one landlord, in which at least ten people of a scope live: fewer must not be chosen."""
    columns = {"region": "province", "landlord": "landlord"}
    if not audience.keys() <= columns.keys():  # a group without a landlord has no buildings
        return []
    where = "".join(f" AND {columns[key]} = :{key}" for key in audience)
    rows = tx.all(
        f"SELECT block FROM person WHERE block <> ''{where} GROUP BY block, landlord HAVING count(*) >= {FLOOR}",
        **audience,
    )
    return [row["block"] for row in rows]
