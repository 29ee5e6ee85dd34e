"""Dates, plurals and lists by CLDR; isolates in right-to-left text; nothing an organiser writes is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.i18n import ISOLATE, POP, RIGHT_TO_LEFT, Languages, texts_in
from flows.messages import Day, Hour, Listing, Moment, Msg, Name, Ticked, Told, Value, _, lines

LANGUAGES = Languages()
FIVE = ("nl", "fr", "en", "tr", "ar")
EVENING = datetime.fromisoformat("2027-03-28T19:00")


def rendered(code: str, id: str, **params: Value) -> str:
    """Render a sentence that no catalogue holds, so that only its places are foreign; which way it goes is left out."""
    return LANGUAGES[code].text(Msg(id, params)).removeprefix(RIGHT_TO_LEFT)


def apart(text: str) -> str:
    """Set a text apart as the renderer does."""
    return f"{ISOLATE}{text}{POP}"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nl", "zondag 28 maart"),
        ("fr", "dimanche 28 mars"),
        ("en", "Sunday, 28 March"),
        ("tr", "28 Mart Pazar"),
        ("ar", "الأحد، 28 مارس"),
    ],
)
def test_a_day_is_written_with_its_weekday_and_without_its_year(code: str, expected: str) -> None:
    assert rendered(code, "{day}", day=Day(date(2027, 3, 28))) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nl", "zondag 28 maart, 19:00"),
        ("fr", "dimanche 28 mars, 19:00"),
        ("en", "Sunday, 28 March, 19:00"),
        ("tr", "28 Mart Pazar 19:00"),
        ("ar", f"الأحد، 28 مارس، {apart('19:00')}"),
    ],
)
def test_a_moment_is_written_in_the_order_of_the_language(code: str, expected: str) -> None:
    assert rendered(code, "{when}", when=Moment(EVENING)) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nl", "zo 28 mrt 19:00"),
        ("fr", "dim. 28 mars 19:00"),
        ("en", "Sun 28 Mar 19:00"),
        ("tr", "28 Mar Paz 19:00"),
        ("ar", f"الأحد، 28 مارس {apart('19:00')}"),
    ],
)
def test_on_a_button_a_moment_is_short(code: str, expected: str) -> None:
    assert rendered(code, "{when}", when=Moment(EVENING, short=True)) == expected


@pytest.mark.parametrize("code", FIVE)
def test_every_day_of_a_year_can_be_written(code: str) -> None:
    days = {rendered(code, "{day}", day=Day(date.fromordinal(date(2027, 1, 1).toordinal() + n))) for n in range(365)}
    assert len(days) == 365
    assert not any("2027" in day for day in days)


@pytest.mark.parametrize("code", FIVE)
def test_an_hour_is_written_in_24(code: str) -> None:
    assert rendered(code, "{at}", at=Hour(time(9, 5))).strip(ISOLATE + POP) == "09:05"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nl", "een, twee en drie"),
        ("fr", "een, twee et drie"),
        ("en", "een, twee and drie"),
        ("tr", "een, twee ve drie"),
        ("ar", f"{apart('een')} و{apart('twee')} و{apart('drie')}"),
    ],
)
def test_a_list_is_written_as_the_language_joins_it(code: str, expected: str) -> None:
    assert (
        rendered(code, "{all}", all=Listing((Name("een"), Name("twee"), Name("drie")))).replace(" و", " و") == expected
    )


@pytest.mark.parametrize("code", FIVE)
def test_a_list_of_one_is_that_one(code: str) -> None:
    assert rendered(code, "{all}", all=Listing((Name("een"),))).strip(ISOLATE + POP) == "een"


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("nl", {1: 0, 0: 1, 2: 1, 11: 1}),
        ("en", {1: 0, 0: 1, 2: 1, 11: 1}),
        ("fr", {0: 0, 1: 0, 2: 1, 11: 1}),
        ("tr", {0: 0, 1: 0, 2: 0, 11: 0}),
        ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 100: 4, 102: 4, 11: 5, 99: 5, 103: 3}),
    ],
)
def test_a_plural_takes_the_form_of_its_number(code: str, forms: dict[int, int]) -> None:
    """Form 4 of Arabic is CLDR's `other`, form 5 its `many`: the order of Babel's files."""
    language = replace(LANGUAGES[code], messages={"one": tuple(f"form {n}" for n in range(6))})
    assert {n: int(language.words(Msg("one", {"n": n}, "many"))[-1]) for n in forms} == forms


@pytest.mark.parametrize("code", FIVE)
def test_numbers_of_one_cldr_category_have_one_form(code: str) -> None:
    language = LANGUAGES[code]
    forms = {(language.locale.plural_form(n), language.plural(n)) for n in range(1000)}
    assert len(forms) == len({category for category, _form in forms})


@pytest.mark.parametrize("code", FIVE)
def test_every_number_in_line_has_a_sentence(code: str) -> None:
    first, many = "You are the first in line.", "You are number {n} in line."
    said = {LANGUAGES[code].text(Msg(first, {"n": n}, many)) for n in range(1, 181)}
    assert len(said) == 180
    assert not any("{" in text for text in said)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Name("Kaaiplaats 1, 8630 Veurne"), "Kaaiplaats 1, 8630 Veurne"),
        (Name("012 34 56 78"), "012\u00a034\u00a056\u00a078"),  # kept on one line
        (Name("/menu"), "/menu"),
        (3, "3"),
        (Told({"nl": "Wonen"}), "Wonen"),
        (Hour(time(19, 0)), "19:00"),
        ("raw", "raw"),
    ],
)
def test_in_arabic_what_is_foreign_is_set_apart(value: Value, shown: str) -> None:
    assert rendered("ar", "اتصل: {x}.", x=value) == f"اتصل: {apart(shown)}."


@pytest.mark.parametrize("code", [code for code in FIVE if code != "ar"])
def test_elsewhere_only_right_to_left_text_is_set_apart(code: str) -> None:
    assert rendered(code, "<{x}>", x=Name("Veurne")) == "<Veurne>"
    assert rendered(code, "<{x}>", x=Told({"ar": "السكن"})) == f"<{apart('السكن')}>"


def test_a_command_in_arabic_keeps_its_slash_in_front() -> None:
    words = "".join(form for forms in LANGUAGES["ar"].messages.values() for form in forms)
    commands = re.findall(r"(.)/(?:menu|stop|help|privacy|bijeenkomsten)(.)", words)
    assert commands
    assert {*commands} == {(ISOLATE, POP)}


def test_a_name_that_stands_alone_needs_no_isolates() -> None:
    """It is a whole button: nothing is around it."""
    assert LANGUAGES["ar"].text(Name("Veurne")) == "Veurne"
    assert LANGUAGES["nl"].text(Ticked(Name("العربية"))) == "✅ العربية"


@pytest.mark.parametrize("code", FIVE)
def test_what_an_organiser_writes_is_never_markup(code: str) -> None:
    wild = '<b>Wonen</b> & "energie" {x} &lt;'
    for value in (Told({"nl": wild}), Name(wild), wild):
        text = rendered(code, "{theme}", theme=value).strip(ISOLATE + POP)
        assert text == '&lt;b&gt;Wonen&lt;/b&gt; &amp; "energie" {x} &amp;lt;'
    assert LANGUAGES[code].plain(Told({"nl": wild})) == wild


def test_a_line_without_letters_of_its_own_says_that_it_goes_from_right_to_left() -> None:
    bare = _("“{text}”", text="brief")
    assert LANGUAGES["ar"].text(bare).startswith(RIGHT_TO_LEFT)
    assert not LANGUAGES["nl"].text(bare).startswith(RIGHT_TO_LEFT)
    assert not LANGUAGES["ar"].text(_("Yes")).startswith(RIGHT_TO_LEFT)


def test_markup_of_our_own_sentences_is_kept_and_left_out_of_plain_text() -> None:
    bold = _("<b>{town}</b> & more", town=Name("A<B"))
    assert LANGUAGES["nl"].text(bold) == "<b>A&lt;B</b> & more"
    assert LANGUAGES["nl"].plain(bold) == "A<B & more"


@pytest.mark.parametrize(
    ("code", "texts", "shown"),
    [
        ("ar", {"nl": "Wonen", "ar": "السكن"}, "السكن"),
        ("ar", {"nl": "Wonen", "fr": "Logement"}, "Wonen"),
        ("ar", {"fr": "Logement"}, "Logement"),
        ("nl", {"nl": "", "fr": "Logement"}, "Logement"),
        ("nl", {}, ""),
    ],
)
def test_an_organisers_words_are_shown_in_ones_language_else_dutch_else_any(
    code: str, texts: dict[str, str], shown: str
) -> None:
    assert LANGUAGES[code].told(Told(texts)) == shown


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("fr-BE",), "fr"),
        (("ar_MA",), "ar"),
        (("NL",), "nl"),
        (("pl", "tr"), "tr"),
        ((None, "en-GB"), "en"),
        (("pl",), "nl"),
        ((None,), "nl"),
        (("",), "nl"),
        (("../etc",), "nl"),
    ],
)
def test_the_first_language_we_know_is_spoken_else_dutch(codes: tuple[str | None, ...], found: str) -> None:
    assert LANGUAGES.of(*codes).code == found


def test_languages_are_named_by_themselves_with_dutch_first() -> None:
    names = LANGUAGES.names()
    assert next(iter(names)) == "nl"
    assert {code: names[code] for code in FIVE} == {
        "nl": "Nederlands",
        "fr": "Français",
        "en": "English",
        "tr": "Türkçe",
        "ar": "العربية",
    }


def test_only_arabic_is_written_from_right_to_left() -> None:
    assert [code for code in FIVE if LANGUAGES[code].rtl] == ["ar"]


def test_a_sentence_without_its_value_is_named() -> None:
    with pytest.raises(KeyError, match=re.escape("Call {phone}")):
        rendered("nl", "Call {phone}")


def test_a_sentence_that_nobody_translated_is_said_in_english() -> None:
    assert rendered("tr", "Nobody translated this.") == "Nobody translated this."


def test_every_sentence_inside_a_text_is_found() -> None:
    inner = _("in a list")
    text = lines(_("a {b} {c}", b=_("in a place"), c=Listing((inner, Name("x")))), Ticked(_("ticked")), Name("y"))
    assert [msg.id for msg in texts_in(text)] == ["a {b} {c}", "in a place", "in a list", "ticked"]
