"""Questions whose topic is known, and how well a search does on them: for the bench, and for the guard in the tests."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.rights.examples import NONE
from bot.rights.search import Found, Search

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden.tsv"
SHARED = ROOT.parent / "shared"  # stands beside the clone, never in it
DEV = SHARED / "facts" / "questions-dev.tsv"
ALSO_RIGHT = SHARED / "facts" / "questions-dev-also-right.tsv"
ALL = "all"


@dataclass(frozen=True)
class Question:
    """A question and the topics that are right for it. `outside` is one that the articles do not answer; a topic may be
    right to show for it all the same."""

    text: str
    language: str
    kind: str
    right: frozenset[str]
    outside: bool


@dataclass(frozen=True)
class Asked:
    """A question and what the search made of it."""

    question: Question
    found: Found

    def within(self, places: int) -> bool:
        """Tell whether a right topic is among the first so many."""
        return not self.question.right.isdisjoint(self.found.topics[:places])

    @property
    def reached(self) -> bool:
        """Tell whether the person gets to a right article: answered at once, or one of three titles."""
        return self.within({"answer": 1, "choices": 3}.get(self.found.decision, 0))


@dataclass(frozen=True)
class Score:
    """Of so many questions, the share whose right topic is the first, and is among the first three."""

    questions: int
    top1: float
    top3: float


@dataclass(frozen=True)
class Policy:
    """What the decisions lead to, as shares: of questions that have an article `answered` at once (`right` of those),
    `reached` (answered right or shown among three); of those that have none `let_in` (answered) and `referred`."""

    answered: float
    right: float
    reached: float
    let_in: float
    referred: float


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a file of columns parted by tabs."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def golden() -> list[Question]:
    """Read our own questions."""
    return [_question(row, {row["also_right"]}) for row in read_rows(GOLDEN)]


def dev() -> list[Question]:
    """Read the development questions. Raises FileNotFoundError where they are not beside the clone."""
    also: dict[str, set[str]] = {}
    for row in read_rows(ALSO_RIGHT):
        also.setdefault(row["id"], set()).add(row["also_right"])
    return [_question(row, also.get(row["id"], set())) for row in read_rows(DEV)]


def _question(row: dict[str, str], also: set[str]) -> Question:
    right = frozenset({row["topic"], *also} - {NONE, ""})
    return Question(row["text"], row["lang"], row["kind"], right, row["topic"] == NONE)


def ask_all(search: Search, questions: Iterable[Question]) -> list[Asked]:
    """Ask each question in the language that its file says."""
    return [Asked(question, search.ask(question.text, question.language)) for question in questions]


def scores(asked: Iterable[Asked]) -> dict[str, Score]:
    """Give the score of all questions that have an article, of each language and of each kind."""
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        if not one.question.outside:
            for group in (ALL, one.question.language, one.question.kind):
                groups.setdefault(group, []).append(one)
    return {
        group: Score(len(ones), share(one.within(1) for one in ones), share(one.within(3) for one in ones))
        for group, ones in groups.items()
    }


def policy(asked: Iterable[Asked]) -> Policy:
    """Give what the decisions lead to."""
    known = list(asked)
    inside = [one for one in known if not one.question.outside]
    outside = [one.found.decision for one in known if one.question.outside]
    direct = [one for one in inside if one.found.decision == "answer"]
    return Policy(
        answered=len(direct) / len(inside),
        right=share(one.within(1) for one in direct),
        reached=share(one.reached for one in inside),
        let_in=share(decision == "answer" for decision in outside),
        referred=share(decision == "handoff" for decision in outside),
    )


def share(held: Iterable[bool]) -> float:
    """Give how large a part is true; NaN of nothing."""
    known = list(held)
    return sum(known) / len(known) if known else float("nan")
