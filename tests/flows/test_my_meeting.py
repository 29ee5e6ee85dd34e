"""What can be done with a place one has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import Cancel, Register, SetReminders, TakeOffer
from flows.events import Refused
from flows.facts import Facts
from flows.meetings import meetings
from flows.messages import Moment, Told, _
from flows.talk import Go
from tests.flows.meeting_screens import ask_companions, ask_needs, call, details
from tests.flows.people import FULL, MINE, PLACE, UNTIL, WAITING
from tests.flows.transcript import Say, play


def test_shows_the_place_and_what_can_be_done(say: Say, amina: Facts) -> None:
    shown = play(meetings, facts=amina, subject="brugge-mine")
    assert shown.log == [*details(say, MINE), say("✅ You are signed up."), say("What would you like to do?")]
    assert list(shown.options.values()) == [
        say("✏️ Change what I need"),
        say("🗓️ Calendar and map"),
        say("🔕 Do not remind me"),
        say("🚫 I cannot come"),
        say("✖️ Not now"),
    ]


def test_changes_what_is_needed_and_keeps_the_place(say: Say, amina: Facts) -> None:
    changed = play(
        meetings, "[needs]", "[step-free]", "[ride-wanted]", "[~ready]", "[0]", facts=amina, subject="brugge-mine"
    )
    assert changed.log[-14:] == [
        "> [needs]",
        *ask_needs(say),
        "> [step-free]",
        *ask_needs(say),
        "> [ride-wanted]",
        *ask_needs(say),
        "> [~ready]",
        *ask_companions(say),
        "> [0]",
        say("Good, I have changed it."),
    ]
    assert changed.changes == (Register("brugge-mine", ("ride-wanted",), None, 0, reminders=True),)


def test_what_was_needed_is_ticked(say: Say, amina: Facts) -> None:
    changed = play(meetings, "[needs]", facts=amina, subject="brugge-mine")
    ticked = [id for id, label in changed.options.items() if label.startswith("✅")]
    assert ticked == ["step-free"]


def test_gives_the_place_back_after_one_question(say: Say, amina: Facts) -> None:
    gave = play(meetings, "[cancel]", "[yes]", facts=amina, subject="brugge-mine")
    assert gave.log[-4:] == [
        "> [cancel]",
        say("Shall I give your place at “{theme}” to someone else?", theme=Told(MINE.theme)),
        "> [yes]",
        say("Thank you for telling me. Someone else can come now."),
    ]
    assert gave.changes == (Cancel("brugge-mine"),)


def test_keeps_the_place_after_all(say: Say, amina: Facts) -> None:
    kept = play(meetings, "[cancel]", "[no]", facts=amina, subject="brugge-mine")
    assert kept.log[-1] == say("Good. You keep your place.")
    assert kept.changes == ()


def test_leaves_the_line_after_one_question(say: Say, amina: Facts) -> None:
    left = play(meetings, "[cancel]", "[yes]", facts=amina, subject="brugge-waiting")
    assert left.log[-4:] == [
        "> [cancel]",
        say("Shall I take you off the waiting list of “{theme}”?", theme=Told(WAITING.theme)),
        "> [yes]",
        say("Good. You are no longer on the waiting list."),
    ]
    assert left.changes == (Cancel("brugge-waiting"),)


def test_stays_in_line_after_all(say: Say, amina: Facts) -> None:
    stayed = play(meetings, "[cancel]", "[no]", facts=amina, subject="brugge-waiting")
    assert stayed.log[-1] == say("Good. You stay on the waiting list.")
    assert stayed.changes == ()


def test_turns_the_reminders_off(say: Say, amina: Facts) -> None:
    quiet = play(meetings, "[reminders]", facts=amina, subject="brugge-mine")
    assert quiet.log[-1] == say("Good. I do not remind you of this meeting.")
    assert quiet.changes == (SetReminders(on=False, meeting="brugge-mine"),)


def test_turns_the_reminders_on(say: Say, amina: Facts) -> None:
    silent = replace(MINE, mine=replace(PLACE, reminders=False))
    facts = replace(amina, meetings=(silent,))
    loud = play(meetings, f"[{say('🔔 Remind me')}]", facts=facts, subject="brugge-mine")
    assert loud.log[-1] == say("Good. I remind you of this meeting.")
    assert loud.changes == (SetReminders(on=True, meeting="brugge-mine"),)


def test_gives_the_calendar_and_the_map_again(say: Say, amina: Facts) -> None:
    again = play(meetings, "[calendar]", facts=amina, subject="brugge-mine")
    assert again.log[-4:] == [
        say("Here is the file for your calendar."),
        call(say),
        "<calendar brugge-mine>",
        "<map brugge-mine>",
    ]


def test_a_place_in_line_is_told_by_its_number(say: Say, amina: Facts) -> None:
    shown = play(meetings, facts=amina, subject="brugge-waiting")
    assert shown.log[-2] == say.n("⏳ You are the first in line.", "⏳ You are number {n} in line.", n=3)


def test_an_offered_seat_can_be_taken_here_too(say: Say, amina: Facts) -> None:
    shown = play(meetings, facts=amina, subject="brugge-offered")
    assert shown.log[-2] == say("🎉 A place is free for you. Please answer before {when}.", when=Moment(UNTIL))
    shown.go_on(f"[{say('👍 Yes, I take the place')}]")
    assert shown.changes == (TakeOffer("brugge-offered"),)
    assert shown.then == Go("registered", "brugge-offered")


def test_an_offer_that_passed_on_is_said_and_asked_anew(say: Say, amina: Facts) -> None:
    why = _("That place has gone to the next person. You keep your place in line.")
    waiting = replace(amina, meetings=(replace(FULL, id="brugge-offered", mine=replace(PLACE, status="waiting")),))
    refused = play(meetings, waiting, Refused(("take", "what"), why), facts=amina, subject="brugge-offered")
    assert say.text(why) in refused.log
    assert refused.key == "what"
    assert "take" not in refused.options


def test_a_place_chosen_from_the_list_can_be_changed(amina: Facts) -> None:
    assert play(meetings, "[brugge-mine]", facts=amina).key == "what"


@pytest.mark.parametrize("what", ["needs", "cancel"])
def test_back_asks_again_what_to_do(what: str, amina: Facts) -> None:
    back = play(meetings, f"[{what}]", "[~back]", facts=amina, subject="brugge-mine")
    assert back.key == "what"


def test_the_place_is_gone_while_they_think(say: Say, amina: Facts) -> None:
    """Someone gave it back on another phone: the question is the one of who has no place."""
    given = replace(amina, meetings=(replace(MINE, mine=None),))
    gone = play(meetings, "[cancel]", given, "[yes]", facts=amina, subject="brugge-mine")
    assert gone.changes == ()
    assert gone.key == "want-brugge-mine"
