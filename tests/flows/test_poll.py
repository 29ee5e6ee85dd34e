"""Answer a poll by tapping: one question on a screen, and every tap counts once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.messages import Day, Moment, Name, Text, Told, _, _n
from flows.poll import NO_CHANGE, poll
from flows.poll_changes import Cast
from flows.poll_facts import SKIP, Poll, PollQuestion
from flows.poll_kinds import RATHER_NOT
from flows.poll_texts import FACE_WORDS
from flows.talk import Go
from tests.flows.people import AMINA
from tests.flows.poll_people import (
    ASKER,
    BINS,
    CLOSES,
    CONTENT,
    FACES,
    FLOOR_NUMBER,
    FULL,
    HALF,
    IDEA,
    KNOWN,
    ODD,
    OFTEN,
    RENT_DAY,
    SECRET,
    TWO,
    WASTE,
    answering,
    polled,
)
from tests.flows.transcript import Say, follow, play

DAY = Day(CLOSES.date())


@pytest.fixture
def say() -> Say:
    return Say("en")


def only(*questions: PollQuestion) -> Poll:
    """Give a poll of these questions alone."""
    return replace(WASTE, content=replace(CONTENT, questions=questions))


def test_before_the_first_answer_a_tenant_reads_who_asks_why_and_who_can_see_it(say: Say) -> None:
    shown = play(poll, facts=polled(WASTE, language=say.code), subject="afval:1:weet")
    assert shown.log == [
        say("🗳️ <b>{title}</b>", title=Told(CONTENT.title)),
        say.text(_n("{asker} asks you one question.", "{asker} asks you {n} questions.", n=3, asker=Name(ASKER))),
        say("Why: {why}", why=Told(CONTENT.why)),
        say("What is done with it: {use}", use=Told(CONTENT.use)),
        say.n("It takes about one minute.", "It takes about {n} minutes.", n=2),
        say("You can answer until {when}. After that I send you the result.", when=Moment(CLOSES)),
        say("🔒 Nobody sees who answered what. After {day} nobody can find your answer again, not even we.", day=DAY),
        say("Question {n} of {all}", n=1, all=3),
        say("<b>{title}</b>", title=Told(KNOWN.text)),
        say("You get this because you want polls. It is message {n} this month.", n=2),
    ]
    assert list(shown.options) == ["yes", "no", "skip", "~pause"]


def test_a_later_question_stands_alone(say: Say) -> None:
    shown = play(poll, facts=polled(HALF, language=say.code), subject="half:1:hoe")
    assert shown.log == [
        say("Question {n} of {all}", n=2, all=3),
        say("<b>{title}</b>", title=Told(OFTEN.text)),
    ]
    assert list(shown.options.values()) == ["1 day", "3 days", "every day", say.text(RATHER_NOT)]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_whole_poll_takes_one_tap_a_question_and_a_sentence(language: str) -> None:
    opened = play(poll, facts=polled(WASTE, language=language), subject="afval")
    first = follow(opened, "[yes]")
    assert first.changes == (Cast("afval", "weet", ("yes",)),)
    second = follow(first, "[o2]", facts=answering(WASTE, {"weet": ("yes",)}, language=language))
    assert second.changes == (Cast("afval", "hoe", ("o2",)),)
    assert second.then == Go("poll_write", "afval:1:idee")
    mine = {"weet": ("yes",), "hoe": ("o2",)}
    third = follow(second, "أكثر", facts=answering(WASTE, mine, language=language))
    assert third.changes == (Cast("afval", "idee", text="أكثر"),)
    ended = follow(third, facts=answering(WASTE, mine, "idee", language=language))
    assert ended.key == "all"


def test_a_poll_that_is_half_done_goes_on_at_the_first_question_left() -> None:
    assert play(poll, facts=polled(HALF), subject="half").then == Go("poll", "half:1:hoe")


def test_after_the_last_question_what_was_left_out_before_is_asked() -> None:
    answered = play(poll, "[o1]", facts=answering(WASTE, {}, "idee"), subject="afval:1:hoe")
    assert answered.then == Go("poll", "afval:1:weet")


def test_a_question_that_is_not_in_the_poll_gives_way_to_what_is_left() -> None:
    vanished = play(poll, facts=polled(HALF), subject="half:1:vanished")
    assert vanished.then == Go("poll", "half:1:hoe")


@pytest.mark.parametrize("question", [KNOWN, OFTEN, IDEA, FACES, BINS, FLOOR_NUMBER, RENT_DAY], ids=lambda q: q.kind)
def test_rather_not_say_is_an_answer_to_every_question(question: PollQuestion) -> None:
    skipped = play(poll, "[skip]", facts=polled(only(question)), subject=f"afval:1:{question.id}")
    assert skipped.changes == (Cast("afval", question.id, (SKIP,)),)
    assert skipped.then == Go("poll", "afval")


def test_each_face_has_a_word_beside_it(say: Say) -> None:
    shown = play(poll, facts=polled(only(FACES), language=say.code), subject="afval:1:net")
    assert list(shown.options.values())[:5] == [say.text(word) for word in FACE_WORDS.values()]
    assert shown.go_on("[3]").changes == (Cast("afval", "net", ("3",)),)


def test_boxes_are_ticked_and_sent_together(say: Say) -> None:
    shown = play(poll, facts=polled(only(BINS), language=say.code), subject="afval:1:bakken")
    assert "~ready" not in shown.options
    shown.go_on("[glas]", "[papier]")
    assert shown.options["papier"] == "✅ Paper"
    shown.go_on("[ready]")
    assert shown.changes == (Cast("afval", "bakken", ("glas", "papier")),)


def test_with_every_box_taken_off_again_only_rather_not_say_is_left() -> None:
    shown = play(poll, "[glas]", "[glas]", facts=polled(only(BINS)), subject="afval:1:bakken")
    assert "~ready" not in shown.options
    assert shown.go_on("[skip]").changes == (Cast("afval", "bakken", (SKIP,)),)


def test_a_number_of_few_values_is_tapped() -> None:
    shown = play(poll, "[8]", facts=polled(only(FLOOR_NUMBER)), subject="afval:1:etage")
    assert shown.changes == (Cast("afval", "etage", ("8",)),)


@pytest.mark.parametrize("question", [IDEA, RENT_DAY], ids=lambda q: q.kind)
def test_what_must_be_written_has_a_door_to_it(question: PollQuestion) -> None:
    shown = play(poll, "[write]", facts=polled(only(question)), subject=f"afval:1:{question.id}")
    assert shown.changes == ()
    assert shown.then == Go("poll_write", f"afval:1:{question.id}")
    assert "write" in shown.options


def test_a_double_tap_is_silent() -> None:
    facts = answering(WASTE, {"weet": ("yes",)})
    again = play(poll, facts=facts, subject="afval:1:weet")
    before = list(again.log)
    again.go_on("[yes]")
    assert again.log == [*before, "> [yes]"]
    assert (again.changes, again.then) == ((), None)


def test_the_same_boxes_again_are_silent() -> None:
    facts = answering(only(BINS), {"bakken": ("papier", "glas")})
    again = play(poll, "[ready]", facts=facts, subject="afval:1:bakken")
    assert again.log[-1] == "> [ready]"
    assert again.changes == ()


def test_an_answer_is_ticked_and_can_be_changed_without_going_on(say: Say) -> None:
    facts = answering(WASTE, {"weet": ("yes",)}, language=say.code)
    shown = play(poll, facts=facts, subject="afval:1:weet")
    assert shown.options["yes"] == f"✅ {say('👍 Yes')}"
    shown.go_on("[no]")
    assert shown.changes == (Cast("afval", "weet", ("no",)),)
    assert shown.log[-1] == say("Good. I changed your answer. You can change it until {when}.", when=Moment(CLOSES))
    assert shown.then is None


def test_in_a_secret_poll_an_answer_stays_as_it_is(say: Say) -> None:
    shown = play(poll, facts=polled(SECRET, language=say.code), subject="geheim:1:weet")
    line = "🔒 Nobody sees who answered what, not even we. In this poll you cannot change an answer."
    assert say(line) in shown.log
    shown.go_on("[no]")
    assert shown.changes == ()
    assert shown.log[-1] == say.text(NO_CHANGE)


def test_a_secret_poll_offers_no_change_at_its_end() -> None:
    assert "change" not in play(poll, facts=polled(SECRET), subject="geheim").options


def test_at_the_end_a_tenant_is_thanked_and_reads_what_comes(say: Say) -> None:
    ended = play(poll, facts=polled(FULL, language=say.code), subject="vol")
    assert ended.log == [
        say("✅ You answered everything in “{title}”. Thank you!", title=Told(CONTENT.title)),
        say("You can change your answers until {when}.", when=Moment(CLOSES)),
        say("After the poll I send you the result, and what is done with it."),
    ]
    assert list(ended.options) == ["change", "other", "menu"]


def test_at_the_end_any_answer_can_be_changed() -> None:
    changing = play(poll, "[change]", "[hoe]", facts=polled(FULL), subject="vol")
    assert changing.then == Go("poll", "vol:1:hoe")


def test_someone_else_on_the_same_phone_answers_apart(say: Say) -> None:
    handed = play(poll, "[other]", facts=polled(FULL, language=say.code), subject="vol")
    assert handed.then == Go("poll", "vol:2")
    second = replace(FULL, member=2, mine={}, written=frozenset())
    began = follow(follow(handed, facts=polled(second, language=say.code)), "[no]")
    assert began.log[0] == say("👥 Second person at home")
    assert not any(
        say("You get this because you want polls. It is message {n} this month.", n=1) in x for x in began.log
    )
    assert began.changes == (Cast("vol", "weet", ("no",), member=2),)
    assert began.then == Go("poll", "vol:2:hoe")


def test_there_is_no_third_person_on_a_phone(say: Say) -> None:
    first = play(poll, facts=polled(TWO, language=say.code), subject="twee")
    assert first.options["other"] == say("👥 Second person at home")
    second = play(poll, facts=polled(replace(TWO, member=2)), subject="twee:2")
    assert list(second.options) == ["change", "menu"]


def test_a_pause_is_one_tap_and_the_poll_stays() -> None:
    paused = play(poll, "[pause]", facts=polled(WASTE), subject="afval:1:weet")
    assert paused.then == Go("pause")
    assert not paused.over


def test_who_came_without_wanting_polls_reads_no_reason_for_a_message() -> None:
    unasked = replace(AMINA, consents=frozenset())
    assert "~pause" not in play(poll, facts=polled(WASTE, person=unasked), subject="afval:1:weet").options


def test_what_is_not_in_ones_language_is_marked_and_in_dutch(say: Say) -> None:
    shown = play(poll, facts=polled(ODD, language=say.code), subject="raar:1:q2")
    mark = say("⚠️ This is not translated into your language yet. Here it is in Dutch.")
    assert shown.log[1:] == [mark, say.text(Told(ODD.content.questions[1].text))]
    assert mark not in play(poll, facts=polled(WASTE, language=say.code), subject="afval:1:weet").log


def test_dutch_readers_see_no_mark() -> None:
    shown = play(poll, facts=polled(ODD, language="nl"), subject="raar:1:q2")
    assert not any("⚠️" in line for line in shown.log)


def test_long_reasons_are_cut_and_read_in_full_by_a_tap(say: Say) -> None:
    shown = play(poll, facts=polled(ODD, language=say.code), subject="raar:1:q1")
    whole = say("Why: {why}", why=Told(ODD.content.why))
    assert whole not in shown.log
    shown.go_on("[more]")
    assert whole in shown.log
    assert not shown.over


def test_what_an_organiser_wrote_is_shown_as_text_and_never_as_markup() -> None:
    shown = play(poll, facts=polled(ODD), subject="raar:1:q1")
    assert shown.turn.question
    text = shown.language.text(shown.turn.question.prompt)
    assert "&lt;b&gt;vette&lt;/b&gt;" in text
    assert "<b>vette" not in text


def test_of_a_test_copy_nothing_is_kept(say: Say) -> None:
    facts = polled(FULL, language=say.code)
    first = play(poll, "[yes]", facts=facts, subject="vol:try:weet")
    assert first.log[0] == say("🧪 This is a test copy. I keep none of your answers.")
    second = follow(first, "[o1]")
    third = follow(second, "Meer bakken")
    assert [played.changes for played in (first, second, third)] == [(), (), ()]
    assert third.then == Go("draft", "vol", say=_("That is how tenants see it. I kept none of your answers."))


def test_a_test_copy_can_be_tried_before_the_poll_is_open_and_pauses_nothing(say: Say) -> None:
    draft = replace(WASTE, state="soon", may_answer=False)
    tried = play(poll, "[pause]", facts=polled(draft, language=say.code), subject="afval:try:weet")
    assert tried.log[-1] == say("This is a test copy. I changed nothing.")
    assert tried.then is None


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        (True, _("🔒 Nobody sees who answered what, not even we. In this poll you cannot change an answer.")),
        (False, _("🔒 Nobody sees who answered what.")),
    ],
)
def test_a_test_copy_without_a_last_day_still_tells_who_sees_what(secret: bool, sentence: Text, say: Say) -> None:
    draft = replace(WASTE, content=replace(CONTENT, secret=secret, closes=None))
    assert say.text(sentence) in play(poll, facts=polled(draft, language=say.code), subject="afval:try:weet").log
