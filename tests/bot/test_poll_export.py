"""Exports of polls: the promised columns, exact sums of who was asked, and frozen tables without a ballot."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from bot import exports, results_export
from bot.store import deliveries
from bot.store.db import Store
from flows.poll_changes import ClosePoll, SayOutcome, TakeBack
from tests.bot.poll_town import DAY, WORDS, PollTown, names
from tests.bot.polls import POLL

TWENTY = names(20)
CLOSED_AT = "2027-03-15T12:00:00+01:00"


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Twenty tenants."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants(*TWENTY)
    return town


async def exported(town: PollTown, what: str = "polls") -> list[dict[str, Any]]:
    """Give the rows of an export."""
    return await town.store.read(lambda tx: exports.EXPORTS[what](tx, town.vault))


async def closes(town: PollTown) -> None:
    """Close the poll, and all that follows."""
    assert not await town.does("Luc", ClosePoll(POLL))
    await town.tick()


async def answered(town: PollTown) -> None:
    """Let fifteen say yes and answer all, and two begin."""
    await town.all_of_it(*TWENTY[:15])
    for name in TWENTY[15:17]:
        await town.answers(name, ("weet", "no"))


@pytest.mark.parametrize(
    ("what", "columns"),
    [
        ("polls", "poll asked delivered answered partly closed_at"),
        ("results", "poll question cut cell option count hidden"),
    ],
)
async def test_a_table_has_the_promised_columns(town: PollTown, tmp_path: Path, what: str, columns: str) -> None:
    await town.opened()
    await answered(town)
    await closes(town)
    rows = await exported(town, what)
    table, document = exports.write(tmp_path, what, rows)
    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert (len(list(reader)), reader.fieldnames) == (len(rows), columns.split())
    assert json.loads(document.read_text(encoding="utf-8")) == rows


def test_both_tables_are_written_when_polls_are_asked_for() -> None:
    assert exports.TOGETHER["polls"] == ("polls", "results")


async def test_asked_delivered_answered_and_in_part_are_counted_apart(town: PollTown) -> None:
    """Each of the audience has a row in the export of deliveries; asked were those to whom it was sent, or still will be."""
    await town.tenants("Gus", consents=())
    await town.change("t019", quiet="paused", quiet_until=town.now + DAY)
    await town.change("t018", unreachable="blocked")
    await town.opened()
    await answered(town)
    assert len([row for row in await exported(town, "deliveries") if row["class"] == "bulk"]) == 21
    (row,) = await exported(town)
    assert row == {
        "poll": POLL,
        "asked": 19,
        "delivered": 18,
        "answered": 15,
        "partly": 2,
        "closed_at": None,
    }


async def test_closing_freezes_the_counts_and_says_when(town: PollTown) -> None:
    await town.opened()
    await answered(town)
    before = (await exported(town))[0]
    await closes(town)
    assert (await exported(town)) == [{**before, "closed_at": CLOSED_AT}]


async def test_the_counts_stand_when_the_rows_of_the_sending_are_gone(town: PollTown) -> None:
    """What ended is dropped after 30 days."""
    await town.opened()
    await answered(town)
    await closes(town)
    before = await exported(town)
    await town.write(lambda here: deliveries.purge(here.tx, here.now + 31 * DAY))
    assert await town.rows("SELECT * FROM delivery WHERE broadcast IS NOT NULL") == []
    assert await exported(town) == before


async def test_what_was_never_released_is_not_exported(town: PollTown) -> None:
    await town.draft()
    assert await exported(town) == []
    await town.asks()
    assert [(row["asked"], row["answered"]) for row in await exported(town)] == [(0, 0)]
    await town.does("Luc", TakeBack(POLL))
    assert await exported(town) == []


async def test_there_are_no_results_before_the_poll_is_closed(town: PollTown) -> None:
    await town.opened()
    await answered(town)
    assert await exported(town, "results") == []


async def test_results_are_the_published_table(town: PollTown) -> None:
    await town.opened()
    await answered(town)
    await closes(town)
    rows = await exported(town, "results")
    everyone = {(row["question"], row["option"]): row["count"] for row in rows if row["cut"] == "all"}
    assert (everyone["", ""], everyone["weet", ""]) == (15, 15)
    assert {option for question, option in everyone if question == "hoe"} == {"", "o1", "o2", "o3", "skip"}
    assert {row["poll"] for row in rows} == {POLL}
    assert {row["cut"] for row in rows} == {"all", "region", "language", "origin"}


async def test_a_hidden_cell_has_no_count_and_a_shown_one_is_rounded(town: PollTown) -> None:
    await town.opened()
    await answered(town)
    await closes(town)
    rows = await exported(town, "results")
    assert {bool(row["hidden"]) for row in rows} == {True, False}
    for row in rows:
        assert (row["count"] is None) == bool(row["hidden"])
        assert row["count"] is None or (row["count"] >= 10 and row["count"] % 5 == 0)


async def test_results_stay_as_they_were_after_the_outcome_was_told(town: PollTown) -> None:
    await town.opened()
    await answered(town)
    await closes(town)
    before = await exported(town, "results")
    await town.does("Luc", SayOutcome(POLL, {"nl": "Er komen meer bakken."}, True))
    await town.tick()
    assert await exported(town, "results") == before


async def test_staffs_own_table_adds_up(town: PollTown) -> None:
    await town.tenants(*names(40))
    await town.opened()
    for n, name in enumerate(names(40)):
        await town.answers(name, ("weet", ("yes", "no", "skip")[n % 3]), ("hoe", f"o{n % 2 + 1}"))
    await closes(town)
    rows = await town.write(lambda here: results_export.results_of(here.tx, POLL, "staff"))
    found = {(row["question"], row["option"]): row["count"] for row in rows if row["cut"] == "all"}
    assert {key: n for key, n in found.items() if key[0] == "weet"} == {
        ("weet", ""): 40,
        ("weet", "yes"): 14,
        ("weet", "no"): 13,
        ("weet", "skip"): 13,
    }
    assert found["", ""] == 40


async def test_no_ballot_and_no_word_leaves(town: PollTown) -> None:
    await town.opened()
    await answered(town)
    await closes(town)
    everything = json.dumps([await exported(town, what) for what in exports.EXPORTS])
    assert WORDS not in everything
    for name in TWENTY:
        assert str(await town.id(name)) not in everything
