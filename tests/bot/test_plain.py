"""The check while an organiser writes: a good question passes in silence, a bad one is caught for what is wrong with it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from bot import plain, plain_words
from bot.hard_words import HARD_WORDS
from bot.plain import KINDS, check, findings, look, reading_time, seconds
from bot.readability import PARTICIPLE, hard_dutch

GOOD = """
Hoe tevreden ben je over de herstelling?
Is de lift nu in orde?
Wat vind je van de nieuwe speelplaats?
Wat vind je van het pad tussen de weg en de school?
Wat vind je van brood en soep op het feest?
Wil je koffie en thee op de bijeenkomst?
Drink je liever koffie of thee?
Wil je in mei of in juni een feest?
Heb je problemen met vocht en schimmel?
Heb je warm en koud water?
Zijn de deuren en ramen in orde?
Hebben je kinderen en jij genoeg plaats?
Kan je de trap op en af?
Ben je maandag en dinsdag thuis?
Kom je met de bus, met de fiets of te voet?
Kom je alleen of kom je met je gezin?
Kom je of kom je niet?
Welk moment past het best: voormiddag, namiddag of avond?
Hoe wil je nieuws krijgen: op papier of in deze chat?
Moet er een camera bij de ingang komen? Ja of nee?
Weet je of de lift morgen werkt?
Ga je akkoord met dit voorstel?
Ben je het eens met dit plan?
Ben je voor of tegen een hek?
Vind je dit een goed voorstel?
Vind je ook andere dingen belangrijk?
Vind je het ook leuk op een andere plaats?
Zou je ook op zondag komen?
Wil je ook een fietsplaats?
Wat wil je toch nog vragen?
Is er genoeg natuurlijk licht in de zaal?
Hoe blij ben je met de hulp van je buurtwerker?
Tik op ja als je kan komen.
Kies een dag.
Geef een cijfer van 0 tot 10.
Vertel in een paar woorden wat je stoort.
Hoe belangrijk is een bank bij de ingang voor jou?
Voel je je veilig in de gang
Op welke dag kom je graag
Wat kan beter? Schrijf geen namen.
Heb je niet genoeg licht in de gang?
Waarom kwam je niet naar de bijeenkomst?
Heb je nog nooit een vergadering bezocht?
Is er iets niet in orde?
Wil je wel of geen hond in het gebouw?
Wordt de overlast erger?
Wordt je woning warm genoeg?
Wil je lid worden van de huurdersgroep?
Ben je geholpen met je vraag?
Zijn de werken gedaan?
Is het nog steeds te koud?
Past woensdag 5 mei om 14 u. voor jou?
Wanneer kom je als er een tolk is?
Wat doe je als de lift stuk is?
Is je naam juist op de brievenbus?
Staat je adres juist op de brief?
Ken je het telefoonnummer van de wachtdienst?
Hoe heet de nieuwe straat?
Is schimmel slecht voor de gezondheid?
Wil je uitleg over huurachterstand?
Wie ben je al tegengekomen in de tuin?
Woon je graag in deze buurt?
Welke taal spreek je het liefst?
Is een zaal zonder trap nodig voor jou?
Is de kerk een goede plaats voor de bijeenkomst?
Ken je de HAR en het OCMW?
Is er al iemand van VIVAS langs geweest?
""".strip().splitlines()

BAD = {
    "double": """
Was de werkman vriendelijk en snel?
Is de speelplaats veilig en leuk voor kinderen?
Werd je goed en snel geholpen?
Ken je de regels en vind je ze goed?
Werkt de verwarming goed en is het warm genoeg?
Is de huur te hoog en zijn de kosten te zwaar?
Wat vind je goed en wat kan beter?
Wanneer en waar wil je samenkomen?
Ben je tevreden en waarom?
Ben je tevreden over de herstelling en de werkman?
Ben je blij met de nieuwe ramen en met de nieuwe deur?
Vind je de huur en de kosten te hoog?
Zijn de gang en de kelder proper?
Wil je helpen koken en de zaal opruimen?
Moet de maatschappij de lift herstellen en de gang schilderen?
Is de trap vuil of is de lift stuk?
Heb je een fiets of gebruik je de bus?
Heb je een fiets en/of een auto?
Was het water koud? Hoe lang duurde het?
""",
    "leading": """
Vind je ook niet dat de huur te hoog is?
Vind je het ook te duur?
Vind je niet dat er meer licht moet komen?
Denk je ook niet dat het beter kan?
Ben je het er ook mee eens dat de trap vuil is?
Wil je ook dat de huur daalt?
Zoals iedereen weet is de lift traag. Wat vind jij?
Iedereen wil een bank. Jij ook?
De meeste huurders willen een tuin. Wil jij dat ook?
Krijgen we eindelijk een nieuwe lift?
Kom je natuurlijk ook naar het feest?
Moet er toch een hek komen?
Moet de slechte verhuurder meer doen?
Wat vind je van het fantastische plan?
Is het niet tijd voor een nieuwe speelplaats?
Zou het niet beter zijn om samen te poetsen?
De huur is te hoog, hè?
Je bent tevreden over de herstelling?
Stem ja voor de tuin. Wat kies je?
""",
    "negation": """
Vind je het niet onveilig in de gang?
Ben je niet ontevreden over de lift?
Is er niemand die niet wil komen?
Wil je niet dat er geen camera komt?
Moet de maatschappij honden niet verbieden?
Ben je niet tegen het plan?
Ben je tegen het verbod op honden?
""",
    "not-a-question": """
De nieuwe lift
Jouw idee over de tuin.
Hoe we verder gaan
We willen weten hoe het gaat.
""",
    "shouting": """
WAT VIND JE VAN DE LIFT?
Moet de lift NU hersteld zijn?
Wil je dit ECHT NIET?
Ben je TEVREDEN over de lift?
Wie komt er? Zeg het ons!!
""",
    "personal": """
Wat is je naam?
Hoe heet je?
Wie ben je?
Schrijf hier je naam op.
In welke straat woon je?
Mag ik je gsm-nummer?
Op welk nummer kunnen we je bellen?
Mogen we je e-mailadres?
Wanneer ben je geboren?
Ben je vaak ziek?
Heb je een handicap?
Neem je medicijnen?
Ben je moslim?
Ga je elke week naar de moskee?
Welke godsdienst heb je?
Waar kom je vandaan?
Wat is je nationaliteit?
Welk verblijfsstatuut heb je?
Voor welke partij stem je?
Ben je lid van een vakbond?
Ben je homo?
Heb je een strafblad?
Heb je schulden?
Heb je huurachterstand?
Betaal je je huur altijd op tijd?
Loop je achter met je huur?
Hoeveel verdien je?
""",
    "hard-word": """
Wat is volgens jou de prioriteit?
Wat vindt u van de lift?
Heb je een klacht met betrekking tot de lift?
""",
    "long-word": """
Ken je het huurdersparticipatieplatform?
""",
    "passive": """
Wordt de gang elke week gepoetst?
Werd de lift goed hersteld?
Moet de huur verlaagd worden?
Wil je dat de deur gemaakt wordt?
""",
    "clauses": """
Wat doe je als de lift stuk is omdat er geen stroom is?
Ken je de brief waarin de kosten staan?
""",
    "long-sentence": """
Wil je ons zeggen of de nieuwe lift in je gebouw nu goed werkt en altijd vlot opengaat?
""",
}
EACH_BAD = [(code, text) for code, texts in BAD.items() for text in texts.strip().splitlines()]

GOOD_ELSEWHERE = [
    ("title", "Een bank bij elke ingang"),
    ("title", "Hoe ging de herstelling?"),
    ("title", "De huurdersadviesraad vraagt je mening"),
    ("why", "Toch is de lift weer stuk. We willen weten hoe vaak dat gebeurt."),
    ("why", "Veel huurders zeggen dat de gang vuil is. Je buren en jij weten dat het best."),
    ("why", "Niemand kreeg een brief en niemand weet hoe lang het duurt."),
    ("use", "We brengen de antwoorden naar de woonmaatschappij."),
    ("outcome", "De lift doet het eindelijk. De schandalige wachttijd is voorbij."),
    ("outcome", "De woonmaatschappij zei nee. Er is geen geld en er komt geen bank."),
    ("option", "Een beetje"),
    ("option", "Wekelijks, op maandag en dinsdag"),
    ("option", "Ja, en ik help mee"),
    ("option", "3 dagen"),
    ("option", "Groen"),
]

BAD_ELSEWHERE = [
    ("title", "Eindelijk een nieuwe lift", "leading"),
    ("title", "NIEUWE LIFT", "shouting"),
    ("title", "Wat is je geloof?", "personal"),
    ("why", "Zoals iedereen weet is de huur te hoog.", "leading"),
    ("why", "We vragen dit teneinde advies te geven.", "hard-word"),
    ("use", "Het advies wordt in mei gestuurd.", "passive"),
    ("outcome", "De woonmaatschappij zal de gang en de kelder laten poetsen en daarna elke maand komen kijken.", "long-sentence"),
    ("option", "Moslim", "personal"),
    ("option", "Ik heb schulden", "personal"),
    ("option", "Vlaams Belang", "personal"),
    ("option", "Niet ontevreden", "negation"),
]  # fmt: skip


def found(text: str, kind: str = "question") -> list[dict[str, Any]]:
    """Give the findings as a flow reads them."""
    answer = json.loads(check(text, kind))
    assert isinstance(answer, list)
    return answer


@pytest.mark.parametrize("text", GOOD)
def test_a_good_question_raises_nothing(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("code", "text"), EACH_BAD)
def test_a_bad_question_raises_what_is_wrong_and_nothing_else(code: str, text: str) -> None:
    assert {finding["what"] for finding in found(text)} == {code}


@pytest.mark.parametrize(("kind", "text"), GOOD_ELSEWHERE)
def test_what_a_question_may_not_other_parts_may(kind: str, text: str) -> None:
    assert found(text, kind) == []


@pytest.mark.parametrize(("kind", "text", "code"), BAD_ELSEWHERE)
def test_the_other_parts_have_their_own_faults(kind: str, text: str, code: str) -> None:
    assert {finding["what"] for finding in found(text, kind)} == {code}


def test_one_thing_is_told_once_but_each_fault_of_a_bad_text_is_told() -> None:
    text = "Vind je ook niet dat je gsm stoort en vind je dat u TEVEEL belt? Wat is je naam? Wat is je naam?"
    codes = [finding["what"] for finding in found(text)]
    assert codes == ["personal", "double", "leading", "hard-word", "shouting"]


def test_a_hard_word_comes_with_an_easier_one() -> None:
    assert found("Kom je indien het regent?") == [{"what": "hard-word", "word": "indien", "say": "als", "n": 0}]


def test_a_long_sentence_is_counted_and_can_be_found_again() -> None:
    text = "Kort. Ook kort. " + "één " * 15 + "zestien."
    assert found(text, "why") == [{"what": "long-sentence", "word": "één één één één …", "say": "", "n": 16}]
    assert found("één " * 15 + ".", "why") == []


def test_a_long_word_is_counted() -> None:
    assert [(f["word"], f["n"]) for f in found("Lees het samenwerkingsakkoord.")] == [("samenwerkingsakkoord", 20)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Ken je de regels en vind je ze goed?", "en vind je"),
        ("Was de werkman erg vriendelijk en heel snel?", "erg vriendelijk en heel snel"),
        ("Ben je tevreden over de lift en de trap?", "de lift en de trap"),
        ("Vind je OOK niet dat   de huur hoog is?", "vind je ook niet"),
        ("Wat is dan je volledige naam?", "wat is dan je volledige naam"),
        ("Vind je niet dat er geen licht is?", "niet … geen"),
        ("Wordt de gang vaak gepoetst?", "wordt … gepoetst"),
    ],
)
def test_the_words_at_fault_are_shown(text: str, word: str) -> None:
    assert word in [finding["word"] for finding in found(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Vindt ge ook niet dat het beter kan?", "leading"),
        ("Zijt ge vaak ziek?", "personal"),
        ("Hoe heet jij?", "personal"),
        ("De lift is te traag, hé?", "leading"),
    ],
)
def test_flemish_forms_count_too(text: str, code: str) -> None:
    assert {finding["what"] for finding in found(text)} == {code}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", "  \n ", "<b></b>"])
def test_nothing_written_yet_is_no_fault(kind: str, text: str) -> None:
    assert found(text, kind) == []


def test_markup_emoji_and_other_scripts_do_no_harm() -> None:
    assert found("<b>Is de lift</b> nu in orde? 🙂") == []
    assert found("هل المصعد يعمل؟") == []


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'headline': expected one of title, why"):
        check("Een bank", "headline")


def test_the_look_of_a_flow_gives_the_same() -> None:
    inputs = {"text": "Hoe heet je?", "kind": "question"}
    assert look(json.dumps(inputs)) == check("Hoe heet je?", "question") != "[]"


def test_any_mix_of_its_own_words_is_answered() -> None:
    """Whatever is typed, an answer comes, and each finding has one of the known codes."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    stock = [*" ".join(text for _, text in EACH_BAD).split(), "?", "!", "\n", "‘’", "{x}", "👍🏽", "&lt;", "١٢"]
    for _ in range(300):
        text = " ".join(dice.choices(stock, k=dice.randint(1, 60)))
        for kind in KINDS:
            assert {finding.what for finding in findings(text, kind)} <= BAD.keys()


def test_the_easier_words_are_easy_themselves() -> None:
    assert {word: why for word, say in plain_words.SURVEY_WORDS.items() if (why := hard_dutch(say))} == {}
    assert plain_words.SURVEY_WORDS.keys() & HARD_WORDS.keys() == set()
    assert {word for word, say in plain_words.SURVEY_WORDS.items() if plain.HARD.search(say)} == set()


def test_each_word_of_surveys_is_found() -> None:
    missed = [w for w in plain_words.SURVEY_WORDS if "hard-word" not in [f["what"] for f in found(f"Is {w} goed?")]]
    assert missed == []


def test_the_words_that_only_look_like_participles_do_look_like_them() -> None:
    assert [word for word in plain_words.NO_PARTICIPLES if not PARTICIPLE.fullmatch(word)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("Ja", 1), ("één " * 10, 6), ("één " * 100, 60), ("één " * 101, 61), ("<b>Ja</b> 🎉", 1)],
)
def test_a_slow_reader_reads_a_hundred_words_a_minute(text: str, expected: int) -> None:
    assert seconds(text) == expected


def test_the_time_for_a_whole_poll_is_rounded_once() -> None:
    assert reading_time(["Ja"] * 5) == 3
    assert reading_time([]) == 0
