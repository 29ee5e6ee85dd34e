"""Let a poll go out: alone where few people get it, by a second person where many do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.events import Tapped
from flows.poll_changes import AskRelease, ReleasePoll, SendBack
from flows.poll_facts import Draft
from flows.release import release, release_news, release_wanted, send_back
from flows.talk import Go
from tests.flows.organisers import (
    CAME_BACK,
    FOR_ME,
    FOR_NOBODY,
    LATE,
    NEW,
    OPEN,
    READY,
    RELEASED,
    TOO_FEW,
    TWO_NEEDED,
    WAITS,
    organising,
)
from tests.flows.people import wall
from tests.flows.poll_people import CONTENT
from tests.flows.transcript import Played, follow, play


def at(draft: Draft, *lines: str) -> Played:
    """Play the release of a poll."""
    return play(release, *lines, facts=organising(draft), subject=draft.id)


def test_languages_that_miss_texts_are_shown_and_must_be_agreed_to() -> None:
    shown = at(READY)
    assert shown.log == [
        "Some of these people read another language:",
        "🌍 Türkçe: 9 texts are missing",
        "There I send the Dutch, with a clear mark. Is that fine?",
    ]
    assert shown.go_on("[write]").then == Go("poll_languages", "klaar")
    assert at(READY, "[no]").then == Go("draft", "klaar")


def test_everything_is_shown_before_it_goes_out() -> None:
    shown = at(READY, "[fine]")
    assert shown.log[-8:] == [
        "📨 Read this before it goes out.",
        "New rules for waste",
        "Asked by: Huurdersadviesraad Veurne",
        "3 questions, about 2 minutes",
        "📨 They get it: about 45, of about 120",
        "▶️ It starts ten minutes after the release. Until then you can stop it.",
        "Sending takes about one minute.",
        "⏰ Until: Monday, 15 March, 20:00",
    ]
    assert "Why: The council advises in April." in shown.go_on("[texts]").log
    assert "• about 60 do not want polls" in shown.go_on("[people]").log
    assert "• 3 days" in shown.go_on("[n-2]").log


def test_a_poll_for_few_people_goes_out_after_one_yes() -> None:
    sent = at(READY, "[fine]", "[✅ Yes, send it]")
    assert sent.changes == (AskRelease("klaar", 4),)
    assert follow(sent).log[0] == "✓ It goes out. You have ten minutes to stop it."


def test_a_no_sends_nothing() -> None:
    assert at(READY, "[fine]", "[no]").changes == ()


def test_the_last_look_has_one_way_out() -> None:
    """Beside yes: not yet. The way back to the question before stands on that only."""
    assert "~cancel" not in at(READY, "[fine]").options


def test_a_poll_for_many_people_asks_for_a_second_person() -> None:
    shown = at(TWO_NEEDED, "[fine]")
    assert "👥 More than 50 people get it. So someone else reads it first." in shown.log
    asked = shown.go_on("[✅ Yes, ask a second person]")
    assert asked.changes == (AskRelease("veel", 4),)
    assert follow(asked).log[0] == "✓ I asked a second person to read it. You hear from me."


def test_yes_counts_only_for_what_was_read() -> None:
    """Someone changes the draft while the last look stands: the tap on yes sends nothing, and the look is shown again."""
    shown = at(READY, "[fine]")
    yes = next(id for id in shown.options if id.startswith("yes-"))
    shown.facts = organising(replace(READY, revision=5))
    again = shown.go_on(Tapped("sure", yes))
    assert again.changes == ()
    assert "Someone changed this poll just now. Please look at it once more." in again.log
    assert again.go_on("[yes-5]").changes == (AskRelease("klaar", 5),)


def test_what_is_missing_is_named_and_asked() -> None:
    stopped = at(NEW)
    assert stopped.then
    assert (stopped.then.flow, stopped.then.subject) == ("poll_text", f"{NEW.id}:why:new")
    said = follow(stopped).log[0]
    assert said == (
        "❗ Still missing: why you ask it, what you do with the answers, a question and until when people can answer."
    )


@pytest.mark.parametrize(
    ("draft", "flow", "said"),
    [
        (TOO_FEW, "audience", "❗ Fewer than 10 people get it."),
        (FOR_NOBODY, "audience", "❗ Fewer than 10 people get it."),
        (
            replace(FOR_NOBODY, content=replace(CONTENT, questions=CONTENT.questions[:2])),
            "audience",
            "Nobody gets this poll now. Please choose more people.",
        ),
        (LATE, "poll_until", "The day until when people can answer is over, or comes before the start."),
    ],
    ids=["few", "nobody with text", "nobody", "late"],
)
def test_what_stands_in_the_way_is_said_and_opened(draft: Draft, flow: str, said: str) -> None:
    stopped = at(draft)
    assert stopped.then
    assert stopped.then.flow == flow
    assert follow(stopped).log[0].startswith(said)


def test_a_poll_that_is_out_is_not_sent_again() -> None:
    for draft in (WAITS, RELEASED, OPEN):
        assert (at(draft).changes, at(draft).then) == ((), Go("draft", draft.id))


def test_a_second_person_is_told_and_reads_it() -> None:
    told = play(release_wanted, facts=organising(FOR_ME), subject=FOR_ME.id)
    assert told.log == [
        "⏳ A poll waits for you: “New rules for waste”",
        "Asked by: Huurdersadviesraad Veurne",
        "More than 50 people get it. So a second person reads it first. That is you.",
    ]
    assert told.go_on("[release]").then == Go("release", FOR_ME.id)
    assert told.go_on("[draft]").then == Go("draft", FOR_ME.id)


def test_a_second_person_lets_it_go_out() -> None:
    assert at(FOR_ME, "[✅ Yes, let it go out]").changes == (ReleasePoll(FOR_ME.id, 4),)


def test_a_second_person_sends_it_back_with_a_reason() -> None:
    sent = play(send_back, "Vraag 2 is <b>te lang</b>.", "[yes]", facts=organising(FOR_ME), subject=FOR_ME.id)
    assert "“Vraag 2 is <b>te lang</b>.”" in sent.log
    assert sent.changes == (SendBack(FOR_ME.id, "Vraag 2 is <b>te lang</b>."),)


def test_the_maker_cannot_be_the_second_person() -> None:
    assert play(send_back, facts=organising(WAITS), subject=WAITS.id).then == Go("draft", WAITS.id)
    assert play(release_wanted, facts=organising(WAITS), subject=WAITS.id).log == []


def test_a_work_message_that_came_too_late_shows_the_poll() -> None:
    assert play(release_wanted, facts=organising(RELEASED), subject=RELEASED.id).then == Go("draft", RELEASED.id)


@pytest.mark.parametrize(
    ("draft", "what", "said"),
    [
        (RELEASED, "released", "✅ A second person read “New rules for waste”. It goes out."),
        (CAME_BACK, "back", "“Vraag 2 is <b>lang</b> & {moeilijk}.”"),
        (OPEN, "started", "📣 “New rules for waste” is open. People can answer now."),
    ],
)
def test_the_maker_hears_what_became_of_it(draft: Draft, what: str, said: str) -> None:
    told = play(release_news, facts=organising(draft), subject=f"{draft.id}:{what}")
    assert said in told.log
    assert told.go_on("[draft]").then == Go("draft", draft.id)


def test_a_poll_with_a_start_says_when() -> None:
    later = replace(READY, content=replace(CONTENT, opens=wall("2027-03-08T10:00")))
    assert "▶️ Starts: Monday, 8 March, 10:00" in at(later, "[fine]").log
