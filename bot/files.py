"""Files the bot sends: the calendar file of a meeting, and everything known of a person."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.clock import from_ms
from bot.crypto import Vault
from bot.i18n import Language
from bot.store import ballots, handoffs, people
from bot.store.db import Row, Tx
from bot.telegram.sender import File
from flows.messages import Told


def calendar(meeting: Row, language: Language, now: datetime) -> File:
    """Make an iCalendar file (RFC 5545). The id stays the same, so that a moved meeting replaces itself."""
    zone = ZoneInfo(meeting["zone"])
    start = datetime.fromisoformat(meeting["start_local"]).replace(tzinfo=zone)
    event = Event()
    event.add("uid", f"{meeting['id']}@vivas-bot")
    event.add("dtstamp", now)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=meeting["minutes"]))
    event.add("sequence", meeting["revision"])
    event.add("summary", language.told(Told(json.loads(meeting["theme"]))))
    event.add("location", f"{meeting['place']}, {meeting['address']}")
    if meeting["lat"] is not None:
        event.add("geo", (meeting["lat"], meeting["lon"]))
    made = Calendar()
    made.add("prodid", "-//vivas-bot//NL")
    made.add("version", "2.0")
    made.add_component(event)
    made.add_missing_timezones()
    return File(f"{meeting['id']}.ics", made.to_ical())


def known(tx: Tx, vault: Vault, person: int) -> dict[str, Any]:
    """Gather everything that is kept of a person (GDPR articles 15 and 20). Times are ISO 8601 with offset."""
    row = people.get(tx, person)
    if row is None:
        return {}
    own = ("language", "postcode", "municipality", "province", "landlord", "block", "quiet")
    registrations = tx.all("SELECT * FROM registration WHERE person = :id ORDER BY id", id=person)
    log = tx.all("SELECT * FROM consent_log WHERE person = :id ORDER BY id", id=person)
    return {
        "person": {name: row[name] for name in own if row[name]},
        "wants reminders": bool(row["reminders"]),
        "last wrote": from_ms(row["seen_at"]).date().isoformat(),
        "messages wanted": sorted(people.consents(tx, person)),
        "choices of messages": [
            {
                "purpose": r["purpose"],
                "given": bool(r["given"]),
                "at": _iso(r["at"]),
                "text": r["text_version"],
                "language": r["language"],
            }
            for r in log
        ],
        "meetings": [
            {
                "meeting": r["meeting"],
                "status": r["status"],
                "since": _iso(r["since"]),
                "needs": json.loads(r["needs"]),
                "interpreter": r["interpreter"],
                "companions": r["companions"],
                "reminders": bool(r["reminders"]),
            }
            for r in registrations
        ],
        "polls taken part in": [
            r["poll"]
            for r in tx.all("SELECT DISTINCT poll FROM participation WHERE person = :id ORDER BY poll", id=person)
        ],
        "answers to open polls": _answers(tx, vault, person),
        "roles": [f"{r['role']} {r['scope_kind']} {r['scope']}".strip() for r in people.roles(tx, person)],
        "conversations under way": [
            r["flow"] for r in tx.all("SELECT flow FROM session WHERE person = :id", id=person)
        ],
        "talks with humans": [
            {
                "asked": talk.asked.isoformat(),
                "state": talk.state,
                "about": talk.topic,
                "written": [f"{line.side}: {line.text or line.article}" for line in talk.lines],
            }
            for talk in handoffs.all_of(tx, vault, person)
        ],
        "number of the chat": "kept, locked with a key",
    }


def _answers(tx: Tx, vault: Vault, person: int) -> list[dict[str, Any]]:
    """Give what someone and their household answered so far. After closing nobody can find that any more."""
    found = []
    for poll in tx.all("SELECT id FROM poll WHERE state = 'open' ORDER BY id"):
        for member in ballots.members(tx, vault, poll["id"], person):
            mine = ballots.mine(tx, vault, poll["id"], person, member)
            answers = {id: list(chosen) for id, chosen in mine.answers.items()} if mine else {}
            texts = ballots.texts_of(tx, vault, poll["id"], person, member)
            found.append({"poll": poll["id"], "member": member, "answers": {**answers, **texts}})
    return found


def my_data(facts: dict[str, Any], shape: str) -> File:
    """Write what is known as JSON, or as text to read."""
    if shape == "json":
        return File("my-data.json", json.dumps(facts, ensure_ascii=False, indent=2).encode())
    return File("my-data.txt", "\n".join(_lines(facts)).encode())


def _lines(value: Any, indent: str = "") -> list[str]:
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in _entry(str(key), item, indent)]
    if isinstance(value, list):
        return [line for item in value for line in _entry("-", item, indent)]
    return [f"{indent}{value}"]


def _entry(key: str, item: Any, indent: str) -> list[str]:
    if isinstance(item, dict | list):
        return [f"{indent}{key}:" if key != "-" else f"{indent}-", *_lines(item, indent + "  ")]
    return [f"{indent}{key}: {item}" if key != "-" else f"{indent}- {item}"]


def _iso(ms: int) -> str:
    return from_ms(ms).isoformat()
