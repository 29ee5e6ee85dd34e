"""The library: 54 articles, 40 words and 7 examples from elsewhere, whole in five languages, or refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.i18n import LOCALES
from bot.rights.articles import ArticleError
from bot.rights.library import PRACTICES, Library, read_library, read_practice, read_terms
from bot.rights.text import words
from flows.messages import Told
from flows.rights_facts import MENUS

FIVE = {"ar", "en", "fr", "nl", "tr"}
TERM = """- id: waarborg
  dutch: "waarborg"
  term: "waarborg"
  other: ["borg"]
  explanation: "Geld dat je vooraf betaalt."
  topic: deposit
"""
PRACTICE = """---
title: "Koffie in de straat"
summary: "Een huurder vroeg de buren en de verhuurder om koffie te drinken in de straat."
sources:
  - {name: "Een bron", address: "", date: "2017"}
checked: 2026-11-22
review_by: 2027-11-22
confidence: high
---
## what
Er was koffie.

## learned
Er was geen agenda.

## try
1. Vraag je buren.
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


def incomplete(texts: Iterable[tuple[str, Told]]) -> list[str]:
    """Give the names of texts that one of the five languages lacks."""
    return [
        name for name, told in texts if set(told.texts) != FIVE or not all(text.strip() for text in told.texts.values())
    ]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_54_articles_are_whole_in_five_languages(library: Library) -> None:
    parts = ("title", "summary", "rule", "steps", "where", "limits", "source")
    every = [(f"{topic}.{part}", getattr(one, part)) for topic, one in library.articles.items() for part in parts]
    assert len(library.articles) == 54
    assert incomplete(every) == []


def test_articles_stand_in_the_order_of_the_menu_and_each_menu_has_some(library: Library) -> None:
    menus = [article.menu for article in library.articles.values()]
    assert list(dict.fromkeys(menus)) == list(MENUS)
    assert menus == sorted(menus, key=list(MENUS).index)


def test_40_words_are_explained_in_five_languages_beside_the_dutch_one(library: Library) -> None:
    assert len(library.terms) == len({term.id for term in library.terms}) == 40
    assert (
        incomplete((f"{t.id}.{part}", getattr(t, part)) for t in library.terms for part in ("term", "explanation"))
        == []
    )
    assert [term.id for term in library.terms if not term.dutch] == []


@pytest.mark.parametrize("language", sorted(FIVE))
def test_a_language_has_the_words_of_the_others_with_the_same_topics(language: str, tmp_path: Path) -> None:
    folder = tmp_path / language
    folder.mkdir()
    (folder / "glossary.yaml").write_bytes((LOCALES / language / "glossary.yaml").read_bytes())
    alone, _words = read_terms(tmp_path)
    whole, _words = read_terms(LOCALES)
    assert [(term.id, term.dutch, term.topic) for term in alone] == [
        (term.id, term.dutch, term.topic) for term in whole
    ]


def test_every_topic_of_the_glossary_has_an_article(library: Library) -> None:
    assert [term.id for term in library.terms if term.topic and term.topic not in library.articles] == []
    assert [term.id for term in library.terms if term.topic] != []


def test_a_word_is_found_as_it_stands_and_behind_an_article(library: Library) -> None:
    for term in library.terms:
        for word in (term.dutch, *term.term.texts.values()):
            plain = " ".join(words(word))
            assert (library.term(plain), library.term(f"een {plain}")) == (term.id, term.id), word


def test_an_unknown_word_is_no_term(library: Library) -> None:
    assert (library.term(""), library.term("fiets"), library.term("een fiets")) == ("", "", "")


def test_7_practices_are_whole_in_five_languages_and_in_their_order(library: Library) -> None:
    parts = ("title", "summary", "what", "learned", "to_try", "source")
    assert tuple(practice.id for practice in library.practices) == PRACTICES
    assert len(PRACTICES) == 7
    assert incomplete((f"{p.id}.{part}", getattr(p, part)) for p in library.practices for part in parts) == []


def test_a_good_glossary_is_read_with_every_word_that_leads_to_it(tmp_path: Path) -> None:
    written(tmp_path, "nl/glossary.yaml", TERM)
    terms, leads = read_terms(tmp_path)
    assert [(term.id, term.topic) for term in terms] == [("waarborg", "deposit")]
    assert leads == {"waarborg": "waarborg", "borg": "waarborg"}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("id: waarborg", "id: De Waarborg", "0.id"),
        ('  dutch: "waarborg"\n', "", "0.dutch"),
        ('term: "waarborg"', 'term: " "', "0.term"),
        ('["borg"]', '"borg"', "0.other"),
        ("Geld dat je vooraf betaalt.", "Geld.", "0.explanation"),
        ("topic: deposit", "topics: deposit", "0.topic"),
        ('["borg"]', '["borg"', "while parsing"),
        ("- id", "- een woord\n- id", r"\n0\n"),
    ],
)
def test_a_broken_glossary_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    written(tmp_path, "nl/glossary.yaml", TERM.replace(old, new, 1))
    with pytest.raises(ArticleError, match=rf"^nl/glossary\.yaml: [\s\S]*{named}"):
        read_terms(tmp_path)


def test_a_good_practice_is_read_in_its_parts(tmp_path: Path) -> None:
    front, parts = read_practice(written(tmp_path, "nl/practices/koffie.md", PRACTICE))
    assert (front.title, parts) == (
        "Koffie in de straat",
        {"what": "Er was koffie.", "learned": "Er was geen agenda.", "try": "1. Vraag je buren."},
    )


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("title:", "titel:", "title"),
        ("Een huurder vroeg de buren en de verhuurder om koffie te drinken in de straat.", "Koffie.", "summary"),
        ('  - {name: "Een bron", address: "", date: "2017"}\n', "  []\n", "sources"),
        ("checked: 2026-11-22", "checked: lately", "checked"),
        ("confidence: high", "confidence: sure", "confidence"),
        ("## learned", "## lessons", "parts what, learned, try"),
        ("Er was koffie.", "", "none empty"),
        ("---\ntitle", "title", "front matter"),
        ("{name:", "{nam:", "sources.0.name"),
        ("{name:", "[{name:", "while parsing"),
    ],
)
def test_a_broken_practice_is_refused_by_file_and_field(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in PRACTICE
    with pytest.raises(ArticleError, match=rf"^nl/practices/koffie\.md: [\s\S]*{named}"):
        read_practice(written(tmp_path, "nl/practices/koffie.md", PRACTICE.replace(old, new, 1)))
