"""Load what flows may know of roles: where one may organise, what one may give, an invitation, who holds what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.store import invitations, roles
from bot.store.db import Tx

BOT_NAME = "bot_name"  # the row of `meta` in which the bot keeps its own name, as Telegram tells it


def load(
    tx: Tx, knows: frozenset[str], subject: str, person: int, languages: Mapping[str, str], now: int
) -> dict[str, Any]:
    """Give the fields of Facts about roles that a flow wants to know."""
    found: dict[str, Any] = {}
    if "scopes" in knows:
        found["scopes"] = roles.scopes(tx, person)
    if "choices" in knows:
        found["choices"] = roles.choices(tx, person, languages)
    if "givable" in knows:
        found["givable"] = roles.givable(tx, person)
    if "invitation" in knows:
        found["invitation"] = invitations.get(tx, subject, person, now)
    if "holders" in knows:
        found["holders"] = invitations.holders(tx, person)
    if "bot_name" in knows:
        row = tx.one("SELECT value FROM meta WHERE name = :name", name=BOT_NAME)
        found["bot_name"] = row["value"] if row else ""
    return found
