"""Privacy in short pages, each one tap from the others."""

from __future__ import annotations

import pytest

from flows.facts import Facts
from flows.messages import Name
from flows.privacy import PAGES, privacy
from flows.talk import Go
from tests.flows.transcript import Say, play


def test_opens_with_what_matters_most(say: Say, amina: Facts) -> None:
    opened = play(privacy, facts=amina)
    assert opened.log == [
        say("🔒 Privacy"),
        say("You do not have to give your name here. Your landlord does not see who writes."),
        say("What would you like to know?"),
    ]
    assert list(opened.options.values()) == [say.text(label) for label in PAGES.values()]


@pytest.mark.parametrize("page", ["kept", "telegram", "who", "rights", "long"])
def test_a_tap_turns_to_a_page_with_its_title(page: str, say: Say, amina: Facts) -> None:
    turned = play(privacy, f"[{page}]", facts=amina)
    assert turned.then == Go("privacy", page)
    shown = play(privacy, facts=amina, subject=page)
    assert shown.log[0] == say.text(PAGES[page])
    assert shown.turn.question is not None
    assert shown.turn.question.in_place
    assert [*shown.options] == [*PAGES]


def test_tells_what_telegram_sees(say: Say, amina: Facts) -> None:
    assert play(privacy, facts=amina, subject="telegram").log == [
        say("📱 What Telegram sees"),
        say("Telegram is a company outside Europe, with its own rules."),
        say("It carries this chat and can read it. It knows your phone number."),
        say("It can give data to the police when a judge asks."),
        say("If you erase your data here, the chat itself stays in Telegram. You can delete it there."),
        say("You can also call us or come by. You do not need Telegram."),
    ]


def test_tells_who_is_responsible(say: Say, amina: Facts) -> None:
    shown = play(privacy, facts=amina, subject="who")
    assert shown.log[1] == say("{organisation} is responsible for this chat.", organisation=Name("Huurdersnet"))


@pytest.mark.parametrize(("page", "flow"), [("my-data", "my_data"), ("menu", "menu")])
def test_a_page_leads_on(page: str, flow: str, amina: Facts) -> None:
    assert play(privacy, f"[{page}]", facts=amina).then == Go(flow)
