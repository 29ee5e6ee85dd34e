"""Which message may go when: the design's table, cell by cell, and what becomes of what must wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.rules import CLASSES, Recipient, Verdict, is_rest_day, verdict
from bot.store import deliveries
from tests.bot.world import Town, at, aware, in_store, wall

# What the design says of each class, in each situation alone. The last column: the purpose was not consented to.
TABLE = """
          pause    night  sunday  holiday  budget  stopped  blocked  refused
reply     go       go     go      go       go      go       go       go
notice    go       held   go      go       go      go       blocked  go
reminder  go       held   go      go       go      expired  blocked  go
result    held     held   held    held     go      expired  blocked  go
bulk      held     held   held    held     held    expired  blocked  expired
nudge     expired  held   held    held     held    expired  blocked  expired
work      go       held   held    held     go      go       blocked  go
alarm     go       go     go      go       go      go       blocked  go
"""
TUESDAY, NIGHT, SUNDAY, ASCENSION = (
    aware(local) for local in ("2027-03-02 11:00", "2027-03-02 22:00", "2027-03-07 11:00", "2027-05-06 11:00")
)
WILLING = frozenset({"meetings"})
SENT = tuple(aware(f"2027-0{local} 11:00") for local in ("2-24", "2-26", "3-01"))
SITUATIONS: dict[str, tuple[datetime, Recipient]] = {
    "pause": (TUESDAY, Recipient("paused", aware("2027-03-20 10:00"), consents=WILLING)),
    "night": (NIGHT, Recipient(consents=WILLING)),
    "sunday": (SUNDAY, Recipient(consents=WILLING)),
    "holiday": (ASCENSION, Recipient(consents=WILLING)),
    "budget": (TUESDAY, Recipient(consents=WILLING, sent_this_week=SENT)),
    "stopped": (TUESDAY, Recipient("stopped", consents=WILLING)),
    "blocked": (TUESDAY, Recipient(unreachable="blocked", consents=WILLING)),
    "refused": (TUESDAY, Recipient()),
}


def cells() -> list[tuple[str, str, str]]:
    """Give the table as class, situation and what becomes of the message."""
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(row[0], situation, cell) for row in rows for situation, cell in zip(head, row[1:], strict=True)]


def judged(name: str, now: datetime, to: Recipient, **more: datetime) -> Verdict:
    """Judge a message about meetings that stays useful for 25 days."""
    return verdict(name, now, now + timedelta(days=25), to, purpose="meetings", **more)


def test_the_table_names_every_class() -> None:
    assert {name for name, _situation, _cell in cells()} == set(CLASSES)


@pytest.mark.parametrize(("name", "situation", "becomes"), cells())
def test_a_message_goes_waits_or_ends_as_the_table_says(name: str, situation: str, becomes: str) -> None:
    now, to = SITUATIONS[situation]
    assert judged(name, now, to).state == {"go": "queued"}.get(becomes, becomes)


@pytest.mark.parametrize("name", CLASSES)
def test_on_a_working_day_everything_goes_to_whoever_wants_it(name: str) -> None:
    assert judged(name, TUESDAY, Recipient(consents=WILLING)).state == "queued"


@pytest.mark.parametrize(
    ("name", "now", "to", "why", "until"),
    [
        ("bulk", "2027-03-02 11:00", SITUATIONS["pause"][1], "paused", "2027-03-20 10:00"),
        ("reminder", "2027-03-02 22:00", Recipient(), "night", "2027-03-03 09:00"),
        ("reminder", "2027-03-03 06:00", Recipient(), "night", "2027-03-03 09:00"),
        ("reminder", "2027-03-27 23:00", Recipient(), "night", "2027-03-28 09:00"),
        ("bulk", "2027-03-06 22:00", Recipient(consents=WILLING), "night", "2027-03-08 09:00"),
        ("bulk", "2027-03-07 11:00", Recipient(consents=WILLING), "Sunday or holiday", "2027-03-08 09:00"),
        ("bulk", "2027-03-27 22:00", Recipient(consents=WILLING), "night", "2027-03-30 09:00"),
        ("bulk", "2027-05-06 11:00", Recipient(consents=WILLING), "Sunday or holiday", "2027-05-07 09:00"),
        ("bulk", "2027-03-02 11:00", SITUATIONS["budget"][1], "weekly budget", "2027-03-03 11:00"),
        ("work", "2027-03-06 22:00", Recipient(), "night", "2027-03-08 09:00"),
    ],
)
def test_a_held_message_says_why_and_until_when(name: str, now: str, to: Recipient, why: str, until: str) -> None:
    verdict_ = judged(name, aware(now), to)
    assert (verdict_.state, verdict_.reason, verdict_.until) == ("held", why, aware(until))


def test_a_pause_without_an_end_holds_without_an_end() -> None:
    assert judged("bulk", TUESDAY, Recipient("paused", consents=WILLING)) == Verdict("held", "paused", None)


def test_a_pause_that_is_over_holds_nothing() -> None:
    over = Recipient("paused", aware("2027-03-02 10:59"), consents=WILLING)
    assert judged("bulk", TUESDAY, over).state == "queued"


def test_messages_of_more_than_a_week_ago_do_not_count() -> None:
    old = tuple(TUESDAY - timedelta(days=7, minutes=number) for number in range(5))
    assert judged("bulk", TUESDAY, Recipient(consents=WILLING, sent_this_week=old)).state == "queued"


@pytest.mark.parametrize(
    ("now", "state"),
    [("20:59", "queued"), ("21:00", "held"), ("23:59", "held"), ("08:59", "held"), ("09:00", "queued")],
)
def test_the_night_is_from_nine_to_nine(now: str, state: str) -> None:
    assert judged("reminder", aware(f"2027-03-03 {now}"), Recipient()).state == state


def test_news_of_a_meeting_within_twelve_hours_passes_at_night() -> None:
    assert judged("notice", NIGHT, Recipient(), meeting_at=aware("2027-03-03 10:00")).state == "queued"


def test_news_of_a_later_meeting_waits_for_the_morning() -> None:
    assert judged("notice", NIGHT, Recipient(), meeting_at=aware("2027-03-04 10:00")).until == aware("2027-03-03 09:00")


def test_news_of_a_morning_meeting_waits_only_until_it_is_within_twelve_hours() -> None:
    held = judged("notice", aware("2027-03-02 21:10"), Recipient(), meeting_at=aware("2027-03-03 09:30"))
    assert held == Verdict("held", "night", aware("2027-03-02 21:30"))


def test_what_would_go_too_late_ends_now() -> None:
    ended = verdict("reminder", NIGHT, aware("2027-03-03 08:00"), Recipient())
    assert ended == Verdict("expired", "night until too late")


@pytest.mark.parametrize(
    "day",
    "2027-01-01 2027-03-29 2027-05-01 2027-05-06 2027-05-17 2027-07-21 2027-08-15 2027-11-01 2027-11-11 2027-12-25".split(),
)
def test_belgian_holidays_are_days_of_rest(day: str) -> None:
    assert is_rest_day(aware(f"{day} 12:00").date())


@in_store
def test_a_planned_message_that_must_wait_is_kept_with_the_reason_and_the_time(town: Town) -> None:
    town.time("2027-03-02 22:00")
    row = town.plan("Amina", "reminder")
    assert (row["state"], row["reason"], wall(row["not_before"])) == ("held", "night", "2027-03-03 09:00")


@in_store
def test_a_held_message_goes_when_its_time_has_come(town: Town) -> None:
    town.time("2027-03-02 22:00")
    town.plan("Amina", "reminder")
    town.time("2027-03-03 08:59")
    assert town.claim() == []
    town.time("2027-03-03 09:00")
    assert len(town.claim()) == 1


@in_store
def test_the_next_moment_at_which_a_held_message_may_go_is_known(town: Town) -> None:
    town.time("2027-03-02 22:00")
    town.plan("Amina", "reminder")
    assert deliveries.next_due(town.tx, town.now) == at("2027-03-03 09:00")


@in_store
def test_what_waited_for_the_morning_may_wait_again_for_another_reason(town: Town) -> None:
    town.consent("Amina", "meetings")
    town.time("2027-03-02 22:00")
    row = town.plan("Amina", "bulk", about="meeting:x")
    town.tx.run("UPDATE person SET quiet = 'paused', quiet_until = :until", until=at("2027-03-20 10:00"))
    town.time("2027-03-03 09:00")
    assert (town.claim(), town.delivery(row["id"])) == ([], ("held", "paused"))


@in_store
def test_a_message_ends_at_its_useful_until(town: Town) -> None:
    row = town.plan("Amina", "reminder", useful_until="2027-03-01 12:00")
    town.time("2027-03-01 12:00")
    assert (town.claim(), town.delivery(row["id"])) == ([], ("expired", "too late to be useful"))


@in_store
def test_consent_withdrawn_between_planning_and_sending_ends_the_message(town: Town) -> None:
    town.consent("Amina", "polls")
    row = town.plan("Amina", "bulk", about="poll:afval")
    assert row["state"] == "queued"
    town.consent("Amina")
    deliveries.rejudge(town.tx, row, town.now)
    assert town.delivery(row["id"]) == ("expired", "no consent")


@in_store
def test_consent_for_one_purpose_is_none_for_another(town: Town) -> None:
    town.consent("Amina", "meetings")
    assert town.plan("Amina", "bulk", about="poll:afval")["reason"] == "no consent"


@in_store
def test_the_fourth_message_of_a_week_waits_for_the_first_to_be_a_week_old(town: Town) -> None:
    town.consent("Amina", "polls")
    for number in range(3):
        row = town.plan("Amina", "bulk", about="poll:afval", once=str(number))
        deliveries.mark_sending(town.tx, [row["id"]])
        deliveries.mark_sent(town.tx, [(row["id"], 1)], town.now + number * 60_000)
    fourth = town.plan("Amina", "bulk", about="poll:afval", once="fourth")
    assert (fourth["reason"], wall(fourth["not_before"])) == ("weekly budget", "2027-03-08 10:00")


@in_store
def test_a_message_on_its_way_counts_for_the_week(town: Town) -> None:
    town.consent("Amina", "polls")
    rows = [town.plan("Amina", "bulk", about="poll:afval", once=str(number)) for number in range(4)]
    deliveries.mark_sending(town.tx, [row["id"] for row in rows[:3]])
    assert deliveries.rejudge(town.tx, rows[3], town.now).reason == "weekly budget"


@in_store
def test_results_do_not_count_for_the_week(town: Town) -> None:
    for number in range(5):
        row = town.plan("Amina", "result", about="poll:afval", once=str(number))
        deliveries.mark_sending(town.tx, [row["id"]])
        deliveries.mark_sent(town.tx, [(row["id"], 1)], town.now)
    assert town.plan("Amina", "result", once="sixth")["state"] == "queued"


@in_store
def test_a_message_to_someone_erased_ends(town: Town) -> None:
    row = town.plan("Amina", "reminder")
    town.tx.run("DELETE FROM person")
    assert deliveries.rejudge(town.tx, row, town.now) == Verdict("expired", "erased")


@in_store
def test_a_cancelled_meeting_is_told_in_the_night_when_it_is_near(town: Town) -> None:
    town.meeting(start="2027-03-03T09:30")
    town.join("Amina")
    town.time("2027-03-02 22:00")
    town.meeting(start="2027-03-03T09:30", cancelled=True)
    assert [row["state"] for row in town.deliveries("meeting_cancelled")] == ["queued"]
