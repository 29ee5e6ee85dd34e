"""Hide what is small, and as much more as it takes that nothing hidden can be worked out.

Both readers' tables are protected together, as both may come into one hand; and once, as they are frozen at closing: there is
no release of yesterday to compare with. The rules:

1. Small: under 10 for the public, under 5 for staff; nought too, since that nobody of a group answered something tells
   about each of them. So no table says 0 %. Only that nobody of a group of several opinions said "rather not" may be worked
   out, where people tap an answer.
2. Nearly all: where fewer than five of a group answered otherwise, staff do not see the exact count (they have the public
   one, rounded), and the public does not see it where the group is smaller than 20. So no table says that all of a few
   agreed; and that all of a larger group did is never certain, as the public counts are rounded.
3. A hidden number of ballots hides all answers of that group; a hidden number of answers all options.
4. Proof: for each count that rules 1 and 2 hide there must be other ballots, with another count there, that would be
   published in the same way (`bot/results/otherwise.py`). Where there are none, more is hidden: what costs least to make
   such ballots possible (`bot/results/price.py`), which is how a sum gets its second hidden count; where nothing helps, the
   whole cut of that question, and then the question.

How many were asked or have answered so far is no figure of this module: staff know that exactly. What people answered stays
hidden from who knows how many ballots each group has, as no proof of an answer changes these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.results.otherwise import Room, answer_rooms, answers_otherwise, room, together, totals_otherwise
from bot.results.price import Step, cheapest
from bot.results.sheet import FLOORS, NEARLY_ALL, PUBLIC, STAFF, Flags, Groups, Sheet
from bot.results.tally import Numbers
from flows.poll_facts import SKIP

Hands = tuple[str, ...]
HANDS: tuple[Hands, ...] = ((STAFF, PUBLIC), (PUBLIC,))
"""Who may try to work something out: somebody with both tables, and the public."""


@dataclass
class Tables:
    """All counts of a poll: ballots by group, and a sheet for each question."""

    at: Groups
    ballots: Numbers
    sheets: Sequence[Sheet]
    hidden: dict[str, Flags] = field(default_factory=dict)  # of the ballots


def protect(tables: Tables) -> None:
    """Settle what is hidden from whom."""
    for view in FLOORS:
        tables.hidden[view] = tables.ballots < FLOORS[view]
        for sheet in tables.sheets:
            _hide_at_first(sheet, view, tables.hidden[view])
    for hands in HANDS:
        _prove_totals(tables, hands)
    for hands in HANDS:
        for sheet in tables.sheets:
            _prove_answers(sheet, hands, tables.at)


def _hide_at_first(sheet: Sheet, view: str, ballots: Flags) -> None:
    """Apply the rules that look at one group alone."""
    hidden = sheet.counts < FLOORS[view]
    hidden |= (hidden[:, -1] | ballots)[:, None]
    sheet.hidden[view] = hidden
    hidden[:, :-1] |= sheet.nearly_all(view)


def _prove_answers(sheet: Sheet, hands: Hands, at: Groups) -> None:
    """Hide more of a question until each option that is hidden for its own sake could have another count."""
    weak = _weak_answers(sheet, hands, at)
    for row, column in np.argwhere(weak):
        _make_possible(sheet, hands, at, cheapest(sheet, hands, at, (row, column)))
    for cut in at.cuts:
        if (weak := _weak_answers(sheet, hands, at))[cut].any():
            _hide_rows(sheet, hands, cut)
    if _weak_answers(sheet, hands, at).any():
        _hide_rows(sheet, hands, np.arange(len(at.names)))


def _weak_answers(sheet: Sheet, hands: Hands, at: Groups) -> Flags:
    """Tell which options are hidden for their own sake, yet might be worked out."""
    wanted = sheet.counts < FLOORS[hands[0]]
    wanted[:, :-1] |= sheet.nearly_all(hands[0])
    wanted[:, -1] = False
    if sheet.asked.kind != "text":  # where a group is of several opinions, that nobody skipped tells none of them
        skip = sheet.asked.rows.index(SKIP)
        wanted[:, skip] &= (sheet.counts[:, skip] > 0) | (sheet.others < NEARLY_ALL).any(1)
    if not wanted.any() or all(sheet.hidden[view].all() for view in hands):
        return np.zeros_like(wanted)  # nothing to work out, or nothing to work it out from
    return wanted & ~answers_otherwise(sheet, hands, at, wanted)


def _make_possible(sheet: Sheet, hands: Hands, at: Groups, step: Step) -> None:
    """Hide what would betray a step to other ballots."""
    if step.price == np.inf:
        return
    for view, space in zip(hands, answer_rooms(sheet, hands, at), strict=True):
        for allowed, places in ((space.up, step.more), (space.down, step.less)):
            for row, column in places:
                if not allowed[row, column]:
                    sheet.hidden[view][row, column if column < sheet.options else slice(None)] = True


def _hide_rows(sheet: Sheet, hands: Hands, rows: Numbers) -> None:
    """Hide all that is counted of some groups."""
    for view in hands:
        sheet.hidden[view][rows] = True


def _prove_totals(tables: Tables, hands: Hands) -> None:
    """Hide more groups until each hidden number of ballots and of answers could be another."""
    more = True
    while more:
        ballots, *answers = _weak_totals(tables, hands)
        more = _hide_beside(tables, hands, ballots, None)
        if not more:  # what is hidden for the ballots helps the questions too
            for sheet, weak in zip(tables.sheets, answers, strict=True):
                more |= _hide_beside(tables, hands, weak, sheet)


def _weak_totals(tables: Tables, hands: Hands) -> Iterator[Flags]:
    """Tell which hidden totals might be worked out: numbers of ballots, then for each question of answers."""
    at, floor = tables.at, FLOORS[hands[0]]
    hidden = {view: tables.hidden[view][:, None] for view in hands}
    space = together(room(tables.ballots[:, None], hidden, hands, at))
    moves = Room(space.up[:, 0], space.down[:, 0] & (tables.ballots > 1))  # the last one takes its group's name along
    rooms = [together(answer_rooms(sheet, hands, at)) for sheet in tables.sheets]
    ballots, answers = totals_otherwise(moves, tables.sheets, rooms, at)
    yield (tables.ballots < floor) & ~ballots
    for sheet, found in zip(tables.sheets, answers, strict=True):
        weak = np.zeros_like(sheet.hidden[STAFF])
        weak[:, -1] = (sheet.counts[:, -1] < floor) & ~found
        yield (weak & ~answers_otherwise(sheet, hands, at, weak) if weak.any() else weak)[:, -1]


def _hide_beside(tables: Tables, hands: Hands, weak: Flags, sheet: Sheet | None) -> bool:
    """Hide the smallest group that is shown beside a weak one, of a question or of all; tell whether there was one."""
    found = False
    for cut in tables.at.cuts:
        if weak[cut].any() or weak[0]:
            found |= any(_hide_smallest(tables, view, sheet, cut) for view in hands) or any(
                _hide_smallest(tables, view, sheet, np.array([0])) for view in hands
            )
    return found


def _hide_smallest(tables: Tables, view: str, sheet: Sheet | None, cut: Numbers) -> bool:
    """Hide the smallest group of a cut that is shown, of a question or of all; tell whether there was one."""
    hidden = tables.hidden[view] if sheet is None else sheet.hidden[view][:, -1]
    shown = [row for row in cut if not hidden[row]]
    if shown:
        row = min(shown, key=lambda row: (tables.ballots[row], row))
        hidden[row] = True
        for one in tables.sheets if sheet is None else (sheet,):
            one.hidden[view][row] = True
    return bool(shown)
