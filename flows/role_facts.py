"""What a flow may know of roles: those that may be given and where, an invitation, and who holds what, without a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.messages import Msg, Name, Text, _
from flows.poll_facts import Scope

ROLES: Mapping[str, Msg] = {
    "organiser": _("Organiser"),
    "council_member": _("Council member"),
    "staff": _("Staff"),
    "admin": _("Admin"),
}

MEANS: Mapping[str, Msg] = {
    "organiser": _("You can make polls and meetings. You see numbers. You see no names."),
    "council_member": _("You belong to the tenants' council. You see no names of tenants."),
    "staff": _("You answer questions of tenants. You see what they write. You do not see who they are."),
    "admin": _("You can do all that staff can do. You also give roles and take them away."),
}

SCOPE_KINDS: Mapping[str, Msg] = {
    "group": _("One tenants' group"),
    "landlord": _("One landlord"),
    "region": _("One province"),
    "all": _("Everywhere"),
}


@dataclass(frozen=True)
class Place:
    """A scope that can be picked from a list."""

    scope: Scope

    @property
    def id(self) -> str:
        """Give what stands for it on a button: only regions are written with capitals."""
        return self.scope.id.lower() or "all"

    @property
    def button(self) -> Text:
        """Give its name, as it stands on a button."""
        return self.scope.button


@dataclass(frozen=True)
class Invitation:
    """An invitation as its maker, or whoever opened its link, may see it.

    `state` is open, accepted, given, refused, expired, or void: who made it may not give this role any more.
    """

    id: str
    scope: Scope
    state: str
    expires: date
    mine: bool = False  # this reader made it
    me: bool = False  # this reader said yes to it
    has_role: bool = False  # this reader has the role already
    code: str = ""  # four digits, for the two of them only

    @property
    def role(self) -> Text:
        """Give the role in words."""
        return role_name(self.scope.role)


@dataclass(frozen=True)
class Holder:
    """Someone who holds a role: a number instead of a name, the same for all the roles of one person."""

    id: str
    number: int
    scope: Scope
    since: date | None = None
    me: bool = False
    last: bool = False  # this reader's own last role as admin, which they cannot take away

    @property
    def button(self) -> Text:
        """Give the short line that stands on a button."""
        params = {"n": self.number, "role": role_name(self.scope.role), "place": self.scope.button}
        return _("{n}. {role}: {place} (you)", **params) if self.me else _("{n}. {role}: {place}", **params)


def role_name(role: str) -> Text:
    """Give a role in words."""
    return ROLES.get(role, Name(role))
