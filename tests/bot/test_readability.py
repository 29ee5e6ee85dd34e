"""The check on easy Dutch: what is surely too hard is caught and named, what a neighbour would say passes."""

import pytest

from bot import readability
from bot.hard_words import HARD_WORDS
from bot.i18n import LOCALES, read_catalog
from bot.readability import hard_dutch


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Kom je later indien je moet werken?", "“indien”: say “als”"),
        ("Je bent reeds ingeschreven.", "“reeds”: say “al”"),
        ("Wij vragen dit teneinde je te helpen.", "“teneinde”: say “om”"),
        ("Je dient te antwoorden.", "“dient te”: say “moet”"),
        ("Gelieve te antwoorden.", "“gelieve”: say “wil je”"),
        ("Dit is conform de regels.", "“conform”: say “volgens”"),
        ("Een brief met betrekking tot je huur.", "“met betrekking tot”: say “over”"),
        ("Kunt u komen?", "“u”: say “je”"),
        ("Wat is uw postcode?", "“uw”: say “je”"),
        ("Breng iets mee, bijv. een koek.", "“bijv.”: say “bijvoorbeeld”"),
    ],
)
def test_an_official_word_is_named_with_a_simpler_one(text: str, reason: str) -> None:
    assert [found for found in hard_dutch(text) if reason in found]


@pytest.mark.parametrize(
    "text",
    [
        "Het wordt aan je gestuurd.",
        "De huur wordt volgend jaar verhoogd.",
        "De lift werd vandaag gemaakt.",
        "Er worden drie mensen uitgenodigd.",
        "Je plaats kan daarna doorgegeven worden.",
        "Je vraag is gelezen door een medewerker.",
        "Brieven zijn ondertekend door de burgemeester.",
    ],
)
def test_the_passive_is_caught(text: str) -> None:
    assert [found for found in hard_dutch(text) if "say who does it" in found]


@pytest.mark.parametrize(
    "text",
    [
        "Het wordt morgen koud.",
        "Word lid van de groep.",
        "Het wordt tijd om te betalen.",
        "Dat wordt een lang gesprek over gezonde woningen.",
        "De bijeenkomst gaat niet door.",
        "Je bent ingeschreven.",
        "Wie wordt je buur, en wie heeft het gezegd?",
    ],
)
def test_becoming_and_being_are_not_passive(text: str) -> None:
    assert hard_dutch(text) == []


def test_a_sentence_over_fifteen_words_is_counted() -> None:
    assert hard_dutch("één " * 15 + ".") == []
    assert hard_dutch("één " * 16 + ".") == ["a sentence of 16 words, at most 15: make two"]


def test_sentences_and_lines_are_counted_apart() -> None:
    eight = "dit is een zin van acht korte woorden"
    assert hard_dutch(f"“{eight}.” {eight}! {eight}?\n{eight}\n{eight}") == []


def test_a_place_counts_for_one_word_and_emoji_and_markup_for_none() -> None:
    assert hard_dutch("📅 <b>" + "één " * 14 + "</b> {een_heel_lange_plaats} 🎉 👍🏽") == []


def test_a_long_word_is_caught_but_not_a_command_an_address_or_an_office() -> None:
    assert hard_dutch("Lees het samenwerkingsakkoord.") != []
    assert hard_dutch("Tik op /samenwerkingsakkoordenlijst.") == []
    assert hard_dutch("Kijk op https://example.org/samenwerkingsakkoorden.") == []
    assert hard_dutch("Schrijf naar huurdersvertegenwoordiging@example.org.") == []
    assert hard_dutch("Je kan klagen bij de Gegevensbeschermingsautoriteit.") == []


def test_a_hanging_clause_is_caught_but_not_a_question() -> None:
    assert hard_dutch("Je krijgt een brief waarin alles staat.") != []
    assert hard_dutch("Waarmee kan ik je helpen?") == []


def test_stacked_clauses_are_caught_but_not_one() -> None:
    assert hard_dutch("Bel ons als je niet komt omdat je ziek bent.") != []
    assert hard_dutch("Bel ons als je ziek bent.") == []


def test_stiff_nouns_are_caught_but_not_everyday_ones() -> None:
    assert hard_dutch("De beëindiging en de opzegging staan in de brief.") != []
    assert hard_dutch("De rekening voor je woning komt na de vergadering.") == []


def test_an_hour_is_not_a_polite_you() -> None:
    assert hard_dutch("De zaal is open van 19 u. tot 21u.") == []


def test_nothing_said_is_easy() -> None:
    assert hard_dutch("") == []
    assert hard_dutch("📍 {place}, {address}") == []


def test_the_simpler_words_are_simple_themselves() -> None:
    assert {word: reasons for word, simple in HARD_WORDS.items() if (reasons := hard_dutch(simple))} == {}


def test_each_hard_word_is_found_wherever_it_stands() -> None:
    missed = [
        word
        for word in HARD_WORDS
        if not any(
            f"“{word}”" in found for text in (word, f"({word.title()})", f"Ja, {word}!") for found in hard_dutch(text)
        )
    ]
    assert missed == []


def test_the_words_that_only_look_like_participles_do_look_like_them() -> None:
    assert [word for word in readability.NO_PARTICIPLE if not readability.PARTICIPLE.fullmatch(word)] == []
    assert [word for word in readability.EVERYDAY_NOUNS if not readability.STIFF_NOUN.fullmatch(word)] == []


def test_all_our_own_dutch_is_easy() -> None:
    catalog = read_catalog(LOCALES / "nl" / "LC_MESSAGES" / "messages.po", "nl")
    forms = [
        str(form)
        for message in catalog
        for form in (message.string if isinstance(message.string, list | tuple) else [message.string])
        if message.id
    ]
    assert {form: reasons for form in forms if (reasons := hard_dutch(form))} == {}
