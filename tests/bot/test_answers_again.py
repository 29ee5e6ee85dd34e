"""Buttons that stay: what someone says again later, and what a second tap on the same means."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import changes
from bot.office import Hours
from bot.store import deliveries, people
from bot.store.db import Tx
from flows.changes import SetReminders
from tests.bot.hand import Hand, at_noon, with_meeting
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, ELIF
from tests.bot.world import MEETING, VAULT, Town, in_store


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Rig]:
    """Give a bot at noon, and a meeting with one seat."""
    async with rig(tmp_path, clock=at_noon()) as made:
        await with_meeting(made, capacity=1)
        yield made


async def reminded(up: Rig, hand: Hand, flow: str = "coming") -> None:
    """Send someone a message whose buttons stay."""

    def job(tx: Tx) -> None:
        person = people.find(tx, up.app.turns.vault, hand.user)
        assert person is not None
        deliveries.plan(tx, person["id"], "alarm", flow, MEETING, up.app.clock.ms(), once=f"{flow}:{hand.user}")

    await up.app.store.write(job)
    await up.settled()


async def status(up: Rig, line: int) -> str:
    """Give the status of the registration that stands at this place in the table."""
    return str((await up.rows("SELECT status FROM registration ORDER BY id"))[line]["status"])


@pytest.mark.parametrize("flow", ["coming", "meeting_moved"])
async def test_whoever_waits_and_says_coming_is_told_the_place_in_line(up: Rig, flow: str) -> None:
    await Hand(up, AMINA).signs_up()
    elif_ = Hand(up, ELIF)
    await elif_.signs_up()
    await reminded(up, elif_, flow)
    (said,) = await elif_.taps("coming")
    assert said.startswith("⏳")
    assert await status(up, 1) == "waiting"


async def test_whoever_has_a_seat_and_says_coming_is_expected(up: Rig) -> None:
    amina = Hand(up, AMINA)
    await amina.signs_up()
    await reminded(up, amina)
    (said,) = await amina.taps("coming")
    assert said.startswith("👍")


async def test_a_double_tap_on_stop_is_silent(up: Rig) -> None:
    amina = Hand(up, AMINA)
    await amina.writes(f"/start meeting-{MEETING}")
    stop = amina.tap("~cancel")
    assert await amina.taps("~cancel", times=2) == []  # the question itself is changed
    assert await amina.sends({**stop, "update_id": 900_000}) == []
    assert await up.rows("SELECT 1 FROM session") == []


async def test_i_cannot_come_works_again_after_signing_up_again(up: Rig) -> None:
    amina = Hand(up, AMINA)
    await amina.signs_up()
    await reminded(up, amina)
    await amina.taps("cannot")
    assert await status(up, 0) == "cancelled"
    reminder = amina.tap("cannot")
    await amina.signs_up()
    assert await status(up, 0) == "confirmed"
    assert len(await amina.sends(reminder)) == 1
    assert await status(up, 0) == "cancelled"


async def test_a_second_tap_on_i_cannot_come_is_silent(up: Rig) -> None:
    amina = Hand(up, AMINA)
    await amina.signs_up()
    await reminded(up, amina)
    assert len(await amina.taps("cannot", times=2)) == 1


async def test_a_conversation_that_was_finished_meanwhile_is_not_reminded_of(up: Rig) -> None:
    amina = Hand(up, AMINA)
    await reminded(up, amina, "still_open")
    assert amina.heard() == []
    assert await up.rows("SELECT state, reason FROM delivery") == [{"state": "failed", "reason": "nothing to say"}]


async def test_a_conversation_that_still_waits_is_reminded_of(up: Rig) -> None:
    amina = Hand(up, AMINA)
    await amina.writes(f"/start meeting-{MEETING}")
    await amina.taps("yes")
    seen = len(amina.heard())
    await reminded(up, amina, "still_open")
    assert len(amina.heard()) == seen + 1


@pytest.mark.parametrize("meeting", [MEETING, None])
@pytest.mark.parametrize("unwanted", [True, False])
@in_store
def test_reminders_switched_off_while_one_is_held_are_not_sent(town: Town, unwanted: bool, meeting: str | None) -> None:
    town.meeting()
    town.join("Amina")
    town.join("Elif")
    town.time("2027-03-22 22:30")  # the bot was down from 17:00 on
    town.tick()
    assert [row["state"] for row in town.deliveries("coming")] == ["held", "held"]
    person = people.get(town.tx, town.person("Amina"))
    assert person is not None
    at = changes.At(town.tx, VAULT, person, town.now, Hours())
    changes.apply(SetReminders(not unwanted, meeting), at)
    town.time("2027-03-23 09:00")
    assert len(town.claim()) == (1 if unwanted else 2)
