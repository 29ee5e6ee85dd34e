"""Show how a poll goes: exact numbers to staff, to organisers from ten on and rounded to five."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.results import reach
from flows.poll_facts import Progress, ReachLine

OTHER = "?"  # people of whom we do not know it


def progress_of(
    counted: Mapping[str, Any], exact: bool, ends: datetime | None, landlords: Mapping[str, tuple[str, int | None]]
) -> Progress:
    """Make the progress of what `bot.store.closing.measure` counted. `landlords` are name and dwellings by id."""
    states, groups = counted["states"], counted["groups"]
    waiting = sum(states.get(state, 0) for state in ("queued", "held", "sending", "uncertain"))
    delivered, asked = states.get("sent", 0), counted["asked"]
    regions = sorted(groups["region"].items())
    return Progress(
        asked=reach.figure(asked, exact),
        delivered=reach.figure(delivered, exact),
        waiting=reach.figure(waiting, exact),
        failed=reach.figure(asked - delivered - waiting, exact),
        answered=reach.figure(counted["answered"], exact),
        partly=reach.figure(counted["partly"], exact),
        regions=tuple((name or OTHER, reach.figure(n[1], exact), reach.figure(n[3], exact)) for name, n in regions),
        ends=ends,
        reach=reach_lines(groups, exact, landlords),
    )


def reach_lines(
    groups: Mapping[str, Mapping[str, list[int]]], exact: bool, landlords: Mapping[str, tuple[str, int | None]]
) -> tuple[ReachLine, ...]:
    """Name the groups that are missing, the one with the cheapest next step first."""
    known = [
        reach.Group(
            kind, name, n[0], n[1], n[2], n[3], landlords.get(name, ("", None))[1] if kind == "landlord" else None
        )
        for kind, names in groups.items()
        for name, n in names.items()
        if name
    ]
    lines = reach.balance(known, exact)
    first = reach.cheapest(lines)
    missing = [line for line in lines if line.step != reach.NOTHING]
    missing.sort(key=lambda line: (line.step, line.kind, line.name) != (first.code, first.kind, first.where))
    return tuple(
        ReachLine(
            line.kind,
            landlords[line.name][0] if line.kind == "landlord" and line.name in landlords else line.name,
            line.dwellings,
            line.known,
            line.answered,
            line.step,
        )
        for line in missing
    )
