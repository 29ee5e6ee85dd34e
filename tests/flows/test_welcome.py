"""A newcomer: the language first, five lines about what this is, then where they live and what they want to hear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import SetConsents, SetLanguage, SetPlace, Welcome
from flows.facts import Facts
from flows.messages import Name
from flows.talk import Go
from flows.welcome import welcome
from tests.flows.people import NEWCOMER, knowing
from tests.flows.transcript import Say, play


@pytest.fixture
def newcomer(say: Say) -> Facts:
    """Give what is known of someone who never wrote, on a phone in another language than they will choose."""
    return knowing(replace(NEWCOMER, phone_language="tr"))


def five_lines(say: Say) -> list[str]:
    """Give what this is, as it is told to every newcomer."""
    return [
        say("👋 I am a chat robot of {organisation}, the network of social tenants.", organisation=Name("Huurdersnet")),
        say("🏠 I help with meetings, polls and your rights as a tenant."),
        say("🙈 You do not have to give your name. Your landlord does not see who writes here."),
        say("📱 This chat goes through Telegram. That is a company outside Europe, and it can read along."),
        say("✋ You can stop at any moment: tap /stop. More about your data: /privacy."),
    ]


def test_is_welcomed_in_the_language_they_choose(say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say.code}]", "[on]", "8630", "[ijzer]", "B2", "[meetings]", "[~ready]", facts=newcomer)
    assert met.log == [
        Say("tr")("Hello! Which language do you read best?"),
        f"> [{say.code}]",
        *five_lines(say),
        "> [on]",
        say("What is your postcode?"),
        say("Then I can show meetings near you. I do not need your address."),
        "> 8630",
        say("Who do you rent from?"),
        say("You do not have to say. Your landlord never sees it."),
        "> [ijzer]",
        say("Does your building have a name or a number, for example “block B2”?"),
        say("It helps to tell you only what is about your building."),
        "> B2",
        say("May I write to you sometimes? Tap what you want."),
        say("Nothing chosen is fine too. You can use everything here without it."),
        say("Never at night, never on Sundays or holidays, at most 3 in a week."),
        "> [meetings]",
        say("May I write to you sometimes? Tap what you want."),
        say("Nothing chosen is fine too. You can use everything here without it."),
        say("Never at night, never on Sundays or holidays, at most 3 in a week."),
        "> [~ready]",
        say("Thank you. You can always change this in “My data”."),
    ]
    assert met.changes == (
        SetLanguage(say.code),
        Welcome(),
        SetPlace("8630", "Veurne", "West-Vlaanderen", "ijzer", "B2"),
        SetConsents(("meetings",)),
    )
    assert met.then == Go("menu")


def test_the_phones_own_language_stands_first(say: Say) -> None:
    met = play(welcome, facts=knowing(replace(NEWCOMER, phone_language=say.code)))
    assert next(iter(met.options)) == say.code


def test_every_language_is_offered_in_its_own_name() -> None:
    met = play(welcome, facts=knowing(NEWCOMER))
    assert {*met.options.values()} >= {"Nederlands", "Français", "English", "Türkçe", "العربية"}


def test_a_link_asks_the_language_and_tells_the_five_lines_only(say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say.code}]", "[on]", facts=newcomer, subject="meetings:veurne-free")
    assert met.changes == (SetLanguage(say.code), Welcome())
    assert met.then == Go("meetings", "veurne-free")


def test_takes_part_without_telling_anything(say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say.code}]", "[on]", "[~skip]", "[~ready]", facts=newcomer)
    assert met.changes[2:] == (SetPlace(None, None, None, None, None), SetConsents(()))


def test_no_purpose_is_on_before_it_is_chosen(say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say.code}]", "[on]", "[~skip]", facts=newcomer)
    assert not any("✅" in label for label in met.options.values())
    assert met.options["~ready"] == say("No messages, thank you")


def test_back_leads_to_the_language_again(say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say.code}]", "[on]", "[~back]", "[~back]", facts=newcomer)
    assert met.key == "language"


def test_another_language_after_going_back_is_spoken_at_once(say: Say, newcomer: Facts) -> None:
    met = play(welcome, "[fr]", "[~back]", f"[{say.code}]", facts=newcomer)
    assert met.log[-5:] == five_lines(say)


def test_words_where_a_button_was_asked_are_answered_kindly(say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say.code}]", "what is this?", facts=newcomer)
    assert met.log[-6:] == [say("Please tap one of the buttons."), *five_lines(say)]
