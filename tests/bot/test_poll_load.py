"""`load` of polls: as in section 6 of the design, released as by an admin, and never changed once they are open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.loading import LoadError, apply, read_file
from bot.store.db import Store
from bot.store.polls import content_of
from bot.yamlfile import YamlError
from flows.poll_changes import ClosePoll
from flows.poll_facts import PollContent
from tests.bot.poll_town import PollTown, names
from tests.bot.polls import POLL
from tests.bot.world import at, wall

FILE = """polls:
  - id: afval
    group: har-veurne
    title: {nl: "Nieuwe regels voor afval", ar: "قواعد جديدة"}
    why: {nl: "De adviesraad geeft in april advies."}
    audience: {landlord: ijzer}
    opens: 2027-03-16T10:00
    closes: 2027-03-25T20:00
    questions:
      - {id: weet, kind: yesno, text: {nl: "Ken je de nieuwe regels?"}}
      - {id: hoe, kind: choice, text: {nl: "Hoe vaak moet het containerpark open?"},
         options: [{nl: "1 dag"}, {nl: "3 dagen"}, {id: elke, nl: "elke dag"}]}
      - {id: idee, kind: text, text: {nl: "Heb je een idee?"}}
"""
PAST = FILE.replace("opens: 2027-03-16T10:00", "opens: 2027-03-01T10:00")


class Desk(PollTown):
    """The town, and an administrator who loads files."""

    file: Path

    async def load(self, text: str = FILE) -> dict[str, int]:
        """Load a text as a file, now."""
        self.file.write_text(text, encoding="utf-8")
        clock = Clock()
        clock.set(datetime.fromtimestamp(self.now / 1000, UTC))
        return await apply(self.store, self.vault, clock, read_file(self.file, synthetic=False))

    async def refusal(self, text: str) -> str:
        """Load a text that must be refused; give why."""
        before = await self.rows("SELECT * FROM poll")
        with pytest.raises((LoadError, YamlError)) as refused:
            await self.load(text)
        assert await self.rows("SELECT * FROM poll") == before
        return str(refused.value)

    async def written(self) -> PollContent:
        """Give the poll as it stands."""
        return content_of(await self.poll())


@pytest.fixture
async def desk(store: Store, tmp_path: Path) -> Desk:
    """Three tenants; 15 March 2027, noon."""
    desk = Desk(store, tmp_path / "keys")
    desk.file = tmp_path / "network.yaml"
    await desk.settle()
    await desk.tenants(*names(3))
    return desk


async def test_a_poll_is_loaded_as_it_is_written(desk: Desk) -> None:
    assert await desk.load() == {"polls new": 1}
    found = await desk.written()
    assert (found.group, found.audience, found.zone) == ("har-veurne", {"landlord": "ijzer"}, "Europe/Brussels")
    assert found.title == {"nl": "Nieuwe regels voor afval", "ar": "قواعد جديدة"}
    assert [(question.id, question.kind) for question in found.questions] == [
        ("weet", "yesno"),
        ("hoe", "choice"),
        ("idee", "text"),
    ]


async def test_an_option_without_an_id_is_named_by_its_place(desk: Desk) -> None:
    await desk.load()
    hoe = (await desk.written()).questions[1]
    assert hoe.option_ids == ("o1", "o2", "elke")
    assert [option.text for option in hoe.options] == [{"nl": "1 dag"}, {"nl": "3 dagen"}, {"nl": "elke dag"}]


async def test_it_needs_no_second_person_and_opens_at_its_time(desk: Desk) -> None:
    await desk.tenants(*names(60))
    await desk.load()
    row = await desk.poll()
    assert (row["state"], wall(row["starts_at"]), wall(row["closes_at"])) == (
        "released",
        "2027-03-16 10:00",
        "2027-03-25 20:00",
    )
    await desk.until("2027-03-16 10:00")
    assert desk.got("poll") == names(60)


async def test_times_are_those_of_the_zone_that_is_named(desk: Desk) -> None:
    await desk.load(FILE + "    zone: Europe/Lisbon\n")
    assert wall((await desk.poll())["starts_at"]) == "2027-03-16 11:00"


async def test_a_poll_that_opens_in_the_past_is_sent_at_once(desk: Desk) -> None:
    await desk.load(PAST)
    await desk.tick()
    assert (await desk.state(), desk.got("poll")) == ("open", names(3))


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    await desk.load(PAST)
    await desk.tick()
    tables = ("poll", "broadcast", "delivery", "audit")
    before = {table: await desk.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables}
    assert await desk.load(PAST) == {"polls same": 1}
    await desk.tick()
    assert {table: await desk.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables} == before


async def test_a_poll_is_changed_until_it_opens(desk: Desk) -> None:
    await desk.load()
    changed = FILE.replace("Ken je de nieuwe regels?", "Ken je de regels?").replace("16T10:00", "17T10:00")
    assert await desk.load(changed) == {"polls changed": 1}
    await desk.until("2027-03-16 10:00")
    assert desk.got("poll") == []
    await desk.until("2027-03-17 10:00")
    assert desk.got("poll") == names(3)
    assert (await desk.written()).questions[0].text == {"nl": "Ken je de regels?"}


async def test_a_poll_that_is_open_is_not_changed(desk: Desk) -> None:
    await desk.load(PAST)
    await desk.tick()
    why = await desk.refusal(PAST.replace("Ken je de nieuwe regels?", "Ken je de regels?"))
    assert why == "network.yaml:2: polls.0.id: 'afval' was opened already and cannot be changed"


async def test_neither_is_one_that_is_closed_and_the_same_file_still_loads(desk: Desk) -> None:
    await desk.load(PAST)
    await desk.tick()
    await desk.does("Luc", ClosePoll(POLL))
    await desk.tick()
    assert "cannot be changed" in await desk.refusal(PAST.replace("25T20:00", "26T20:00"))
    desk.now = at("2027-05-01 12:00")
    assert await desk.load(PAST) == {"polls same": 1}


async def test_one_changed_poll_keeps_the_rest_of_the_file_out(desk: Desk) -> None:
    await desk.load(PAST)
    await desk.tick()
    other = FILE.partition("\n")[2].replace("id: afval", "id: lift")
    await desk.refusal(PAST.replace("Ken je", "Kent u") + other)


async def test_a_poll_that_would_be_closed_already_is_refused(desk: Desk) -> None:
    why = await desk.refusal(PAST.replace("2027-03-25T20:00", "2027-03-15T11:59"))
    assert why == "network.yaml:8: polls.0.closes: 2027-03-15T11:59:00 is in the past"


async def test_that_a_poll_was_loaded_is_in_the_audit_trail(desk: Desk) -> None:
    await desk.load()
    await desk.load()
    rows = await desk.rows("SELECT actor, act, about FROM audit")
    assert rows == [{"actor": "load", "act": "poll released", "about": "poll:afval"}]


async def test_those_who_organise_there_hear_that_it_started(desk: Desk) -> None:
    await desk.load(PAST)
    await desk.tick()
    assert desk.got("release_news") == ["Ada", "Greet", "Luc", "Noor"]


WRONG: Mapping[str, tuple[str, str]] = {
    "a key of an audience that is none": (
        FILE.replace("audience: {landlord: ijzer}", "audience: {religion: x}"),
        "network.yaml:6: polls.0.audience.religion: Extra inputs",
    ),
    "an audience of who came to a meeting, which only the bot makes": (
        FILE.replace("audience: {landlord: ijzer}", "audience: {meeting: gent}"),
        "network.yaml:6: polls.0.audience.meeting: Extra inputs",
    ),
    "an end before the start": (FILE.replace("03-25T20:00", "03-16T09:00"), "polls.0: closes: expected a time after"),
    "no end": (FILE.replace("    closes: 2027-03-25T20:00\n", ""), "polls.0.closes: Field required"),
    "a day without a time": (FILE.replace("25T20:00", "25"), "network.yaml:8: polls.0.closes: expected a day and a"),
    "an offset": (FILE.replace("25T20:00", "25T20:00Z"), "network.yaml:8: polls.0.closes: expected local wall time"),
    "no question": (FILE.partition("    questions")[0] + "    questions: []\n", "polls.0.questions: List should have"),
    "eight questions": (
        FILE + "".join(f"      - {{id: v{n}, kind: yesno, text: {{nl: Ja}}}}\n" for n in range(5)),
        "network.yaml:9: polls.0.questions: List should have at most 7",
    ),
    "two questions of one id": (FILE.replace("id: idee", "id: weet"), "expected an id of its own for each question"),
    "two options of one id": (FILE.replace("id: elke", "id: o1"), "options: expected an id of its own for each"),
    "an option named as the answer rather not": (FILE.replace("id: elke", "id: skip"), "not skip, write or written"),
    "one option": (
        FILE.replace('{nl: "1 dag"}, {nl: "3 dagen"}, ', ""),
        "polls.0.questions.1: expected 2 to 8 options",
    ),
    "options where none are": (
        FILE.replace("kind: choice", "kind: faces"),
        "network.yaml:11: polls.0.questions.1: a question of kind faces has no options",
    ),
    "a kind that is none": (FILE.replace("kind: text", "kind: song"), "network.yaml:13: polls.0.questions.2.kind: "),
    "a number that ends before it begins": (
        FILE.replace("kind: text", "kind: number, low: 5, high: 5"),
        "polls.0.questions.2: high: expected a number above low",
    ),
    "an id with a capital": (FILE.replace("id: afval", "id: Afval"), "network.yaml:2: polls.0.id: String should match"),
    "a text too long for a button": (FILE.replace("3 dagen", "x" * 301), "String should have at most 300 characters"),
    "the same poll twice": (FILE + FILE.partition("\n")[2], "network.yaml:14: polls.1.id: 'afval' stands here twice"),
    "a zone that is none": (FILE + "    zone: Europe/Ghent\n", "network.yaml:14: polls.0.zone: "),
}


@pytest.mark.parametrize("what", WRONG)
async def test_a_wrong_poll_is_refused_with_line_and_reason(desk: Desk, what: str) -> None:
    text, why = WRONG[what]
    assert why in await desk.refusal(text)


KINDS: list[dict[str, Any]] = [
    {"id": "a", "kind": "yesno"},
    {"id": "b", "kind": "faces"},
    {"id": "c", "kind": "number", "low": 1, "high": 12},
    {"id": "d", "kind": "several", "options": "[{id: x, nl: X}, {text: {nl: Y}}]"},
    {"id": "e", "kind": "text"},
]


async def test_every_kind_of_question_is_loaded(desk: Desk) -> None:
    lines = [", ".join(f"{key}: {value}" for key, value in {**kind, "text": "{nl: Hm}"}.items()) for kind in KINDS]
    await desk.load(FILE.partition("      - ")[0] + "".join(f"      - {{{line}}}\n" for line in lines))
    found = {question.id: question for question in (await desk.written()).questions}
    assert [question.kind for question in found.values()] == [kind["kind"] for kind in KINDS]
    assert (found["c"].low, found["c"].high, found["d"].option_ids) == (1, 12, ("x", "o2"))


async def test_what_may_be_left_out_and_what_may_be_added(desk: Desk) -> None:
    await desk.load(FILE.replace("    group: har-veurne\n", "").replace("audience: {landlord: ijzer}", "anyone: true"))
    found = await desk.written()
    assert (found.group, found.audience, found.anyone, found.secret, found.rested, found.use) == (
        "",
        {},
        True,
        False,
        False,
        {},
    )
