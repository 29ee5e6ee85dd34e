"""What the engine promises conversations that are read: pages, doors that stay open, and words and a language to go on with.

On small conversations made up for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from flows.engine import Need, Session, Turn, advance, standing
from flows.events import Answered, Looked, Refused, Started, Tapped
from flows.messages import Name, _
from flows.questions import Answer, Choice, Invalid, Option, Page, Reader, Words
from flows.talk import HEARD, SPEAK, Change, Done, Go, Look, Talk, flow
from tests.flows.people import AMINA, knowing
from tests.flows.transcript import play

FACTS = knowing(AMINA, language="en")
PAGES = {page: Page(Name(page.title()), Name(f"It is about {page}.")) for page in ("cats", "dogs", "fish")}
DOORS = ((Option("like", Name("Like")), Option("home", Name("Home"))), (Option("leave", Name("Leave")),))
READER = Reader(PAGES, DOORS)


@dataclass(frozen=True)
class Like(Change):
    """Something to ask of the domain."""

    who: str


@flow(title=_("A book"), loose=True)
async def book(talk: Talk) -> Done:
    """Show pages, with two doors that stay open and one that closes the book."""
    door = await talk.ask("read", Name("It is about cats."), READER)
    if door == "like":
        return Done(Like("book"), say=Name("Thank you."), stay=True)
    return Done(then=Go("menu"), stay=door == "home")


@flow(title=_("A shelf"))
async def shelf(talk: Talk) -> Done:
    """Ask, look something up, and show a book."""
    await talk.ask("which", Name("Which?"), Choice({"a": Name("A"), "b": Name("B")}), label=Name("Which"))
    found = await talk.look("found", "postcode", "8630")
    talk.say(Name("From the shelf:"))
    door = await talk.ask("read", Name(found[:1]), READER)
    return Done(Like(door), stay=True)


def test_the_first_page_is_shown_first_and_the_others_are_buttons() -> None:
    read = play(book, facts=FACTS)
    assert read.log == ["It is about cats."]
    assert [*read.options] == ["dogs", "fish", "like", "home", "leave"]


def test_a_page_turns_in_place_and_answers_nothing() -> None:
    read = play(book, "[Fish]", facts=FACTS)
    assert read.screen() == ["It is about fish."]
    assert read.turn.redraw
    assert read.turn.answered is None
    assert [*read.options] == ["cats", "dogs", "like", "home", "leave"]
    assert read.session.journal == {}


def test_pages_turn_there_and_back() -> None:
    assert play(book, "[dogs]", "[fish]", "[cats]", facts=FACTS).screen() == ["It is about cats."]


def test_the_page_that_was_turned_to_is_shown_again() -> None:
    read = play(book, "[dogs]", Started(), facts=FACTS)
    assert read.screen() == ["It is about dogs."]
    assert not read.turn.redraw


def test_a_page_that_a_release_took_away_is_the_first_one() -> None:
    old = Session("book", drafts={"read": ("birds",)})
    assert play(book, facts=FACTS, session=old).screen() == ["It is about cats."]


def test_what_was_said_before_the_book_stays_above_each_page() -> None:
    read = play(shelf, "[a]", "[dogs]", facts=FACTS)
    assert read.screen() == ["From the shelf:", "It is about dogs."]


def test_back_from_a_page_is_the_question_before() -> None:
    read = play(shelf, "[a]", "[dogs]", facts=FACTS)
    assert read.go_on("[~back]").key == "which"


def test_a_page_is_never_an_answer() -> None:
    for chosen in (("cats",), (), ("like", "home"), ("gone-by",)):
        with pytest.raises(Invalid, match="tap one of the buttons"):
            READER.read(Answer(chosen=chosen))
    assert READER.read(Answer(chosen=("home",))) == "home"


def test_words_turn_no_page() -> None:
    read = play(book, "dogs", facts=FACTS)
    assert read.screen() == ["Please tap one of the buttons.", "It is about cats."]


def test_the_question_that_stands_has_its_first_page_as_prompt() -> None:
    question = standing(book, Session("book"), FACTS)
    assert question is not None
    assert question.prompt == Name("It is about cats.")


def test_a_door_does_its_work_and_what_stood_there_stands() -> None:
    read = play(book, "[dogs]", facts=FACTS)
    before = read.turn.session
    read.go_on("[like]")
    assert read.changes == (Like("book"),)
    assert read.screen() == ["Thank you."]
    assert read.turn.stay
    assert read.turn.session == before
    assert read.turn.answered is None  # no tick, and the buttons stay


def test_a_door_can_be_gone_through_again_and_again() -> None:
    read = play(book, "[home]", "[home]", "[fish]", "[home]", facts=FACTS)
    assert read.then == Go("menu")
    assert not read.over


def test_a_door_that_does_not_stay_ends_the_conversation() -> None:
    left = play(book, "[leave]", facts=FACTS)
    assert left.over
    assert left.then == Go("menu")
    assert left.turn.answered is not None


def test_a_door_keeps_the_answers_before_it() -> None:
    read = play(shelf, "[b]", "[home]", facts=FACTS)
    assert read.changes == (Like("home"),)
    assert read.turn.session is not None
    assert read.turn.session.journal["which"] == Answer(chosen=("b",))
    assert "read" not in read.turn.session.journal


def test_a_change_of_a_door_that_is_refused_shows_the_page_again() -> None:
    read = play(shelf, "[b]", "[like]", Refused((), _("That talk is closed.")), facts=FACTS)
    assert read.screen()[:2] == ["That talk is closed.", "From the shelf:"]
    assert read.key == "read"


@flow(title=_("An echo"), loose=True)
async def echo(talk: Talk) -> Done:
    """Answer the words it came with, or ask for some."""
    words = talk.heard or await talk.ask("words", Name("Say something."), Words())
    await talk.ask("more", Name(f"{words}!"), Choice({"again": Name("Again"), "stop": Name("Stop")}))
    return Done(then=Go("menu"))


def test_a_conversation_goes_on_with_the_words_it_came_with() -> None:
    assert play(echo, facts=FACTS, heard="Hello").log == ["Hello!"]
    assert play(echo, "Hi", facts=FACTS).log == ["Say something.", "> Hi", "Hi!"]


def test_words_that_were_heard_are_no_answer_to_go_back_to() -> None:
    assert "~back" not in play(echo, facts=FACTS, heard="Hello").options


def test_words_that_were_heard_survive_every_tap_and_a_refusal() -> None:
    said = play(echo, facts=FACTS, heard="Hello").go_on(Tapped("more", "gone-by"))
    said.go_on(Refused(("more",), _("That talk is closed.")))
    assert said.screen()[-1] == "Hello!"


def test_without_words_nothing_was_heard() -> None:
    assert Talk(FACTS, "", {}).heard == ""
    assert Talk(FACTS, "", {HEARD: Answer(text=None)}).heard == ""
    assert Talk(FACTS, "", {HEARD: Answer(text="Hello")}).heard == "Hello"


def test_a_conversation_speaks_the_language_it_was_asked_in() -> None:
    said = play(echo, facts=FACTS, heard="Merhaba", speak="tr")
    assert said.turn.language == "tr"
    assert said.go_on(Tapped("more", "again")).turn.language == "tr"


def test_without_one_it_speaks_the_persons_own_language() -> None:
    assert play(echo, facts=FACTS, heard="Hello").turn.language is None


def test_a_language_that_the_person_chose_since_goes_before_it() -> None:
    said = play(echo, facts=FACTS, heard="Merhaba", speak="tr")
    chose = replace(FACTS, person=replace(FACTS.person, language="fr"))
    assert said.go_on(chose, Started()).turn.language is None


def test_who_has_no_language_yet_is_spoken_to_in_the_one_they_wrote() -> None:
    stranger = replace(FACTS, person=replace(FACTS.person, language=None))
    assert play(echo, facts=stranger, heard="Merhaba", speak="tr").turn.language == "tr"


@flow(title=_("An echo in another language"), loose=True)
async def turns_french(talk: Talk) -> Done:
    """Speak French from here, whatever it was asked in."""
    talk.speak("fr")
    return Done(say=Name("Bonjour."))


def test_a_language_chosen_in_the_conversation_goes_before_the_one_asked_in() -> None:
    assert play(turns_french, facts=FACTS, speak="tr").turn.language == "fr"


@flow(title=_("A search"), loose=True)
async def searching(talk: Talk) -> Done:
    """Look up what it heard, without a question."""
    found = await talk.look("found", "search", talk.heard)
    return Done(say=Name(found))


def test_what_was_heard_can_be_looked_up_before_any_question() -> None:
    session = Session("searching", "", {HEARD: Answer(text="cats"), SPEAK: Answer(text="tr", file="en")})
    assert advance(searching, session, Started(), FACTS) == Need(Look("found", "search", "cats"))
    turn = advance(searching, session, Looked("found", "Cats are fine.", "cats"), FACTS)
    assert isinstance(turn, Turn)
    assert (turn.say, turn.language, turn.session) == ((Name("Cats are fine."),), "tr", None)


@flow(title=_("A line"), open=True)
async def line(talk: Talk) -> Done:
    """Take words until it is closed from inside."""
    words = await talk.ask("words", Name("Yes?"), Words())
    return Done(Like(words))


def test_an_open_conversation_offers_no_way_to_cancel_it() -> None:
    assert play(line, facts=FACTS).options == {}
    assert play(line, Answered(Answer(text="bye")), facts=FACTS).changes == (Like("bye"),)
