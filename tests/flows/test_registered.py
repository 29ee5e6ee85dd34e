"""What a sign-up led to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.facts import Facts
from flows.meetings import registered
from flows.messages import Moment, Told
from flows.talk import Go
from tests.flows.meeting_screens import call, when, where
from tests.flows.people import BARE, MINE, PLACE, WAITING
from tests.flows.transcript import Say, play


def test_a_place_comes_with_calendar_and_map(say: Say, amina: Facts) -> None:
    assert play(registered, facts=amina, subject="brugge-mine").log == [
        say("✅ You are signed up. See you there!"),
        when(say, MINE),
        where(say),
        call(say),
        say("Can you not come after all? Tell me, then someone else can come: /bijeenkomsten."),
        "<calendar brugge-mine>",
        "<map brugge-mine>",
    ]


def test_a_place_in_line_says_its_number_and_for_what(say: Say, amina: Facts) -> None:
    assert play(registered, facts=amina, subject="brugge-waiting").log == [
        say("⏳ You are on the waiting list."),
        say("“{theme}”, {when}", theme=Told(WAITING.theme), when=Moment(WAITING.start)),
        say.n("You are the first in line.", "You are number {n} in line.", n=3),
        say("I write to you when there is a place. You do not have to do anything."),
    ]


def test_without_a_map_none_is_shown(amina: Facts) -> None:
    signed = play(registered, facts=replace(amina, meetings=(replace(BARE, mine=PLACE),)), subject="gent-bare")
    assert signed.log[-1] == "<calendar gent-bare>"


@pytest.mark.parametrize("subject", ["veurne-free", "nowhere"])
def test_without_a_place_it_opens_the_menu(subject: str, amina: Facts) -> None:
    assert play(registered, facts=amina, subject=subject).then == Go("menu")


def test_the_first_in_line_is_told_so(say: Say, amina: Facts) -> None:
    first = replace(MINE, mine=replace(PLACE, status="waiting", place_in_line=1))
    told = play(registered, facts=replace(amina, meetings=(first,)), subject=first.id)
    assert told.log[2] == say.n("You are the first in line.", "You are number {n} in line.", n=1)
