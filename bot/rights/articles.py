"""Articles on rights and duties: one Markdown file for each topic and language, its front matter checked by a schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.i18n import LOCALES

PARTS = ("rule", "steps", "where", "limits")
LONGEST_BODY = 145  # words; about 130 are aimed at
FRONT = re.compile(r"---\n(?P<front>.*?)\n---\n(?P<body>.*)", re.DOTALL)
PART = re.compile(r"^## (\w+)$", re.MULTILINE)
STEP = re.compile(r"^\d\. (.+)$", re.MULTILINE)

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Menu = Literal[
    "money",
    "dwelling",
    "contract",
    "household",
    "living-together",
    "looking-for-a-home",
    "help",
    "having-a-say",
]


def read_yaml(text: str) -> Any:
    """Read YAML; with libyaml where it is there, which takes a tenth of the time."""
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class ArticleError(Exception):
    """An article cannot be used; says which file, which field and what is expected."""


class Source(BaseModel):
    """Where a fact comes from; `address` is empty for a paper source."""

    model_config = ConfigDict(extra="forbid")
    name: Words
    address: str
    date: str


class Front(BaseModel):
    """The front matter."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, StringConstraints(min_length=3, max_length=60)]
    menu: Menu
    summary: Annotated[str, StringConstraints(min_length=40, max_length=300)]
    sources: list[Source] = Field(min_length=1, max_length=3)
    checked: date
    review_by: date
    confidence: Literal["high", "medium", "low"]
    applies_to: Words
    examples: list[Words] = Field(min_length=4)
    keywords: list[Words] = Field(min_length=3)


@dataclass(frozen=True)
class Article:
    """One text. The parts are plain text; `steps` is what one can do, in order."""

    topic: str
    language: str
    front: Front
    rule: str
    steps: tuple[str, ...]
    where: str
    limits: str


def read_article(path: Path) -> Article:
    """Read one file. Raises ArticleError with the file, the field or part, and what is expected."""
    name = "/".join(path.parts[-3:])
    found = FRONT.fullmatch(path.read_text(encoding="utf-8"))
    if not found:
        raise ArticleError(f"{name}: expected front matter between two lines of ---")
    try:
        front = Front.model_validate(read_yaml(found["front"]))
    except yaml.YAMLError as broken:
        raise ArticleError(f"{name}: {broken}") from None
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise ArticleError(f"{name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    parts = _parts(name, found["body"])
    steps = tuple(STEP.findall(parts["steps"]))
    if not 2 <= len(steps) <= 4:
        raise ArticleError(f"{name}: steps: expected 2 to 4 numbered lines, found {len(steps)}")
    return Article(path.stem, path.parts[-3], front, parts["rule"], steps, parts["where"], parts["limits"])


def _parts(name: str, body: str) -> dict[str, str]:
    _before, *rest = PART.split(body)
    parts = {key: text.strip() for key, text in zip(rest[::2], rest[1::2], strict=True)}
    if tuple(parts) != PARTS or not all(parts.values()):
        raise ArticleError(f"{name}: expected the parts {', '.join(PARTS)}, in this order and none empty")
    if (words := len(" ".join(parts.values()).split())) > LONGEST_BODY:
        raise ArticleError(f"{name}: expected at most {LONGEST_BODY} words, found {words}")
    return parts


def read_articles(folder: Path = LOCALES) -> Iterator[Article]:
    """Read every article of every language. Raises ArticleError."""
    for path in sorted(folder.glob("*/rights/*.md")):
        yield read_article(path)


def check_articles(folder: Path = LOCALES) -> list[str]:
    """Give one line for each article that breaks the schema, and for each topic that a language lacks."""
    problems = []
    topics: dict[str, set[str]] = {path.parent.name: set() for path in folder.glob("*/rights")}
    for path in sorted(folder.glob("*/rights/*.md")):
        topics[path.parts[-3]].add(path.stem)
        try:
            read_article(path)
        except ArticleError as error:
            problems.append(str(error))
    everything = set().union(*topics.values()) if topics else set()
    for language in sorted(topics):
        problems += [
            f"locales/{language}/rights: no article on {topic}" for topic in sorted(everything - topics[language])
        ]
    return problems
