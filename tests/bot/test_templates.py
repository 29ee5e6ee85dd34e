"""The ready polls: complete in five languages, in easy Dutch, and a broken one is refused by file, line and field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.i18n import LOCALES, Languages
from bot.plain import check, reading_time
from bot.readability import hard_dutch
from bot.templates import FOLDER, TemplateError, read_template, read_templates
from flows.poll_facts import QUESTION_KINDS, SKIP, Template

TEMPLATES = read_templates()
GOOD = """\
title: {nl: "Bank", fr: "Banc"}
why: {nl: "Voor jou.", fr: "Pour vous."}
use: {nl: "We praten.", fr: "On parle."}
questions:
  - id: colour
    kind: choice
    text: {nl: "Welke kleur?", fr: "Quelle couleur ?"}
    options:
      - {id: red, nl: "Rood", fr: "Rouge"}
      - {id: blue, nl: "Blauw", fr: "Bleu"}
  - id: happy
    kind: faces
    text: {nl: "Blij?", fr: "Content ?"}
"""
ID = re.compile(r"[a-z0-9-]{1,32}")

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)


def written(template: Template) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each text of a poll with its kind, as the plain-language check wants it."""
    content = template.content
    yield from (("title", dict(content.title)), ("why", dict(content.why)), ("use", dict(content.use)))
    for question in content.questions:
        yield "question", dict(question.text)
        yield from (("option", dict(option.text)) for option in question.options)


def test_there_are_three_ready_polls() -> None:
    assert [template.id for template in TEMPLATES] == ["council-proposal", "meeting-date", "repair"]


@each_template
def test_every_text_stands_in_every_language_and_differs(template: Template) -> None:
    codes = set(Languages())
    assert codes >= {"nl", "fr", "en", "tr", "ar"}
    assert template.content.gaps(dict.fromkeys(codes, "")) == {}
    assert [text for _, text in written(template) if len(set(text.values())) < len(codes)] == []


@each_template
def test_arabic_is_written_in_arabic_letters_and_the_others_are_not(template: Template) -> None:
    arabic = re.compile("[\u0600-\u06ff]")
    for _, text in written(template):
        assert {code for code, said in text.items() if arabic.search(said)} == {"ar"}, text


@each_template
def test_the_dutch_passes_the_check_with_no_finding(template: Template) -> None:
    wrong = {text["nl"]: said for kind, text in written(template) if (said := json.loads(check(text["nl"], kind)))}
    assert wrong == {}
    assert {text["nl"]: why for _, text in written(template) if (why := hard_dutch(text["nl"]))} == {}


@each_template
def test_a_poll_is_whole_but_for_who_asks_whom_and_until_when(template: Template) -> None:
    content = template.content
    assert (content.group, content.audience, content.opens, content.closes) == ("", {}, None, None)
    assert 2 <= len(content.questions) <= 3
    assert all(question.text.keys() and question.kind in QUESTION_KINDS for question in content.questions)


@each_template
def test_it_is_read_within_a_minute(template: Template) -> None:
    assert reading_time(text["nl"] for _, text in written(template)) <= 60


@each_template
def test_ids_are_slugs_and_stand_once(template: Template) -> None:
    questions = [question.id for question in template.content.questions]
    assert len(questions) == len(set(questions))
    for question in template.content.questions:
        options = [option.id for option in question.options]
        assert len(options) == len(set(options))
        assert [id for id in (template.id, *questions, *options) if not ID.fullmatch(id) or id == SKIP] == []


@each_template
def test_who_writes_in_own_words_is_asked_to_write_no_names(template: Template) -> None:
    asked = [question.text["nl"] for question in template.content.questions if question.kind == "text"]
    assert [text for text in asked if "geen namen" not in text] == []


def test_a_number_has_its_bounds_and_options_keep_their_order() -> None:
    questions = {question.id: question for template in TEMPLATES for question in template.content.questions}
    assert questions["important"].option_ids == tuple(str(n) for n in range(11))
    assert questions["moment"].option_ids == ("morning", "afternoon", "evening")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a good poll in a file of its own."""
    file = tmp_path / "bench.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_a_poll_may_stand_in_fewer_languages(file: Path) -> None:
    poll = read_template(file)
    assert (poll.id, poll.content.title) == ("bench", {"nl": "Bank", "fr": "Banc"})
    assert poll.content.questions[0].option_ids == ("red", "blue")
    assert poll.content.gaps({"fr": "", "tr": ""}) == {"tr": 7}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title:", "titel:", "1: titel: Extra inputs are not permitted"),
        ('{nl: "Bank"', "{nl: 7", "1: title.nl: Input should be a valid string"),
        ('{nl: "Bank"', '{nl: " "', "1: title.nl: String should have at least 1 character"),
        ('{nl: "Bank"', f'{{nl: "{"a" * 61}"', "1: title.nl: String should have at most 60 characters"),
        ('{nl: "Bank"', '{de: "Bank"', "1: title: expected a text in nl"),
        ('fr: "Pour', 'fa: "Pour', "2: why: expected the languages of the title: fr, nl"),
        ('fr: "Bleu"', 'tr: "Mavi"', "10: questions.0.options.1: expected the languages of the title: fr, nl"),
        ('fr: "Bleu"', 'no: "Blå"', "10: questions.0.options.1.text: expected a language code of small letters"),
        ("kind: faces", "kind: smileys", "12: questions.1.kind: Input should be 'yesno', 'choice'"),
        ("kind: faces", "kind: choice", "11: questions.1: expected 2 to 8 options"),
        ("kind: choice", "kind: yesno", "5: questions.0: a question of kind yesno has no options"),
        ("kind: faces", "kind: number", "11: questions.1: expected low and high, low under high"),
        ("kind: faces", "kind: number\n    low: 5\n    high: 5", "11: questions.1: expected low and high, low under"),
        ("kind: faces", "kind: number\n    low: -1\n    high: 5", "13: questions.1.low: Input should be greater"),
        ("kind: faces", "kind: faces\n    low: 1", "11: questions.1: a question of kind faces has no low and high"),
        ("id: happy", "id: Happy!", "11: questions.1.id: String should match pattern"),
        ("id: happy", "id: colour", "1: file: the id 'colour' stands here twice"),
        ("id: blue", "id: red", "5: questions.0: the id 'red' stands here twice"),
        ("id: blue", "id: skip", "10: questions.0.options.1.id: 'skip' is the answer"),
        ("id: blue", "id: no", "10: questions.0.options.1.id: Input should be a valid string"),
        ("questions:", "questions: []\nothers:", "4: questions: List should have at least 1 item"),
        ("use: {nl", "use: {[nl", "3: "),
    ],
)
def test_a_broken_poll_is_refused_by_file_line_and_field(file: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TemplateError) as refused:
        read_template(file)
    assert f"bench.yaml:{said}" in str(refused.value)


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("title: {}\n", encoding="utf-8")
    (tmp_path / "Two.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "three.yaml").write_text(GOOD.replace("why:", "because:"), encoding="utf-8")
    with pytest.raises(TemplateError) as refused:
        read_templates(tmp_path)
    said = str(refused.value)
    assert "one.yaml:1: questions: Field required" in said
    assert "Two.yaml: expected a name of small letters, digits and dashes" in said
    assert "three.yaml:1: why: Field required" in said
    assert "because: Extra inputs are not permitted" in said


def test_a_folder_of_polls_is_no_language() -> None:
    assert FOLDER.parent == LOCALES
    assert "templates" not in Languages()
