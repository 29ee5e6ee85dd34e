"""What organisers, planted tenants and callers try on meetings and codes, each as the exploit it is. None may work."""

from __future__ import annotations

from flows.meeting_orders import CancelMeeting, CheckIn, MoveMeeting, SendReport, WantDoorCode
from tests.bot.organising import PLAN, hub, made, order, refusal, role, row, seen_by, settle
from tests.bot.world import MEETING, Town, in_store

NOT_YOURS = "You cannot do that for this meeting."
TRIES = 50  # codes that nobody has, by one organiser on one day


def of_the_network(town: Town) -> None:
    """Have a congress of the whole network, and Lin, whom a landlord made an organiser of its own."""
    settle(town)
    made(town, by="Greet", group="")
    role(town, "Lin", "organiser", "landlord", "ijzer")
    role(town, "Wes", "staff", "region", "West-Vlaanderen")


@in_store
def test_a_landlords_organiser_does_not_cancel_the_congress_of_the_network(town: Town) -> None:
    of_the_network(town)
    for name in ("Lin", "Wes", "Luc"):
        assert refusal(town, name, CancelMeeting(MEETING)) == NOT_YOURS
        assert refusal(town, name, MoveMeeting(MEETING, PLAN.start.replace(day=26), None)) == NOT_YOURS
    assert not row(town)["cancelled"]
    assert not refusal(town, "Greet", CancelMeeting(MEETING))


@in_store
def test_nor_sees_who_of_it_needs_what(town: Town) -> None:
    of_the_network(town)
    kept = {name: len(seen_by(town, name, "meeting_hub", MEETING).organised) for name in ("Lin", "Wes", "Luc", "Greet")}
    assert kept == {"Lin": 0, "Wes": 0, "Luc": 0, "Greet": 1}


def at_the_door(town: Town, code: str, name: str = "Luc") -> str:
    """Type a code at the door; give what the organiser is told of it."""
    door = hub(town, name, "door", f"{MEETING}:{code}").door
    assert door is not None
    return door.state


def with_codes(town: Town) -> tuple[str, str]:
    """Have a meeting to which Amina and Elif come, and its door open; give their codes."""
    made(town)
    for name in ("Amina", "Elif"):
        town.join(name)
        order(town, name, WantDoorCode(MEETING))
    town.time("2027-03-25 18:00")
    return str(town.place("Amina")["code"]), str(town.place("Elif")["code"])


@in_store
def test_who_tries_all_codes_learns_nothing_after_fifty_that_nobody_has(town: Town) -> None:
    hers, other = with_codes(town)
    wrong = [str(n) for n in range(1000, 1000 + TRIES + 5) if str(n) not in (hers, other)][:TRIES]
    assert {at_the_door(town, code) for code in wrong} == {"unknown"}
    assert at_the_door(town, hers) == "unknown"


@in_store
def test_a_few_wrong_codes_do_no_harm(town: Town) -> None:
    hers, other = with_codes(town)
    wrong = next(str(n) for n in range(1000, 1100) if str(n) not in (hers, other))
    for _try in range(20):
        at_the_door(town, wrong)
    assert at_the_door(town, hers) == "new"
    assert not refusal(town, "Luc", CheckIn(MEETING, hers, "code"))


@in_store
def test_one_who_tries_does_not_close_the_door_of_another(town: Town) -> None:
    hers, _other = with_codes(town)
    role(town, "Noor", "organiser", "group", "har-veurne")
    for n in range(100000, 100000 + TRIES + 1):
        at_the_door(town, str(n))
    assert (at_the_door(town, hers), at_the_door(town, hers, "Noor")) == ("unknown", "new")


@in_store
def test_the_next_day_codes_are_known_again(town: Town) -> None:
    hers, _other = with_codes(town)
    for n in range(100000, 100000 + TRIES + 1):
        at_the_door(town, str(n))
    town.time("2027-03-26 09:00")
    assert at_the_door(town, hers) == "new"


@in_store
def test_a_code_of_one_meeting_opens_no_other(town: Town) -> None:
    hers, _other = with_codes(town)
    made(town, "gent", by="Nora", group="huurders-gent")
    assert refusal(town, "Nora", CheckIn(MEETING, hers, "qr")) == NOT_YOURS
    assert refusal(town, "Luc", CheckIn("gent", hers, "qr")) == NOT_YOURS
    assert refusal(town, "Amina", CheckIn(MEETING, hers, "qr")) == NOT_YOURS
    assert refusal(town, "Nora", SendReport(MEETING, ("a", "b", "c"))) == NOT_YOURS
