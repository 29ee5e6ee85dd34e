"""The life of a poll, from draft to release, opening and closing: each step, and who may take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.store import polls
from bot.store.db import Store
from flows.poll_changes import (
    AskRelease,
    ClosePoll,
    DropPoll,
    NudgePoll,
    ReleasePoll,
    SavePoll,
    SayOutcome,
    SendBack,
    StopSending,
    TakeBack,
)
from flows.talk import Change
from tests.bot.poll_town import DAY, MINUTE, PollTown, content, names, without_text
from tests.bot.polls import POLL
from tests.bot.world import at

STALE = "Somebody changed this poll in the meantime. Look at it again."
SCOPE = "This poll is not in your area. Ask VIVAS if you need it."
TOO_FEW = "Fewer than ten people would get this. Then one could guess who wrote what. Choose a larger group."
LATER = "Please choose a later day for the end."
NOBODY = {"group": "", "audience": {"landlord": "leie"}}
TAPS = without_text()
EVERYONE = ("Luc", "Noor", "Greet", "Ada", "Wim", "Raf", "t000")
IN_SCOPE = {"Luc", "Noor", "Greet", "Ada"}
STATES = ("draft", "waiting", "released", "open", "closing", "closed", "told")


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Ten tenants, who want polls: enough for a poll in which people write."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants(*names(10))
    return town


async def waiting(town: PollTown) -> None:
    """Have a poll of Luc that waits for a second person."""
    await town.tenants(*names(51))
    assert not await town.draft()
    assert not await town.asks()
    assert await town.state() == "waiting"


async def in_state(town: PollTown, state: str) -> None:
    """Have a poll of Luc in a state, a day old."""
    assert not await town.draft()
    sql = "UPDATE poll SET state = :state, opened_at = :then, closes_at = :later, starts_at = :then"
    then, end = town.now - DAY, town.now + DAY
    await town.write(lambda here: here.tx.run(sql, state=state, then=then, later=end))


ACTS: dict[str, tuple[Change, set[str]]] = {
    "save": (SavePoll(POLL, 1, content()), {"draft"}),
    "drop": (DropPoll(POLL), {"draft"}),
    "ask for release": (AskRelease(POLL, 1), {"draft"}),
    "release": (ReleasePoll(POLL, 1), {"waiting"}),
    "send back": (SendBack(POLL, "Te lang."), {"waiting"}),
    "take back": (TakeBack(POLL), {"waiting", "released"}),
    "stop": (StopSending(POLL), {"open"}),
    "nudge": (NudgePoll(POLL), {"open"}),
    "close": (ClosePoll(POLL), {"open"}),
    "say what was done": (SayOutcome(POLL, {"nl": "Er komen meer bakken."}, True), {"closed", "told"}),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
async def test_each_step_is_possible_in_its_states_only(town: PollTown, act: str, state: str) -> None:
    await in_state(town, state)
    change, when = ACTS[act]
    refused = await town.does("Noor", change)
    assert refused == ("" if state in when else STALE)


@pytest.mark.parametrize("act", ACTS)
async def test_each_step_is_for_who_organises_there(town: PollTown, act: str) -> None:
    change, when = ACTS[act]
    for name in EVERYONE:
        await in_state(town, min(when))
        refused = await town.does(name, change)
        own = name == "Luc" and act == "release"
        assert refused == ("" if name in IN_SCOPE and not own else SCOPE), f"{name}: {refused}"
        await town.write(lambda here: here.tx.run("DELETE FROM poll_news"))
        await town.write(lambda here: here.tx.run("DELETE FROM poll"))


async def test_an_organiser_of_another_group_starts_no_poll_here(town: PollTown) -> None:
    assert await town.draft("Wim") == SCOPE


async def test_an_audience_outside_of_ones_area_is_brought_into_it(town: PollTown) -> None:
    assert not await town.draft(audience={})
    assert polls.content_of(await town.poll()).audience == {"landlord": "ijzer"}


async def test_a_poll_of_another_group_is_not_taken_over_by_saving_it(town: PollTown) -> None:
    await town.draft()
    theirs = replace(content(), group="har-gent", audience={"landlord": "leie"})
    assert await town.does("Wim", SavePoll(POLL, 1, theirs)) == SCOPE
    assert (await town.poll())["tenant_group"] == "har-veurne"


async def test_two_organisers_do_not_write_over_each_other(town: PollTown) -> None:
    await town.draft()
    assert not await town.does("Noor", SavePoll(POLL, 1, replace(content(), title={"nl": "Van Noor"})))
    assert await town.does("Luc", SavePoll(POLL, 1, replace(content(), title={"nl": "Van Luc"}))) == STALE
    assert polls.content_of(await town.poll()).title == {"nl": "Van Noor"}
    assert await town.does("Luc", AskRelease(POLL, 1)) == STALE


async def test_two_drafts_cannot_have_one_id(town: PollTown) -> None:
    await town.draft()
    assert await town.draft("Noor") == STALE


@pytest.mark.parametrize(
    ("missing", "why"),
    [
        ({"why": {}}, "Please say first why you ask."),
        ({"use": {}}, "Please say first what will be done with the answers."),
        ({"questions": ()}, "Please make a question first."),
        ({"closes": None}, LATER),
        ({"closes": "2027-03-15 12:10"}, LATER),
        ({"closes": "2027-03-10 20:00"}, LATER),
        ({"opens": "2027-03-26 10:00"}, LATER),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
async def test_what_is_missing_is_asked_for_before_the_release(
    town: PollTown, missing: dict[str, object], why: str
) -> None:
    times = {key: datetime.fromisoformat(value) for key, value in missing.items() if isinstance(value, str)}
    await town.does("Luc", SavePoll(POLL, 0, replace(content(), **{**missing, **times})))  # type: ignore[arg-type]
    assert await town.asks() == why
    assert await town.state() == "draft"


@pytest.mark.parametrize(("people", "state"), [(50, "released"), (51, "waiting")])
async def test_more_than_fifty_recipients_need_a_second_person(town: PollTown, people: int, state: str) -> None:
    await town.tenants(*names(people))
    await town.draft()
    assert not await town.asks()
    assert await town.state() == state


@pytest.mark.parametrize(("people", "refused"), [(9, TOO_FEW), (10, "")])
async def test_where_people_write_there_are_ten_of_them(town: PollTown, people: int, refused: str) -> None:
    await town.tenants(*names(10)[people:], consents=())
    await town.draft()
    assert await town.asks() == refused


async def test_a_poll_to_tap_may_go_to_one_but_not_to_nobody(town: PollTown) -> None:
    await town.tenants(*names(10)[1:], consents=())
    await town.draft(questions=TAPS)
    assert not await town.asks()
    await town.does("Luc", TakeBack(POLL))
    await town.write(lambda here: here.consent("t000"))
    assert await town.asks() == TOO_FEW


async def test_a_released_poll_opens_ten_minutes_later(town: PollTown) -> None:
    await town.released()
    await town.later(10 * MINUTE - 1)
    assert (await town.state(), town.got("poll")) == ("released", [])
    await town.later(1)
    assert (await town.state(), len(town.got("poll"))) == ("open", 10)
    assert town.got("release_news") == ["Luc"]


async def test_a_poll_with_a_time_opens_then(town: PollTown) -> None:
    await town.released(opens="2027-03-16T10:00")
    await town.until("2027-03-16 09:59")
    assert await town.state() == "released"
    await town.until("2027-03-16 10:00")
    assert await town.state() == "open"


async def test_within_ten_minutes_it_can_be_taken_back_and_released_anew(town: PollTown) -> None:
    await town.released()
    assert not await town.does("Noor", TakeBack(POLL))
    await town.later(10 * MINUTE)
    assert (await town.state(), town.got("poll")) == ("draft", [])
    assert not await town.asks()
    await town.later(10 * MINUTE)
    assert len(town.got("poll")) == 10


async def test_it_cannot_be_taken_back_once_it_goes_out(town: PollTown) -> None:
    await town.released()
    await town.later(10 * MINUTE)
    assert await town.does("Luc", TakeBack(POLL)) == STALE


async def test_every_second_person_is_asked_but_not_who_made_it(town: PollTown) -> None:
    await waiting(town)
    await town.tick()
    assert town.got("release_wanted") == ["Ada", "Greet", "Noor"]


@pytest.mark.parametrize("second", ["Noor", "Greet", "Ada"])
async def test_a_second_person_lets_it_go_out_and_its_maker_hears_so(town: PollTown, second: str) -> None:
    await waiting(town)
    assert not await town.does(second, ReleasePoll(POLL, 1))
    await town.tick()
    assert (await town.state(), town.got("release_news")) == ("released", ["Luc"])


async def test_whoever_asked_for_the_release_is_not_the_second_person(town: PollTown) -> None:
    await town.tenants(*names(51))
    await town.draft("Luc")
    assert not await town.asks("Noor")
    assert await town.does("Noor", ReleasePoll(POLL, 1)) == SCOPE
    assert not await town.does("Luc", ReleasePoll(POLL, 1))


async def test_what_a_second_person_read_is_what_goes_out(town: PollTown) -> None:
    await waiting(town)
    await town.does("Luc", TakeBack(POLL))
    changed = replace(content(), title={"nl": "Iets anders"})
    assert not await town.does("Luc", SavePoll(POLL, 2, changed))
    assert not await town.asks()
    assert await town.does("Noor", ReleasePoll(POLL, 1)) == STALE


async def test_a_poll_that_is_sent_back_tells_its_maker_why(town: PollTown) -> None:
    await waiting(town)
    assert not await town.does("Greet", SendBack(POLL, "Vraag 2 is te lang."))
    await town.tick()
    row = await town.poll()
    assert (row["state"], row["back"], town.got("release_news")) == ("draft", "Vraag 2 is te lang.", ["Luc"])


async def test_a_poll_that_was_sent_back_asks_a_second_person_anew(town: PollTown) -> None:
    await waiting(town)
    await town.tick()
    await town.does("Greet", SendBack(POLL, "Bel mij eerst."))
    assert not await town.asks()
    await town.tick()
    assert town.got("release_wanted") == ["Ada", "Ada", "Greet", "Greet", "Noor", "Noor"]


async def test_time_may_run_out_while_it_waits_for_a_second_person(town: PollTown) -> None:
    await waiting(town)
    town.now = at("2027-03-26 10:00")
    assert await town.does("Noor", ReleasePoll(POLL, 1)) == LATER


async def test_an_audience_that_empties_before_the_opening_sends_it_back_to_its_maker(town: PollTown) -> None:
    await town.released()
    await town.write(lambda here: here.consent("t000"))
    await town.later(10 * MINUTE)
    row = await town.poll()
    assert (row["state"], row["back"], row["broadcast"], town.got("poll")) == ("draft", "few", None, [])
    assert town.got("release_news") == ["Luc"]
    await town.tenants("t000")
    assert not await town.asks()
    await town.later(10 * MINUTE)
    assert len(town.got("poll")) == 10


async def test_where_its_maker_is_no_organiser_any_more_others_hear_of_it(town: PollTown) -> None:
    await town.opened(opens="2027-03-15T11:00")
    await town.write(lambda here: here.tx.run("UPDATE poll SET made_by = :luc", luc=here.person("Luc")))
    await town.write(lambda here: here.tx.run("DELETE FROM role WHERE person = :luc", luc=here.person("Luc")))
    await town.does("Noor", ClosePoll(POLL))
    await town.tick()
    assert town.got("outcome_wanted") == ["Ada", "Greet", "Noor"]


async def test_a_poll_closes_at_its_time(town: PollTown) -> None:
    await town.opened()
    await town.until("2027-03-25 19:59")
    assert await town.state() == "open"
    await town.until("2027-03-25 20:00")
    assert await town.state() == "closed"


async def test_a_poll_that_was_down_for_its_whole_life_bothers_nobody(town: PollTown) -> None:
    await town.released()
    await town.until("2027-03-26 12:00")
    assert (await town.state(), town.got("poll")) == ("closed", [])


async def test_a_poll_can_be_closed_before_its_time(town: PollTown) -> None:
    await town.opened()
    assert not await town.does("Luc", ClosePoll(POLL))
    await town.tick()
    assert await town.state() == "closed"
    assert set(town.got("outcome_wanted")) == {"Luc", "Noor", "Greet", "Ada"}


async def test_what_still_waited_is_not_sent_after_closing(town: PollTown) -> None:
    await town.change("t000", quiet="paused", quiet_until=town.now + DAY)
    await town.opened()
    await town.does("Luc", ClosePoll(POLL))
    await town.later(2 * DAY)
    assert "t000" not in town.got("poll")
    assert (await town.ends())["t000"][0] == "expired"


async def test_the_sending_is_stopped_and_who_has_it_may_still_answer(town: PollTown) -> None:
    await town.change("t000", quiet="paused", quiet_until=town.now + DAY)
    await town.opened()
    assert not await town.does("Noor", StopSending(POLL))
    await town.later(2 * DAY)
    assert "t000" not in town.got("poll")
    assert not await town.answers("t001", ("weet", "yes"))


async def test_what_was_done_in_its_name_is_in_the_audit_trail(town: PollTown) -> None:
    await waiting(town)
    await town.does("Greet", SendBack(POLL, "Te lang."))
    await town.asks()
    await town.does("Noor", ReleasePoll(POLL, (await town.poll())["revision"]))
    acts = [row["act"] for row in await town.rows("SELECT act FROM audit ORDER BY id")]
    assert acts == [
        "poll written",
        "release asked",
        "poll sent back",
        "release asked",
        "poll released by a second person",
    ]
