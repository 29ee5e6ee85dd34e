"""What staff do in their own chat: answer tenants, and teach the search. A tenant is refused everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.changes import CloseHandoff, Learn, Reply, ReplyArticle, TakeHandoff
from flows.facts import Facts, PersonFacts
from flows.menu import menu
from flows.messages import Day, Name, Text, _
from flows.rights_facts import MENUS, Handoff, Line
from flows.talk import Flow, Go
from flows.team import handoffs, learn, link_other, reply, send_article, team, work
from tests.flows.people import (
    AMINA,
    ASKED,
    GAP,
    GREET,
    HANDOFFS,
    LIBRARY,
    LUC,
    MENU_ONLY,
    OVERDUE,
    REPLIED,
    about,
    knowing,
)
from tests.flows.rights_screens import titles
from tests.flows.transcript import Say, follow, play

DONE = _("That one is done. Thank you!")

every_flow = pytest.mark.parametrize("flow", [team, handoffs, work, reply, send_article, learn, link_other])


@pytest.fixture
def greet(say: Say) -> Facts:
    """Give what is known when Greet, who is staff, is at work."""
    return about(knowing(GREET, language=say.code), "")


def on(greet: Facts, talk: Handoff) -> Facts:
    """Give what Greet knows while she looks at one talk."""
    return replace(greet, handoff=talk)


def language(code: str) -> Name:
    """Give the own name of a language."""
    return Name(knowing(GREET).languages[code])


@every_flow
@pytest.mark.parametrize("person", [AMINA, LUC], ids=["tenant", "organiser"])
def test_whoever_is_no_staff_is_refused_and_sees_nothing(
    person: PersonFacts, flow: Flow, say: Say, greet: Facts
) -> None:
    """The flow itself refuses, whatever facts it is given."""
    given = replace(greet, person=replace(person, language=say.code), handoff=ASKED)
    refused = play(flow, facts=given, subject="7")
    assert refused.log == []
    assert refused.changes == ()
    assert refused.then == Go("menu", "no-role")
    assert follow(refused).log[0] == say("That is for organisers and staff only.")


def test_staff_find_their_work_in_the_menu_and_tenants_do_not(say: Say, greet: Facts, amina: Facts) -> None:
    at_work = play(menu, facts=greet)
    assert at_work.options["team"] == say("💬 Questions of tenants")
    assert at_work.go_on("[team]").then == Go("team")
    assert "team" not in play(menu, facts=amina).options


def test_an_admin_is_staff_too(greet: Facts) -> None:
    admin = replace(greet, person=replace(GREET, roles=("admin",)))
    assert play(team, facts=admin).turn.question


def test_it_tells_how_many_wait(say: Say, greet: Facts) -> None:
    shown = play(team, facts=greet)
    assert shown.log == [
        say.n("One question waits for an answer.", "{n} questions wait for an answer.", n=3),
        say.n("One question found no article.", "{n} questions found no article.", n=2),
    ]
    assert list(shown.options.values()) == [say("💬 Talks with tenants"), say("🎓 Teach the search"), say("☰ Menu")]


@pytest.mark.parametrize("tap", ["handoffs", "learn", "menu"])
def test_a_tap_goes_to_that_work(tap: str, greet: Facts) -> None:
    assert play(team, f"[{tap}]", facts=greet).then == Go(tap)


def test_when_nothing_waits_it_says_so(say: Say, greet: Facts) -> None:
    shown = play(team, facts=replace(greet, handoffs=(), gap=None, gaps=0))
    assert shown.log == [say("No question waits for an answer."), say("Every question found its article.")]
    assert {*shown.options} == {"menu"}


def test_the_talks_are_listed_with_what_waits_and_what_is_late(say: Say, greet: Facts) -> None:
    listed = play(handoffs, facts=greet)
    assert listed.log == [say("Which talk?")]
    assert listed.options["7"] == say("💬 Question {n}", n=7)
    assert listed.options["9"] == say("✓ Question {n}", n=9)
    assert listed.options["10"] == say("⏰ Question {n}", n=10)
    assert "11" not in listed.options  # it is over
    assert listed.go_on("[10]").then == Go("work", "10")


def test_from_the_list_of_talks_one_goes_back_without_choosing(say: Say, greet: Facts) -> None:
    listed = play(handoffs, facts=greet)
    assert listed.options["~skip"] == say("◀️ Back")
    assert listed.go_on("[~skip]").then == Go("team")


def test_without_talks_the_list_says_so(say: Say, greet: Facts) -> None:
    assert play(handoffs, facts=replace(greet, handoffs=())).log == [say("No question waits for an answer.")]


def test_a_talk_is_shown_without_saying_whose_it_is(say: Say, greet: Facts) -> None:
    shown = play(work, facts=on(greet, ASKED), subject="7")
    assert shown.log == [
        say("💬 Question {n}", n=7),
        say("About: {topic}", topic=LIBRARY.articles["damp-and-mould"].title),
        say("Language: {language}", language=language("ar")),
        say("Province: {province}", province=Name("West-Vlaanderen")),
        say("Asked on {day}", day=Day(ASKED.asked)),
        say("🏠 “{text}”", text=Name(ASKED.lines[0].text)),
    ]
    assert list(shown.options.values()) == [
        say("✍️ Write an answer"),
        say("📖 Send an article"),
        say("✖️ Close the talk"),
        say("☰ Questions of tenants"),
    ]


def test_both_sides_of_a_talk_are_shown_and_an_article_by_its_title(say: Say, greet: Facts) -> None:
    shown = play(work, facts=on(greet, REPLIED), subject="9")
    assert shown.log[-4:] == [
        say("🏠 “{text}”", text=Name(REPLIED.lines[0].text)),
        say("✍️ “{text}”", text=Name("Sinds wanneer?")),
        say("🏠 “{text}”", text=Name("> 3 weken")),
        say("✍️ Article: {title}", title=LIBRARY.articles["deposit"].title),
    ]


def test_a_group_as_subject_is_named_and_a_colleague_who_is_busy_too(say: Say, greet: Facts) -> None:
    shown = play(work, facts=on(greet, MENU_ONLY), subject="8")
    assert say("About: {topic}", topic=MENUS["money"]) in shown.log
    assert shown.log[-1] == say("A colleague is busy with it.")


def test_what_waits_too_long_says_so_first(say: Say, greet: Facts) -> None:
    assert play(work, facts=on(greet, OVERDUE), subject="10:late").log[0] == say("⏰ Question {n} still waits.", n=10)


def test_the_last_words_of_a_long_talk_are_shown(say: Say, greet: Facts) -> None:
    long = replace(ASKED, lines=tuple(Line("tenant", f"bericht {n}") for n in range(20)))
    shown = play(work, facts=on(greet, long), subject="7")
    assert shown.log[-1] == say("🏠 “{text}”", text=Name("bericht 19"))
    assert say("🏠 “{text}”", text=Name("bericht 0")) not in shown.log


def test_a_talk_of_long_messages_still_fits_one_message(greet: Facts) -> None:
    long = replace(ASKED, lines=tuple(Line("tenant", f"{n} " + "woord " * 333) for n in range(6)))
    shown = play(work, facts=on(greet, long), subject="7")
    assert len("\n".join(shown.log).encode("utf-16-le")) // 2 <= 4096


@pytest.mark.parametrize(("tap", "flow"), [("reply", "reply"), ("send-article", "send_article")])
def test_whoever_begins_an_answer_takes_the_talk_and_it_stays_on_screen(tap: str, flow: str, greet: Facts) -> None:
    taken = play(work, f"[{tap}]", facts=on(greet, ASKED), subject="7")
    assert taken.changes == (TakeHandoff(7),)
    assert taken.then == Go(flow, "7")
    assert "close" in taken.options


def test_staff_close_a_talk(say: Say, greet: Facts) -> None:
    closed = play(work, "[close]", facts=on(greet, ASKED), subject="7")
    assert closed.changes == (CloseHandoff(7),)
    assert closed.log[-1] == say("The talk is closed. The tenant was told.")


def test_from_a_talk_back_to_all_of_them_takes_nothing(greet: Facts) -> None:
    back = play(work, "[team]", facts=on(greet, ASKED), subject="7")
    assert back.changes == ()
    assert back.then == Go("team")


@pytest.mark.parametrize("subject", ["11", "999", "11:closed"])
@pytest.mark.parametrize("flow", [work, reply, send_article], ids=lambda flow: flow.name)
def test_a_talk_that_is_over_or_not_there_is_said_to_be_closed(
    flow: Flow, subject: str, say: Say, greet: Facts
) -> None:
    told = play(flow, facts=about(greet, subject), subject=subject)
    assert told.log == [say("That talk is closed.")]
    assert told.over


def test_an_answer_is_looked_at_once_more_before_it_goes(say: Say, greet: Facts) -> None:
    wrote = play(reply, "Hoe lang al?", "[yes]", facts=on(greet, ASKED), subject="7")
    assert wrote.log == [
        say("Write your answer to question {n}.", n=7),
        say("The tenant reads: {language}. Short sentences help.", language=language("ar")),
        "> Hoe lang al?",
        say("“{text}”", text=Name("Hoe lang al?")),
        say("Shall I send this?"),
        "> [yes]",
        say("Sent. You hear from me when the tenant writes back."),
    ]
    assert wrote.changes == (Reply(7, "Hoe lang al?"),)


def test_an_answer_that_is_not_sent_goes_back_to_the_talk(say: Say, greet: Facts) -> None:
    wrote = play(reply, "Hoe lang al?", "[no]", facts=on(greet, ASKED), subject="7")
    assert wrote.changes == ()
    assert wrote.log[-1] == say("That is fine. I sent nothing.")
    assert wrote.then == Go("work", "7")


def test_an_answer_can_be_written_anew(greet: Facts) -> None:
    wrote = play(reply, "Hoe lang al?", "[~back]", "Sinds wanneer?", "[yes]", facts=on(greet, ASKED), subject="7")
    assert wrote.changes == (Reply(7, "Sinds wanneer?"),)


def test_an_article_is_an_answer_in_a_few_taps(say: Say, greet: Facts) -> None:
    chosen = play(send_article, "[money]", "[~page1]", facts=on(greet, ASKED), subject="7")
    topic = next(id for id in chosen.options if not id.startswith("~"))
    chosen.go_on(f"[{topic}]", "[yes]")
    assert chosen.changes == (ReplyArticle(7, topic),)
    assert chosen.log[-1] == say("Sent. You hear from me when the tenant writes back.")


def test_every_article_can_be_sent(greet: Facts) -> None:
    for topic, article in LIBRARY.articles.items():
        chosen = play(send_article, f"[{article.menu}]", facts=on(greet, ASKED), subject="7")
        if topic not in chosen.options:
            chosen.go_on("[~page1]")
        assert chosen.go_on(f"[{topic}]", "[yes]").changes == (ReplyArticle(7, topic),)


def test_an_article_that_is_not_sent_goes_back_to_the_talk(greet: Facts) -> None:
    chosen = play(send_article, "[money]", "[deposit]", "[no]", facts=on(greet, ASKED), subject="7")
    assert chosen.changes == ()
    assert chosen.then == Go("work", "7")


def test_a_question_without_an_answer_is_shown_with_the_three_best_topics(say: Say, greet: Facts) -> None:
    opened = play(learn, facts=greet)
    assert opened.then == Go("learn", "3")
    shown = follow(opened)
    assert shown.log == [
        say("I had no answer to this:"),
        say("“{text}”", text=Name(GAP.text)),
        say("Language: {language}", language=language("nl")),
        say("Which article answers it? The search learns it at the next build."),
        say("Is there a name in it? Then leave it."),
    ]
    assert list(shown.options.values()) == [
        "a-topic-gone-by",
        *titles(say, "pets", "alterations-garden-antenna"),
        say("📚 Another article"),
        say("🚫 Not a question for us"),
        say("📝 We need a new article"),
        say("⏭️ Leave it"),
        say("☰ Questions of tenants"),
    ]


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("unanswered", _("I had no answer to this:")),
        ("not-meant", _("My answer to this was not the right one:")),
        ("thumbs-down", _("My answer to this was not useful:")),
    ],
)
def test_it_says_why_a_question_is_here(why: str, sentence: Text, say: Say, greet: Facts) -> None:
    shown = play(learn, facts=replace(greet, gap=replace(GAP, why=why)), subject="3")
    assert shown.log[0] == say.text(sentence)


@pytest.mark.parametrize(
    ("tap", "learnt", "said"),
    [
        ("pets", Learn(3, "linked", "pets"), _("✓ Learned: {title}", title=LIBRARY.articles["pets"].title)),
        ("scope", Learn(3, "out-of-scope"), _("✓ Noted.")),
        ("wanted", Learn(3, "wanted"), _("✓ Noted.")),
        ("passed", Learn(3, "passed"), _("✓ Noted.")),
    ],
)
def test_one_tap_settles_a_question_and_the_next_follows(
    tap: str, learnt: Learn, said: Text, say: Say, greet: Facts
) -> None:
    taught = play(learn, f"[{tap}]", facts=greet, subject="3")
    assert taught.changes == (learnt,)
    assert taught.then == Go("learn", say=said)
    following = follow(taught, facts=replace(greet, gap=replace(GAP, id=4)))
    assert following.log == [say.text(said)]
    assert following.then == Go("learn", "4")


def test_an_article_that_the_search_did_not_think_of_can_be_linked(say: Say, greet: Facts) -> None:
    other = play(learn, "[other]", facts=greet, subject="3")
    assert other.then == Go("link_other", "3")
    linked = play(link_other, "[money]", "[deposit]", facts=greet, subject="3")
    assert say("“{text}”", text=Name(GAP.text)) in linked.log
    assert linked.changes == (Learn(3, "linked", "deposit"),)
    assert linked.then == Go("learn")


def test_teaching_leads_back_to_the_work(greet: Facts) -> None:
    assert play(learn, "[team]", facts=greet, subject="3").then == Go("team")


def test_when_all_is_taught_it_thanks(say: Say, greet: Facts) -> None:
    done = play(learn, facts=replace(greet, gap=None, gaps=0))
    assert done.then == Go("team", say=DONE)
    assert follow(done).log == [
        say.text(DONE),
        say.n("One question waits for an answer.", "{n} questions wait for an answer.", n=3),
        say("Every question found its article."),
    ]


def test_a_question_that_a_colleague_settled_is_not_called_the_last_one(say: Say, greet: Facts) -> None:
    """The loader gives no such question, and counts those that are left."""
    gone = play(learn, facts=replace(greet, gap=None, gaps=2), subject="3")
    assert gone.then == Go("team", say=DONE)
    told = follow(gone).log
    assert say("Every question found its article.") not in told
    assert told[-1] == say.n("One question found no article.", "{n} questions found no article.", n=2)


def test_staff_are_never_told_that_it_is_for_staff_only(greet: Facts) -> None:
    """A colleague settled the question while another article was looked for."""
    gone = play(link_other, facts=replace(greet, gap=None, gaps=2), subject="3")
    assert gone.then == Go("team", say=DONE)


def test_every_talk_that_is_open_can_be_opened(greet: Facts) -> None:
    for talk in HANDOFFS:
        if talk.state != "closed":
            assert play(work, facts=on(greet, talk), subject=str(talk.id)).turn.question
