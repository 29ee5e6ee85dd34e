"""At the door and on the phone: who is here, how many came, and places for people who phoned. Codes, never names."""

from __future__ import annotations

from dataclasses import replace

from flows.meeting_hub import organising, when
from flows.meeting_kinds import Amount, DoorCode
from flows.meeting_needs import ask_companions, ask_needs
from flows.meeting_orders import CheckIn, CountHeads, SettlePhoned, SignUpByPhone, WantDoorCode
from flows.meeting_texts import gone
from flows.messages import Moment, Msg, Name, Text, Told, _, _n, lines
from flows.organise_meeting import NO_ROLE
from flows.organised_facts import OrganisedMeeting, amount
from flows.questions import Choice, Confirm
from flows.talk import Done, Go, QrCode, Talk, flow

MOST_HEADS = 9999


@flow(title=_("My code for the door"), knows=("meetings",), loose=True)
async def door_code(talk: Talk) -> Done:
    """Show a tenant the code for the door, as a picture and in numbers."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or meeting.cancelled or meeting.mine is None or meeting.mine.status != "confirmed":
        return Done(say=gone(meeting)) if meeting and meeting.cancelled else Done(then=Go("meetings", talk.subject))
    code = meeting.mine.code
    if not code:
        return Done(WantDoorCode(meeting.id), then=Go("door_code", meeting.id))
    caption = _(
        "📲 Show this at the door of “{theme}”. Or say the code: {code}.", theme=Told(meeting.theme), code=Name(code)
    )
    said = _("Without the code you can come in too. It only helps to count.")
    return Done(say=said, show=(QrCode(f"here-{meeting.id}-{code}", caption),))


@flow(title=_("At the door"), knows=("organised",))
async def checkin(talk: Talk) -> Done:
    """Type one code after another; the organiser's camera opens the tenant's QR code by itself."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    prompt = lines(
        when(one),
        _("Noted: {n}", n=amount(one.present)),
        _("Type the code that someone shows you. Or scan their picture with your camera."),
        _("Is it too busy? Just count the people."),
    )
    doors = {"heads": _("🔢 I count the people"), "ready": _("✅ Ready")}
    code = await talk.ask("code", prompt, DoorCode(doors))
    match code:
        case "ready":
            return Done(then=Go("meeting_hub", one.id))
        case "heads":
            return Done(then=Go("headcount", one.id))
    return Done(then=Go("door", f"{one.id}:{code}"))


NOT_IN: dict[str, Msg] = {
    "again": _("☑️ {code} was noted before. Someone may have used it twice."),
    "waiting": _("⏳ {code} is on the waiting list. There is no place for this code yet."),
    "cancelled": _("🚫 {code}: this place was given back. Is there room? Then count them in by hand."),
    "unknown": _("❓ I do not know {code} for this meeting. Look at the numbers again, or at the day."),
    "early": _("🕙 {code}: it is too early. You can note who is here from the day before."),
    "off": _("🚫 {code}: this meeting is cancelled."),
}


@flow(title=_("A code for the door"), knows=("organised", "desk"), loose=True)
async def door(talk: Talk) -> Done:
    """Note who is here. The subject is `meeting:code`, with `:qr` behind it when a camera opened it.

    Anyone but an organiser of that meeting is told what the code is for.
    """
    one = organising(talk.facts, talk.subject)
    if one is None or one.door is None:
        return Done(
            say=lines(
                _("This is a code for the door of a meeting."),
                _("Show it to who stands at the door. They scan it. You do not have to open it yourself."),
            )
        )
    code, how = one.door.code, "qr" if talk.subject.endswith(":qr") else "code"
    if one.door.state != "new":
        return Done(then=Go("checkin", one.id, say=Msg(NOT_IN[one.door.state].id, {"code": Name(code)})))
    noted = _("✅ {code} is noted. Welcome!", code=Name(code))
    return Done(CheckIn(one.id, code, how), then=Go("checkin", one.id, say=noted))


@flow(title=_("How many came?"), knows=("organised",))
async def headcount(talk: Talk) -> Done:
    """Count the people in the room, where codes take too long."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    talk.say(when(one))
    heads = await talk.ask(
        "heads", _("How many people are there? Write the number. Do not count yourself."), Amount(0, MOST_HEADS)
    )
    noted = _n("🔢 Noted: one person.", "🔢 Noted: {n} people.", n=heads)
    return Done(CountHeads(one.id, heads), then=Go("meeting_hub", one.id, say=noted))


@flow(title=_("Someone phones"), knows=("organised",), loose=True)
async def phone_desk(talk: Talk) -> Done:
    """Choose what someone who phones wants."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    if one.meeting.cancelled or one.meeting.over:
        return Done(then=Go("meeting_hub", one.id))
    choices: dict[str, Text] = {
        **({} if one.meeting.closed else {"phone-signup": _("➕ They want to come")}),
        "phone-code": _("🔢 They have a code already"),
        "meeting-hub": _("◀️ Back"),
    }
    what = await talk.ask("what", lines(when(one), _("What do they want?")), Choice(choices), in_place=True)
    return Done(then=Go(what.replace("-", "_"), one.id))


@flow(title=_("Sign someone up by phone"), knows=("organised",))
async def phone_signup(talk: Talk) -> Done:
    """Ask what a caller needs, and give a code to read out. Neither name nor number is kept."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    if one.meeting.cancelled or one.meeting.over or one.meeting.closed:
        return Done(then=Go("meeting_hub", one.id))
    talk.say(_("📞 Read the questions out. Do not write a name here: I only keep a code."))
    needs, interpreter = await ask_needs(talk, replace(one.meeting, mine=None))
    companions = await ask_companions(talk)
    sure = Confirm(yes=_("✅ Yes, sign them up"), no=_("No, they do not come"))
    if not await talk.ask("send", lines(when(one), _("Shall I sign this caller up?")), sure):
        return Done(say=_("Good. Nobody was signed up."), then=Go("meeting_hub", one.id))
    return Done(SignUpByPhone(one.id, needs, interpreter, companions), then=Go("phone_place", one.id))


@flow(title=_("Someone with a code phones"), knows=("organised",))
async def phone_code(talk: Talk) -> Done:
    """Find the place of someone who phoned before."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    code = await talk.ask("code", _("Which code do they have?"), DoorCode({}))
    return Done(then=Go("phone_place", f"{one.id}:{code}"))


@flow(title=_("A place by phone"), knows=("organised", "desk"), loose=True)
async def phone_place(talk: Talk) -> Done:
    """Show the place of someone who phoned: the newest, or the one whose code the subject names (`meeting:code`).

    This is also the message to the organiser when a place comes free for someone who cannot be written to.
    """
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    phoned = one.phoned
    if phoned is None:
        return Done(then=Go("phone_desk", one.id, say=_("I know nobody with that code who signed up by phone.")))
    if phoned.status == "cancelled" or one.meeting.cancelled or one.meeting.over:
        return Done(then=Go("meeting_hub", one.id, say=_("{code} has no place any more.", code=Name(phoned.code))))
    choices: dict[str, Text] = {
        **({"take": _("👍 They take the place")} if phoned.status == "offered" else {}),
        "leave": _("🚫 They do not come"),
        "hub": _("☰ The meeting"),
    }
    what = await talk.ask("what", lines(when(one), *stands(one)), Choice(choices))
    match what:
        case "take":
            said = _("✅ {code} has a place now.", code=Name(phoned.code))
            return Done(SettlePhoned(one.id, phoned.code, comes=True), say=said)
        case "leave":
            said = _("Good. {code} does not come. Someone else can.", code=Name(phoned.code))
            return Done(SettlePhoned(one.id, phoned.code, comes=False), say=said)
    return Done(then=Go("meeting_hub", one.id), stay=True)


def stands(one: OrganisedMeeting) -> tuple[Text | None, ...]:
    """Say how it stands with someone who phoned."""
    phoned = one.phoned
    assert phoned is not None
    code = Name(phoned.code)
    if phoned.status == "offered" and phoned.offered_until:
        return (
            _("🎉 A place is free for the caller with code {code}.", code=code),
            _("Please call them before {when}. After that the next one gets it.", when=Moment(phoned.offered_until)),
        )
    if phoned.status == "waiting":
        place = phoned.place_in_line or 1
        return (
            _("⏳ The caller is on the waiting list. The code is {code}.", code=code),
            _n("They are the first in line.", "They are number {n} in line.", n=place),
            _("Write the phone number beside the code, on paper. When there is a place, I ask you to call."),
        )
    return (
        _("✅ The caller has a place. The code is {code}.", code=code),
        _("Read it out. They say it at the door, and when they phone again."),
    )
