"""The waiting list: strict order, an offer reserves the seat, silence passes it on."""

from __future__ import annotations

import pytest

from bot.store import registrations
from tests.bot.world import MEETING, Town, in_store, wall


def full(town: Town, *waiting: str, capacity: int = 1, **meeting: object) -> None:
    """Put a meeting whose seats Luc holds, and let these people wait in this order."""
    town.meeting(capacity=capacity, **meeting)
    town.join("Luc", companions=capacity - 1)
    for name in waiting:
        assert town.join(name) == "waiting"


@in_store
def test_whoever_comes_when_all_is_taken_waits(town: Town) -> None:
    town.meeting(capacity=1)
    assert [town.join("Amina"), town.join("Elif")] == ["confirmed", "waiting"]


@in_store
def test_a_freed_seat_is_offered_to_the_first_in_line(town: Town) -> None:
    full(town, "Amina", "Elif")
    town.leave("Luc")
    assert (town.those("offered"), town.those("waiting"), town.told("seat_offer")) == (["Amina"], ["Elif"], ["Amina"])


@in_store
def test_an_offer_reserves_the_seat(town: Town) -> None:
    full(town, "Amina")
    town.leave("Luc")
    assert town.join("Elif") == "waiting"


@in_store
def test_whoever_takes_the_offer_has_the_place_and_its_reminders(town: Town) -> None:
    full(town, "Amina")
    town.leave("Luc")
    town.take("Amina")
    assert (town.status("Amina"), len(town.reminders("Amina"))) == ("confirmed", 2)


@in_store
def test_nobody_takes_what_was_not_offered(town: Town) -> None:
    full(town, "Amina")
    with pytest.raises(registrations.NotYours):
        town.take("Amina")


@in_store
def test_an_offer_stands_for_twelve_hours_of_daytime(town: Town) -> None:
    full(town, "Amina")
    town.time("2027-03-02 15:00")
    town.leave("Luc")
    assert wall(town.place("Amina")["offered_until"]) == "2027-03-03 15:00"  # six hours until 21:00, six from 9:00


@in_store
def test_an_offer_made_at_night_begins_in_the_morning(town: Town) -> None:
    full(town, "Amina")
    town.time("2027-03-02 23:30")
    town.leave("Luc")
    assert wall(town.place("Amina")["offered_until"]) == "2027-03-03 21:00"


@in_store
def test_an_offer_keeps_its_wall_time_over_the_night_of_summer_time(town: Town) -> None:
    full(town, "Amina", start="2027-04-20T19:00")
    town.time("2027-03-27 15:00")
    town.leave("Luc")
    assert wall(town.place("Amina")["offered_until"]) == "2027-03-28 15:00"


@in_store
def test_an_offer_ends_three_hours_before_the_start(town: Town) -> None:
    full(town, "Amina")
    town.time("2027-03-25 12:00")
    town.leave("Luc")
    assert wall(town.place("Amina")["offered_until"]) == "2027-03-25 16:00"


@in_store
def test_after_the_cut_off_nothing_is_offered_any_more(town: Town) -> None:
    full(town, "Amina")
    town.time("2027-03-25 16:00")
    town.leave("Luc")
    assert (town.those("offered"), town.told("seat_offer")) == ([], [])


@in_store
def test_silence_passes_the_seat_on_and_keeps_the_place_in_line(town: Town) -> None:
    full(town, "Amina", "Elif")
    town.leave("Luc")
    town.time("2027-03-03 10:00")
    town.tick()
    assert (town.those("offered"), town.those("waiting")) == (["Elif"], ["Amina"])
    assert registrations.place_in_line(town.tx, MEETING, town.place("Amina")["line"]) == 1


@in_store
def test_who_was_silent_is_asked_again_only_when_another_seat_comes_free(town: Town) -> None:
    full(town, "Amina", "Elif", capacity=2)
    town.leave("Luc")
    assert town.those("offered") == ["Amina", "Elif"]
    town.time("2027-03-03 10:00")
    town.tick()
    town.tick()
    assert town.those("offered") == []
    town.join("Bram", companions=1)
    town.leave("Bram")
    assert (town.those("offered"), town.told("seat_offer")) == (["Amina", "Elif"], ["Amina", "Elif"] * 2)


@in_store
def test_who_was_silent_is_not_asked_again_for_the_same_seat_when_another_came_free_meanwhile(town: Town) -> None:
    full(town, "Amina", "Elif", "Bram")
    town.leave("Luc")
    town.meeting(capacity=2)
    assert town.those("offered") == ["Amina", "Elif"]
    town.take("Elif")
    town.time("2027-03-03 10:00")
    town.tick()
    assert (town.those("offered"), town.those("waiting")) == (["Bram"], ["Amina"])


@in_store
def test_when_all_were_silent_the_seat_is_for_whoever_comes(town: Town) -> None:
    full(town, "Amina")
    town.leave("Luc")
    town.time("2027-03-03 10:00")
    town.tick()
    assert town.join("Bram") == "confirmed"


@in_store
def test_refusing_leaves_the_line(town: Town) -> None:
    full(town, "Amina", "Elif")
    town.leave("Luc")
    town.leave("Amina")
    assert (town.status("Amina"), town.those("offered"), town.those("waiting")) == ("cancelled", ["Elif"], [])


@in_store
def test_who_left_and_comes_back_stands_at_the_end(town: Town) -> None:
    full(town, "Amina", "Elif")
    town.leave("Amina")
    town.join("Amina")
    assert town.those("waiting") == ["Elif", "Amina"]


@in_store
def test_whoever_comes_while_a_seat_is_offered_waits_behind_the_others(town: Town) -> None:
    full(town, "Amina", "Elif")
    town.leave("Luc")
    town.join("Bram")
    assert town.those("waiting") == ["Elif", "Bram"]


@in_store
def test_a_party_that_does_not_fit_yet_keeps_its_turn(town: Town) -> None:
    full(town, capacity=2)
    town.join("Amina", companions=1)
    town.join("Elif")
    town.meeting(capacity=3)
    assert town.those("offered") == []
    town.meeting(capacity=4)
    assert (town.those("offered"), town.those("waiting")) == (["Amina"], ["Elif"])


@in_store
def test_nobody_walks_past_a_party_that_does_not_fit_yet(town: Town) -> None:
    full(town, capacity=2)
    town.join("Amina", companions=1)
    town.meeting(capacity=3)
    assert town.join("Elif") == "waiting"


@in_store
def test_a_waiting_party_that_becomes_smaller_is_offered_what_now_fits(town: Town) -> None:
    full(town, capacity=2)
    town.join("Amina", companions=1)
    town.meeting(capacity=3)
    town.join("Amina", companions=0)
    assert town.those("offered") == ["Amina"]


@in_store
def test_when_a_waiting_party_leaves_the_next_is_offered_what_did_not_fit_it(town: Town) -> None:
    full(town, capacity=2)
    town.join("Amina", companions=1)
    town.join("Elif")
    town.meeting(capacity=3)
    town.leave("Amina")
    assert town.those("offered") == ["Elif"]


@in_store
def test_fewer_companions_free_seats_for_the_line(town: Town) -> None:
    full(town, "Amina", capacity=2)
    town.join("Luc", companions=0)
    assert town.those("offered") == ["Amina"]


@in_store
def test_more_seats_are_offered_in_order(town: Town) -> None:
    full(town, "Amina", "Elif", "Bram")
    town.meeting(capacity=3)
    assert (town.those("offered"), town.those("waiting")) == (["Amina", "Elif"], ["Bram"])


@in_store
def test_an_offer_that_passed_on_is_no_longer_told(town: Town) -> None:
    full(town, "Amina", start="2027-03-03T09:30")
    town.time("2027-03-02 21:10")
    town.leave("Luc")
    assert [row["state"] for row in town.deliveries("seat_offer")] == ["held"]
    town.time("2027-03-03 06:30")
    town.tick()
    assert [(row["state"], row["reason"]) for row in town.deliveries("seat_offer")] == [("expired", "overtaken")]


@in_store
def test_an_offer_taken_in_the_night_is_not_told_in_the_morning(town: Town) -> None:
    full(town, "Amina")
    town.time("2027-03-02 23:00")
    town.leave("Luc")
    town.take("Amina")
    assert [row["reason"] for row in town.deliveries("seat_offer")] == ["overtaken"]


@in_store
def test_a_meeting_that_moves_forward_shortens_its_offers(town: Town) -> None:
    full(town, "Amina", start="2027-03-04T19:00")
    town.time("2027-03-02 15:00")
    town.leave("Luc")
    town.meeting(capacity=1, start="2027-03-03T14:00")
    assert wall(town.place("Amina")["offered_until"]) == "2027-03-03 11:00"


@in_store
def test_a_cancelled_meeting_offers_nothing(town: Town) -> None:
    full(town, "Amina")
    town.meeting(capacity=1, cancelled=True)
    town.leave("Luc")
    assert town.those("offered") == []


@in_store
def test_a_meeting_that_goes_on_after_all_offers_what_came_free(town: Town) -> None:
    full(town, "Amina")
    town.meeting(capacity=1, cancelled=True)
    town.leave("Luc")
    town.meeting(capacity=1)
    assert town.those("offered") == ["Amina"]


@in_store
def test_someone_who_phoned_holds_a_seat_without_being_known(town: Town) -> None:
    town.meeting(capacity=1)
    town.tx.run(
        "INSERT INTO registration (meeting, person, status, line, needs, since, code)"
        " VALUES (:meeting, NULL, 'confirmed', 1, '[]', :now, 'K7')",
        meeting=MEETING,
        now=town.now,
    )
    assert town.join("Amina") == "waiting"
