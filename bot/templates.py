"""The ready polls of `locales/templates/`: one YAML file each, checked by a schema when it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from bot.i18n import LOCALES
from bot.yamlfile import Lined, YamlError, read_yaml
from flows.poll_facts import SKIP, PollContent, PollOption, PollQuestion, Template

FOLDER = LOCALES / "templates"
SLUG = r"^[a-z0-9-]{1,32}$"

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]


class TemplateError(ValueError):
    """A ready poll cannot be used; each line of the message says file, line, field and what is expected."""


class Strict(BaseModel):
    """Unknown fields are refused, and nothing is converted: `yes` without quotes is no text."""

    model_config = ConfigDict(extra="forbid", strict=True)


class OptionRow(Strict):
    """One option: its id, and its text by language beside it."""

    id: Slug
    text: dict[Code, Label]

    @model_validator(mode="before")
    @classmethod
    def _texts_beside(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {"id": value.get("id"), "text": {key: text for key, text in value.items() if key != "id"}}

    @field_validator("id")
    @classmethod
    def _not_skip(cls, value: str) -> str:
        if value == SKIP:
            raise ValueError(f"{SKIP!r} is the answer “rather not say”, which every question has")
        return value

    def option(self) -> PollOption:
        """Give it as flows know it."""
        return PollOption(self.id, self.text)


class QuestionRow(Strict):
    """One question. Only `choice` and `several` have options, only `number` has `low` and `high`."""

    id: Slug
    kind: Literal["yesno", "choice", "several", "faces", "number", "text"]
    text: dict[Code, Sentence]
    options: list[OptionRow] = Field(default_factory=list, max_length=8)
    low: int | None = Field(None, ge=0)
    high: int | None = Field(None, le=10)

    @model_validator(mode="after")
    def _as_its_kind(self) -> QuestionRow:
        if self.kind in ("choice", "several") and len(self.options) < 2:
            raise ValueError("expected 2 to 8 options")
        if self.kind not in ("choice", "several") and self.options:
            raise ValueError(f"a question of kind {self.kind} has no options")
        if self.kind != "number" and not self.low is self.high is None:
            raise ValueError(f"a question of kind {self.kind} has no low and high")
        if self.kind == "number" and (self.low is None or self.high is None or self.low >= self.high):
            raise ValueError("expected low and high, low under high")
        _twice([option.id for option in self.options])
        return self

    def question(self) -> PollQuestion:
        """Give it as flows know it."""
        options = tuple(option.option() for option in self.options)
        if self.low is None or self.high is None:
            return PollQuestion(self.id, self.kind, self.text, options)
        return PollQuestion(self.id, self.kind, self.text, options, self.low, self.high)


class TemplateFile(Strict):
    """A whole file. Who asks, whom and until when is the organiser's."""

    title: dict[Code, Title]
    why: dict[Code, Sentence]
    use: dict[Code, Sentence]
    questions: list[QuestionRow] = Field(min_length=1, max_length=7)

    @model_validator(mode="after")
    def _ids_once(self) -> TemplateFile:
        _twice([question.id for question in self.questions])
        return self

    def content(self) -> PollContent:
        """Give it as flows know it."""
        questions = tuple(row.question() for row in self.questions)
        return PollContent("", self.title, self.why, self.use, questions)

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, str]]]:
        """Give every text with its place in the file."""
        yield from ((("title",), self.title), (("why",), self.why), (("use",), self.use))
        for at, question in enumerate(self.questions):
            yield ("questions", at, "text"), question.text
            for nth, option in enumerate(question.options):
                yield ("questions", at, "options", nth), option.text


def _twice(ids: list[str]) -> None:
    doubled = [id for at, id in enumerate(ids) if id in ids[:at]]
    if doubled:
        raise ValueError(f"the id {doubled[0]!r} stands here twice")


@lru_cache(maxsize=2)
def read_templates(folder: Path = FOLDER) -> tuple[Template, ...]:
    """Read all ready polls, by the name of their file. Raises TemplateError with everything that is wrong."""
    found, problems = [], []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found.append(read_template(path))
        except TemplateError as error:
            problems.append(str(error))
    if problems:
        raise TemplateError("\n".join(problems))
    return tuple(found)


def read_template(path: Path) -> Template:
    """Read one ready poll; its id is the name of the file. Raises TemplateError."""
    if not re.fullmatch(SLUG, path.stem):
        raise TemplateError(f"{path.name}: expected a name of small letters, digits and dashes, at most 32")
    try:
        document = read_yaml(path)
    except YamlError as error:
        raise TemplateError(str(error)) from None
    try:
        file = TemplateFile.model_validate(document.value)
    except ValidationError as invalid:
        raise TemplateError("\n".join(_problem(path, document, dict(error)) for error in invalid.errors())) from None
    if problems := [_line(path, document, place, why) for place, why in _gaps(file)]:
        raise TemplateError("\n".join(problems))
    return Template(path.stem, file.content())


def _gaps(file: TemplateFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find texts without Dutch, or in other languages than the title: one was forgotten, or its code mistyped."""
    for place, text in file.texts():
        if "nl" not in text:
            yield place, "expected a text in nl"
        elif text.keys() != file.title.keys():
            yield place, f"expected the languages of the title: {', '.join(sorted(file.title))}"


def _problem(path: Path, document: Lined, error: dict[str, Any]) -> str:
    place = tuple(error["loc"])
    if place[-1:] == ("[key]",):  # YAML reads `no` without quotes as false
        return _line(path, document, place[:-2], "expected a language code of small letters, for example nl")
    return _line(path, document, place, str(error["msg"]).removeprefix("Value error, "))


def _line(path: Path, document: Lined, place: tuple[str | int, ...], why: str) -> str:
    field = ".".join(map(str, place)) or "file"
    return f"{path.name}:{document.line(*place)}: {field}: {why}"
