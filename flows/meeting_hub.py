"""The meetings that one organises, and all that can be done with one of them."""

from __future__ import annotations

from flows.facts import Facts
from flows.maker_kinds import Written
from flows.meeting_invite import invited, said_of
from flows.meeting_orders import CancelMeeting, CloseSignUp, MoveMeeting, SayTheme, StopInvite
from flows.meeting_texts import INTERPRETERS, LANGUAGES, NEEDS, details
from flows.messages import BLANK, Listing, Moment, Name, Text, Told, _, lines
from flows.organise_meeting import NO_ROLE, ask_place, ask_start, moved
from flows.organised_facts import OrganisedMeeting, amount
from flows.questions import Choice, Confirm, Pick, Skippable, YesNo
from flows.talk import Done, Go, Talk, flow


@flow(title=_("My meetings"), knows=("scopes", "organised"), loose=True)
async def my_meetings_organised(talk: Talk) -> Done:
    """Choose one of the meetings within one's scope: those to come first, then those of the last two months, the
    newest first."""
    if not talk.facts.scopes:
        return NO_ROLE
    new = _("➕ A new meeting")
    if not talk.facts.organised:
        choice = Choice({"organise-meeting": new, "menu": _("☰ Menu")})
        where = await talk.ask("go", _("There is no meeting here yet."), choice, in_place=True)
        return Done(then=Go(where.replace("-", "_")))
    by_start = sorted(talk.facts.organised, key=lambda one: one.meeting.start)
    coming = [one for one in by_start if not one.meeting.over]
    past = [one for one in reversed(by_start) if one.meeting.over]
    pick = Skippable(Pick([*coming, *past]), skip=new)
    chosen = await talk.ask("which", _("Which meeting?"), pick, in_place=True)
    return Done(then=Go("meeting_hub", chosen.id) if chosen else Go("organise_meeting"))


@flow(title=_("A meeting that you organise"), knows=("organised",), loose=True)
async def meeting_hub(talk: Talk) -> Done:
    """Show how it stands with one meeting, and what can be done."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    choices: dict[str, Text] = {**doors(one), "my-meetings-organised": _("◀️ My meetings")}
    what = await talk.ask("what", lines(details(one.meeting), BLANK, *standing(one)), Choice(choices))
    if what.startswith("stop-"):
        stopped = _("🛑 Stopped. I send no more of these invitations.")
        return Done(StopInvite(one.id, int(what[5:])), then=Go("meeting_hub", one.id, say=stopped))
    match what:
        case "close":
            closed = _("🔒 Nobody can sign up any more. Who has a place keeps it.")
            return Done(CloseSignUp(one.id, closed=True), then=Go("meeting_hub", one.id, say=closed))
        case "open":
            open_ = _("🔓 People can sign up again.")
            return Done(CloseSignUp(one.id, closed=False), then=Go("meeting_hub", one.id, say=open_))
        case "my-meetings-organised":
            return Done(then=Go("my_meetings_organised"), stay=True)
        case "poll":
            return Done(then=Go("organise_poll", f"attended-{one.id}"), stay=True)
    return Done(then=Go(what.replace("-", "_"), one.id), stay=True)


def organising(facts: Facts, subject: str) -> OrganisedMeeting | None:
    """Find the meeting that the subject names (`id`, or `id:` and something more)."""
    id = subject.partition(":")[0]
    return next((one for one in facts.organised if one.id == id), None)


def doors(one: OrganisedMeeting) -> dict[str, Text]:
    """Give what can be done now."""
    meeting = one.meeting
    if meeting.cancelled:
        return {}
    before: dict[str, Text] = {
        "meeting-invite": _("📨 Invite people"),
        **{
            f"stop-{invite.id}": _("🛑 Stop: {who}", who=said_of(invite.who))
            for invite in one.invites
            if invite.state != "done"
        },
        "phone-desk": _("📞 Someone phones"),
        "move-meeting": _("🔁 Other day, hour or place"),
        "meeting-words": _("🌍 Theme in another language"),
        **({"open": _("🔓 Open sign-up again")} if meeting.closed else {"close": _("🔒 Close sign-up")}),
        "cancel-meeting": _("🚫 It does not go on"),
    }
    door: dict[str, Text] = {"checkin": _("🚪 At the door"), "headcount": _("🔢 How many came?")}
    after: dict[str, Text] = {
        **({} if meeting.report else {"meeting-report": _("📝 Write the report")}),
        "poll": _("🗳️ A poll for who came"),
    }
    if meeting.over:
        return {**door, **after}
    if meeting.closed:
        before.pop("meeting-invite")
    return {**(door if one.door_opens else {}), **before}


def standing(one: OrganisedMeeting) -> tuple[Text | None, ...]:
    """Say how many come and what they need: numbers, never who."""
    return (
        _("🚫 This meeting is cancelled.") if one.meeting.cancelled else None,
        _("🪑 Places taken: {n} of {all}", n=amount(one.taken), all=one.capacity)
        if one.capacity is not None
        else _("🪑 Places taken: {n}", n=amount(one.taken)),
        _("⏳ On the waiting list: {n}", n=amount(one.waiting)) if one.capacity is not None else None,
        _("🤝 To arrange: {things}", things=Listing(wanted(one))) if one.needs or one.interpreters else None,
        _("🚪 Noted at the door: {n}", n=amount(one.present)) if one.door_opens else None,
        _("🔢 Counted: {n}", n=one.heads) if one.heads is not None else None,
        *(invited(invite) for invite in one.invites),
        _("🔒 Nobody can sign up any more.") if one.meeting.closed and not one.meeting.over else None,
        _("📝 The report was sent.") if one.meeting.report else None,
        None if one.taken.exact else _("Counts under 10 are not shown. They are renewed once a day."),
    )


def wanted(one: OrganisedMeeting) -> tuple[Text, ...]:
    """Say what must be arranged, for how many."""
    needs = [(NEEDS.get(need, Name(need)), n) for need, n in one.needs.items() if need != "interpreter"]
    speak = [
        (_("🗣️ Interpreter: {language}", language=INTERPRETERS.get(code, Name(code))), n)
        for code, n in one.interpreters.items()
    ]
    return tuple(_("{what}: {n}", what=what, n=n) for what, n in (*speak, *needs))


@flow(title=_("A meeting is cancelled"), knows=("organised",), loose=True)
async def cancel_meeting(talk: Talk) -> Done:
    """Cancel after one question; everyone who signed up is told."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    if one.meeting.cancelled or one.meeting.over:
        return Done(then=Go("meeting_hub", one.id))
    prompt = lines(
        _("Shall I cancel “{theme}”?", theme=Told(one.meeting.theme)),
        _("I tell everyone who signed up. This cannot be undone."),
    )
    if not await talk.ask("sure", prompt, YesNo(yes=_("Yes, cancel it"), no=_("No, it goes on"))):
        return Done(say=_("Good. It goes on."))
    said = lines(_("The meeting is cancelled. I tell everyone who signed up."), to_call(one))
    return Done(CancelMeeting(one.id), say=said)


def to_call(one: OrganisedMeeting) -> Text | None:
    """Say who cannot be told by chat: those who phoned, by their codes."""
    if not one.by_phone:
        return None
    codes = Listing(tuple(Name(code) for code in one.by_phone[:30]))
    return _("📞 Please call those who signed up by phone. Their codes: {codes}.", codes=codes)


@flow(title=_("A meeting moves"), knows=("organised",))
async def move_meeting(talk: Talk) -> Done:
    """Ask another day, hour or place; everyone who signed up is told."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    if one.meeting.cancelled or one.meeting.over:
        return Done(then=Go("meeting_hub", one.id))
    what = await talk.ask(
        "what",
        _("What changes?"),
        Choice({"when": _("🕖 Day or hour"), "where": _("📍 The place"), "both": _("Both")}),
        label=_("What changes"),
    )
    start = await ask_start(talk) if what != "where" else None
    place = await ask_place(talk) if what != "when" else None
    talk.say(details(moved(one.meeting, start, place)))
    sure = Confirm(yes=_("✅ Yes, tell everyone"), no=_("No, leave it as it was"))
    if not await talk.ask("sure", _("Is this right? I tell everyone who signed up."), sure):
        return Done(say=_("Good. Everything stays as it was."), then=Go("meeting_hub", one.id))
    said = lines(_("✅ Changed. I tell everyone who signed up."), to_call(one))
    return Done(MoveMeeting(one.id, start, place), then=Go("meeting_hub", one.id, say=said))


@flow(title=_("Theme in another language"), knows=("organised",))
async def meeting_words(talk: Talk) -> Done:
    """Write the theme in one more language."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    talk.say(_("In Dutch: “{theme}”", theme=Told({"nl": one.meeting.theme.get("nl", "")})))
    others = {code: name for code, name in LANGUAGES.items() if code in talk.facts.languages}
    language = await talk.ask("language", _("In which language?"), Choice(others), label=_("Language"))
    text = await talk.ask("text", _("How do you say it there?"), Written(most=80), label=_("Theme"))
    said = _("✅ I use it for who reads that language.")
    return Done(SayTheme(one.id, language, text), then=Go("meeting_hub", one.id, say=said))


def when(one: OrganisedMeeting) -> Text:
    """Name a meeting by its theme and moment."""
    return _("“{theme}”, {when}", theme=Told(one.meeting.theme), when=Moment(one.meeting.start))
