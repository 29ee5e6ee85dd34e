"""A question in the person's own words: rules first, then the article, three titles, or a human."""

from __future__ import annotations

import json

import pytest

from flows.changes import Answered, NotUnderstood
from flows.danger import DANGERS
from flows.engine import Need, advance
from flows.events import Started
from flows.facts import Facts
from flows.question import LONGEST, question
from flows.talk import Go
from tests.flows.people import NEWCOMER, knowing
from tests.flows.transcript import Played, Say, begun, found, play

WORDS = "moek ik da kot zelf schilderen as ik wegga"
THREE = ("small-repairs", "property-description", "deposit")


def asked(facts: Facts, finds: str, words: str = WORDS) -> Played:
    """Ask something of which this is found."""
    return play(question, facts=facts, heard=words, finds={words: finds})


def test_a_sure_answer_is_the_article_without_a_word_before_it(amina: Facts) -> None:
    answered = asked(amina, found(*THREE))
    assert answered.log == []
    assert answered.changes == (Answered(),)
    assert answered.then == Go("article", "small-repairs", heard=WORDS)


def test_an_unsure_answer_is_three_titles(amina: Facts) -> None:
    unsure = asked(amina, found(*THREE, "pets", decision="choices"))
    assert unsure.changes == ()
    assert unsure.then == Go("which_topic", "small-repairs,property-description,deposit", heard=WORDS)


def test_without_an_answer_staff_get_the_words_and_a_human_is_offered(say: Say, amina: Facts) -> None:
    missed = asked(amina, found(*THREE, "pets", decision="handoff"))
    assert missed.changes == (NotUnderstood(WORDS, say.code, "unanswered", THREE),)
    assert missed.then == Go("no_answer", "small-repairs,property-description,deposit", heard=WORDS)


@pytest.mark.parametrize("signal", DANGERS)
def test_danger_comes_first_and_nothing_of_it_is_kept(signal: str, amina: Facts) -> None:
    heard = asked(amina, found("urgent-repair", decision="danger", signal=signal))
    assert heard.changes == ()
    assert heard.then == Go("danger", f"{signal}:urgent-repair")


def test_a_bailiff_at_the_door_comes_before_the_article(amina: Facts) -> None:
    heard = asked(amina, found("eviction", signal="eviction-now"))
    assert heard.then == Go("eviction_now", heard=WORDS)


@pytest.mark.parametrize("signal", ["act", "predict"])
def test_what_a_robot_must_not_do_is_said_before_the_article(signal: str, amina: Facts) -> None:
    heard = asked(amina, found(*THREE, signal=signal))
    assert heard.then == Go("cannot", f"{signal}:small-repairs,property-description,deposit", heard=WORDS)


@pytest.mark.parametrize("signal", ["insult", "who", "thanks", "hello"])
def test_small_talk_is_answered_and_is_no_misunderstanding(signal: str, amina: Facts) -> None:
    heard = asked(amina, found(*THREE, decision="handoff", signal=signal))
    assert heard.changes == ()
    assert heard.then == Go("small_talk", signal)


def test_who_asks_for_a_human_is_led_to_one(amina: Facts) -> None:
    assert asked(amina, found(*THREE, decision="handoff", signal="human")).then == Go("ask_human")


def test_a_word_that_is_asked_about_is_explained(amina: Facts) -> None:
    heard = asked(amina, found(*THREE, signal="meaning", term="huurwaarborg"))
    assert heard.then == Go("meaning", "huurwaarborg", heard=WORDS)


def test_danger_comes_before_a_word_that_is_asked_about(amina: Facts) -> None:
    heard = asked(amina, found(*THREE, signal="gas", term="huurwaarborg"))
    assert heard.then == Go("danger", "gas:small-repairs")


@pytest.mark.parametrize(
    ("finds", "flow"),
    [
        (found(*THREE, language="tr"), "article"),
        (found(*THREE, language="tr", decision="choices"), "which_topic"),
        (found(*THREE, language="tr", decision="handoff"), "no_answer"),
        (found(*THREE, language="tr", term="huurwaarborg"), "meaning"),
        (found(*THREE, language="tr", signal="fire"), "danger"),
        (found(*THREE, language="tr", signal="eviction-now"), "eviction_now"),
        (found(*THREE, language="tr", signal="predict"), "cannot"),
        (found(*THREE, language="tr", signal="human"), "ask_human"),
        (found(*THREE, language="tr", signal="thanks"), "small_talk"),
    ],
)
def test_every_reply_is_in_the_language_asked_in(finds: str, flow: str, amina: Facts) -> None:
    then = asked(amina, finds).then
    assert then is not None
    assert (then.flow, then.speak) == (flow, "tr")


def test_what_found_no_answer_is_kept_with_the_language_asked_in(amina: Facts) -> None:
    missed = asked(amina, found(*THREE, decision="handoff", language="tr"))
    assert missed.changes == (NotUnderstood(WORDS, "tr", "unanswered", THREE),)


@pytest.mark.parametrize("language", ["", "so"])
def test_a_language_that_is_not_sure_or_not_ours_is_answered_in_their_own(language: str, amina: Facts) -> None:
    then = asked(amina, found(*THREE, language=language)).then
    assert then is not None
    assert then.speak is None


def test_their_own_language_needs_no_other(say: Say, amina: Facts) -> None:
    assert asked(amina, found(*THREE, language=say.code)).then == Go("article", "small-repairs", heard=WORDS)


def test_before_a_language_is_chosen_the_phones_own_counts(say: Say) -> None:
    stranger = knowing(NEWCOMER)
    assert asked(stranger, found(*THREE, language="ar")).then == Go("article", "small-repairs", heard=WORDS)


def test_the_search_hears_the_words_the_language_and_what_was_just_read(say: Say, amina: Facts) -> None:
    words = "en as ik nie kan betalen?"
    need = advance(question, begun(Go("question", "deposit", heard=words), amina), Started(), amina)
    assert isinstance(need, Need)
    assert need.look.what == "search"
    assert json.loads(need.look.inputs) == {"text": words, "language": say.code, "after": "deposit"}


def test_without_words_it_asks_for_them(say: Say, amina: Facts) -> None:
    words = "🐔 op mijn balkon?"
    answered = play(question, words, facts=amina, finds={words: found("pets")})
    assert answered.log == [say("What is your question? Write it in your own words."), f"> {words}"]
    assert answered.then == Go("article", "pets", heard=words)


def test_a_very_long_question_is_cut_before_it_is_searched_and_kept(say: Say, amina: Facts) -> None:
    words = "de huisbaas zegt niets " * 500
    cut = words[:LONGEST]
    missed = play(question, facts=amina, heard=words, finds={cut: found("pets", decision="handoff")})
    assert missed.changes == (NotUnderstood(cut, say.code, "unanswered", ("pets",)),)
    assert missed.then == Go("no_answer", "pets", heard=cut)
