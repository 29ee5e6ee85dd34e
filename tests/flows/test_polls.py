"""The list of polls: what can be answered first, then what came of others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.messages import Told
from flows.polls import polls
from flows.talk import Go
from tests.flows.people import AMINA, knowing
from tests.flows.poll_people import CLOSED, CONTENT, ELSEWHERE, FULL, HALF, SOON, TOLD, WASTE, polled
from tests.flows.transcript import Say, play

TITLE = Told(CONTENT.title)


@pytest.fixture
def say() -> Say:
    return Say("en")


def test_what_can_be_answered_stands_first_then_what_was_answered_then_results(say: Say) -> None:
    shown = play(polls, facts=polled(TOLD, FULL, HALF, WASTE, language=say.code))
    assert shown.options == {
        "half": say("⏳ {title} ({n} of {all})", title=TITLE, n=1, all=3),
        "afval": say.text(TITLE),
        "vol": f"✅ {say.text(TITLE)}",
        "verteld": say("📊 Result: {title}", title=TITLE),
        "~skip": say("☰ Menu"),
    }


@pytest.mark.parametrize(("tap", "go"), [("afval", Go("poll", "afval")), ("verteld", Go("poll_result", "verteld"))])
def test_a_tap_opens_the_poll_or_its_result(tap: str, go: Go) -> None:
    assert play(polls, f"[{tap}]", facts=polled(TOLD, WASTE)).then == go


def test_what_one_can_neither_answer_nor_read_about_is_not_listed() -> None:
    assert list(play(polls, facts=polled(SOON, ELSEWHERE, CLOSED, WASTE)).options) == ["afval", "~skip"]


def test_without_a_poll_it_says_so_and_offers_to_write(say: Say) -> None:
    unasked = replace(knowing(AMINA, language=say.code), person=replace(AMINA, language=say.code, consents=frozenset()))
    shown = play(polls, "[consents]", facts=unasked)
    assert shown.log[:2] == [
        say("There is no poll for you right now."),
        say("Shall I write to you when there is one? Choose it here:"),
    ]
    assert shown.then == Go("consents")


def test_who_wants_polls_hears_that_they_come_by_themselves(say: Say) -> None:
    shown = play(polls, facts=knowing(AMINA, language=say.code))
    assert shown.log[-1] == say("I write to you when there is one.")


def test_from_the_list_there_is_a_way_back() -> None:
    assert play(polls, "[skip]", facts=polled(WASTE)).then == Go("menu")
