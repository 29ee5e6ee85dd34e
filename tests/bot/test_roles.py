"""Every role, in every kind of scope, with every act: who may speak for whom, write to whom, release, and give a role."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from bot import places
from bot.store import roles
from bot.store.db import Tx
from flows.poll_facts import AUDIENCE_KEYS, REGIONS, Scope
from tests.bot.world import Town, in_store

WEST, EAST = "West-Vlaanderen", "Oost-Vlaanderen"
LANDLORDS = {  # De IJzer lets in one province, Kust en Leie in two
    "ijzer": ("De IJzer", ["Veurne", "Diksmuide"]),
    "leie": ("Leiestreek", ["Gent", "Deinze"]),
    "mixed": ("Kust en Leie", ["Oostende", "Gent"]),
}
GROUPS = {
    "har-veurne": ("Huurdersraad Veurne", "ijzer"),
    "gent": ("Huurdersgroep Gent", "leie"),
    "kern": ("Kerngroep", "mixed"),
    "loose": ("Losse groep", None),
}
EVERYONE = Scope("all", "", "")
IN_WEST, IN_EAST = Scope("region", WEST, WEST), Scope("region", EAST, EAST)
AT_IJZER, AT_MIXED = Scope("landlord", "ijzer", "De IJzer"), Scope("landlord", "mixed", "Kust en Leie")
OF_VEURNE = Scope("group", "har-veurne", "Huurdersraad Veurne")
OF_KERN, OF_LOOSE = Scope("group", "kern", "Kerngroep"), Scope("group", "loose", "Losse groep")
SCOPES = (EVERYONE, IN_WEST, IN_EAST, AT_IJZER, AT_MIXED, OF_VEURNE, OF_KERN, OF_LOOSE)
ROLES = ("council_member", "organiser", "staff", "admin")

ACTS: Mapping[str, tuple[str, dict[str, str]]] = {
    "everyone": ("", {}),
    "a province": ("", {"region": WEST}),
    "a town": ("", {"municipality": "Veurne"}),
    "a town that nobody knows": ("", {"municipality": "Nergenshuizen"}),
    "one language": ("", {"language": "nl"}),
    "one building, of whichever landlord": ("", {"block": "B2"}),
    "a landlord": ("", {"landlord": "ijzer"}),
    "a landlord's building": ("", {"landlord": "ijzer", "block": "B2"}),
    "a group's people": ("", {"group": "har-veurne"}),
    "the group, to its landlord": ("har-veurne", {"landlord": "ijzer"}),
    "the group, to its own people": ("har-veurne", {"group": "har-veurne"}),
    "the group, to its province": ("har-veurne", {"region": WEST}),
    "the group, to another province": ("har-veurne", {"region": EAST}),
    "the group, to everyone": ("har-veurne", {}),
    "the group, to no landlord at all": ("har-veurne", {"landlord": ""}),
    "another group, to this landlord": ("gent", {"landlord": "ijzer"}),
    "a group of two provinces, to one of them": ("kern", {"region": WEST}),
    "a group of two provinces, to its landlord": ("kern", {"landlord": "mixed"}),
    "a group without a landlord, to its people": ("loose", {"group": "loose"}),
    "a group without a landlord, to no landlord at all": ("loose", {"landlord": ""}),
    "a group that is gone, to its people": ("gone", {"group": "gone"}),
}
MAY: Mapping[Scope, set[str]] = {
    EVERYONE: set(ACTS),
    IN_WEST: {"a province", "a town", "the group, to its province"},
    IN_EAST: set(),
    AT_IJZER: {
        "a landlord",
        "a landlord's building",
        "a group's people",
        "the group, to its landlord",
        "the group, to its own people",
    },
    AT_MIXED: {"a group of two provinces, to its landlord"},
    OF_VEURNE: {"the group, to its landlord", "the group, to its own people"},
    OF_KERN: {"a group of two provinces, to its landlord"},
    OF_LOOSE: {"a group without a landlord, to its people"},
}
SPEAKS: Mapping[Scope, set[str]] = {  # '' is the network
    EVERYONE: {"", "har-veurne", "gent", "kern", "loose"},
    IN_WEST: {"", "har-veurne"},
    IN_EAST: {"", "gent"},
    AT_IJZER: {"", "har-veurne"},
    AT_MIXED: {"", "kern"},
    OF_VEURNE: {"har-veurne"},
    OF_KERN: {"kern"},
    OF_LOOSE: {"loose"},
}
INSIDE: Mapping[Scope, set[Scope]] = {
    EVERYONE: set(SCOPES),
    IN_WEST: {IN_WEST, AT_IJZER, OF_VEURNE},
    IN_EAST: {IN_EAST},
    AT_IJZER: {AT_IJZER, OF_VEURNE},
    AT_MIXED: {AT_MIXED, OF_KERN},
    OF_VEURNE: {OF_VEURNE},
    OF_KERN: {OF_KERN},
    OF_LOOSE: {OF_LOOSE},
}
GIVES = {"admin": set(ROLES), "staff": {"organiser", "council_member"}, "organiser": set(), "council_member": set()}

each_scope = pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.id or scope.kind)
each_role = pytest.mark.parametrize("role", ROLES)


def network(tx: Tx) -> None:
    """Fill in the landlords and groups."""
    for id, (name, towns) in LANDLORDS.items():
        tx.run(
            "INSERT INTO landlord (id, name, municipalities) VALUES (:id, :name, :towns)",
            id=id,
            name=name,
            towns=json.dumps(towns),
        )
    for id, (name, landlord) in GROUPS.items():
        tx.run(
            "INSERT INTO tenant_group (id, name, kind, landlord) VALUES (:id, :name, 'local', :landlord)",
            id=id,
            name=name,
            landlord=landlord,
        )


def give(town: Town, name: str, role: str, scope: Scope) -> int:
    """Give someone a role; give their id."""
    person = town.person(name)
    town.tx.run(
        "INSERT INTO role (person, role, scope_kind, scope) VALUES (:person, :role, :kind, :scope)",
        person=person,
        role=role,
        kind=scope.kind,
        scope=scope.id,
    )
    return person


def lives(town: Town, count: int, *, block: str, landlord: str, province: str = WEST) -> None:
    """Let so many people live in a building."""
    for n in range(count):
        person = town.person(f"{block[:1]}{landlord[:2]}{n}")
        town.tx.run(
            "UPDATE person SET block = :block, landlord = :landlord, province = :province WHERE id = :id",
            block=block,
            landlord=landlord,
            province=province,
            id=person,
        )


@each_role
@each_scope
@in_store
def test_a_role_writes_to_who_is_provably_within_its_scope(town: Town, scope: Scope, role: str) -> None:
    network(town.tx)
    luc = give(town, "Luc", role, scope)
    may = {act for act, (group, audience) in ACTS.items() if roles.covers(town.tx, luc, group, audience)}
    assert may == (set() if role == "council_member" else MAY[scope])


@each_role
@each_scope
@in_store
def test_who_might_have_made_it_may_release_it_but_never_who_did(town: Town, scope: Scope, role: str) -> None:
    network(town.tx)
    luc, els = give(town, "Luc", "organiser", EVERYONE), give(town, "Els", role, scope)
    for act, (group, audience) in ACTS.items():
        wanted = role != "council_member" and act in MAY[scope]
        assert roles.may_release(town.tx, els, luc, group, audience) == wanted, act
        assert not roles.may_release(town.tx, luc, luc, group, audience), act
        assert roles.second_persons(town.tx, luc, group, audience) == ([els] if wanted else []), act


@each_role
@each_scope
@in_store
def test_a_role_speaks_for_the_groups_within_its_scope(town: Town, scope: Scope, role: str) -> None:
    network(town.tx)
    luc = give(town, "Luc", role, scope)
    speaks = {group for group in ("", *GROUPS) if roles.acts_for(town.tx, luc, group)}
    assert speaks == (set() if role == "council_member" else SPEAKS[scope])


@each_role
@each_scope
@in_store
def test_a_role_is_given_by_admins_and_partly_by_staff_within_their_scope(town: Town, scope: Scope, role: str) -> None:
    network(town.tx)
    els = give(town, "Els", role, scope)
    may = {
        (wanted, inner)
        for wanted in ROLES
        for inner in SCOPES
        if roles.may_give(town.tx, els, Scope(inner.kind, inner.id, "", wanted))
    }
    assert may == {(wanted, inner) for wanted in GIVES[role] for inner in INSIDE[scope]}


@each_role
@each_scope
@in_store
def test_what_may_be_given_is_offered_and_nothing_else(town: Town, scope: Scope, role: str) -> None:
    network(town.tx)
    els = give(town, "Els", role, scope)
    offered = roles.givable(town.tx, els)
    assert set(offered) == GIVES[role]
    for wanted, places_of in offered.items():
        assert all(roles.may_give(town.tx, els, place) and place.role == wanted for place in places_of)
        found = {(place.kind, place.id) for place in places_of}
        assert found >= {(inner.kind, inner.id) for inner in INSIDE[scope]}
    assert scope.kind != "all" or all(
        len(p) == 1 + len(REGIONS) + len(LANDLORDS) + len(GROUPS) for p in offered.values()
    )


@in_store
def test_a_scope_begins_with_the_audience_that_it_allows_at_its_widest(town: Town) -> None:
    network(town.tx)
    luc = {scope: give(town, f"Luc{n}", "organiser", scope) for n, scope in enumerate(SCOPES)}
    widest = {scope: roles.narrowest(town.tx, scope) for scope in SCOPES}
    assert widest == {
        EVERYONE: {},
        IN_WEST: {"region": WEST},
        IN_EAST: {"region": EAST},
        AT_IJZER: {"landlord": "ijzer"},
        AT_MIXED: {"landlord": "mixed"},
        OF_VEURNE: {"landlord": "ijzer"},
        OF_KERN: {"landlord": "mixed"},
        OF_LOOSE: {"group": "loose"},
    }
    for scope, audience in widest.items():
        group = scope.id if scope.kind == "group" else ""
        assert roles.covers(town.tx, luc[scope], group, audience)
        assert roles.covers(town.tx, luc[scope], group, {**audience, "language": "ar", "block": "B2"})


@in_store
def test_two_scopes_do_not_add_up_to_a_third(town: Town) -> None:
    """Who speaks for a group in Veurne and organises in another province does not write there in the group's name."""
    network(town.tx)
    luc = give(town, "Luc", "organiser", OF_VEURNE)
    give(town, "Luc", "organiser", IN_EAST)
    assert roles.covers(town.tx, luc, "har-veurne", {"landlord": "ijzer"})
    assert roles.covers(town.tx, luc, "", {"region": EAST})
    assert not roles.covers(town.tx, luc, "har-veurne", {"region": EAST})


@in_store
def test_those_who_came_to_a_meeting_lie_in_the_scope_of_its_group(town: Town) -> None:
    network(town.tx)
    town.meeting(group="har-veurne")
    town.meeting(id="of-nobody")
    luc, els = give(town, "Luc", "organiser", OF_VEURNE), give(town, "Els", "organiser", OF_KERN)
    region = give(town, "Mia", "organiser", IN_WEST)
    assert roles.covers(town.tx, luc, "har-veurne", {"meeting": "veurne-maart"})
    assert not roles.covers(town.tx, els, "kern", {"meeting": "veurne-maart"})
    assert not roles.covers(town.tx, luc, "har-veurne", {"meeting": "of-nobody"})
    assert not roles.covers(town.tx, region, "", {"meeting": "of-nobody"})


@in_store
def test_scopes_are_shown_by_name_the_widest_first_each_once(town: Town) -> None:
    network(town.tx)
    luc = give(town, "Luc", "organiser", OF_VEURNE)
    for role, scope in [
        ("staff", OF_VEURNE),
        ("council_member", OF_KERN),
        ("organiser", AT_IJZER),
        ("organiser", IN_WEST),
        ("staff", EVERYONE),
        ("organiser", Scope("group", "gone", "")),
    ]:
        give(town, "Luc", role, scope)
    assert roles.scopes(town.tx, luc) == (
        Scope("all", "", "", "staff"),
        Scope("region", WEST, WEST, "organiser"),
        Scope("landlord", "ijzer", "De IJzer", "organiser"),
        Scope("group", "gone", "gone", "organiser"),
        Scope("group", "har-veurne", "Huurdersraad Veurne", "staff"),
    )
    assert roles.scopes(town.tx, town.person("Amina")) == ()


@pytest.mark.parametrize("kind", ["group", "landlord", "region", "planet"])
@in_store
def test_a_role_that_does_not_say_where_holds_nowhere(town: Town, kind: str) -> None:
    network(town.tx)
    luc = give(town, "Luc", "admin", Scope(kind, "" if kind != "planet" else "mars", ""))
    assert roles.scopes(town.tx, luc) == ()
    assert roles.choices(town.tx, luc, {"nl": "Nederlands"}) == {}
    assert not any(roles.covers(town.tx, luc, group, audience) for group, audience in ACTS.values())
    assert not roles.covers(town.tx, luc, "", {"region": "", "landlord": "", "group": ""})


@in_store
def test_a_second_person_can_be_reached(town: Town) -> None:
    network(town.tx)
    luc, els = give(town, "Luc", "organiser", OF_VEURNE), give(town, "Els", "organiser", OF_VEURNE)
    greet = give(town, "Greet", "admin", EVERYONE)
    asked = ("har-veurne", {"landlord": "ijzer"})
    assert roles.second_persons(town.tx, luc, *asked) == sorted([els, greet])
    town.tx.run("UPDATE person SET unreachable = 'blocked' WHERE id = :id", id=els)
    assert roles.second_persons(town.tx, luc, *asked) == [greet]
    assert roles.second_persons(town.tx, None, *asked) == sorted([luc, greet])


CHOICES: Mapping[Scope, dict[str, set[str]]] = {
    EVERYONE: {
        "region": set(REGIONS),
        "municipality": {"Veurne", "Diksmuide", "Gent", "Deinze", "Oostende"},
        "landlord": set(LANDLORDS),
        "block": {"A", "E"},
        "group": set(GROUPS),
    },
    IN_WEST: {
        "region": {WEST},
        "municipality": {"Veurne", "Diksmuide", "Oostende"},
        "landlord": {"ijzer", "mixed"},
        "block": {"A"},
        "group": {"har-veurne"},
    },
    AT_MIXED: {
        "region": {WEST, EAST},
        "municipality": {"Oostende", "Gent"},
        "landlord": {"mixed"},
        "block": set(),
        "group": {"kern"},
    },
    OF_VEURNE: {
        "region": {WEST},
        "municipality": {"Veurne", "Diksmuide"},
        "landlord": {"ijzer"},
        "block": {"A"},
        "group": {"har-veurne"},
    },
    OF_LOOSE: {"region": set(), "municipality": set(), "landlord": set(), "block": set(), "group": {"loose"}},
}


@pytest.mark.parametrize("scope", CHOICES, ids=lambda scope: scope.id or scope.kind)
@in_store
def test_an_audience_is_chosen_from_what_lies_in_the_scope(town: Town, scope: Scope) -> None:
    """A building counts for one landlord, and only from ten people: nine in B, and five and five in C, are no choice."""
    network(town.tx)
    lives(town, 10, block="A", landlord="ijzer")
    lives(town, 9, block="B", landlord="ijzer")
    lives(town, 5, block="C", landlord="ijzer")
    lives(town, 5, block="C", landlord="mixed")
    lives(town, 10, block="E", landlord="leie", province=EAST)
    luc = give(town, "Luc", "organiser", scope)
    choices = roles.choices(town.tx, luc, {"nl": "Nederlands", "ar": "العربية"})
    assert tuple(choices) == AUDIENCE_KEYS
    assert choices.pop("language") == (("nl", "Nederlands"), ("ar", "العربية"))
    assert {key: {id for id, _name in values} for key, values in choices.items()} == CHOICES[scope]
    assert {name for _id, name in choices["group"]} == {GROUPS[id][0] for id in CHOICES[scope]["group"]}


@in_store
def test_a_building_of_two_provinces_counts_its_people_in_one(town: Town) -> None:
    network(town.tx)
    lives(town, 9, block="K", landlord="mixed", province=WEST)
    person = town.person("Els")
    town.tx.run("UPDATE person SET block = 'K', landlord = 'mixed', province = :p WHERE id = :id", p=EAST, id=person)
    west, mixed = give(town, "Luc", "organiser", IN_WEST), give(town, "Mia", "organiser", AT_MIXED)
    assert roles.choices(town.tx, west, {})["block"] == ()
    assert roles.choices(town.tx, mixed, {})["block"] == (("K", "K"),)


@in_store
def test_who_may_not_organise_has_nothing_to_choose(town: Town) -> None:
    network(town.tx)
    assert roles.choices(town.tx, give(town, "Amina", "council_member", EVERYONE), {"nl": "Nederlands"}) == {}


@pytest.mark.parametrize(
    ("town", "region"),
    [("Veurne", WEST), ("Gent", EAST), ("Elsene", "Brussel"), ("Namen", "Namen"), ("Nergenshuizen", ""), ("", "")],
)
def test_a_town_lies_in_one_region(town: str, region: str) -> None:
    assert places.region_of(town) == region


def test_every_region_that_can_be_chosen_has_towns() -> None:
    assert {places.region_of(town) for town in ("Antwerpen", "Hasselt", "Gent", "Leuven", "Brugge", "Brussel")} == set(
        REGIONS
    )
