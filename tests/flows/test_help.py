"""Help: what can be tapped, and a human to call."""

from __future__ import annotations

from flows.facts import Facts, Help
from flows.help import help
from flows.messages import Name
from flows.talk import Go
from tests.flows.people import AMINA, PHONE, knowing
from tests.flows.transcript import Say, play


def test_gives_the_way_to_a_human(say: Say, amina: Facts) -> None:
    helped = play(help, facts=amina)
    assert helped.log == [
        say("Tap /menu to see everything. Tap /bijeenkomsten for meetings."),
        say("Do you get stuck? That is never your fault. Tap /menu and start again."),
        say(
            "Would you rather talk to a human? Call {organisation}: {phone}.",
            organisation=Name("Huurdersnet"),
            phone=Name(PHONE),
        ),
        say("Is there danger right now? Call 112."),
    ]
    assert helped.go_on("[menu]").then == Go("menu")


def test_without_a_number_it_points_to_the_group(say: Say) -> None:
    helped = play(help, facts=knowing(AMINA, language=say.code, help=Help()))
    assert helped.log[2] == say("Would you rather talk to a human? Ask the group that gave you the link to this chat.")
