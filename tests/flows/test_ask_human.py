"""A tenant asks a human: the question, how and by when it is answered, and the talk in this same chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from flows.ask_human import LONGEST, ask_human, human_reply, talk_closed, thread
from flows.changes import AskHuman, CloseHandoff, TellHuman
from flows.engine import Session
from flows.facts import Facts, Help
from flows.messages import Day, Hour, Moment, Name, _
from flows.questions import Answer
from flows.rights_facts import MENUS, Handoff, Line, Office
from flows.talk import Go
from tests.flows.people import (
    AMINA,
    ASKED,
    CLOSED,
    ELIF,
    ENDED,
    GREET,
    LIBRARY,
    OFFICE,
    PHONE,
    REPLIED,
    about,
    knowing,
    wall,
)
from tests.flows.rights_screens import heading
from tests.flows.transcript import Say, follow, play

WORDS = "de lift is al 3 weken stuk"
OVER = "That talk is over. You can always ask something new: /menu."


def how(say: Say) -> list[str]:
    """Give who reads it, when, and by when there is an answer."""
    return [
        say(
            "Someone of {organisation} reads it, on working days from {begins} to {ends}.",
            organisation=Name("Huurdersnet"),
            begins=Hour(OFFICE.begins),
            ends=Hour(OFFICE.ends),
        ),
        say("You get an answer here, in this chat, by {day} at the latest.", day=Day(date(2027, 3, 3))),
        say("They do not see your name. Your landlord does not see it."),
    ]


def passed_on(say: Say, words: str) -> list[str]:
    """Give what is shown before a question is sent."""
    return [
        say("I pass this on to a human:"),
        say("“{text}”", text=Name(words)),
        *how(say),
        say("Shall I send it?"),
    ]


def talking(amina: Facts, talk: Handoff, office: Office = OFFICE) -> Facts:
    """Give what is known of Amina while one talk of hers is with a human."""
    return replace(about(amina, str(talk.id), own=(talk,)), office=office)


def test_a_tenant_asks_from_the_menu_and_the_talk_begins(say: Say, amina: Facts) -> None:
    asked = play(ask_human, "[dwelling]", WORDS, "[send]", facts=amina)
    assert asked.log == [
        say("What is your question about?"),
        "> [dwelling]",
        say("What do you want to ask? Write it as you would say it."),
        say("You do not have to give your name."),
        f"> {WORDS}",
        *passed_on(say, WORDS),
        "> [send]",
    ]
    assert asked.changes == (AskHuman("dwelling", WORDS, say.code),)
    talk = replace(ASKED, id=12, topic="dwelling", lines=(Line("tenant", WORDS),))
    begun = follow(asked, facts=talking(amina, talk))
    assert begun.then == Go("thread", "12")
    assert follow(begun).log == [
        say("✅ Your question is with a human now."),
        say("You can write more here. Or tap /menu for something else."),
    ]


def test_it_can_be_about_any_group_or_something_else(say: Say, amina: Facts) -> None:
    asked = play(ask_human, facts=amina)
    assert list(asked.options.values())[:-1] == [
        *(say.text(label) for label in MENUS.values()),
        say("Something else"),
    ]
    assert asked.go_on("[other]", WORDS, "[send]").changes == (AskHuman("", WORDS, say.code),)


def test_words_that_were_heard_are_not_asked_again(say: Say, amina: Facts) -> None:
    asked = play(ask_human, "[send]", facts=amina, subject="deposit", heard=WORDS)
    assert asked.log == [*passed_on(say, WORDS), "> [send]"]
    assert asked.changes == (AskHuman("deposit", WORDS, say.code),)


def test_a_topic_that_was_read_is_not_asked_again(say: Say, amina: Facts) -> None:
    asked = play(ask_human, WORDS, "[send]", facts=amina, subject="deposit")
    assert asked.changes == (AskHuman("deposit", WORDS, say.code),)


def test_nothing_is_sent_before_the_tenant_says_so(say: Say, amina: Facts) -> None:
    shown = play(ask_human, facts=amina, heard=WORDS)
    assert shown.changes == ()
    assert list(shown.options.values())[:3] == [
        say("🙋 Yes, send it"),
        say("✏️ Write it differently"),
        say("No, do not send it"),
    ]
    left = shown.go_on("[no]")
    assert left.log[-1] == say("That is fine. I sent nothing.")
    assert left.changes == ()
    assert left.over


def test_it_can_be_written_differently_before_it_goes(say: Say, amina: Facts) -> None:
    asked = play(ask_human, "[rewrite]", "De lift is stuk.", facts=amina, subject="landlord-repairs", heard=WORDS)
    assert say("Write it again, as you would say it.") in asked.log
    assert asked.changes == (AskHuman("landlord-repairs", "De lift is stuk.", say.code),)


def test_not_now_sends_nothing(say: Say, amina: Facts) -> None:
    left = play(ask_human, "[~cancel]", facts=amina, heard=WORDS)
    assert left.log[-1] == say("Stopped. Nothing was changed.")
    assert left.changes == ()


def test_a_question_of_a_person_is_passed_on_in_the_language_it_was_asked_in(amina: Facts) -> None:
    asked = play(ask_human, "[send]", facts=amina, heard="asansör bozuk", speak="tr")
    assert asked.changes == (AskHuman("", "asansör bozuk", "tr"),)


def test_where_nobody_answers_it_says_so_and_who_to_call(say: Say, amina: Facts) -> None:
    nobody = replace(amina, office=Office())
    told = play(ask_human, facts=nobody, heard=WORDS)
    assert told.log == [
        say("At this moment nobody can read questions here."),
        say("Call {organisation}: {phone}.", organisation=Name("Huurdersnet"), phone=Name(PHONE)),
    ]
    assert told.changes == ()
    without = play(ask_human, facts=replace(nobody, help=Help()))
    assert without.log[-1] == say("Ask the group that gave you the link to this chat.")


def test_whoever_has_an_open_talk_goes_on_with_it(amina: Facts) -> None:
    assert play(ask_human, facts=talking(amina, ASKED)).then == Go("thread", "7")


def test_new_words_are_not_lost_on_the_way_to_an_open_talk(say: Say, amina: Facts) -> None:
    asked = play(ask_human, facts=talking(amina, ASKED), heard=WORDS)
    assert asked.changes == (TellHuman(7, WORDS),)
    assert asked.then == Go("thread", "7", say=_("✓ Passed on."))
    more = talking(amina, replace(ASKED, lines=(*ASKED.lines, Line("tenant", WORDS))))
    goes_on = follow(asked, facts=more)
    assert goes_on.log[:2] == [say("✓ Passed on."), say("✅ Your question is with a human now.")]
    assert goes_on.go_on("En de bel ook.").changes == (TellHuman(7, "En de bel ook."),)


def test_the_talks_of_tenants_are_not_those_of_the_staff_who_read_them(say: Say) -> None:
    greet = about(knowing(GREET, language=say.code), "")
    assert greet.handoffs
    asked = play(ask_human, "[send]", facts=greet, subject="deposit", heard=WORDS)
    assert asked.changes == (AskHuman("deposit", WORDS, say.code),)
    assert play(thread, facts=greet, subject="new").log == [say(OVER)]


def test_what_is_written_in_a_talk_goes_to_the_human(say: Say, amina: Facts) -> None:
    wrote = play(thread, WORDS, facts=talking(amina, ASKED), subject="7")
    assert wrote.changes == (TellHuman(7, WORDS),)
    more = talking(amina, replace(ASKED, lines=(*ASKED.lines, Line("tenant", WORDS)), told_hours=True))
    goes_on = follow(wrote, facts=more)
    assert goes_on.log[0] == say("✓ Passed on.")
    assert goes_on.go_on("En de bel ook.").changes == (TellHuman(7, "En de bel ook."),)


def test_words_that_were_passed_on_are_never_taken_for_the_next_ones(amina: Facts) -> None:
    kept = Session("thread", "7", {"m1": Answer(text="hallo?")})
    more = talking(amina, replace(ASKED, lines=(*ASKED.lines, Line("tenant", "hallo?"))))
    shown = play(thread, facts=more, session=kept)
    assert shown.changes == ()
    again = shown.go_on("hallo?")
    assert again.changes == (TellHuman(7, "hallo?"),)


def test_out_of_hours_is_said_once(say: Say, amina: Facts) -> None:
    opens = Moment(wall("2027-03-02T09:00"))
    closed = say("✅ Your question is sent. Someone reads it from {when} on.", when=opens)
    assert play(thread, facts=talking(amina, ASKED, CLOSED), subject="7").log == [
        closed,
        say("You can write more here. Or tap /menu for something else."),
    ]
    told = replace(ASKED, told_hours=True)
    assert closed not in play(thread, facts=talking(amina, told, CLOSED), subject="7").log
    assert closed not in play(thread, facts=talking(amina, ASKED), subject="7").log


def test_once_answered_the_talk_says_that_a_human_is_there(say: Say, amina: Facts) -> None:
    assert play(thread, facts=talking(amina, REPLIED), subject="9").log == [
        say("You talk with a human now. Write your answer here."),
        say("Or tap /menu for something else."),
    ]


def test_the_tenant_can_end_the_talk_and_nothing_else_leaves_it(say: Say, amina: Facts) -> None:
    talked = play(thread, facts=talking(amina, ASKED), subject="7")
    assert list(talked.options.values()) == [say("✖️ End this talk")]
    talked.go_on("[~skip]")
    assert talked.changes == (CloseHandoff(7),)
    assert talked.log[-1] == say("The talk is over. Thank you for asking.")


def test_a_very_long_message_is_not_passed_on_cut(say: Say, amina: Facts) -> None:
    wrote = play(thread, "x" * (LONGEST + 1), facts=talking(amina, ASKED), subject="7")
    assert wrote.changes == ()
    assert say("That is a long text. Please keep it under {n} letters.", n=LONGEST) in wrote.log


def test_a_new_question_opens_its_own_talk_and_not_an_older_one(amina: Facts) -> None:
    assert play(thread, facts=about(amina, "new", own=(ASKED, REPLIED)), subject="new").then == Go("thread", "9")


@pytest.mark.parametrize("subject", ["11", "999", "new", "x"])
def test_a_talk_that_is_over_or_not_theirs_is_said_to_be_over(subject: str, say: Say, amina: Facts) -> None:
    told = play(thread, facts=about(amina, subject, own=(ENDED,)), subject=subject)
    assert told.log == [say(OVER)]
    assert told.over


def test_the_answer_comes_in_the_same_chat(say: Say, amina: Facts) -> None:
    told = play(human_reply, facts=talking(amina, REPLIED), subject="9:1")
    assert told.log == [
        say("💬 A human of {organisation} answers:", organisation=Name("Huurdersnet")),
        "Sinds wanneer?",
    ]
    assert list(told.options.values()) == [say("✍️ Write back"), say("✖️ End this talk"), say("☰ Menu")]
    back = follow(told.go_on("[answer]"), "3 weken")
    assert back.changes == (TellHuman(9, "3 weken"),)


def test_an_article_that_a_human_chose_is_read_in_the_tenants_own_language(say: Say, amina: Facts) -> None:
    told = play(human_reply, facts=talking(amina, REPLIED), subject="9:3")
    assert told.log[1:] == [
        heading(say, LIBRARY.articles["deposit"].title),
        say.text(LIBRARY.articles["deposit"].summary),
    ]
    assert told.options["article"] == say("📖 Read all of it")
    assert told.go_on("[article]").then == Go("article", "deposit")


def test_the_answer_stays_while_one_looks_elsewhere(amina: Facts) -> None:
    told = play(human_reply, "[menu]", facts=talking(amina, REPLIED), subject="9:1")
    assert told.then == Go("menu")
    assert told.go_on("[answer]").then == Go("thread", "9")


def test_the_talk_can_be_ended_from_the_answer(say: Say, amina: Facts) -> None:
    told = play(human_reply, "[close]", facts=talking(amina, REPLIED), subject="9:1")
    assert told.changes == (CloseHandoff(9),)
    assert told.log[-1] == say("The talk is over. Thank you for asking.")


@pytest.mark.parametrize("subject", ["9:0", "9:99", "9:", "9", "9:x", "999:1", "8:0"])
def test_only_words_of_staff_in_a_talk_of_ones_own_are_an_answer(subject: str, say: Say, amina: Facts) -> None:
    told = play(human_reply, facts=about(amina, subject, own=(REPLIED,)), subject=subject)
    assert told.log == [say(OVER)]


def test_a_human_who_closes_the_talk_is_told_of(say: Say, amina: Facts) -> None:
    assert play(talk_closed, facts=amina).log == [
        say("The human has closed this talk. You can always ask something new: /menu.")
    ]


def test_markup_in_a_question_is_shown_as_it_was_written(say: Say) -> None:
    words = "<b>lift</b> & {x}"
    for person in (AMINA, ELIF):
        shown = play(ask_human, facts=knowing(person, language=say.code), subject="deposit", heard=words)
        assert shown.log[1] == say("“{text}”", text=Name(words))
