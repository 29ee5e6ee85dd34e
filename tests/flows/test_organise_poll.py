"""Make a poll: empty, from an example, or as a copy; and how much work that is on a phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.drafting import print_of
from flows.organise_poll import organise_poll, slug
from flows.poll_changes import AskRelease, SavePoll
from flows.poll_facts import PollContent, PollQuestion
from flows.poll_times import poll_starts, poll_until
from flows.poll_words import poll_languages, poll_parts, poll_text, poll_words
from flows.talk import Go
from tests.flows.organisers import (
    EVERYWHERE,
    GENT,
    LONGEST,
    NEW,
    READY,
    VEURNE,
    Chat,
    organising,
    saved,
)
from tests.flows.people import wall
from tests.flows.poll_people import ASKER, CONTENT
from tests.flows.transcript import follow, play

TITLE = "Nieuwe regels voor afval"
WHY = "De raad geeft in april advies."
USE = "Wij zetten je antwoord in ons advies."


def test_a_poll_of_three_questions_takes_at_most_25_taps_and_messages() -> None:
    chat = Chat(play(organise_poll, facts=organising()))
    chat.do("[empty]", TITLE, WHY, USE, "[Two weeks]")
    chat.do("[yesno]", "Ken je de nieuwe regels?", "[another]")
    chat.do("[choice]", "Hoe vaak moet het park open?", "1 dag\n3 dagen\nelke dag", "[another]")
    chat.do("[text]", "Heb je een idee?", "[done]")
    assert chat.log[-1] == "⏰ Until: Monday, 15 March, 20:00"
    chat.do("[release]", "[fine]", f"[yes-{chat.played.facts.draft and chat.played.facts.draft.revision}]")
    assert chat.actions <= 25, chat.actions
    assert isinstance(chat.changes[-1], AskRelease)
    assert chat.poll == PollContent(
        group="har-veurne",
        title={"nl": TITLE},
        why={"nl": WHY},
        use={"nl": USE},
        questions=(
            PollQuestion("q1", "yesno", {"nl": "Ken je de nieuwe regels?"}),
            replace(
                CONTENT.questions[1],
                id="q2",
                text={"nl": "Hoe vaak moet het park open?"},
                options=chat.poll.questions[1].options,
            ),
            PollQuestion("q3", "text", {"nl": "Heb je een idee?"}),
        ),
        closes=wall("2027-03-15T20:00"),
    )
    assert [option.text for option in chat.poll.questions[1].options] == [
        {"nl": "1 dag"},
        {"nl": "3 dagen"},
        {"nl": "elke dag"},
    ]


def test_every_text_is_kept_as_soon_as_it_is_written() -> None:
    """Whoever stops half-way finds it all again."""
    chat = Chat(play(organise_poll, facts=organising())).do("[empty]", TITLE)
    assert chat.poll.title == {"nl": TITLE}
    assert f"💾 “{TITLE}” is kept. You can stop at any time and go on later: /organiseren." in chat.log
    chat.do(WHY)
    assert chat.poll.why == {"nl": WHY}


def test_its_id_is_made_of_the_title() -> None:
    assert slug("Nieuwe régels: voor afval!", "ab12cd34") == "nieuwe-regels-voor-a-ab12"
    assert slug("🙂", "ab12cd34") == "poll-ab12"


def test_who_has_one_group_is_not_asked_who_asks() -> None:
    played = play(organise_poll, "[empty]", facts=organising())
    assert played.key == "title"


def test_who_has_two_groups_chooses_one() -> None:
    facts = organising(scopes=(VEURNE, GENT))
    played = play(organise_poll, "[empty]", facts=facts)
    assert played.log[-1] == "Who asks? People see this name."
    assert [label for id, label in played.options.items() if not id.startswith("~")] == [ASKER, "Huurdersgroep Gent"]
    assert saved(played.go_on("[hg-gent]", TITLE)).group == "hg-gent"


def test_who_acts_everywhere_may_ask_for_the_whole_network() -> None:
    played = play(organise_poll, "[empty]", "[The whole network]", TITLE, facts=organising(scopes=(EVERYWHERE,)))
    assert saved(played).group == ""


def test_an_example_needs_a_title_and_a_day_only() -> None:
    chat = Chat(play(organise_poll, facts=organising()))
    chat.do("[template]", "[repair]", "[keep]", "[A week]")
    assert chat.actions == 4
    assert chat.poll.title == {"nl": "Is je herstelling goed?", "en": "Is your repair good?"}
    assert [question.id for question in chat.poll.questions] == ["net", "snel"]
    assert chat.played.flow.name == "draft"


def test_a_new_title_of_an_example_drops_the_old_one_in_other_languages() -> None:
    facts = organising()
    played = play(organise_poll, "[template]", "[repair]", "[new]", "Is de lift hersteld?", facts=facts)
    assert saved(played).title == {"nl": "Is de lift hersteld?"}


def test_a_copy_has_everything_but_the_times() -> None:
    facts = organising(
        replace(READY, content=replace(CONTENT, opens=wall("2027-02-01T10:00"), audience={"landlord": "ijzer"}))
    )
    copy = saved(play(organise_poll, "[keep]", facts=facts, subject="klaar:copy"))
    assert copy == replace(CONTENT, opens=None, closes=None, audience={"landlord": "ijzer"})


def test_an_older_poll_can_be_chosen_to_copy() -> None:
    played = play(organise_poll, "[copy]", "[klaar]", "[keep]", facts=organising(READY))
    assert saved(played).questions == CONTENT.questions


def test_a_poll_that_is_gone_cannot_be_copied() -> None:
    gone = play(organise_poll, facts=organising(), subject="weg:copy")
    assert gone.then == Go("organise_polls", say=gone.then.say if gone.then else None)
    assert gone.changes == ()


def test_a_poll_among_who_came_to_a_meeting_has_them_as_its_audience() -> None:
    facts = organising()
    played = play(organise_poll, TITLE, facts=facts, subject="attended-veurne-free")
    assert saved(played).audience == {"meeting": "veurne-free"}


def test_markup_in_a_title_is_text() -> None:
    chat = Chat(play(organise_poll, facts=organising())).do("[empty]", "<b>Afval</b> & {meer}")
    assert chat.poll.title == {"nl": "<b>Afval</b> & {meer}"}
    assert any("“<b>Afval</b> & {meer}” is kept" in line for line in chat.log)
    screen = chat.played.turn.question
    assert screen
    assert "&lt;b&gt;Afval&lt;/b&gt; &amp; {meer}" in chat.played.language.text(screen.prompt)


def test_a_title_that_is_too_long_is_refused_with_the_limit() -> None:
    played = play(organise_poll, "[empty]", "x" * 81, facts=organising())
    assert "That is 81 letters. At most 80 fit here. Can it be shorter?" in played.log
    assert played.key == "title"


def test_hard_words_are_shown_with_an_easier_one() -> None:
    played = play(poll_text, "De raad gaat dit evalueren.", facts=organising(NEW), subject=f"{NEW.id}:why:new")
    assert played.log[-2].startswith("💡 “evalueren” is a hard word.")
    assert [*played.options][:4] == ["change", "name", "known", "other"]


def test_a_hard_word_may_stay_with_a_reason_which_is_kept() -> None:
    facts = organising(NEW)
    played = play(poll_text, "De raad gaat dit evalueren.", "[known]", facts=facts, subject=f"{NEW.id}:why:new")
    assert played.changes == (
        SavePoll(
            NEW.id,
            1,
            replace(NEW.content, why={"nl": "De raad gaat dit evalueren."}),
            ("hard-word: known",),
        ),
    )


def test_a_text_that_is_changed_is_checked_again() -> None:
    facts, hard = organising(NEW), "De raad gaat dit evalueren."
    played = play(poll_text, hard, "[change]", facts=facts, subject=f"{NEW.id}:why:new")
    assert played.log[-2:] == ["Please send the text again, changed. It was:", hard]
    assert saved(played.go_on(WHY)).why == {"nl": WHY}


def test_a_hard_text_that_is_changed_into_the_same_is_asked_about_again() -> None:
    facts, hard = organising(NEW), "De raad gaat dit evalueren."
    played = play(poll_text, hard, "[change]", hard, facts=facts, subject=f"{NEW.id}:why:new")
    assert [*played.options][:4] == ["change", "name", "known", "other"]


@pytest.mark.parametrize(
    ("written", "closes"),
    [
        ("15/3", "2027-03-15T20:00"),
        ("15-3-2027", "2027-03-15T20:00"),
        ("15 maart", "2027-03-15T20:00"),
        ("٢/٣", "2027-03-02T20:00"),
        ("[A month]", "2027-03-31T20:00"),
    ],
)
def test_the_last_day_is_tapped_or_written(written: str, closes: str) -> None:
    played = play(poll_until, written, facts=organising(NEW), subject=NEW.id)
    assert saved(played).closes == wall(closes)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("gisteren", "I do not know that date. Write it like this: 15/3 or 15 maart."),
        ("1/3/2027", "1 March 2027 is too early. Please choose a later day."),
        ("1/9/2027", "That is far away. Please choose a day until 30 May 2027."),
    ],
)
def test_a_day_that_cannot_be_is_refused_kindly(written: str, said: str) -> None:
    played = play(poll_until, written, facts=organising(NEW), subject=NEW.id)
    assert said in played.log
    assert played.changes == ()


def test_it_starts_at_once_or_on_a_day_at_ten() -> None:
    assert saved(play(poll_starts, "[At once]", facts=organising(READY), subject="klaar")).opens is None
    assert saved(play(poll_starts, "[Tomorrow at 10:00]", facts=organising(READY), subject="klaar")).opens == wall(
        "2027-03-02T10:00"
    )


def test_a_start_after_the_end_asks_for_the_end_again() -> None:
    played = play(poll_starts, "20/3", facts=organising(READY), subject="klaar")
    assert saved(played).closes is None
    assert played.then
    assert played.then.flow == "poll_until"


def test_a_text_that_someone_else_changed_meanwhile_is_not_overwritten_unasked() -> None:
    """Two organisers edit one draft: who comes second sees both texts."""
    before = print_of({"nl": "Een oude reden."})
    played = play(poll_text, WHY.replace("april", "mei"), facts=organising(READY), subject=f"klaar:why:{before}")
    assert played.log[-4:] == [
        "Someone else changed this text meanwhile. Now it says:",
        "“De raad geeft in april advies.”",
        "Yours:",
        "“De raad geeft in mei advies.”",
    ]
    theirs = play(poll_text, WHY + " Echt.", "[Keep theirs]", facts=organising(READY), subject=f"klaar:why:{before}")
    assert theirs.changes == ()


def test_a_change_of_the_dutch_asks_whether_the_translations_still_hold() -> None:
    here = f"klaar:title:{print_of(CONTENT.title)}"
    gone = play(poll_text, "Regels voor papier", "[No, take them out]", facts=organising(READY), subject=here)
    stays = play(poll_text, "Regels voor papier", "[Yes, still right]", facts=organising(READY), subject=here)
    assert saved(gone).title == {"nl": "Regels voor papier"}
    assert saved(stays).title == {**CONTENT.title, "nl": "Regels voor papier"}


def test_the_parts_of_a_draft_open_one_by_one() -> None:
    def parts(button: str) -> Go | None:
        return play(poll_parts, f"[{button}]", facts=organising(READY), subject="klaar").then

    assert parts("why") == Go("poll_text", f"klaar:why:{print_of(CONTENT.why)}")
    assert parts("until") == Go("poll_until", "klaar")
    assert parts("q-hoe") == Go("poll_item", "klaar:hoe")
    assert parts("add") == Go("poll_question", "klaar")
    assert parts("back") == Go("draft", "klaar")


def test_seven_questions_are_the_most() -> None:
    assert "add" not in play(poll_parts, facts=organising(LONGEST), subject="langst").options


def test_languages_of_the_audience_come_first_with_what_they_miss() -> None:
    shown = play(poll_languages, facts=organising(READY), subject="klaar")
    assert [*shown.options.items()][:2] == [("ar", "✅ \u2068العربية\u2069"), ("tr", "Türkçe: 9 to write")]
    assert shown.go_on("[tr]").then == Go("poll_words", "klaar:tr:0")


def test_each_missing_text_is_asked_in_turn_and_kept_at_once() -> None:
    played = play(poll_words, "Yeni çöp kuralları", facts=organising(READY), subject="klaar:tr:0")
    assert "In Dutch:" in played.log
    assert TITLE in played.log
    assert saved(played).title == {**CONTENT.title, "tr": "Yeni çöp kuralları"}
    assert played.then == Go("poll_words", "klaar:tr:1")


def test_a_text_may_be_skipped_and_the_end_says_what_is_missing() -> None:
    assert play(poll_words, "[skip]", facts=organising(READY), subject="klaar:tr:0").then == Go(
        "poll_words", "klaar:tr:1"
    )
    end = play(poll_words, facts=organising(READY), subject="klaar:tr:9")
    assert follow(end).log[0] == "9 texts are missing in: Türkçe"
