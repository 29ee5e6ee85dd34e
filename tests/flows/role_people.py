"""Scopes, invitations and holders of roles that the conversations are played with. All of them are made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.facts import Facts
from flows.poll_facts import Scope
from flows.role_facts import ROLES, Holder, Invitation
from flows.talk import Flow
from tests.flows.people import GREET, knowing

WORD = "k3m9x2p7q4w8"
CODE = "0427"
MIA = replace(GREET, roles=("admin",), quiet="", quiet_until=None)
EVERYWHERE = Scope("all", "", "")
WEST = Scope("region", "West-Vlaanderen", "West-Vlaanderen")
IJZER = Scope("landlord", "ijzer", "De IJzer")
VEURNE = Scope("group", "har-veurne", "Huurdersraad Veurne")
ODD = Scope("group", "odd", "Groep <b>&{x}")
SCOPES = (EVERYWHERE, WEST, IJZER, VEURNE, ODD)
STATES = ("open", "accepted", "given", "refused", "expired", "void")

ASKED = Invitation(WORD, replace(VEURNE, role="organiser"), "open", date(2027, 3, 8))
INVITATIONS = {
    WORD: ASKED,
    "odd": replace(ASKED, scope=replace(ODD, role="staff")),
    "has": replace(ASKED, has_role=True, scope=replace(EVERYWHERE, role="admin")),
    **{f"mine-{state}": replace(ASKED, state=state, mine=True, code=CODE) for state in STATES},
    **{f"me-{state}": replace(ASKED, state=state, me=True, code=CODE) for state in STATES[1:]},
    **{state: replace(ASKED, state=state) for state in STATES[1:]},
}

HOLDERS = (
    Holder("aa11", 1, replace(EVERYWHERE, role="admin"), date(2027, 1, 4), me=True, last=True),
    Holder("bb22", 2, replace(VEURNE, role="organiser"), date(2026, 12, 1)),
    Holder("cc33", 2, replace(ODD, role="staff")),
)


def giving(facts: Facts) -> Facts:
    """Let someone give the roles that theirs gives, in all these scopes."""
    gives = {"admin": tuple(ROLES), "staff": ("organiser", "council_member")}
    wanted = {role for mine in facts.person.roles for role in gives.get(mine, ())}
    return replace(facts, givable={role: SCOPES for role in ROLES if role in wanted})


def at_desk(facts: Facts | None = None) -> Facts:
    """Give what Mia knows, who is admin and reads English."""
    return replace(giving(facts or knowing(MIA, language="en")), holders=HOLDERS)


def about_roles(facts: Facts, flow: Flow, subject: str) -> Facts:
    """Add what the runtime loads of roles for a flow. Where roles are listed, staff are admins too."""
    if "holders" in flow.knows and facts.person.is_staff:
        return at_desk(replace(facts, person=replace(facts.person, roles=("admin",))))
    return replace(
        giving(facts) if "givable" in flow.knows else facts,
        invitation=INVITATIONS.get(subject) if "invitation" in flow.knows else None,
    )
