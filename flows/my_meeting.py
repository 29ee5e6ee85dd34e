"""What can be done with a place one has: change it, give it back, get the details again."""

from __future__ import annotations

from datetime import datetime, timedelta

from flows.changes import Cancel, Register, SetReminders, TakeOffer
from flows.facts import Meeting
from flows.meeting_needs import ask_companions, ask_needs
from flows.meeting_texts import details, gone, question_about, where
from flows.messages import Moment, Msg, Text, Told, _, _n, lines
from flows.questions import Choice, YesNo
from flows.talk import CalendarFile, Done, Go, Talk, Venue, flow


def place_taken(meeting: Meeting) -> Text:
    """Say how the person stands with this meeting."""
    mine = meeting.mine
    assert mine is not None
    if mine.status == "offered" and mine.offered_until:
        return _("🎉 A place is free for you. Please answer before {when}.", when=Moment(mine.offered_until))
    if mine.status == "waiting":
        return _n("⏳ You are the first in line.", "⏳ You are number {n} in line.", n=mine.place_in_line or 1)
    return _("✅ You are signed up.")


async def change_registration(talk: Talk, meeting: Meeting) -> Done:
    """Ask what to do with the place."""
    assert meeting.mine is not None
    choices = options(meeting, door=shows_code(meeting, talk.facts.now))
    talk.say(details(meeting), place_taken(meeting))
    what = await talk.ask("what", _("What would you like to do?"), Choice(choices))
    match what:
        case "needs":
            return await change_needs(talk, meeting)
        case "take":
            return Done(TakeOffer(meeting.id), then=Go("registered", meeting.id))
        case "cancel":
            return await give_back(talk, meeting)
        case "reminders":
            return switch_reminders(meeting)
        case "code":
            return Done(then=Go("door_code", meeting.id))
        case _details:
            venue = (Venue(meeting.id),) if meeting.has_map else ()
            said = lines(_("Here is the file for your calendar."), *question_about(meeting))
            return Done(say=said, show=(CalendarFile(meeting.id), *venue))


def shows_code(meeting: Meeting, now: datetime) -> bool:
    """Tell whether the code for the door is there: for who has a place, from the day before."""
    placed = meeting.mine is not None and meeting.mine.status == "confirmed"
    return placed and now.date() >= meeting.start.date() - timedelta(days=1)


def options(meeting: Meeting, *, door: bool = False) -> dict[str, Msg]:
    """Give what is possible now."""
    assert meeting.mine is not None
    reminders = _("🔕 Do not remind me") if meeting.mine.reminders else _("🔔 Remind me")
    take = {"take": _("👍 Yes, I take the place")} if meeting.mine.status == "offered" else {}
    return {
        **take,
        **({"code": _("📲 My code for the door")} if door else {}),
        "needs": _("✏️ Change what I need"),
        "calendar": _("🗓️ Calendar and map"),
        "reminders": reminders,
        "cancel": _("🚫 I cannot come"),
    }


async def change_needs(talk: Talk, meeting: Meeting) -> Done:
    """Ask needs and companions again, and keep the place."""
    assert meeting.mine is not None
    needs, interpreter = await ask_needs(talk, meeting)
    companions = await ask_companions(talk)
    change = Register(meeting.id, needs, interpreter, companions, meeting.mine.reminders)
    return Done(change, say=_("Good, I have changed it."))


def switch_reminders(meeting: Meeting) -> Done:
    """Turn the reminders of this meeting on or off."""
    assert meeting.mine is not None
    on = not meeting.mine.reminders
    said = _("Good. I remind you of this meeting.") if on else _("Good. I do not remind you of this meeting.")
    return Done(SetReminders(on, meeting.id), say=said)


async def give_back(talk: Talk, meeting: Meeting) -> Done:
    """Give the place back after one question, or leave the line."""
    if meeting.mine and meeting.mine.status == "waiting":
        return await leave_line(talk, meeting)
    sure = await talk.ask(
        "sure",
        _("Shall I give your place at “{theme}” to someone else?", theme=Told(meeting.theme)),
        YesNo(yes=_("Yes, I cannot come"), no=_("No, I still come")),
    )
    if not sure:
        return Done(say=_("Good. You keep your place."))
    return Done(Cancel(meeting.id), say=_("Thank you for telling me. Someone else can come now."))


async def leave_line(talk: Talk, meeting: Meeting) -> Done:
    """Leave the waiting list after one question."""
    sure = await talk.ask(
        "sure",
        _("Shall I take you off the waiting list of “{theme}”?", theme=Told(meeting.theme)),
        YesNo(yes=_("Yes, take me off"), no=_("No, I keep waiting")),
    )
    if not sure:
        return Done(say=_("Good. You stay on the waiting list."))
    return Done(Cancel(meeting.id), say=_("Good. You are no longer on the waiting list."))


@flow(title=_("A reminder"), knows=("meetings",), loose=True)
async def coming(talk: Talk) -> Done:
    """Remind of a meeting and hear whether the person comes. The buttons stay until it starts."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or meeting.cancelled or meeting.over:
        return Done(say=gone(meeting))
    prompt = lines(
        _("🔔 A reminder: “{theme}”", theme=Told(meeting.theme)),
        _("🕖 {when}", when=Moment(meeting.start)),
        where(meeting),
        *question_about(meeting),
        _("Do you come?"),
    )
    answers = Choice({"coming": _("👍 I am coming"), "cannot": _("🚫 I cannot come")})
    return answer_to_coming(meeting, await talk.ask("coming", prompt, answers, lasting=True))


def answer_to_coming(meeting: Meeting, answer: str) -> Done:
    """Keep the place, or give it back; without a place, say how to get one."""
    if answer == "cannot":
        if meeting.mine is None:
            return Done(say=_("Thank you. I knew that already."))
        if meeting.mine.status == "waiting":
            return Done(Cancel(meeting.id), say=_("Good. You are no longer on the waiting list."))
        return Done(Cancel(meeting.id), then=Go("gave_back", meeting.id))
    if meeting.mine is None:
        return Done(say=_("You gave your place back. You can sign up again:"), then=Go("meetings", meeting.id))
    return Done(say=_("👍 See you there!") if meeting.mine.status == "confirmed" else place_taken(meeting))


@flow(title=_("A place is free"), knows=("meetings",), loose=True)
async def seat_offer(talk: Talk) -> Done:
    """Offer a place to the first in line."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or meeting.cancelled or meeting.over:
        return Done(say=gone(meeting))
    mine = meeting.mine
    if mine is not None and mine.status == "waiting":
        return Done(
            say=lines(_("That place has gone to the next person. You keep your place in line."), place_taken(meeting))
        )
    until = mine.offered_until if mine else None
    prompt = lines(
        _("🎉 A place is free at “{theme}”.", theme=Told(meeting.theme)),
        _("🕖 {when}", when=Moment(meeting.start)),
        _(
            "Please answer before {when}. After that I ask the next person. You keep your place in line.",
            when=Moment(until),
        )
        if until
        else None,
        _("Do you want the place?"),
    )
    answers = Choice({"take": _("👍 Yes, I take the place"), "no": _("🚫 No, thank you")})
    answer = await talk.ask("take", prompt, answers, lasting=True)
    if mine is not None and mine.status == "confirmed" and answer == "take":
        return Done(then=Go("registered", meeting.id))
    if answer == "take":
        return Done(TakeOffer(meeting.id), then=Go("registered", meeting.id))
    if mine is None:
        return Done(say=_("Thank you. I knew that already."))
    if mine.status == "confirmed":  # an old button must not take a place away without a question
        return Done(then=Go("meetings", meeting.id))
    return Done(Cancel(meeting.id), say=_("Thank you for telling me. Now I can ask the next person."))


@flow(title=_("You gave your place back"), knows=("meetings",), loose=True)
async def gave_back(talk: Talk) -> Done:
    """Thank someone who cannot come, and leave the door open: it was one tap only."""
    choices = {"again": _("👍 I can come after all"), "menu": _("☰ Menu")}
    answer = await talk.ask("next", _("Thank you for telling me. Someone else can come now."), Choice(choices))
    return Done(then=Go("meetings", talk.subject) if answer == "again" else Go("menu"))


@flow(title=_("A meeting has moved"), knows=("meetings",), loose=True)
async def meeting_moved(talk: Talk) -> Done:
    """Tell that date, hour or place changed, and hear whether the person still comes, or still waits."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or meeting.cancelled or meeting.over:
        return Done(say=gone(meeting))
    waits = meeting.mine is not None and meeting.mine.status == "waiting"
    prompt = lines(
        _("⚠️ Something changed: “{theme}”", theme=Told(meeting.theme)),
        _("🕖 {when}", when=Moment(meeting.start)),
        where(meeting),
        *question_about(meeting),
        place_taken(meeting) if waits else None,
        _("Do you want to keep waiting?") if waits else _("Can you still come?"),
    )
    yes = _("👍 Yes, I keep waiting") if waits else _("👍 Yes, I come")
    no = _("🚫 No, take me off") if waits else _("🚫 I cannot come")
    answer = await talk.ask("coming", prompt, Choice({"coming": yes, "cannot": no}), lasting=True)
    if answer == "coming" and meeting.mine and meeting.mine.status == "confirmed":
        return Done(then=Go("registered", meeting.id))  # with the calendar file that holds now
    return answer_to_coming(meeting, answer)


@flow(title=_("A meeting is cancelled"), knows=("meetings",), loose=True)
async def meeting_cancelled(talk: Talk) -> Done:
    """Tell that a meeting does not go on."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None:
        return Done(say=_("This meeting is over."))
    return Done(
        say=lines(
            _("⚠️ “{theme}” of {when} does not go on.", theme=Told(meeting.theme), when=Moment(meeting.start)),
            _("We are sorry. You do not have to do anything."),
            *question_about(meeting),
            _("Other meetings: /bijeenkomsten."),
        )
    )
