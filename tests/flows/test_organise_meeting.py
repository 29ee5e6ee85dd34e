"""Making a meeting, from the first question to the list."""

from __future__ import annotations

from datetime import time

import pytest

from flows.meeting_kinds import Amount, DoorCode, PhoneNumber, TimeOfDay
from flows.meeting_orders import PutMeeting
from flows.messages import Name
from flows.organise_meeting import new_id, organise_meeting
from flows.organised_facts import MeetingPlan
from flows.poll_facts import Scope
from flows.questions import Answer, Invalid
from flows.talk import Go
from tests.flows.organised_meetings import EVERYWHERE, GENT, VEURNE, organising
from tests.flows.people import wall
from tests.flows.transcript import Played, play

UNTIL_PLACE = ("[residents]", "Nieuwe ramen", "15/3", "[t1930]", "[90]")
PLACE = ("Buurthuis De Linde", "Kerkstraat 1, 8630 Veurne")
REST = ("[20]", "[step-free]", "[ready]", "[fr]", "[ready]", "[days-1]", "03 000 30 15")


def test_a_meeting_is_made_one_question_at_a_time() -> None:
    made = play(organise_meeting, *UNTIL_PLACE, *PLACE, *REST, "[yes]", facts=organising())
    (change,) = made.changes
    assert isinstance(change, PutMeeting)
    assert change.plan == MeetingPlan(
        kind="residents",
        group="har-veurne",
        theme={"nl": "Nieuwe ramen"},
        start=wall("2027-03-15T19:30"),
        minutes=90,
        place="Buurthuis De Linde",
        address="Kerkstraat 1, 8630 Veurne",
        municipality="Veurne",
        province="West-Vlaanderen",
        capacity=20,
        languages=("nl", "fr"),
        arranged=("step-free",),
        contact="03 000 30 15",
        deadline=wall("2027-03-14T20:00"),
    )
    assert change.meeting.startswith("nieuwe-ramen-")
    assert made.then is not None
    assert (made.then.flow, made.then.subject) == ("meeting_hub", change.meeting)


def test_it_is_shown_as_tenants_will_see_it_before_it_stands() -> None:
    shown = play(organise_meeting, *UNTIL_PLACE, *PLACE, *REST, facts=organising())
    assert "This is how tenants see it:" in shown.log
    assert "📅 Residents' meeting: “Nieuwe ramen”" in shown.log
    assert "📍 Buurthuis De Linde, Kerkstraat 1, 8630 Veurne" in shown.log
    assert "There are 20 places." in shown.log
    assert any(line.startswith("✍️ Sign up before") for line in shown.log)


def test_nothing_stands_when_it_is_thrown_away() -> None:
    gone = play(organise_meeting, *UNTIL_PLACE, *PLACE, *REST, "[no]", facts=organising())
    assert gone.changes == ()
    assert gone.log[-1] == "Good. There is no meeting."


@pytest.mark.parametrize(
    ("label", "again", "change"),
    [
        ("Theme", ("Oude ramen",), {"theme": {"nl": "Oude ramen"}}),
        ("Hour", ("20u15",), {"start": wall("2027-03-15T20:15")}),
        ("Places", ("[~skip]",), {"capacity": None}),
        ("Phone number", ("[~skip]",), {"contact": ""}),
        ("Sign up until", ("[none]",), {"deadline": None}),
    ],
)
def test_each_answer_can_be_changed_at_the_end(label: str, again: tuple[str, ...], change: dict[str, object]) -> None:
    lines = (*UNTIL_PLACE, *PLACE, *REST, "[~change]", f"[{label}]", *again, "[yes]")
    made = play(organise_meeting, *lines, facts=organising()).changes[0]
    assert isinstance(made, PutMeeting)
    for name, value in change.items():
        assert getattr(made.plan, name) == value


@pytest.mark.parametrize("written", ["bel Luc maar", "03 000 30 15 (Luc)", "op het bureau", "12"])
def test_only_a_phone_number_is_taken_for_one(written: str) -> None:
    asked = play(organise_meeting, *UNTIL_PLACE, *PLACE, *REST[:-1], written, facts=organising())
    assert "That is not a phone number. Write it like this: 03 000 00 00." in asked.log
    assert asked.key == "contact"


@pytest.mark.parametrize("written", ["1712", "03 000 30 15", "+32 3 000 30 15", "03/000.30.15", "٠٣ ٠٠٠ ٣٠ ١٥"])
def test_a_phone_number_is_read_as_people_write_it(written: str) -> None:
    assert PhoneNumber().read(Answer(text=written))


def test_a_day_that_has_passed_is_refused() -> None:
    refused = play(organise_meeting, "[residents]", "Ramen", "28-2-2027", facts=organising())
    assert refused.key == "date"
    assert "too early" in " ".join(refused.log[-3:])


def test_an_hour_of_today_that_has_passed_is_asked_again() -> None:
    """It is eleven o'clock."""
    refused = play(organise_meeting, "[residents]", "Ramen", "1-3-2027", "[t1000]", facts=organising())
    assert refused.key == "time"
    assert "That hour has passed already. Please choose a later one." in refused.log


def test_html_in_the_theme_is_shown_as_text() -> None:
    lines = ("[residents]", "<b>Ramen</b> & {deuren}", *UNTIL_PLACE[2:], *PLACE, *REST)
    shown = play(organise_meeting, *lines, facts=organising())
    assert "📅 Residents' meeting: “<b>Ramen</b> & {deuren}”" in shown.log
    texts = [shown.language.text(text) for text in shown.turn.say]  # type: ignore[arg-type]
    assert any("&lt;b&gt;Ramen&lt;/b&gt; &amp; {deuren}" in text for text in texts)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("Kerkstraat 1, Veurne", "I see no postcode. Please write the address with its postcode."),
        ("Kerkstraat 1, 9999 Nergens", "I do not know that postcode. Please write the address again."),
    ],
)
def test_an_address_without_a_known_postcode_is_asked_again(address: str, why: str) -> None:
    refused = play(organise_meeting, *UNTIL_PLACE, PLACE[0], address, facts=organising())
    assert refused.key == "address"
    assert why in refused.log


def test_a_house_number_of_four_numbers_is_not_taken_for_the_postcode() -> None:
    lines = (*UNTIL_PLACE, PLACE[0], "Kerkstraat 9000, 8630 Veurne", *REST, "[yes]")
    made = play(organise_meeting, *lines, facts=organising()).changes[0]
    assert isinstance(made, PutMeeting)
    assert made.plan.municipality == "Veurne"


def test_a_deadline_that_would_have_passed_is_not_offered() -> None:
    tomorrow = (*UNTIL_PLACE[:2], "3/3", "[t1900]", "[60]", *PLACE, "[~skip]", "[ready]", "[ready]")
    asked = play(organise_meeting, *tomorrow, facts=organising())
    assert asked.key == "deadline"
    assert {"none", "days-1"} <= set(asked.options)
    assert "days-3" not in asked.options


def group(scopes: tuple[Scope, ...], *lines: str) -> Played:
    return play(organise_meeting, "[residents]", *lines, facts=organising(scopes=scopes))


def test_the_group_is_asked_where_there_are_several() -> None:
    asked = group((VEURNE, GENT))
    assert asked.key == "group"
    assert {"har-veurne", "huurders-gent"} <= set(asked.options)
    assert "~skip" not in asked.options


def test_who_may_organise_everywhere_can_do_so_for_the_whole_network() -> None:
    asked = group((EVERYWHERE,))
    assert asked.options["~skip"] == "🌐 The whole network"
    assert asked.go_on("[~skip]").key == "theme"


def test_who_has_no_scope_is_led_to_the_menu() -> None:
    assert play(organise_meeting, facts=organising(scopes=())).then == Go("menu", "no-role")


@pytest.mark.parametrize("written", ["19:30", "19.30", "19u30", "19 u 30", "1930", "19h30", "١٩:٣٠"])
def test_an_hour_is_read_as_people_write_it(written: str) -> None:
    assert TimeOfDay().read(Answer(text=written)) == time(19, 30)


@pytest.mark.parametrize("written", ["25:00", "19:75", "half acht", "", "3:00", "23:30"])
def test_an_hour_that_is_none_or_at_night_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        TimeOfDay().read(Answer(text=written))


def test_an_amount_outside_of_its_bounds_is_refused() -> None:
    assert Amount(1, 5000).read(Answer(text="350")) == 350
    for written in ("0", "5001", "veel", "-3"):
        with pytest.raises(Invalid):
            Amount(1, 5000).read(Answer(text=written))


def test_a_code_is_read_with_blanks_and_in_other_numerals() -> None:
    kind = DoorCode({"ready": Name("x")})
    assert [kind.read(Answer(text=written)) for written in ("4711", "47 11", "٤٧١١", "t7")] == [*["4711"] * 3, "T7"]
    assert kind.read(Answer(chosen=("ready",))) == "ready"
    for written in ("ready", "Ramen", ""):
        with pytest.raises(Invalid):
            kind.read(Answer(text=written))


def test_an_id_is_made_of_letters_that_a_link_can_hold() -> None:
    assert new_id("Nieuwe ramen & deuren?!", "k3v9z0aa") == "nieuwe-ramen-deuren-k3v9"
    assert new_id("العربية", "k3v9z0aa") == "meeting-k3v9"


def test_a_meeting_may_lie_a_year_ahead() -> None:
    assert play(organise_meeting, "[residents]", "Ramen", "20/2/2028", facts=organising()).key == "time"
    assert play(organise_meeting, "[residents]", "Ramen", "20/3/2028", facts=organising()).key == "date"
