"""The outbox: of two edits the newer counts, one bad message holds up nobody, and a stop loses and doubles nothing."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot import outbox
from bot.outbox import Outbox
from bot.phone.faults import Fault
from bot.store import deliveries, people
from bot.store.db import Store, Tx
from bot.store.deliveries import Ready
from bot.telegram.sender import SERVER_ERROR, Outcome
from tests.bot.hand import Hand, at_noon, with_meeting
from tests.bot.rig import Rig, rig
from tests.bot.test_faults import queued
from tests.bot.test_intake import AMINA, ELIF, text

T = TypeVar("T")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits between attempts."""
    monkeypatch.setattr(outbox, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(outbox, "LONGEST_DELAY", 0.02)


class Road:
    """Stands for Telegram: keeps what arrives, waits while it is closed, and answers as it is told to."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.answers: dict[str, list[Outcome]] = {}  # what to answer to a text, before it arrives
        self.open, self.under_way = asyncio.Event(), asyncio.Event()
        self.open.set()

    async def __call__(self, item: Ready) -> Outcome:
        self.under_way.set()
        await self.open.wait()
        said = (item.payload or {})["text"]
        if self.answers.get(said):
            return self.answers[said].pop(0)
        self.arrived.append(said)
        return Outcome("sent", message_id=item.id)


class Gate:
    """A store whose writes are done, and told of only once the gate is open; or, `before`, are not begun until then."""

    def __init__(self, store: Store, *, before: bool = False):
        self._store, self._before, self.read = store, before, store.read
        self.open, self.reached = asyncio.Event(), asyncio.Event()

    async def write(self, job: Callable[[Tx], T]) -> T:
        if not self._before:
            done = await self._store.write(job)
            self.reached.set()
            await self.open.wait()
            return done
        self.reached.set()
        await self.open.wait()
        return await self._store.write(job)

    async def close(self) -> None:
        """The rig closes the store behind."""


def gate(up: Rig, *, before: bool = False) -> Gate:
    """Put a closed gate before what the outbox writes."""
    up.app.outbox.store = made = Gate(up.app.store, before=before)
    return made


def road(up: Rig) -> Road:
    """Let the outbox send along a road of the test's own."""
    up.app.outbox.send = made = Road()
    return made


async def edit(up: Rig, words: str, *, mark: bool = False) -> list[Ready]:
    """Queue an edit of Amina's message 77."""
    vault, now = up.app.turns.vault, up.app.clock.ms()
    payload: dict[str, Any] = {"kind": "edit", "message_id": 77, "text": words, "rows": []}

    def job(tx: Tx) -> list[Ready]:
        person = people.find(tx, vault, AMINA)
        assert person is not None
        shown = {**payload, "mark": True} if mark else payload
        return [deliveries.queue_reply(tx, vault, person["id"], AMINA, shown, now)]

    return await up.app.store.write(job)


async def ends(up: Rig) -> list[tuple[str, str]]:
    """Give state and reason of every delivery, oldest first."""
    rows = await up.rows("SELECT state, reason FROM delivery ORDER BY id")
    return [(row["state"], row["reason"]) for row in rows]


async def busy(up: Rig) -> Road:
    """Keep a message to Amina under way, until the road is opened."""
    made = road(up)
    made.open.clear()
    up.app.outbox.offer(await queued(up, AMINA, "eerst"))
    await made.under_way.wait()
    return made


OVERTAKEN = ("expired", "overtaken by a newer edit")


@pytest.mark.parametrize("older_is_a_mark", [False, True])
async def test_of_two_edits_that_wait_the_newer_is_sent_and_the_older_ends(
    tmp_path: Path, older_is_a_mark: bool
) -> None:
    async with rig(tmp_path) as up:
        way = await busy(up)
        up.app.outbox.offer(await edit(up, "oud", mark=older_is_a_mark))
        up.app.outbox.offer(await edit(up, "nieuw"))
        way.open.set()
        await up.settled()
        assert way.arrived == ["eerst", "nieuw"]
        assert await ends(up) == [("sent", ""), OVERTAKEN, ("sent", "")]


async def test_of_two_edits_that_are_offered_in_the_wrong_order_the_newer_is_sent(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        way = await busy(up)
        older, newer = await edit(up, "oud"), await edit(up, "nieuw")
        up.app.outbox.offer(newer)
        up.app.outbox.offer(older)
        way.open.set()
        await up.settled()
        assert way.arrived == ["eerst", "nieuw"]
        assert await ends(up) == [("sent", ""), OVERTAKEN, ("sent", "")]


async def test_a_sweep_between_two_edits_loses_neither(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        way = await busy(up)
        await up.app.outbox.sweep()
        up.app.outbox.offer(await edit(up, "oud"))
        newer = await edit(up, "nieuw")
        disk = gate(up, before=True)  # the older one is not yet written down as overtaken
        up.app.outbox.offer(newer)
        await disk.reached.wait()
        await up.app.outbox.sweep()
        disk.open.set()
        way.open.set()
        await up.settled()
        assert way.arrived == ["eerst", "nieuw"]
        assert await ends(up) == [("sent", ""), OVERTAKEN, ("sent", "")]


@pytest.mark.parametrize(
    "answer", [Outcome("flood", "flood"), Outcome("again", SERVER_ERROR), Outcome("again", "no connection")]
)
async def test_a_mark_that_must_be_sent_again_does_not_cover_a_newer_screen(tmp_path: Path, answer: Outcome) -> None:
    async with rig(tmp_path) as up:
        way = road(up)
        way.answers["gekozen"] = [answer]
        way.open.clear()
        up.app.outbox.offer(await edit(up, "gekozen", mark=True))
        await way.under_way.wait()
        up.app.outbox.offer(await edit(up, "gestopt"))
        way.open.set()
        await up.settled()
        assert way.arrived[-1] == "gestopt"


async def test_whoever_answers_and_stops_the_same_question_at_once_is_told_where_we_are(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        await with_meeting(up)
        amina = Hand(up, AMINA)
        await amina.writes("/start meeting-veurne-maart")
        asked, _data = amina.button("yes")
        await amina.sends(amina.tap("yes"), amina.tap("~cancel"))
        (shown,) = [bubble for bubble in up.world.phones[AMINA].screen() if bubble.message_id == asked]
        assert shown.text.endswith("✅ 👍 Ja, ik kom")
        passed = up.app.turns.languages["nl"].messages["You have answered that already. We are here now:"][0]
        assert up.world.phones[AMINA].screen()[-1].text.startswith(passed)


@pytest.mark.parametrize("taken", [True, False])
async def test_a_504_is_uncertain_and_leads_to_one_more_copy_at_most(tmp_path: Path, taken: bool) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", status=504, after=taken, times=None))
        await up.app.intake.take([text(1, "/menu")])
        await up.settled()
        assert await ends(up) == [("unknown", "no answer")]
        assert len(up.world.referee.sends_to(AMINA)) == (2 if taken else 0)


@pytest.mark.parametrize("reason", [SERVER_ERROR, "no connection"])
async def test_what_is_refused_a_few_times_arrives_in_the_end(tmp_path: Path, reason: str) -> None:
    async with rig(tmp_path) as up:
        way = road(up)
        way.answers["eerst"] = [Outcome("again", reason)] * 6
        up.app.outbox.offer(await queued(up, AMINA, "eerst", "daarna"))
        await up.settled()
        assert sorted(way.arrived) == ["daarna", "eerst"]
        assert await ends(up) == [("sent", reason), ("sent", "")]


@pytest.mark.parametrize("how", ["flood", "token"])
async def test_a_refusal_of_everything_keeps_the_order_of_a_chat(tmp_path: Path, how: str) -> None:
    async with rig(tmp_path) as up:
        way = road(up)
        way.answers["eerst"] = [Outcome(how, how)] * 4
        up.app.outbox.offer(await queued(up, AMINA, "eerst", "daarna"))
        await up.settled()
        assert way.arrived == ["eerst", "daarna"]


async def test_a_message_that_the_server_cannot_take_does_not_silence_its_chat(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        way = road(up)
        way.answers["bedorven"] = [Outcome("again", SERVER_ERROR)] * 1000
        arrived = asyncio.Event()
        up.app.outbox.send = telling = Told(way, "daarna", arrived)
        up.app.outbox.offer(await queued(up, AMINA, "bedorven", "daarna"))
        await asyncio.wait_for(arrived.wait(), 10)
        assert telling.tries["bedorven"] >= outbox.ALONE_AFTER
        assert way.arrived == ["daarna"]
        assert (await ends(up))[0] == ("queued", SERVER_ERROR)


class Told:
    """A road that says when a text has arrived, and counts the tries."""

    def __init__(self, way: Road, awaited: str, arrived: asyncio.Event):
        self.way, self.awaited, self.arrived = way, awaited, arrived
        self.tries: dict[str, int] = {}

    async def __call__(self, item: Ready) -> Outcome:
        said = (item.payload or {})["text"]
        self.tries[said] = self.tries.get(said, 0) + 1
        outcome = await self.way(item)
        if said == self.awaited:
            self.arrived.set()
        return outcome


async def stopped(sending: asyncio.Task[None]) -> None:
    """Stop the outbox as the bot does."""
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending


def begun(box: Outbox) -> asyncio.Task[None]:
    """Start an outbox by hand."""
    return asyncio.create_task(box.run())


async def test_a_stop_puts_back_what_was_marked_and_not_sent(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        way, disk, box = road(up), gate(up), up.app.outbox
        sending = begun(box)
        box.offer(await queued(up, AMINA, "een"))
        await disk.reached.wait()
        assert await ends(up) == [("sending", "")]
        await stopped(sending)
        disk.open.set()
        await box.finish()
        assert way.arrived == []
        assert await up.rows("SELECT state, attempts FROM delivery") == [{"state": "queued", "attempts": 0}]


async def test_a_stop_waits_for_what_is_on_its_way(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        way, box = road(up), up.app.outbox
        way.open.clear()
        sending = begun(box)
        box.offer(await queued(up, AMINA, "een"))
        await way.under_way.wait()
        await stopped(sending)
        way.open.set()
        await box.finish()
        assert (way.arrived, await ends(up)) == (["een"], [("sent", "")])


async def test_a_stop_while_sent_is_being_written_writes_it(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        way, box = road(up), up.app.outbox
        way.open.clear()
        sending = begun(box)
        box.offer(await queued(up, AMINA, "een"))
        await way.under_way.wait()
        disk = gate(up, before=True)
        way.open.set()
        await disk.reached.wait()
        await stopped(sending)
        disk.open.set()
        await box.finish()
        assert (way.arrived, await ends(up)) == (["een"], [("sent", "")])


async def test_what_was_sent_by_a_stopped_bot_is_not_sent_again_by_the_next(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        await up.app.intake.take([text(1, "/menu"), text(2, "/menu", ELIF)])
        await up.settled()
    async with rig(tmp_path) as up:
        await up.settled()
        assert up.world.referee.accepted() == []
        assert {state for state, _reason in await ends(up)} == {"sent"}
