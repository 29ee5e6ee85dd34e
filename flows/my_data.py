"""My data: see it, correct it, take it along, erase it."""

from __future__ import annotations

from flows.changes import EraseMe, SetReminders
from flows.consents import CHOICES
from flows.facts import PURPOSES, Meeting, PersonFacts
from flows.messages import Lines, Moment, Msg, Name, Told, _, lines
from flows.questions import Choice, YesNo
from flows.talk import Done, Go, MyDataFile, Talk, flow

WHAT = {
    "where": _("🏠 Change where I live"),
    "language": _("🌍 Change my language"),
    "consents": _("🔔 Change my messages"),
    "reminders": _("⏰ Reminders on or off"),
    "export": _("📄 Send me everything"),
    "quiet": _("🔕 Pause or stop"),
    "erase": _("🗑️ Erase everything"),
    "menu": _("☰ Menu"),
}


@flow(command="mijngegevens", title=_("My data"), knows=("meetings", "landlords"), loose=True)
async def my_data(talk: Talk) -> Done:
    """Show what is kept, and what can be done with it."""
    what = await talk.ask("what", known(talk), Choice(WHAT))
    if what == "export":
        return Done(
            say=_("Here it is, twice: one to read, one for a computer."),
            show=(MyDataFile("txt"), MyDataFile("json")),
        )
    if what == "reminders":
        on = not talk.facts.person.reminders
        said = _("Good. I remind you of your meetings.") if on else _("Good. I do not remind you of meetings any more.")
        return Done(SetReminders(on), say=said)
    return Done(then=Go({"erase": "erase_me"}.get(what, what)))


def known(talk: Talk) -> Lines:
    """Tell all that is kept of this person, one thing a line."""
    person, facts = talk.facts.person, talk.facts
    landlord = next((known.name for known in facts.landlords if known.id == person.landlord), None)
    return lines(
        _("This is what I know about you:"),
        _("🌍 Language: {language}", language=Name(facts.languages[person.language])) if person.language else None,
        home(person),
        _("🔑 You rent from: {landlord}", landlord=Name(landlord)) if landlord else None,
        _("🏢 Building: {block}", block=Name(person.block)) if person.block else None,
        *(place(meeting) for meeting in facts.meetings if meeting.mine),
        *messages(person),
        _("I do not know your name or your phone number."),
    )


def home(person: PersonFacts) -> Msg:
    """Tell where the person lives, as far as we know."""
    if person.postcode is None:
        return _("🏠 Where you live: I do not know.")
    return _("🏠 Postcode: {postcode}, {town}", postcode=Name(person.postcode), town=Name(person.municipality or ""))


def place(meeting: Meeting) -> Msg:
    """Tell a place at a meeting, or in its line."""
    if meeting.mine and meeting.mine.status == "confirmed":
        return _("📅 “{theme}”, {when}", theme=Told(meeting.theme), when=Moment(meeting.start))
    return _("⏳ “{theme}”, {when}: waiting list", theme=Told(meeting.theme), when=Moment(meeting.start))


def messages(person: PersonFacts) -> tuple[Msg, ...]:
    """Tell which messages the person wants, one on a line."""
    on = tuple(CHOICES[purpose] for purpose in PURPOSES if purpose in person.consents)
    return (_("🔔 You get these messages:"), *on) if on else (_("🔔 Messages: none. I only answer."),)


@flow(title=_("Erase my data"), loose=True)
async def erase_me(talk: Talk) -> Done:
    """Erase after one clear question."""
    sure = await talk.ask(
        "sure",
        lines(
            _("Shall I erase everything I know about you?"),
            _("You also lose your places at meetings. This cannot be undone."),
        ),
        YesNo(yes=_("🗑️ Yes, erase everything"), no=_("No, keep it")),
    )
    if not sure:
        return Done(say=_("Good. Everything stays as it was."))
    return Done(
        EraseMe(),
        say=lines(
            _("Done. I have erased everything."),
            _("Copies for safety disappear within 30 days."),
            _("To clear this chat too: delete it in Telegram. If you write to me again, we start anew."),
        ),
    )
