"""The one module that makes every published figure of a poll.

Two readers: the public (whoever answered, organisers, the world) and staff. Four fixed cuts: all, region, language, origin;
their cells do not overlap, and no two cuts are combined. What is hidden stays as a row without a count. The tables are made
once, at closing, and kept: there is no second release to subtract from the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.results.protect import Tables, protect
from bot.results.sheet import PUBLIC, STAFF, Flags, groups, rounded, sheet
from bot.results.tally import Asked, Counted, Numbers, Tally, group, tally
from flows.poll_facts import share

__all__ = ["PUBLIC", "STAFF", "Asked", "Cell", "Counted", "both", "frozen", "group", "share", "shares"]


@dataclass(frozen=True)
class Cell:
    """A figure: of a question (empty: of the ballots), in a cell of a cut, for an option (empty: how many answered).

    `count` is None where it is hidden. The public's counts are rounded to five; staff's are exact.
    """

    question: str
    cut: str
    cell: str
    option: str
    count: int | None
    hidden: bool


def frozen(questions: Sequence[Asked], ballots: Iterable[Counted] | Tally, view: str) -> tuple[Cell, ...]:
    """Make the tables of one reader, `public` or `staff`. ValueError for a ballot that does not fit the questions."""
    return both(questions, ballots)[view]


def both(questions: Sequence[Asked], ballots: Iterable[Counted] | Tally) -> Mapping[str, tuple[Cell, ...]]:
    """Make the tables of both readers; they are protected together."""
    counted = ballots if isinstance(ballots, Tally) else tally(ballots)
    if len({asked.id for asked in questions} | {""}) <= len(questions):
        raise ValueError("two questions with one id, or one without")
    if unknown := counted.answers.keys() - {asked.id for asked in questions}:
        raise ValueError(f"ballots answer {len(unknown)} questions that were not asked")
    at = groups(counted)
    tables = Tables(at, at.total(counted.ballots), [sheet(asked, counted, at) for asked in questions])
    protect(tables)
    return {view: tuple(_cells(tables, view)) for view in (PUBLIC, STAFF)}


def _cells(tables: Tables, view: str) -> Iterator[Cell]:
    """Write the tables of one reader as rows: the ballots first, then each question, the total of a group before its
    options."""
    yield from _rows(tables, view, "", ("",), tables.ballots[:, None], tables.hidden[view][:, None])
    for one in tables.sheets:
        options = one.asked.rows
        order = [len(options), *range(len(options))]
        yield from _rows(tables, view, one.asked.id, ("", *options), one.counts[:, order], one.hidden[view][:, order])


def _rows(
    tables: Tables, view: str, question: str, options: Sequence[str], counts: Numbers, hidden: Flags
) -> Iterator[Cell]:
    shown = rounded(counts) if view == PUBLIC else counts
    for (cut, cell), numbers, flags in zip(tables.at.names, shown.tolist(), hidden.tolist(), strict=True):
        for option, number, hide in zip(options, numbers, flags, strict=True):
            yield Cell(question, cut, cell, option, None if hide else number, hide)


def shares(cells: Iterable[Cell], question: str, cut: str = "all", cell: str = "all") -> dict[str, int | None]:
    """Give the share of each option among all who answered a question in one cell, in the order of the options.

    Where several options could be chosen the shares add up to more than 100 %; where some are hidden, to less.
    """
    found = {row.option: row.count for row in cells if (row.question, row.cut, row.cell) == (question, cut, cell)}
    of = found.pop("", None)
    return {option: share(count, of) for option, count in found.items()}
