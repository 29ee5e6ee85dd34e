"""Ballots: one for each who answers, changed as often as they like, and nothing in the database that says whose."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.store import ballots, polls
from bot.store.db import Store
from flows.changes import EraseMe
from flows.poll_changes import Cast
from tests.bot.poll_town import WORDS, PollTown
from tests.bot.polls import POLL, poll_row

CLOSED = "This poll is closed. Thank you for wanting to take part."
TAP = "Please tap one of the buttons."
ELSEWHERE = "This poll is for tenants of another place."
LOST = "I cannot take answers to this poll any more. I am sorry."
FIXED = "You have answered this question. In this poll you cannot change an answer."
QUESTIONS = [
    *poll_row()["questions"],
    {
        "id": "wat",
        "kind": "several",
        "text": {"nl": "Wat gebruik je?"},
        "options": [{"id": "papier", "nl": "Papier"}, {"id": "glas", "nl": "Glas"}],
    },
    {"id": "cijfer", "kind": "number", "text": {"nl": "Geef een cijfer."}, "low": 1, "high": 5},
    {"id": "blij", "kind": "faces", "text": {"nl": "Hoe blij ben je?"}},
]


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Amina and Elif are tenants; the poll is open."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants("Amina", "Elif")
    await town.opened(questions=QUESTIONS)
    return town


async def answers_of(town: PollTown) -> list[dict[str, list[str]]]:
    """Give the answers of all ballots."""
    key = town.vault.ring.key(POLL)
    return [json.loads(answers) for _cut, answers in await town.write(lambda here: ballots.rows_of(here.tx, key, POLL))]


async def texts(town: PollTown) -> list[str]:
    """Give what was written in own words."""
    return await town.write(lambda here: ballots.texts(here.tx, town.vault.ring.key(POLL), POLL, "idee"))


async def test_answers_come_together_on_one_ballot(town: PollTown) -> None:
    await town.all_of_it("Amina")
    assert await answers_of(town) == [{"weet": ["yes"], "hoe": ["o2"], "idee": ["written"]}]
    assert await texts(town) == [WORDS]


async def test_ten_taps_at_once_make_one_ballot(town: PollTown) -> None:
    options = ["yes", "no"] * 5
    assert set(await asyncio.gather(*(town.answers("Amina", ("weet", said)) for said in options))) == {""}
    (only,) = await answers_of(town)
    assert only["weet"] in (["yes"], ["no"])


async def test_answers_from_two_devices_at_once_are_all_kept(town: PollTown) -> None:
    given = (("weet", "yes"), ("hoe", "o1"), ("wat", "glas"), ("cijfer", "5"), ("blij", "1"), ("idee", f">{WORDS}"))
    await asyncio.gather(*(town.answers("Amina", each) for each in given))
    assert [sorted(ballot) for ballot in await answers_of(town)] == [sorted(question for question, _said in given)]


async def test_an_answer_can_be_changed_while_the_poll_is_open(town: PollTown) -> None:
    for said in ("yes", "no"):
        assert not await town.answers("Amina", ("weet", said))
    assert await answers_of(town) == [{"weet": ["no"]}]


async def test_rather_not_is_an_answer_to_every_question(town: PollTown) -> None:
    every = [question["id"] for question in QUESTIONS]
    assert not await town.answers("Amina", *((question, "skip") for question in every))
    assert await answers_of(town) == [{question: ["skip"] for question in every}]


async def test_a_second_text_takes_the_place_of_the_first(town: PollTown) -> None:
    await town.answers("Amina", ("idee", ">Meer bakken."), ("idee", ">Minder lawaai."))
    assert await texts(town) == ["Minder lawaai."]


async def test_rather_not_takes_the_text_away(town: PollTown) -> None:
    await town.answers("Amina", ("idee", ">Meer bakken."), ("idee", "skip"))
    assert (await texts(town), await answers_of(town)) == ([], [{"idee": ["skip"]}])


async def test_a_text_is_sealed_in_the_database(town: PollTown) -> None:
    await town.answers("Amina", ("idee", f">{WORDS}"))
    assert WORDS.encode() not in bytes((await town.rows("SELECT text FROM ballot_text"))[0]["text"])


async def test_a_second_household_member_answers_apart(town: PollTown) -> None:
    await town.answers("Amina", ("weet", "yes"))
    await town.answers("Amina", ("weet", "no"), member=2)
    one, other = await town.mine("Amina"), await town.mine("Amina", 2)
    assert one is not None
    assert other is not None
    assert (one.answers, other.answers) == ({"weet": ("yes",)}, {"weet": ("no",)})
    who = await town.write(lambda here: ballots.members(here.tx, town.vault, POLL, here.person("Amina")))
    assert who == (1, 2)


@pytest.mark.parametrize(
    "cast",
    [
        Cast(POLL, "weet", ("maybe",)),
        Cast(POLL, "weet", ()),
        Cast(POLL, "weet", ("yes", "no")),
        Cast(POLL, "weet", (), "ja"),
        Cast(POLL, "hoe", ("o4",)),
        Cast(POLL, "hoe", ("written",)),
        Cast(POLL, "wat", ()),
        Cast(POLL, "wat", ("papier", "papier")),
        Cast(POLL, "wat", ("papier", "skip")),
        Cast(POLL, "cijfer", ("0",)),
        Cast(POLL, "cijfer", ("6",)),
        Cast(POLL, "blij", ("6",)),
        Cast(POLL, "idee", ("yes",)),
        Cast(POLL, "idee", ("written",)),
        Cast(POLL, "idee", (), "  "),
        Cast(POLL, "weet", ("yes",), member=0),
        Cast(POLL, "weet", ("yes",), member=3),
    ],
    ids=str,
)
async def test_an_answer_that_the_question_does_not_allow_is_refused(town: PollTown, cast: Cast) -> None:
    assert await town.does("Amina", cast) == TAP
    assert await answers_of(town) == []


@pytest.mark.parametrize("cast", [Cast(POLL, "gone", ("yes",)), Cast("gone", "weet", ("yes",))], ids=str)
async def test_an_answer_to_what_is_not_there_is_told_kindly(town: PollTown, cast: Cast) -> None:
    assert await town.does("Amina", cast) == CLOSED


async def test_several_may_be_chosen_where_the_question_says_so(town: PollTown) -> None:
    assert not await town.does("Amina", Cast(POLL, "wat", ("papier", "glas")))
    assert await answers_of(town) == [{"wat": ["papier", "glas"]}]


async def test_a_poll_that_is_secret_from_the_start_takes_one_answer_to_a_question(store: Store) -> None:
    town = PollTown(store)
    await town.settle()
    await town.tenants("Amina")
    await town.opened(secret=True)
    assert not await town.answers("Amina", ("weet", "yes"), ("idee", ">Meer bakken."))
    assert not await town.answers("Amina", ("weet", "yes")), "a double tap is not told off"
    assert await town.answers("Amina", ("weet", "no")) == FIXED
    assert await town.answers("Amina", ("idee", ">Minder lawaai.")) == FIXED
    assert await answers_of(town) == [{"weet": ["yes"], "idee": ["written"]}]
    assert await texts(town) == ["Meer bakken."]


async def test_who_lives_elsewhere_cannot_answer(town: PollTown) -> None:
    await town.tenants("Bo", landlord="leie")
    assert await town.answers("Bo", ("weet", "yes")) == ELSEWHERE


async def test_who_was_asked_can_answer_after_moving_away(town: PollTown) -> None:
    await town.change("Amina", landlord="leie")
    assert not await town.answers("Amina", ("weet", "yes"))


async def test_who_did_not_say_where_they_live_can_answer_by_a_poster(town: PollTown) -> None:
    await town.tenants("Bo", landlord=None, municipality=None, province=None)
    assert not await town.answers("Bo", ("weet", "yes"))


async def test_anyone_can_answer_a_poll_that_is_open_to_anyone(town: PollTown) -> None:
    await town.opened("lift", anyone=True)
    await town.tenants("Bo", landlord="leie")
    assert not await town.answers("Bo", ("weet", "yes"), poll="lift")


async def test_nothing_is_taken_from_the_moment_of_closing(town: PollTown) -> None:
    town.now = (await town.poll())["closes_at"]
    assert await town.answers("Amina", ("weet", "yes")) == CLOSED


async def test_without_its_key_no_answer_can_be_read_found_or_changed(town: PollTown) -> None:
    await town.answers("Amina", ("weet", "yes"))
    town.restarts(None)
    assert await town.answers("Amina", ("weet", "no")) == LOST
    assert await town.answers("Elif", ("weet", "no")) == LOST
    assert (await town.mine("Amina"), await answers_of(town)) == (None, [])


async def test_after_a_restart_an_answer_is_found_again(town: PollTown, tmp_path: Path) -> None:
    await town.answers("Amina", ("weet", "yes"))
    town.restarts(tmp_path / "keys")
    assert not await town.answers("Amina", ("weet", "no"))
    assert await answers_of(town) == [{"weet": ["no"]}]


async def test_the_ballots_of_who_is_erased_go_while_the_poll_is_open(town: PollTown) -> None:
    for member in (1, 2):
        await town.answers("Amina", ("weet", "yes"), ("idee", f">{WORDS}"), member=member)
    await town.answers("Elif", ("weet", "no"), ("idee", ">Minder lawaai."))
    await town.does("Amina", EraseMe())
    assert (await answers_of(town), await texts(town)) == (
        [{"weet": ["no"], "idee": ["written"]}],
        ["Minder lawaai."],
    )


async def test_a_ballot_holds_no_person_and_no_time(town: PollTown) -> None:
    await town.answers("Amina", ("weet", "yes"))
    person = await town.id("Amina")
    (row,) = await town.rows("SELECT * FROM ballot")
    assert set(row) == {"poll", "id", "sealed"}
    for column in ("id", "sealed"):
        assert str(person).encode() not in bytes(row[column])
        assert person.to_bytes(8) not in bytes(row[column])
        assert b"Vlaanderen" not in bytes(row[column])
        assert b"weet" not in bytes(row[column])


async def test_the_key_shows_region_language_and_origin(town: PollTown) -> None:
    await town.change("Elif", language="tr", province="Limburg")
    await town.answers("Amina", ("weet", "yes"))
    await town.answers("Elif", ("weet", "no"))
    key = town.vault.ring.key(POLL)
    found = await town.write(lambda here: ballots.rows_of(here.tx, key, POLL))
    assert dict(found) == {
        ("West-Vlaanderen", "nl", "chat"): '{"weet":["yes"]}',
        ("Limburg", "tr", "chat"): '{"weet":["no"]}',
    }


async def test_attributes_stay_as_they_were_at_the_first_answer(town: PollTown) -> None:
    await town.answers("Amina", ("weet", "yes"))
    await town.change("Amina", province="Limburg")
    await town.answers("Amina", ("weet", "no"))
    key = town.vault.ring.key(POLL)
    found = await town.write(lambda here: ballots.rows_of(here.tx, key, POLL))
    assert found == [(("West-Vlaanderen", "nl", "chat"), '{"weet":["no"]}')]


async def test_what_is_complete_and_what_is_not_is_told_apart(town: PollTown) -> None:
    await town.answers("Amina", *((question["id"], "skip") for question in QUESTIONS))
    await town.answers("Elif", ("weet", "yes"))
    questions = polls.content_of(await town.poll()).questions
    found = await town.write(lambda here: ballots.ids(here.tx, town.vault.ring.key(POLL), POLL, questions))
    assert sorted(found.values()) == [False, True]
    assert await town.write(lambda here: ballots.count(here.tx, POLL)) == 2


async def test_whatever_is_answered_ballots_are_of_one_length(town: PollTown) -> None:
    await town.answers("Amina", ("weet", "yes"))
    await town.all_of_it("Elif")
    assert len({len(bytes(row["sealed"])) for row in await town.rows("SELECT sealed FROM ballot")}) == 1
