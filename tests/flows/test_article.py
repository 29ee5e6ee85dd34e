"""An article: short first, the rest in place, and every way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.article import article
from flows.changes import NotUnderstood, Rate, SetLanguage
from flows.facts import Facts
from flows.messages import Name, _
from flows.no_answer import not_meant
from flows.talk import Go
from tests.flows.people import LANGUAGES, LIBRARY, LUC, knowing, wall
from tests.flows.rights_screens import OLD, footer, heading
from tests.flows.transcript import Say, follow, found, play

DEPOSIT = LIBRARY.articles["deposit"]
SORRY = _("I am sorry that it did not help.")
WORDS = "krijg ik mijne waarborg trug"
FINDS = {WORDS: found("deposit", "eviction", "pets", "fire-insurance", decision="choices")}


def pages(say: Say, topic: str, facts: Facts) -> list[list[str]]:
    """Read every page of an article."""
    read = play(article, facts=facts, subject=topic)
    told = [read.screen()]
    for page in ("more", "steps"):
        read.go_on(f"[{page}]")
        told.append(read.screen())
    return told


@pytest.fixture
def dutch() -> Facts:
    """Give what is known of someone who reads Dutch."""
    return knowing(replace(LUC, roles=(), quiet=""))


def test_the_answer_is_short_first(say: Say, amina: Facts) -> None:
    read = play(article, facts=amina, subject="deposit", heard=WORDS)
    assert read.log == [heading(say, DEPOSIT.title), say.text(DEPOSIT.summary), footer(say, "deposit")]
    assert read.options == {
        "more": say("📖 More"),
        "steps": say("✅ What can I do?"),
        "nearby": say("📍 Who can help?"),
        "human": say("🙋 Ask a human"),
        "up": say("👍 Useful"),
        "down": say("👎 Not useful"),
        "other": say("❌ Not what I meant"),
        "menu": say("☰ Menu"),
    }


def test_more_tells_the_rule_and_what_the_bot_cannot_tell_in_place(say: Say, amina: Facts) -> None:
    read = play(article, "[more]", facts=amina, subject="deposit")
    assert read.screen() == [
        heading(say, DEPOSIT.title),
        say.text(DEPOSIT.rule),
        say("<b>What I cannot tell</b>"),
        say.text(DEPOSIT.limits),
        footer(say, "deposit"),
    ]
    assert read.turn.redraw


def test_what_can_i_do_tells_the_steps_and_where_to_go_in_place(say: Say, amina: Facts) -> None:
    read = play(article, "[steps]", facts=amina, subject="deposit")
    assert read.screen() == [
        heading(say, DEPOSIT.title),
        say("<b>What you can do</b>"),
        say.text(DEPOSIT.steps),
        say("<b>Where to go</b>"),
        say.text(DEPOSIT.where),
        footer(say, "deposit"),
    ]
    assert read.turn.redraw


def test_a_page_can_be_turned_back_and_keeps_every_way_on(say: Say, amina: Facts) -> None:
    read = play(article, facts=amina, subject="deposit")
    short, ways = read.screen(), {*read.options} - {"more", "steps"}
    read.go_on("[more]")
    assert {*read.options} == {"short", "steps", *ways}
    read.go_on("[short]")
    assert read.screen() == short


@pytest.mark.parametrize(
    ("door", "then"),
    [
        ("nearby", Go("nearby", "deposit")),
        ("human", Go("ask_human", "deposit", heard=WORDS)),
        ("other", Go("not_meant", "not-meant:deposit", heard=WORDS)),
        ("menu", Go("menu")),
    ],
)
def test_a_door_leads_on_and_the_article_stays(door: str, then: Go, amina: Facts) -> None:
    read = play(article, "[more]", f"[{door}]", facts=amina, subject="deposit", heard=WORDS)
    assert read.then == then
    assert "steps" in read.options
    assert read.go_on("[menu]").then == Go("menu")


def test_an_article_that_was_found_by_tapping_leads_back_to_its_list(say: Say, amina: Facts) -> None:
    read = play(article, facts=amina, subject="deposit")
    assert "other" not in read.options
    assert read.options["list"] == say("◀️ To the list")
    assert read.go_on("[list]").then == Go("rights", "money")


def test_what_waits_can_be_gone_on_with(say: Say, amina: Facts) -> None:
    busy = replace(amina, busy_with=_("Meetings near you"))
    read = play(article, facts=busy, subject="deposit")
    assert read.options["resume"] == say("▶️ Go on with: {what}", what=_("Meetings near you"))
    assert read.go_on("[resume]").then == Go("resume")


def test_the_article_on_examples_leads_to_them(amina: Facts) -> None:
    assert play(article, "[practices]", facts=amina, subject="good-practices").then == Go("practices")


def test_a_topic_that_is_gone_opens_the_menu(amina: Facts) -> None:
    assert play(article, facts=amina, subject="gone-by").then == Go("menu", "unknown-link")


def test_a_thumb_up_is_counted_and_thanked_for(say: Say, amina: Facts) -> None:
    read = play(article, "[up]", facts=amina, subject="deposit")
    assert read.changes == (Rate("deposit", say.code, True),)
    assert read.log[-1] == say("Thank you! That helps me to learn.")
    assert read.then is None


def test_a_thumb_down_is_counted_and_the_article_stays(say: Say, amina: Facts) -> None:
    read = play(article, "[down]", facts=amina, subject="deposit", heard=WORDS)
    assert read.changes == (Rate("deposit", say.code, False),)
    assert "steps" in read.options


def test_after_a_thumb_down_staff_hear_why_and_the_next_best_titles_follow(say: Say, amina: Facts) -> None:
    read = play(article, "[down]", facts=amina, subject="deposit", heard=WORDS, finds=FINDS)
    assert read.then == Go("not_meant", "thumbs-down:deposit", heard=WORDS, say=SORRY)
    other = follow(read)
    assert other.log == [say("I am sorry that it did not help.")]
    assert other.changes == (NotUnderstood(WORDS, say.code, "thumbs-down", ("deposit", "eviction", "pets")),)
    assert other.then == Go("which_topic", "~eviction,pets,fire-insurance", heard=WORDS)


def test_after_a_thumb_down_without_words_the_ways_on_follow(say: Say, amina: Facts) -> None:
    read = play(article, "[down]", facts=amina, subject="deposit")
    assert read.changes == (Rate("deposit", say.code, False),)
    assert read.then == Go("no_answer", "thumbs-down:deposit", say=SORRY)
    ways = follow(read)
    assert ways.log[:2] == [say("I am sorry that it did not help."), say("I have no good answer to that.")]
    assert {"human", "topics", "menu"} <= ways.options.keys()


def test_not_what_i_meant_offers_the_next_best_titles_without_this_one(say: Say, amina: Facts) -> None:
    other = play(not_meant, facts=amina, subject="not-meant:deposit", heard=WORDS, finds=FINDS)
    assert other.changes == (NotUnderstood(WORDS, say.code, "not-meant", ("deposit", "eviction", "pets")),)
    assert other.then == Go("which_topic", "~eviction,pets,fire-insurance", heard=WORDS)


def test_a_question_in_another_language_is_answered_in_it_with_an_offer_to_switch(dutch: Facts) -> None:
    turkish = Say("tr")
    read = play(article, "[steps]", facts=dutch, subject="deposit", heard="depozito?", speak="tr")
    assert read.screen()[2] == turkish.text(DEPOSIT.steps)
    offer = turkish("🌍 Always write in {language}", language=Name("Türkçe"))
    assert read.options["speak"] == offer
    read.go_on(f"[{offer}]")
    assert read.changes == (SetLanguage("tr"),)
    assert read.screen() == [turkish("Good. From now on I write in this language.")]


def test_once_switched_there_is_no_offer_any_more(dutch: Facts) -> None:
    read = play(article, "[speak]", facts=dutch, subject="deposit", speak="tr")
    switched = replace(dutch, person=replace(dutch.person, language="tr"))
    read.go_on(switched, "[more]")
    assert "speak" not in read.options
    assert read.screen()[1] == Say("tr").text(DEPOSIT.rule)


def test_whoever_chose_a_language_meanwhile_reads_in_that_one(dutch: Facts) -> None:
    read = play(article, facts=dutch, subject="deposit", speak="tr")
    read.go_on(replace(dutch, person=replace(dutch.person, language="fr")), "[more]")
    assert read.screen()[1] == Say("fr").text(DEPOSIT.rule)


def test_in_their_own_language_no_switch_is_offered(amina: Facts) -> None:
    for speak in (None, amina.person.language):
        assert "speak" not in play(article, facts=amina, subject="deposit", heard=WORDS, speak=speak).options


def test_a_human_is_asked_in_the_language_of_the_answer(dutch: Facts) -> None:
    asked = follow(play(article, "[human]", facts=dutch, subject="deposit", heard="depozito?", speak="tr"))
    assert asked.options["send"] == Say("tr")("🙋 Yes, send it")


@pytest.mark.parametrize("code", LANGUAGES)
def test_under_every_page_stand_its_date_its_source_and_that_it_is_no_advice(code: str) -> None:
    say, language, facts = Say(code), LANGUAGES[code], knowing(LUC, language=code)
    for topic, told in LIBRARY.articles.items():
        under = footer(say, topic)
        assert language.day(told.checked, dated=True) in under
        assert language.told(told.source) in under
        for page in pages(say, topic, facts):
            assert page[-1] == under, topic
            assert OLD not in page


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_article_is_told_whole_over_its_pages_each_under_its_title(code: str) -> None:
    say, facts = Say(code), knowing(LUC, language=code)
    for topic, told in LIBRARY.articles.items():
        short, more, steps = pages(say, topic, facts)
        assert short[0] == more[0] == steps[0] == heading(say, told.title), topic
        assert short[1] == say.text(told.summary)
        assert (more[1], more[3]) == (say.text(told.rule), say.text(told.limits))
        assert (steps[2], steps[4]) == (say.text(told.steps), say.text(told.where))
        assert all(line.strip() for page in (short, more, steps) for line in page)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_past_its_date_warns_and_still_answers(code: str) -> None:
    say = Say(code)
    for topic, told in LIBRARY.articles.items():
        last = wall(told.review_by.isoformat())
        for now, warned in ((last, False), (last + timedelta(days=1), True)):
            for page in pages(say, topic, replace(knowing(LUC, language=code), now=now)):
                assert (say(OLD) in page) == warned, topic
                assert page[-1] == footer(say, topic)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_fits_one_message_also_when_it_warns(code: str) -> None:
    say, old = Say(code), replace(knowing(LUC, language=code), now=wall("2037-01-01T12:00"))
    for topic in LIBRARY.articles:
        for page in pages(say, topic, old):
            assert len("\n".join(page).encode("utf-16-le")) // 2 <= 4096, topic
