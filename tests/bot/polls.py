"""What the tests of polls share: a landlord's tenants, a poll to them, and who makes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import BRUSSELS
from bot.loadfile import LoadFile
from bot.loading import apply
from tests.bot.hand import Hand, at_noon
from tests.bot.rig import Rig, rig

LUC, GREET, NOOR = 5001, 5002, 5003  # an organiser, staff, and another organiser of the same group
TENANTS = range(6001, 6025)
POLL = "afval"
LANDLORD = {"id": "ijzer", "name": "Woonmaatschappij De IJzer", "municipalities": ["Veurne"], "dwellings": 240}
GROUP = {"id": "har-veurne", "name": "Huurdersadviesraad Veurne", "kind": "council", "landlord": "ijzer"}
ROLES = [
    {"telegram": LUC, "role": "organiser", "scope": {"group": "har-veurne"}},
    {"telegram": NOOR, "role": "organiser", "scope": {"group": "har-veurne"}},
    {"telegram": GREET, "role": "staff", "scope": "all"},
]


def tenant(telegram: int, **more: Any) -> dict[str, Any]:
    """Give a synthetic tenant of the landlord, who wants polls."""
    usual = {"telegram": telegram, "language": "nl", "postcode": "8630", "landlord": "ijzer", "consents": ["polls"]}
    return {**usual, **more}


def poll_row(**changes: Any) -> dict[str, Any]:
    """Give a poll as a `load` file would: two questions to tap and one to write."""
    usual: dict[str, Any] = {
        "id": POLL,
        "group": "har-veurne",
        "title": {"nl": "Nieuwe regels voor afval"},
        "why": {"nl": "De adviesraad geeft in april advies."},
        "use": {"nl": "We sturen de uitslag naar de verhuurder."},
        "audience": {"landlord": "ijzer"},
        "opens": "2027-03-01T10:00",
        "closes": "2027-03-25T20:00",
        "questions": [
            {"id": "weet", "kind": "yesno", "text": {"nl": "Ken je de nieuwe regels?"}},
            {
                "id": "hoe",
                "kind": "choice",
                "text": {"nl": "Hoe vaak moet het containerpark open?"},
                "options": [{"nl": "1 dag"}, {"nl": "3 dagen"}, {"nl": "elke dag"}],
            },
            {"id": "idee", "kind": "text", "text": {"nl": "Heb je een idee?"}},
        ],
    }
    return {**usual, **changes}


@asynccontextmanager
async def network(folder: Path, tenants: range = TENANTS, **settings: Any) -> AsyncIterator[Rig]:
    """Bring up a bot at a working day's noon, with a landlord's tenants who want polls, and organisers."""
    users = range(5001, tenants.stop)
    async with rig(folder, users=users, clock=at_noon(), **settings) as up:
        await load(up, landlords=[LANDLORD], groups=[GROUP], roles=ROLES, people=[tenant(user) for user in tenants])
        yield up


async def load(up: Rig, **rows: Any) -> None:
    """Load rows as from a file."""
    await apply(up.app.store, up.app.turns.vault, up.app.clock, LoadFile.model_validate(rows))


async def opens(up: Rig, **changes: Any) -> None:
    """Load a poll that opens at once, and let it reach everyone."""
    await load(up, polls=[poll_row(**changes)])
    await tick(up)


async def tick(up: Rig) -> None:
    """Let the clock look, and everything arrive."""
    await up.app.scheduler.tick()
    await up.settled()
    await up.app.scheduler.tick()
    await up.settled()


async def later(up: Rig, **time: float) -> None:
    """Move the clock on."""
    await up.app.scheduler.move_to(up.app.clock.now() + timedelta(**time))
    await tick(up)


async def until(up: Rig, local: str) -> None:
    """Move the clock to a wall time in Belgium."""
    await up.app.scheduler.move_to(datetime.fromisoformat(local).replace(tzinfo=BRUSSELS))
    await tick(up)


def hands(up: Rig, *users: int) -> tuple[Hand, ...]:
    """Give the hands of these people."""
    return tuple(Hand(up, user) for user in users)
