"""`load`: a file is applied as if in chat, changes nothing the second time, and is refused whole when it is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.loading import LoadError, apply, read_file
from bot.store import people, registrations
from bot.store.db import Store, Tx
from bot.store.registrations import Wish
from bot.store.tables import metadata
from bot.yamlfile import YamlError
from tests.bot.world import VAULT

EXAMPLE = """
landlords: [{id: ijzer, name: "Woonmaatschappij De IJzer", municipalities: [Veurne, Diksmuide], dwellings: 2400}]
groups:    [{id: har-veurne, name: "Huurdersadviesraad Veurne", kind: council, landlord: ijzer}]
roles:     [{telegram: 5001, role: organiser, scope: {group: har-veurne}}, {telegram: 5002, role: staff, scope: all}]
people:    [{telegram: 6001, language: ar, postcode: "8630", landlord: ijzer, block: B2,
             consents: [meetings, polls, council, rights]}]
meetings:
  - {id: veurne-maart, kind: regional, group: har-veurne, theme: {nl: "Wonen en energie", fr: "Logement et énergie"},
     start: 2027-03-28T19:00, minutes: 120, place: {name: "De Kaaiman", address: "Kaaiplaats 1, 8630 Veurne",
     lat: 51.07, lon: 2.66}, capacity: 20, region: West-Vlaanderen, languages: [nl, ar], arranged: [interpreter, step-free],
     contact: "03 366 30 15"}
polls:
  - {id: afval, group: har-veurne, title: {nl: "Nieuwe regels voor afval"}, why: {nl: "De adviesraad geeft in april advies."},
     audience: {landlord: ijzer}, opens: 2027-03-01T10:00, closes: 2027-03-15T20:00,
     questions: [{id: weet, kind: yesno, text: {nl: "Ken je de nieuwe regels?"}},
                 {id: hoe, kind: choice, text: {nl: "Hoe vaak moet het containerpark open?"},
                  options: [{nl: "1 dag"}, {nl: "3 dagen"}, {nl: "elke dag"}]},
                 {id: idee, kind: text, text: {nl: "Heb je een idee?"}}]}
"""
MEETING = """meetings:
  - id: gent
    kind: regional
    theme: {nl: Energie}
    start: 2027-04-10T14:00
    place: {name: Zaal, address: "Straat 1, 9000 Gent"}
"""


class Desk:
    """Where an administrator loads files: on 1 February 2027."""

    def __init__(self, store: Store, folder: Path):
        self.store, self.file, self.clock = store, folder / "network.yaml", Clock()
        self.clock.set(datetime(2027, 2, 1, 10, tzinfo=UTC))

    async def load(self, text: str, *, synthetic: bool = True) -> dict[str, int]:
        """Load a text as a file."""
        self.file.write_text(text, encoding="utf-8")
        return await apply(self.store, VAULT, self.clock, read_file(self.file, synthetic=synthetic))

    async def refusal(self, text: str, *, synthetic: bool = True) -> str:
        """Load a text that must be refused; give why."""
        with pytest.raises((LoadError, YamlError)) as refused:
            await self.load(text, synthetic=synthetic)
        assert await self.all() == EMPTY, "something was loaded"
        return str(refused.value)

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Give rows as dicts."""
        return await self.store.read(lambda tx: [dict(row) for row in tx.all(sql)])

    async def all(self) -> dict[str, list[dict[str, Any]]]:
        """Give the whole database."""
        names = sorted(metadata.tables)
        return {name: await self.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in names}


EMPTY: dict[str, list[dict[str, Any]]] = {name: [] for name in sorted(metadata.tables)}


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


async def test_the_example_of_the_design_is_loaded(desk: Desk) -> None:
    assert await desk.load(EXAMPLE) == {
        "landlords": 1,
        "groups": 1,
        "people": 1,
        "roles": 2,
        "meetings new": 1,
        "polls new": 1,
    }


async def test_a_loaded_meeting_knows_its_moment_and_where_it_is(desk: Desk) -> None:
    await desk.load(EXAMPLE)
    row = (await desk.rows("SELECT start_at, municipality, province, capacity FROM meeting"))[0]
    moment = round(datetime(2027, 3, 28, 17, tzinfo=UTC).timestamp() * 1000)
    assert row == {"start_at": moment, "municipality": "Veurne", "province": "West-Vlaanderen", "capacity": 20}


async def test_a_synthetic_person_is_as_if_welcomed(desk: Desk) -> None:
    await desk.load(EXAMPLE)
    row = await desk.store.read(lambda tx: people.find(tx, VAULT, 6001))
    assert row is not None
    assert (row["language"], row["municipality"], row["block"], row["welcomed"]) == ("ar", "Veurne", "B2", 1)
    consents = await desk.store.read(lambda tx: people.consents(tx, row["id"]))
    assert consents == {"meetings", "polls", "council", "rights"}


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    await desk.load(EXAMPLE)
    before = await desk.all()
    await desk.load(EXAMPLE)
    assert await desk.all() == before


async def test_what_a_file_does_not_name_stays_as_it_is(desk: Desk) -> None:
    await desk.load(EXAMPLE)
    before = await desk.rows("SELECT * FROM meeting")
    await desk.load(MEETING)
    assert await desk.rows("SELECT * FROM meeting WHERE id = 'veurne-maart'") == before
    assert len(await desk.rows("SELECT * FROM role")) == 2


async def test_giving_a_role_is_in_the_audit_trail(desk: Desk) -> None:
    await desk.load(EXAMPLE)
    acts = [row["act"] for row in await desk.rows("SELECT act FROM audit ORDER BY id")]
    assert acts == ["role given", "role given", "meeting new", "poll released"]


async def test_a_role_for_someone_who_never_wrote_waits_for_them(desk: Desk) -> None:
    await desk.load(EXAMPLE)
    states = await desk.rows("SELECT unreachable FROM person JOIN role ON role.person = person.id")
    assert states == [{"unreachable": "never-wrote"}] * 2


async def sign_up(desk: Desk) -> None:
    """Let the example's tenant come to the meeting in Gent."""

    def job(tx: Tx) -> None:
        person = people.add(tx, VAULT, 6001, "nl", desk.clock.ms())
        registrations.register(tx, "gent", person, Wish(), desk.clock.ms())

    await desk.store.write(job)


async def told(desk: Desk) -> list[str]:
    """Give what was planned to be said."""
    return [row["flow"] for row in await desk.rows("SELECT flow FROM delivery WHERE state = 'queued' ORDER BY id")]


async def test_a_moved_meeting_tells_those_who_come_once(desk: Desk) -> None:
    await desk.load(MEETING)
    await sign_up(desk)
    for _time in range(2):
        await desk.load(MEETING.replace("14:00", "15:00"))
    assert await told(desk) == ["meeting_moved"]


async def test_a_cancelled_meeting_tells_those_who_come_once(desk: Desk) -> None:
    await desk.load(MEETING)
    await sign_up(desk)
    for _time in range(2):
        await desk.load(MEETING + "    cancelled: true\n")
    assert await told(desk) == ["meeting_cancelled"]


async def test_a_new_theme_bothers_nobody(desk: Desk) -> None:
    await desk.load(MEETING)
    await sign_up(desk)
    await desk.load(MEETING.replace("Energie", "Energie en water"))
    assert await told(desk) == []


async def test_a_meeting_that_is_over_may_stand_in_the_file(desk: Desk) -> None:
    await desk.load(MEETING)
    desk.clock.set(datetime(2027, 5, 1, tzinfo=UTC))
    assert await desk.load(MEETING) == {"meetings same": 1}


async def test_a_meeting_is_not_moved_to_the_past(desk: Desk) -> None:
    await desk.load(MEETING)
    with pytest.raises(LoadError, match=r"network\.yaml:5: meetings\.0\.start: 2027-01-10T14:00:00 is in the past"):
        await desk.load(MEETING.replace("2027-04-10", "2027-01-10"))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (MEETING.replace("kind: regional", "knd: regional"), "network.yaml:3: meetings.0.knd: Extra inputs"),
        (
            MEETING.replace("kind: regional", "kind: party"),
            "network.yaml:3: meetings.0.kind: Input should be 'regional'",
        ),
        (MEETING.replace("id: gent", "id: Gent Noord"), "network.yaml:2: meetings.0.id: String should match"),
        (
            MEETING.replace("T14:00", "T14:00+02:00"),
            "network.yaml:5: meetings.0.start: expected local wall time without",
        ),
        (MEETING.replace("T14:00", ""), "network.yaml:5: meetings.0.start: expected a day and a time"),
        (
            MEETING.replace("2027-04-10T14:00", "1775822400"),
            "network.yaml:5: meetings.0.start: expected a day and a time",
        ),
        (MEETING.replace("04-10T14", "02-30T14"), "network.yaml:5: meetings.0.start:"),
        (MEETING.replace("2027", "2026"), "network.yaml:5: meetings.0.start: 2026-04-10T14:00:00 is in the past"),
        (MEETING + MEETING.partition("\n")[2], "network.yaml:7: meetings.1.id: 'gent' stands here twice"),
        (MEETING + "    zone: Europe/Ghent\n", "network.yaml:7: meetings.0.zone: expected a zone of the tz database"),
        (MEETING + "    capacity: -1\n", "network.yaml:7: meetings.0.capacity:"),
        (MEETING.replace("{nl: Energie}", "{}"), "network.yaml:4: meetings.0.theme: expected a text for at least one"),
        (MEETING.replace("name: Zaal,", "name: Zaal, lat: 51,"), "network.yaml:6: meetings.0.place: expected both lat"),
        (MEETING.replace("theme: {nl: Energie}", "theme: {nl: [}"), "network.yaml:4: "),
        ("meetings:\n\t- id: gent", "network.yaml:2: "),
        ("just words", "network.yaml:1: file: "),
        ("meetings: 3", "network.yaml:1: meetings: "),
        (MEETING + "gatherings: []\n", "network.yaml:7: gatherings: Extra inputs"),
        ("roles: [{telegram: 5001, role: king}]", "network.yaml:1: roles.0.role: "),
        ("roles: [{telegram: 5001, role: staff, scope: {group: a, region: b}}]", "expected all, or one of group"),
    ],
)
async def test_a_wrong_file_is_refused_whole_with_line_and_reason(desk: Desk, wrong: str, why: str) -> None:
    assert why in await desk.refusal(wrong)


async def test_a_consultation_is_kept_for_the_part_that_will_open_it(desk: Desk) -> None:
    done = await desk.load("consultations: [{id: renovatie}]")
    assert done == {"consultations checked and kept (not opened by this version)": 1}
    assert [row["name"] for row in await desk.rows("SELECT name FROM meta")] == ["consultation:renovatie"]


async def test_every_fault_is_named_at_once(desk: Desk) -> None:
    wrong = MEETING.replace("kind: regional", "kind: party").replace("T14:00", "")
    assert len((await desk.refusal(wrong)).splitlines()) == 2


async def test_one_wrong_meeting_keeps_the_good_ones_out(desk: Desk) -> None:
    good = MEETING.partition("\n")[2].replace("gent", "aalst")
    await desk.refusal(MEETING.replace("kind: regional", "kind: party") + good)


async def test_people_are_for_demos_and_tests_only(desk: Desk) -> None:
    why = await desk.refusal(EXAMPLE, synthetic=False)
    assert why == "network.yaml:5: people: only with --synthetic, for demos and tests"


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(YamlError, match=r"nowhere\.yaml: No such file"):
        read_file(tmp_path / "nowhere.yaml", synthetic=False)


async def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "photo.yaml").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(YamlError, match=r"photo.yaml:1: "):
        read_file(tmp_path / "photo.yaml", synthetic=False)


async def test_an_empty_file_changes_nothing(desk: Desk) -> None:
    assert await desk.load("") == {}
