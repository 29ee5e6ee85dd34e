"""Signals: what is dangerous, a request to act or only polite is heard before the search, in five languages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.rights.signals import DANGERS, SIGNALS, Signals, SignalsError
from tests.bench.questions import ROOT, read_rows

FIVE = ("ar", "en", "fr", "nl", "tr")


@pytest.fixture(scope="module")
def signals() -> Signals:
    return Signals()


def messages(language: str) -> list[tuple[str, str]]:
    """Give what people type in a language, each with the signal that it gives, or nothing."""
    rows = read_rows(ROOT / "tests" / "data" / f"signals-{language}.tsv")
    return [(row["signal"], row["text"]) for row in rows]


def first(language: str, signal: str) -> str:
    """Give the first message of a signal."""
    return next(text for given, text in messages(language) if given == signal)


def heard(folder: Path, text: str) -> Signals:
    """Read the phrases of one file."""
    path = folder / "en" / "signals.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return Signals(folder)


@pytest.mark.parametrize("language", FIVE)
def test_each_message_gives_its_signal_and_no_other(signals: Signals, language: str) -> None:
    wrong = [(text, signal, said) for signal, text in messages(language) if (said := signals.hear(text)) != signal]
    assert wrong == []


@pytest.mark.parametrize("language", FIVE)
def test_each_signal_has_twelve_messages_and_eighty_give_none(language: str) -> None:
    counts = Counter(signal for signal, _text in messages(language))
    assert {signal: counts[signal] for signal in SIGNALS if counts[signal] < 12} == {}
    assert counts[""] >= 80


@pytest.mark.parametrize("language", FIVE)
def test_a_danger_wins_over_all_else_in_a_message(signals: Signals, language: str) -> None:
    others = [first(language, signal) for signal in SIGNALS if signal not in DANGERS]
    dangers = [text for signal, text in messages(language) if signal in DANGERS]
    both = [text for a in dangers for b in others for text in (f"{a}. {b}", f"{b}. {a}")]
    missed = [text for text in both if signals.hear(text) not in DANGERS]
    assert missed == [], f"{len(missed)} of {len(both)}"


@pytest.mark.parametrize("language", FIVE)
def test_only_dangers_are_told_when_dangers_are_asked_for(signals: Signals, language: str) -> None:
    told = {(signal if signal in DANGERS else "", signals.danger(text)) for signal, text in messages(language)}
    assert {pair for pair in told if pair[0] != pair[1]} == set()


def test_a_danger_is_heard_behind_a_long_story(signals: Signals) -> None:
    assert signals.hear("Dat is een lang verhaal over mijn huis. " * 40 + "Het ruikt hier naar gas.") == "gas"


def test_capitals_accents_and_signs_make_no_difference(signals: Signals) -> None:
    for text in ("MON APPARTEMENT EST EN FEU !!!", "mon  appartement\nest en feu", "<b>Mon appartement</b> est en fèu"):
        assert signals.hear(text) == "fire", text


def test_a_greeting_in_front_of_a_question_is_not_what_it_is_about(signals: Signals) -> None:
    assert signals.hear("Hello") == "hello"
    assert signals.hear("Hello, when do I get my deposit back after I have moved out?") == ""


def test_nothing_is_heard_in_nothing(signals: Signals) -> None:
    assert [text for text in ("", " ", "?", "😀", "\x00", "1234") if signals.hear(text)] == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Wat betekent huurwaarborg?", "huurwaarborg"),
        ("What does rent arrears mean?", "rent arrears"),
        ("Que veut dire garantie locative ?", "garantie locative"),
        ("Wanneer krijg ik mijn waarborg terug?", ""),
    ],
)
def test_the_word_whose_meaning_is_asked_is_given(signals: Signals, text: str, word: str) -> None:
    assert signals.meant(text) == word


@pytest.mark.parametrize(
    ("phrase", "hears", "passes_over"),
    [
        ("gas smell", "a gas smell here", "a gas and a smell"),
        ("brand*", "de brandweer", "verbranden"),
        ("gas|fume smell", "fume smell", "food smell"),
        ("smell .. gas", "smell a lot of gas", "smell a lot of very bad gas"),
        ("^ stop", "stop now", "do not stop"),
        ("stop $", "please stop", "stop it"),
    ],
)
def test_the_phrase_language_means_what_it_says(tmp_path: Path, phrase: str, hears: str, passes_over: str) -> None:
    signals = heard(tmp_path, f'gas: ["{phrase}"]\n')
    assert (signals.hear(hears), signals.hear(passes_over)) == ("gas", "")


@pytest.mark.parametrize(
    "broken",
    [
        "- hello\n",
        "",
        "greeting: [hello]\n",
        "hello: good day\n",
        "hello: [good day, 7]\n",
        "hello:\n",
        "hello: [good day\n",
        "hello: [good day, '']\n",
        "meaning: ['what is ... or ...']\n",
    ],
    ids=["a list", "empty", "unknown", "no list", "a number", "nothing", "no yaml", "empty phrase", "two words asked"],
)
def test_a_broken_file_is_refused_by_its_name(tmp_path: Path, broken: str) -> None:
    with pytest.raises(SignalsError, match=r"^en/signals\.yaml: "):
        heard(tmp_path, broken)


def test_an_unknown_signal_is_named(tmp_path: Path) -> None:
    with pytest.raises(SignalsError, match=r"greeting: expected one of suicide, "):
        heard(tmp_path, "greeting: [hello]\n")
