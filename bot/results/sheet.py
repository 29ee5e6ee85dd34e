"""One question as a table of counts, and for each reader which of these are hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.results.tally import Asked, Chosen, Numbers, Tally
from flows.poll_facts import FLOOR, SKIP

PUBLIC, STAFF = "public", "staff"
FLOORS: Mapping[str, int] = {PUBLIC: FLOOR, STAFF: 5}
STEP = 5  # what public counts are rounded to
NEARLY_ALL = 5  # fewer others than this, and an option tells about the whole group
SMALL_GROUP = 20  # where the public is not told what nearly all of a group answered
CUTS = "region", "language", "origin"

Flags = NDArray[np.bool_]
Count = TypeVar("Count", int, Numbers)


def rounded(count: Count) -> Count:
    """Round to the nearest five."""
    return (count + STEP // 2) // STEP * STEP


@dataclass(frozen=True)
class Groups:
    """The groups that figures are given for: first all, then the cells of each cut. `of` gives, for each cut key and cut,
    which group it falls in."""

    names: tuple[tuple[str, str], ...]
    of: Numbers  # cut keys x cuts
    member: Flags  # cut keys x groups

    @cached_property
    def cuts(self) -> tuple[Numbers, ...]:
        """Give the groups of each cut."""
        return tuple(np.array([at for at, (of, _cell) in enumerate(self.names) if of == cut], int) for cut in CUTS)

    def total(self, numbers: Numbers) -> Numbers:
        """Add up what is counted by cut key to groups."""
        sums: Numbers = self.member.T.astype(np.int64) @ numbers
        return sums


def groups(counted: Tally) -> Groups:
    """Find the groups that ballots fall in, each cut in order of its cells."""
    cells = [(cut, cell) for at, cut in enumerate(CUTS) for cell in sorted({key[at] for key in counted.keys})]
    names = (("all", "all"), *cells)
    place = {name: at for at, name in enumerate(names)}
    of = np.array([[place[name] for name in zip(CUTS, key, strict=True)] for key in counted.keys], int).reshape(-1, 3)
    member = np.zeros((len(of), len(names)), bool)
    member[:, 0] = True
    np.put_along_axis(member, of, True, axis=1)
    return Groups(names, of, member)


@dataclass
class Sheet:
    """The counts of one question: groups x (options, and last how many answered).

    `kinds` are the different answers that were given, as options x answers, and `given` how often, by cut key; the last
    of these is none at all.
    """

    asked: Asked
    counts: Numbers
    kinds: Flags
    given: Numbers
    hidden: dict[str, Flags] = field(default_factory=dict)

    @property
    def options(self) -> int:
        """Count the options, and so the column of the totals."""
        return len(self.asked.rows)

    @property
    def several(self) -> bool:
        """Tell whether more than one option could be chosen, so that options do not add up to people."""
        return self.asked.kind == "several"

    @property
    def others(self) -> Numbers:
        """Count, for each group and option, who answered something else."""
        return self.counts[:, -1:] - self.counts[:, :-1]

    def nearly_all(self, view: str) -> Flags:
        """Tell where an option tells about a whole group: all but very few chose it, and how many answered is shown."""
        near = (self.others < NEARLY_ALL) & ~self.hidden[view][:, -1:]
        return near if view == STAFF else near & (self.counts[:, -1:] < SMALL_GROUP)


def sheet(asked: Asked, counted: Tally, at: Groups) -> Sheet:
    """Lay out the answers to one question. ValueError for an answer that it does not have."""
    column = {option: n for n, option in enumerate(asked.rows)}
    answers = counted.answers.get(asked.id, {})
    kinds = np.zeros((len(column), len(answers) + 1), bool)
    for n, chosen in enumerate(answers):
        _check(asked, chosen, column)
        kinds[[column[option] for option in chosen], n] = True
    by_key = np.array(list(answers.values()), np.int64).reshape(len(answers), len(counted.keys)).T
    reached = by_key.sum(1)
    given = np.column_stack([by_key, counted.ballots - reached])
    counts = np.column_stack([at.total(given) @ kinds.T.astype(np.int64), at.total(reached)])
    return Sheet(asked, counts, kinds, given)


def _check(asked: Asked, chosen: Chosen, column: Mapping[str, int]) -> None:
    """Refuse what is no answer to a question. The answer itself may be somebody's words: it is not repeated."""
    if any(option not in column for option in chosen):
        raise ValueError(f"question {asked.id}: an answer that is not one of its options")
    if len(chosen) != 1 and (asked.kind != "several" or SKIP in chosen or len(set(chosen)) < len(chosen)):
        raise ValueError(f"question {asked.id}: {len(chosen)} options in one answer")
