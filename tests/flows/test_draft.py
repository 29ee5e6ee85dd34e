"""One poll in the hands of its organisers, in every state it can be in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.draft import draft, draft_more
from flows.events import Tapped
from flows.poll_act import poll_act
from flows.poll_changes import ClosePoll, DropPoll, NudgePoll, StopSending, TakeBack
from flows.poll_facts import Draft, Figure
from flows.poll_samples import poll_samples
from flows.talk import Change, Go
from tests.flows.organisers import (
    CAME_BACK,
    CLOSED,
    CLOSING,
    FOR_ME,
    LONGEST,
    NEW,
    NUDGED,
    OPEN,
    READY,
    RELEASED,
    SENDING,
    STOPPED,
    TOLD,
    UNDONE,
    WAITS,
    at_work,
    organising,
    saved,
)
from tests.flows.transcript import Played, follow, play


def at(found: Draft, *lines: str) -> Played:
    """Play the screen of a poll."""
    return play(draft, *lines, facts=organising(found), subject=found.id)


def buttons(found: Draft) -> list[str]:
    """Give what can be done with a poll, less the way back."""
    return [*at(found).options][:-1]


def test_a_draft_shows_all_of_it_in_short() -> None:
    assert at(READY).log == [
        "🗳️ New rules for waste",
        "Asked by: Huurdersadviesraad Veurne",
        "1. Do you know the rules? (Yes or no)",
        "2. How often must the park open? (Choose one)",
        "3. Do you have an idea? (A few words)",
        "3 questions, about 2 minutes",
        "👥 Municipality: Veurne",
        "📨 They get it: about 45",
        "⏰ Until: Monday, 15 March, 20:00",
    ]


def test_a_draft_names_what_is_missing() -> None:
    shown = at(NEW)
    assert shown.log[-1].startswith("❗ Still missing: why you ask it")
    assert shown.options["release"] == "▶️ Fill in what is missing"


def test_a_draft_that_came_back_says_why() -> None:
    assert "↩️ It came back: “Vraag 2 is <b>lang</b> & {moeilijk}.”" in at(CAME_BACK).log


def test_many_questions_have_a_page_of_their_own() -> None:
    shown = at(LONGEST)
    assert not any(line.startswith("1. ") for line in shown.log)
    assert any(line.startswith("7. ") for line in shown.go_on("[questions]").log)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (NEW, ["release", "texts", "audience", "more"]),
        (READY, ["release", "try", "samples", "texts", "audience", "more"]),
        (WAITS, ["try", "take-back"]),
        (FOR_ME, ["try", "release", "send-back"]),
        (RELEASED, ["try", "take-back"]),
        (SENDING, ["regions", "reach", "stop", "link", "close", "copy"]),
        (OPEN, ["regions", "reach", "nudge", "link", "close", "copy"]),
        (NUDGED, ["regions", "reach", "link", "close", "copy"]),
        (CLOSING, ["copy"]),
        (CLOSED, ["reach", "pictures", "words", "outcome", "copy"]),
        (UNDONE, ["reach", "pictures", "words", "outcome", "copy"]),
        (TOLD, ["reach", "pictures", "words", "news", "copy"]),
        (STOPPED, ["copy"]),
    ],
    ids=lambda value: value.id if isinstance(value, Draft) else "",
)
def test_each_state_offers_what_is_possible(found: Draft, expected: list[str]) -> None:
    assert buttons(found) == expected


@pytest.mark.parametrize(
    ("found", "button", "go"),
    [
        (READY, "try", Go("poll", "klaar:try")),
        (READY, "samples", Go("poll_samples", "klaar")),
        (READY, "audience", Go("audience", "klaar")),
        (READY, "texts", Go("poll_parts", "klaar")),
        (READY, "more", Go("draft_more", "klaar")),
        (READY, "release", Go("release", "klaar")),
        (READY, "polls", Go("organise_polls")),
        (FOR_ME, "send-back", Go("send_back", FOR_ME.id)),
        (OPEN, "nudge", Go("poll_act", f"{OPEN.id}:nudge")),
        (OPEN, "close", Go("poll_act", f"{OPEN.id}:close")),
        (OPEN, "copy", Go("organise_poll", f"{OPEN.id}:copy")),
        (CLOSED, "outcome", Go("outcome", CLOSED.id)),
        (CLOSED, "words", Go("result", CLOSED.id)),
        (UNDONE, "outcome", Go("outcome", UNDONE.id)),
        (TOLD, "news", Go("outcome", f"{TOLD.id}:news")),
    ],
)
def test_each_button_leads_on(found: Draft, button: str, go: Go) -> None:
    assert at(found, f"[{button}]").then == go


def test_a_door_to_a_text_leaves_the_screen_as_it_is() -> None:
    assert not at(READY, "[release]").over
    assert at(READY, "[texts]").over


def more(found: Draft, button: str) -> Played:
    """Play what few need of a draft."""
    return play(draft_more, f"[{button}]", facts=organising(found), subject=found.id)


@pytest.mark.parametrize(
    ("button", "go"),
    [
        ("languages", Go("poll_languages", "klaar")),
        ("starts", Go("poll_starts", "klaar")),
        ("drop", Go("poll_act", "klaar:drop")),
        ("back", Go("draft", "klaar")),
    ],
)
def test_what_few_need_is_one_screen_further(button: str, go: Go) -> None:
    assert more(READY, button).then == go


def test_secret_is_turned_on_and_off() -> None:
    on = saved(more(READY, "secret"))
    assert on.secret
    secret = replace(READY, content=on)
    assert "🔒 An answer cannot be changed later" in at(secret).log
    assert not saved(more(secret, "secret")).secret


@pytest.mark.parametrize(
    ("found", "button", "change", "said"),
    [
        (WAITS, "take-back", TakeBack(WAITS.id), "✓ It is a draft again. Nothing went out."),
        (RELEASED, "take-back", TakeBack(RELEASED.id), "✓ It is a draft again. Nothing went out."),
        (SENDING, "stop", StopSending(SENDING.id), "🛑 Stopped. I send nothing more of this poll."),
    ],
)
def test_stopping_is_one_tap(found: Draft, button: str, change: Change, said: str) -> None:
    stopped = at(found, f"[{button}]")
    assert stopped.changes == (change,)
    assert follow(stopped).log[0] == said


def test_who_was_not_asked_may_answer_where_the_maker_says_so() -> None:
    on = saved(more(READY, "anyone"))
    assert on.anyone
    open_to_all = replace(READY, content=on)
    log = play(draft_more, facts=organising(open_to_all), subject="klaar").log
    assert "🔗 Who comes by the link or a poster may answer too" in log
    assert not saved(more(open_to_all, "anyone")).anyone


def test_an_open_poll_has_a_code_for_a_poster() -> None:
    shown = at(OPEN, "[link]")
    assert shown.log[-2:] == [
        f"<code poll-{OPEN.id}>",
        "This code opens “New rules for waste”. Print it, or send it on.",
    ]
    assert not shown.changes


def test_a_released_poll_says_when_it_goes_out() -> None:
    assert at(RELEASED).log[2:4] == ["🕙 It goes out at Monday, 1 March, 11:10.", "Until then you can stop it."]


def test_an_open_poll_shows_how_it_goes() -> None:
    assert at(SENDING).log[2:] == [
        "Asked: about 45",
        "Delivered: about 40",
        "Still to be sent: fewer than 10",
        "The last message goes out at about Monday, 1 March, 11:05.",
        "✅ Answered all: about 20",
        "◐ Answered in part: fewer than 10",
        "Counts under 10 are not shown. They are renewed once a day.",
        "⏰ Until: Monday, 15 March, 20:00",
    ]


def test_the_response_of_each_province_is_a_tap_away() -> None:
    assert at(OPEN, "[regions]").log[-2:] == [
        "📍 West-Vlaanderen: about 20 of about 40",
        "📍 Oost-Vlaanderen: fewer than 10 of fewer than 10",
    ]


def test_who_is_missing_comes_with_the_cheapest_next_step() -> None:
    assert at(OPEN, "[reach]").log[-12:] == [
        "Block: B2",
        "fewer than 10 answered. I know about 15 people for 80 homes.",
        "👉 Ring a few doorbells with the phone in your hand.",
        "Language: Türkçe",
        "fewer than 10 answered of about 20 people.",
        "👉 Ask someone who speaks the language to call a few people.",
        "Province: Oost-Vlaanderen",
        "fewer than 10 answered. I know about 30 people for 900 homes.",
        "👉 Hang up a poster with the QR code.",
        "Landlord: Woonmaatschappij De IJzer",
        "about 40 answered. I know about 100 people for 2400 homes.",
        "👉 Nothing to do.",
    ]


def test_nudging_is_possible_once_and_after_a_day_only() -> None:
    assert "nudge" not in buttons(SENDING)
    sent = play(poll_act, "[yes]", facts=organising(OPEN), subject=f"{OPEN.id}:nudge")
    assert sent.changes == (NudgePoll(OPEN.id),)
    again = play(poll_act, facts=organising(NUDGED), subject=f"{NUDGED.id}:nudge")
    assert (again.changes, again.then) == ((), Go("draft", NUDGED.id))
    assert "🔔 You reminded people once. More is not possible." in at(NUDGED).log


@pytest.mark.parametrize(
    ("found", "what", "change", "said"),
    [
        (READY, "drop", DropPoll("klaar"), "✓ The poll is gone."),
        (OPEN, "close", ClosePoll(OPEN.id), "✓ The poll is closed."),
    ],
)
def test_what_cannot_be_undone_asks_once(found: Draft, what: str, change: Change, said: str) -> None:
    subject = f"{found.id}:{what}"
    done = play(poll_act, "[yes]", facts=organising(found), subject=subject)
    assert done.changes == (change,)
    assert follow(done).log[0] == said
    kept = play(poll_act, "[no]", facts=organising(found), subject=subject)
    assert (kept.changes, kept.then) == ((), Go("draft", found.id))


def test_a_step_that_does_not_fit_the_state_shows_the_poll() -> None:
    assert play(poll_act, facts=organising(OPEN), subject=f"{OPEN.id}:drop").then == Go("draft", OPEN.id)
    assert play(poll_act, facts=organising(OPEN), subject=f"{OPEN.id}:what").then == Go("draft", OPEN.id)


def test_a_closed_poll_asks_what_is_done_with_it() -> None:
    assert "❗ Write what is done with it. Then everyone who answered gets the result." in at(CLOSED).log


def test_a_poll_that_was_told_shows_what_and_how_useful_it_was() -> None:
    assert at(TOLD).log[-3:] == [
        "Asked: about 45. Answered all: about 20. In part: fewer than 10.",
        "What you told: “Het park gaat meer open.”",
        "👍 about 15 found it useful, 👎 fewer than 10 did not.",
    ]
    assert "I ask you again on Thursday, 1 April." in at(UNDONE).log


def test_how_useful_it_was_is_told_once_there_is_a_figure() -> None:
    few = replace(TOLD, useful=(Figure(None), Figure(None)))
    assert not any("👍" in line for line in at(few).log)


def test_the_pictures_of_the_result_are_shown_below() -> None:
    shown = at(TOLD, "[pictures]")
    assert shown.log[-3:] == [f"<picture {TOLD.id} {n}>" for n in range(3)]
    assert "copy" in shown.options


def test_staff_see_exact_figures() -> None:
    assert OPEN.progress
    exact = replace(OPEN, progress=replace(OPEN.progress, asked=Figure(43, exact=True), answered=Figure(3, exact=True)))
    log = play(draft, facts=at_work(exact), subject=exact.id).log
    assert {"Asked: 43", "✅ Answered all: 3"} <= {*log}


def test_what_did_not_arrive_is_told_where_there_is_a_figure() -> None:
    assert OPEN.progress
    lost = replace(OPEN, progress=replace(OPEN.progress, failed=Figure(2, exact=True)))
    assert "Did not arrive: 2" in play(draft, facts=at_work(lost), subject=lost.id).log
    none = replace(OPEN, progress=replace(OPEN.progress, failed=Figure(0, exact=True)))
    assert not any("arrive" in line for line in play(draft, facts=at_work(none), subject=none.id).log)


def test_a_poll_that_is_gone_is_said_so() -> None:
    gone = play(draft, facts=organising(), subject="weg")
    assert follow(gone).log[0] == "That poll is not there any more."


def test_a_button_of_a_state_that_passed_shows_the_state_now() -> None:
    """The poll went out while its draft stood on the screen."""
    shown = at(READY)
    shown.facts = organising(replace(OPEN, id="klaar"))
    late = shown.go_on(Tapped("what", "audience"))
    assert late.changes == ()
    assert "Asked: about 45" in late.log


def test_samples_show_the_first_screen_in_each_language_of_the_audience() -> None:
    shown = play(poll_samples, facts=organising(READY), subject="klaar")
    assert shown.log[0] == "👀 This is how it looks in: Nederlands"
    assert "in-tr" in shown.options
    arabic = shown.go_on("[in-ar]")
    assert any("قواعد جديدة للنفايات" in line for line in arabic.log)
    assert arabic.go_on("[back]").then == Go("draft", "klaar")


def test_there_are_five_samples_at_most() -> None:
    assert READY.reached
    many = replace(READY, reached=replace(READY.reached, languages=()))
    shown = play(poll_samples, facts=organising(many), subject="klaar")
    assert len([id for id in shown.options if id.startswith("in-")]) == 4  # and the one that is read
