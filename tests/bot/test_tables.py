"""The tables of a poll, as the public and staff read them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence

import pytest

from bot.results.tables import Asked, Cell, Counted, both, frozen, group, share, shares

KNOWS = Asked("weet", "yesno", ("yes", "no"))
DAYS = Asked("dagen", "several", ("mon", "tue", "wed"))
IDEA = Asked("idee", "text")


def said(n: int, region: str = "Limburg", language: str = "nl", origin: str = "chat", **answers: str) -> Counted:
    """Give ballots that are alike; options are parted by spaces."""
    return Counted(region, language, origin, {id: tuple(chosen.split()) for id, chosen in answers.items()}, n)


def column(cells: Sequence[Cell], question: str, cut: str = "all", cell: str = "all") -> dict[str, int | None]:
    """Read the figures of one question in one cell, by option."""
    return {c.option: c.count for c in cells if (c.question, c.cut, c.cell) == (question, cut, cell)}


def read(view: str, *ballots: Counted, asked: Sequence[Asked] = (KNOWS,)) -> tuple[Cell, ...]:
    """Make the tables of one reader."""
    return frozen(asked, ballots, view)


HALF = said(57, weet="yes"), said(43, weet="no"), said(12, weet="skip")
MIXED = *HALF, said(33, "Antwerpen", weet="yes"), said(41, "Antwerpen", weet="no"), said(14, "Antwerpen", weet="skip")


def test_the_public_reads_counts_rounded_to_five() -> None:
    assert column(read("public", *HALF), "weet") == {"": 110, "yes": 55, "no": 45, "skip": 10}


def test_staff_read_exact_counts() -> None:
    assert column(read("staff", *HALF), "weet") == {"": 112, "yes": 57, "no": 43, "skip": 12}


def test_each_cut_has_its_cells_with_the_total_first() -> None:
    cells = read("staff", *MIXED)
    assert [(c.cut, c.cell) for c in cells if c.question == "weet" and not c.option] == [
        ("all", "all"),
        ("region", "Antwerpen"),
        ("region", "Limburg"),
        ("language", "nl"),
        ("origin", "chat"),
    ]
    assert column(cells, "weet", "region", "Antwerpen") == {"": 88, "yes": 33, "no": 41, "skip": 14}


def test_the_ballots_are_counted_in_each_cell() -> None:
    """Who never reached the question handed in a ballot too."""
    cells = read("staff", *MIXED, said(7, "Antwerpen"))
    assert column(cells, "", "region", "Antwerpen") == {"": 95}
    assert column(cells, "weet", "region", "Antwerpen")[""] == 88


@pytest.mark.parametrize(("view", "below"), [("public", 10), ("staff", 5)])
def test_no_count_under_the_floor_is_shown_nor_that_there_is_none(view: str, below: int) -> None:
    for few in range(below):
        ballots = said(60, weet="yes"), said(50, weet="no"), *([said(few, weet="skip")] if few else [])
        (skip,) = [c for c in read(view, *ballots) if (c.question, c.cut, c.option) == ("weet", "all", "skip")]
        assert skip.hidden
        assert skip.count is None


def test_what_is_hidden_stays_as_a_row() -> None:
    cells = read("public", said(3, weet="yes"))
    assert {c.option for c in cells if c.question == "weet" and c.hidden} == {"", "yes", "no", "skip"}


def test_a_hidden_row_has_no_count_and_a_shown_one_has() -> None:
    for cells in both((KNOWS,), (*MIXED, said(3, "Brussel", weet="no"))).values():
        assert all(c.hidden == (c.count is None) for c in cells)


def test_staff_see_a_second_row_hidden_where_one_could_be_worked_out_from_the_sum() -> None:
    hidden = [c.cell for c in read("staff", *MIXED, said(3, "Brussel", weet="no")) if not c.question and c.hidden]
    assert hidden[0] == "Brussel" or hidden[1] == "Brussel"
    assert len(hidden) == 2


def test_where_nothing_else_helps_the_whole_cut_is_hidden_from_both() -> None:
    """Limburg's 102 would be 100 for the public, so at least four live elsewhere; and staff's floor says: at most four."""
    ballots = said(51, weet="yes"), said(51, weet="no"), said(4, "Brussel", weet="no")
    for cells in both((KNOWS,), ballots).values():
        assert all(c.hidden for c in cells if c.cut == "region")
        assert column(cells, "")[""] in (105, 106)


def test_of_a_group_that_is_hidden_no_answer_is_shown() -> None:
    cells = read("staff", *MIXED, said(2, "Brussel", weet="no"), said(1, "Brussel", weet="yes"))
    assert set(column(cells, "weet", "region", "Brussel").values()) == {None}


def test_several_options_of_one_person_count_as_one_person() -> None:
    cells = read("staff", said(20, dagen="mon tue"), said(15, dagen="wed"), said(5, dagen="skip"), asked=[DAYS])
    assert column(cells, "dagen") == {"": 40, "mon": 20, "tue": 20, "wed": 15, "skip": 5}


def test_of_own_words_it_is_counted_that_they_were_written() -> None:
    cells = read("staff", said(20, idee="written"), said(15, idee="skip"), asked=[IDEA])
    assert column(cells, "idee") == {"": 35, "written": 20, "skip": 15}


@pytest.mark.parametrize("size", [5, 9, 12, 19])
def test_nobody_reads_that_all_of_a_small_group_agreed(size: int) -> None:
    ballots = *MIXED, said(size, "Brussel", weet="no")
    for cells in both((KNOWS,), ballots).values():
        assert column(cells, "weet", "region", "Brussel")["no"] is None


def test_that_nearly_all_of_many_agreed_is_public_and_rounded() -> None:
    views = both((KNOWS,), (said(203, weet="yes"), said(3, weet="no")))
    assert column(views["public"], "weet")["yes"] == 205
    assert column(views["staff"], "weet")["yes"] is None


def test_without_ballots_nothing_is_shown() -> None:
    assert [(c.question, c.option, c.count) for c in read("staff")] == [
        (question, option, None) for question, option in (("", ""), *(("weet", o) for o in ("", "yes", "no", "skip")))
    ]


def test_the_order_of_ballots_makes_no_difference() -> None:
    ballots = [*MIXED, said(3, "Brussel", weet="no"), said(4, "Brussel", "ar", "paper", weet="yes")]
    once = both((KNOWS,), ballots)
    assert both((KNOWS,), ballots[::-1]) == once
    assert (
        both((KNOWS,), [Counted(b.region, b.language, b.origin, b.answers) for b in ballots for _ in range(b.n)])
        == once
    )


# What is refused.


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        (KNOWS, {"weet": "maybe"}),
        (KNOWS, {"weet": "yes no"}),
        (KNOWS, {"weet": ""}),
        (KNOWS, {"andere": "yes"}),
        (DAYS, {"dagen": "mon skip"}),
        (DAYS, {"dagen": "mon mon"}),
        (IDEA, {"idee": "Maak-het-weer-proper"}),
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_refused_unread(asked: Asked, answers: Mapping[str, str]) -> None:
    with pytest.raises(ValueError, match="question") as refused:
        read("public", said(1, **answers), asked=[asked])
    assert "proper" not in str(refused.value)


def test_two_questions_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="one id"):
        read("public", asked=[KNOWS, KNOWS])


def test_a_ballot_that_is_counted_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="0 times"):
        said(0, weet="yes")


# Counting what the database holds.


def stored(ballot: Mapping[str, Sequence[str]], **more: str) -> str:
    """Write answers as the database does, or, with `separators`, as people do."""
    return json.dumps(ballot, separators=(",", ":"))


def test_stored_ballots_are_counted_as_parsed_ones_are() -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    rows = []
    for _ in range(500):
        days = chance.sample(DAYS.options, chance.randint(1, 3))
        answers = {"weet": [chance.choice(KNOWS.rows)], "dagen": days, "idee": ["written"]}
        kept = dict(list(answers.items())[: chance.randint(0, 3)])
        rows.append(((chance.choice("ABC"), chance.choice(("nl", "ar")), "chat"), stored(kept)))
    parsed = [Counted(*key, {id: tuple(chosen) for id, chosen in json.loads(text).items()}) for key, text in rows]
    assert both((KNOWS, DAYS, IDEA), group(rows)) == both((KNOWS, DAYS, IDEA), parsed)


@pytest.mark.parametrize(
    "text",
    ['{"weet": ["yes"], "q],{": ["a"]}', '{"weet":["yes"],"q],{":["a"]}', '{"q],{":["a"],"weet":["yes"]}'],
)
def test_ballots_in_an_unusual_hand_are_read_all_the_same(text: str) -> None:
    cells = frozen(
        (KNOWS, Asked("q],{", "choice", ("a", "b"))), group([(("Limburg", "nl", "chat"), text)] * 30), "staff"
    )
    assert column(cells, "q],{")[""] == column(cells, "weet")[""] == 30


@pytest.mark.parametrize(
    "text", ["", "[]", '{"weet":"yes"}', '{"weet":["yes"', '{"weet":[["yes"],["no"]]}', '{"weet":[1]}']
)
def test_what_is_no_ballot_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are those of the JSON reader
        group([(("Limburg", "nl", "chat"), '{"weet":["yes"]}'), (("Limburg", "nl", "chat"), text)])


# Shares.


@pytest.mark.parametrize(
    ("count", "of", "percent"),
    [
        (50, 200, 25),
        (51, 202, 25),  # as 50 of 200
        (35, 90, 40),  # of fewer than a hundred: to the nearest five
        (45, 45, 95),
        (300, 300, 99),
        (10, 5000, 1),
        (None, 200, None),
        (10, None, None),
        (7, 40, None),  # staff's, and too few for a share
    ],
)
def test_a_share_is_told_from_rounded_counts_and_never_as_nought_or_all(
    count: int | None, of: int | None, percent: int | None
) -> None:
    assert share(count, of) == percent


def test_the_shares_of_a_question_stand_in_the_order_of_its_options() -> None:
    cells = read("public", said(60, weet="no"), said(140, weet="yes"), said(3, weet="skip"))
    assert list(shares(cells, "weet").items()) == [("yes", 68), ("no", 29), ("skip", None)]


def test_staffs_exact_counts_give_the_publics_shares() -> None:
    views = both((KNOWS,), MIXED)
    assert shares(views["staff"], "weet", "region", "Limburg") == shares(views["public"], "weet", "region", "Limburg")
