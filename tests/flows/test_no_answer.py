"""When the right article is not sure, or not there: titles to choose from, and always a human."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import Answered, NotUnderstood
from flows.facts import Facts
from flows.messages import _
from flows.no_answer import no_answer, not_meant, which_topic
from flows.rights_facts import Office
from flows.talk import Go
from tests.flows.rights_screens import titles
from tests.flows.transcript import Say, follow, found, play

WORDS = "is da normaal da de muur nat is"
THREE = "damp-and-mould,landlord-repairs,housing-quality-inspection"
FOUND = ("damp-and-mould", "landlord-repairs", "housing-quality-inspection")


def ways_on(say: Say) -> list[str]:
    """Give what stands under the titles."""
    return [say("❌ None of these"), say("🙋 Ask a human"), say("☰ Menu")]


def test_three_titles_are_shown_and_none_of_them_is_an_answer_too(say: Say, amina: Facts) -> None:
    shown = play(which_topic, facts=amina, subject=THREE, heard=WORDS)
    assert shown.log == [say("I found this. What is your question about?")]
    assert list(shown.options.values()) == [*titles(say, *FOUND), *ways_on(say)]


def test_a_tapped_title_is_its_article_with_the_words(amina: Facts) -> None:
    chosen = play(which_topic, "[landlord-repairs]", facts=amina, subject=THREE, heard=WORDS)
    assert chosen.changes == (Answered(),)
    assert chosen.then == Go("article", "landlord-repairs", heard=WORDS)


@pytest.mark.parametrize(
    ("tap", "then"),
    [("human", Go("ask_human", heard=WORDS)), ("menu", Go("menu")), ("resume", Go("resume"))],
)
def test_who_chooses_no_title_has_other_ways_on_and_staff_hear_of_no_gap(tap: str, then: Go, amina: Facts) -> None:
    busy = replace(amina, busy_with=_("Meetings near you"))
    left = play(which_topic, f"[{tap}]", facts=busy, subject=THREE, heard=WORDS)
    assert left.changes == ()
    assert left.then == then


def test_beside_the_titles_what_waits_can_be_gone_on_with(say: Say, amina: Facts) -> None:
    busy = replace(amina, busy_with=_("Meetings near you"))
    shown = play(which_topic, facts=busy, subject=THREE, heard=WORDS)
    assert shown.options["resume"] == say("▶️ Go on with: {what}", what=_("Meetings near you"))


def test_none_of_these_reaches_staff_and_leads_on(say: Say, amina: Facts) -> None:
    none = play(which_topic, "[none]", facts=amina, subject=THREE, heard=WORDS)
    assert none.changes == (NotUnderstood(WORDS, say.code, "unanswered", FOUND),)
    assert none.then == Go("no_answer", heard=WORDS)


def test_none_of_these_is_kept_with_the_language_it_was_asked_in(amina: Facts) -> None:
    none = play(which_topic, "[none]", facts=amina, subject=THREE, heard=WORDS, speak="fr")
    assert none.changes == (NotUnderstood(WORDS, "fr", "unanswered", FOUND),)


def test_what_staff_have_already_reaches_them_only_once(amina: Facts) -> None:
    finds = {WORDS: found("deposit", *FOUND)}
    other = play(not_meant, facts=amina, subject="not-meant:deposit", heard=WORDS, finds=finds)
    assert len(other.changes) == 1
    none = follow(other, "[none]")
    assert none.changes == ()
    assert none.then == Go("no_answer", heard=WORDS)


def test_a_topic_that_is_gone_is_left_out(say: Say, amina: Facts) -> None:
    shown = play(which_topic, facts=amina, subject="gone-by,pets", heard=WORDS)
    assert list(shown.options.values()) == [*titles(say, "pets"), *ways_on(say)]


def test_without_an_answer_it_says_so_and_offers_the_ways_on(say: Say, amina: Facts) -> None:
    missed = play(no_answer, facts=amina, subject=THREE, heard=WORDS)
    assert missed.log == [
        say("I have no good answer to that."),
        say("A human can look at it. Or say it in other words."),
    ]
    assert list(missed.options.values()) == [
        say("🙋 Ask a human"),
        say("✏️ Say it in other words"),
        say("📚 See all subjects"),
        say("☰ Menu"),
    ]


@pytest.mark.parametrize("times", [0, 1, 2, 9])
def test_after_two_misunderstandings_in_a_row_a_human_is_offered_unasked(times: int, say: Say, amina: Facts) -> None:
    often = replace(amina, person=replace(amina.person, misunderstood=times))
    offered = say("Shall I ask a human? You get the answer here, in this chat.")
    assert (offered in play(no_answer, facts=often, heard=WORDS).log) == (times >= 2)


def test_where_nobody_answers_no_human_is_offered_unasked(say: Say, amina: Facts) -> None:
    often = replace(amina, person=replace(amina.person, misunderstood=9), office=Office())
    assert play(no_answer, facts=often, heard=WORDS).log == [
        say("I have no good answer to that."),
        say("A human can look at it. Or say it in other words."),
    ]


def test_a_misunderstanding_is_never_the_tenants_fault(say: Say, amina: Facts) -> None:
    often = replace(amina, person=replace(amina.person, misunderstood=2))
    said = play(no_answer, facts=often, heard=WORDS).log
    assert said[0] == say("I do not understand you well. That is my fault, not yours.")


@pytest.mark.parametrize(
    ("tap", "then"),
    [
        ("human", Go("ask_human", heard=WORDS)),
        ("topics", Go("rights")),
        ("menu", Go("menu")),
    ],
)
def test_each_way_on_goes_there(tap: str, then: Go, amina: Facts) -> None:
    assert play(no_answer, f"[{tap}]", facts=amina, subject=THREE, heard=WORDS).then == then


def test_in_other_words_asks_to_write_again(say: Say, amina: Facts) -> None:
    again = play(no_answer, "[words]", facts=amina, subject=THREE, heard=WORDS)
    assert again.log[-1] == say("Write your question here. Short is fine.")
    assert again.then is None
    assert again.over


def test_the_language_of_the_question_is_kept_until_the_human(amina: Facts) -> None:
    asked = play(no_answer, "[human]", facts=amina, subject=THREE, heard=WORDS, speak="tr")
    assert follow(asked).options["send"] == Say("tr")("🙋 Yes, send it")
