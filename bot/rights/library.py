"""Everything on rights that does not change while the bot runs: articles, words and examples, as flows know them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from bot.i18n import LOCALES
from bot.rights import articles
from bot.rights.articles import FRONT, PART, ArticleError, Source, Words, read_yaml
from bot.rights.text import plain
from flows.messages import Told
from flows.rights_facts import MENUS, Article, Practice, Term

PRACTICE_PARTS = ("what", "learned", "try")
PRACTICES = ("aan-tafel", "mechelen", "tweezijdig", "brussels", "netherlands", "denmark", "england")


class TermFront(BaseModel):
    """A word of one language's glossary."""

    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]
    dutch: Words
    term: Words
    other: list[Words]
    explanation: Annotated[str, StringConstraints(min_length=10, max_length=200)]
    topic: str


class PracticeFront(BaseModel):
    """The front matter of an example from elsewhere."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, StringConstraints(min_length=3, max_length=60)]
    summary: Annotated[str, StringConstraints(min_length=40, max_length=300)]
    sources: list[Source] = Field(min_length=1, max_length=3)
    checked: date
    review_by: date
    confidence: Annotated[str, StringConstraints(pattern="^(high|medium|low)$")]


@dataclass(frozen=True)
class Library:
    """The texts, by topic and id. `words` gives the id of a term for each plain word that people use for it."""

    articles: Mapping[str, Article] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    practices: tuple[Practice, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    def term(self, asked: str) -> str:
        """Give the id of the term that plain words ask for, with or without an article before it; or nothing."""
        return self.words.get(asked) or self.words.get(asked.partition(" ")[2], "")


@lru_cache(maxsize=1)
def read_library(folder: Path = LOCALES) -> Library:
    """Read all of it. Raises ArticleError with file, field and what is expected."""
    terms = read_terms(folder)
    return Library(_articles(folder), terms[0], _practices(folder), terms[1])


def _articles(folder: Path) -> dict[str, Article]:
    by_topic: dict[str, dict[str, articles.Article]] = {}
    for one in articles.read_articles(folder):
        by_topic.setdefault(one.topic, {})[one.language] = one
    made = {topic: _article(topic, texts) for topic, texts in by_topic.items()}
    order = list(MENUS)
    return dict(sorted(made.items(), key=lambda item: (order.index(item[1].menu), item[0])))


def _article(topic: str, texts: Mapping[str, articles.Article]) -> Article:
    def told(give: object) -> Told:
        assert callable(give)
        return Told({language: str(give(text)) for language, text in texts.items()})

    first = texts.get("nl") or next(iter(texts.values()))
    return Article(
        topic=topic,
        menu=first.front.menu,
        title=told(lambda text: text.front.title),
        summary=told(lambda text: text.front.summary),
        rule=told(lambda text: text.rule),
        steps=told(lambda text: "\n".join(f"{n}. {step}" for n, step in enumerate(text.steps, 1))),
        where=told(lambda text: text.where),
        limits=told(lambda text: text.limits),
        source=told(lambda text: text.front.sources[0].name),
        checked=first.front.checked,
        review_by=min(text.front.review_by for text in texts.values()),
    )


def read_terms(folder: Path) -> tuple[tuple[Term, ...], dict[str, str]]:
    """Read every `<lang>/glossary.yaml`: the terms in the order of the Dutch one, and the words that lead to them."""
    by_id: dict[str, dict[str, TermFront]] = {}
    for path in sorted(folder.glob("*/glossary.yaml"), key=lambda path: (path.parent.name != "nl", path)):
        name = f"{path.parent.name}/{path.name}"
        try:
            entries = TypeAdapter(list[TermFront]).validate_python(read_yaml(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as broken:
            raise ArticleError(f"{name}: {broken}") from None
        for entry in entries:
            by_id.setdefault(entry.id, {})[path.parent.name] = entry
    terms, words = [], dict[str, str]()
    for id, entries_of in by_id.items():
        first = next(iter(entries_of.values()))
        for entry in entries_of.values():
            for word in (entry.term, entry.dutch, *entry.other):
                words.setdefault(" ".join(re.findall(r"[^\W_]+", plain(word))), id)
        terms.append(
            Term(
                id,
                first.dutch,
                Told({language: entry.term for language, entry in entries_of.items()}),
                Told({language: entry.explanation for language, entry in entries_of.items()}),
                first.topic,
            )
        )
    return tuple(terms), words


def _practices(folder: Path) -> tuple[Practice, ...]:
    by_id: dict[str, dict[str, tuple[PracticeFront, dict[str, str]]]] = {}
    for path in sorted(folder.glob("*/practices/*.md")):
        by_id.setdefault(path.stem, {})[path.parts[-3]] = read_practice(path)
    order = sorted(by_id, key=lambda id: PRACTICES.index(id) if id in PRACTICES else len(PRACTICES))
    return tuple(_practice(id, by_id[id]) for id in order)


def read_practice(path: Path) -> tuple[PracticeFront, dict[str, str]]:
    """Read one example from elsewhere. Raises ArticleError."""
    name = "/".join(path.parts[-3:])
    found = FRONT.fullmatch(path.read_text(encoding="utf-8"))
    if not found:
        raise ArticleError(f"{name}: expected front matter between two lines of ---")
    try:
        front = PracticeFront.model_validate(read_yaml(found["front"]))
    except (yaml.YAMLError, ValidationError) as broken:
        raise ArticleError(f"{name}: {broken}") from None
    _before, *rest = PART.split(found["body"])
    parts = {key: text.strip() for key, text in zip(rest[::2], rest[1::2], strict=True)}
    if tuple(parts) != PRACTICE_PARTS or not all(parts.values()):
        raise ArticleError(f"{name}: expected the parts {', '.join(PRACTICE_PARTS)}, in this order and none empty")
    return front, parts


def _practice(id: str, texts: Mapping[str, tuple[PracticeFront, dict[str, str]]]) -> Practice:
    def part(name: str) -> Told:
        return Told({language: parts[name] for language, (_front, parts) in texts.items()})

    front = texts["nl"][0] if "nl" in texts else next(iter(texts.values()))[0]
    return Practice(
        id=id,
        title=Told({language: front.title for language, (front, _parts) in texts.items()}),
        summary=Told({language: front.summary for language, (front, _parts) in texts.items()}),
        what=part("what"),
        learned=part("learned"),
        to_try=part("try"),
        source=Told({language: front.sources[0].name for language, (front, _parts) in texts.items()}),
        checked=front.checked,
    )
