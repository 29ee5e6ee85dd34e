"""What time takes away, and what it leaves."""

from __future__ import annotations

from bot.store import deliveries, housekeeping, inbox, people, sessions
from flows.engine import Session
from flows.questions import Answer
from tests.bot.world import MEETING, VAULT, Town, in_store

DAY = housekeeping.DAY_MS


def begin(town: Town, name: str = "Amina") -> int:
    """Let someone begin a conversation and stop half-way; give the session's id."""
    person = town.person(name)
    id = sessions.save(town.tx, VAULT, person, Session("where", "", {"code": Answer(text="8630")}, {}), town.now)
    sessions.focus(town.tx, person, id)
    return id


@in_store
def test_a_conversation_that_waits_is_reminded_of_once_after_twelve_days(town: Town) -> None:
    begin(town)
    told = []
    for _day in range(14):
        town.tick()
        told.append(len(town.deliveries("still_open")))
        town.now += DAY
    assert told == [0] * 12 + [1, 1]


@in_store
def test_after_fourteen_days_it_is_closed(town: Town) -> None:
    begin(town)
    town.now += 14 * DAY
    town.tick()
    assert sessions.latest(town.tx, VAULT, town.person("Amina"), {"where"}) is None
    assert [row["focus"] for row in town.tx.all("SELECT focus FROM person")] == [None]


@in_store
def test_going_on_begins_the_fourteen_days_again(town: Town) -> None:
    begin(town)
    town.now += 13 * DAY
    town.tick()
    begin(town)
    town.now += 13 * DAY
    town.tick()
    assert sessions.latest(town.tx, VAULT, town.person("Amina"), {"where"}) is not None


@in_store
def test_whoever_wants_quiet_is_not_reminded_of_it(town: Town) -> None:
    begin(town)
    town.tx.run("UPDATE person SET quiet = 'stopped'")
    town.now += 12 * DAY
    town.tick()
    assert town.deliveries("still_open") == []


@in_store
def test_the_next_moment_of_interest_is_known(town: Town) -> None:
    begin(town)
    assert housekeeping.next_due(town.tx, town.now) == town.now + 12 * DAY


@in_store
def test_the_inbox_forgets_after_a_week_what_does_not_wait(town: Town) -> None:
    inbox.store(town.tx, VAULT, [(1, b"{}"), (2, b"{}"), (3, b"{}")], town.now)
    inbox.finish(town.tx, 1, "handled")
    inbox.quarantine(town.tx, 2, "no kind of update")
    housekeeping.run(town.tx, town.now + 7 * DAY + 1)
    assert [row["update_id"] for row in town.tx.all("SELECT update_id FROM inbox")] == [3]


@in_store
def test_messages_that_ended_are_forgotten_after_thirty_days(town: Town) -> None:
    town.plan("Amina", "reminder", once="open")
    ended = town.plan("Amina", "reminder", once="ended")
    deliveries.set_state(town.tx, ended["id"], "failed", "x")
    housekeeping.run(town.tx, town.now + 31 * DAY)
    assert [row["once"] for row in town.deliveries()] == ["open"]


@in_store
def test_buttons_live_for_half_a_year(town: Town) -> None:
    token = sessions.new_token(town.tx, town.person("Amina"), Session("menu"), "open", town.now)
    housekeeping.run(town.tx, town.now + 180 * DAY)
    assert sessions.handle(town.tx, town.person("Amina"), token) is not None
    housekeeping.run(town.tx, town.now + 180 * DAY + 1)
    assert sessions.handle(town.tx, town.person("Amina"), token) is None


@in_store
def test_a_month_after_a_meeting_nobody_is_known_to_have_come(town: Town) -> None:
    town.meeting()
    town.join("Amina")
    town.time("2027-04-26 19:01")
    housekeeping.run(town.tx, town.now)
    rows = town.tx.all("SELECT person, status FROM registration WHERE meeting = :id", id=MEETING)
    assert [(row["person"], row["status"]) for row in rows] == [(None, "confirmed")]
    assert town.reminders("Amina") == {}


@in_store
def test_whoever_is_silent_for_two_years_is_forgotten(town: Town) -> None:
    town.person("Amina")
    greet = town.person("Greet")
    town.tx.run("INSERT INTO role (person, role) VALUES (:id, 'staff')", id=greet)
    housekeeping.run(town.tx, town.now + 2 * 365 * DAY + 1)
    assert [row["id"] for row in town.tx.all("SELECT id FROM person")] == [greet]


@in_store
def test_someone_forgotten_gives_the_seat_to_the_next(town: Town) -> None:
    town.meeting(start="2029-03-25T19:00", capacity=1)
    town.join("Amina")
    town.join("Elif")
    town.now += 2 * 365 * DAY + 1
    people.seen(town.tx, town.person("Elif"), town.now)
    housekeeping.run(town.tx, town.now)
    assert town.those("offered") == ["Elif"]
