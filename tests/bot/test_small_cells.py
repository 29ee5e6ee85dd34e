"""An attacker with every published table and a solver tries to work out what is hidden, and fails.

The solver looks for whole numbers that fit all that is published. If a hidden count is the same in every solution, it is
known. To have both tables is the strongest attack: who has two or three views of these has fewer equations. This attacker
even knows which counts are hidden because they are small, unless no table shows anything of that question and cut.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from bot.results.sheet import NEARLY_ALL
from bot.results.tables import Asked, Cell, Counted, both
from flows.poll_facts import SKIP

POPULATIONS = 200
FLOORS = {"public": 10, "staff": 5}
WAYS = 1, -1  # the least and the most
Name = tuple[str, str, str, str]
"""Question, cut, cell, option: a count."""
Truth = Mapping[Name, int]
Views = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True)
class Town:
    """Questions, and who answered what."""

    questions: tuple[Asked, ...]
    ballots: tuple[Counted, ...]


def town(chance: random.Random) -> Town:
    """Invent a population of 5 to 400, most of it in few groups and of few opinions."""
    regions, languages, origins = (
        [f"{name}{n}" for n in range(chance.randint(low, high))]
        for name, low, high in (("region", 2, 6), ("language", 1, 5), ("origin", 1, 3))
    )
    questions = tuple(question(f"q{n}", chance) for n in range(chance.randint(1, 4)))
    tastes = {asked.id: skewed(asked.rows, chance) for asked in questions}
    weights = [skewed(cells, chance) for cells in (regions, languages, origins)]
    stops = chance.choice((0.0, 0.02, 0.2))
    ballots = []
    for _ in range(int(5 * 80 ** chance.random())):
        region, language, origin = (chance.choices(list(weight), list(weight.values()))[0] for weight in weights)
        answers = {}
        for asked in questions:
            if chance.random() < stops:
                break
            answers[asked.id] = answer(asked, tastes[asked.id], chance)
        ballots.append(Counted(region, language, origin, answers))
    return Town(questions, tuple(ballots))


def question(id: str, chance: random.Random) -> Asked:
    """Invent a question."""
    kind = chance.choice(("yesno", "choice", "several", "faces", "number", "text"))
    match kind:
        case "yesno":
            return Asked(id, kind, ("yes", "no"))
        case "text":
            return Asked(id, kind)
        case "faces":
            return Asked(id, kind, tuple("54321"))
        case _:
            return Asked(id, kind, tuple(f"o{n}" for n in range(chance.randint(2, 6))))


def skewed(names: Sequence[str], chance: random.Random) -> dict[str, float]:
    """Give weights of which some are much larger than others."""
    power = chance.choice((1, 3, 8))
    return {name: chance.random() ** power + 0.001 for name in names}


def answer(asked: Asked, taste: Mapping[str, float], chance: random.Random) -> tuple[str, ...]:
    """Invent an answer."""
    chosen = chance.choices(list(taste), list(taste.values()), k=chance.randint(1, 3) if asked.kind == "several" else 1)
    return ("skip",) if "skip" in chosen else tuple(sorted(set(chosen)))


def counted(at: Town) -> dict[Name, int]:
    """Count everything the plain way."""
    counts: dict[Name, int] = {}
    for ballot in at.ballots:
        named = [("region", ballot.region), ("language", ballot.language), ("origin", ballot.origin)]
        for cut, cell in (("all", "all"), *named):
            for asked in at.questions:
                for option in (*asked.rows, ""):
                    chosen = ballot.answers.get(asked.id)
                    name = asked.id, cut, cell, option
                    counts.setdefault(name, 0)
                    if chosen is not None and (not option or option in chosen):
                        counts[name] += ballot.n
            counts["", cut, cell, ""] = counts.get(("", cut, cell, ""), 0) + ballot.n
    return counts


def naive(truth: Truth) -> Views:
    """Publish with small counts hidden, and nothing else."""
    return {
        view: [
            Cell(*name, None if n < floor else round_(n) if view == "public" else n, n < floor)
            for name, n in truth.items()
        ]
        for view, floor in FLOORS.items()
    }


def round_(n: int) -> int:
    return 5 * round(n / 5)


@dataclass
class Attacker:
    """Someone with some of the views, the questions, and a solver."""

    asked: Sequence[Asked]
    truth: Truth  # which counts are small, and what a success is measured by
    chance: random.Random
    place: dict[Name, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rules: list[tuple[dict[int, int], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in self.truth:
            self.place[name] = len(self.low)
            self.low.append(name[0] == "" and name[1] != "all")  # a group that is named has a ballot
            self.high.append(np.inf)
        self.know_sums()

    def know_sums(self) -> None:
        """Groups add up to all; options to people, or, where several may be chosen, to at least as many."""
        cells: dict[str, list[str]] = {}
        for question, cut, cell, _option in self.truth:
            if not question:
                cells.setdefault(cut, []).append(cell)
        for question, cut, _cell, option in self.truth:
            if cut == "all":
                for other in cells.keys() - {"all"}:
                    parts = {self.place[question, other, one, option]: 1 for one in cells[other]}
                    self.rule({**parts, self.place[question, "all", "all", option]: -1}, 0, 0)
        for asked in self.asked:
            for cut, names in cells.items():
                for cell in names:
                    self.know_group(asked, cut, cell)

    def know_group(self, asked: Asked, cut: str, cell: str) -> None:
        """Not more answer than there are ballots; nobody says both something and "rather not"."""
        total = self.place[asked.id, cut, cell, ""]
        options = [self.place[asked.id, cut, cell, option] for option in asked.rows]
        self.rule({total: 1, self.place["", cut, cell, ""]: -1}, -np.inf, 0)
        several = asked.kind == "several"
        self.rule({total: -1, **dict.fromkeys(options, 1)}, 0, np.inf if several else 0)
        for option in options[:-1]:
            self.rule({option: 1, options[-1]: 1, total: -1}, -np.inf, 0)

    def rule(self, weights: dict[int, int], low: float, high: float) -> None:
        """Know that a sum lies between two bounds."""
        self.rules.append((weights, low, high))

    def read(self, views: Views) -> None:
        """Take in tables."""
        told = {(cell.question, cell.cut) for cells in views.values() for cell in cells if not cell.hidden}
        for view, cells in views.items():
            for cell in cells:
                self.read_cell(view, cell, (cell.question, cell.cut) in told)

    def read_cell(self, view: str, cell: Cell, told: bool) -> None:
        """Take in one count."""
        name, floor = (cell.question, cell.cut, cell.cell, cell.option), FLOORS[view]
        if cell.count is not None:
            spread = 2 if view == "public" else 0
            self.between(name, max(floor, cell.count - spread), cell.count + spread)
        elif told:
            small = self.truth[name] < floor
            self.between(name, 0 if small else floor, floor - 1 if small else np.inf)

    def between(self, name: Name, low: float, high: float) -> None:
        """Know the bounds of a count."""
        at = self.place[name]
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)

    def knows(self, targets: Iterable[Name]) -> list[Name]:
        """Tell which of some counts have the same value in all solutions."""
        open_, idle = set(targets), 0
        while open_ and idle < 2:  # solutions that differ in many counts at once save most of the work
            found = self.solve([(name, self.chance.choice(WAYS)) for name in sorted(open_)])
            different = {name for name in open_ if found(name) != self.truth[name]}
            idle = 0 if different else idle + 1
            open_ -= different
        return [
            name for name in sorted(open_) if all(self.solve([(name, way)])(name) == self.truth[name] for way in WAYS)
        ]

    def knows_all(self, targets: Iterable[Name]) -> list[Name]:
        """Tell of which options it is certain that everybody in their group chose them."""
        open_ = set(targets)
        while open_:
            found = self.solve([pair for name in sorted(open_) for pair in ((name, 1), ((*name[:3], ""), -1))])
            different = {name for name in open_ if found(name) != found((*name[:3], ""))}
            if not different:  # the number of others, in all of them together, is nought at most
                return sorted(open_)
            open_ -= different
        return []

    def solve(self, weights: Sequence[tuple[Name, int]]) -> Callable[[Name], int]:
        """Find whole numbers that fit everything known and make a weighted sum as small as can be."""
        sum_ = np.zeros(len(self.place))
        np.add.at(sum_, [self.place[name] for name, _weight in weights], [weight for _name, weight in weights])
        ceiling = self.truth["", "all", "all", ""] + 20
        bounds = Bounds(self.low, np.minimum(self.high, ceiling))
        found = milp(sum_, constraints=self.constraints, bounds=bounds, integrality=np.ones(len(sum_)))
        assert found.status == 0, found.message
        return lambda name: round(found.x[self.place[name]])

    @cached_property
    def constraints(self) -> LinearConstraint:
        """Write what is known of sums as the solver wants it."""
        entries = [(row, at, weight) for row, (weights, *_) in enumerate(self.rules) for at, weight in weights.items()]
        rows, columns, values = zip(*entries, strict=True)
        matrix = coo_array((values, (rows, columns)), shape=(len(self.rules), len(self.place))).tocsr()
        return LinearConstraint(matrix, [low for _, low, _ in self.rules], [high for _, _, high in self.rules])


def options_of(at: Town, question: str) -> tuple[str, ...]:
    """Give the options of a question, or none for the ballots themselves."""
    return next((asked.rows for asked in at.questions if asked.id == question), ())


def of_several_opinions(at: Town, truth: Truth, name: Name) -> bool:
    """Tell whether no option was chosen by nearly all of a group."""
    most = truth[(*name[:3], "")] - NEARLY_ALL
    return all(truth[(*name[:3], option)] <= most for option in options_of(at, name[0]))


def attack(at: Town, truth: Truth, views: Views, chance: random.Random) -> list[str]:
    """Say what attackers with these views know: counts that are too small for them, groups that are of one opinion.

    Who is after answers also knows how many ballots each group has.
    """
    floor = min(FLOORS[view] for view in views)
    tapped = {asked.id for asked in at.questions if asked.kind != "text"}
    harmless = {
        name
        for name, n in truth.items()
        if n == 0 and name[3] == SKIP and name[0] in tapped and of_several_opinions(at, truth, name)
    }
    small = [name for name, n in truth.items() if n < floor and name not in harmless]
    agreed = [name for name, n in truth.items() if n and name[3] and n == truth[(*name[:3], "")]]
    curious, informed = Attacker(at.questions, truth, chance), Attacker(at.questions, truth, chance)
    curious.read(views)
    informed.read(views)
    for name, n in truth.items():
        if not name[0]:
            informed.between(name, n, n)
    return [
        *(f"{name} is {truth[name]}" for name in curious.knows(name for name in small if not name[3])),
        *(f"{name} is {truth[name]}" for name in informed.knows(name for name in small if name[3])),
        *(f"{name} is all of them" for name in informed.knows_all(agreed)),
    ]


NAIVE = 12  # populations


@pytest.mark.slow
def test_no_two_tables_give_a_small_count_away(towns: Sequence[Town], chance: random.Random) -> None:
    """Neither the public's table alone, nor that with staff's."""
    for n, at in enumerate(towns):
        truth, views = counted(at), both(at.questions, at.ballots)
        for hand in ({"public": views["public"]}, views):
            assert not attack(at, truth, hand, chance), f"population {n}, {' and '.join(hand)}"


def test_the_attacker_finds_small_counts_where_they_are_hidden_alone(
    towns: Sequence[Town], chance: random.Random
) -> None:
    found = [bool(attack(at, truth, naive(truth), chance)) for at in towns[:NAIVE] for truth in [counted(at)]]
    assert sum(found) > NAIVE / 2


def test_the_attacker_subtracts(chance: random.Random) -> None:
    """Two regions and all of them: who hides only the small one, hides nothing."""
    at = of_regions(Limburg=3, Antwerpen=40)
    truth = counted(at)
    assert "('q', 'region', 'Limburg', 'yes') is 3" in attack(at, truth, {"staff": naive(truth)["staff"]}, chance)
    assert not attack(at, truth, both(at.questions, at.ballots), chance)


def test_the_attacker_sees_through_rounding(chance: random.Random) -> None:
    """43 is shown as 45, at least 43; 17 as 15, at most 17: so the third region has at least nine, and fewer than ten."""
    at = of_regions(Limburg=17, Antwerpen=17, Brussel=9)
    truth = counted(at)
    assert "('q', 'region', 'Brussel', 'yes') is 9" in attack(at, truth, {"public": naive(truth)["public"]}, chance)
    assert not attack(at, truth, {"public": both(at.questions, at.ballots)["public"]}, chance)


def of_regions(**answered: int) -> Town:
    """Give a town where in each region as many say yes as say no."""
    ballots = [
        Counted(region, "nl", "chat", {"q": (said,)}, n) for region, n in answered.items() for said in ("yes", "no")
    ]
    return Town((Asked("q", "yesno", ("yes", "no")),), tuple(ballots))


@pytest.fixture(scope="module")
def chance() -> random.Random:
    """Give the chance of this run, which is printed."""
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture(scope="module")
def towns(chance: random.Random) -> list[Town]:
    """Invent the populations of this run."""
    return [town(chance) for _ in range(POPULATIONS)]
