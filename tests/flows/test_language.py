"""Another language, from now on."""

from __future__ import annotations

from flows.changes import SetLanguage
from flows.facts import Facts
from flows.language import language
from tests.flows.people import ELIF, knowing
from tests.flows.transcript import Say, play


def test_is_answered_in_the_new_language_at_once(say: Say) -> None:
    changed = play(language, f"[{say.code}]", facts=knowing(ELIF))
    assert changed.log == [
        Say("tr")("Which language do you read best?"),
        f"> [{say.code}]",
        say("Good. From now on I write in this language."),
    ]
    assert changed.changes == (SetLanguage(say.code),)


def test_a_language_we_do_not_have_is_no_button(say: Say, amina: Facts) -> None:
    changed = play(language, "Klingon", facts=amina)
    assert changed.log[-2] == say("Please tap one of the buttons.")


def test_stopping_keeps_the_language(say: Say, amina: Facts) -> None:
    changed = play(language, "[~cancel]", facts=amina)
    assert changed.log[-1] == say("Stopped. Nothing was changed.")
    assert changed.changes == ()
