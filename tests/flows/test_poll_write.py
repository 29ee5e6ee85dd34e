"""Answer a poll in one's own words, or with a number that is typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.engine import CANCELLED
from flows.messages import Moment, Told
from flows.poll import NO_CHANGE
from flows.poll_changes import Cast
from flows.poll_facts import SKIP, Poll
from flows.poll_write import LONGEST, poll_write
from flows.talk import Go
from tests.flows.poll_people import (
    CLOSED,
    CLOSES,
    CONTENT,
    FULL,
    IDEA,
    KNOWN,
    RENT_DAY,
    SECRET,
    WASTE,
    answering,
    polled,
)
from tests.flows.transcript import Say, play

DAY = replace(WASTE, content=replace(CONTENT, questions=(KNOWN, RENT_DAY)))


@pytest.fixture
def say() -> Say:
    return Say("en")


def test_words_are_kept_and_the_next_question_follows(say: Say) -> None:
    wrote = play(poll_write, "  Meer bakken ", facts=polled(WASTE, language=say.code), subject="afval:1:idee")
    assert wrote.log == [
        say("Question {n} of {all}", n=3, all=3),
        say("<b>{title}</b>", title=Told(IDEA.text)),
        say("Write your answer below, in your own words. Please write no names or addresses."),
        ">   Meer bakken ",
    ]
    assert wrote.changes == (Cast("afval", "idee", text="Meer bakken"),)
    assert wrote.then == Go("poll", "afval:1:weet")


def test_a_text_that_is_too_long_is_asked_again(say: Say) -> None:
    long = play(poll_write, "x" * (LONGEST + 1), facts=polled(WASTE, language=say.code), subject="afval:1:idee")
    assert long.changes == ()
    assert say("That is a long text. Please keep it under {n} letters.", n=LONGEST) in long.log
    assert long.go_on("kort").changes == (Cast("afval", "idee", text="kort"),)


def test_nobody_has_to_write() -> None:
    skipped = play(poll_write, "[skip]", facts=polled(WASTE), subject="afval:1:idee")
    assert skipped.changes == (Cast("afval", "idee", (SKIP,)),)


def test_leaving_keeps_what_was_answered_before(say: Say) -> None:
    left = play(poll_write, "[cancel]", facts=polled(WASTE, language=say.code), subject="afval:1:idee")
    assert left.log[-1] == say.text(CANCELLED)
    assert left.changes == ()


@pytest.mark.parametrize("number", ["31", "٣١"])
def test_a_number_is_typed_in_any_digits(number: str) -> None:
    wrote = play(poll_write, number, facts=polled(DAY), subject="afval:1:dag")
    assert wrote.changes == (Cast("afval", "dag", ("31",)),)


def test_a_number_out_of_bounds_is_asked_again(say: Say) -> None:
    wrote = play(poll_write, "32", facts=polled(DAY, language=say.code), subject="afval:1:dag")
    assert say("Please give a number from {low} to {high}.", low=1, high=31) in wrote.log
    assert wrote.go_on("[skip]").changes == (Cast("afval", "dag", (SKIP,)),)


def test_words_that_were_written_can_be_replaced_until_closing(say: Say) -> None:
    wrote = play(poll_write, "Toch niet", facts=polled(FULL, language=say.code), subject="vol:1:idee")
    assert say("You answered this before. What you write now takes its place.") in wrote.log
    assert wrote.changes == (Cast("vol", "idee", text="Toch niet"),)
    assert wrote.log[-1] == say("Good. I changed your answer. You can change it until {when}.", when=Moment(CLOSES))


def test_words_can_be_taken_back() -> None:
    assert play(poll_write, "[skip]", facts=polled(FULL), subject="vol:1:idee").changes == (
        Cast("vol", "idee", (SKIP,)),
    )


def test_the_same_number_again_changes_nothing_and_goes_on() -> None:
    again = play(poll_write, "31", facts=answering(DAY, {"dag": ("31",)}), subject="afval:1:dag")
    assert again.changes == ()
    assert again.then == Go("poll", "afval:1:weet")


def test_in_a_secret_poll_words_stay_as_they_are(say: Say) -> None:
    told = play(poll_write, facts=polled(SECRET, language=say.code), subject="geheim:1:idee")
    assert told.log == [say.text(NO_CHANGE)]
    assert told.then == Go("poll", "geheim")


def test_the_second_person_at_home_writes_apart(say: Say) -> None:
    second = replace(FULL, member=2, mine={"weet": ("no",), "hoe": ("o1",)}, written=frozenset())
    wrote = play(poll_write, "Ik ook", facts=polled(second, language=say.code), subject="vol:2:idee")
    assert wrote.log[0] == say("👥 Second person at home")
    assert wrote.changes == (Cast("vol", "idee", text="Ik ook", member=2),)
    assert wrote.then == Go("poll", "vol:2")


def test_words_that_come_too_late_are_told_so_by_the_poll() -> None:
    late = play(poll_write, facts=polled(WASTE), subject="afval:1:idee").go_on(polled(CLOSED), "Meer bakken")
    assert late.changes == ()
    assert late.then == Go("poll", "afval:1:idee")


@pytest.mark.parametrize(
    ("found", "subject", "go"),
    [
        (None, "nowhere:1:idee", Go("poll", "nowhere")),
        (WASTE, "afval:1:vanished", Go("poll", "afval")),
        (WASTE, "afval:1:weet", Go("poll", "afval:1:weet")),
    ],
    ids=["no-poll", "no-question", "a-question-with-buttons"],
)
def test_what_cannot_be_written_is_left_to_the_poll(found: Poll | None, subject: str, go: Go) -> None:
    assert play(poll_write, facts=polled(found), subject=subject).then == go
