"""Organisers in the small town: two groups, who keeps their meetings, and orders given as a finished flow gives them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import bot.meeting_changes  # noqa: F401  its functions apply the orders
from bot.changes import At, RefusedChange, apply
from bot.facts import FactsLoader
from bot.office import Hours
from bot.store import broadcasts, people
from bot.store.db import Row
from flows import load as load_flows
from flows.facts import Facts, Help
from flows.meeting_orders import PutMeeting
from flows.organised_facts import MeetingPlan, OrganisedMeeting
from flows.talk import Change
from tests.bot.test_intake import GREET
from tests.bot.world import MEETING, VAULT, Town

NETWORK: dict[str, list[dict[str, Any]]] = {
    "landlords": [
        {"id": "ijzer", "name": "De IJzer", "municipalities": ["Veurne"]},
        {"id": "leie", "name": "Leiestreek", "municipalities": ["Gent"]},
    ],
    "groups": [
        {"id": "har-veurne", "name": "Huurdersraad Veurne", "kind": "council", "landlord": "ijzer"},
        {"id": "huurders-gent", "name": "Huurdersgroep Gent", "kind": "local", "landlord": "leie"},
    ],
}
ORGANISER = {"telegram": GREET, "role": "organiser", "scope": {"group": "har-veurne"}}  # where Greet is one
PLAN = MeetingPlan(
    kind="residents",
    group="har-veurne",
    theme={"nl": "Nieuwe ramen"},
    start=datetime.fromisoformat("2027-03-25T19:00"),
    minutes=90,
    place="De Linde",
    address="Kerkstraat 1, 8630 Veurne",
    municipality="Veurne",
    province="West-Vlaanderen",
    capacity=2,
    languages=("nl",),
    contact="03 000 30 15",
)


def settle(town: Town) -> None:
    """Bring two groups to the town: Luc organises in Veurne, Nora in Gent, Greet is staff, Amina rents."""
    for landlord in NETWORK["landlords"]:
        town.tx.run(
            "INSERT INTO landlord (id, name, municipalities) VALUES (:id, :name, :towns) ON CONFLICT (id) DO NOTHING",
            id=landlord["id"],
            name=landlord["name"],
            towns=json.dumps(landlord["municipalities"]),
        )
    for group in NETWORK["groups"]:
        town.tx.run(
            "INSERT INTO tenant_group (id, name, kind, landlord) VALUES (:id, :name, :kind, :landlord)"
            " ON CONFLICT (id) DO NOTHING",
            **group,
        )
    role(town, "Luc", "organiser", "group", "har-veurne")
    role(town, "Nora", "organiser", "group", "huurders-gent")
    role(town, "Greet", "staff", "all", "")


def role(town: Town, name: str, role: str, kind: str, scope: str) -> None:
    """Give someone a role."""
    town.tx.run(
        "INSERT INTO role (person, role, scope_kind, scope) VALUES (:person, :role, :kind, :scope)"
        " ON CONFLICT (person, role, scope_kind, scope) DO NOTHING",
        person=town.person(name),
        role=role,
        kind=kind,
        scope=scope,
    )
    town.tx.run("UPDATE person SET unreachable = '' WHERE id = :id", id=town.person(name))


def order(town: Town, name: str, change: Change) -> None:
    """Apply what a flow of this person ended with. Raises RefusedChange."""
    row = people.get(town.tx, town.person(name))
    assert row is not None
    apply(change, At(town.tx, VAULT, row, town.now, Hours()))


def refusal(town: Town, name: str, change: Change) -> str:
    """Give the English sentence with which a change is refused; nothing when it is not."""
    try:
        order(town, name, change)
    except RefusedChange as refused:
        return refused.why.id
    return ""


def made(town: Town, id: str = MEETING, by: str = "Luc", **changes: Any) -> str:
    """Bring up the groups, and let someone make a meeting; give its id."""
    settle(town)
    order(town, by, PutMeeting(id, replace(PLAN, **changes)))
    return id


def row(town: Town, id: str = MEETING) -> Row:
    """Load a meeting."""
    found = town.tx.one("SELECT * FROM meeting WHERE id = :id", id=id)
    assert found is not None
    return found


def acts(town: Town) -> list[str]:
    """Give what stands in the audit trail, oldest first."""
    return [line["act"] for line in town.tx.all("SELECT act FROM audit ORDER BY id")]


def seen_by(town: Town, name: str, flow: str, subject: str = "") -> Facts:
    """Load the facts of a flow for someone, as a turn does."""
    person = people.get(town.tx, town.person(name))
    assert person is not None
    flows = load_flows()
    loader = FactsLoader(flows, {"nl": "Nederlands"}, Help(), VAULT)
    return loader.load(town.tx, flows[flow], subject, person, town.now)


def hub(town: Town, name: str = "Luc", flow: str = "meeting_hub", subject: str = MEETING) -> OrganisedMeeting:
    """Give the meeting as someone who keeps it sees it."""
    (one,) = seen_by(town, name, flow, subject).organised
    return one


def consenting(town: Town, n: int, landlord: str = "ijzer", municipality: str = "Veurne") -> None:
    """Let so many tenants of a landlord want messages about meetings."""
    for number in range(n):
        name = f"{landlord[0]}{number}"
        town.consent(name, "meetings")
        town.tx.run(
            "UPDATE person SET landlord = :landlord, municipality = :town, unreachable = '' WHERE id = :id",
            landlord=landlord,
            town=municipality,
            id=town.person(name),
        )


def invitations(town: Town) -> list[Row]:
    """Give what was ordered."""
    return town.tx.all("SELECT * FROM broadcast ORDER BY id")


def send(town: Town) -> list[Row]:
    """Wait ten minutes, and make the rows of every invitation that is due; give those to be sent."""
    town.now += 10 * 60 * 1000
    while broadcasts.step(town.tx, town.now):
        pass
    return [delivery for delivery in town.deliveries("meeting_invitation") if delivery["state"] != "expired"]
