"""The articles on rights: each keeps to the schema, and every language has them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rights.articles import ArticleError, check_articles, read_article, read_articles

ARTICLES = list(read_articles())
TOPICS = {article.topic for article in ARTICLES}
FIVE = ("ar", "en", "fr", "nl", "tr")
GOOD = """---
title: "Mijn huurwaarborg"
menu: money
summary: "Je betaalt één keer een waarborg. Je krijgt ze terug als je weggaat en alles in orde is."
sources:
  - {name: "Een bron", address: "", date: "2024"}
checked: 2026-11-22
review_by: 2027-05-22
confidence: high
applies_to: "Wie huurt van een woonmaatschappij"
examples: ["een", "twee", "drie", "vier"]
keywords: ["a", "b", "c"]
---
## rule
Je betaalt een waarborg.

## steps
1. Vraag het bedrag.
2. Bewaar het bewijs.

## where
Je woonmaatschappij.

## limits
Ik ken jouw bedrag niet.
"""
# These hold in the Netherlands only (the fact sheet's own warning).
ELSEWHERE = ("huurcommissie", "huurtoeslag", "medehuurder", "verhuiskostenvergoeding", "puntenstelsel", "overlegwet")


def written(folder: Path, text: str) -> Path:
    path = folder / "nl" / "rights" / "deposit.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_topic_stands_in_every_language() -> None:
    assert len(TOPICS) == 54
    assert {(article.topic, article.language) for article in ARTICLES} == {(t, code) for t in TOPICS for code in FIVE}


def test_no_article_breaks_the_schema() -> None:
    assert check_articles() == []


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_topic_has_one_menu_and_one_date_in_all_languages(topic: str) -> None:
    fronts = [article.front for article in ARTICLES if article.topic == topic]
    assert len({(front.menu, front.checked, front.review_by, front.confidence) for front in fronts}) == 1


def test_dutch_has_eight_example_questions_or_more() -> None:
    assert [a.topic for a in ARTICLES if a.language == "nl" and len(a.front.examples) < 8] == []


@pytest.mark.parametrize("word", ELSEWHERE)
def test_nothing_of_the_rules_of_the_netherlands_stands_in_an_answer(word: str) -> None:
    said = [a for a in ARTICLES if word in " ".join((a.front.summary, a.rule, *a.steps, a.where, a.limits)).lower()]
    assert [f"{article.language}/{article.topic}" for article in said] == []


def test_a_good_article_is_read_in_its_parts(tmp_path: Path) -> None:
    article = read_article(written(tmp_path, GOOD))
    assert (article.topic, article.language, article.steps) == (
        "deposit",
        "nl",
        ("Vraag het bedrag.", "Bewaar het bewijs."),
    )


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("menu: money", "menu: cash", "menu"),
        ("title:", "titel:", "title"),
        ("review_by: 2027-05-22", "review_by: soon", "review_by"),
        ('"vier"]', "]", "examples"),
        ("## where", "## who", "parts rule, steps, where, limits"),
        ("2. Bewaar het bewijs.\n", "", "steps: expected 2 to 4"),
        ("Je betaalt een waarborg.", "woord " * 200, "at most 145 words"),
        ("---\ntitle", "title", "front matter"),
        ("{name:", "{name", "nl/rights/deposit.md"),
    ],
)
def test_a_broken_article_is_named_with_what_is_expected(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ArticleError, match=named):
        read_article(written(tmp_path, GOOD.replace(old, new, 1)))
