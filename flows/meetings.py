"""Meetings: choose one and take a place, or a place on the waiting list."""

from __future__ import annotations

from flows.changes import Register
from flows.facts import Meeting
from flows.meeting_needs import ask_companions, ask_needs, ask_reminders
from flows.meeting_texts import details, gone, question_about, summary, where
from flows.messages import Moment, Told, _, _n, lines
from flows.my_meeting import change_registration
from flows.questions import Confirm, Pick, YesNo
from flows.talk import CalendarFile, Done, Go, Talk, Venue, flow


@flow(command="bijeenkomsten", title=_("Meetings near you"), knows=("meetings",))
async def meetings(talk: Talk) -> Done:
    """Choose a meeting, near ones first. The subject names one that a link or a message was about."""
    meeting = await choose(talk)
    if meeting is None:
        return nothing_planned(talk)
    if meeting.cancelled or meeting.over:
        return Done(say=gone(meeting), then=Go("meetings"))
    if meeting.mine:
        return await change_registration(talk, meeting)
    if meeting.closed:
        return too_late(meeting)
    return await sign_up(talk, meeting)


async def choose(talk: Talk) -> Meeting | None:
    """Give the meeting that the subject names, or that is picked; None when there is none."""
    upcoming = sorted(open_ones(talk), key=lambda meeting: (meeting.nearness, meeting.start))
    if talk.subject and not talk.subject.startswith("group-"):
        return talk.facts.meeting(talk.subject)
    if not upcoming:
        return None
    near = any(meeting.nearness < 2 for meeting in upcoming)
    prompt = _("Which meeting? The ones near you come first.") if near else _("Which meeting?")
    return await talk.ask(
        "meeting",
        prompt,
        Pick(upcoming, gone=_("That meeting is no longer in the list.")),
        label=_("Meeting"),
    )


def open_ones(talk: Talk) -> list[Meeting]:
    """Give the meetings that can still be joined, of one group where the subject says so."""
    group = talk.subject.removeprefix("group-") if talk.subject.startswith("group-") else None
    here = [m for m in talk.facts.meetings if not m.cancelled and not m.over and group in (None, m.group)]
    return [m for m in here if m.mine or not m.closed]


def too_late(meeting: Meeting) -> Done:
    """Say that nobody can sign up any more, and what can be done about it."""
    return Done(
        say=lines(
            details(meeting),
            None if meeting.contact else _("Ask the group that organises it if you can still come."),
            _("Other meetings: /bijeenkomsten."),
        )
    )


def nothing_planned(talk: Talk) -> Done:
    """Say that there is no meeting, and what can be done about it."""
    if talk.subject:
        return Done(then=Go("menu", "unknown-link"))
    return Done(say=lines(_("No meeting is planned right now."), _("Please look again later: /bijeenkomsten.")))


async def sign_up(talk: Talk, meeting: Meeting) -> Done:
    """Ask what is needed to come, show it once more, and take the place."""
    talk.say(details(meeting))
    if not await wants_to_come(talk, meeting):
        return Done(say=_("That is fine. You are not signed up."))
    needs, interpreter = await ask_needs(talk, meeting)
    companions = await ask_companions(talk)
    reminders = await ask_reminders(talk)
    talk.say(summary(meeting, needs, interpreter, companions, reminders))
    full = meeting.seats_free is not None and meeting.seats_free < 1
    prompt = _("Shall I put you on the waiting list?") if full else _("Shall I sign you up?")
    yes = _("👍 Yes, waiting list") if full else _("👍 Yes, sign me up")
    if not await talk.ask("send", prompt, Confirm(yes=yes, no=_("No, not now"))):
        return Done(say=_("That is fine. You are not signed up."))
    change = Register(meeting.id, needs, interpreter, companions, reminders)
    return Done(change, then=Go("registered", meeting.id))


async def wants_to_come(talk: Talk, meeting: Meeting) -> bool:
    """Ask whether to sign up, or for the waiting list when it is full."""
    full = meeting.seats_free is not None and meeting.seats_free < 1
    key = f"want-{meeting.id}"  # whoever picks another meeting is asked again
    if not full:
        return await talk.ask(key, _("Do you want to come?"), YesNo(yes=_("👍 Yes, I come"), no=_("No, thank you")))
    prompt = lines(
        _("Do you want to be on the waiting list?"),
        _("It goes in order. I write to you when there is a place."),
    )
    return await talk.ask(key, prompt, YesNo(yes=_("👍 Yes, waiting list"), no=_("No, thank you")))


@flow(title=_("You are signed up"), knows=("meetings",), loose=True)
async def registered(talk: Talk) -> Done:
    """Say what the sign-up led to, with the practical details and the calendar file."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or meeting.mine is None:
        return Done(then=Go("menu"))
    mine = meeting.mine
    if mine.status != "confirmed":
        place = mine.place_in_line or 1
        return Done(
            say=lines(
                _("⏳ You are on the waiting list."),
                _("“{theme}”, {when}", theme=Told(meeting.theme), when=Moment(meeting.start)),
                _n("You are the first in line.", "You are number {n} in line.", n=place),
                _("I write to you when there is a place. You do not have to do anything."),
            )
        )
    said = lines(
        _("✅ You are signed up. See you there!"),
        _("🕖 {when}", when=Moment(meeting.start)),
        where(meeting),
        *question_about(meeting),
        _("Can you not come after all? Tell me, then someone else can come: /bijeenkomsten."),
    )
    venue = (Venue(meeting.id),) if meeting.has_map else ()
    return Done(say=said, show=(CalendarFile(meeting.id), *venue))
