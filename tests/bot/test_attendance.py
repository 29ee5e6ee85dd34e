"""Who came: codes at the door, heads, people who phoned, and the report to who was there. On either database."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.store import attendance, registrations
from bot.store.db import Store
from bot.store.registrations import Wish
from flows.meeting_orders import (
    CheckIn,
    CountHeads,
    SendReport,
    SettlePhoned,
    SignUpByPhone,
    WantDoorCode,
)
from flows.organised_facts import Phoned
from tests.bot.desk import desk, load, says
from tests.bot.hand import Hand
from tests.bot.organising import NETWORK, ORGANISER, acts, hub, made, order, refusal, row
from tests.bot.test_intake import AMINA, ELIF, GREET
from tests.bot.world import MEETING, Town, at, in_store, meeting_row

EVENING = "2027-03-25 18:45"
REPORT = ("De ramen", "We schrijven een brief", "In mei komt er antwoord")
CHANGED = "Something changed just now."


def came_in(town: Town, *names: str, companions: int = 0) -> dict[str, str]:
    """Let Luc make a meeting and these people take places; on the evening itself, give their codes."""
    made(town, capacity=None)
    for name in names:
        town.join(name, companions)
    town.time(EVENING)
    for name in names:
        order(town, name, WantDoorCode(MEETING))
    return {name: str(town.place(name)["code"]) for name in names}


@in_store
def test_everyone_with_a_place_has_a_code_of_their_own(town: Town) -> None:
    codes = came_in(town, *(f"P{n}" for n in range(40)))
    assert len(set(codes.values())) == 40
    assert all(re.fullmatch(r"[1-9]\d{3}", code) for code in codes.values())
    order(town, "P7", WantDoorCode(MEETING))
    assert town.place("P7")["code"] == codes["P7"], "a code that was given stays"


@in_store
def test_when_four_numbers_are_used_up_a_code_has_five(town: Town) -> None:
    made(town, capacity=None)
    town.tx.many(
        "INSERT INTO registration (meeting, status, line, needs, since, code)"
        " VALUES (:meeting, 'confirmed', :n, '[]', 0, :code)",
        [{"meeting": MEETING, "n": n, "code": str(n)} for n in range(1000, 10000) if n != 4711],
    )
    assert attendance.new_code(town.tx, MEETING) == "4711"
    assert attendance.sign_up_phoned(town.tx, MEETING, Wish(), town.now) == "4711"
    assert len(attendance.new_code(town.tx, MEETING)) == 5


@in_store
def test_who_has_no_place_gets_no_code(town: Town) -> None:
    made(town, capacity=1)
    town.join("Amina")
    town.join("Elif")
    for name in ("Elif", "Bram"):
        assert refusal(town, name, WantDoorCode(MEETING)) == "You have no place at this meeting."


async def test_two_people_at_one_meeting_never_have_one_code(store: Store) -> None:
    """Not even when something else than our own functions writes it."""

    def twice(tx: object) -> None:
        town = Town(tx)  # type: ignore[arg-type]
        codes = came_in(town, "Amina", "Elif")
        town.tx.run(
            "UPDATE registration SET code = :code WHERE code = :other", code=codes["Amina"], other=codes["Elif"]
        )

    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.write(twice)


@in_store
def test_a_code_at_the_door_notes_a_whole_party(town: Town) -> None:
    codes = came_in(town, "Amina", companions=2)
    order(town, "Luc", CheckIn(MEETING, codes["Amina"]))
    assert (town.place("Amina")["attended"], town.place("Amina")["how"]) == ("yes", "code")
    assert attendance.present(town.tx, MEETING) == 3
    assert acts(town)[-1] == "noted at the door"


@in_store
def test_each_code_that_cannot_be_noted_says_why(town: Town) -> None:
    codes = came_in(town, "Amina", "Elif")
    order(town, "Luc", CheckIn(MEETING, codes["Amina"], "qr"))
    town.leave("Elif")
    wrong = next(str(n) for n in range(1000, 9999) if str(n) not in codes.values())
    for code, state in ((codes["Amina"], "again"), (codes["Elif"], "cancelled"), (wrong, "unknown")):
        assert attendance.at_door(town.tx, row(town), code, town.now) == state
        assert refusal(town, "Luc", CheckIn(MEETING, code)) == CHANGED
        door = hub(town, flow="door", subject=f"{MEETING}:{code}").door
        assert door is not None
        assert (door.code, door.state) == (code, state)
    assert town.place("Amina")["how"] == "qr", "the first time stands"


@in_store
def test_a_code_of_another_meeting_is_unknown(town: Town) -> None:
    codes = came_in(town, "Amina")
    town.meeting(id="elders", group="har-veurne", start="2027-03-26T19:00")
    other = town.tx.one("SELECT * FROM meeting WHERE id = 'elders'")
    assert other is not None
    assert attendance.at_door(town.tx, other, codes["Amina"], town.now) == "unknown"


@in_store
def test_someone_on_the_waiting_list_is_not_let_in_by_code(town: Town) -> None:
    made(town, capacity=1)
    town.join("Amina")
    code = attendance.sign_up_phoned(town.tx, MEETING, Wish(), town.now)
    assert attendance.at_door(town.tx, row(town), code, at(EVENING)) == "waiting"


@pytest.mark.parametrize(
    ("when", "state"), [("2027-03-23 23:59", "early"), ("2027-03-24 00:00", "new"), ("2027-03-26 09:00", "new")]
)
async def test_the_door_opens_the_day_before(store: Store, when: str, state: str) -> None:
    def story(tx: object) -> None:
        town = Town(tx)  # type: ignore[arg-type]
        code = came_in(town, "Amina")["Amina"]
        town.time(when)
        assert attendance.at_door(town.tx, row(town), code, town.now) == state
        assert hub(town).door_opens == (state == "new")

    await store.write(story)


@in_store
def test_heads_are_counted_and_the_last_count_stands(town: Town) -> None:
    came_in(town, "Amina")
    order(town, "Luc", CountHeads(MEETING, 17))
    order(town, "Luc", CountHeads(MEETING, 19))
    assert hub(town).heads == 19
    town.time("2027-03-20 12:00")
    assert refusal(town, "Luc", CountHeads(MEETING, 3)) == "You can count from the day before the meeting."


def phones(town: Town, companions: int = 0) -> str:
    """Let Luc sign a caller up; give the code that he reads out."""
    order(town, "Luc", SignUpByPhone(MEETING, ("step-free",), None, companions))
    phoned = hub(town, flow="phone_place").phoned
    assert phoned is not None
    return phoned.code


@in_store
def test_a_caller_has_a_place_without_being_a_person(town: Town) -> None:
    made(town, capacity=3)
    code = phones(town, companions=1)
    (place,) = town.tx.all("SELECT * FROM registration")
    assert (place["person"], place["status"], place["code"], place["companions"]) == (None, "confirmed", code, 1)
    assert hub(town).needs == {"step-free": 1}
    assert hub(town).by_phone == (code,)
    town.time(EVENING)
    order(town, "Luc", CheckIn(MEETING, code))
    assert attendance.present(town.tx, MEETING) == 2


@in_store
def test_a_caller_who_comes_too_late_waits_behind_the_others(town: Town) -> None:
    made(town, capacity=1)
    town.join("Amina")
    town.join("Elif")
    code = phones(town)
    phoned = hub(town, flow="phone_place", subject=f"{MEETING}:{code}").phoned
    assert phoned is not None
    assert (phoned.status, phoned.place_in_line) == ("waiting", 2)


@in_store
def test_a_party_that_does_not_fit_is_told_how_many_do(town: Town) -> None:
    made(town, capacity=2)
    why = refusal(town, "Luc", SignUpByPhone(MEETING, (), None, 2))
    assert why == "Only one place is left. Choose fewer people."
    assert town.tx.all("SELECT * FROM registration") == []


@in_store
def test_a_place_that_comes_free_for_a_caller_becomes_work_for_the_organiser(town: Town) -> None:
    made(town, capacity=1)
    town.join("Amina")
    code = phones(town)
    town.leave("Amina")
    (work,) = town.deliveries("phone_place")
    assert (work["class"], work["subject"], work["person"]) == ("work", f"{MEETING}:{code}", town.person("Luc"))
    phoned = hub(town, flow="phone_place", subject=f"{MEETING}:{code}").phoned
    assert phoned is not None
    assert phoned.status == "offered"
    order(town, "Luc", SettlePhoned(MEETING, code, comes=True))
    assert hub(town, flow="phone_place").phoned == Phoned(code, "confirmed")
    assert acts(town)[-1] == "place taken by phone"


@in_store
def test_an_offer_to_a_caller_that_met_silence_passes_on(town: Town) -> None:
    made(town, capacity=1)
    town.join("Amina")
    code = phones(town)
    town.join("Elif")
    town.leave("Amina")
    town.time("2027-03-02 12:00")
    town.tick()
    assert town.those("offered") == ["Elif"]
    gone = "That place has gone to the next person. They keep their place in line."
    assert refusal(town, "Luc", SettlePhoned(MEETING, code, comes=True)) == gone
    phoned = hub(town, flow="phone_place", subject=f"{MEETING}:{code}").phoned
    assert phoned is not None
    assert phoned.status == "waiting"


@in_store
def test_a_caller_who_cannot_come_makes_room(town: Town) -> None:
    made(town, capacity=1)
    code = phones(town)
    town.join("Amina")
    order(town, "Luc", SettlePhoned(MEETING, code, comes=False))
    assert town.those("offered") == ["Amina"]
    assert hub(town).by_phone == ()


@in_store
def test_the_place_of_a_person_is_never_settled_by_phone(town: Town) -> None:
    code = came_in(town, "Amina")["Amina"]
    for comes in (True, False):
        assert refusal(town, "Luc", SettlePhoned(MEETING, code, comes=comes))
    assert hub(town, flow="phone_place", subject=f"{MEETING}:{code}").phoned is None
    assert town.status("Amina") == "confirmed"


def reports(town: Town) -> None:
    """Let Luc send the report, the morning after."""
    town.time("2027-03-26 10:00")
    order(town, "Luc", SendReport(MEETING, REPORT))


@in_store
def test_the_report_goes_once_to_everyone_who_was_noted(town: Town) -> None:
    codes = came_in(town, "Amina", "Elif", "Bram")
    order(town, "Luc", SignUpByPhone(MEETING, (), None, 0))
    for name in ("Amina", "Bram"):
        order(town, "Luc", CheckIn(MEETING, codes[name]))
    reports(town)
    assert sorted(town.told("meeting_report_told")) == ["Amina", "Bram"]
    assert {delivery["class"] for delivery in town.deliveries("meeting_report_told")} == {"result"}
    assert (town.place("Elif")["attended"], town.place("Amina")["attended"]) == ("no", "yes")
    assert refusal(town, "Luc", SendReport(MEETING, REPORT)) == "The report was sent already."
    assert len(town.deliveries("meeting_report_told")) == 2


@in_store
def test_where_heads_were_counted_nobody_who_had_a_place_is_left_out(town: Town) -> None:
    codes = came_in(town, "Amina", "Elif")
    order(town, "Luc", CheckIn(MEETING, codes["Amina"]))
    order(town, "Luc", CountHeads(MEETING, 2))
    town.join("Bram")
    town.leave("Bram")
    reports(town)
    assert sorted(town.told("meeting_report_told")) == ["Amina", "Elif"]
    assert town.place("Elif")["attended"] == ""


@in_store
def test_a_report_before_the_meeting_is_refused(town: Town) -> None:
    made(town)
    town.join("Amina")
    assert refusal(town, "Luc", SendReport(MEETING, REPORT)) == "You can write the report when the meeting is over."
    assert town.told("meeting_report_told") == []


@in_store
def test_whoever_signs_up_anew_is_not_there_yet(town: Town) -> None:
    code = came_in(town, "Amina")["Amina"]
    order(town, "Luc", CheckIn(MEETING, code))
    town.leave("Amina")
    town.join("Amina")
    assert (town.place("Amina")["attended"], town.place("Amina")["code"]) == ("", code)


def the_picture(hand: Hand) -> str:
    """Give the code that stands under the picture which someone was sent."""
    found = re.search(r"\b(\d{4})\b(?!.*\b\d{4}\b)", " ".join(hand.heard()[-2:]))
    assert found, hand.heard()[-2:]
    return found[1]


async def test_from_the_picture_on_a_phone_to_the_report_in_the_chat(tmp_path: Path, address: str) -> None:
    """Amina shows her picture; Greet's camera opens it. Elif opens it too, and is no organiser."""
    soon = meeting_row(group="har-veurne", start="2027-03-16T10:00").model_dump(mode="json")
    async with desk(tmp_path, ORGANISER, database=address) as up:
        await load(up, **NETWORK, meetings=[soon])
        greet, amina, elif_ = Hand(up, GREET), Hand(up, AMINA), Hand(up, ELIF)
        await amina.signs_up()
        await amina.writes(f"/start meeting-{MEETING}")
        await amina.taps("code")
        code = the_picture(amina)
        (held,) = await up.rows("SELECT code FROM registration")
        assert held["code"] == code
        told = await elif_.writes(f"/start here-{MEETING}-{code}")
        assert says(up, "This is a code for the door of a meeting.") in told[-1]
        assert await up.rows("SELECT how FROM registration WHERE attended = 'yes'") == []
        noted = await greet.writes(f"/start here-{MEETING}-{code}")
        assert code in noted[-1]
        assert await up.rows("SELECT how FROM registration WHERE attended = 'yes'") == [{"how": "qr"}]
        (doubled,) = await greet.writes(code)
        assert says(up, "☑️ {code} was noted before. Someone may have used it twice.", code=code) in doubled
        await greet.writes("/organiseren")
        up.app.clock.set(datetime.fromisoformat("2027-03-17T12:00:00+01:00"))
        await greet.taps("my-meetings", MEETING, "meeting-report")
        for line in REPORT:
            await greet.writes(line)
        await greet.taps("yes")
        assert all(line in amina.heard()[-1] for line in REPORT)
        assert not any(REPORT[0] in heard for heard in elif_.heard())


async def test_a_caller_is_signed_up_and_called_back_in_the_chat(tmp_path: Path, address: str) -> None:
    full = meeting_row(group="har-veurne", capacity=1).model_dump(mode="json")
    async with desk(tmp_path, ORGANISER, database=address) as up:
        await load(up, **NETWORK, meetings=[full])
        greet, amina = Hand(up, GREET), Hand(up, AMINA)
        await amina.signs_up()
        await greet.writes("/organiseren")
        await greet.taps("my-meetings", MEETING, "phone-desk", "phone-signup", "~ready", "0")
        (waits,) = await greet.taps("yes")
        (caller,) = await up.rows("SELECT code FROM registration WHERE person IS NULL")
        assert caller["code"] in waits
        await amina.writes(f"/start meeting-{MEETING}")
        await amina.taps("cancel", "yes")
        assert says(up, "🎉 A place is free for the caller with code {code}.", code=caller["code"]) in greet.heard()[-1]
        await greet.taps("take")
        states = await up.rows("SELECT status FROM registration WHERE person IS NULL")
        assert states == [{"status": "confirmed"}]


@in_store
def test_giving_back_is_one_function_for_all(town: Town) -> None:
    """A tenant's place, and one by phone, make room in the same order of the line."""
    made(town, capacity=2)
    code = phones(town)
    town.join("Amina")
    for name in ("Elif", "Bram"):
        town.join(name)
    order(town, "Luc", SettlePhoned(MEETING, code, comes=False))
    assert town.those("offered") == ["Elif"]
    town.leave("Amina")
    assert town.those("offered") == ["Elif", "Bram"]
    assert registrations.seats_left(town.tx, row(town)) == 0
