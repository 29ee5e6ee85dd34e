"""What `vivas-bot check` looks at in the texts on rights: schema, completeness, dates, links, how hard the Dutch is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.i18n import LOCALES, Languages
from bot.readability import hard_dutch
from bot.rights.articles import Article, ArticleError, check_articles, read_articles
from bot.rights.directory import read_directory
from bot.rights.examples import ExamplesError, examples
from bot.rights.library import Library, read_library
from bot.rights.signals import Signals, SignalsError
from flows.messages import Told

# Names and words of letters that a tenant must know to be helped. They are explained where they stand.
NEEDED = (
    "mensenrechteninstituut",
    "inboedelverzekering",
    "onderbezettingsvergoeding",
    "inburgering",
    "domicilie",
    "gerechtsdeurwaarder",
    "inschrijvingsregister",
)
COMMAND = re.compile(r"(?<![\w/])/([a-z]+)\b")
TOPIC_LINK = re.compile(r"topic-([a-z0-9-]+)")


def check_rights(today: date, commands: set[str], folder: Path = LOCALES) -> list[str]:
    """Give one line for each problem. `commands` are those that the bot knows; `today` is local."""
    problems = check_articles(folder)
    if problems:
        return problems
    try:
        library = read_library(folder)
        Signals(folder)
        examples(folder)
        directory = read_directory(folder / "directory.yaml")
    except (ArticleError, ExamplesError, SignalsError) as error:
        return [str(error)]
    languages = set(Languages(folder))
    texts = list(_texts(library))
    texts += [
        (f"directory: {entry.name}", Told(dict(entry.what))) for entry in (*directory.cities, *directory.services)
    ]
    for article in read_articles(folder):
        problems += _dated(article, today)
        problems += _links(article, commands, set(library.articles))
    for where, told in texts:
        problems += [f"{where}: no text in {language}" for language in sorted(languages - {*told.texts})]
        problems += [f"{where}: {why}" for why in hard_dutch(told.texts.get("nl", "")) if not _needed(why)]
    for term in library.terms:
        if term.topic and term.topic not in library.articles:
            problems.append(f"glossary, {term.id}: no article on {term.topic}")
    return problems


def _texts(library: Library) -> Iterator[tuple[str, Told]]:
    """Give every text with where it stands."""
    for topic, article in library.articles.items():
        for told in (article.title, article.summary, article.rule, article.steps, article.where, article.limits):
            yield f"rights/{topic}", told
    for term in library.terms:
        yield f"glossary, {term.id}", term.term
        yield f"glossary, {term.id}", term.explanation
    for practice in library.practices:
        for told in (practice.title, practice.summary, practice.what, practice.learned, practice.to_try):
            yield f"practices/{practice.id}", told


def _dated(article: Article, today: date) -> list[str]:
    if article.front.review_by < today:
        return [f"{_name(article)}: review_by: {article.front.review_by} has passed; read it again and give a new date"]
    if article.front.checked > today:
        return [f"{_name(article)}: checked: {article.front.checked} is still to come"]
    return []


def _links(article: Article, commands: set[str], topics: set[str]) -> list[str]:
    """Find commands that the bot does not know, and links to articles that are not there."""
    text = " ".join((article.front.summary, article.rule, *article.steps, article.where, article.limits))
    dead = [f"/{name}" for name in COMMAND.findall(re.sub(r"\S+\.\S+/\S*", "", text)) if name not in commands]
    dead += [f"topic-{topic}" for topic in TOPIC_LINK.findall(text) if topic not in topics]
    return [f"{_name(article)}: dead link {link}" for link in dead]


def _name(article: Article) -> str:
    return f"{article.language}/rights/{article.topic}.md"


def _needed(why: str) -> bool:
    """Tell whether what is hard is one of the names that must stand."""
    return any(f"“{word}”" in why for word in NEEDED)
