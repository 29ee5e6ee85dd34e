"""Five languages are complete, and a sixth is one folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import write_po

from bot.checking import check_catalog, check_languages
from bot.i18n import LOCALES, SOURCE, Language, LanguageError, Languages, texts_in
from bot.sentences import sentences
from flows.changes import SetLanguage
from flows.consents import consents
from flows.engine import Session, Turn
from flows.events import Answered, Event, Started, Tapped
from flows.facts import Facts
from flows.meetings import meetings
from flows.messages import Name, Told
from flows.questions import Answer
from flows.talk import Flow
from flows.welcome import hello, welcome
from flows.where import where
from tests.flows.people import AMINA, NEWCOMER, knowing
from tests.flows.screens import texts_of
from tests.flows.transcript import step

FIVE = ("nl", "fr", "en", "tr", "ar")
SIXTH = "eo"
ACCENTS = str.maketrans("aceghijnosuyACEGHIJNOSUY", "àĉéĝĥîĵñöšüýÀĈÉĜĤÎĴÑÖŠÜÝ")
KEPT = re.compile(r"(\{\w+\}|</?\w+>|/\w+)")  # places, markup and commands


def pseudo(text: str) -> str:
    """Write a sentence with accents and in brackets: readable, and never taken for English."""
    parts = KEPT.split(text)
    return "⟦" + "".join(part if KEPT.fullmatch(part) else part.translate(ACCENTS) for part in parts) + "⟧"


def write_pseudo(folder: Path) -> None:
    """Write a whole language as a translator would: one file in one folder."""
    catalog = Catalog(locale=SIXTH)
    for id, plural in sentences().items():
        if plural is None:
            catalog.add(id, pseudo(id))
        else:
            catalog.add((id, plural), (pseudo(id), *[pseudo(plural)] * (get_plural(SIXTH).num_plurals - 1)))
    place = folder / SIXTH / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.po").open("wb") as file:
        write_po(file, catalog)


@pytest.fixture
def six(tmp_path: Path) -> Path:
    """Give a folder with the five languages and a sixth."""
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    write_pseudo(folder)
    return folder


def follow(flow: Flow, facts: Facts, *events: Event, subject: str = "") -> Iterator[Turn]:
    """Play a conversation and give every turn of it."""
    turn = step(flow, Session(flow.name, subject), Started(), facts)
    yield turn
    for event in events:
        assert turn.session is not None
        turn = step(flow, turn.session, event, facts)
        yield turn


def test_the_five_languages_are_complete_and_the_dutch_is_easy() -> None:
    assert {*FIVE} <= {*Languages()}
    assert check_languages() == []


@pytest.mark.parametrize("code", [code for code in FIVE if code != SOURCE])
def test_every_sentence_of_the_code_is_in_the_language(code: str) -> None:
    assert not sentences().keys() - Languages()[code].messages.keys()


@pytest.mark.parametrize("code", [code for code in FIVE if code != SOURCE])
def test_a_translation_is_not_the_english_sentence_again(code: str) -> None:
    """A few are the same in both: a name, a sign, "Menu". Many would mean that somebody copied."""
    messages = Languages()[code].messages
    same = [id for id, forms in messages.items() if forms[0] == id and re.search(r"[^\W\d_]{2}", KEPT.sub("", id))]
    assert len(same) < 12, same


def test_a_sixth_language_is_one_folder(six: Path) -> None:
    languages = Languages(six)
    assert languages.names()[SIXTH] == "Esperanto"
    assert languages.of("eo-XX").code == SIXTH
    assert check_languages(six) == []


def test_a_newcomer_may_choose_the_sixth_language(six: Path) -> None:
    languages = Languages(six)
    facts = replace(knowing(NEWCOMER), languages=languages.names())
    choice, chosen = follow(hello, facts, Tapped("language", SIXTH))
    assert SIXTH in [option.id for row in choice.rows for option in row]
    assert chosen.language == SIXTH
    assert SetLanguage(SIXTH) in chosen.changes


def test_a_newcomer_is_welcomed_in_the_sixth_language(six: Path) -> None:
    languages = Languages(six)
    facts = replace(knowing(NEWCOMER, language=SIXTH), languages=languages.names())
    place = (Answered(Answer(text="9999")), Answered(Answer(text="8630")), Tapped("landlord", "~skip"))
    turns = [
        *follow(hello, facts),
        *follow(welcome, facts, Tapped("know", "on")),
        *follow(where, facts, *place, subject="new"),
        *follow(consents, facts, Tapped("consents", "~ready"), subject="new"),
    ]
    assert unspoken(languages[SIXTH], turns) == []


def test_a_sign_up_can_be_read_in_the_sixth_language(six: Path) -> None:
    signed = follow(
        meetings,
        knowing(replace(AMINA, language=SIXTH)),
        Tapped("meeting", "veurne-last"),
        Tapped("want-veurne-last", "yes"),
        Tapped("needs", "step-free"),
        Tapped("needs", "~ready"),
        Answered(Answer(text="2")),
        Tapped("reminders", "yes"),
        Tapped("send", "~change"),
    )
    assert unspoken(Languages(six)[SIXTH], signed) == []


def unspoken(language: Language, turns: Iterable[Turn]) -> list[str]:
    """Give the sentences that are not in the pseudo-language; names and organisers' words need not be."""
    own = [text for turn in turns for text in texts_of(turn) if not isinstance(text, Name | Told)]
    sentences = [language.text(msg) for text in own for msg in texts_in(text)]
    assert len(sentences) > 20
    return [sentence for sentence in sentences if not (sentence.startswith("⟦") and sentence.endswith("⟧"))]


def test_a_place_left_out_by_a_translator_is_named(six: Path) -> None:
    spoil(six, "{place}", "")
    assert any("places" in problem and "{place}" in problem for problem in check_languages(six))


def test_a_sentence_that_is_not_translated_is_named(six: Path) -> None:
    spoil(six, f'msgstr "{pseudo("☰ Menu")}"', 'msgstr ""')
    assert check_languages(six) == [f"locales/{SIXTH}: not translated: '☰ Menu'"]


def test_a_sentence_that_the_code_no_longer_says_is_named(six: Path) -> None:
    catalog = po(six)
    catalog.write_text(catalog.read_text("utf-8") + '\nmsgid "Gone by."\nmsgstr "⟦Gone by.⟧"\n', "utf-8")
    assert check_languages(six) == [f"locales/{SIXTH}: no longer in the code: 'Gone by.'"]


def test_markup_that_a_translator_changed_is_named() -> None:
    catalog = Catalog(locale=SIXTH)
    catalog.add("<b>Ready</b>", "<i>Ready</i>")
    assert check_catalog(catalog, {"<b>Ready</b>": None}) == ["markup differs: '<b>Ready</b>'"]


def test_a_plural_with_too_few_forms_is_named() -> None:
    catalog = Catalog(locale="ar")
    catalog.add(("One.", "{n}."), ("واحد", "{n}"))
    assert check_catalog(catalog, {"One.": "{n}."}) == ["expected 6 plural forms: 'One.'"]


def test_a_folder_that_is_no_language_is_named(six: Path) -> None:
    (six / SIXTH).rename(six / "klingon")
    with pytest.raises(LanguageError, match=r"locales/klingon: CLDR knows no language 'klingon'"):
        Languages(six)


def test_a_folder_without_a_catalogue_is_named(six: Path) -> None:
    po(six).unlink()
    with pytest.raises(LanguageError, match=rf"locales/{SIXTH}: expected messages.po"):
        Languages(six)


def test_a_broken_catalogue_is_named_and_told_by_check(six: Path) -> None:
    po(six).write_text('msgid "One"\nmsgstring "One"\n', "utf-8")
    problem = f"locales/{SIXTH}/LC_MESSAGES/messages.po"
    with pytest.raises(LanguageError, match=problem):
        Languages(six)
    assert len(check_languages(six)) == 1


def test_a_plural_rule_that_cannot_be_read_is_named(six: Path) -> None:
    catalog = po(six)
    catalog.write_text(catalog.read_text("utf-8").replace("plural=(n != 1)", "plural=(n is one)"), "utf-8")
    with pytest.raises(LanguageError, match=rf"locales/{SIXTH}/LC_MESSAGES/messages.po: Plural-Forms"):
        Languages(six)


def test_without_dutch_nothing_starts(six: Path) -> None:
    shutil.rmtree(six / "nl")
    with pytest.raises(LanguageError, match="expected the folders en and nl"):
        Languages(six)


def po(folder: Path) -> Path:
    """Give the catalogue of the sixth language."""
    return folder / SIXTH / "LC_MESSAGES" / "messages.po"


def spoil(folder: Path, old: str, new: str) -> None:
    """Change the translations, not the sentences, of the sixth language."""
    lines = po(folder).read_text("utf-8").splitlines(keepends=True)
    po(folder).write_text(
        "".join(line.replace(old, new) if line.startswith("msgstr") else line for line in lines), "utf-8"
    )
