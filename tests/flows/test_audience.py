"""Who gets a poll: narrowed and widened, counted after each change."""

from __future__ import annotations

from dataclasses import replace

from flows.audience import audience
from flows.talk import Go
from tests.flows.organisers import FEW, NEW, OPEN, READY, TOO_FEW, at_work, organising, saved
from tests.flows.poll_people import CONTENT
from tests.flows.transcript import play

BY_LANDLORD = replace(READY, content=replace(CONTENT, audience={"landlord": "ijzer"}))


def test_it_tells_how_many_get_it_and_why_others_do_not() -> None:
    shown = play(audience, facts=organising(BY_LANDLORD), subject="klaar")
    assert shown.log == [
        "🗳️ New rules for waste",
        "👥 Landlord: Woonmaatschappij De IJzer",
        "In this audience: about 120",
        "📨 They get it: about 45",
        "• about 60 do not want polls",
        "• fewer than 10 stopped all messages",
        "• about 10 pause for now: they get it later",
        "• fewer than 10 had three messages this week: they get it later",
        "• fewer than 10 blocked me or never wrote",
        "• about 10 were asked in the last seven days",
        "🌍 They read: Nederlands, \u2068العربية\u2069 and Türkçe",
        "Tap to choose fewer people, or more.",
    ]


def test_a_poll_without_an_audience_goes_to_everyone_who_wants_polls() -> None:
    assert "👥 To everyone who wants polls" in play(audience, facts=organising(NEW), subject=NEW.id).log


def test_a_place_narrows_it_and_the_counts_are_shown_again() -> None:
    played = play(audience, "[region]", "[West-Vlaanderen]", facts=organising(BY_LANDLORD), subject="klaar")
    assert saved(played).audience == {"landlord": "ijzer", "region": "West-Vlaanderen"}
    assert played.then == Go("audience", "klaar")


def test_a_long_list_is_opened_by_its_first_letter() -> None:
    played = play(audience, "[municipality]", "[B]", facts=organising(NEW), subject=NEW.id)
    assert [*played.options.values()][:6] == [f"Boord {n}" for n in range(6)]
    assert saved(played.go_on("[Boord 3]")).audience == {"municipality": "Boord 3"}


def test_what_was_chosen_can_be_left_out_again() -> None:
    both = replace(READY, content=replace(CONTENT, audience={"landlord": "ijzer", "language": "ar"}))
    played = play(audience, "[off-language]", facts=organising(both), subject="klaar")
    assert saved(played).audience == {"landlord": "ijzer"}


def test_what_keeps_it_within_ones_own_scope_cannot_be_left_out() -> None:
    """It would come right back: a council asks the tenants of its landlord, and nobody else. Staff may ask everyone."""
    assert "off-landlord" not in play(audience, facts=organising(BY_LANDLORD), subject="klaar").options
    played = play(audience, "[off-landlord]", facts=at_work(BY_LANDLORD), subject="klaar")
    assert saved(played).audience == {}


def test_one_of_two_places_that_keep_it_within_ones_scope_can_go() -> None:
    both = replace(READY, content=replace(CONTENT, audience={"landlord": "ijzer", "group": "har-veurne"}))
    assert {"off-landlord", "off-group"} <= {*play(audience, facts=organising(both), subject="klaar").options}


def test_the_way_back_changes_nothing() -> None:
    played = play(audience, "[region]", "[back]", facts=organising(BY_LANDLORD), subject="klaar")
    assert (played.changes, played.key) == ((), "what")


def test_nothing_is_offered_that_one_may_not_choose_by() -> None:
    shown = play(audience, facts=organising(BY_LANDLORD), subject="klaar")
    assert "block" not in shown.options
    assert {"region", "municipality", "group", "language"} <= {*shown.options}


def test_who_was_asked_lately_can_be_left_in_peace() -> None:
    on = saved(play(audience, "[rested]", facts=organising(READY), subject="klaar"))
    assert on.rested
    rested = replace(READY, content=on)
    assert not saved(play(audience, "[rested]", facts=organising(rested), subject="klaar")).rested


def test_a_poll_in_which_people_write_cannot_go_to_fewer_than_ten() -> None:
    said = "❗ Fewer than 10 people get it. People write in this poll, and with so few you could guess who wrote what. "
    shown = play(audience, facts=organising(TOO_FEW), subject="weinig")
    assert any(line.startswith(said) for line in shown.log)
    without_text = replace(TOO_FEW, content=replace(CONTENT, questions=CONTENT.questions[:2]))
    assert FEW.few
    assert not any("guess" in line for line in play(audience, facts=organising(without_text), subject="weinig").log)


def test_staff_choose_in_the_same_way() -> None:
    assert saved(play(audience, "[language]", "[Nederlands]", facts=at_work(READY), subject="klaar")).audience == {
        "municipality": "Veurne",
        "language": "nl",
    }


def test_an_open_poll_keeps_its_audience() -> None:
    refused = play(audience, facts=organising(OPEN), subject=OPEN.id)
    assert refused.changes == ()
    assert refused.then
    assert refused.then.flow == "draft"
