"""The menu: everything in one screen, and a kind word for what could not be understood."""

from __future__ import annotations

import pytest

from flows.facts import Facts
from flows.menu import ITEMS, menu
from flows.messages import _
from flows.talk import Go
from tests.flows.people import AMINA, knowing
from tests.flows.transcript import Say, play


def test_shows_what_can_be_done(say: Say, amina: Facts) -> None:
    shown = play(menu, facts=amina)
    assert shown.log == [say("What would you like to do? Tap a button, or write your question.")]
    assert list(shown.options.values()) == [say.text(label) for label in ITEMS.values()]


@pytest.mark.parametrize(
    ("item", "flow"),
    [
        ("rights", "rights"),
        ("meetings", "meetings"),
        ("polls", "polls"),
        ("my-data", "my_data"),
        ("consents", "consents"),
        ("ask-human", "ask_human"),
        ("help", "help"),
    ],
)
def test_a_tap_goes_there(item: str, flow: str, amina: Facts) -> None:
    assert play(menu, f"[{item}]", facts=amina).then == Go(flow)


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("unknown-command", "I do not know that command. Here is what I can do."),
        ("unknown-link", "That link does not work any more. Here is what I can do."),
        ("no-role", "That is for organisers and staff only."),
        ("not-yet", "That part is not ready yet. We are working on it."),
        ("media", "Thank you, but I cannot do anything with that here. I did not keep it."),
        ("edited", "You changed an older message. I cannot see that. Please send it again."),
        ("gone", "That button is old. Here is what I can do now."),
    ],
)
def test_what_was_not_understood_is_said_above_the_buttons(subject: str, sentence: str, say: Say, amina: Facts) -> None:
    shown = play(menu, facts=amina, subject=subject)
    assert shown.log == [say(sentence), say("What would you like to do? Tap a button, or write your question.")]
    assert "meetings" in shown.options


def test_a_conversation_that_waits_stands_first(say: Say) -> None:
    shown = play(menu, facts=knowing(AMINA, language=say.code, busy_with=_("Meetings near you")))
    first = next(iter(shown.options.items()))
    assert first == ("resume", say("▶️ Go on with: {what}", what=_("Meetings near you")))
    assert shown.go_on("[resume]").then == Go("resume")
