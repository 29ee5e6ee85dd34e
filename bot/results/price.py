"""The least to hide so that one more count cannot be worked out: the cheapest step to other ballots, see `otherwise.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.results.otherwise import answer_rooms, free, single, spare
from bot.results.sheet import FLOORS, PUBLIC, STAFF, Flags, Groups, Sheet
from bot.results.tally import Numbers

PRICES: Mapping[str, int] = {STAFF: 1, PUBLIC: 20}  # staff have the public figure where an exact one is hidden

Costs = NDArray[np.float64]
Place = tuple[int, int]
"""A count: its group and its column."""
Column = tuple[int, bool]
"""A column that changes, and whether it is one more."""


@dataclass(frozen=True)
class Step:
    """A step to other ballots: the price of what must be hidden for it, and the counts that are one more or one less."""

    price: float
    more: tuple[Place, ...] = ()
    less: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Market:
    """What it costs to let a count be lost by a group or gained: nothing where there is room, infinite where there can be
    none. The last column is no answer: who loses that, adds to the total."""

    lose: Costs  # groups x columns
    gain: Costs


def market(sheet: Sheet, views: Sequence[str], at: Groups) -> Market:
    """Set the prices of a question, for what some readers are shown together."""
    up, down = np.zeros(sheet.counts.shape), np.zeros(sheet.counts.shape)
    for view, space in zip(views, answer_rooms(sheet, views, at), strict=True):
        price = _price(sheet, view)
        up += np.where(space.up, 0, price)
        down += np.where(space.down, 0, np.where(sheet.counts > FLOORS[view], price, np.inf))
    up[:, -1], down[:, -1] = down[:, -1].copy(), up[:, -1].copy()
    return Market(down, up)


def _price(sheet: Sheet, view: str) -> Costs:
    """Give the price of hiding each count: infinite where it is hidden; a total takes its group with it."""
    share = sheet.counts / max(sheet.counts[0, -1], 1)
    price = PRICES[view] * (1 + share)
    shown = ~sheet.hidden[view]
    price[:, -1] = (price * shown).sum(1)
    return np.where(shown, price, np.inf)


def cheapest(sheet: Sheet, views: Sequence[str], at: Groups, place: Place) -> Step:
    """Find the cheapest step that changes a count. Its price is infinite if there is none."""
    prices = market(sheet, views, at)
    return min(_steps(sheet, prices, at, place), key=lambda step: step.price, default=Step(np.inf))


def _steps(sheet: Sheet, prices: Market, at: Groups, place: Place) -> Iterator[Step]:
    """Give the cheapest step of each sort that changes a count."""
    row, column = place
    has, here = single(sheet) > 0, at.member[:, row]
    if sheet.several and column < sheet.options:
        yield from _ticks(sheet, prices, at, place)
    for other in range(has.shape[1]):
        if other != column:
            for gone, come in ((column, other), (other, column)):
                yield _one_changes(has[:, gone] & here, prices, at, gone, come)
                if row:
                    yield _two_swap(has, prices, at, here, gone, come)


def _one_changes(who: Flags, prices: Market, at: Groups, gone: int, come: int) -> Step:
    """One ballot in `who` answers `come` where it answered `gone`."""
    return _alone(prices.lose[:, gone] + prices.gain[:, come], who, at, _columns(prices, gone, come))


def _columns(prices: Market, gone: int, come: int) -> tuple[Column, Column]:
    """Tell what changes in a group that loses one answer and gains another: who loses no answer, adds to the total."""
    none = prices.lose.shape[1] - 1
    return (gone, gone == none), (come, come != none)


def _turned(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple((column, not more) for column, more in columns)


def _step(price: float, changes: list[tuple[Numbers, tuple[Column, ...]]]) -> Step:
    """Write a step down as counts, from the groups that change and what changes in them."""
    places = [((int(row), column), more) for rows, columns in changes for row in rows for column, more in columns]
    return Step(price, tuple(p for p, more in places if more), tuple(p for p, more in places if not more))


def _alone(cost: Costs, who: Flags, at: Groups, columns: tuple[Column, ...]) -> Step:
    """One ballot changes: choose the cut key for which this costs least."""
    if not who.any():
        return Step(np.inf)
    sums = np.where(who, cost[0] + cost[at.of].sum(1), np.inf)
    best = int(sums.argmin())
    return _step(float(sums[best]), [(np.array([0, *at.of[best]]), columns)])


def _two_swap(has: Flags, prices: Market, at: Groups, here: Flags, gone: int, come: int) -> Step:
    """A ballot of `here` that answered `gone` and one from elsewhere that answered `come` swap these."""
    left, right = prices.lose[:, gone] + prices.gain[:, come], prices.lose[:, come] + prices.gain[:, gone]
    return _pair((left, right), (has[:, gone] & here, has[:, come] & ~here), at, _columns(prices, gone, come))


def _pair(cost: tuple[Costs, Costs], who: tuple[Flags, Flags], at: Groups, columns: tuple[Column, ...]) -> Step:
    """Two ballots change, one of each side: choose the pair for which this costs least; what they share stays the same."""
    one, other = (at.of[side] for side in who)
    if not len(one) or not len(other):
        return Step(np.inf)
    sums = np.zeros((len(one), len(other)))
    for cut in range(one.shape[1]):
        differ = one[:, None, cut] != other[None, :, cut]
        sums += np.where(differ, cost[0][one[:, cut]][:, None] + cost[1][other[:, cut]], 0)
    left, right = np.unravel_index(int(sums.argmin()), sums.shape)
    apart = one[left] != other[right]
    return _step(float(sums[left, right]), [(one[left][apart], columns), (other[right][apart], _turned(columns))])


def _ticks(sheet: Sheet, prices: Market, at: Groups, place: Place) -> Iterator[Step]:
    """A ballot ticks one option more or one less, or one does the one and another the other."""
    row, column = place
    less, more = prices.lose[:, column], prices.gain[:, column]
    givers, takers = spare(sheet)[:, column], free(sheet)[:, column]
    here = at.member[:, row]
    yield _alone(less, givers & here, at, ((column, False),))
    yield _alone(more, takers & here, at, ((column, True),))
    if row:
        yield _pair((less, more), (givers & here, takers & ~here), at, ((column, False),))
        yield _pair((more, less), (takers & here, givers & ~here), at, ((column, True),))
