"""Ballots counted. Every question is counted apart from the others: nothing here can join two answers of one person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from flows.poll_facts import SKIP

WRITTEN = "written"  # all that is counted of a question in own words

CutKey = tuple[str, str, str]
"""Region, language and origin of a ballot."""

Chosen = tuple[str, ...]
Numbers = NDArray[np.int64]
Value = TypeVar("Value")


@dataclass(frozen=True)
class Asked:
    """A question: `kind` is yesno, choice, several, faces, number or text; `options` are all option ids, in order.

    "Rather not say" need not be among them: it is always a row. The options of a text question are not read.
    """

    id: str
    kind: str
    options: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[str, ...]:
        """Give all that can be answered, "rather not say" last."""
        options = (WRITTEN,) if self.kind == "text" else tuple(option for option in self.options if option != SKIP)
        return (*options, SKIP)


@dataclass(frozen=True)
class Counted:
    """`n` ballots that are the same. A question that is not in `answers` was not reached."""

    region: str
    language: str
    origin: str
    answers: Mapping[str, Chosen]
    n: int = 1

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"a ballot is counted {self.n} times")


@dataclass(frozen=True)
class Tally:
    """How many ballots each cut key has, and how many of these chose what, by question. The arrays run along `keys`."""

    keys: tuple[CutKey, ...]
    ballots: Numbers
    answers: Mapping[str, Mapping[Chosen, Numbers]] = field(default_factory=dict)


def group(rows: Iterable[tuple[CutKey, str]]) -> Tally:
    """Count ballots whose answers are JSON, such as `{"q1":["yes"],"q2":["o1","o3"]}`; ValueError where it is not.

    Of a hundred thousand ballots nearly all differ, yet their parts do not: the text `"q1":["yes"` is parsed once.
    """
    ballots = list(rows)
    try:
        return _grouped([key for key, _text in ballots], [text for _key, text in ballots])
    except ValueError:  # it has spaces, or brackets in an id
        return tally(Counted(*key, answers=_answers(text)) for key, text in ballots)


def _grouped(keys: list[CutKey], texts: list[str]) -> Tally:
    """Count ballots whose JSON has no spaces; ValueError where a part is not the answer to one question."""
    parts = "],".join(texts).split("],") if texts else []
    codes = {part: code for code, part in enumerate(dict.fromkeys(parts))}
    items = [_item("{" + part.removeprefix("{").removesuffix("]}") + "]}") if part != "{}" else None for part in codes]
    code = np.fromiter(map(codes.__getitem__, parts), np.int64, len(parts))
    begins = np.array([part.startswith("{") for part in codes], bool)[code]
    ends = np.array([part == "{}" or part.endswith("]}") for part in codes], bool)[code]
    if begins.sum() != len(texts) or (np.roll(ends, 1) != begins).any():
        raise ValueError("a ballot is cut off")
    known, at_key = _coded(keys)
    often = _spread(code, at_key[np.cumsum(begins) - 1], len(codes), len(known))
    answers: dict[str, dict[Chosen, Numbers]] = {}
    for item, row in zip(items, often, strict=True):
        if item is not None:
            same = answers.setdefault(item[0], {})
            same[item[1]] = same[item[1]] + row if item[1] in same else row
    return Tally(known, np.bincount(at_key, minlength=len(known)), answers)


def tally(ballots: Iterable[Counted]) -> Tally:
    """Count ballots that were parsed before."""
    counted = list(ballots)
    known, at_key = _coded([(ballot.region, ballot.language, ballot.origin) for ballot in counted])
    n = np.fromiter((ballot.n for ballot in counted), np.int64, len(counted))
    given = [ballot.answers for ballot in counted]
    answers = {}
    for question in dict.fromkeys(chain.from_iterable(given)):
        chosen, code = _coded([answer.get(question) for answer in given])
        often = _spread(code, at_key, len(chosen), len(known), n)
        answers[question] = {one: row for one, row in zip(chosen, often, strict=True) if one is not None}
    return Tally(known, _spread(np.zeros_like(n), at_key, 1, len(known), n)[0], answers)


def _answers(text: str) -> dict[str, Chosen]:
    """Parse the answers of one ballot."""
    read = json.loads(text)
    if not isinstance(read, dict) or not all(_is_chosen(chosen) for chosen in read.values()):
        raise ValueError("answers are a list of options for each question")
    return {question: tuple(chosen) for question, chosen in read.items()}


def _is_chosen(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(option, str) for option in value)


def _item(text: str) -> tuple[str, Chosen]:
    """Parse the answer to one question."""
    (item,) = _answers(text).items()
    return item


def _coded(values: Sequence[Value]) -> tuple[tuple[Value, ...], Numbers]:
    """Give the distinct values in their order of coming, and the place of each value among these."""
    codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
    return tuple(codes), np.fromiter(map(codes.__getitem__, values), np.int64, len(values))


def _spread(row: Numbers, column: Numbers, rows: int, columns: int, n: Numbers | None = None) -> Numbers:
    """Count how often each row meets each column, `n` times each if it is given."""
    sums = np.bincount(row * columns + column, n, minlength=rows * columns)
    return sums.astype(np.int64).reshape(rows, columns)
