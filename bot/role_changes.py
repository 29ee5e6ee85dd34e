"""Apply what flows ask of roles: invite, say yes or no, give, take away. Rights are checked here: what a flow shows is none."""

from __future__ import annotations

import re

from bot.changes import At, RefusedChange, apply
from bot.store import invitations
from flows import poll_changes
from flows.messages import _
from flows.poll_facts import Scope

WORD = re.compile(r"[a-z0-9]{12,24}")  # long enough that nobody guesses it, short enough for a link
NOT_ALLOWED = _("You may not give or take this role.")


@apply.register
def _make(change: poll_changes.MakeInvitation, at: At) -> None:
    if not WORD.fullmatch(change.id):
        raise ValueError(f"expected a random word of 12 to 24 letters for an invitation, not {len(change.id)}")
    wanted = Scope(change.scope_kind, change.scope, "", change.role)
    try:
        invitations.make(at.tx, change.id, at.person["id"], wanted, at.now)
    except invitations.NotAllowed as refused:
        raise RefusedChange(("role", "sure"), NOT_ALLOWED) from refused


@apply.register
def _accept(change: poll_changes.AcceptInvitation, at: At) -> None:
    try:
        invitations.accept(at.tx, change.id, at.person["id"], at.now)
    except invitations.Gone as gone:
        raise RefusedChange(("sure",), _("That was just too late.")) from gone


@apply.register
def _refuse(change: poll_changes.RefuseInvitation, at: At) -> None:
    try:
        invitations.refuse(at.tx, change.id, at.person["id"], at.now)
    except invitations.Gone as gone:
        raise RefusedChange(("sure",), _("That was just too late.")) from gone


@apply.register
def _settle(change: poll_changes.SettleInvitation, at: At) -> None:
    try:
        invitations.settle(at.tx, change.id, at.person["id"], change.give, at.now)
    except invitations.Gone as gone:
        raise RefusedChange(("sure",), _("That was just too late.")) from gone
    except invitations.NotAllowed as refused:
        raise RefusedChange(("sure",), NOT_ALLOWED) from refused


@apply.register
def _take(change: poll_changes.TakeRole, at: At) -> None:
    try:
        invitations.take(at.tx, change.holder, at.person["id"], at.now)
    except invitations.Gone as gone:
        raise RefusedChange(("sure",), _("That role is gone already.")) from gone
    except invitations.NotAllowed as refused:
        raise RefusedChange(("sure",), NOT_ALLOWED) from refused
