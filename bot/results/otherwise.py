"""Could it have been otherwise? For a hidden count, look for other ballots that would be published in just the same way.

Where such ballots exist, with that count one more or one less, nobody can work the count out: not by subtracting, not from
other cuts or questions, not by solving for it. Each is made from the real ballots by a small step: one ballot answers
something else, two ballots of different people swap their answers to one question, a ballot moves to another group. To be
on the safe side the reader is thought to know more than is published: of each hidden count, whether it is hidden because it
is small or to protect another, unless no table shows anything of that question and cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bot.results.sheet import FLOORS, NEARLY_ALL, PUBLIC, STEP, Flags, Groups, Sheet
from bot.results.tally import Numbers


@dataclass(frozen=True)
class Room:
    """Which counts may be one more (`up`) or one less (`down`) without a change in what is published."""

    up: Flags
    down: Flags


def room(counts: Numbers, hidden: Mapping[str, Flags], views: Sequence[str], at: Groups) -> list[Room]:
    """Find the room of counts (groups x columns) in what each of some readers is shown, who put their tables together."""
    unseen = np.logical_and.reduce([_unseen(hidden[view], at) for view in views])
    return [_room(counts, hidden[view], view, unseen) for view in views]


def _room(counts: Numbers, hidden: Flags, view: str, unseen: Flags) -> Room:
    """Find the room of counts in one table."""
    floor = FLOORS[view]
    small = counts < floor
    up = hidden & (~small | (counts + 1 < floor) | unseen)
    down = hidden & (small | (counts > floor) | unseen)
    if view == PUBLIC:
        place = (counts + STEP // 2) % STEP  # among the five counts that are rounded to the same
        up |= ~hidden & (place < STEP - 1)
        down |= ~hidden & (place > 0) & (counts > floor)
    return Room(up, down & (counts > 0))


def _unseen(hidden: Flags, at: Groups) -> Flags:
    """Tell of which groups nothing is shown in the whole cut."""
    unseen = np.zeros((len(hidden), 1), bool)
    for cut in (np.array([0]), *at.cuts):
        unseen[cut] = hidden[cut].all()
    return unseen


def answer_rooms(sheet: Sheet, views: Sequence[str], at: Groups) -> list[Room]:
    """Find the room of a question's counts for each of some readers, who also know where few answered otherwise."""
    rooms = room(sheet.counts, sheet.hidden, views, at)
    for space, view in zip(rooms, views, strict=True):
        told = (sheet.counts[:, :-1] >= FLOORS[view]) & sheet.nearly_all(view)
        space.down[:, :-1] &= ~told | (sheet.others + 1 < NEARLY_ALL)
    return rooms


def together(rooms: Iterable[Room]) -> Room:
    """Give the room that is left in all tables at once."""
    return Room(*(np.logical_and.reduce(flags) for flags in zip(*((one.up, one.down) for one in rooms), strict=True)))


def answers_otherwise(sheet: Sheet, views: Sequence[str], at: Groups, wanted: Flags) -> Flags:
    """Tell which counts of a question could differ, while every group has as many ballots as it has."""
    has = together(answer_rooms(sheet, views, at))
    alone = single(sheet) > 0
    found = _one_changes(alone, has, at)
    if sheet.several:
        found |= _one_more_or_less(sheet, has, at)
    missing = wanted & ~found
    return found | _two_swap(alone, has, at, missing) if missing.any() else found


def single(sheet: Sheet) -> Numbers:
    """Count, for each cut key, the ballots with one option and nothing else, and (last) those without an answer."""
    one = (sheet.kinds & (sheet.kinds.sum(0) == 1)).astype(np.int64)
    return np.column_stack([sheet.given @ one.T, sheet.given[:, -1]])


def spare(sheet: Sheet) -> Flags:
    """Tell, for each cut key and option, whether a ballot has ticked it beside others."""
    ticked: Flags = sheet.given @ (sheet.kinds & (sheet.kinds.sum(0) > 1)).T > 0
    return ticked


def free(sheet: Sheet) -> Flags:
    """Tell, for each cut key and option, whether a ballot could tick it too: it said something else than "rather not"."""
    could = ~sheet.kinds & ~sheet.kinds[-1]
    could[:, -1] = could[-1] = False  # a ballot without an answer; "rather not" beside something else
    open_: Flags = sheet.given @ could.T > 0
    return open_


def _everywhere(flags: Flags, at: Groups) -> Flags:
    """Tell for each cut key whether it holds in all groups that the key falls in."""
    every: Flags = flags[0] & flags[at.of].all(1)
    return every


def _touched(changed: Flags, at: Groups) -> Flags:
    """Tell in which groups something changes, from where it changes by cut key."""
    touched: Flags = at.member.T @ changed
    return touched


def _one_changes(has: Flags, space: Room, at: Groups) -> Flags:
    """One ballot answers another option, or answers at all, or not at all."""
    lose = has & _everywhere(_last_turned(space.down, space.up), at)
    gain = _everywhere(_last_turned(space.up, space.down), at)
    loses = lose & (gain.sum(1, keepdims=True) > gain)
    gains = gain & (lose.sum(1, keepdims=True) > lose)
    return _touched(loses | gains, at)


def _last_turned(flags: Flags, last: Flags) -> Flags:
    """Make the last column that of no answer: who loses that, adds to the total."""
    return np.column_stack([flags[:, :-1], last[:, -1]])


def _one_more_or_less(sheet: Sheet, space: Room, at: Groups) -> Flags:
    """One ballot ticks one more option or one less, or a ballot ticks one less and another the same one more."""
    givers, takers = spare(sheet), free(sheet)
    less, more = _everywhere(space.down[:, :-1], at), _everywhere(space.up[:, :-1], at)
    changed = np.column_stack([_touched((givers & less) | (takers & more), at), np.zeros(len(at.names), bool)])
    for option in range(sheet.options):
        pairs = _Pairs(at.of[givers[:, option]], at.of[takers[:, option]])
        changed[pairs.groups(space.down[:, option], space.up[:, option]), option] = True
    return changed


@dataclass(frozen=True)
class _Pairs:
    """Pairs of ballots, one of each side: the groups that they fall in."""

    left: Numbers
    right: Numbers

    def groups(self, left: Flags, right: Flags) -> Numbers:
        """Give the groups that change in a pair that may: in each cut, both fall in one group or both groups allow it."""
        same = [self.left[:, None, cut] == self.right[None, :, cut] for cut in range(self.left.shape[1])]
        may = np.ones((len(self.left), len(self.right)), bool)
        for cut, alike in enumerate(same):
            may &= alike | (left[self.left[:, cut]][:, None] & right[self.right[:, cut]])
        found: list[Numbers] = []
        for cut, alike in enumerate(same):
            changed: Flags = may & ~alike
            found += [self.left[changed.any(1), cut], self.right[changed.any(0), cut]]
        return np.unique(np.concatenate(found))


def _two_swap(has: Flags, space: Room, at: Groups, missing: Flags) -> Flags:
    """Two ballots swap their answers; the last column is no answer. Only swaps that help `missing` are tried."""
    lose, gain = _last_turned(space.down, space.up), _last_turned(space.up, space.down)
    found = np.zeros_like(missing)
    useful = set(np.flatnonzero(missing.any(0)).tolist())
    columns = range(has.shape[1])
    for a, b in product(columns, columns):
        if a < b and useful & {a, b}:
            pairs = _Pairs(at.of[has[:, a]], at.of[has[:, b]])
            changed = pairs.groups(lose[:, a] & gain[:, b], lose[:, b] & gain[:, a])
            found[changed, a] = found[changed, b] = True
    return found


def totals_otherwise(
    ballots: Room, sheets: Sequence[Sheet], rooms: Sequence[Room], at: Groups
) -> tuple[Flags, list[Flags]]:
    """Tell which numbers of ballots, and for each question of answers, could differ when one ballot moves to another group
    of one cut, or comes or goes."""
    moves = [_Moves(ballots, sheets, rooms, at.of[:, cut], cells) for cut, cells in enumerate(at.cuts)]
    changed = [np.zeros(len(at.names), bool) for _ in range(len(sheets) + 1)]
    for move in moves:
        for flags, found in zip(changed, move.changed(), strict=True):
            flags |= found
    for one in (True, False):
        for flags, found in zip(changed, _comes_or_goes(ballots, sheets, rooms, at, one), strict=True):
            flags |= found
    return changed[0], changed[1:]


def _kind_room(sheet: Sheet, flags: Flags) -> Flags:
    """Tell for each group and kind of answer whether all counts of that kind allow it."""
    blocked: Flags = np.dot(~flags[:, :-1], sheet.kinds)
    blocked[:, :-1] |= ~flags[:, -1:]
    return ~blocked


@dataclass(frozen=True)
class _Moves:
    """Ballots that move from one group of a cut to another; the answers of one question to those of another do not matter,
    as no table ties them."""

    ballots: Room
    sheets: Sequence[Sheet]
    rooms: Sequence[Room]
    of: Numbers  # by cut key, the group in this cut
    cells: Numbers

    def changed(self) -> list[Flags]:
        """Tell which groups can change: their number of ballots first, then their answers to each question."""
        may = self.ballots.down[self.of][:, None] & self.ballots.up[self.cells] & (self.of[:, None] != self.cells)
        answering = []
        for sheet, space in zip(self.sheets, self.rooms, strict=True):
            leave = (sheet.given > 0) & _kind_room(sheet, space.down)[self.of]
            enter = _kind_room(sheet, space.up)[self.cells]
            answering.append(leave[:, :-1] @ enter[:, :-1].T)
            may &= answering[-1] | (leave[:, -1:] & enter[:, -1])
        return [self._groups(may), *(self._groups(may & real) for real in answering)]

    def _groups(self, may: Flags) -> Flags:
        flags = np.zeros(len(self.ballots.up), bool)
        flags[self.of[may.any(1)]] = flags[self.cells[may.any(0)]] = True
        return flags


def _comes_or_goes(
    ballots: Room, sheets: Sequence[Sheet], rooms: Sequence[Room], at: Groups, comes: bool
) -> list[Flags]:
    """Tell which groups can have one ballot more, like one that is there, or one less."""
    may = _everywhere(ballots.up if comes else ballots.down, at)
    answering = []
    for sheet, space in zip(sheets, rooms, strict=True):
        fits = (sheet.given > 0) & _everywhere(_kind_room(sheet, space.up if comes else space.down), at)
        answering.append(fits[:, :-1].any(1))
        may &= fits.any(1)
    return [_touched(may, at), *(_touched(may & real, at) for real in answering)]
