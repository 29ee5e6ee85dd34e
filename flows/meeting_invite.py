"""Invite an audience to a meeting: choose it, see how many it reaches, let a second person release it; and the invitation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.facts import Facts, Meeting
from flows.meeting_orders import InviteToMeeting, SettleInvite
from flows.meeting_texts import details, where
from flows.messages import BLANK, Lines, Moment, Msg, Name, Text, Told, _, _n, lines
from flows.organised_facts import Invite, OrganisedMeeting, amount
from flows.poll_facts import AUDIENCE_KEYS, NOT_REACHED, Reached
from flows.questions import Choice, Pick, YesNo
from flows.talk import CalendarFile, Done, Go, Talk, flow

NO_ROLE = Done(then=Go("menu", "no-role"))
BY: Mapping[str, Msg] = {
    "region": _("🗺️ A province"),
    "municipality": _("🏘️ A municipality"),
    "landlord": _("🔑 A landlord"),
    "block": _("🏢 A building"),
    "group": _("👥 A group"),
    "language": _("🗣️ A language"),
}
WHY: Mapping[str, Msg] = {
    **NOT_REACHED,
    "no-consent": _("do not want messages about meetings"),
}


@dataclass(frozen=True)
class Value:
    """Something to choose an audience by; what stands in the database may hold spaces and capitals, an option may not."""

    value: str
    name: str
    place: int

    @property
    def id(self) -> str:
        """Give an option's id: letters of the value, and its place where other letters are left out."""
        kept = "".join(letter for letter in self.value.casefold() if letter.isascii() and letter.isalnum())[:26]
        return kept if kept == self.value else f"{kept}-{self.place}"

    @property
    def button(self) -> Text:
        """Give the name, as it stands on a button."""
        return Name(self.name)


def found(facts: Facts, subject: str) -> OrganisedMeeting | None:
    """Find the meeting that the subject names first."""
    id = subject.partition(":")[0]
    return next((one for one in facts.organised if one.id == id), None)


@flow(title=_("Invite people to a meeting"), knows=("organised", "choices", "reach"), loose=True)
async def meeting_invite(talk: Talk) -> Done:
    """Choose an audience; then the subject says which (`id:key:value`), and how far it reaches is shown."""
    one = found(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    if one.meeting.cancelled or one.meeting.over or one.meeting.closed:
        return Done(then=Go("meeting_hub", one.id))
    _id, chosen, rest = talk.subject.partition(":")
    if not chosen:
        return await choose(talk, one)
    key, _colon, value = rest.partition(":")
    return await look(talk, one, key, value)


async def choose(talk: Talk, one: OrganisedMeeting) -> Done:
    """Ask by what to choose, and which."""
    choices = talk.facts.choices
    by: dict[str, Text] = {"everyone": _("🌐 Everyone I may write to")}
    by |= {key: BY[key] for key in AUDIENCE_KEYS if choices.get(key)}
    by["back"] = _("◀️ Back")
    key = await talk.ask("by", _("Who do you want to invite?"), Choice(by), in_place=True)
    if key == "back":
        return Done(then=Go("meeting_hub", one.id))
    if key == "everyone":
        return Done(then=Go("meeting_invite", f"{one.id}::"))
    values = [Value(value, name, place) for place, (value, name) in enumerate(choices[key])]
    chosen = await talk.ask(f"which-{key}", _("Which one?"), Pick(values), in_place=True)
    return Done(then=Go("meeting_invite", f"{one.id}:{key}:{chosen.value}"))


async def look(talk: Talk, one: OrganisedMeeting, key: str, value: str) -> Done:
    """Show how many get it and who does not and why; then ask whether to invite them."""
    reached = one.reached
    if reached is None:
        return Done(then=Go("meeting_invite", one.id, say=_("You cannot write to those people. Please choose others.")))
    if reached.reached.exact and not reached.reached.value:
        return Done(then=Go("meeting_invite", one.id, say=_("Nobody would get it. Please choose others.")))
    choices: dict[str, Text] = {
        "yes": _("📨 Yes, ask a second person") if reached.second else _("📨 Yes, invite them"),
        "again": _("👥 Choose other people"),
        "no": _("✖️ Invite nobody"),
    }
    sure = await talk.ask("sure", reach(one.who, reached), Choice(choices), in_place=True)
    if sure == "again":
        return Done(then=Go("meeting_invite", one.id))
    if sure == "no":
        return Done(then=Go("meeting_hub", one.id, say=_("Good. I invite nobody.")))
    said = (
        _("⏳ I have asked a second person. When they say yes, it goes out.")
        if reached.second
        else _("📨 It goes out in ten minutes. Until then you can stop it.")
    )
    return Done(InviteToMeeting(one.id, key, value), then=Go("meeting_hub", one.id, say=said))


def reach(who: tuple[str, ...], reached: Reached) -> Lines:
    """Say how far a message to an audience comes."""
    return lines(
        _("To: {who}", who=said_of(who)),
        _("👥 People: {n}", n=amount(reached.audience)),
        _("📨 They get it: {n}", n=amount(reached.reached)),
        *(
            _("• {n} {why}", n=amount(reason.count), why=WHY.get(reason.code, Name(reason.code)))
            for reason in reached.reasons
        ),
        _("More than 50 people get this. A second person must agree first.") if reached.second else None,
        BLANK,
        _("Shall I invite them?"),
    )


def said_of(who: tuple[str, ...]) -> Text:
    """Name an audience."""
    return Name(" · ".join(who)) if who else _("everyone")


def invited(invite: Invite) -> Text:
    """Say how it stands with an invitation."""
    who = said_of(invite.who)
    match invite.state:
        case "waiting":
            return _("⏳ Invitation to {who}: a second person must agree first.", who=who)
        case "released":
            return _("🕙 Invitation to {who}: goes out {when}.", who=who, when=Moment(invite.starts))
        case "sending":
            return _("📨 Invitation to {who}: it is on its way.", who=who)
    return _("📨 Invited: {who}", who=who)


def waiting_invite(one: OrganisedMeeting | None, subject: str) -> Invite | None:
    """Find the invitation that the subject names, while it waits for a second person and this may be them."""
    number = subject.rpartition(":")[2]
    waiting = (one.invites if one else ()) if number.isdigit() else ()
    return next((i for i in waiting if i.id == int(number) and i.state == "waiting" and i.may_release), None)


@flow(title=_("An invitation waits for you"), knows=("organised", "reach"), loose=True)
async def invite_release(talk: Talk) -> Done:
    """Second person: let an invitation go out, or not. The subject is `meeting:invitation`."""
    one = found(talk.facts, talk.subject)
    invite = waiting_invite(one, talk.subject)
    if one is None or invite is None or invite.reached is None:
        return Done(then=Go("menu", "gone"))
    prompt = lines(
        _("📨 Someone wants to invite people to this meeting. You can agree."),
        details(one.meeting),
        BLANK,
        _("To: {who}", who=said_of(invite.who)),
        _("📨 They get it: {n}", n=amount(invite.reached.reached)),
        _("Shall I send it?"),
    )
    if await talk.ask("sure", prompt, YesNo(yes=_("✅ Yes, send it"), no=_("✖️ No, do not send it"))):
        said = _("It goes out in ten minutes. Thank you for looking.")
        return Done(SettleInvite(one.id, invite.id, release=True), say=said)
    return Done(SettleInvite(one.id, invite.id, release=False), say=_("It does not go out. I tell who made it."))


@flow(title=_("About your invitation"), knows=("organised",), loose=True)
async def invite_news(talk: Talk) -> Done:
    """Tell who made an invitation what a second person said. The subject is `meeting:out` or `meeting:back`."""
    one = found(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    theme = Told(one.meeting.theme)
    if talk.subject.endswith(":out"):
        said = _("✅ A second person agreed. The invitation to “{theme}” goes out in ten minutes.", theme=theme)
    else:
        said = _("✖️ A second person did not agree. The invitation to “{theme}” does not go out.", theme=theme)
    return Done(say=said, then=Go("meeting_hub", one.id))


@flow(title=_("An invitation to a meeting"), knows=("meetings", "this_month"), loose=True)
async def meeting_invitation(talk: Talk) -> Done:
    """Invite a tenant. Who has a place already, or comes too late, is led to the meeting; nothing is sent to them."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or meeting.mine or meeting.cancelled or meeting.over or meeting.closed:
        return Done(then=Go("meetings", talk.subject))
    answers = Choice({"come": _("👍 I come"), "details": _("ℹ️ Tell me more"), "pause": _("🔕 Pause messages")})
    what = await talk.ask("what", invitation(talk.facts, meeting), answers, lasting=True)
    match what:
        case "come":
            return Done(then=Go("meetings", meeting.id), stay=True)
        case "pause":
            return Done(then=Go("pause"), stay=True)
        case _details:
            return Done(say=details(meeting), show=(CalendarFile(meeting.id),), stay=True)


def invitation(facts: Facts, meeting: Meeting) -> Lines:
    """Give the short text of an invitation; its last lines say why this person gets it."""
    return lines(
        _("📅 You are invited: “{theme}”", theme=Told(meeting.theme)),
        _("🕖 {when}", when=Moment(meeting.start)),
        where(meeting),
        BLANK,
        _("You get this because you want to hear of meetings."),
        _n(
            "It is the first message this month.",
            "It is message {n} this month.",
            n=facts.this_month + 1,
        ),
    )
