"""Closing: tables frozen, ties cut, keys destroyed, in steps that a crash may part anywhere."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.poll_clock import PollClock
from bot.store import closing, deliveries, inbox, sessions
from bot.store.db import Store, Tx
from flows.changes import EraseMe
from flows.engine import Session
from flows.poll_changes import ClosePoll, SayOutcome
from flows.questions import Answer
from tests.bot.poll_town import DAY, WORDS, PollTown, names
from tests.bot.polls import POLL
from tests.bot.world import AMINA, Town

T = TypeVar("T")
DONE = SayOutcome(POLL, {"nl": "Er komen meer bakken."}, True)
STEPS = 9  # writes with which a poll is closed here


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Twelve tenants; a poll that is open."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants(*names(12))
    await town.opened()
    return town


async def closes(town: PollTown) -> None:
    """Close the poll, and all that follows."""
    assert not await town.does("Luc", ClosePoll(POLL))
    await town.tick()
    assert await town.state() == "closed"


async def took_part(town: PollTown) -> set[tuple[int, int]]:
    """Give who took part: person and member."""
    rows = await town.rows("SELECT person, member FROM participation")
    return {(row["person"], row["member"]) for row in rows}


async def figure(town: PollTown, option: str, question: str = "weet") -> Any:
    """Give what staff read of an option."""
    sql = (
        "SELECT count FROM poll_result WHERE view = 'staff' AND question = :question AND cut = 'all'"
        ' AND "option" = :option'
    )
    return [row["count"] for row in await town.rows(sql, question=question, option=option)]


class Crashing:
    """A database under a process that dies at the write of this number."""

    def __init__(self, store: Store, dies_at: int):
        self.store, self.left = store, dies_at

    async def write(self, job: Callable[[Tx], T]) -> T:
        if self.left == 0:
            raise InterruptedError
        self.left -= 1
        return await self.store.write(job)

    async def read(self, job: Callable[[Tx], T]) -> T:
        return await self.store.read(job)

    async def close(self) -> None:
        """Leave the real one open: others still use it."""


@pytest.mark.parametrize("dies_at", range(STEPS))
async def test_a_crash_between_two_steps_changes_nothing_in_the_end(
    town: PollTown, tmp_path: Path, dies_at: int
) -> None:
    await town.all_of_it(*names(11))
    await town.answers("t011", ("weet", "no"))
    everyone = {(await town.id(name), 1) for name in names(12)}
    await town.does("Luc", ClosePoll(POLL))
    dying = PollClock(Crashing(town.store, dies_at), town.vault, {})
    with contextlib.suppress(InterruptedError):  # of one poll it is only noted: the next tick tries again
        await dying.tick(town.now)
    assert await town.state() != "closed"
    town.restarts(tmp_path / "keys")
    await town.tick()
    row = await town.poll()
    assert (row["state"], row["answered"], row["partly"]) == ("closed", 11, 1)
    assert await took_part(town) == everyone
    assert await town.rows("SELECT * FROM ballot") == await town.rows("SELECT * FROM ballot_text") == []
    assert await figure(town, "") == [12]
    assert len(await town.rows("SELECT * FROM poll_text")) == 11
    assert [path.name for path in (tmp_path / "keys").glob("poll-*")] == []
    assert town.got("outcome_wanted") == ["Ada", "Greet", "Luc", "Noor"]


async def test_a_crash_was_tried_before_each_of_its_steps(town: PollTown) -> None:
    await town.all_of_it(*names(12))
    await town.does("Luc", ClosePoll(POLL))
    counting = Crashing(town.store, STEPS)
    await PollClock(counting, town.vault, {}).tick(town.now)
    assert (counting.left, await town.state()) == (0, "closed")


async def test_each_member_of_a_household_is_counted_and_listed_once(town: PollTown) -> None:
    await town.all_of_it(*names(10))
    await town.answers("t000", ("weet", "no"), member=2)
    await closes(town)
    me = await town.id("t000")
    assert {(me, 1), (me, 2)} <= await took_part(town)
    row = await town.poll()
    assert (row["answered"], row["partly"]) == (10, 1)


@pytest.mark.parametrize(("writers", "kept"), [(9, 0), (10, 10)])
async def test_what_people_wrote_is_kept_where_ten_or_more_did(town: PollTown, writers: int, kept: int) -> None:
    for name in names(writers):
        await town.answers(name, ("idee", f">{WORDS} {name}"))
    await closes(town)
    found = await town.write(lambda here: closing.texts(here.tx, town.vault, POLL))
    assert sorted(found.get("idee", ())) == [f"{WORDS} {name}" for name in names(kept)]


async def test_free_answers_do_not_come_in_the_order_in_which_they_were_written(town: PollTown) -> None:
    for name in names(12):
        await town.answers(name, ("idee", f">{name}"))
    await closes(town)
    found = await town.write(lambda here: closing.texts(here.tx, town.vault, POLL))
    assert sorted(found["idee"]) == names(12)
    assert list(found["idee"]) != names(12)


async def test_without_its_key_a_poll_closes_with_its_counts_alone(town: PollTown, tmp_path: Path) -> None:
    await town.all_of_it(*names(12))
    town.now += DAY
    await town.tick()
    (tmp_path / "keys" / f"poll-{POLL}.key").unlink()
    town.restarts(tmp_path / "keys")
    await closes(town)
    assert (await town.poll())["answered"] == 12
    assert await took_part(town) == set()
    assert await town.rows("SELECT * FROM poll_result WHERE count IS NOT NULL") == []
    assert not await town.does("Luc", DONE)
    await town.tick()
    assert town.got("poll_result") == []


async def test_another_open_poll_keeps_its_key_and_its_ballots(town: PollTown) -> None:
    await town.opened("lift")
    await town.answers("t000", ("weet", "yes"), poll="lift")
    await closes(town)
    assert not await town.answers("t000", ("weet", "no"), poll="lift")
    assert len(await town.rows("SELECT * FROM ballot WHERE poll = 'lift'")) == 1


async def test_who_is_erased_while_it_closes_is_not_listed(town: PollTown) -> None:
    await town.all_of_it("t000", "t001")
    me = await town.id("t000")
    await town.does("Luc", ClosePoll(POLL))
    await town.does("t000", EraseMe())
    await town.tick()
    assert me not in {person for person, _member in await took_part(town)}
    assert len(await took_part(town)) == 1


async def test_who_is_erased_afterwards_is_not_listed_any_more(town: PollTown) -> None:
    await town.all_of_it("t000")
    await closes(town)
    await town.does("t000", EraseMe())
    assert await took_part(town) == set()


async def test_conversations_in_which_someone_was_answering_are_forgotten_and_others_are_not(town: PollTown) -> None:
    await town.opened("lift")

    def job(here: Town) -> None:
        me = here.person("t000")
        for flow, subject in (("poll_write", f"{POLL}:1:idee"), ("poll_write", "lift:1:idee"), ("outcome", POLL)):
            session = Session(flow, subject, {"q": Answer(text="half")})
            sessions.focus(here.tx, me, sessions.save(here.tx, town.vault, me, session, here.now))

    await town.write(job)
    await closes(town)
    rows = await town.rows("SELECT flow, subject FROM session ORDER BY flow")
    assert [(row["flow"], row["subject"]) for row in rows] == [("outcome", POLL), ("poll_write", "lift:1:idee")]


def received(town: PollTown, number: int) -> Callable[[Town], object]:
    """Let an update come in, to be handled later."""
    return lambda here: inbox.store(here.tx, town.vault, [(number, b'{"update": 1}')], here.now)


async def test_an_update_that_waits_while_the_passing_key_changes_is_still_read(town: PollTown, tmp_path: Path) -> None:
    await town.write(received(town, 1))
    await closes(town)
    town.restarts(tmp_path / "keys")
    found = await town.write(lambda here: inbox.waiting(here.tx, town.vault))
    assert [(id, raw) for id, raw, _attempts in found] == [(1, b'{"update": 1}')]


async def test_a_reply_that_waits_while_the_passing_key_changes_is_still_sent(town: PollTown, tmp_path: Path) -> None:
    payload = {"kind": "send", "text": "Dag!", "rows": []}
    await town.write(lambda here: deliveries.queue_to_chat(here.tx, town.vault, AMINA, payload, here.now))
    await town.does("Luc", ClosePoll(POLL))
    await town.clock.tick(town.now)
    town.restarts(tmp_path / "keys")
    found, unreadable = await town.write(lambda here: deliveries.queued(here.tx, town.vault, set()))
    assert ([item.payload for item in found if item.chat_id == AMINA], unreadable) == ([payload], [])


async def test_the_passing_key_of_before_is_gone(town: PollTown, tmp_path: Path) -> None:
    await town.write(received(town, 1))
    before = [path.name for path in (tmp_path / "keys").glob("passing-*")]
    await closes(town)
    after = [path.name for path in (tmp_path / "keys").glob("passing-*")]
    assert (before, after) == (["passing-1.key"], ["passing-2.key"])


async def test_what_no_key_opens_does_not_keep_a_poll_from_closing(town: PollTown, tmp_path: Path) -> None:
    """After a restore the passing keys of that day are gone, and what waited then stays sealed for good."""
    payload = {"kind": "send", "text": "Dag!", "rows": []}
    await town.write(received(town, 1))
    await town.write(lambda here: deliveries.queue_to_chat(here.tx, town.vault, AMINA, payload, here.now))
    (tmp_path / "keys" / "passing-1.key").unlink()
    town.restarts(tmp_path / "keys")
    await town.does("Luc", ClosePoll(POLL))
    await town.clock.tick(town.now)
    assert await town.state() == "closed"
    (update,) = await town.rows("SELECT state, reason, payload FROM inbox")
    assert update == {"state": "quarantined", "reason": "cannot be opened", "payload": None}
    (reply,) = await town.rows("SELECT state, reason, payload FROM delivery WHERE class = 'reply'")
    assert reply == {"state": "failed", "reason": "cannot be opened", "payload": None}
