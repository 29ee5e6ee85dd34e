"""Choosing a meeting and taking a place, or a place on the waiting list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import Register
from flows.events import Answered, Refused, Tapped
from flows.facts import Facts, PersonFacts
from flows.meetings import meetings
from flows.messages import Moment, Name, Told, _, _n
from flows.questions import Answer
from flows.talk import Go
from tests.flows.meeting_screens import ask_companions, ask_needs, ask_reminders, call, details, where
from tests.flows.people import AMINA, BARE, CANCELLED, ELIF, FREE, FULL, LAST, OVER, knowing
from tests.flows.transcript import Say, play

TO_THE_SUMMARY = ("[yes]", "[interpreter]", "[step-free]", "[~ready]", "[ar]", "[2]", "[yes]")


def summary(say: Say, *needs: str, companions: str) -> list[str]:
    """Give the last look before the place is taken."""
    return [
        say("“{theme}”, {when}", theme=Told(FREE.theme), when=Moment(FREE.start)),
        where(say),
        *needs,
        companions,
        say("I remind you."),
        say("Shall I sign you up?"),
    ]


def test_takes_a_place_with_an_interpreter(say: Say, amina: Facts) -> None:
    signed = play(meetings, "[veurne-free]", *TO_THE_SUMMARY, "[yes]", facts=amina)
    assert signed.log == [
        say("Which meeting? The ones near you come first."),
        "> [veurne-free]",
        *details(say, FREE),
        say("Do you want to come?"),
        "> [yes]",
        *ask_needs(say),
        "> [interpreter]",
        *ask_needs(say),
        "> [step-free]",
        *ask_needs(say),
        "> [~ready]",
        say("An interpreter for which language?"),
        "> [ar]",
        *ask_companions(say),
        "> [2]",
        *ask_reminders(say),
        "> [yes]",
        *summary(
            say,
            say("♿ An entrance without steps"),
            say("🗣️ Interpreter: {language}", language=Name("العربية")),
            companions=say.n("One person comes along.", "{n} people come along.", n=2),
        ),
        "> [yes]",
    ]
    assert signed.changes == (Register("veurne-free", ("interpreter", "step-free"), "ar", 2, reminders=True),)
    assert signed.then == Go("registered", "veurne-free")


def test_nothing_happens_before_the_last_yes(amina: Facts) -> None:
    asked = play(meetings, "[veurne-free]", *TO_THE_SUMMARY, facts=amina)
    assert asked.changes == ()


def test_needs_nothing_and_comes_alone(say: Say, amina: Facts) -> None:
    signed = play(meetings, "[yes]", "[~ready]", "٠", "[no]", facts=amina, subject="veurne-free")
    assert signed.log[-5:] == [
        where(say),
        say("You need nothing."),
        say("You come alone."),
        say("I do not remind you."),
        say("Shall I sign you up?"),
    ]
    assert signed.go_on("[yes]").changes == (Register("veurne-free", (), None, 0, reminders=False),)


def test_near_ones_come_first_and_past_or_cancelled_ones_not_at_all(amina: Facts) -> None:
    offered = play(meetings, facts=amina)
    first = list(offered.options)
    assert first[:2] == ["veurne-free", "veurne-last"]
    assert not {"gent-cancelled", "gent-over"} & {*first, *offered.go_on("[~page1]").options}


def test_a_long_list_has_pages_that_turn_in_place(say: Say, amina: Facts) -> None:
    turned = play(meetings, "[~page1]", facts=amina)
    assert turned.options["~page0"] == say("◀️ Previous")
    assert turned.turn.redraw
    assert next(iter(turned.go_on("[~page0]").options)) == "veurne-free"


def test_a_meeting_on_another_page_can_be_chosen(amina: Facts) -> None:
    assert play(meetings, "[~page1]", "[gent-bare]", facts=amina).key == "want-gent-bare"


def test_far_ones_are_not_called_near(say: Say, amina: Facts) -> None:
    offered = play(meetings, facts=replace(amina, meetings=(BARE,)))
    assert offered.log == [say("Which meeting?")]


def test_the_last_place_is_told(say: Say, amina: Facts) -> None:
    told = play(meetings, facts=amina, subject="veurne-last")
    assert told.log[:-1] == details(say, LAST, say.n("🪑 One place is left.", "🪑 {n} places are left.", n=1))


def test_a_full_meeting_offers_the_waiting_list(say: Say, amina: Facts) -> None:
    told = play(meetings, "[yes]", "[~ready]", "[0]", "[yes]", "[yes]", facts=amina, subject="veurne-full")
    assert told.log[: len(details(say, FULL)) + 3] == [
        *details(say, FULL, say("🪑 All places are taken.")),
        say("Do you want to be on the waiting list?"),
        say("It goes in order. I write to you when there is a place."),
    ]
    assert told.changes == (Register("veurne-full", (), None, 0, reminders=True),)


def test_the_summary_of_a_full_meeting_asks_for_the_waiting_list(say: Say, amina: Facts) -> None:
    asked = play(meetings, "[yes]", "[~ready]", "[0]", "[yes]", facts=amina, subject="veurne-full")
    assert asked.log[-1] == say("Shall I put you on the waiting list?")
    assert asked.options["yes"] == say("👍 Yes, waiting list")


def test_a_meeting_that_fills_on_the_way_asks_for_the_waiting_list(say: Say, amina: Facts) -> None:
    filled = replace(amina, meetings=(replace(LAST, seats_free=0),))
    asked = play(meetings, "[yes]", "[~ready]", "[0]", filled, "[yes]", facts=amina, subject="veurne-last")
    assert asked.log[-1] == say("Shall I put you on the waiting list?")
    assert asked.changes == ()


def test_not_taking_part_is_a_right(say: Say, amina: Facts) -> None:
    declined = play(meetings, "[no]", facts=amina, subject="veurne-free")
    assert declined.log[-1] == say("That is fine. You are not signed up.")
    assert declined.over
    assert declined.changes == ()


def test_no_at_the_summary_takes_nothing(say: Say, amina: Facts) -> None:
    declined = play(meetings, *TO_THE_SUMMARY, "[no]", facts=amina, subject="veurne-free")
    assert declined.log[-1] == say("That is fine. You are not signed up.")
    assert declined.changes == ()


def test_one_answer_can_be_changed_at_the_summary(say: Say, amina: Facts) -> None:
    changed = play(meetings, *TO_THE_SUMMARY, "[~change]", facts=amina, subject="veurne-free")
    assert list(changed.options.values())[:4] == [
        say("What I need"),
        say("Interpreter"),
        say("How many come along"),
        say("Reminders"),
    ]
    changed.go_on("[~edit-companions]", "[0]")
    assert changed.key == "send"
    assert changed.go_on("[yes]").changes == (
        Register("veurne-free", ("interpreter", "step-free"), "ar", 0, reminders=True),
    )


def test_back_from_the_list_of_answers_shows_the_summary_again(say: Say, amina: Facts) -> None:
    back = play(meetings, *TO_THE_SUMMARY, "[~change]", "[~back]", facts=amina, subject="veurne-free")
    assert back.log[-1] == say("Shall I sign you up?")
    assert list(back.options.values())[1] == say("Change something")
    assert back.turn.redraw


def test_dropping_the_interpreter_drops_the_language(amina: Facts) -> None:
    changed = play(meetings, *TO_THE_SUMMARY, "[~change]", "[~edit-needs]", facts=amina, subject="veurne-free")
    changed.go_on("[child-minding]", "[~ready]", "[yes]")
    assert changed.changes == (Register("veurne-free", ("child-minding",), None, 2, reminders=True),)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (1, "meeting"),
        (2, "want-veurne-free"),
        (5, "needs"),
        (6, "interpreter"),
        (7, "companions"),
        (8, "reminders"),
    ],
)
def test_back_asks_the_question_before(lines: int, key: str, amina: Facts) -> None:
    went = ("[veurne-free]", *TO_THE_SUMMARY)[:lines]
    back = play(meetings, *went, "[~back]", facts=amina)
    assert back.key == key
    assert back.turn.moved


def test_back_can_be_walked_to_the_first_question(amina: Facts) -> None:
    back = play(meetings, "[veurne-free]", *TO_THE_SUMMARY, *["[~back]"] * 6, facts=amina)
    assert back.key == "meeting"
    assert "~back" not in back.options


@pytest.mark.parametrize("lines", range(9))
def test_stop_leaves_from_every_question(lines: int, say: Say, amina: Facts) -> None:
    left = play(meetings, *("[veurne-free]", *TO_THE_SUMMARY)[:lines], "[~cancel]", facts=amina)
    assert left.log[-1] == say("Stopped. Nothing was changed.")
    assert left.over
    assert left.changes == ()


def test_the_chosen_meeting_vanishes_on_the_way(say: Say, amina: Facts) -> None:
    vanished = play(meetings, "[veurne-free]", "[yes]", replace(amina, meetings=(LAST,)), "[~ready]", facts=amina)
    assert vanished.log[-2:] == [
        say("That meeting is no longer in the list."),
        say("Which meeting? The ones near you come first."),
    ]
    assert list(vanished.options) == ["veurne-last", "~cancel"]


def test_the_meeting_of_a_link_is_cancelled_on_the_way(say: Say, amina: Facts) -> None:
    cancelled = replace(FREE, cancelled=True)
    gone = play(
        meetings, "[yes]", replace(amina, meetings=(cancelled,)), "[~ready]", facts=amina, subject="veurne-free"
    )
    assert gone.log[-1] == say("“{theme}” is cancelled.", theme=Told(FREE.theme))
    assert gone.then == Go("meetings")
    assert gone.changes == ()


def test_a_cancelled_meeting_says_so_and_shows_the_others(say: Say, amina: Facts) -> None:
    gone = play(meetings, facts=amina, subject="gent-cancelled")
    assert gone.log == [say("“{theme}” is cancelled.", theme=Told(CANCELLED.theme))]
    assert gone.then == Go("meetings")


def test_a_meeting_that_is_over_says_so_and_shows_the_others(say: Say, amina: Facts) -> None:
    gone = play(meetings, facts=amina, subject="gent-over")
    assert gone.log == [say("“{theme}” is over.", theme=Told(OVER.theme))]
    assert gone.then == Go("meetings")


def test_a_link_to_an_unknown_meeting_opens_the_menu(amina: Facts) -> None:
    assert play(meetings, facts=amina, subject="nowhere").then == Go("menu", "unknown-link")


def test_a_group_shows_its_own_meetings_only(amina: Facts) -> None:
    other = replace(LAST, group="har-gent")
    shown = play(meetings, facts=replace(amina, meetings=(FREE, other)), subject="group-har-gent")
    assert list(shown.options) == ["veurne-last", "~cancel"]


@pytest.mark.parametrize("person", [AMINA, ELIF], ids=["with consent", "without"])
def test_without_meetings_it_says_to_look_again_and_promises_nothing(person: PersonFacts, say: Say) -> None:
    none = play(meetings, facts=replace(knowing(person, language=say.code), meetings=()))
    assert none.log == [
        say("No meeting is planned right now."),
        say("Please look again later: /bijeenkomsten."),
    ]
    assert none.over


def test_too_few_places_for_all_asks_how_many_come_again(say: Say, amina: Facts) -> None:
    why = _n(
        "Only one place is left, and that is yours. Choose fewer people.",
        "Only {n} places are left, yours included. Choose fewer people.",
        n=1,
    )
    refused = play(meetings, *TO_THE_SUMMARY, Refused(("companions", "send"), why), facts=amina, subject="veurne-last")
    assert refused.log[-3:] == [say.text(why), *ask_companions(say)]
    refused.go_on("[0]", "[yes]")
    assert refused.changes == (Register("veurne-last", ("interpreter", "step-free"), "ar", 0, reminders=True),)


@pytest.mark.parametrize("text", ["5", "-1", "veel", "1.5", "💯", "9" * 5000])
def test_a_number_that_cannot_be_is_asked_again(text: str, say: Say, amina: Facts) -> None:
    asked = play(meetings, "[yes]", "[~ready]", text, facts=amina, subject="veurne-free")
    assert asked.log[-3:] == [
        say("Please give a number from {low} to {high}.", low=0, high=4),
        *ask_companions(say),
    ]


def test_a_number_may_be_typed_in_arabic_digits(amina: Facts) -> None:
    assert play(meetings, "[yes]", "[~ready]", "٣", facts=amina, subject="veurne-free").key == "reminders"


def test_a_photo_where_a_tap_was_asked_is_answered_kindly(say: Say, amina: Facts) -> None:
    photo = Answered(Answer(media="photo", file="f"))
    asked = play(meetings, photo, facts=amina, subject="veurne-free")
    assert asked.log[len(details(say, FREE)) + 2] == say("Please tap one of the buttons.")
    assert asked.key == "want-veurne-free"


def test_a_second_tap_on_the_same_answer_is_silent(amina: Facts) -> None:
    tapped = play(meetings, "[yes]", Tapped("want-veurne-free", "yes"), facts=amina, subject="veurne-free")
    assert tapped.turn.repeated
    assert tapped.log[-1] == "> Tapped"


def test_an_old_button_tells_where_we_are(say: Say, amina: Facts) -> None:
    tapped = play(meetings, "[yes]", Tapped("want-veurne-free", "no"), facts=amina, subject="veurne-free")
    assert tapped.log[-3:] == [say("You have answered that already. We are here now:"), *ask_needs(say)]


@pytest.mark.parametrize(("code", "name"), [("ar", "العربية"), ("tr", "Türkçe"), ("fr", "Français")])
def test_an_interpreter_for_ones_own_language_stands_first(code: str, name: str) -> None:
    facts = knowing(AMINA, language=code)
    asked = play(meetings, *TO_THE_SUMMARY[:2], "[~ready]", facts=facts, subject="veurne-free")
    assert next(iter(asked.options.values())) == name


def test_a_bare_meeting_says_only_what_is_known(say: Say, amina: Facts) -> None:
    told = play(meetings, facts=amina, subject="gent-bare")
    assert told.log[0] == say("📅 {kind}: “{theme}”", kind=_("Meeting"), theme=Told(BARE.theme))
    assert len(told.log) == 4


def test_the_button_of_a_meeting_says_when_where_and_what(say: Say, amina: Facts) -> None:
    label = play(meetings, facts=amina).options["veurne-free"]
    assert label == say(
        "{when} · {town} · {theme}", when=Moment(FREE.start, short=True), town=Name("Veurne"), theme=Told(FREE.theme)
    )


def test_the_call_line_is_among_the_details(say: Say, amina: Facts) -> None:
    assert call(say) in play(meetings, facts=amina, subject="veurne-free").log
