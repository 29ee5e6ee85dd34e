"""Broadcasts: one row for each recipient, made before anything is sent, and each with its end and reason."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import broadcasts, deliveries, people, polls
from bot.store.broadcasts import Order
from bot.store.db import Store
from flows.changes import EraseMe, Speak
from tests.bot.poll_town import DAY, HOUR, MINUTE, MONDAY, PollTown, content, names, without_text
from tests.bot.polls import POLL
from tests.bot.test_audience import counted
from tests.bot.world import Town, at

TEN = names(10)
TAPS = without_text()


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Ten tenants, who want polls."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants(*TEN)
    return town


async def planned(town: PollTown, chunk: int = 3) -> int:
    """Have a poll open, and take the first step of its broadcast; give how many rows there are."""
    await open_only(town)
    await step(town, chunk)
    return len(await town.ends())


async def open_only(town: PollTown) -> None:
    """Have a poll open of which nothing is planned yet."""

    def job(here: Town) -> None:
        polls.put_loaded(here.tx, POLL, content(questions=TAPS), here.now)
        town.vault.ring.make(POLL)
        here.tx.run("UPDATE poll SET state = 'open', opened_at = :now", now=here.now)

    await town.write(job)


async def step(town: PollTown, chunk: int = 3) -> bool:
    """Take one step; tell whether there may be more."""
    return await town.write(lambda here: broadcasts.step(here.tx, here.now, chunk, town.clock.sources))


async def steps(town: PollTown, chunk: int = 3) -> int:
    """Take every step that is left; give how many these were."""
    taken = 0
    while await step(town, chunk):
        taken += 1
        assert taken < 50, "it does not come to an end"
    return taken


async def test_everyone_of_the_audience_has_one_row(town: PollTown) -> None:
    await town.opened()
    assert sorted(await town.ends()) == TEN
    assert (await town.broadcast())["planned"] == 10
    assert (await town.rows("SELECT count(*) AS n FROM delivery WHERE broadcast IS NOT NULL"))[0]["n"] == 10


async def test_rows_are_made_in_chunks_behind_a_cursor(town: PollTown) -> None:
    everyone = [row["id"] for row in await town.rows("SELECT id FROM person ORDER BY id")]
    await planned(town, 4)
    assert (await town.broadcast())["cursor"] == everyone[3]
    await step(town, 4)
    assert (await town.broadcast())["cursor"] == everyone[7]
    await steps(town, 4)
    assert sorted(await town.ends()) == TEN


async def test_a_crash_between_two_chunks_leaves_nobody_out_and_nobody_twice(town: PollTown) -> None:
    before = await planned(town)

    def crash(here: Town) -> None:
        broadcasts.step(here.tx, here.now, 3, town.clock.sources)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await town.write(crash)
    assert len(await town.ends()) == before
    await steps(town)
    assert (sorted(await town.ends()), (await town.broadcast())["planned"]) == (TEN, 10)


async def test_the_database_itself_refuses_a_second_row_for_anyone(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.write(lambda here: here.tx.run("UPDATE broadcast SET state = 'planning', cursor = 0"))
    with pytest.raises((sqlite3.IntegrityError, IntegrityError)):
        await step(town)
    assert sorted(await town.ends()) == TEN


async def test_nothing_of_it_is_sent_before_all_rows_are_there(town: PollTown) -> None:
    await planned(town)
    assert await town.sends() == []
    await steps(town)
    assert len(await town.sends()) == 10


async def test_a_reminder_goes_while_a_broadcast_is_planned(town: PollTown) -> None:
    await planned(town)
    await town.write(lambda here: here.plan("Amina", "reminder"))
    assert await town.sends() == [("Amina", "menu")]


async def test_nothing_is_planned_for_a_poll_that_is_not_open_yet(town: PollTown) -> None:
    """A poll may be loaded while the clock is at work: its rows would be judged as those of a closed one."""
    await town.write(lambda here: polls.put_loaded(here.tx, POLL, content(questions=TAPS), here.now))
    assert not await step(town)
    assert await town.ends() == {}
    await town.tick()
    assert {state for state, _reason in (await town.ends()).values()} == {"sent"}


async def test_a_broadcast_waits_for_its_time(town: PollTown) -> None:
    await town.opened(opens="2027-03-15T13:00")
    assert await town.ends() == {}
    assert await town.write(lambda here: broadcasts.next_due(here.tx, here.now)) == at("2027-03-15 13:00")
    await town.until("2027-03-15 13:00")
    assert len(town.got("poll")) == 10


@pytest.mark.parametrize(
    ("opens", "morning"),
    [("2027-03-15T22:00", "2027-03-16 09:00"), ("2027-03-20T22:00", "2027-03-22 09:00")],
    ids=["at night it waits for the morning", "before a Sunday it waits for Monday"],
)
async def test_what_starts_late_is_held_from_the_first(town: PollTown, opens: str, morning: str) -> None:
    await town.opened(opens=opens)
    await town.until(opens.replace("T", " "))
    assert set((await town.ends()).values()) == {("held", "planned")}
    town.now = at(morning) - MINUTE
    await town.tick()
    assert town.got("poll") == []
    await town.until(morning)
    assert town.got("poll") == TEN


async def test_a_stop_holds_from_the_next_message_on(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.write(lambda here: broadcasts.stop(here.tx, here.tx.all("SELECT id FROM broadcast")[0]["id"]))
    assert await town.sends() == []


async def test_what_waits_is_ended_in_short_steps_after_a_stop(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.write(lambda here: broadcasts.stop(here.tx, here.tx.all("SELECT id FROM broadcast")[0]["id"]))
    assert await steps(town, 4) == 4
    assert set((await town.ends()).values()) == {("expired", "the sending was stopped")}
    assert (await town.broadcast())["state"] == "done"


async def test_a_stop_while_it_is_planned_makes_no_more_rows(town: PollTown) -> None:
    before = await planned(town)
    await town.write(lambda here: broadcasts.stop(here.tx, here.tx.all("SELECT id FROM broadcast")[0]["id"]))
    await steps(town)
    assert len(await town.ends()) == before < 10


async def test_what_was_sent_before_a_stop_stays_sent(town: PollTown) -> None:
    await town.change("t000", quiet="paused", quiet_until=town.now + DAY)
    await town.opened()
    await town.write(lambda here: broadcasts.stop(here.tx, here.tx.all("SELECT id FROM broadcast")[0]["id"]))
    await town.tick()
    ends = await town.ends()
    assert ends.pop("t000") == ("expired", "the sending was stopped")
    assert set(ends.values()) == {("sent", "")}


async def test_consent_withdrawn_between_plan_and_send_is_respected(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.write(lambda here: here.consent("t000"))
    assert ("t000", "poll") not in await town.sends()
    assert (await town.ends())["t000"] == ("expired", "no consent")


async def test_who_stopped_everything_between_plan_and_send_gets_nothing(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.change("t000", quiet="stopped")
    await town.sends()
    assert (await town.ends())["t000"] == ("expired", "stopped")


async def test_who_blocks_between_plan_and_send_ends_as_blocked(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.write(lambda here: people.unreachable(here.tx, here.person("t000"), "blocked"))
    await town.sends()
    assert (await town.ends())["t000"] == ("blocked", "blocked")
    assert len(town.sent) == 9


async def test_who_is_erased_between_plan_and_send_leaves_no_row(town: PollTown) -> None:
    await open_only(town)
    await steps(town)
    await town.does("t000", EraseMe())
    await town.sends()
    assert sorted(await town.ends()) == town.got("poll") == TEN[1:]


async def test_who_pauses_gets_it_when_the_pause_is_over(town: PollTown) -> None:
    await town.change("t000", quiet="paused", quiet_until=town.now + DAY)
    await town.opened()
    assert (await town.ends())["t000"] == ("held", "paused")
    await town.later(DAY - MINUTE)
    assert len(town.got("poll")) == 9
    await town.later(2 * MINUTE)
    assert town.got("poll") == TEN


async def test_who_ends_a_pause_early_gets_it_then(town: PollTown) -> None:
    await town.change("t000", quiet="paused", quiet_until=town.now + 3 * DAY)
    await town.opened()
    await town.does("t000", Speak())
    await town.tick()
    assert town.got("poll") == TEN


async def test_who_had_three_messages_this_week_gets_it_when_the_week_is_over(town: PollTown) -> None:
    await town.write(lambda here: counted(here, "t000", 3, ago=5 * DAY))
    await town.opened()
    assert (await town.ends())["t000"] == ("held", "weekly budget")
    await town.later(2 * DAY - MINUTE)
    assert len(town.got("poll")) == 9
    await town.later(2 * MINUTE)
    assert town.got("poll") == TEN


async def test_what_waits_too_long_ends_when_the_poll_closes(town: PollTown) -> None:
    await town.change("t000", quiet="paused", quiet_until=town.now + 30 * DAY)
    await town.opened()
    assert (await town.ends())["t000"] == ("expired", "paused until too late")


async def test_the_ends_add_up_with_a_reason_for_each(town: PollTown) -> None:
    await town.tenants("Gus", consents=())
    await town.change("t000", quiet="paused", quiet_until=town.now + DAY)
    await town.change("t001", unreachable="deactivated")
    await town.opened()
    id = (await town.broadcast())["id"]
    found = await town.write(lambda here: broadcasts.ends(here.tx, id))
    assert found.reasons == {
        ("sent", ""): 8,
        ("held", "paused"): 1,
        ("blocked", "deactivated"): 1,
        ("expired", "no consent"): 1,
    }
    assert (found.planned, found.delivered, found.waiting) == (11, 8, 1)
    assert (await town.broadcast())["planned"] == sum(found.states.values())


async def test_two_broadcasts_to_the_same_people_are_two_messages_each(town: PollTown) -> None:
    await town.opened()
    await town.opened("lift")
    assert town.got("poll") == sorted(TEN * 2)


async def test_the_same_order_is_the_same_broadcast(town: PollTown) -> None:
    order = Order("audience", "meeting:gent", "bulk", "invite", "gent", town.now, town.now + DAY, {}, once="it")
    ids = {await town.write(lambda here: broadcasts.order(here.tx, order)) for _time in range(2)}
    assert len(ids) == len(await town.rows("SELECT id FROM broadcast")) == 1


async def test_a_broadcast_that_comes_too_late_reaches_nobody(town: PollTown) -> None:
    order = Order("audience", "meeting:gent", "bulk", "invite", "gent", town.now, town.now + HOUR, {}, once="it")
    await town.write(lambda here: broadcasts.order(here.tx, order))
    town.now += HOUR
    await steps(town)
    assert ((await town.broadcast("it"))["state"], await town.ends("invite")) == ("done", {})


async def test_a_broadcast_can_be_taken_back_until_it_begins(town: PollTown) -> None:
    order = Order("audience", "meeting:gent", "bulk", "invite", "gent", town.now, town.now + HOUR, {}, once="it")
    first = await town.write(lambda here: broadcasts.order(here.tx, order))
    assert await town.write(lambda here: broadcasts.withdraw(here.tx, first))
    again = await town.write(lambda here: broadcasts.order(here.tx, order))
    await step(town)
    assert not await town.write(lambda here: broadcasts.withdraw(here.tx, again))
    assert again != first, "an id is never used again: rows of the first would count for it"


async def test_a_source_that_nobody_knows_is_refused(town: PollTown) -> None:
    order = Order("everyone", "meeting:gent", "bulk", "invite", "gent", town.now, town.now + HOUR, once="it")
    await town.write(lambda here: broadcasts.order(here.tx, order))
    with pytest.raises(ValueError, match="'everyone'"):
        await steps(town)


async def test_the_message_tells_how_many_came_this_month_with_itself(town: PollTown) -> None:
    await town.write(lambda here: counted(here, "t000", 1, ago=29 * DAY))
    await town.write(lambda here: counted(here, "t000", 1, "meeting:old", ago=31 * DAY))
    await open_only(town)
    await steps(town)
    me = await town.id("t000")
    assert await town.write(lambda here: broadcasts.this_month(here.tx, me, here.now)) == 2
    await town.sends()
    assert await town.write(lambda here: broadcasts.this_month(here.tx, me, here.now)) == 2


def test_the_end_of_the_sending_is_told_in_local_time() -> None:
    end = broadcasts.finish_time(5400, 30.0, at(MONDAY))
    assert (end.isoformat(), end.tzinfo) == ("2027-03-15T12:03:00", None)


async def test_a_row_that_was_cut_off_twice_is_unknown_and_counted(town: PollTown) -> None:
    await open_only(town)
    await steps(town)

    def cut_off(here: Town) -> None:
        (id,) = (row["id"] for row in here.tx.all("SELECT id FROM delivery ORDER BY id LIMIT 1"))
        for _time in range(2):
            deliveries.mark_sending(here.tx, [id])
            deliveries.recover(here.tx)

    await town.write(cut_off)
    await town.sends()
    found = await town.write(lambda here: broadcasts.ends(here.tx, here.tx.all("SELECT id FROM broadcast")[0]["id"]))
    assert (found.states, found.delivered) == ({"unknown": 1, "sent": 9}, 9)
