"""Audiences: a live query over people, and how many of them a message reaches, and why not the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.rules import WEEKLY_BUDGET
from bot.store.db import Tx

WEEK_MS = 7 * 24 * 3600 * 1000
COLUMNS = {"region": "province", "municipality": "municipality", "landlord": "landlord", "block": "block"}
OF_GROUP = (  # who belongs to a group: its council members and organisers, and who has a place at a meeting of it
    "(EXISTS (SELECT 1 FROM role r WHERE r.person = p.id AND r.scope_kind = 'group' AND r.scope = :group)"
    " OR EXISTS (SELECT 1 FROM registration g JOIN meeting m ON m.id = g.meeting"
    " WHERE g.person = p.id AND g.status <> 'cancelled' AND m.tenant_group = :group))"
)
CAME = (  # who was noted at the door; where only heads were counted, everyone with a place
    "EXISTS (SELECT 1 FROM registration g WHERE g.person = p.id AND g.meeting = :meeting AND g.status = 'confirmed'"
    " AND (g.attended = 'yes' OR g.attended = '' AND NOT EXISTS"
    " (SELECT 1 FROM registration h WHERE h.meeting = g.meeting AND h.attended = 'yes')))"
)
ASKED_LATELY = (
    "EXISTS (SELECT 1 FROM delivery x WHERE x.person = p.id AND x.class = 'bulk' AND x.about LIKE 'poll:%'"
    " AND x.about <> :about AND x.sent_at > :week{only})"
)
CONSENTS = "EXISTS (SELECT 1 FROM consent c WHERE c.person = p.id AND c.purpose = :purpose{only})"
PURPOSES = {"poll": "polls", "meeting": "meetings"}


def where(audience: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Give the condition on `person p` for an audience, and its values. Raises KeyError for an unknown key."""
    parts, values = ["p.unreachable <> 'never-wrote'"], dict[str, Any]()
    for key, value in sorted(audience.items()):
        match key:
            case "language":
                parts.append("coalesce(p.language, p.phone_language) = :language")
            case "group":
                parts.append(OF_GROUP)
            case "meeting":
                parts.append(CAME)
            case _:
                parts.append(f"p.{COLUMNS[key]} = :{key}")
        values[key] = value
    return " AND ".join(parts), values


def belongs(tx: Tx, audience: Mapping[str, str], person: int) -> bool:
    """Tell whether someone is in an audience now."""
    condition, values = where(audience)
    return tx.one(f"SELECT 1 AS yes FROM person p WHERE p.id = :id AND {condition}", id=person, **values) is not None


def outcome(rested: bool, only: str = "") -> str:
    """Give the SQL that says what becomes of one recipient: the code of a reason, or nothing where it may be sent.

    `only` narrows what is read about `{person}`s: PostgreSQL would read all consents for each chunk of people otherwise.
    """
    lately = f" WHEN {ASKED_LATELY.format(only=only.format(person='x.person'))} THEN 'asked-lately'" if rested else ""
    return (
        "CASE WHEN p.unreachable <> '' THEN 'unreachable'"
        " WHEN p.quiet = 'stopped' THEN 'stopped'"
        f" WHEN NOT {CONSENTS.format(only=only.format(person='c.person'))} THEN 'no-consent'"
        f"{lately} ELSE '' END"
    )


@dataclass(frozen=True)
class Counts:
    """Exact: everyone in an audience, who gets the message (now or later), and each reason why not, or not yet."""

    audience: int
    reached: int
    reasons: Mapping[str, int]
    languages: Mapping[str, int]


def count(tx: Tx, audience: Mapping[str, str], kind: str, now: int, *, rested: bool = False, about: str = "") -> Counts:
    """Count an audience. `kind` is poll or meeting."""
    condition, values = where(audience)
    late = (
        "CASE WHEN p.quiet = 'paused' AND (p.quiet_until IS NULL OR p.quiet_until > :now) THEN 'paused'"
        " WHEN (SELECT count(*) FROM delivery b WHERE b.person = p.id AND b.sent_at > :week"
        f" AND b.class IN ('bulk', 'nudge')) >= {WEEKLY_BUDGET} THEN 'budget' ELSE '' END"
    )
    given = {"purpose": PURPOSES[kind], "now": now, "week": now - WEEK_MS}
    if rested:
        given["about"] = about
    rows = tx.all(
        "SELECT why, late, language, count(*) AS n FROM"
        f" (SELECT {outcome(rested)} AS why, {late} AS late, coalesce(p.language, p.phone_language) AS language"
        f" FROM person p WHERE {condition}) AS everyone GROUP BY why, late, language",
        **given,
        **values,
    )
    reasons: dict[str, int] = {}
    languages: dict[str, int] = {}
    for row in rows:
        why = row["why"] or row["late"]
        if why:
            reasons[why] = reasons.get(why, 0) + row["n"]
        if not row["why"]:
            languages[row["language"]] = languages.get(row["language"], 0) + row["n"]
    everyone = sum(row["n"] for row in rows)
    return Counts(everyone, sum(languages.values()), reasons, languages)


def remembered(tx: Tx, key: str, day: str, fresh: Counts | None = None) -> Counts | None:
    """Give counts as they were first asked for on that day; `fresh` ones are kept where there are none of that day."""
    row = tx.one("SELECT value FROM figure WHERE what = :what AND day = :day", what=key, day=day)
    if row:
        return Counts(**json.loads(row["value"]))
    if fresh is not None:
        tx.run(
            "INSERT INTO figure (what, day, value) VALUES (:what, :day, :value)"
            " ON CONFLICT (what) DO UPDATE SET day = excluded.day, value = excluded.value",
            what=key,
            day=day,
            value=json.dumps(fresh.__dict__),
        )
    return fresh


def key_of(audience: Mapping[str, str], kind: str, rested: bool) -> str:
    """Name an audience, the same for the same people asked for."""
    return json.dumps([kind, rested, dict(sorted(audience.items()))], ensure_ascii=False)
