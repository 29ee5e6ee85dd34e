"""What the engine promises every conversation, on small ones made up for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

import flows
from flows.engine import Need, Session, advance, standing
from flows.events import Answered, Looked, Refused, Started, Tapped
from flows.messages import Name, Text, _
from flows.questions import Answer, Choice, Confirm, Pick, Several, Words, YesNo
from flows.talk import Change, Done, Flow, FlowError, Look, Question, Talk, flow
from tests.flows.people import AMINA, knowing
from tests.flows.transcript import play

FACTS = knowing(AMINA, language="en")


@dataclass(frozen=True)
class Report(Change):
    """Something to ask of the domain."""

    room: str
    what: str


@dataclass(frozen=True)
class Thing:
    """Something to pick."""

    id: str

    @property
    def button(self) -> Text:
        return Name(self.id)


@flow(title=_("A repair"))
async def repair(talk: Talk) -> Done:
    """Ask two things, show them, and report."""
    room = await talk.ask(
        "room", Name("Where?"), Choice({"bath": Name("Bath"), "hall": Name("Hall")}), label=Name("Room")
    )
    what = await talk.ask("what", Name("What?"), Words(), label=Name("What"))
    talk.say(Name(f"{room}: {what}"))
    if not await talk.ask("send", Name("Send?"), Confirm()):
        return Done(say=Name("Not sent."))
    return Done(Report(room, what), say=Name("Sent."))


def test_a_conversation_is_its_questions_in_order() -> None:
    reported = play(repair, "[Bath]", "The tap drips", "[yes]", facts=FACTS)
    assert reported.log == [
        "Where?",
        "> [Bath]",
        "What?",
        "> The tap drips",
        "bath: The tap drips",
        "Send?",
        "> [yes]",
        "Sent.",
    ]
    assert reported.changes == (Report("bath", "The tap drips"),)


def test_an_answer_that_cannot_be_read_is_not_kept() -> None:
    asked = play(repair, "hello", facts=FACTS)
    assert asked.turn.session is not None
    assert asked.turn.session.journal == {}
    assert asked.key == "room"


def test_a_question_that_a_release_adds_is_asked_in_its_place() -> None:
    old = Session("repair", "", {"what": Answer(text="The roof leaks"), "gone-by": Answer(text="x")})
    added = play(repair, "[hall]", "[yes]", facts=FACTS, session=old)
    assert added.changes == (Report("hall", "The roof leaks"),)


def test_an_option_that_a_release_took_away_is_asked_again_and_said() -> None:
    old = Session("repair", "", {"room": Answer(chosen=("attic",)), "what": Answer(text="Roof")})
    assert play(repair, facts=FACTS, session=old).log == ["Please tap one of the buttons.", "Where?"]


def test_a_change_that_is_refused_asks_what_it_names_and_keeps_the_rest() -> None:
    refused = play(repair, "[bath]", "Tap", Refused(("room", "send"), _("Not there.")), facts=FACTS)
    assert refused.log[-2:] == ["Not there.", "Where?"]
    assert refused.go_on("[hall]", "[yes]").changes == (Report("hall", "Tap"),)


def test_the_standing_question_can_be_asked_for() -> None:
    question = standing(repair, Session("repair", "", {"room": Answer(chosen=("bath",))}), FACTS)
    assert question is not None
    assert question.key == "what"


def test_starting_again_shows_the_standing_question() -> None:
    assert play(repair, "[bath]", Started(), facts=FACTS).log[-2:] == ["> Started", "What?"]


def test_an_option_that_is_no_button_is_refused_kindly() -> None:
    tapped = play(repair, Tapped("room", "cellar"), facts=FACTS)
    assert tapped.log[-2:] == ["Please tap one of the buttons.", "Where?"]


def test_a_button_of_a_question_that_never_was_tells_where_we_are() -> None:
    tapped = play(repair, Tapped("colour", "red"), facts=FACTS)
    assert tapped.turn.stale
    assert tapped.log[-1] == "Where?"


def test_back_at_the_first_question_stays_there() -> None:
    assert play(repair, Tapped("room", "~back"), facts=FACTS).key == "room"


def test_not_now_leaves_and_changes_nothing() -> None:
    left = play(repair, "[bath]", "[✖️ Not now]", facts=FACTS)
    assert left.over
    assert left.changes == ()


def test_a_not_now_of_a_question_that_passed_tells_where_we_are() -> None:
    tapped = play(repair, "[bath]", Tapped("room", "~cancel"), facts=FACTS)
    assert not tapped.over
    assert tapped.turn.stale
    assert tapped.log[-2:] == ["You have answered that already. We are here now:", "What?"]


def test_an_answer_that_is_not_there_cannot_be_changed_away() -> None:
    edited = play(repair, "[bath]", "Tap", Tapped("send", "~edit-colour"), facts=FACTS)
    assert edited.key == "send"


@flow(title=_("A lookup"))
async def looking(talk: Talk) -> Done:
    """Look up what was asked."""
    what = await talk.ask("what", Name("What?"), Words())
    found = await talk.look("found", "postcode", what)
    if not await talk.ask("right", Name(found), YesNo()):
        return Done(say=Name("Sorry."))
    return Done(say=Name("Good."))


def test_a_lookup_is_asked_of_the_runtime_and_journaled() -> None:
    asked = Session("looking", "", {"what": Answer(text="8630")})
    need = advance(looking, asked, Started(), FACTS)
    assert need == Need(Look("found", "postcode", "8630"))
    turn = advance(looking, asked, Looked("found", "Veurne", "8630"), FACTS)
    assert not isinstance(turn, Need)
    assert turn.session is not None
    assert turn.session.journal["?found"] == Answer(text="Veurne", file="8630")


def test_a_lookup_expires_when_its_inputs_change() -> None:
    journal = {"what": Answer(text="9000"), "?found": Answer(text="Veurne", file="8630")}
    assert advance(looking, Session("looking", "", journal), Started(), FACTS) == Need(
        Look("found", "postcode", "9000")
    )


def test_what_was_looked_up_is_not_looked_up_again() -> None:
    journal = {"what": Answer(text="8630"), "?found": Answer(text="Veurne", file="8630")}
    turn = advance(looking, Session("looking", "", journal), Answered(Answer(text="?")), FACTS)
    assert not isinstance(turn, Need)


@flow(title=_("Twice"))
async def twice(talk: Talk) -> Done:
    """Ask one key twice: a mistake of its author."""
    await talk.ask("same", Name("One?"), YesNo())
    await talk.ask("same", Name("Two?"), YesNo())
    return Done()


@flow(title=_("Round and round"))
async def round_and_round(talk: Talk) -> Done:
    """Take an answer back that was never given: a mistake of its author."""
    talk.again("nothing", _("Please tap one of the buttons."))


class Anything:
    """Something that a flow may not await."""

    def __await__(self) -> Iterator[str]:
        yield "a network call"


@flow(title=_("Outside"))
async def outside(talk: Talk) -> Done:
    """Wait for the world: a mistake of its author."""
    await Anything()  # type: ignore[misc]
    return Done()


@pytest.mark.parametrize(
    ("broken", "said"),
    [(twice, "asked 'same' twice"), (round_and_round, "takes answers back"), (outside, "may only await questions")],
)
def test_a_mistake_of_a_flows_author_is_named(broken: Flow, said: str) -> None:
    with pytest.raises(FlowError, match=said):
        play(broken, "[yes]", facts=FACTS)


@flow(title=_("A list"))
async def listed(talk: Talk) -> Done:
    """Pick one of many, and tick some."""
    thing = await talk.ask("thing", Name("Which?"), Pick([Thing(f"t{n}") for n in range(14)]))
    some = await talk.ask("some", Name("Some?"), Several({"a": Name("A"), "b": Name("B")}))
    return Done(say=Name(f"{thing.id} {some}"))


def test_pages_and_ticks_are_drafts_and_never_answers() -> None:
    drafted = play(listed, "[~page1]", "[~page2]", facts=FACTS)
    assert [*drafted.options] == ["t12", "t13", "~page1", "~cancel"]
    assert drafted.turn.session is not None
    assert drafted.turn.session.journal == {}
    drafted.go_on("[t13]", "[a]", "[b]", "[a]", "[~ready]")
    assert drafted.log[-1] == "t13 ('b',)"


def test_a_page_beyond_the_end_is_the_last() -> None:
    assert "t13" in play(listed, Tapped("thing", "~page99"), facts=FACTS).options


def test_every_flow_is_found_by_being_there() -> None:
    found = flows.load()
    assert {"welcome", "menu", "meetings"} <= found.keys()
    assert all(name == found[name].name for name in found)


def test_two_flows_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import menu

    monkeypatch.setattr(menu, "other", Flow("menu", None, _("Menu"), repair.body, frozenset(), False), raising=False)
    with pytest.raises(ValueError, match="share a name"):
        flows.load()


def test_two_flows_of_one_command_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import menu

    other = Flow("other", "menu", _("Menu"), repair.body, frozenset(), False)
    monkeypatch.setattr(menu, "other", other, raising=False)
    with pytest.raises(ValueError, match="share a name or a command"):
        flows.load()


def test_a_question_is_only_a_question() -> None:
    assert isinstance(standing(repair, Session("repair"), FACTS), Question)
