"""A newcomer: the language first, five lines about what this is, then where they live and what they want to hear."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import SetConsents, SetLanguage, SetPlace, Welcome
from flows.consents import consents
from flows.facts import Facts
from flows.messages import Name
from flows.talk import Flow, Go
from flows.welcome import hello, welcome
from flows.where import where
from tests.flows.people import NEWCOMER, knowing
from tests.flows.transcript import Line, Played, Say, follow, play

BY_LINK = "meetings:veurne-free"
WORDS = "krijg ik mijn waarborg terug?"


@pytest.fixture
def stranger() -> Facts:
    """Give what is known of someone who never wrote, on a phone in another language than they will choose."""
    return knowing(replace(NEWCOMER, phone_language="tr"))


@pytest.fixture
def newcomer(say: Say, stranger: Facts) -> Facts:
    """Give what is known of someone who chose a language, and nothing more."""
    return replace(stranger, person=replace(stranger.person, language=say.code))


def five_lines(say: Say) -> list[str]:
    """Give what this is, as it is told to every newcomer."""
    return [
        say("👋 I am a chat robot of {organisation}, the network of social tenants.", organisation=Name("Huurdersnet")),
        say("🏠 Ask me about your rights as a tenant. I also show meetings near you."),
        say("🙈 You do not have to give your name. Your landlord does not see who writes here."),
        say(
            "📱 This chat goes through Telegram, a company outside Europe. It can read along. So write no secrets here."
        ),
        say("✋ You can stop at any moment: tap /stop. More about your data: /privacy."),
    ]


def after(before: Played, flow: Flow, *lines: Line, facts: Facts) -> Played:
    """Play the flow that the one before went to."""
    assert before.then is not None
    assert before.then.flow == flow.name
    return follow(before, *lines, facts=facts)


def whole_welcome(say: Say, stranger: Facts, newcomer: Facts) -> list[Played]:
    """Play all four conversations of the welcome, each from where the one before went."""
    asked = play(hello, f"[{say.code}]", facts=stranger)
    told = after(asked, welcome, "[on]", facts=newcomer)
    lives = after(told, where, "8630", "[ijzer]", "B2", facts=newcomer)
    return [asked, told, lives, after(lives, consents, "[meetings]", "[~ready]", facts=newcomer)]


def test_is_welcomed_in_the_language_they_choose(say: Say, stranger: Facts, newcomer: Facts) -> None:
    wants = [
        say("May I write to you sometimes? Tap what you want."),
        say("Nothing chosen is fine too. You can use everything here without it."),
        say("Never at night, never on Sundays or holidays, at most 3 in a week."),
    ]
    assert [line for met in whole_welcome(say, stranger, newcomer) for line in met.log] == [
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
        *wants,
        "> [meetings]",
        *wants,
        "> [~ready]",
        say("Thank you. You can always change this in “My data”."),
    ]


def test_each_part_of_the_welcome_is_kept_as_soon_as_it_is_told(say: Say, stranger: Facts, newcomer: Facts) -> None:
    assert [met.changes for met in whole_welcome(say, stranger, newcomer)] == [
        (SetLanguage(say.code),),
        (Welcome(),),
        (SetPlace("8630", "Veurne", "West-Vlaanderen", "ijzer", "B2"),),
        (SetConsents(("meetings",)),),
    ]


def test_the_welcome_ends_in_the_menu(say: Say, stranger: Facts, newcomer: Facts) -> None:
    assert whole_welcome(say, stranger, newcomer)[-1].then == Go("menu")


def test_hello_asks_the_language_in_the_phones_own(say: Say) -> None:
    met = play(hello, facts=knowing(replace(NEWCOMER, phone_language=say.code)))
    assert met.log == [say("Hello! Which language do you read best?")]


def test_hello_keeps_the_language_at_once(say: Say, stranger: Facts) -> None:
    met = play(hello, f"[{say.code}]", facts=stranger)
    assert met.changes == (SetLanguage(say.code),)
    assert met.then == Go("welcome")


def test_hello_keeps_nothing_before_a_language_is_chosen(stranger: Facts) -> None:
    met = play(hello, "bonjour", facts=stranger)
    assert met.changes == ()
    assert met.key == "language"


def test_the_phones_own_language_stands_first(say: Say) -> None:
    met = play(hello, facts=knowing(replace(NEWCOMER, phone_language=say.code)))
    assert next(iter(met.options)) == say.code


def test_every_language_is_offered_in_its_own_name() -> None:
    met = play(hello, facts=knowing(NEWCOMER))
    assert {*met.options.values()} == {"Nederlands", "Français", "English", "Türkçe", "العربية"}


def test_a_link_is_kept_through_the_language(say: Say, stranger: Facts) -> None:
    met = play(hello, f"[{say.code}]", facts=stranger, subject=BY_LINK)
    assert met.changes == (SetLanguage(say.code),)
    assert met.then == Go("welcome", BY_LINK)


def test_a_link_tells_the_five_lines_only(say: Say, newcomer: Facts) -> None:
    met = play(welcome, "[on]", facts=newcomer, subject=BY_LINK)
    assert met.log == [*five_lines(say), "> [on]"]
    assert met.changes == (Welcome(),)
    assert met.then == Go("meetings", "veurne-free")


def test_a_question_that_came_first_is_answered_after_the_five_lines(
    say: Say, stranger: Facts, newcomer: Facts
) -> None:
    asked = play(hello, f"[{say.code}]", facts=stranger, subject="question:", heard=WORDS)
    told = after(asked, welcome, "[on]", facts=newcomer)
    assert told.log == [*five_lines(say), "> [on]"]
    assert told.then == Go("question", heard=WORDS)


def test_a_question_that_came_first_is_kept_through_another_language(say: Say, newcomer: Facts) -> None:
    met = play(welcome, "[language]", facts=newcomer, subject="question:", heard=WORDS)
    assert met.then == Go("hello", "question:", heard=WORDS)


def test_whoever_read_the_five_lines_is_only_told_that_the_question_waits(say: Say, newcomer: Facts) -> None:
    told = play(welcome, "[on]", facts=newcomer, subject="question:!", heard=WORDS)
    assert told.log == [say("I have your question. First tap “OK, go on”."), "> [on]"]
    assert told.changes == (Welcome(),)
    assert told.then == Go("question", heard=WORDS)


def test_takes_part_without_telling_anything(newcomer: Facts) -> None:
    told = play(welcome, "[on]", facts=newcomer)
    lives = after(told, where, "[~skip]", facts=newcomer)
    wants = after(lives, consents, "[~ready]", facts=newcomer)
    assert lives.changes == (SetPlace(None, None, None, None, None),)
    assert wants.changes == (SetConsents(()),)


def test_no_purpose_is_on_before_it_is_chosen(say: Say, newcomer: Facts) -> None:
    met = play(consents, facts=newcomer, subject="new")
    assert not any("✅" in label for label in met.options.values())
    assert met.options["~ready"] == say("No messages, thank you")


@pytest.mark.parametrize("subject", ["", BY_LINK])
def test_another_language_leads_to_the_language_again(subject: str, say: Say, newcomer: Facts) -> None:
    met = play(welcome, f"[{say('🌍 Another language')}]", facts=newcomer, subject=subject)
    assert met.changes == ()
    assert met.then == Go("hello", subject)


def test_another_language_after_the_five_lines_is_spoken_at_once(say: Say, stranger: Facts, newcomer: Facts) -> None:
    french = replace(stranger, person=replace(stranger.person, language="fr"))
    back = after(play(welcome, "[language]", facts=french), hello, f"[{say.code}]", facts=french)
    assert back.log[0] == Say("fr")("Hello! Which language do you read best?")
    assert back.turn.language == say.code
    assert after(back, welcome, facts=newcomer).log == five_lines(say)


def test_words_where_a_button_was_asked_are_answered_kindly(say: Say, newcomer: Facts) -> None:
    met = play(welcome, "what is this?", facts=newcomer)
    assert met.log[-6:] == [say("Please tap one of the buttons."), *five_lines(say)]


def test_words_where_the_language_was_asked_are_answered_kindly(say: Say, newcomer: Facts) -> None:
    met = play(hello, "what is this?", facts=newcomer)
    assert met.log[-2:] == [say("Please tap one of the buttons."), say("Hello! Which language do you read best?")]


@pytest.mark.parametrize("flow", [hello, welcome], ids=lambda flow: flow.name)
def test_the_welcome_has_nothing_to_leave_yet(flow: Flow, newcomer: Facts) -> None:
    assert "~cancel" not in play(flow, facts=newcomer).options
