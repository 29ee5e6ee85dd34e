"""Stop and pause: one tap each way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.changes import GoQuiet, Speak
from flows.facts import Facts
from flows.messages import Day
from flows.stop import pause, quiet, stop
from flows.talk import Go
from tests.flows.people import GREET, LUC, knowing
from tests.flows.transcript import Say, play


def test_stop_stops_without_a_question(amina: Facts) -> None:
    stopped = play(stop, facts=amina)
    assert stopped.changes == (GoQuiet("stopped"),)
    assert stopped.then == Go("quiet")


def test_pause_pauses_for_a_month_without_a_question(amina: Facts) -> None:
    paused = play(pause, facts=amina)
    assert paused.changes == (GoQuiet("paused", 30),)
    assert paused.then == Go("quiet")


def test_a_stop_says_what_still_comes(say: Say) -> None:
    told = play(quiet, facts=knowing(LUC, language=say.code))
    assert told.log == [
        say("🔕 It is quiet now. I will not write to you first any more."),
        say("Only if something changes with a meeting that you signed up for, I still tell you."),
    ]
    assert list(told.options.values()) == [say("🔔 Messages on again"), say("🗑️ Erase my data"), say("☰ Menu")]


def test_a_pause_says_until_when(say: Say) -> None:
    told = play(quiet, facts=knowing(GREET, language=say.code))
    day = Day(date(2027, 3, 31))
    assert told.log == [
        say("🔕 Pause until {day}. I write no news or polls until then.", day=day),
        say("I still remind you of meetings that you signed up for."),
    ]


def test_one_tap_turns_messages_on_again(say: Say, amina: Facts) -> None:
    spoke = play(quiet, "[speak]", facts=knowing(LUC, language=say.code))
    assert spoke.changes == (Speak(),)
    assert spoke.then == Go("quiet")
    assert play(quiet, facts=amina).log == [
        say("🔔 Messages are on."),
        say("You get what you chose in “Which messages I get”."),
    ]


def test_from_my_data_it_offers_a_pause_and_a_stop(say: Say, amina: Facts) -> None:
    assert play(quiet, "[pause]", facts=amina).then == Go("pause")
    assert play(quiet, "[stop]", facts=amina).then == Go("stop")


def test_from_a_stop_it_is_one_tap_to_erasing(say: Say) -> None:
    assert play(quiet, "[erase]", facts=knowing(LUC, language=say.code)).then == Go("erase_me")


def test_a_pause_without_an_end_is_not_called_a_pause(say: Say, amina: Facts) -> None:
    odd = replace(amina, person=replace(amina.person, quiet="paused", quiet_until=None))
    assert play(quiet, facts=odd).log[0] == say("🔔 Messages are on.")
