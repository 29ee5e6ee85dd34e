"""Where someone lives: a postcode is enough, and may be skipped."""

from __future__ import annotations

import pytest

from flows.changes import SetPlace
from flows.events import Answered
from flows.facts import Facts
from flows.messages import Name
from flows.questions import Answer
from flows.talk import Go
from flows.where import where
from tests.flows.people import ELIF, knowing
from tests.flows.transcript import Say, play


def test_a_postcode_is_resolved_to_town_and_province(say: Say, amina: Facts) -> None:
    asked = play(where, "8630", "[~skip]", facts=amina)
    assert asked.log == [
        say("What is your postcode?"),
        say("Then I can show meetings near you. I do not need your address."),
        "> 8630",
        say("Who do you rent from?"),
        say("You do not have to say. Your landlord never sees it."),
        "> [~skip]",
        say("Thank you. I now know which meetings are near you."),
    ]
    assert asked.changes == (SetPlace("8630", "Veurne", "West-Vlaanderen"),)


def test_skipping_forgets_the_place(say: Say, amina: Facts) -> None:
    asked = play(where, "[~skip]", facts=amina)
    assert asked.log[-1] == say("That is fine. I do not keep where you live.")
    assert asked.changes == (SetPlace(None, None, None),)


def test_the_button_says_forget_where_a_postcode_is_known(say: Say, amina: Facts) -> None:
    assert play(where, facts=amina).options["~skip"] == say("🗑️ Forget my postcode")


def test_the_button_says_skip_where_none_is_known(say: Say) -> None:
    asked = play(where, facts=knowing(ELIF, language=say.code))
    assert asked.options["~skip"] == say("Skip this")


@pytest.mark.parametrize("lines", [("9000",), ("[~skip]",)])
def test_in_the_welcome_it_leads_to_the_messages_without_a_word(lines: tuple[str, ...], say: Say) -> None:
    asked = play(where, *lines, facts=knowing(ELIF, language=say.code), subject="new")
    assert asked.log[2:] == [f"> {lines[0]}"]
    assert asked.then == Go("consents", "new")


def test_in_the_welcome_it_keeps_the_place(say: Say) -> None:
    asked = play(where, "9000", facts=knowing(ELIF, language=say.code), subject="new")
    assert asked.changes == (SetPlace("9000", "Gent", "Oost-Vlaanderen"),)


def test_after_a_link_it_is_one_question_more_and_the_end(say: Say) -> None:
    asked = play(where, "9000", facts=knowing(ELIF, language=say.code), subject="later")
    assert asked.log == [
        say("One more question, if you like:"),
        say("What is your postcode?"),
        say("Then I can show meetings near you. I do not need your address."),
        "> 9000",
        say("Thank you. I now know which meetings are near you."),
    ]
    assert asked.changes == (SetPlace("9000", "Gent", "Oost-Vlaanderen"),)
    assert asked.then is None


def test_stopping_keeps_the_place(say: Say, amina: Facts) -> None:
    left = play(where, "8630", "[~cancel]", facts=amina, subject="later")
    assert left.log[-1] == say("Stopped. Nothing was changed.")
    assert left.changes == ()


def test_an_unknown_postcode_is_asked_again(say: Say, amina: Facts) -> None:
    asked = play(where, "9999", "8630", facts=amina)
    assert asked.log[2:6] == [
        "> 9999",
        say("I do not know the postcode {postcode}. Please look at the four numbers again.", postcode=Name("9999")),
        say("What is your postcode?"),
        say("Then I can show meetings near you. I do not need your address."),
    ]
    assert asked.key == "landlord"


@pytest.mark.parametrize("text", ["86 30", "B-8630", "8630 Veurne", "٨٦٣٠", " 8630 ", "b 8630"])
def test_a_postcode_is_read_as_people_write_it(text: str, amina: Facts) -> None:
    assert play(where, text, facts=amina).key == "landlord"


@pytest.mark.parametrize("text", ["veurne", "863", "86300", "0630", "😀", "x" * 5000, ""])
def test_what_is_no_postcode_is_explained_with_an_example(text: str, say: Say, amina: Facts) -> None:
    asked = play(where, text, facts=amina)
    assert asked.log[3] == say("Please write the four numbers of your postcode. For example: 8630.")
    assert asked.key == "postcode"


def test_a_photo_is_no_postcode(say: Say, amina: Facts) -> None:
    asked = play(where, Answered(Answer(media="photo", file="f")), facts=amina)
    assert asked.log[3] == say("Please write the four numbers of your postcode. For example: 8630.")


def test_a_postcode_of_two_municipalities_asks_which(say: Say, amina: Facts) -> None:
    asked = play(where, "1040", facts=amina)
    assert asked.log[-1] == say("Where is that?")
    assert {"Etterbeek", "Brussel"} <= {*asked.options.values()}


def test_in_brussels_it_says_which_rules_it_knows(say: Say, amina: Facts) -> None:
    asked = play(where, "1040", "[Etterbeek]", facts=amina)
    assert asked.log[-3:] == [
        say("Other rules hold in Brussels and Wallonia. I know the rules of Flanders only."),
        say("You can still join meetings."),
        say("Thank you. I now know which meetings are near you."),
    ]
    assert asked.changes == (SetPlace("1040", "Etterbeek", ""),)


def test_a_town_without_a_known_landlord_is_not_asked_for_one(amina: Facts) -> None:
    asked = play(where, "9000", facts=amina)
    assert asked.changes == (SetPlace("9000", "Gent", "Oost-Vlaanderen"),)


def test_the_building_is_asked_after_the_landlord_only(say: Say, amina: Facts) -> None:
    asked = play(where, "8630", "[Wonen aan de Kust]", "blok 7", facts=amina)
    assert asked.log[-4] == say("Does your building have a name or a number, for example “block B2”?")
    assert asked.changes == (SetPlace("8630", "Veurne", "West-Vlaanderen", "kust", "blok 7"),)


def test_a_long_building_name_is_asked_again(say: Say, amina: Facts) -> None:
    asked = play(where, "8630", "[kust]", "x" * 41, facts=amina)
    assert asked.log[-3] == say("That is a long text. Please keep it under {n} letters.", n=40)


def test_back_after_a_lookup_asks_the_postcode_again(amina: Facts) -> None:
    asked = play(where, "8630", "[kust]", "[~back]", "[~back]", "9000", facts=amina)
    assert asked.changes == (SetPlace("9000", "Gent", "Oost-Vlaanderen"),)
