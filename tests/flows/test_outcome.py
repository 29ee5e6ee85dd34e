"""What is done with a poll: asked when it closes, told to everyone who answered."""

from __future__ import annotations

from datetime import date

from flows.outcome import outcome, outcome_wanted
from flows.poll_changes import SayOutcome
from flows.talk import Go
from tests.flows.organisers import CLOSED, OPEN, TOLD, UNDONE, organising
from tests.flows.transcript import Played, play

DONE = "De bakken gaan twee keer per week leeg."
WHY = "De woonmaatschappij antwoordt in mei."


def on_closed(*lines: str) -> Played:
    """Play the outcome of a poll that is closed."""
    return play(outcome, *lines, facts=organising(CLOSED), subject=CLOSED.id)


def test_what_is_done_is_read_once_more_and_sent() -> None:
    shown = on_closed("[done]", DONE, "[no]")
    assert shown.log[-3:] == [
        "People read this below the result:",
        f"✅ What is done with it: {DONE}",
        "It goes to everyone who answered. You cannot take it back. Shall I send it?",
    ]
    assert shown.go_on("[yes]").changes == (SayOutcome(CLOSED.id, {"nl": DONE}, True, None),)


def test_nothing_yet_has_a_reason_and_a_day_to_ask_again() -> None:
    shown = on_closed("[nothing]", WHY, "[In a month]", "[no]")
    assert "⏳ Nothing is done with it yet. Why: De woonmaatschappij antwoordt in mei." in shown.log
    assert "I ask again on Wednesday, 31 March, and tell you." in shown.log
    assert shown.go_on("[yes]").changes == (SayOutcome(CLOSED.id, {"nl": WHY}, False, date(2027, 3, 31)),)


def test_the_day_may_be_written_half_a_year_ahead() -> None:
    sent = on_closed("[nothing]", WHY, "15/8", "[no]", "[yes]")
    assert sent.changes == (SayOutcome(CLOSED.id, {"nl": WHY}, False, date(2027, 8, 15)),)


def test_it_may_be_there_in_other_languages_too() -> None:
    shown = on_closed("[done]", DONE)
    first = [id for id in shown.options if not id.startswith("~")]
    assert first[:3] == ["no", "ar", "tr"]
    sent = shown.go_on("[ar]", "الحاويات", "[tr]", "Kutular", "[no]", "[yes]")
    assert sent.changes == (SayOutcome(CLOSED.id, {"nl": DONE, "ar": "الحاويات", "tr": "Kutular"}, True, None),)


def test_a_no_tells_nobody() -> None:
    assert on_closed("[done]", DONE, "[no]", "[✖️ No, not yet]").changes == ()


def test_hard_words_are_pointed_out_here_too() -> None:
    assert any("hard word" in line for line in on_closed("[done]", "Wij gaan dit evalueren.").log)


def test_later_news_skips_the_question_whether_something_is_done() -> None:
    sent = play(outcome, DONE, "[no]", "[yes]", facts=organising(TOLD), subject=f"{TOLD.id}:news")
    assert sent.changes == (SayOutcome(TOLD.id, {"nl": DONE}, True, None),)


def test_a_text_of_more_than_500_letters_is_refused() -> None:
    shown = on_closed("[done]", "a " * 300)
    assert "That is 599 letters. At most 500 fit here. Can it be shorter?" in shown.log


def test_an_open_poll_has_no_outcome_yet() -> None:
    assert play(outcome, facts=organising(OPEN), subject=OPEN.id).then == Go("draft", OPEN.id)


def test_who_made_it_is_asked_when_it_closes() -> None:
    asked = play(outcome_wanted, facts=organising(CLOSED), subject=CLOSED.id)
    assert asked.log == [
        "🔒 Your poll “New rules for waste” is closed.",
        "Asked: about 45. Answered all: about 20. In part: fewer than 10.",
        "❗ Write what is done with it. Then everyone who answered gets the result.",
    ]
    assert asked.go_on("[outcome]").then == Go("outcome", CLOSED.id)


def test_the_result_can_be_seen_before_a_word_is_written() -> None:
    asked = play(outcome_wanted, facts=organising(CLOSED), subject=CLOSED.id)
    assert next(iter(asked.options)) == "pictures"
    seen = asked.go_on("[pictures]")
    assert seen.log[-3:] == [f"<picture {CLOSED.id} {n}>" for n in range(3)]
    assert seen.then is None


def test_when_the_day_comes_the_bot_asks_again() -> None:
    asked = play(outcome_wanted, facts=organising(UNDONE), subject=UNDONE.id)
    assert asked.log[0] == "⏰ You asked me to come back to “New rules for waste”."
    assert asked.go_on("[outcome]").then == Go("outcome", UNDONE.id)


def test_nobody_is_asked_once_it_was_told() -> None:
    assert play(outcome_wanted, facts=organising(TOLD), subject=TOLD.id).log == []
