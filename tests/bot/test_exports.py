"""Exports: the promised columns, safe in a spreadsheet, and nobody to be recognised."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest

from bot import exports
from bot.store import deliveries, inbox, registrations
from bot.store.db import Store
from bot.store.registrations import Wish
from tests.bot.world import AMINA, MEETING, VAULT, Town, in_store

COLUMNS = {  # as the design promises them
    "meetings": "meeting registration status place_in_line companions needs language since",
    "polls": "poll asked delivered answered partly closed_at",
    "deliveries": "delivery person about class state reason attempts queued_at sent_at",
    "inbox": "update state reason attempts received_at",
}


@pytest.mark.parametrize("what", COLUMNS)
async def test_a_table_has_the_promised_columns(store: Store, tmp_path: Path, what: str) -> None:
    table, _document = exports.write(tmp_path, what, await store.read(lambda tx: exports.EXPORTS[what](tx, VAULT)))
    assert table.read_text(encoding="utf-8").strip() == ",".join(COLUMNS[what].split())


@in_store
def test_a_registration_tells_its_place_in_line_and_its_needs(town: Town) -> None:
    town.meeting(capacity=1)
    town.join("Luc")
    wish = Wish(("interpreter", "step-free"), "ar", 1)
    registrations.register(town.tx, MEETING, town.person("Amina"), wish, town.now)
    row = exports.meetings(town.tx)[1]
    assert (row["status"], row["place_in_line"], row["companions"]) == ("waiting", 1, 1)
    assert row["needs"] == "interpreter step-free interpreter-ar"


@in_store
def test_times_have_an_offset(town: Town) -> None:
    town.meeting()
    town.join("Amina")
    since = exports.meetings(town.tx)[0]["since"]
    assert (since, datetime.fromisoformat(since).utcoffset() is not None) == ("2027-03-01T10:00:00+01:00", True)


@in_store
def test_persons_have_short_numbers_that_are_new_in_every_export(town: Town) -> None:
    for number in range(3):
        town.plan("Amina", "reminder", once=str(number))
    first, second = exports.delivery_rows(town.tx), exports.delivery_rows(town.tx)
    assert [len({row["person"] for row in rows}) for rows in (first, second)] == [1, 1]
    assert first[0]["person"] != town.person("Amina")
    assert len(str(first[0]["person"])) == 6


@in_store
def test_two_persons_have_two_numbers(town: Town) -> None:
    town.plan("Amina", "reminder", once="1")
    town.plan("Elif", "reminder", once="2")
    assert len({row["person"] for row in exports.delivery_rows(town.tx)}) == 2


@in_store
def test_a_delivery_tells_how_it_ended_and_why(town: Town) -> None:
    row = town.plan("Amina", "reminder", about="meeting:veurne-maart")
    deliveries.mark_sending(town.tx, [row["id"]])
    deliveries.mark_sent(town.tx, [(row["id"], 5)], town.now + 1500)
    told = exports.delivery_rows(town.tx)[0]
    assert (told["state"], told["attempts"], told["sent_at"]) == ("sent", 1, "2027-03-01T10:00:01+01:00")


@in_store
def test_the_inbox_tells_states_and_reasons_but_no_words(town: Town) -> None:
    update = {"update_id": 1, "message": {"text": "mijn dak lekt", "chat": {"id": AMINA}}}
    inbox.store(town.tx, VAULT, [(1, inbox.raw(update)), (2, b"{}")], town.now)
    inbox.quarantine(town.tx, 2, "no kind of update")
    rows = exports.inbox_rows(town.tx)
    assert [(row["update"], row["state"], row["reason"]) for row in rows] == [
        (1, "waiting", ""),
        (2, "quarantined", "no kind of update"),
    ]
    assert "lekt" not in json.dumps(rows)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("x")'])
def test_a_cell_is_never_a_formula(tmp_path: Path, formula: str) -> None:
    row = {"update": 1, "state": "failed", "reason": formula, "attempts": 1, "received_at": None}
    table, document = exports.write(tmp_path, "inbox", [row])
    with table.open(encoding="utf-8", newline="") as file:
        cell = next(csv.DictReader(file))["reason"]
    assert cell[0] not in "=+-@"
    assert json.loads(document.read_text())[0]["reason"] == formula


def test_the_folder_is_made(tmp_path: Path) -> None:
    files = exports.write(tmp_path / "new" / "folder", "polls", [])
    assert [file.name for file in files] == ["polls.csv", "polls.json"]
    assert all(file.exists() for file in files)
