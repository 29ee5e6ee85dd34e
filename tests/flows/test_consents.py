"""Which messages someone wants: each purpose is off until chosen."""

from __future__ import annotations

from dataclasses import replace

from flows.changes import SetConsents
from flows.consents import consents
from flows.facts import Facts
from flows.messages import Ticked, _
from flows.talk import Go
from tests.flows.people import ELIF, knowing
from tests.flows.transcript import Say, play


def screen(say: Say) -> list[str]:
    """Give the question, as it stands on the screen."""
    return [
        say("May I write to you sometimes? Tap what you want."),
        say("Nothing chosen is fine too. You can use everything here without it."),
        say("Never at night, never on Sundays or holidays, at most 3 in a week."),
    ]


def test_chooses_some(say: Say) -> None:
    chose = play(consents, "[polls]", "[council]", "[~ready]", facts=knowing(ELIF, language=say.code))
    assert chose.log == [
        *screen(say),
        "> [polls]",
        *screen(say),
        "> [council]",
        *screen(say),
        "> [~ready]",
        say("Good. You can change this at any time in “My data”."),
    ]
    assert chose.changes == (SetConsents(("polls", "council")),)


def test_what_is_on_is_ticked(say: Say, amina: Facts) -> None:
    chose = play(consents, facts=amina)
    assert chose.options["meetings"] == say.text(Ticked(_("📅 Meetings near me (1 or 2 a month)")))
    assert chose.options["council"] == say("💬 The tenants' council asks (1 a month)")


def test_unticking_all_turns_all_off(say: Say, amina: Facts) -> None:
    chose = play(consents, "[meetings]", "[polls]", "[~ready]", facts=amina)
    assert chose.log[-1] == say("Good. I send no news. I answer you, and I remind you of your own meetings.")
    assert chose.changes == (SetConsents(()),)


def test_in_the_welcome_it_thanks_and_leads_to_the_menu(say: Say) -> None:
    chose = play(consents, "[~ready]", facts=knowing(ELIF, language=say.code), subject="new")
    assert chose.log == [*screen(say), "> [~ready]", say("Thank you. You can always change this in “My data”.")]
    assert chose.changes == (SetConsents(()),)
    assert chose.then == Go("menu")


def test_after_a_link_it_is_one_question_more_and_the_end(say: Say) -> None:
    chose = play(consents, "[~ready]", facts=knowing(ELIF, language=say.code), subject="later")
    assert chose.log == [
        say("One more question, if you like:"),
        *screen(say),
        "> [~ready]",
        say("Good. I send no news. I answer you, and I remind you of your own meetings."),
    ]
    assert chose.changes == (SetConsents(()),)
    assert chose.then is None


def test_a_tick_is_a_draft_and_changes_nothing_yet(amina: Facts) -> None:
    chose = play(consents, "[rights]", facts=amina)
    assert chose.changes == ()
    assert chose.turn.redraw


def test_stopping_keeps_what_was_on(say: Say, amina: Facts) -> None:
    chose = play(consents, "[meetings]", "[~cancel]", facts=amina)
    assert chose.log[-1] == say("Stopped. Nothing was changed.")
    assert chose.changes == ()


def test_ticking_twice_is_as_before(amina: Facts) -> None:
    chose = play(consents, "[rights]", "[rights]", "[~ready]", facts=amina)
    assert chose.changes == (SetConsents(("meetings", "polls")),)


def test_a_purpose_that_is_no_longer_offered_is_forgotten(amina: Facts) -> None:
    old = replace(amina, person=replace(amina.person, consents=frozenset({"polls", "raffles"})))
    assert play(consents, "[~ready]", facts=old).changes == (SetConsents(("polls",)),)
