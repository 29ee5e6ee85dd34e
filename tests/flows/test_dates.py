"""Days as people write them, and what an organiser hears of a text that is hard to read."""

from __future__ import annotations

from datetime import date

import pytest

from flows.dates import read_date
from flows.plain_texts import Finding, findings

TODAY = date(2027, 3, 1)
CODES = (
    "long-sentence",
    "hard-word",
    "long-word",
    "passive",
    "clauses",
    "double",
    "leading",
    "negation",
    "not-a-question",
    "shouting",
    "personal",
)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("15/3", date(2027, 3, 15)),
        ("15-3-2027", date(2027, 3, 15)),
        ("15.03.27", date(2027, 3, 15)),
        ("2027-03-15", date(2027, 3, 15)),
        ("zondag 15 augustus", date(2027, 8, 15)),
        ("3 mei", date(2027, 5, 3)),
        ("5 mrt", date(2027, 3, 5)),
        ("6 juin", date(2027, 6, 6)),
        ("6 juni", date(2027, 6, 6)),
        ("6 juillet", date(2027, 7, 6)),
        ("6 juli", date(2027, 7, 6)),
        ("7 Ağustos", date(2027, 8, 7)),
        ("1st april", date(2027, 4, 1)),
        ("١٥/٣", date(2027, 3, 15)),
        ("1/3", TODAY),
        ("28/2", date(2028, 2, 28)),
        ("29/2", date(2028, 2, 29)),
        ("12 januari 2028", date(2028, 1, 12)),
    ],
)
def test_a_day_is_read_the_way_it_is_written(written: str, day: date) -> None:
    assert read_date(written, TODAY) == day


@pytest.mark.parametrize(
    "written", ["", "morgen", "31/2", "15/13", "15", "99 maart", "15 smurf", "0/0", "d-2027-99-01"]
)
def test_what_is_no_day_is_not_guessed(written: str) -> None:
    assert read_date(written, TODAY) is None


@pytest.mark.parametrize("code", CODES)
def test_every_finding_has_a_sentence_of_its_own(code: str) -> None:
    told = {one: Finding(one, "woord", "zeg", 20).told.id for one in (*CODES, "something-new")}
    assert list(told.values()).count(told[code]) == 1


def test_no_findings_is_nothing_to_say() -> None:
    assert findings("[]") == findings("") == ()
