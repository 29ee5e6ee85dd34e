"""Who is missing among those asked, and what to do about it: of which an organiser learns no more than the figures tell."""

from __future__ import annotations

from itertools import product

import pytest

from bot.results.reach import Group, Line, Rate, Step, balance, cheapest, figure, rate, rounded
from flows.poll_facts import Figure

STAFF, ORGANISER = True, False


def region(name: str, known: int, dwellings: int | None, answered: int = 0, delivered: int | None = None) -> Group:
    """Give a region where everybody known was asked."""
    return Group("region", name, known, known, known if delivered is None else delivered, answered, dwellings)


def like(kind: str, *groups: Group) -> list[Group]:
    """Make regions another kind of group."""
    return [Group(kind, g.name, g.known, g.asked, g.delivered, g.answered, g.dwellings) for g in groups]


def step(groups: list[Group], name: str, exact: bool = STAFF) -> str:
    """Give what helps one group."""
    return next(line for line in balance(groups, exact) if line.name == name).step


KNOWN_LITTLE = [region("Limburg", 20, 2000, 8), region("Antwerpen", 380, 2000, 152)]
SILENT = [region("Limburg", 100, 1000, 10), region("Antwerpen", 100, 1000, 60)]


@pytest.mark.parametrize(
    ("n", "shown"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1003, 1005)]
)
def test_organisers_see_numbers_from_ten_rounded_to_five(n: int, shown: int | None) -> None:
    assert (rounded(n), figure(n, exact=False)) == (shown, Figure(shown))


def test_staff_see_exact_numbers() -> None:
    assert figure(3, exact=True) == Figure(3, True)


@pytest.mark.parametrize(
    ("answered", "delivered", "exact", "percent"),
    [
        (1, 3, STAFF, 33),
        (0, 0, STAFF, None),
        (9, 40, ORGANISER, None),
        (9, 9, ORGANISER, None),
        (40, 121, ORGANISER, 33),
    ],
)
def test_a_rate_comes_with_what_it_is_a_share_of(
    answered: int, delivered: int, exact: bool, percent: int | None
) -> None:
    assert rate(answered, delivered, exact) == Rate(percent, figure(delivered, exact))


def test_an_organiser_never_reads_that_all_of_a_group_answered() -> None:
    assert rate(20, 20, ORGANISER).percent == 95


def test_a_region_with_few_tenants_known_for_its_dwellings_misses_them() -> None:
    """400 known in 4,000 dwellings: 200 are expected of 2,000, and 20 are there."""
    lines = balance(KNOWN_LITTLE, STAFF)
    assert [(line.name, line.missing, line.step) for line in lines] == [
        ("Limburg", 180, "poster"),
        ("Antwerpen", 0, "nothing"),
    ]


def test_a_region_that_answers_less_than_the_average_misses_answers() -> None:
    """70 of 200 answered: 35 are expected of 100, and 10 came."""
    assert [(line.name, line.missing) for line in balance(SILENT, STAFF)] == [("Limburg", 25), ("Antwerpen", 0)]


def test_a_group_near_the_average_misses_nobody() -> None:
    groups = [region("Limburg", 80, 1000, 30), region("Antwerpen", 100, 1000, 40)]
    assert {line.step for line in balance(groups, STAFF)} == {"nothing"}


def test_where_the_dwellings_are_unknown_only_answers_are_compared() -> None:
    assert step([region("Limburg", 20, None, 8), region("Antwerpen", 380, 2000, 152)], "Limburg") == "nothing"


def test_a_quiet_block_is_visited_an_unknown_one_gets_a_poster() -> None:
    assert step(like("block", *SILENT), "Limburg") == "doorstep"
    assert step(like("block", *KNOWN_LITTLE), "Limburg") == "poster"


def test_a_quiet_language_gets_somebody_who_speaks_it() -> None:
    arabic = Group("language", "ar", 60, 60, 60, 6)
    assert step([arabic, Group("language", "nl", 400, 400, 400, 200)], "ar") == "caller"


def test_of_few_who_were_reached_it_is_not_judged_whether_they_are_quiet() -> None:
    assert step([region("Limburg", 9, None, 0), region("Antwerpen", 100, None, 90)], "Limburg") == "nothing"


def test_the_cheapest_step_comes_first_whatever_is_missing_most() -> None:
    quiet_block, quiet_region = like("block", *SILENT), SILENT
    assert cheapest(balance([*quiet_block, *quiet_region], STAFF)) == Step("poster", "region", "Limburg")
    unknown_block = like("block", region("B2", 2, 60), region("B3", 40, 60))
    assert cheapest(balance([*KNOWN_LITTLE, *unknown_block], STAFF)) == Step("poster", "block", "B2")


def test_of_steps_that_are_alike_the_one_where_most_are_missing_comes_first() -> None:
    groups = [region("Limburg", 100, None, 5), region("Brussel", 200, None, 10), region("Antwerpen", 300, None, 200)]
    assert cheapest(balance(groups, STAFF)).where == "Brussel"


def test_nothing_is_to_be_done_when_nobody_is_missing() -> None:
    assert cheapest(balance([region("Limburg", 100, 1000, 50)], STAFF)) == cheapest(()) == Step("nothing")


def test_organisers_are_advised_from_the_figures_that_they_see() -> None:
    """Whatever the exact numbers behind the same figures are, the advice is the same."""
    advice: dict[tuple[object, ...], set[tuple[Line, ...]]] = {}
    for known, answered in product((3, 9, 18, 22), (0, 8, 13, 17)):
        if answered <= known:
            groups = [region("Limburg", known, 200, answered), region("Antwerpen", 98, 400, 60)]
            seen = tuple((rounded(n)) for n in (known, answered, known + 98, answered + 60))
            advice.setdefault(seen, set()).add(balance(groups, ORGANISER))
    assert len(advice) > 3
    assert all(len(said) == 1 for said in advice.values())
    assert {lines[0].missing % 5 for said in advice.values() for lines in said} == {0}
