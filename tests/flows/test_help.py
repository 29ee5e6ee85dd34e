"""Help: what can be written and tapped, and a human to call."""

from __future__ import annotations

import pytest

from flows.facts import Facts, Help
from flows.help import help
from flows.messages import Name
from flows.talk import Go
from tests.flows.people import AMINA, PHONE, knowing
from tests.flows.transcript import Say, play


def test_gives_the_way_to_a_human(say: Say, amina: Facts) -> None:
    helped = play(help, facts=amina)
    assert helped.log == [
        say("Write your question in your own words. Or tap /rechten to see all subjects."),
        say("Tap /menu to see everything. Tap /bijeenkomsten for meetings."),
        say("Do you get stuck? That is never your fault. Tap /menu and start again."),
        say(
            "Would you rather talk to a human? Call {organisation}: {phone}.",
            organisation=Name("Huurdersnet"),
            phone=Name(PHONE),
        ),
        say("Is there danger right now? Call 112."),
    ]


@pytest.mark.parametrize(("tap", "flow"), [("ask-human", "ask_human"), ("menu", "menu")])
def test_leads_to_a_human_in_this_chat_and_to_the_menu(tap: str, flow: str, amina: Facts) -> None:
    assert play(help, f"[{tap}]", facts=amina).then == Go(flow)


def test_without_a_number_it_points_to_the_group(say: Say) -> None:
    helped = play(help, facts=knowing(AMINA, language=say.code, help=Help()))
    assert helped.log[3] == say("Would you rather talk to a human? Ask the group that gave you the link to this chat.")
