"""The reach balance: how many are known, asked and heard in each group, who is missing, and the cheapest thing to do next.

All that leaves here is worked out from the figures that the reader sees, so that no advice tells more than these: staff see
exact numbers, organisers from ten on, rounded to five. Where an organiser's figure is hidden (0 to 9), five stands for it.

A group is *unknown* when fewer of its tenants wrote to the bot than its dwellings would make one expect, and *quiet* when
fewer answered than were reached would make one expect; both compared with the average of all groups of its kind, and only
below three quarters of that, where at least five are expected.

The cheapest step is the first of these that helps, by what it asks of volunteers; of two alike, where most are missing:

1. a poster in one block, for an unknown block: one sheet of paper, and it reaches who never wrote;
2. a poster with a landlord, for one that is unknown or quiet: paper and one conversation;
3. posters in a region, for one that is unknown or quiet: paper and a morning;
4. a caller, for a quiet language: one person who speaks it, in the evening;
5. the doorstep, for a quiet block: two people and several evenings. There the poster was not enough: they know the bot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.results import sheet
from bot.results.tables import share
from flows.poll_facts import FLOOR, Figure

HIDDEN = 5  # stands for a figure from 0 to 9
FEWEST = 5  # expected, before a group can be missing
STEPS = (
    ("poster", "block"),
    ("poster", "landlord"),
    ("poster", "region"),
    ("caller", "language"),
    ("doorstep", "block"),
)
"""What can be done and for which kind of group, the cheapest first."""
NOTHING = "nothing"


@dataclass(frozen=True)
class Group:
    """Exact numbers of one region, landlord, block or language: tenants known to the bot, asked, reached, and who answered.

    `dwellings` is how many there are, where that is known; languages have none.
    """

    kind: str
    name: str
    known: int
    asked: int
    delivered: int
    answered: int
    dwellings: int | None = None


@dataclass(frozen=True)
class Rate:
    """Who answered, in whole percent of `of`, who were reached; None where a figure is hidden or nobody was reached."""

    percent: int | None
    of: Figure


@dataclass(frozen=True)
class Line:
    """A group as a reader may see it. `missing` is how many more are expected: tenants known if it is unknown, else
    answers; nought if it is neither. `step` is poster, doorstep, caller or nothing."""

    kind: str
    name: str
    dwellings: int | None
    known: Figure
    asked: Figure
    delivered: Figure
    answered: Figure
    rate: Rate
    missing: int = 0
    step: str = NOTHING


@dataclass(frozen=True)
class Step:
    """What to do next, and where: the kind and the name of a group."""

    code: str
    kind: str = ""
    where: str = ""


def rounded(n: int) -> int | None:
    """Give a number as organisers see it: None under ten, else to the nearest five."""
    return sheet.rounded(n) if n >= FLOOR else None


def figure(n: int, exact: bool) -> Figure:
    """Give a number as staff (`exact`) or organisers see it."""
    return Figure(n, True) if exact else Figure(rounded(n))


def rate(answered: int, delivered: int, exact: bool) -> Rate:
    """Give a response rate with what it is a share of."""
    of = figure(delivered, exact)
    if exact:
        return Rate(round(100 * answered / delivered) if delivered else None, of)
    return Rate(share(rounded(answered), of.value), of)


def balance(groups: Iterable[Group], exact: bool) -> tuple[Line, ...]:
    """Give each group with what is missing there and what helps; who is missed most comes first, kind by kind."""
    by_kind: dict[str, list[Group]] = {}
    for group in groups:
        by_kind.setdefault(group.kind, []).append(group)
    lines = [_line(group, alike, exact) for alike in by_kind.values() for group in alike]
    return tuple(sorted(lines, key=lambda line: (list(by_kind).index(line.kind), -line.missing, line.name)))


def cheapest(lines: Sequence[Line]) -> Step:
    """Choose the one next step of all: see the module's rule."""
    helpful = [line for line in lines if line.step != NOTHING]
    best = min(helpful, key=lambda line: (STEPS.index((line.step, line.kind)), -line.missing, line.name), default=None)
    return Step(best.step, best.kind, best.name) if best else Step(NOTHING)


def _line(group: Group, alike: Sequence[Group], exact: bool) -> Line:
    """Compare a group with all of its kind."""
    missing, unknown = _unknown(group, alike, exact), True
    if not missing:
        missing, unknown = _quiet(group, alike, exact), False
    return Line(
        group.kind,
        group.name,
        group.dwellings,
        figure(group.known, exact),
        figure(group.asked, exact),
        figure(group.delivered, exact),
        figure(group.answered, exact),
        rate(group.answered, group.delivered, exact),
        missing,
        _step(group.kind, unknown) if missing else NOTHING,
    )


def _unknown(group: Group, alike: Sequence[Group], exact: bool) -> int:
    """Count the tenants who are missing in the bot, by the dwellings of their group."""
    counted = [one for one in alike if one.dwellings]
    if not group.dwellings:
        return 0
    known = _seen(sum(one.known for one in counted), exact)
    dwellings = sum(one.dwellings or 0 for one in counted)
    return _lacking(_seen(group.known, exact), group.dwellings * known / dwellings, exact)


def _quiet(group: Group, alike: Sequence[Group], exact: bool) -> int:
    """Count the answers that are missing, by who were reached. Of few it is not judged."""
    if group.delivered < FLOOR:
        return 0
    answered, delivered = (
        _seen(sum(n), exact) for n in zip(*((one.answered, one.delivered) for one in alike), strict=True)
    )
    return _lacking(_seen(group.answered, exact), _seen(group.delivered, exact) * answered / delivered, exact)


def _seen(n: int, exact: bool) -> int:
    """Give a number as far as the reader knows it."""
    value = figure(n, exact).value
    return HIDDEN if value is None else value


def _lacking(have: int, expected: float, exact: bool) -> int:
    """Count how many are missing, or nought where the group comes near what is expected."""
    if expected < FEWEST or 4 * have >= 3 * expected:
        return 0
    lacking = max(round(expected) - have, 1)
    return lacking if exact else max(sheet.rounded(lacking), sheet.STEP)


def _step(kind: str, unknown: bool) -> str:
    """Choose what helps a group: the cheapest that can."""
    if kind == "language":
        return "caller"
    return "doorstep" if kind == "block" and not unknown else "poster"
