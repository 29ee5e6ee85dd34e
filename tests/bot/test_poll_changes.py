"""After the opening: nudges, what was done with it, and who hears of that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.store import ballots
from bot.store.db import Store
from flows.changes import GoQuiet
from flows.poll_changes import ClosePoll, NoNews, NudgePoll, SayOutcome, SayUseful
from tests.bot.desk import taps_as
from tests.bot.poll_town import CLOSES, DAY, HOUR, MINUTE, PollTown, names
from tests.bot.polls import POLL, hands, network, opens
from tests.bot.world import at

TEN = names(10)
STALE = "Somebody changed this poll in the meantime. Look at it again."
DONE = SayOutcome(POLL, {"nl": "Er komen meer bakken."}, True)
NOT_YET = SayOutcome(POLL, {"nl": "De verhuurder antwoordt in mei."}, False, date(2027, 5, 11))
NEWS = SayOutcome(POLL, {"nl": "De bakken staan er."}, True)


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Ten tenants have the poll."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants(*TEN)
    await town.opened()
    return town


async def closed(town: PollTown) -> None:
    """Close the poll."""
    assert not await town.does("Luc", ClosePoll(POLL))
    await town.tick()
    assert await town.state() == "closed"


async def nudges(town: PollTown) -> dict[str, tuple[str, str]]:
    """Give the state and reason of each nudge, by who gets it."""
    rows = await town.rows("SELECT person, state, reason FROM delivery WHERE class = 'nudge'")
    ids = {await town.id(name): name for name in TEN}
    return {ids[row["person"]]: (row["state"], row["reason"]) for row in rows}


async def test_a_nudge_goes_to_who_has_it_and_did_not_finish(town: PollTown) -> None:
    await town.all_of_it("t000", "t001")
    await town.answers("t002", ("weet", "yes"))
    town.now += DAY
    assert not await town.does("Luc", NudgePoll(POLL))
    await town.tick()
    assert town.got("poll_nudge") == TEN[2:]


async def test_not_to_who_was_left_out_of_the_poll(town: PollTown) -> None:
    await town.write(
        lambda here: here.tx.run("UPDATE delivery SET state = 'failed' WHERE person = :id", id=here.person("t000"))
    )
    town.now += DAY
    await town.does("Luc", NudgePoll(POLL))
    await town.tick()
    assert town.got("poll_nudge") == TEN[1:]


async def test_an_organiser_nudges_once(town: PollTown) -> None:
    town.now += DAY
    assert not await town.does("Luc", NudgePoll(POLL))
    assert await town.does("Noor", NudgePoll(POLL)) == STALE


async def test_not_on_the_first_day(town: PollTown) -> None:
    town.now += DAY - 1
    assert await town.does("Luc", NudgePoll(POLL)) == STALE


async def test_who_finishes_between_plan_and_send_is_not_nudged(town: PollTown) -> None:
    town.now = at("2027-03-16 22:00")
    await town.does("Luc", NudgePoll(POLL))
    await town.tick()
    await town.all_of_it("t000")
    await town.until("2027-03-17 09:00")
    assert town.got("poll_nudge") == TEN[1:]
    assert (await nudges(town))["t000"] == ("expired", "answered")


async def test_who_stops_half_way_is_nudged_a_day_later(town: PollTown) -> None:
    await town.answers("t000", ("weet", "yes"))
    await town.later(DAY - MINUTE)
    assert town.got("poll_nudge") == []
    await town.later(2 * MINUTE)
    assert town.got("poll_nudge") == ["t000"]


async def test_who_finishes_in_time_is_left_alone(town: PollTown) -> None:
    await town.answers("t000", ("weet", "yes"))
    await town.later(HOUR)
    await town.all_of_it("t000")
    await town.later(2 * DAY)
    assert town.got("poll_nudge") == []


@pytest.mark.parametrize("first", ["the organiser's", "the one of who stopped half-way"])
async def test_nobody_gets_two_nudges_in_one_poll(town: PollTown, first: str) -> None:
    town.now += DAY
    if first == "the organiser's":
        await town.does("Luc", NudgePoll(POLL))
        await town.tick()
    await town.answers("t000", ("weet", "yes"))
    await town.later(DAY + MINUTE)
    await town.does("Luc", NudgePoll(POLL))
    await town.later(DAY)
    assert town.got("poll_nudge") == TEN


async def test_nobody_is_nudged_in_the_last_day(town: PollTown) -> None:
    town.now = at(CLOSES) - DAY
    await town.answers("t000", ("weet", "yes"))
    assert await nudges(town) == {}


async def test_who_pauses_is_not_nudged_at_all(town: PollTown) -> None:
    town.now += DAY
    await town.does("t000", GoQuiet("paused", 3))
    await town.does("Luc", NudgePoll(POLL))
    await town.tick()
    await town.later(4 * DAY)
    assert town.got("poll_nudge") == TEN[1:]
    assert (await nudges(town))["t000"] == ("expired", "paused")


async def test_who_wants_no_polls_any_more_is_not_nudged(town: PollTown) -> None:
    await town.answers("t000", ("weet", "yes"))
    await town.write(lambda here: here.consent("t000"))
    await town.later(2 * DAY)
    assert (town.got("poll_nudge"), await nudges(town)) == ([], {"t000": ("expired", "no consent")})


async def test_closing_ends_nudges_that_wait(town: PollTown) -> None:
    await town.answers("t000", ("weet", "yes"))
    await closed(town)
    await town.later(2 * DAY)
    assert (town.got("poll_nudge"), await nudges(town)) == ([], {"t000": ("expired", "closed")})


async def test_everyone_who_answered_hears_once_what_was_done(town: PollTown) -> None:
    await town.all_of_it("t000", "t001")
    await town.answers("t001", ("weet", "no"), member=2)
    await town.answers("t002", ("weet", "skip"))
    await closed(town)
    assert not await town.does("Luc", DONE)
    await town.tick()
    assert (await town.state(), town.got("poll_result")) == ("told", ["t000", "t001", "t002"])


async def test_also_who_answered_without_being_asked_or_wanting_polls(town: PollTown) -> None:
    await town.tenants("Bo", consents=())
    await town.answers("Bo", ("weet", "yes"))
    await closed(town)
    await town.does("Luc", DONE)
    await town.tick()
    assert town.got("poll_result") == ["Bo"]


async def test_where_only_the_second_at_home_answered_the_phone_hears_it(town: PollTown) -> None:
    await town.answers("t000", ("weet", "yes"), member=2)
    await closed(town)
    await town.does("Luc", DONE)
    await town.tick()
    assert town.got("poll_result") == ["t000"]


async def test_every_answer_has_its_end_in_the_rows(town: PollTown) -> None:
    await town.all_of_it("t000", "t001", "t002")
    await town.change("t001", unreachable="blocked")
    await town.change("t002", quiet="stopped")
    await closed(town)
    await town.does("Luc", DONE)
    await town.tick()
    ends = {"t000": ("sent", ""), "t001": ("blocked", "blocked"), "t002": ("expired", "stopped")}
    assert await town.ends("poll_result") == ends


async def test_who_pauses_hears_it_after_the_pause(town: PollTown) -> None:
    await town.all_of_it("t000")
    await closed(town)
    await town.does("t000", GoQuiet("paused", 2))
    await town.does("Luc", DONE)
    await town.tick()
    assert town.got("poll_result") == []
    await town.later(2 * DAY)
    assert town.got("poll_result") == ["t000"]


async def test_nothing_yet_is_told_and_asked_again_on_the_day(town: PollTown) -> None:
    await town.all_of_it("t000")
    await closed(town)
    await town.tick()
    asked = town.got("outcome_wanted").count("Luc")
    await town.does("Luc", NOT_YET)
    await town.tick()
    await town.until("2027-05-11 09:59")
    assert (town.got("poll_result"), town.got("outcome_wanted").count("Luc")) == (["t000"], asked)
    await town.until("2027-05-11 10:00")
    await town.tick()
    assert town.got("outcome_wanted").count("Luc") == asked + 1


async def test_who_tells_before_that_day_is_not_asked_again(town: PollTown) -> None:
    await closed(town)
    asked = town.got("outcome_wanted").count("Luc")
    await town.does("Luc", NOT_YET)
    await town.does("Luc", DONE)
    await town.until("2027-05-11 10:00")
    assert town.got("outcome_wanted").count("Luc") == asked


async def test_later_news_goes_to_the_same_people_once_more(town: PollTown) -> None:
    await town.all_of_it("t000", "t001")
    await closed(town)
    for told in (NOT_YET, DONE, NEWS):
        assert not await town.does("Luc", told)
        await town.later(DAY)
    assert town.got("poll_result") == ["t000"] * 3 + ["t001"] * 3
    subjects = [row["subject"] for row in await town.rows("SELECT subject FROM broadcast ORDER BY id")]
    assert subjects[1:] == [f"{POLL}:{n}" for n in (1, 2, 3)]


async def test_who_wants_no_more_news_of_it_gets_none(town: PollTown) -> None:
    await town.all_of_it("t000", "t001")
    await closed(town)
    await town.does("Luc", NOT_YET)
    await town.tick()
    assert not await town.does("t000", NoNews(POLL))
    await town.does("Luc", DONE)
    await town.tick()
    assert town.got("poll_result") == ["t000", "t001", "t001"]


async def test_who_says_so_between_plan_and_send_gets_none_either(town: PollTown) -> None:
    await town.all_of_it("t000", "t001")
    await closed(town)
    town.now = at("2027-03-15 22:00")
    await town.does("Luc", DONE)
    await town.tick()
    await town.does("t000", NoNews(POLL))
    await town.until("2027-03-16 09:00")
    assert town.got("poll_result") == ["t001"]


async def test_thumbs_are_counted_and_nobodys_in_particular(town: PollTown) -> None:
    await town.all_of_it(*TEN[:3])
    await closed(town)
    for name, up in zip(TEN, (True, True, False), strict=False):
        await town.does(name, SayUseful(POLL, up))
    row = await town.poll()
    assert (row["useful"], row["useless"]) == (2, 1)


async def test_a_button_that_was_forwarded_counts_for_nobody(tmp_path: Path, address: str) -> None:
    async with network(tmp_path, range(6001, 6003), database=address) as up:
        await opens(up)
        amina, elif_ = hands(up, 6001, 6002)
        _message, data = amina.button("yes")
        await elif_.sends(taps_as(elif_, data))
        assert await up.rows("SELECT * FROM ballot") == []


async def test_two_devices_that_tap_at_once_answer_once(tmp_path: Path, address: str) -> None:
    async with network(tmp_path, range(6001, 6002), database=address) as up:
        await opens(up)
        (amina,) = hands(up, 6001)
        yes, no = amina.tap("yes"), amina.tap("no")
        await amina.sends(yes, no, yes, no)
        key = up.app.turns.vault.ring.key(POLL)
        ((_cut, answers),) = await up.app.store.read(lambda tx: ballots.rows_of(tx, key, POLL))
        assert answers in ('{"weet":["yes"]}', '{"weet":["no"]}')
