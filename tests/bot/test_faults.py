"""What goes wrong between the bot and Telegram: waits are obeyed, what may be sent again is, and nobody gets it thrice."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot import outbox
from bot.phone.faults import Fault
from bot.store import deliveries, people
from bot.store.db import Tx
from bot.store.deliveries import Ready
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, ELIF, GREET, text

# The library warns of a change to come in the type of its own RetryAfter.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the waits; what a test says of them is their order and growth."""
    monkeypatch.setattr(outbox, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(outbox, "LONGEST_DELAY", 0.04)


async def delivery(up: Rig) -> dict[str, Any]:
    """Give the only delivery, once what was done with it is written down."""
    await up.app.outbox.finish()
    (row,) = await up.rows("SELECT state, reason, attempts FROM delivery")
    return row


async def test_after_a_429_nothing_is_sent_until_the_second_it_names(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", "flood", retry_after=1))
        up.world.phones[AMINA].write("/menu")
        await up.world.phones[AMINA].heard("")
        up.world.phones[ELIF].write("/menu")
        await up.world.phones[ELIF].heard("")
        refused, *later = [call for call in up.world.calls if call.method == "sendMessage"]
        assert (refused.status, [call.status for call in later]) == (429, [200, 200])
        assert min(call.at for call in later) >= refused.at + 1.0
        assert up.app.outbox.floods == 1


async def test_a_429_holds_back_everyone_who_writes_meanwhile(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", "flood", AMINA, retry_after=1))
        refusal, log = asyncio.Event(), up.world.log

        def logged(method: str, chat_id: int | None, *more: Any) -> None:
            log(method, chat_id, *more)
            if method == "sendMessage":
                refusal.set()

        up.world.log = logged  # type: ignore[method-assign, assignment]
        up.world.phones[AMINA].write("/menu")
        await refusal.wait()
        up.world.phones[ELIF].write("/menu")
        await up.world.phones[ELIF].heard("")
        await up.world.phones[AMINA].heard("")
        refused = next(call for call in up.world.calls if call.status == 429)
        inside = [call for call in up.world.calls if refused.at < call.at < refused.at + 1.0]
        assert [call for call in inside if call.method.startswith(("send", "edit"))] == []


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_error_is_tried_again_with_growing_delays(tmp_path: Path, status: int) -> None:
    async with rig(tmp_path) as up:
        delays: list[float] = []
        delay = up.app.outbox._delay
        up.app.outbox._delay = lambda item: delays.append(delay(item)) or delays[-1]  # type: ignore[method-assign, func-returns-value]
        up.world.faults.add(Fault("sendMessage", status=status, times=4))
        up.world.phones[AMINA].write("/menu")
        await up.world.phones[AMINA].heard("")
        assert (await delivery(up))["state"] == "sent"
        assert len(up.world.referee.sends_to(AMINA)) == 1
        assert delays == [0.02, 0.04, 0.04, 0.04]  # doubling, and no longer than the longest


async def test_a_connection_cut_before_the_message_was_taken_leads_to_one_message(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", "reset"))
        up.world.phones[AMINA].write("/menu")
        await up.world.phones[AMINA].heard("")
        assert await delivery(up) == {"state": "sent", "reason": "second attempt", "attempts": 2}
        assert len(up.world.referee.sends_to(AMINA)) == 1


async def test_a_connection_cut_after_it_was_taken_leads_to_one_extra_copy_that_is_listed(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", "reset", after=True))
        up.world.phones[AMINA].write("/menu")
        await up.world.phones[AMINA].wait(lambda screen: sum(bubble.from_bot for bubble in screen) == 2)
        assert await delivery(up) == {"state": "sent", "reason": "second attempt", "attempts": 2}


async def test_it_is_never_sent_a_third_time(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", "reset", after=True, times=None))
        await up.app.intake.take([text(1, "/menu")])
        await up.settled()
        assert await delivery(up) == {"state": "unknown", "reason": "no answer", "attempts": 2}
        assert len(up.world.referee.sends_to(AMINA)) == 2


async def test_a_second_attempt_stays_the_last_whatever_comes_between(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        for fault in (Fault("*", "reset", AMINA, after=True), Fault("*", chat_id=AMINA), Fault("*", "reset", AMINA)):
            up.world.faults.add(fault)
        await up.app.intake.take([text(1, "/menu")])
        await up.settled()
        assert await delivery(up) == {"state": "unknown", "reason": "no answer", "attempts": 3}
        assert len(up.world.referee.sends_to(AMINA)) == 1


async def queued(up: Rig, user: int, *words: str) -> list[Ready]:
    """Queue replies to someone, in one transaction."""

    def job(tx: Tx) -> list[Ready]:
        person = people.find(tx, up.app.turns.vault, user)
        assert person is not None
        payloads = [{"kind": "send", "text": said, "rows": []} for said in words]
        queue, vault, now = deliveries.queue_reply, up.app.turns.vault, up.app.clock.ms()
        return [queue(tx, vault, person["id"], user, payload, now) for payload in payloads]

    return await up.app.store.write(job)


async def test_who_blocked_the_bot_is_left_alone_until_they_write(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        up.world.faults.add(Fault("sendMessage", "forbidden", AMINA))
        up.app.outbox.offer(await queued(up, AMINA, "een", "twee", "drie"))
        await up.app.outbox.idle()
        assert [call.status for call in up.world.calls if call.chat_id == AMINA] == [403]
        rows = await up.rows("SELECT state, reason FROM delivery")
        assert rows == [{"state": "blocked", "reason": "blocked"}] * 3

        up.world.phones[AMINA].write("/menu")
        await up.world.phones[AMINA].heard("")
        assert await up.rows("SELECT 1 FROM person WHERE unreachable <> ''") == []


async def test_who_erased_their_data_gets_nothing_that_was_still_queued(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        ready = await queued(up, AMINA, "een", "twee")

        def erase(tx: Tx) -> None:
            person = people.find(tx, up.app.turns.vault, AMINA)
            assert person is not None
            people.erase(tx, person["id"], up.app.clock.ms())

        await up.app.store.write(erase)
        up.app.outbox.offer(ready)
        await up.app.outbox.idle()
        assert up.world.calls == [] or {call.method for call in up.world.calls}.isdisjoint({"sendMessage"})


async def test_what_may_no_longer_go_does_not_hold_up_its_lane(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:

        def plan(tx: Tx) -> None:
            for user, how_many in ((AMINA, 10), (ELIF, 1)):
                person = people.find(tx, up.app.turns.vault, user)
                assert person is not None
                for number in range(how_many):
                    now, once = up.app.clock.ms(), f"{user}:{number}"
                    deliveries.plan(tx, person["id"], "notice", "alarm", once, now, once=once)
            tx.run("UPDATE delivery SET state = 'queued', reason = '', class = 'work', lane = 0")
            person = people.find(tx, up.app.turns.vault, AMINA)
            assert person is not None
            tx.run("UPDATE person SET unreachable = 'blocked' WHERE id = :id", id=person["id"])

        await up.app.store.write(plan)
        await up.app.outbox.sweep()
        await up.app.outbox.idle()
        assert up.app.outbox._under_way == [0] * len(up.app.outbox._under_way)
        assert {call.chat_id for call in up.world.referee.accepted()} <= {ELIF}


async def test_when_the_message_to_change_has_vanished_the_screen_comes_as_a_new_message(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        phone = up.world.phones[AMINA]
        phone.write("/menu")
        shown = await phone.heard("")
        (data,) = [data for row in up.world.chats[AMINA].messages[shown.message_id].rows for button in row
                   if (data := button["callback_data"]).endswith(":help")]  # fmt: skip
        up.world.chats[AMINA].messages[shown.message_id].deleted = True
        phone.tap_data(shown.message_id, data)
        fresh = await phone.heard("", after=shown.message_id)
        assert fresh.labels
        assert [call.status for call in up.world.calls if call.method == "editMessageText"] == [400]


async def test_a_refused_token_is_reported_and_what_waits_is_sent_once_it_is_right(tmp_path: Path) -> None:
    async with rig(tmp_path, admins=(GREET,)) as up:
        up.world.phones[GREET].write("/menu")
        await up.world.phones[GREET].heard("")
        good, up.world.token = up.world.token, "1:another"
        await up.app.intake.take([text(1, "/menu")])
        refused = up.world.phones[AMINA]
        while not await up.rows("SELECT 1 FROM delivery WHERE class = 'alarm' AND subject LIKE 'token:%'"):
            await up.app.scheduler.tick()
        assert [bubble for bubble in refused.screen() if bubble.from_bot] == []
        up.world.token = good
        await refused.heard("")
        await up.world.phones[GREET].heard("⚠️")
        assert len(up.world.referee.sends_to(AMINA)) == 1
