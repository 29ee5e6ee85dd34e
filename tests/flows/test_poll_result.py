"""What came of a poll: a picture, a sentence, and the same in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from flows.messages import Day, Told, _n
from flows.poll_changes import NoNews, SayUseful
from flows.poll_facts import Bar
from flows.poll_in_words import poll_in_words
from flows.poll_kinds import RATHER_NOT
from flows.poll_result import poll_result
from flows.talk import Go, Picture
from tests.flows.people import wall
from tests.flows.poll_people import (
    AFTER_ALL,
    BINS,
    CLOSED,
    CONTENT,
    FEW,
    KNOWN,
    NEWS,
    NOT_YET,
    TOLD,
    WAITS,
    polled,
)
from tests.flows.transcript import Say, play

TITLE = Told(CONTENT.title)


@pytest.fixture
def say() -> Say:
    return Say("en")


def test_who_answered_gets_the_picture_and_what_is_done_with_it(say: Say) -> None:
    shown = play(poll_result, facts=polled(TOLD, language=say.code), subject="verteld")
    assert shown.log == [
        "<picture verteld 0>",
        say("📊 <b>{title}</b>", title=TITLE),
        say.n("About {n} person answered.", "About {n} people answered.", n=85),
        say("✅ What is done with it: {text}", text=Told(AFTER_ALL.text)),
        say("Thank you for your answers."),
        say("You get this because you answered."),
    ]
    assert list(shown.options) == ["up", "down", "words", "more", "enough"]


def test_who_did_not_answer_may_read_it_and_is_not_thanked_for_it(say: Say) -> None:
    shown = play(poll_result, facts=polled(replace(TOLD, members=()), language=say.code), subject="verteld")
    assert shown.log[-1] == say("✅ What is done with it: {text}", text=Told(AFTER_ALL.text))
    assert list(shown.options) == ["words", "more", "menu"]
    assert shown.go_on("[menu]").then == Go("menu")


def test_where_nothing_is_done_yet_it_says_why_and_when_it_asks_again(say: Say) -> None:
    shown = play(poll_result, facts=polled(WAITS, language=say.code), subject="wacht")
    assert shown.log[2:4] == [
        say("⏳ Nothing is done with it yet. Why: {text}", text=Told(NOT_YET.text)),
        say("I ask again on {day}, and tell you.", day=Day(wall("2027-04-01").date())),
    ]


def test_later_news_is_told_by_its_round_and_the_latest_without_one(say: Say) -> None:
    facts = polled(NEWS, language=say.code)
    latest = say("✅ What is done with it: {text}", text=Told(AFTER_ALL.text))
    first = say("⏳ Nothing is done with it yet. Why: {text}", text=Told(NOT_YET.text))
    assert latest in play(poll_result, facts=facts, subject="nieuws").log
    assert first in play(poll_result, facts=facts, subject="nieuws:1").log


def test_without_news_nothing_is_sent() -> None:
    silent = play(poll_result, facts=polled(CLOSED), subject="dicht")
    assert silent.log == []
    assert silent.then == Go("polls")


@pytest.mark.parametrize(("tap", "up"), [("up", True), ("down", False)])
def test_one_tap_says_whether_it_was_useful_and_counts_once(tap: str, up: bool, say: Say) -> None:
    tapped = play(poll_result, f"[{tap}]", facts=polled(TOLD, language=say.code), subject="verteld")
    assert tapped.changes == (SayUseful("verteld", up),)
    assert (tapped.turn.stay, tapped.turn.once) == (True, True)
    assert tapped.log[-1] == say("Thank you. Who made this poll sees how many people found it useful.")


def test_further_pictures_come_at_a_tap() -> None:
    tapped = play(poll_result, "[more]", facts=polled(TOLD), subject="verteld")
    assert tapped.turn.say == (Picture("verteld", 1), Picture("verteld", 2))
    assert "more" not in play(poll_result, facts=polled(NEWS), subject="nieuws").options


def test_no_more_about_this_poll_is_one_tap(say: Say) -> None:
    tapped = play(poll_result, "[enough]", facts=polled(TOLD, language=say.code), subject="verteld")
    assert tapped.changes == (NoNews("verteld"),)
    assert tapped.log[-1] == say("Good. I send you nothing more about this poll.")


def test_of_fewer_than_ten_people_no_figure_is_told(say: Say) -> None:
    shown = play(poll_result, facts=polled(FEW, language=say.code), subject="weinig")
    assert say("Few people answered. So I show no figures.") in shown.log


def test_news_that_is_not_translated_is_marked(say: Say) -> None:
    mark = say("⚠️ This is not translated into your language yet. Here it is in Dutch.")
    assert mark in play(poll_result, facts=polled(FEW, language=say.code), subject="weinig").log
    assert mark not in play(poll_result, facts=polled(TOLD, language=say.code), subject="verteld").log


def test_a_caption_fits_under_a_picture() -> None:
    """A caption has at most 1024 characters (Bot API, sendPhoto)."""
    for found in (TOLD, WAITS, NEWS, FEW):
        assert len("\n".join(play(poll_result, facts=polled(found), subject=found.id).log)) <= 900


def test_a_result_opens_in_words(say: Say) -> None:
    assert play(poll_result, "[words]", facts=polled(TOLD), subject="verteld").then == Go("poll_in_words", "verteld")


def test_in_words_each_figure_of_a_question_is_a_line(say: Say) -> None:
    shown = play(poll_in_words, facts=polled(TOLD, language=say.code), subject="verteld")
    one, many = "• {option}: about {n} person, {percent} %", "• {option}: about {n} people, {percent} %"
    assert shown.log == [
        say("<b>{title}</b>", title=Told(KNOWN.text)),
        say.n("About {n} person answered.", "About {n} people answered.", n=80),
        say.text(_n(one, many, n=60, option="👍 Yes", percent=75)),
        say.text(_n(one, many, n=20, option="👎 No", percent=25)),
        say("• {option}: not shown", option=RATHER_NOT),
    ]


def test_in_words_a_hidden_question_shows_no_figure_at_all(say: Say) -> None:
    shown = play(poll_in_words, "[p1]", facts=polled(TOLD, language=say.code), subject="verteld")
    assert shown.log[-1] == say("Few people answered. So I show no figures.")
    assert not re.search(r"\d+ %", " ".join(shown.log[shown.log.index("> [p1]") :]))


def test_in_words_it_says_that_one_could_choose_more(say: Say) -> None:
    found = replace(
        TOLD,
        content=replace(CONTENT, questions=(BINS,)),
        bars=(Bar("bakken", "all", "all", "", 20), Bar("bakken", "all", "all", "glas", 20)),
    )
    assert (
        say("People could choose more than one answer.")
        in play(poll_in_words, facts=polled(found, language=say.code), subject="verteld").log
    )


def test_earlier_news_is_kept_with_the_words(say: Say) -> None:
    shown = play(poll_in_words, "[p3]", facts=polled(NEWS, language=say.code), subject="nieuws")
    assert say("⏳ Nothing is done with it yet. Why: {text}", text=Told(NOT_YET.text)) in shown.log
    assert shown.go_on("[menu]").then == Go("menu")


def test_words_of_an_unknown_poll_lead_to_the_list() -> None:
    assert play(poll_in_words, facts=polled(None), subject="nowhere").then == Go("polls")
