"""`load`: read a YAML file whole, refuse it whole with line and reason, then apply it in short steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot import places
from bot.clock import Clock, local_to_utc, to_ms
from bot.crypto import Vault
from bot.loadfile import Landlord, LoadFile, MeetingRow, Person, Poll, Role, TenantGroup
from bot.poll_content import to_json
from bot.store import audit, meetings, people, polls
from bot.store.db import Store, Tx
from bot.yamlfile import Lined, read_yaml
from flows.poll_facts import PollContent, PollOption, PollQuestion

STEP = 200


class LoadError(Exception):
    """A file was refused whole; each line of the message says where and why."""


def read_file(path: Path, *, synthetic: bool) -> LoadFile:
    """Read and check a file. Raises LoadError with every line and reason."""
    document = read_yaml(path)
    try:
        loaded = LoadFile.model_validate(document.value)
    except ValidationError as invalid:
        raise LoadError("\n".join(_problem(path, document, dict(error)) for error in invalid.errors())) from None
    if problems := [f"{path.name}:{document.line(*place)}: {why}" for place, why in _rules(loaded, synthetic)]:
        raise LoadError("\n".join(problems))
    loaded.stands_in(path.name, document)
    return loaded


def _problem(path: Path, document: Lined, error: dict[str, Any]) -> str:
    place = tuple(error["loc"])
    message = str(error["msg"]).removeprefix("Value error, ")
    where = ".".join(str(part) for part in place) or "file"
    return f"{path.name}:{document.line(*place)}: {where}: {message}"


def _rules(loaded: LoadFile, synthetic: bool) -> list[tuple[tuple[Any, ...], str]]:
    """Check what the shape alone cannot."""
    found: list[tuple[tuple[Any, ...], str]] = []
    if loaded.people and not synthetic:
        found.append((("people",), "people: only with --synthetic, for demos and tests"))
    for kind in ("landlords", "groups", "meetings", "polls", "consultations"):
        seen: set[str] = set()
        for index, item in enumerate(getattr(loaded, kind)):
            if item.id in seen:
                found.append(((kind, index, "id"), f"{kind}.{index}.id: {item.id!r} stands here twice"))
            seen.add(item.id)
    return found


async def apply(store: Store, vault: Vault, clock: Clock, loaded: LoadFile) -> dict[str, int]:
    """Apply a checked file in short steps; the same file again changes nothing. Gives counts by what was done.

    Raises LoadError when a new meeting lies in the past, or one is moved there.
    """
    counts: dict[str, int] = {}
    await store.read(lambda tx: _refuse_past(tx, loaded, clock.ms()))
    await store.read(lambda tx: _refuse_opened(tx, loaded, clock.ms()))
    steps: list[Any] = [
        *((_landlord, item) for item in loaded.landlords),
        *((_group, item) for item in loaded.groups),
        *((_person, item) for item in loaded.people),
        *((_role, item) for item in loaded.roles),
        *((_meeting, item) for item in loaded.meetings),
        *((_poll, item) for item in loaded.polls),
        *((_later, item) for item in loaded.consultations),
    ]
    for start in range(0, len(steps), STEP):
        chunk = steps[start : start + STEP]

        def job(tx: Tx, chunk: list[Any] = chunk) -> list[str]:
            return [apply_one(tx, vault, item, clock.ms()) for apply_one, item in chunk]

        for done in await store.write(job):
            counts[done] = counts.get(done, 0) + 1
    return counts


def _refuse_past(tx: Tx, loaded: LoadFile, now: int) -> None:
    problems = []
    for index, row in enumerate(loaded.meetings):
        start, before = to_ms(local_to_utc(row.start, ZoneInfo(row.zone))), meetings.get(tx, row.id)
        if start <= now and (before is None or before["start_at"] != start):
            place = loaded.where("meetings", index, "start")
            problems.append(f"{place}meetings.{index}.start: {row.start.isoformat()} is in the past")
    if problems:
        raise LoadError("\n".join(problems))


def _landlord(tx: Tx, vault: Vault, item: Landlord, now: int) -> str:
    tx.run(
        "INSERT INTO landlord (id, name, municipalities, dwellings) VALUES (:id, :name, :municipalities, :dwellings)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, municipalities = excluded.municipalities,"
        " dwellings = excluded.dwellings",
        id=item.id,
        name=item.name,
        municipalities=json.dumps(item.municipalities, ensure_ascii=False),
        dwellings=item.dwellings,
    )
    return "landlords"


def _group(tx: Tx, vault: Vault, item: TenantGroup, now: int) -> str:
    tx.run(
        "INSERT INTO tenant_group (id, name, kind, landlord) VALUES (:id, :name, :kind, :landlord)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, landlord = excluded.landlord",
        id=item.id,
        name=item.name,
        kind=item.kind,
        landlord=item.landlord,
    )
    return "groups"


def _role(tx: Tx, vault: Vault, item: Role, now: int) -> str:
    person = people.find(tx, vault, item.telegram)
    id = person["id"] if person else people.add(tx, vault, item.telegram, "nl", now, unreachable="never-wrote")
    kind, scope = item.scoped()
    added = tx.run(
        "INSERT INTO role (person, role, scope_kind, scope) VALUES (:id, :role, :kind, :scope)"
        " ON CONFLICT (person, role, scope_kind, scope) DO NOTHING",
        id=id,
        role=item.role,
        kind=kind,
        scope=scope,
    )
    if added == 1:
        audit.note(tx, "load", "role given", f"person:{id}", now, f"{item.role} {kind} {scope}".strip())
    return "roles"


def _person(tx: Tx, vault: Vault, item: Person, now: int) -> str:
    """Add a synthetic person, as if welcomed in chat."""
    id = people.add(tx, vault, item.telegram, item.language, now)
    found = json.loads(places.postcode(item.postcode)) if item.postcode else []
    place = found[0] if found else {"name": None, "province": None}
    tx.run(
        "UPDATE person SET language = :language, postcode = :postcode, municipality = :municipality, province = :province,"
        " landlord = :landlord, block = :block, welcomed = 1, asked_place = 1, unreachable = '' WHERE id = :id",
        language=item.language,
        postcode=item.postcode,
        municipality=place["name"],
        province=place["province"],
        landlord=item.landlord,
        block=item.block,
        id=id,
    )
    people.set_consents(tx, id, item.consents, language=item.language, now=now, channel="load")
    return "people"


def _meeting(tx: Tx, vault: Vault, item: MeetingRow, now: int) -> str:
    done = meetings.put(tx, item.id, meeting_values(item), now)
    if done != "same":
        audit.note(tx, "load", f"meeting {done}", f"meeting:{item.id}", now)
    return f"meetings {done}"


def meeting_values(item: MeetingRow) -> dict[str, Any]:
    """Give a meeting as its row; the municipality and province come from the postcode in its address."""
    codes = [code for code in item.postcodes() if json.loads(places.postcode(code))]
    place = json.loads(places.postcode(codes[0]))[0] if codes else {"name": "", "province": ""}
    return {
        "kind": item.kind,
        "tenant_group": item.group,
        "theme": json.dumps(item.theme, ensure_ascii=False, sort_keys=True),
        "start_local": item.start.isoformat(),
        "zone": item.zone,
        "start_at": to_ms(local_to_utc(item.start, ZoneInfo(item.zone))),
        "minutes": item.minutes,
        "place": item.place.name,
        "address": item.place.address,
        "lat": item.place.lat,
        "lon": item.place.lon,
        "municipality": place["name"],
        "province": place["province"] or item.region,
        "capacity": item.capacity,
        "region": item.region,
        "languages": json.dumps(item.languages),
        "arranged": json.dumps(item.arranged),
        "contact": item.contact,
        "cancelled": int(item.cancelled),
        "deadline_local": item.deadline.isoformat() if item.deadline else "",
        "deadline_at": to_ms(local_to_utc(item.deadline, ZoneInfo(item.zone))) if item.deadline else None,
    }


def _poll(tx: Tx, vault: Vault, item: Poll, now: int) -> str:
    return f"polls {polls.put_loaded(tx, item.id, poll_content(item), now)}"


def poll_content(item: Poll) -> PollContent:
    """Give a poll of a file as its content. An option without an id is named by its position."""
    questions = tuple(
        PollQuestion(
            id=question.id,
            kind=question.kind,
            text=question.text,
            options=tuple(PollOption(each.id or f"o{n}", each.text) for n, each in enumerate(question.options, 1)),
            low=question.low,
            high=question.high,
        )
        for question in item.questions
    )
    return PollContent(
        group=item.group or "",
        title=item.title,
        why=item.why or {},
        use=item.use or {},
        questions=questions,
        audience=item.audience.chosen(),
        rested=item.rested,
        secret=item.secret,
        anyone=item.anyone,
        opens=item.opens,
        closes=item.closes,
        zone=item.zone,
    )


def _refuse_opened(tx: Tx, loaded: LoadFile, now: int) -> None:
    """Refuse a change to a poll that is open or was, and a new one that would be closed already. Raises LoadError."""
    problems = []
    for index, item in enumerate(loaded.polls):
        row, content = polls.get(tx, item.id), poll_content(item)
        if row is not None and row["state"] not in ("draft", "waiting", "released"):
            if row["content"] != to_json(content):
                place = loaded.where("polls", index, "id")
                problems.append(f"{place}polls.{index}.id: {item.id!r} was opened already and cannot be changed")
        elif polls.closing_time(content) <= now:
            place = loaded.where("polls", index, "closes")
            problems.append(f"{place}polls.{index}.closes: {item.closes.isoformat()} is in the past")
    if problems:
        raise LoadError("\n".join(problems))


def _later(tx: Tx, vault: Vault, item: Any, now: int) -> str:
    """Consultations are checked, and kept for the part that will open them."""
    tx.run(
        "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=f"{item.noun}:{item.id}",
        value=item.model_dump_json(),
    )
    return f"{item.noun}s checked and kept (not opened by this version)"


def apply_admins(tx: Tx, vault: Vault, admins: tuple[int, ...], now: int) -> None:
    """Make the Telegram user ids of VIVAS_ADMINS admins."""
    for telegram in admins:
        _role(tx, vault, Role(telegram=telegram, role="admin", scope="all"), now)
