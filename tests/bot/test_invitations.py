"""Invitations in the store: made, accepted, settled, and every way in which they must not give a role."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.changes import At, RefusedChange, apply
from bot.office import Hours
from bot.store import invitations, people, roles
from bot.store.db import Store, Tx
from bot.store.invitations import Gone, NotAllowed
from flows import poll_changes
from flows.poll_facts import Scope
from flows.role_facts import Invitation
from tests.bot.test_roles import AT_IJZER, EVERYONE, OF_KERN, OF_VEURNE, give, network
from tests.bot.world import VAULT, Town, in_store, name_of

LINK = "k3m9x2p7q4w8"
ROLE = Scope("group", "har-veurne", "", "organiser")
DAY_MS = 24 * 3600 * 1000


def invite(town: Town, by: str = "Mia", wanted: Scope = ROLE, link: str = LINK) -> int:
    """Let someone who is admin everywhere make an invitation; give their id."""
    if not town.tx.one("SELECT 1 AS yes FROM landlord"):
        network(town.tx)
    maker = town.person(by)
    if not people.roles(town.tx, maker):
        give(town, by, "admin", EVERYONE)
    invitations.make(town.tx, link, maker, wanted, town.now)
    return maker


def seen(town: Town, name: str, link: str = LINK) -> Invitation:
    """Give an invitation as someone sees it."""
    found = invitations.get(town.tx, link, town.person(name), town.now)
    assert found is not None
    return found


def held(town: Town, name: str) -> list[tuple[str, str, str]]:
    """Give someone's roles."""
    return [(row["role"], row["scope_kind"], row["scope"]) for row in people.roles(town.tx, town.person(name))]


def trail(town: Town) -> list[tuple[str, str, str, str]]:
    """Give the audit trail with names instead of ids."""
    names = {str(row["id"]): name_of(row["chat_sealed"]) for row in town.tx.all("SELECT id, chat_sealed FROM person")}

    def named(text: str) -> str:
        kind, _colon, id = text.rpartition(":")
        return f"{kind}:{names[id]}" if kind and id in names else names.get(text, text)

    rows = town.tx.all("SELECT * FROM audit ORDER BY id")
    return [(named(row["actor"]), row["act"], named(row["about"]), row["detail"]) for row in rows]


def at(town: Town, name: str) -> At:
    """Give where and for whom a change is applied."""
    row = people.get(town.tx, town.person(name))
    assert row is not None
    return At(town.tx, VAULT, row, town.now, Hours())


@in_store
def test_an_invitation_gives_a_role_only_when_its_maker_confirms(town: Town) -> None:
    mia = invite(town)
    assert seen(town, "Luc").state == "open"
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    assert seen(town, "Luc").state == "accepted"
    assert held(town, "Luc") == []
    assert town.told("invitation_accepted") == ["Mia"]
    invitations.settle(town.tx, LINK, mia, True, town.now)
    assert held(town, "Luc") == [("organiser", "group", "har-veurne")]
    assert town.told("role_given") == ["Luc"]
    assert trail(town) == [
        ("Mia", "invited", "invitation:k3m9x2", "organiser group har-veurne"),
        ("invited", "invitation accepted", "invitation:k3m9x2", "organiser group har-veurne"),
        ("Mia", "role given", "person:Luc", "organiser group har-veurne"),
    ]


@in_store
def test_the_maker_may_not_confirm_and_nobody_has_the_role(town: Town) -> None:
    mia = invite(town)
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    invitations.settle(town.tx, LINK, mia, False, town.now)
    assert held(town, "Luc") == []
    assert seen(town, "Luc").state == "refused"
    assert town.told("role_given") == ["Luc"]
    assert trail(town)[-1] == ("Mia", "role not given", "invitation:k3m9x2", "organiser group har-veurne")
    with pytest.raises(Gone):
        invitations.settle(town.tx, LINK, mia, True, town.now)


@in_store
def test_who_was_invited_may_refuse_and_the_maker_hears(town: Town) -> None:
    invite(town)
    invitations.refuse(town.tx, LINK, town.person("Luc"), town.now)
    assert seen(town, "Els").state == "refused"
    assert town.told("invitation_accepted") == ["Mia"]
    assert trail(town)[-1] == ("invited", "invitation refused", "invitation:k3m9x2", "organiser group har-veurne")
    for late in (invitations.accept, invitations.refuse):
        with pytest.raises(Gone):
            late(town.tx, LINK, town.person("Els"), town.now)


@in_store
def test_the_trail_names_nobody_without_a_role(town: Town) -> None:
    invite(town)
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    invite(town, link="another1another1")
    invitations.refuse(town.tx, "another1another1", town.person("Luc"), town.now)
    assert not [line for line in trail(town) if "Luc" in "".join(line)]
    assert not [line for line in trail(town) if LINK in "".join(line)]


@in_store
def test_a_link_works_once(town: Town) -> None:
    invite(town)
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    with pytest.raises(Gone):
        invitations.accept(town.tx, LINK, town.person("Els"), town.now)
    found = seen(town, "Luc")
    assert (found.me, seen(town, "Els").me) == (True, False)
    assert len(found.code) == 4
    assert found.code.isdecimal()


@in_store
def test_the_code_is_for_the_two_of_them_only(town: Town) -> None:
    invite(town)
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    greet = give(town, "Greet", "admin", EVERYONE)
    assert seen(town, "Mia").code == seen(town, "Luc").code != ""
    assert [seen(town, name).code for name in ("Els", "Greet")] == ["", ""]
    with pytest.raises(NotAllowed):
        invitations.settle(town.tx, LINK, greet, True, town.now)
    with pytest.raises(NotAllowed):
        invitations.settle(town.tx, LINK, town.person("Luc"), True, town.now)
    assert held(town, "Luc") == []


@in_store
def test_nobody_accepts_or_refuses_an_invitation_of_their_own(town: Town) -> None:
    mia = invite(town)
    for own in (invitations.accept, invitations.refuse):
        with pytest.raises(Gone):
            own(town.tx, LINK, mia, town.now)
    assert seen(town, "Luc").state == "open"


@in_store
def test_a_link_works_for_seven_days(town: Town) -> None:
    invite(town)
    town.now += 7 * DAY_MS - 1
    assert seen(town, "Luc").state == "open"
    town.now += 1
    assert seen(town, "Luc").state == "expired"
    with pytest.raises(Gone):
        invitations.accept(town.tx, LINK, town.person("Luc"), town.now)


@in_store
def test_the_maker_has_seven_days_from_the_yes(town: Town) -> None:
    mia = invite(town)
    town.now += 6 * DAY_MS
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    town.now += 7 * DAY_MS - 1
    assert seen(town, "Mia").state == "accepted"
    town.now += 1
    with pytest.raises(Gone):
        invitations.settle(town.tx, LINK, mia, True, town.now)
    assert (held(town, "Luc"), seen(town, "Luc").state) == ([], "expired")


@in_store
def test_an_old_invitation_is_forgotten_after_a_month(town: Town) -> None:
    invite(town)
    town.now += (7 + 30) * DAY_MS + 1
    invite(town, link="another1another1")
    assert invitations.get(town.tx, LINK, town.person("Luc"), town.now) is None


@pytest.mark.parametrize("accepted", [False, True])
@in_store
def test_an_invitation_of_someone_who_lost_their_role_is_void(town: Town, accepted: bool) -> None:
    mia = invite(town)
    if accepted:
        invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    town.tx.run("DELETE FROM role WHERE person = :id", id=mia)
    assert seen(town, "Luc").state == "void"
    with pytest.raises(Gone):
        invitations.accept(town.tx, LINK, town.person("Els"), town.now)
    with pytest.raises(Gone):
        invitations.settle(town.tx, LINK, mia, True, town.now)
    assert held(town, "Luc") == []


@in_store
def test_an_invitation_goes_with_whoever_erases_themselves(town: Town) -> None:
    mia = invite(town)
    invite(town, link="another1another1")
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    people.erase(town.tx, town.person("Luc"), town.now)
    assert invitations.get(town.tx, LINK, mia, town.now) is None
    people.erase(town.tx, mia, town.now)
    assert invitations.get(town.tx, "another1another1", town.person("Els"), town.now) is None
    assert {actor for actor, *_rest in trail(town)} == {"erased", "invited"}


@in_store
def test_who_has_the_role_already_is_told_so(town: Town) -> None:
    invite(town)
    give(town, "Luc", "organiser", OF_VEURNE)
    give(town, "Els", "organiser", OF_KERN)
    assert (seen(town, "Luc").has_role, seen(town, "Els").has_role) == (True, False)


@in_store
def test_a_role_that_was_given_meanwhile_is_given_once(town: Town) -> None:
    mia = invite(town)
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    give(town, "Luc", "organiser", OF_VEURNE)
    invitations.settle(town.tx, LINK, mia, True, town.now)
    assert held(town, "Luc") == [("organiser", "group", "har-veurne")]


@pytest.mark.parametrize(
    ("role", "scope", "wanted"),
    [
        ("staff", EVERYONE, Scope("group", "har-veurne", "", "staff")),
        ("staff", OF_KERN, ROLE),
        ("admin", AT_IJZER, Scope("all", "", "", "organiser")),
        ("organiser", EVERYONE, ROLE),
        ("admin", EVERYONE, Scope("all", "", "", "emperor")),
    ],
)
@in_store
def test_what_a_flow_shows_is_no_permission(town: Town, role: str, scope: Scope, wanted: Scope) -> None:
    network(town.tx)
    give(town, "Els", role, scope)
    change = poll_changes.MakeInvitation(LINK, wanted.role, wanted.kind, wanted.id)
    with pytest.raises(RefusedChange) as refused:
        apply(change, at(town, "Els"))
    assert refused.value.keys == ("role", "sure")
    assert (town.tx.all("SELECT * FROM invitation"), trail(town)) == ([], [])


@in_store
def test_a_word_that_could_be_guessed_is_no_invitation(town: Town) -> None:
    network(town.tx)
    give(town, "Mia", "admin", EVERYONE)
    with pytest.raises(ValueError, match="12 to 24"):
        apply(poll_changes.MakeInvitation("mia", "organiser", "all", ""), at(town, "Mia"))


@in_store
def test_roles_are_listed_by_number_with_the_day_they_were_given(town: Town) -> None:
    mia = invite(town)
    invitations.accept(town.tx, LINK, town.person("Luc"), town.now)
    town.now += DAY_MS
    invitations.settle(town.tx, LINK, mia, True, town.now)
    give(town, "Luc", "council_member", OF_KERN)
    listed = invitations.holders(town.tx, mia)
    assert {(holder.scope.role, holder.scope.name, holder.me, holder.last) for holder in listed} == {
        ("admin", "", True, True),
        ("organiser", "Huurdersraad Veurne", False, False),
        ("council_member", "Kerngroep", False, False),
    }
    luc = {holder.scope.role: holder for holder in listed if not holder.me}
    assert {holder.number for holder in listed} == {1, 2}
    assert len({holder.number for holder in luc.values()}) == 1
    since = {role: holder.since and holder.since.isoformat() for role, holder in luc.items()}
    assert since == {"organiser": "2027-03-02", "council_member": None}
    ids = "".join(holder.id for holder in listed)
    assert str(mia) not in ids
    assert str(town.person("Luc")) not in ids


@in_store
def test_an_admin_of_a_landlord_lists_and_takes_what_lies_there(town: Town) -> None:
    network(town.tx)
    mia = give(town, "Mia", "admin", AT_IJZER)
    greet = give(town, "Greet", "admin", EVERYONE)
    give(town, "Luc", "organiser", OF_VEURNE)
    give(town, "Els", "organiser", OF_KERN)
    assert {holder.scope.name for holder in invitations.holders(town.tx, mia)} == {"De IJzer", "Huurdersraad Veurne"}
    elsewhere = next(holder for holder in invitations.holders(town.tx, greet) if holder.scope.id == "kern")
    with pytest.raises(NotAllowed):
        invitations.take(town.tx, elsewhere.id, mia, town.now)
    assert held(town, "Els") == [("organiser", "group", "kern")]


@pytest.mark.parametrize("role", ["staff", "organiser", "council_member"])
@in_store
def test_only_an_admin_lists_roles_and_takes_them(town: Town, role: str) -> None:
    network(town.tx)
    mia, els = give(town, "Mia", "admin", EVERYONE), give(town, "Els", role, EVERYONE)
    assert invitations.holders(town.tx, els) == ()
    with pytest.raises(NotAllowed):
        invitations.take(town.tx, invitations.holders(town.tx, mia)[0].id, els, town.now)


@in_store
def test_a_role_is_taken_away_once_and_its_holder_is_told(town: Town) -> None:
    network(town.tx)
    mia = give(town, "Mia", "admin", EVERYONE)
    give(town, "Luc", "organiser", OF_VEURNE)
    (luc,) = (holder for holder in invitations.holders(town.tx, mia) if not holder.me)
    invitations.take(town.tx, luc.id, mia, town.now)
    assert (held(town, "Luc"), town.told("role_taken")) == ([], ["Luc"])
    assert trail(town) == [("Mia", "role taken", "person:Luc", "organiser group har-veurne")]
    with pytest.raises(RefusedChange) as refused:
        apply(poll_changes.TakeRole(luc.id), at(town, "Mia"))
    assert refused.value.keys == ("sure",)


@in_store
def test_an_admin_takes_any_role_of_their_own_but_the_last_as_admin(town: Town) -> None:
    network(town.tx)
    mia = give(town, "Mia", "admin", EVERYONE)
    give(town, "Mia", "admin", AT_IJZER)
    give(town, "Mia", "staff", EVERYONE)
    kept = {(holder.scope.role, holder.scope.kind): holder for holder in invitations.holders(town.tx, mia)}
    assert not any(holder.last for holder in kept.values())
    for which in (("staff", "all"), ("admin", "landlord")):
        invitations.take(town.tx, kept[which].id, mia, town.now)
    assert [holder.last for holder in invitations.holders(town.tx, mia)] == [True]
    with pytest.raises(NotAllowed):
        invitations.take(town.tx, kept["admin", "all"].id, mia, town.now)
    assert held(town, "Mia") == [("admin", "all", "")]
    assert town.told("role_taken") == []


@in_store
def test_another_admin_may_take_the_last_role_of_an_admin(town: Town) -> None:
    network(town.tx)
    mia, greet = give(town, "Mia", "admin", EVERYONE), give(town, "Greet", "admin", EVERYONE)
    (other,) = (holder for holder in invitations.holders(town.tx, greet) if not holder.me)
    invitations.take(town.tx, other.id, greet, town.now)
    assert roles.scopes(town.tx, mia) == ()


async def test_of_two_who_accept_at_once_one_is_too_late(store: Store) -> None:
    def prepare(tx: Tx) -> list[int]:
        town = Town(tx)
        invite(town)
        return [town.person(name) for name in ("Luc", "Els", "Jef", "An")]

    invited = await store.write(prepare)

    def accepts(person: int) -> Callable[[Tx], bool]:
        def job(tx: Tx) -> bool:
            try:
                invitations.accept(tx, LINK, person, Town(tx).now)
            except Gone:
                return False
            return True

        return job

    accepted = await asyncio.gather(*(store.write(accepts(person)) for person in invited))
    assert sorted(accepted) == [False, False, False, True]
