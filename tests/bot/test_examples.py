"""The questions that the search learns from: there are enough of them, and a wrong line is refused by its number."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.i18n import LOCALES
from bot.rights.articles import read_articles
from bot.rights.examples import NONE, Example, ExamplesError, examples, read_questions
from bot.rights.text import plain
from tests.bench.questions import golden, read_rows

FIVE = ("ar", "en", "fr", "nl", "tr")
# What people mix up, and what therefore needs more Dutch questions to be told apart.
CONFUSABLE = {
    "small-repairs", "landlord-repairs", "urgent-repair", "rent-calculation", "rent-increase-income-change",
    "participation-rights", "participation-ladder", "advisory-council-har", "regional-meetings", "annual-congress",
    "moving-in-together", "subletting-absence",
}  # fmt: skip
TOPICS = {"deposit", "pets", NONE}
HEAD = "topic\tkind\ttext\n"
GOOD = "deposit\tplain\tWanneer krijg ik mijn waarborg terug?\n"


@pytest.fixture(scope="module")
def learned() -> list[Example]:
    return examples()


def written(folder: Path, text: str) -> Path:
    path = folder / "nl" / "questions.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def in_the_articles(language: str) -> dict[str, int]:
    """Count the example questions in the front matter of each topic."""
    return {a.topic: len(a.front.examples) for a in read_articles() if a.language == language}


def test_at_least_150_examples_are_out_of_scope_and_each_language_has_some(learned: list[Example]) -> None:
    outside = Counter(example.language for example in learned if example.topic == NONE)
    assert outside.total() >= 150
    assert set(outside) == set(FIVE)


def test_dutch_articles_have_eight_example_questions_and_twelve_where_topics_are_confused() -> None:
    found = in_the_articles("nl")
    assert set(found) >= CONFUSABLE
    assert {t: n for t, n in found.items() if n < (12 if t in CONFUSABLE else 8)} == {}


@pytest.mark.parametrize("language", [code for code in FIVE if code != "nl"])
def test_other_articles_have_four_example_questions(language: str) -> None:
    assert {topic: n for topic, n in in_the_articles(language).items() if n < 4} == {}


def test_every_topic_is_learned_in_five_languages(learned: list[Example]) -> None:
    pairs = {(example.topic, example.language) for example in learned}
    assert {(a.topic, code) for a in read_articles() for code in FIVE} <= pairs


def test_the_golden_questions_ask_about_every_topic_in_five_languages() -> None:
    asked = {(topic, question.language) for question in golden() for topic in question.right}
    assert {(a.topic, code) for a in read_articles() for code in FIVE} - asked == set()


def test_no_golden_question_is_learned(learned: list[Example]) -> None:
    known = {plain(example.text) for example in learned}
    assert [question.text for question in golden() if plain(question.text) in known] == []


@pytest.mark.parametrize("language", FIVE)
def test_no_line_of_the_examples_stands_twice(language: str) -> None:
    lines = Counter(tuple(row.values()) for row in read_rows(LOCALES / language / "questions.tsv"))
    assert [line for line, times in lines.items() if times > 1] == []


def test_a_good_file_is_read_with_the_language_of_its_folder(tmp_path: Path) -> None:
    assert read_questions(written(tmp_path, HEAD + GOOD), TOPICS) == [
        Example("Wanneer krijg ik mijn waarborg terug?", "nl", "deposit")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "deposits\tplain\tEen vraag",
        "deposit\tshouted\tEen vraag",
        "deposit\tplain\t  ",
        "deposit\tplain",
        "deposit\tplain\tEen vraag\tmet een tab",
        "deposit plain Een vraag",
    ],
)
def test_a_wrong_line_is_refused_by_file_and_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(ExamplesError, match=r"^nl/questions\.tsv, line 3: expected topic, kind and text"):
        read_questions(written(tmp_path, f"{HEAD}{GOOD}{line}\n{GOOD}"), TOPICS)


def test_the_number_is_right_after_an_empty_line(tmp_path: Path) -> None:
    with pytest.raises(ExamplesError, match="line 4:"):
        read_questions(written(tmp_path, f"{HEAD}\n{GOOD}wrong\n"), TOPICS)


def test_a_file_without_the_names_of_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExamplesError, match=r"^nl/questions\.tsv, line 2: expected topic, kind and text"):
        read_questions(written(tmp_path, GOOD + GOOD), TOPICS)


def test_a_question_that_staff_linked_is_learned_once_and_only_for_a_topic_that_is(learned: list[Example]) -> None:
    new = Example("Mag mijn papegaai blijven als hij vloekt?", "nl", "pets")
    old, gone = learned[0], Example("Een vraag", "nl", "no-such-topic")
    assert examples(linked=[new, old, gone]) == [*learned, new]


def test_the_examples_come_in_the_same_order_wherever_they_stand(tmp_path: Path, learned: list[Example]) -> None:
    for language in reversed(FIVE):
        shutil.copytree(LOCALES / language, tmp_path / language)
    assert examples(tmp_path) == learned
