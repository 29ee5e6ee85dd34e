"""The questions from which the search learns: those of the articles, those of `questions.tsv`, those that staff linked."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.i18n import LOCALES
from bot.rights.articles import Article, read_articles

NONE = "none"  # the topic of what the articles do not answer
KEYWORD = 0.5  # the weight of a single word beside a whole question
KINDS = ("plain", "typo", "dialect", "lowliteracy", "long", "keyword", "outofscope")


class ExamplesError(ValueError):
    """A file of questions cannot be used; says which line and what is expected."""


@dataclass(frozen=True)
class Example:
    """A text, the topic it asks about, and how much it counts."""

    text: str
    language: str
    topic: str
    weight: float = 1.0
    kind: str = "plain"


def examples(folder: Path = LOCALES, linked: Iterable[Example] = ()) -> list[Example]:
    """Give every example, in a fixed order. Raises ExamplesError and ArticleError."""
    articles = list(read_articles(folder))
    topics = {article.topic for article in articles} | {NONE}
    found = [example for article in articles for example in of_article(article)]
    for path in sorted(folder.glob("*/questions.tsv")):
        found += read_questions(path, topics)
    known = {(example.text, example.topic) for example in found}
    return found + [extra for extra in linked if extra.topic in topics and (extra.text, extra.topic) not in known]


def of_article(article: Article) -> Iterator[Example]:
    """Give the title, the questions and the keywords of one article."""
    for text in (article.front.title, *article.front.examples):
        yield Example(text, article.language, article.topic)
    for text in article.front.keywords:
        yield Example(text, article.language, article.topic, KEYWORD, "keyword")


def read_questions(path: Path, topics: set[str]) -> list[Example]:
    """Read `topic<TAB>kind<TAB>text` lines of one language. Raises ExamplesError."""
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in rows:
            where = f"{path.parent.name}/{path.name}, line {rows.line_num}"
            topic, kind, text = row.get("topic"), row.get("kind"), (row.get("text") or "").strip()
            if topic not in topics or kind not in KINDS or not text or None in row:
                raise ExamplesError(f"{where}: expected topic, kind and text, parted by tabs; found {topic}, {kind}")
            found.append(Example(text, path.parent.name, topic, kind=kind))
    return found
