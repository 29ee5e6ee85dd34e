"""`vivas-bot ask`: what the search does with one question, or with a file of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import main
from bot.rights.search import Search
from tests.bench.questions import golden

HEAD = "id\tlang\ttext\n"
DEPOSIT = "Wanneer krijg ik mijn waarborg terug?"
GAS = "I smell gas in my kitchen"


def ask(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["ask", *arguments])


def ask_file(folder: Path, text: str | bytes) -> Result:
    """Run the command on a file."""
    file = folder / "questions.tsv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return ask("--file", str(file))


def rows(result: Result) -> list[list[str]]:
    """Give what was printed, a list of cells for each line, without the head."""
    assert result.exit_code == 0, result.output
    head, *lines = result.stdout.splitlines()
    assert head.split("\t") == ["id", "decision", "topics", "ms"]
    return [line.split("\t") for line in lines]


def refusal(result: Result) -> str:
    """Give why it was refused."""
    assert result.exit_code == 2, repr(result.exception)
    return result.stderr.strip()


def test_a_question_gives_its_decision_then_topics_with_shares_then_its_language() -> None:
    lines = ask(DEPOSIT).stdout.splitlines()
    shares = [float(line.split("%")[0]) for line in lines[1:-1]]
    assert (lines[0], lines[1].split()[-1], len(shares)) == ("answer", "deposit", 5)
    assert shares == sorted(shares, reverse=True)
    assert lines[-1].startswith("language: nl, ")
    assert lines[-1].endswith(" ms")


def test_a_danger_is_named() -> None:
    assert ask(GAS).stdout.splitlines()[0] == "danger (gas)"


def test_the_language_of_a_word_can_be_told() -> None:
    result = ask("--lang", "tr", "depozito")
    assert result.stdout.splitlines()[-1].startswith("language: not sure, ")
    assert "deposit" in result.stdout


@pytest.mark.parametrize("arguments", [(), (DEPOSIT, "--file", "questions.tsv")])
def test_a_question_or_a_file_is_expected(arguments: tuple[str, ...]) -> None:
    assert refusal(ask(*arguments)) == "Expected a question, or --file with questions."


def test_a_file_gives_a_line_for_each_question_in_their_order(tmp_path: Path) -> None:
    found = rows(ask_file(tmp_path, f"{HEAD}q2\tnl\t{DEPOSIT}\nq1\ten\t{GAS}\nq3\tnl\tMag ik een hond houden?\n"))
    assert [(id, decision) for id, decision, _topics, _ms in found] == [
        ("q2", "answer"),
        ("q1", "danger"),
        ("q3", "answer"),
    ]
    assert [topics.split(",")[0] for _id, _decision, topics, _ms in (found[0], found[2])] == ["deposit", "pets"]
    assert all(len(topics.split(",")) == 5 and float(ms) >= 0 for _id, _decision, topics, ms in found)


def test_a_file_gives_what_the_search_gives(tmp_path: Path) -> None:
    some = golden()[::15]
    lines = [f"{number}\t{question.language}\t{question.text}\n" for number, question in enumerate(some)]
    told = rows(ask_file(tmp_path, HEAD + "".join(lines)))
    search = Search.load()
    found = [search.ask(question.text, question.language) for question in some]
    assert [row[:3] for row in told] == [[str(n), f.decision, ",".join(f.topics)] for n, f in enumerate(found)]


def test_decisions_are_one_of_four(tmp_path: Path) -> None:
    texts = [question.text for question in golden()[::25]]
    texts += [
        GAS,
        "De deurwaarder staat aan de deur",
        "Wat betekent huurwaarborg?",
        "hallo",
        "je bent dom",
        "xyzzy",
        "😀",
        "?",
    ]
    found = rows(ask_file(tmp_path, HEAD + "".join(f"{n}\tnl\t{text}\n" for n, text in enumerate(texts))))
    assert len(found) == len(texts)
    assert {decision for _id, decision, _topics, _ms in found} == {"answer", "choices", "handoff", "danger"}


def test_columns_stand_in_any_order_and_others_are_passed_over(tmp_path: Path) -> None:
    found = rows(ask_file(tmp_path, f"lang\tkind\ttext\tid\nnl\tplain\t{DEPOSIT}\tq7\n"))
    assert [row[:2] for row in found] == [["q7", "answer"]]


def test_a_spreadsheet_s_mark_and_line_ends_are_no_part_of_it(tmp_path: Path) -> None:
    found = rows(ask_file(tmp_path, f"\ufeff{HEAD}q1\tnl\t{DEPOSIT}\n".replace("\n", "\r\n")))
    assert [row[:2] for row in found] == [["q1", "answer"]]


def test_quotes_are_letters(tmp_path: Path) -> None:
    found = rows(ask_file(tmp_path, f'{HEAD}q1\tnl\t"Mijn waarborg\nq2\tnl\t{DEPOSIT}\n'))
    assert [row[0] for row in found] == ["q1", "q2"]


def test_an_empty_text_and_a_long_one_are_questions(tmp_path: Path) -> None:
    found = rows(ask_file(tmp_path, f"{HEAD}q1\tnl\t\nq2\tnl\t{(DEPOSIT + ' ') * 270}\n"))
    assert [(row[0], row[2].split(",")[0]) for row in found][1] == ("q2", "deposit")
    assert found[0][1] in ("choices", "handoff")


@pytest.mark.parametrize("column", ["id", "lang", "text"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    head = "\t".join(name for name in ("id", "lang", "text") if name != column)
    assert refusal(ask_file(tmp_path, f"{head}\nq1\tnl\n")) == (
        f"questions.tsv, line 1: expected the columns id, lang and text; no {column}"
    )


@pytest.mark.parametrize(
    ("head", "line", "lacks"),
    [
        ("id\tlang\ttext", "q2\tnl", "text"),
        ("text\tid\tlang", "Een vraag\tq2", "lang"),
        ("text\tlang\tid", "Vraag\tnl", "id"),
    ],
    ids=["text", "lang", "id"],
)
def test_a_short_line_is_refused_by_its_number(tmp_path: Path, head: str, line: str, lacks: str) -> None:
    good = "\t".join({"id": "q1", "lang": "nl", "text": DEPOSIT}[name] for name in head.split("\t"))
    why = refusal(ask_file(tmp_path, f"{head}\n{good}\n{line}\n"))
    assert why.startswith("questions.tsv, line 3: expected 3 columns"), lacks


def test_a_tab_in_a_text_is_refused_by_its_line(tmp_path: Path) -> None:
    why = refusal(ask_file(tmp_path, f"{HEAD}q1\tnl\tMijn huis\twanneer krijg ik mijn waarborg terug?\n"))
    assert why.startswith("questions.tsv, line 2: expected 3 columns")


def test_the_number_of_a_line_counts_empty_ones(tmp_path: Path) -> None:
    assert refusal(ask_file(tmp_path, f"{HEAD}\n\nq1\tnl\n")).startswith("questions.tsv, line 4:")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refusal(ask_file(tmp_path, "")).startswith("questions.tsv, line 1: expected the columns id, lang and text")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "gone.tsv" in refusal(ask("--file", str(tmp_path / "gone.tsv")))


def test_a_file_of_another_encoding_is_refused_by_its_name(tmp_path: Path) -> None:
    assert "questions.tsv" in refusal(ask_file(tmp_path, f"{HEAD}q1\tfr\tLe loyer a augmenté\n".encode("latin-1")))


def test_without_a_model_it_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load = Search.load
    monkeypatch.setattr(Search, "load", lambda: load(tmp_path / "search.npz"))
    assert refusal(ask(DEPOSIT)) == "search.npz: not there or damaged; `vivas-bot build-search` makes it"
