"""The questions of a poll: made, shown, changed, moved, thrown away."""

from __future__ import annotations

import pytest

from flows.drafting import print_of
from flows.poll_changes import SavePoll
from flows.poll_facts import QUESTION_KINDS, PollQuestion
from flows.poll_question import poll_item, poll_more, poll_question
from flows.talk import Go
from tests.flows.organisers import LONGEST, NEW, OPEN, READY, organising, saved
from tests.flows.poll_people import CONTENT, KNOWN, OFTEN
from tests.flows.transcript import Played, play

ASKED = "Hoe vaak moet het park open?"


def made(*lines: str) -> Played:
    """Make a question of a new poll."""
    return play(poll_question, *lines, facts=organising(NEW), subject=NEW.id)


def only(played: Played) -> PollQuestion:
    """Give the one question that the poll has now."""
    (question,) = saved(played).questions
    return question


def test_every_kind_can_be_chosen() -> None:
    shown = made()
    assert shown.log == ["Question 1: how do people answer?"]
    assert [id for id in shown.options if not id.startswith("~")] == [*QUESTION_KINDS]


@pytest.mark.parametrize("kind", ["yesno", "faces", "text"])
def test_a_simple_question_needs_its_words_only(kind: str) -> None:
    played = made(f"[{kind}]", "Hoe gaat het met de trap?")
    assert only(played) == PollQuestion("q1", kind, {"nl": "Hoe gaat het met de trap?"})
    assert played.then == Go("poll_more", f"{NEW.id}:q1")


def test_answers_are_written_one_a_line_in_one_message() -> None:
    played = made("[choice]", ASKED, " 1 dag \n\n- 3 dagen\n• elke  dag\n")
    assert [(option.id, option.text) for option in only(played).options] == [
        ("o1", {"nl": "1 dag"}),
        ("o2", {"nl": "3 dagen"}),
        ("o3", {"nl": "elke dag"}),
    ]


@pytest.mark.parametrize("written", ["1 dag, 3 dagen, elke dag", "1 dag; 3 dagen; elke dag;"])
def test_answers_on_one_line_are_told_apart_by_commas(written: str) -> None:
    played = made("[choice]", ASKED, written)
    assert [option.text["nl"] for option in only(played).options] == ["1 dag", "3 dagen", "elke dag"]


def test_a_comma_within_an_answer_stays_where_each_has_its_line() -> None:
    played = made("[choice]", ASKED, "Ja, elke dag\n1,5 dag")
    assert [option.text["nl"] for option in only(played).options] == ["Ja, elke dag", "1,5 dag"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1 dag", "I see only one answer. Put each answer on its own line."),
        ("\n".join("123456789"), "I count 9 answers. I need 2 to 8: one on each line."),
        ("Ja\nNee\nja", "“Ja” is there twice. Please make each answer different."),
    ],
)
def test_answers_that_cannot_be_are_refused_with_the_reason(written: str, said: str) -> None:
    played = made("[several]", ASKED, written)
    assert said in played.log
    assert (played.key, played.changes) == ("options", ())


def test_an_answer_of_300_letters_is_refused_with_the_limit_named() -> None:
    played = made("[choice]", ASKED, "1 dag\n" + "x" * 300)
    assert f"An answer can have at most 60 letters. This one has 300: “{'x' * 59}…”" in played.log
    assert (played.key, played.changes) == ("options", ())


def test_the_words_stay_when_the_answers_are_refused() -> None:
    played = made("[choice]", ASKED, "1 dag", "1 dag\n2 dagen")
    assert only(played).text == {"nl": ASKED}


@pytest.mark.parametrize(("written", "low", "high"), [("[1-5]", 1, 5), ("van 3 tot 20", 3, 20), ("٠-١٠", 0, 10)])
def test_the_bounds_of_a_number_are_tapped_or_written(written: str, low: int, high: int) -> None:
    question = only(made("[number]", "Hoeveel keer belde je?", written))
    assert (question.low, question.high) == (low, high)


@pytest.mark.parametrize("written", ["5", "10-1", "0-500", "veel", "-1"])
def test_bounds_that_cannot_be_are_refused(written: str) -> None:
    played = made("[number]", "Hoeveel keer belde je?", written)
    assert "Write the lowest and the highest number, like this: 1-5. They lie between 0 and 100." in played.log
    assert played.changes == ()


def test_a_double_question_is_pointed_out_and_may_stay() -> None:
    played = made("[yesno]", "Is de trap schoon en is de lift stil?")
    assert "💡 These are two questions in one. People may want to answer them apart." in played.log
    kept = played.go_on("[other]").changes[0]
    assert isinstance(kept, SavePoll)
    assert kept.overridden == ("double: other",)


def test_only_reasons_that_can_hold_are_offered_for_keeping_it() -> None:
    """That it is a name is a reason for a hard word, not for two questions in one."""
    double = made("[yesno]", "Is de trap schoon en is de lift stil?")
    assert [*double.options][:2] == ["change", "other"]
    assert not {"name", "known"} & {*double.options}


def test_a_question_that_asks_who_someone_is_is_pointed_out() -> None:
    played = made("[text]", "Wat is je naam?")
    assert (
        "💡 This asks who someone is, or something private. Please do not ask that. Polls are anonymous." in played.log
    )


def test_markup_in_an_answer_is_text() -> None:
    question = only(made("[choice]", ASKED, "<b>1</b> & {x}\n3 dagen"))
    assert question.options[0].text == {"nl": "<b>1</b> & {x}"}


def test_the_question_is_shown_as_it_was_kept() -> None:
    shown = play(poll_more, facts=organising(READY), subject="klaar:hoe")
    assert shown.log == [
        "💾 Question 2 is kept. It looks like this:",
        "How often must the park open?",
        "Choose one",
        "• 1 day",
        "• 3 days",
        "• every day",
        "Do you want another one? Three is often enough.",
    ]


@pytest.mark.parametrize(
    ("button", "go"),
    [
        ("another", Go("poll_question", "klaar")),
        ("done", Go("draft", "klaar")),
        ("change", Go("poll_item", "klaar:hoe")),
    ],
)
def test_after_a_question_comes_another_or_the_poll(button: str, go: Go) -> None:
    assert play(poll_more, f"[{button}]", facts=organising(READY), subject="klaar:hoe").then == go


def test_after_the_seventh_there_is_no_other() -> None:
    assert "another" not in play(poll_more, facts=organising(LONGEST), subject="langst:q7").options
    full = play(poll_question, facts=organising(LONGEST), subject="langst")
    assert full.then
    assert (full.then.flow, full.changes) == ("draft", ())


def test_a_question_is_made_again_in_its_own_place() -> None:
    played = play(poll_question, "[several]", ASKED, "1 dag\nnooit", facts=organising(READY), subject="klaar:hoe")
    content = saved(played)
    assert [question.id for question in content.questions] == ["weet", "hoe", "idee"]
    assert content.questions[1].kind == "several"


def test_answers_that_stay_keep_their_translations() -> None:
    played = play(poll_question, "[choice]", ASKED, "1 dag\nnooit", facts=organising(READY), subject="klaar:hoe")
    assert [option.text for option in saved(played).questions[1].options] == [OFTEN.options[0].text, {"nl": "nooit"}]


def test_a_question_moves_up_and_down() -> None:
    def order(button: str) -> list[str]:
        played = play(poll_item, f"[{button}]", facts=organising(READY), subject="klaar:hoe")
        return [question.id for question in saved(played).questions]

    assert order("up") == ["hoe", "weet", "idee"]
    assert order("down") == ["weet", "idee", "hoe"]


def test_the_first_moves_no_further_up_and_the_last_no_further_down() -> None:
    assert "up" not in play(poll_item, facts=organising(READY), subject="klaar:weet").options
    assert "down" not in play(poll_item, facts=organising(READY), subject="klaar:idee").options


def test_a_question_can_be_thrown_away() -> None:
    played = play(poll_item, "[delete]", facts=organising(READY), subject="klaar:hoe")
    assert [question.id for question in saved(played).questions] == ["weet", "idee"]


def test_its_words_can_be_changed_alone() -> None:
    played = play(poll_item, "[words]", facts=organising(READY), subject="klaar:weet")
    assert played.then == Go("poll_text", f"klaar:q.weet:{print_of(KNOWN.text)}")
    assert not played.over


def test_a_poll_that_went_out_meanwhile_is_not_changed() -> None:
    for flow, subject in ((poll_question, OPEN.id), (poll_item, f"{OPEN.id}:hoe"), (poll_more, f"{OPEN.id}:hoe")):
        refused = play(flow, facts=organising(OPEN), subject=subject)
        assert refused.changes == ()
        assert refused.then
        assert refused.then.flow == "draft"


def test_a_new_question_gets_an_id_that_is_free() -> None:
    assert saved(made("[text]", "Heb je een idee?")).questions[0].id == "q1"
    later = play(poll_question, "[text]", "Wat nog?", facts=organising(READY), subject="klaar")
    assert [question.id for question in saved(later).questions] == [q.id for q in CONTENT.questions] + ["q1"]
