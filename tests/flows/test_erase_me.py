"""Erase everything, after one clear question."""

from __future__ import annotations

from flows.changes import EraseMe
from flows.facts import Facts
from flows.my_data import erase_me
from tests.flows.transcript import Say, play


def test_erases_after_a_yes(say: Say, amina: Facts) -> None:
    erased = play(erase_me, "[yes]", facts=amina)
    assert erased.log == [
        say("Shall I erase everything I know about you?"),
        say("You also lose your places at meetings. This cannot be undone."),
        "> [yes]",
        say("Done. I have erased everything."),
        say("Copies for safety disappear within 30 days."),
        say("To clear this chat too: delete it in Telegram. If you write to me again, we start anew."),
    ]
    assert erased.changes == (EraseMe(),)


def test_a_no_keeps_everything(say: Say, amina: Facts) -> None:
    kept = play(erase_me, "[no]", facts=amina)
    assert kept.log[-1] == say("Good. Everything stays as it was.")
    assert kept.changes == ()


def test_words_erase_nothing(say: Say, amina: Facts) -> None:
    asked = play(erase_me, "yes please", facts=amina)
    assert asked.log[3] == say("Please tap one of the buttons.")
    assert asked.changes == ()
    assert asked.key == "sure"
