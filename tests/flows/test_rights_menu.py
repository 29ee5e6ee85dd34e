"""Rights by tapping: groups of subjects, their articles, difficult words, and examples from elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.facts import Facts
from flows.menu import menu
from flows.messages import Name
from flows.rights import meaning, practices, rights
from flows.rights_facts import MENUS, Article, Practice, Term
from flows.talk import Go
from tests.flows.people import ELIF, LANGUAGES, LIBRARY, knowing
from tests.flows.rights_screens import heading, titles
from tests.flows.transcript import Played, Say, follow, play

each_article = pytest.mark.parametrize("article", LIBRARY.articles.values(), ids=LIBRARY.articles)
each_practice = pytest.mark.parametrize("practice", LIBRARY.practices, ids=lambda practice: practice.id)
WORDS = "wat is een huurwaarborg"


def turned_to(listed: Played, id: str) -> Played:
    """Turn the pages of a list until a button is there."""
    while id not in listed.options:
        listed.go_on(f"[{next(option for option in reversed(listed.options) if option.startswith('~page'))}]")
    return listed


@each_article
def test_every_article_is_three_taps_from_the_menu(article: Article) -> None:
    asked = play(menu, "[rights]", facts=knowing(ELIF))
    in_group = follow(follow(asked, f"[{article.menu}]"), f"[{article.topic}]")
    assert in_group.then == Go("article", article.topic)
    assert follow(in_group).log[0] == heading(Say("tr"), article.title)


def test_the_groups_the_words_a_human_and_the_menu_are_on_one_screen(say: Say, amina: Facts) -> None:
    shown = play(rights, facts=amina)
    assert shown.log == [
        say("What is it about?"),
        say("You can also just write your question, in your own words."),
    ]
    assert list(shown.options.values()) == [
        *(say.text(label) for label in MENUS.values()),
        say("📖 Difficult words"),
        say("🙋 Ask a human"),
        say("☰ Menu"),
    ]


@pytest.mark.parametrize(("tap", "flow"), [("words", "meaning"), ("ask-human", "ask_human"), ("menu", "menu")])
def test_from_the_groups_it_leads_on(tap: str, flow: str, amina: Facts) -> None:
    assert play(rights, f"[{tap}]", facts=amina).then == Go(flow)


@pytest.mark.parametrize("group", MENUS)
def test_a_group_shows_all_its_titles_on_one_screen_and_the_way_back(group: str, say: Say, amina: Facts) -> None:
    shown = play(rights, facts=amina, subject=group)
    topics = [article.topic for article in LIBRARY.articles.values() if article.menu == group]
    assert shown.log == [say.text(MENUS[group])]
    assert list(shown.options.values()) == [*titles(say, *topics), say("◀️ Back")]
    assert shown.go_on("[back]").then == Go("rights")


def test_the_words_are_in_pages_and_none_is_missing(amina: Facts) -> None:
    listed = play(meaning, facts=amina)
    for term in LIBRARY.terms:
        assert turned_to(listed, term.id).options[term.id]
    assert len(LIBRARY.terms) >= 40


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_word_is_explained_in_every_language_with_the_dutch_one_beside_it(code: str) -> None:
    say, facts = Say(code), knowing(ELIF, language=code)
    for term in LIBRARY.terms:
        explained = play(meaning, facts=facts, subject=term.id)
        assert term.dutch in explained.log[0]
        assert say.text(term.term) in explained.log[0] or code == "nl"
        assert explained.log[1:] == [say.text(term.explanation)]
        assert code in term.term.texts
        assert code in term.explanation.texts


def test_a_word_is_picked_from_the_list(say: Say, amina: Facts) -> None:
    term = LIBRARY.terms[-1]
    explained = follow(turned_to(play(meaning, facts=amina), term.id).go_on(f"[{term.id}]"))
    assert explained.log[-1] == say.text(term.explanation)


def test_in_dutch_a_word_is_not_said_twice() -> None:
    term = LIBRARY.terms[0]
    explained = play(meaning, facts=knowing(ELIF, language="nl"), subject=term.id)
    assert explained.log[0] == Say("nl")("<b>{term}</b>", term=Name(term.dutch))


def test_a_word_leads_to_the_article_that_says_more_with_the_words_asked(say: Say, amina: Facts) -> None:
    term = next(term for term in LIBRARY.terms if term.topic == "deposit")
    explained = play(meaning, facts=amina, subject=term.id, heard=WORDS)
    assert list(explained.options.values()) == [*titles(say, "deposit"), say("📖 Other words"), say("☰ Menu")]
    assert explained.go_on("[article]").then == Go("article", "deposit", heard=WORDS)


@pytest.mark.parametrize("term", LIBRARY.terms, ids=lambda term: term.id)
def test_every_word_has_an_article_that_says_more(term: Term, amina: Facts) -> None:
    assert play(meaning, "[article]", facts=amina, subject=term.id).then == Go("article", term.topic)


def test_a_word_leads_to_the_other_words_and_the_menu(amina: Facts) -> None:
    id = LIBRARY.terms[0].id
    assert play(meaning, "[words]", facts=amina, subject=id).then == Go("meaning")
    assert play(meaning, "[menu]", facts=amina, subject=id).then == Go("menu")


def test_a_word_whose_article_is_gone_is_still_explained(amina: Facts) -> None:
    explained = play(meaning, facts=replace(amina, articles={}), subject=LIBRARY.terms[0].id)
    assert [*explained.options] == ["words", "menu"]


def test_a_word_that_is_gone_shows_the_list(say: Say, amina: Facts) -> None:
    assert play(meaning, facts=amina, subject="gone-by").log == [say("Which word?")]


def test_the_list_of_words_has_a_way_out(amina: Facts) -> None:
    listed = play(meaning, facts=amina)
    ways = {*listed.options} - {term.id for term in LIBRARY.terms}
    assert any(not way.startswith("~page") for way in ways), "no way back, out, or to a human"


def test_the_examples_from_elsewhere_are_listed(say: Say, amina: Facts) -> None:
    listed = play(practices, facts=amina)
    assert listed.log == [say("What did tenants do elsewhere?")]
    assert list(listed.options.values()) == [
        *(say.text(practice.title) for practice in LIBRARY.practices),
        say("☰ Menu"),
    ]
    assert listed.go_on("[menu]").then == Go("menu")


@each_practice
def test_an_example_is_told_page_by_page_each_with_its_source(practice: Practice, say: Say, amina: Facts) -> None:
    told = play(practices, facts=amina, subject=practice.id)
    source = say("<i>Source: {source}.</i>", source=practice.source)
    for page, text in {
        "what": practice.what,
        "learned": practice.learned,
        "try": practice.to_try,
        "short": practice.summary,
    }.items():
        told.go_on(f"[{page}]")
        assert told.screen() == [heading(say, practice.title), say.text(text), source]
        assert told.turn.redraw


@each_practice
def test_an_example_exists_in_every_language(practice: Practice) -> None:
    for told in (practice.title, practice.summary, practice.what, practice.learned, practice.to_try, practice.source):
        assert told.texts.keys() == LANGUAGES.keys()


def test_an_example_leads_to_the_others_and_the_menu(amina: Facts) -> None:
    id = LIBRARY.practices[0].id
    assert follow(play(practices, f"[{id}]", facts=amina)).go_on("[others]").then == Go("practices")
    assert play(practices, "[menu]", facts=amina, subject=id).then == Go("menu")
