"""One reminder of a conversation that waits."""

from __future__ import annotations

from flows.facts import Facts
from flows.messages import _
from flows.still_open import still_open
from flows.talk import Go
from tests.flows.people import AMINA, knowing
from tests.flows.transcript import Say, play


def test_offers_to_go_on(say: Say) -> None:
    reminded = play(still_open, facts=knowing(AMINA, language=say.code, busy_with=_("Meetings near you")))
    assert reminded.log == [
        say("You were busy with: {what}", what=_("Meetings near you")),
        say("I keep your answers for two more days. You do not have to finish."),
    ]
    assert reminded.go_on("[on]").then == Go("resume")


def test_when_nothing_waits_it_opens_the_menu(amina: Facts) -> None:
    assert play(still_open, facts=amina).then == Go("menu")
