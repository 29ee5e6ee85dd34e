"""Deliveries: one row for each message to each recipient, and how each ends."""

from __future__ import annotations

import asyncio

import pytest

from bot.rules import CLASSES
from bot.store import deliveries, people
from bot.store.db import Row, Store, Tx
from tests.bot.world import VAULT, Town, chat, in_store


def sending(town: Town, kind: str) -> Row:
    """Plan a message for Amina and begin to send it."""
    town.consent("Amina", "polls")
    row = town.plan("Amina", kind, about="poll:afval")
    assert deliveries.mark_sending(town.tx, [row["id"]]) == {row["id"]}
    return row


def reply(town: Town, text: str = "Dag!") -> deliveries.Ready:
    """Queue a reply to Amina."""
    payload = {"kind": "send", "text": text, "rows": []}
    return deliveries.queue_reply(town.tx, VAULT, town.person("Amina"), chat("Amina"), payload, town.now)


@in_store
def test_the_same_message_is_never_planned_twice(town: Town) -> None:
    first = town.plan("Amina", "reminder", once="reminder:1")
    assert town.plan("Amina", "reminder", once="reminder:1")["id"] == first["id"]


async def test_the_same_message_planned_at_once_by_many_is_one_row(store: Store) -> None:
    await store.write(lambda tx: Town(tx).person("Amina"))
    await asyncio.gather(*(store.write(lambda tx: Town(tx).plan("Amina", "reminder", once="1")) for _n in range(20)))
    assert len(await store.read(lambda tx: tx.all("SELECT id FROM delivery"))) == 1


@in_store
def test_a_message_to_a_group_is_queued_once(town: Town) -> None:
    for _time in range(2):
        deliveries.queue_to_chat(town.tx, VAULT, -100200300, {"kind": "send", "text": "x"}, town.now, once="group:1")
    assert [ready.chat_id for ready in town.claim()] == [-100200300]


@in_store
def test_replies_come_before_reminders_before_bulk(town: Town) -> None:
    town.consent("Amina", "polls")
    town.plan("Amina", "bulk", about="poll:afval", once="bulk")
    town.plan("Amina", "reminder", once="reminder")
    reply(town)
    assert [ready.name for ready in town.claim()] == ["reply", "reminder", "bulk"]


@in_store
def test_what_is_held_in_memory_is_not_claimed_again(town: Town) -> None:
    first, second = reply(town), reply(town)
    claimed = deliveries.claimable(town.tx, VAULT, town.now, {first.id})
    assert [ready.id for ready in claimed] == [second.id]


@in_store
def test_a_message_goes_once(town: Town) -> None:
    row = sending(town, "reminder")
    assert deliveries.mark_sending(town.tx, [row["id"]]) == set()


@in_store
def test_what_ended_meanwhile_does_not_go(town: Town) -> None:
    ready = reply(town)
    deliveries.set_state(town.tx, ready.id, "expired", "too late to be useful")
    assert deliveries.mark_sending(town.tx, [ready.id]) == set()


@in_store
def test_what_was_sent_keeps_telegrams_id_and_loses_its_words(town: Town) -> None:
    ready = reply(town)
    deliveries.mark_sending(town.tx, [ready.id])
    deliveries.mark_sent(town.tx, [(ready.id, 77)], town.now)
    row = town.deliveries()[0]
    assert (row["state"], row["message_id"], row["payload"], row["attempts"]) == ("sent", 77, None, 1)


@in_store
def test_where_a_group_message_went_is_forgotten_once_sent(town: Town) -> None:
    deliveries.queue_to_chat(town.tx, VAULT, -100200300, {"kind": "send", "text": "x"}, town.now)
    id = town.claim()[0].id
    deliveries.mark_sent(town.tx, [(id, 1)], town.now)
    assert town.deliveries()[0]["chat_sealed"] is None


@pytest.mark.parametrize("kind", [name for name, rules in CLASSES.items() if rules.second_attempt])
@in_store
def test_a_send_cut_off_by_a_crash_is_tried_once_more(town: Town, kind: str) -> None:
    row = sending(town, kind)
    deliveries.recover(town.tx)
    assert town.delivery(row["id"]) == ("queued", "second attempt")


@in_store
def test_a_second_attempt_that_is_cut_off_is_never_followed_by_a_third(town: Town) -> None:
    row = sending(town, "reminder")
    deliveries.recover(town.tx)
    assert deliveries.mark_sending(town.tx, [row["id"]]) == {row["id"]}
    deliveries.recover(town.tx)
    deliveries.recover(town.tx)
    assert (town.delivery(row["id"]), town.claim()) == (("unknown", "cut off twice"), [])


@in_store
def test_a_second_attempt_that_waits_for_the_morning_is_still_the_second(town: Town) -> None:
    row = sending(town, "reminder")
    deliveries.recover(town.tx)
    town.time("2027-03-01 22:00")
    deliveries.rejudge(town.tx, town.deliveries()[0], town.now)
    assert town.delivery(row["id"]) == ("held", "second attempt: night")
    town.time("2027-03-02 09:00")
    assert [ready.second for ready in town.claim()] == [True]
    deliveries.mark_sending(town.tx, [row["id"]])
    deliveries.recover(town.tx)
    assert town.delivery(row["id"])[0] == "unknown"


@in_store
def test_a_nudge_that_is_cut_off_is_not_tried_again(town: Town) -> None:
    row = sending(town, "nudge")
    deliveries.recover(town.tx)
    assert town.delivery(row["id"]) == ("unknown", "cut off")


@in_store
def test_what_had_not_begun_is_sent_as_the_first_attempt(town: Town) -> None:
    row = town.plan("Amina", "reminder")
    assert deliveries.recover(town.tx) == []
    assert town.delivery(row["id"]) == ("queued", "")


@in_store
def test_a_reply_is_useful_for_a_day(town: Town) -> None:
    ready = reply(town)
    town.time("2027-03-02 10:00")
    assert (town.claim(), town.delivery(ready.id)) == ([], ("expired", "too late to be useful"))


@in_store
def test_someone_who_blocked_the_bot_is_left_alone(town: Town) -> None:
    waits, ready = town.plan("Amina", "reminder"), reply(town)
    people.unreachable(town.tx, town.person("Amina"), "blocked")
    assert (town.delivery(waits["id"]), town.delivery(ready.id)) == (("blocked", "blocked"), ("blocked", "blocked"))
    assert town.plan("Amina", "reminder", once="next")["state"] == "blocked"


@in_store
def test_someone_who_writes_again_can_be_reached_again(town: Town) -> None:
    people.unreachable(town.tx, town.person("Amina"), "blocked")
    people.seen(town.tx, town.person("Amina"), town.now)
    assert town.plan("Amina", "reminder")["state"] == "queued"


@in_store
def test_two_moves_in_one_night_are_told_once(town: Town) -> None:
    town.meeting()
    town.join("Amina")
    town.time("2027-03-02 22:00")
    town.meeting(start="2027-03-26T19:00")
    town.meeting(start="2027-03-27T19:00")
    town.time("2027-03-03 09:00")
    assert [ready.flow for ready in town.claim()] == ["meeting_moved"]


@in_store
def test_whoever_leaves_before_the_news_went_out_does_not_get_it(town: Town) -> None:
    town.meeting()
    town.join("Amina")
    town.time("2027-03-02 22:00")
    town.meeting(start="2027-03-26T19:00")
    town.leave("Amina")
    town.time("2027-03-03 09:00")
    assert town.claim() == []


@in_store
def test_open_rows_are_counted_by_state(town: Town) -> None:
    reply(town)
    sending(town, "reminder")
    assert deliveries.open_count(town.tx) == {"queued": 1, "sending": 1}


async def test_many_messages_are_claimed_in_parts(store: Store) -> None:
    def job(tx: Tx) -> list[int]:
        town = Town(tx)
        for number in range(300):
            town.plan("Amina", "reminder", once=str(number))
        first = [ready.id for ready in town.claim()]
        rest = [ready.id for ready in deliveries.claimable(tx, VAULT, town.now, set(first))]
        return [len(first), len(set(first) | set(rest))]

    assert await store.write(job) == [200, 300]
