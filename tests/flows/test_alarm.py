"""What those who run the bot are told, and the short sorry to a tenant."""

from __future__ import annotations

import pytest

from flows.alarm import ALARMS, alarm, sorry
from flows.facts import Facts
from flows.messages import Name
from tests.flows.people import GREET, knowing
from tests.flows.transcript import Say, play


@pytest.mark.parametrize("kind", ALARMS)
def test_each_alarm_is_told(kind: str, say: Say) -> None:
    told = play(alarm, facts=knowing(GREET, language=say.code), subject=f"{kind}:12345")
    assert told.log == [say.text(ALARMS[kind])]


def test_an_alarm_we_have_no_words_for_is_named(say: Say) -> None:
    told = play(alarm, facts=knowing(GREET, language=say.code), subject="disk-full:12345")
    assert told.log == [say("⚠️ Something is wrong: {what}.", what=Name("disk-full"))]


def test_a_tenant_hears_a_short_sorry(say: Say, amina: Facts) -> None:
    assert play(sorry, facts=amina).log == [
        say("I am sorry, something went wrong on our side. We know about it. Please try again.")
    ]
