"""How a meeting and a registration are told."""

from __future__ import annotations

from collections.abc import Mapping

from flows.facts import KINDS, Meeting
from flows.messages import Lines, Listing, Moment, Msg, Name, Text, Told, _, _n, lines

NEEDS: Mapping[str, Msg] = {
    "interpreter": _("🗣️ An interpreter"),
    "step-free": _("♿ An entrance without steps"),
    "child-minding": _("🧒 Someone who minds the children"),
    "ride-wanted": _("🚗 A ride"),
    "ride-offered": _("🚙 I can give someone a ride"),
}

ARRANGED: Mapping[str, Msg] = {
    "interpreter": _("an interpreter"),
    "step-free": _("an entrance without steps"),
    "child-minding": _("someone who minds the children"),
    "ride": _("a ride"),
    "meal": _("something to eat"),
    "travel-costs": _("your travel costs back"),
}

LANGUAGES: Mapping[str, Msg] = {
    "nl": _("Dutch"),
    "fr": _("French"),
    "en": _("English"),
    "tr": _("Turkish"),
    "ar": _("Arabic"),
}


INTERPRETERS: Mapping[str, Name] = {
    "ar": Name("العربية"),
    "tr": Name("Türkçe"),
    "fr": Name("Français"),
    "en": Name("English"),
    "fa": Name("فارسی"),
    "ps": Name("پښتو"),
    "so": Name("Soomaali"),
    "ti": Name("ትግርኛ"),
    "ru": Name("Русский"),
    "uk": Name("Українська"),
    "sq": Name("Shqip"),
    "pl": Name("Polski"),
}


def gone(meeting: Meeting | None) -> Msg:
    """Say why a meeting cannot be joined any more."""
    if meeting is not None and meeting.cancelled:
        return _("“{theme}” is cancelled.", theme=Told(meeting.theme))
    return _("“{theme}” is over.", theme=Told(meeting.theme)) if meeting else _("This meeting is over.")


def details(meeting: Meeting) -> Lines:
    """Tell what, when, where, in which languages and what is arranged."""
    return lines(
        _("📅 {kind}: “{theme}”", kind=KINDS.get(meeting.kind, _("Meeting")), theme=Told(meeting.theme)),
        _("🕖 {when}", when=Moment(meeting.start)),
        where(meeting),
        _("🗣️ Languages: {languages}", languages=languages(meeting)) if meeting.languages else None,
        _("🤝 We arrange: {things}", things=arranged(meeting)) if meeting.arranged else None,
        None if meeting.mine else seats(meeting),
        None if meeting.mine else until(meeting),
        _("📞 Questions? Call {phone}.", phone=Name(meeting.contact)) if meeting.contact else None,
    )


def where(meeting: Meeting) -> Msg:
    """Tell the place and its address."""
    return _("📍 {place}, {address}", place=Name(meeting.place), address=Name(meeting.address))


def languages(meeting: Meeting) -> Listing:
    """Name the languages of a meeting; one we have no word for keeps its code."""
    return Listing(tuple(LANGUAGES.get(code, Name(code)) for code in meeting.languages))


def arranged(meeting: Meeting) -> Listing:
    """Name what is arranged."""
    return Listing(tuple(ARRANGED.get(thing, Name(thing)) for thing in meeting.arranged))


def seats(meeting: Meeting) -> Text | None:
    """Tell how many places are left, when it matters: few or none."""
    if meeting.seats_free is None or meeting.seats_free > 5:
        return None
    if meeting.seats_free < 1:
        return _("🪑 All places are taken.")
    return _n("🪑 One place is left.", "🪑 {n} places are left.", n=meeting.seats_free)


def until(meeting: Meeting) -> Text | None:
    """Tell until when one can sign up, or that it is too late."""
    if meeting.closed:
        return _("🔒 Signing up is closed.")
    return _("✍️ Sign up before {when}.", when=Moment(meeting.deadline)) if meeting.deadline else None


def summary(
    meeting: Meeting, needs: tuple[str, ...], interpreter: str | None, companions: int, reminders: bool
) -> Lines:
    """Tell a registration back, one thing a line."""
    wanted = tuple(NEEDS[need] for need in needs if need in NEEDS and not (need == "interpreter" and interpreter))
    return lines(
        _("“{theme}”, {when}", theme=Told(meeting.theme), when=Moment(meeting.start)),
        where(meeting),
        *(wanted if needs else (_("You need nothing."),)),
        _("🗣️ Interpreter: {language}", language=INTERPRETERS.get(interpreter, Name(interpreter)))
        if interpreter
        else None,
        _n("One person comes along.", "{n} people come along.", n=companions) if companions else _("You come alone."),
        _("I remind you.") if reminders else _("I do not remind you."),
    )


def question_about(meeting: Meeting) -> tuple[Msg, ...]:
    """Give the line that says who to call, when there is someone."""
    return (_("📞 Questions? Call {phone}.", phone=Name(meeting.contact)),) if meeting.contact else ()
