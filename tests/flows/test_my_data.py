"""My data: see it, correct it, take it along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import SetReminders
from flows.facts import Facts
from flows.messages import Moment, Name, Told
from flows.my_data import WHAT, my_data
from flows.talk import Go
from tests.flows.people import ELIF, FREE, LANGUAGES, MINE, WAITING, knowing
from tests.flows.transcript import Say, play


def test_tells_all_that_is_known(say: Say, amina: Facts) -> None:
    told = play(my_data, facts=replace(amina, meetings=(FREE, MINE, WAITING)))
    assert told.log == [
        say("This is what I know about you:"),
        say("🌍 Language: {language}", language=Name(LANGUAGES[say.code].name)),
        say("🏠 Postcode: {postcode}, {town}", postcode=Name("8630"), town=Name("Veurne")),
        say("🔑 You rent from: {landlord}", landlord=Name("Woonmaatschappij De IJzer")),
        say("🏢 Building: {block}", block=Name("B2")),
        say("📅 “{theme}”, {when}", theme=Told(MINE.theme), when=Moment(MINE.start)),
        say("⏳ “{theme}”, {when}: waiting list", theme=Told(WAITING.theme), when=Moment(WAITING.start)),
        say("🔔 You get these messages:"),
        say("📅 Meetings near me (1 or 2 a month)"),
        say("🗳️ Short polls (at most 2 a month)"),
        say("I do not know your name or your phone number."),
    ]
    assert list(told.options.values()) == [say.text(label) for label in WHAT.values()]


def test_tells_what_is_not_known(say: Say) -> None:
    told = play(my_data, facts=knowing(ELIF, FREE, language=say.code))
    assert told.log[2:] == [
        say("🏠 Where you live: I do not know."),
        say("🔔 Messages: none. I only answer."),
        say("I do not know your name or your phone number."),
    ]


def test_everything_is_sent_in_two_shapes(say: Say, amina: Facts) -> None:
    sent = play(my_data, "[export]", facts=amina)
    assert sent.log[-3:] == [
        say("Here it is, twice: one to read, one for a computer."),
        "<my data txt>",
        "<my data json>",
    ]


def test_one_tap_turns_all_reminders_off_and_on(say: Say, amina: Facts) -> None:
    off = play(my_data, "[reminders]", facts=amina)
    assert off.log[-1] == say("Good. I do not remind you of meetings any more.")
    assert off.changes == (SetReminders(on=False),)
    silent = replace(amina, person=replace(amina.person, reminders=False))
    on = play(my_data, "[reminders]", facts=silent)
    assert on.log[-1] == say("Good. I remind you of your meetings.")
    assert on.changes == (SetReminders(on=True),)


@pytest.mark.parametrize(
    ("what", "flow"),
    [
        ("where", "where"),
        ("language", "language"),
        ("consents", "consents"),
        ("quiet", "quiet"),
        ("erase", "erase_me"),
        ("menu", "menu"),
    ],
)
def test_each_thing_can_be_corrected(what: str, flow: str, amina: Facts) -> None:
    assert play(my_data, f"[{what}]", facts=amina).then == Go(flow)
