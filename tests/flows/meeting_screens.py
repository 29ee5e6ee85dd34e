"""What stands on the screens about a meeting, in the words of one language."""

from __future__ import annotations

from flows.facts import Meeting
from flows.messages import Listing, Moment, Name, Told, _
from tests.flows.people import PHONE
from tests.flows.transcript import Say


def where(say: Say) -> str:
    """Give the line of the place."""
    return say("📍 {place}, {address}", place=Name("De Kaaiman"), address=Name("Kaaiplaats 1, 8630 Veurne"))


def call(say: Say) -> str:
    """Give the line that says who to call."""
    return say("📞 Questions? Call {phone}.", phone=Name(PHONE))


def when(say: Say, meeting: Meeting) -> str:
    """Give the line of date and hour."""
    return say("🕖 {when}", when=Moment(meeting.start))


def details(say: Say, meeting: Meeting, *seats: str) -> list[str]:
    """Give all that is told of a meeting."""
    return [
        say("📅 {kind}: “{theme}”", kind=_("Regional meeting"), theme=Told(meeting.theme)),
        when(say, meeting),
        where(say),
        say("🗣️ Languages: {languages}", languages=Listing((_("Dutch"), _("Arabic")))),
        say("🤝 We arrange: {things}", things=Listing((_("an interpreter"), _("an entrance without steps")))),
        *seats,
        call(say),
    ]


def ask_needs(say: Say) -> list[str]:
    """Give the question about what someone needs."""
    return [
        say("Do you need something to be able to come?"),
        say("Tap what you need. Nothing? Then tap “I need nothing”."),
    ]


def ask_companions(say: Say) -> list[str]:
    """Give the question about who comes along."""
    return [say("How many people come along with you?"), say("Do not count yourself.")]


def ask_reminders(say: Say) -> list[str]:
    """Give the question about reminders."""
    return [say("May I remind you?"), say("I write two times: three days before, and just before.")]
