"""The meetings that one organises: counts and needs without people, and what can be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from flows.facts import Facts
from flows.meeting_hub import cancel_meeting, meeting_hub, meeting_words, move_meeting, my_meetings_organised
from flows.meeting_invite import invite_news, invite_release, meeting_invitation, meeting_invite
from flows.meeting_orders import (
    CancelMeeting,
    CloseSignUp,
    InviteToMeeting,
    MoveMeeting,
    SayTheme,
    SettleInvite,
    StopInvite,
)
from flows.meeting_report import meeting_report, meeting_report_told
from flows.organised_facts import Place
from flows.poll_facts import Figure, Reached
from flows.talk import Go
from tests.flows.organised_meetings import (
    ALL,
    BY_PHONE,
    CLOSED,
    COMING,
    INVITED,
    OFF,
    PAST,
    REACHED,
    TODAY,
    TOLD,
    organising,
    tenant,
)
from tests.flows.people import FREE, FULL, MINE, wall
from tests.flows.transcript import play

FLOWS = [meeting_hub, cancel_meeting, move_meeting, meeting_words, meeting_invite, invite_news, meeting_report]


def test_the_list_begins_with_what_comes_first() -> None:
    shown = play(my_meetings_organised, facts=organising(*ALL))
    assert next(iter(shown.options)) == TODAY.id
    assert shown.go_on(f"[{COMING.id}]").then == Go("meeting_hub", COMING.id)


def test_of_what_is_over_the_newest_comes_first() -> None:
    earlier = replace(PAST, meeting=replace(PAST.meeting, id="veurne-eerder", start=wall("2027-01-20T19:00")))
    shown = play(my_meetings_organised, facts=organising(earlier, PAST, COMING))
    assert [*shown.options][:3] == [COMING.id, PAST.id, "veurne-eerder"]


def test_an_empty_list_leads_to_a_new_meeting() -> None:
    shown = play(my_meetings_organised, "[organise-meeting]", facts=organising())
    assert "There is no meeting here yet." in shown.log
    assert shown.then == Go("organise_meeting")


def test_the_list_is_for_who_organises_only() -> None:
    assert play(my_meetings_organised, facts=organising(scopes=())).then == Go("menu", "no-role")


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_meeting_of_another_group_is_not_shown(flow: object) -> None:
    stranger = play(flow, facts=organising(), subject="veurne-linde")  # type: ignore[arg-type]
    assert stranger.then == Go("menu", "no-role")
    assert stranger.log == []


def test_counts_are_rounded_and_needs_are_exact() -> None:
    shown = play(meeting_hub, facts=organising(COMING), subject=COMING.id)
    assert "🪑 Places taken: about 15 of 20" in shown.log
    assert "⏳ On the waiting list: fewer than 10" in shown.log
    needs = next(line for line in shown.log if line.startswith("🤝 To arrange"))
    assert "Interpreter: \u2068العربية\u2069: 2" in needs
    assert "An entrance without steps: 1" in needs
    assert shown.log[-1] == "Counts under 10 are not shown. They are renewed once a day."


def test_staff_see_exact_counts() -> None:
    exact = replace(COMING, taken=Figure(13, exact=True), waiting=Figure(2, exact=True))
    shown = play(meeting_hub, facts=organising(exact), subject=COMING.id)
    assert "🪑 Places taken: 13 of 20" in shown.log
    assert "⏳ On the waiting list: 2" in shown.log
    assert "Counts under 10 are not shown. They are renewed once a day." not in shown.log


@pytest.mark.parametrize(
    ("one", "there", "not_there"),
    [
        (COMING, {"meeting-invite", "phone-desk", "move-meeting", "close", "cancel-meeting"}, {"checkin", "open"}),
        (CLOSED, {"open", "phone-desk"}, {"close", "meeting-invite", "checkin"}),
        (TODAY, {"checkin", "headcount", "move-meeting"}, {"meeting-report"}),
        (PAST, {"checkin", "meeting-report", "poll"}, {"move-meeting", "cancel-meeting", "close"}),
        (TOLD, {"poll"}, {"meeting-report"}),
        (OFF, {"my-meetings-organised"}, {"move-meeting", "checkin", "meeting-report", "open", "close"}),
    ],
    ids=["coming", "closed", "today", "past", "told", "off"],
)
def test_only_what_is_possible_now_is_offered(one: object, there: set[str], not_there: set[str]) -> None:
    facts = organising(one)  # type: ignore[arg-type]
    options = set(play(meeting_hub, facts=facts, subject=one.id).options)  # type: ignore[attr-defined]
    assert there <= options
    assert not options & not_there


def test_a_door_leaves_the_screen_as_it_was() -> None:
    led = play(meeting_hub, "[move-meeting]", facts=organising(COMING), subject=COMING.id)
    assert led.then == Go("move_meeting", COMING.id)
    assert led.turn.stay


def test_a_poll_for_who_came_begins_with_them() -> None:
    assert play(meeting_hub, "[poll]", facts=organising(PAST), subject=PAST.id).then == Go(
        "organise_poll", "attended-veurne-toen"
    )


def test_sign_up_is_closed_and_opened_by_one_tap() -> None:
    closed = play(meeting_hub, "[close]", facts=organising(COMING), subject=COMING.id)
    assert closed.changes == (CloseSignUp(COMING.id, closed=True),)
    opened = play(meeting_hub, "[open]", facts=organising(CLOSED), subject=CLOSED.id)
    assert opened.changes == (CloseSignUp(CLOSED.id, closed=False),)


def test_cancelling_asks_once_and_says_whom_to_call() -> None:
    cancelled = play(cancel_meeting, "[yes]", facts=organising(BY_PHONE), subject=COMING.id)
    assert "I tell everyone who signed up. This cannot be undone." in cancelled.log
    assert cancelled.changes == (CancelMeeting(COMING.id),)
    assert cancelled.log[-1] == "📞 Please call those who signed up by phone. Their codes: 1234 and 4711."


def test_a_meeting_goes_on_after_all() -> None:
    assert play(cancel_meeting, "[no]", facts=organising(COMING), subject=COMING.id).changes == ()


@pytest.mark.parametrize("flow", [cancel_meeting, move_meeting], ids=lambda flow: flow.name)
def test_what_is_over_or_cancelled_cannot_be_changed(flow: object) -> None:
    for one in (PAST, OFF):
        assert play(flow, facts=organising(one), subject=one.id).then == Go("meeting_hub", one.id)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "start", "place"),
    [
        (("[when]", "16/3", "[t2000]"), wall("2027-03-16T20:00"), None),
        (("[where]", "De Schuur", "Plein 2, 8600 Diksmuide"), None, "Diksmuide"),
        (("[both]", "16/3", "20u", "De Schuur", "Plein 2, 8600 Diksmuide"), wall("2027-03-16T20:00"), "Diksmuide"),
    ],
)
def test_a_meeting_is_moved(lines: tuple[str, ...], start: datetime | None, place: str | None) -> None:
    where = Place("De Schuur", "Plein 2, 8600 Diksmuide", "Diksmuide", "West-Vlaanderen") if place else None
    moved = play(move_meeting, *lines, "[yes]", facts=organising(COMING), subject=COMING.id)
    assert moved.changes == (MoveMeeting(COMING.id, start, where),)


def test_a_meeting_stays_where_it_was_after_all() -> None:
    kept = play(move_meeting, "[when]", "16/3", "[t2000]", "[no]", facts=organising(COMING), subject=COMING.id)
    assert kept.changes == ()
    assert kept.log[-1] == "Good. Everything stays as it was."


def test_the_theme_is_written_in_another_language() -> None:
    said = play(meeting_words, "[fr]", "Logement", facts=organising(COMING), subject=COMING.id)
    assert said.changes == (SayTheme(COMING.id, "fr", "Logement"),)


def test_an_audience_is_chosen_in_two_taps() -> None:
    chosen = play(meeting_invite, "[municipality]", "[Sint-Truiden]", facts=organising(COMING), subject=COMING.id)
    assert chosen.then == Go("meeting_invite", f"{COMING.id}:municipality:Sint-Truiden")


def test_only_what_there_is_can_be_chosen() -> None:
    shown = play(meeting_invite, facts=organising(COMING), subject=COMING.id)
    assert set(shown.options) == {"everyone", "municipality", "landlord", "group", "language", "back"}


def test_from_the_choice_of_people_there_is_a_way_back() -> None:
    back = play(meeting_invite, "[back]", facts=organising(COMING), subject=COMING.id)
    assert (back.changes, back.then) == ((), Go("meeting_hub", COMING.id))


def to(key: str = "municipality", value: str = "Veurne") -> str:
    """Give the subject of an audience."""
    return f"{COMING.id}:{key}:{value}"


def test_how_far_it_reaches_is_shown_before_anything_goes_out() -> None:
    reaching = organising(replace(COMING, reached=REACHED, who=("Veurne",)))
    shown = play(meeting_invite, facts=reaching, subject=to())
    assert shown.log == [
        "To: Veurne",
        "👥 People: about 85",
        "📨 They get it: about 60",
        "• about 15 do not want messages about meetings",
        "• fewer than 10 pause for now: they get it later",
        "More than 50 people get this. A second person must agree first.",
        "Shall I invite them?",
    ]
    assert shown.changes == ()


def test_many_are_invited_after_a_second_person() -> None:
    reaching = organising(replace(COMING, reached=REACHED, who=("Veurne",)))
    asked = play(meeting_invite, "[yes]", facts=reaching, subject=to())
    assert asked.changes == (InviteToMeeting(COMING.id, "municipality", "Veurne"),)
    assert "I have asked a second person" in says(asked)


def test_few_are_invited_at_once() -> None:
    few = replace(REACHED, second=False)
    asked = play(meeting_invite, "[yes]", facts=organising(replace(COMING, reached=few)), subject=to("", ""))
    assert asked.changes == (InviteToMeeting(COMING.id, "", ""),)
    assert "It goes out in ten minutes" in says(asked)


def says(played: object) -> str:
    """Give what is said first in the flow that follows."""
    then = played.then  # type: ignore[attr-defined]
    assert then is not None
    return str(played.language.plain(then.say))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("reached", "why"),
    [
        (None, "You cannot write to those people. Please choose others."),
        (Reached(Figure(3, exact=True), Figure(0, exact=True)), "Nobody would get it. Please choose others."),
    ],
    ids=["out of scope", "nobody"],
)
def test_an_audience_that_cannot_be_is_chosen_again(reached: Reached | None, why: str) -> None:
    again = play(meeting_invite, facts=organising(replace(COMING, reached=reached)), subject=to())
    assert again.then is not None
    assert (again.then.flow, again.then.subject) == ("meeting_invite", COMING.id)
    assert says(again) == why


def test_nobody_is_invited_to_a_closed_meeting() -> None:
    assert play(meeting_invite, facts=organising(CLOSED), subject=CLOSED.id).then == Go("meeting_hub", CLOSED.id)


def test_each_invitation_says_how_it_stands_and_can_be_stopped() -> None:
    shown = play(meeting_hub, facts=organising(INVITED), subject=INVITED.id)
    assert "⏳ Invitation to Veurne: a second person must agree first." in shown.log
    assert any(line.startswith("🕙 Invitation to everyone: goes out") for line in shown.log)
    assert "📨 Invitation to Gent · Nederlands: it is on its way." in shown.log
    assert "📨 Invited: Gent" in shown.log
    assert {"stop-7", "stop-8", "stop-9"} <= set(shown.options)
    assert "stop-10" not in shown.options
    assert shown.go_on("[stop-8]").changes == (StopInvite(INVITED.id, 8),)


@pytest.mark.parametrize(("tap", "release"), [("yes", True), ("no", False)])
def test_a_second_person_lets_it_go_out_or_not(tap: str, release: bool) -> None:
    asked = play(invite_release, f"[{tap}]", facts=organising(INVITED), subject=f"{INVITED.id}:7")
    assert "To: Veurne" in asked.log
    assert "📨 They get it: about 60" in asked.log
    assert asked.changes == (SettleInvite(INVITED.id, 7, release=release),)


@pytest.mark.parametrize("subject", ["veurne-linde:8", "veurne-linde:99", "veurne-linde:x", "nowhere:7"])
def test_what_does_not_wait_cannot_be_released(subject: str) -> None:
    gone = play(invite_release, facts=organising(INVITED), subject=subject)
    assert gone.then == Go("menu", "gone")
    assert gone.changes == ()


def test_the_maker_hears_what_the_second_person_said() -> None:
    out = play(invite_news, facts=organising(COMING), subject=f"{COMING.id}:out")
    assert "agreed" in out.log[0]
    back = play(invite_news, facts=organising(COMING), subject=f"{COMING.id}:back")
    assert "did not agree" in back.log[0]


def test_an_invitation_says_why_it_comes_and_how_many_this_month() -> None:
    shown = play(meeting_invitation, facts=tenant(FREE, this_month=1), subject=FREE.id)
    assert shown.log[0] == "📅 You are invited: “Wonen & energie”"
    assert shown.log[-2:] == ["You get this because you want to hear of meetings.", "It is message 2 this month."]
    assert set(shown.options) == {"come", "details", "pause"}


@pytest.mark.parametrize(("tap", "then"), [("come", Go("meetings", FREE.id)), ("pause", Go("pause"))])
def test_the_buttons_of_an_invitation_are_doors(tap: str, then: Go) -> None:
    led = play(meeting_invitation, f"[{tap}]", facts=tenant(FREE), subject=FREE.id)
    assert led.then == then
    assert led.turn.stay


def test_an_invitation_tells_more_when_asked() -> None:
    told = play(meeting_invitation, "[details]", facts=tenant(FREE), subject=FREE.id)
    assert "🤝 We arrange: an interpreter and an entrance without steps" in told.log
    assert f"<calendar {FREE.id}>" in told.log


@pytest.mark.parametrize(
    "meeting",
    [MINE, replace(FREE, cancelled=True), replace(FREE, over=True), replace(FULL, closed=True)],
    ids=["signed up", "cancelled", "over", "closed"],
)
def test_nothing_is_sent_to_who_cannot_or_need_not_be_invited(meeting: object) -> None:
    silent = play(meeting_invitation, facts=tenant(meeting), subject=meeting.id)  # type: ignore[arg-type, attr-defined]
    assert silent.log == []
    assert silent.over


REPORT = ("De nieuwe ramen", "We schrijven samen een brief", "In mei komt er antwoord")


def test_a_report_is_three_short_texts() -> None:
    written = play(meeting_report, *REPORT, facts=organising(PAST), subject=PAST.id)
    assert written.log[-4:-1] == ["💬 De nieuwe ramen", "🤝 We schrijven samen een brief", "➡️ In mei komt er antwoord"]
    written.go_on("[yes]")
    (change,) = written.changes
    assert change.lines == REPORT  # type: ignore[attr-defined]


def test_a_report_that_is_not_sent_changes_nothing() -> None:
    assert play(meeting_report, *REPORT, "[no]", facts=organising(PAST), subject=PAST.id).changes == ()


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (TOLD, "The report was sent already."),
        (COMING, "You can write the report when the meeting is over."),
        (replace(OFF, meeting=replace(OFF.meeting, over=True)), "You can write the report when the meeting is over."),
    ],
    ids=["sent", "to come", "cancelled"],
)
def test_a_report_is_written_once_and_after_the_meeting(one: object, why: str) -> None:
    assert says(play(meeting_report, facts=organising(one), subject=one.id)) == why  # type: ignore[arg-type, attr-defined]


def read_by(language: str) -> Facts:
    """Give the facts of a tenant who reads a language, after the report."""
    facts = tenant(replace(FREE, over=True, report=REPORT))
    return replace(facts, person=replace(facts.person, language=language))


def test_who_came_reads_the_report() -> None:
    told = play(meeting_report_told, facts=read_by("en"), subject=FREE.id)
    assert told.log[2:5] == ["💬 De nieuwe ramen", "🤝 We schrijven samen een brief", "➡️ In mei komt er antwoord"]
    assert told.log[1] == "This is not translated into your language yet. Here it is in Dutch."
    assert told.log[-1] == "You get this because you had a place there."


def test_who_reads_dutch_needs_no_mark() -> None:
    assert len(play(meeting_report_told, facts=read_by("nl"), subject=FREE.id).log) == 5


def test_before_the_report_nothing_is_told() -> None:
    silent = play(meeting_report_told, facts=tenant(FREE), subject=FREE.id)
    assert silent.log == []
    assert silent.over
