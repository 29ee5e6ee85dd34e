"""Ask which messages someone wants. Each purpose is off until chosen."""

from __future__ import annotations

from flows.changes import SetConsents
from flows.facts import PURPOSES
from flows.messages import _, lines
from flows.questions import Several
from flows.talk import Done, Go, Talk, flow

CHOICES = {
    "meetings": _("📅 Meetings near me (1 or 2 a month)"),
    "polls": _("🗳️ Short polls (at most 2 a month)"),
    "council": _("💬 The tenants' council asks (1 a month)"),
    "rights": _("📰 News about my rights (1 a month)"),
}


@flow(title=_("Which messages you get"), knows=())
async def consents(talk: Talk) -> Done:
    """Change the purposes; `new` in the welcome, `later` when a link brought the person here."""
    if talk.subject == "later":
        talk.say(_("One more question, if you like:"))
    purposes = await ask_consents(talk)
    if talk.subject == "new":
        said = _("Thank you. You can always change this in “My data”.")
        return Done(SetConsents(purposes), say=said, then=Go("menu"))
    if not purposes:
        return Done(
            SetConsents(()), say=_("Good. I send no news. I answer you, and I remind you of your own meetings.")
        )
    return Done(SetConsents(purposes), say=_("Good. You can change this at any time in “My data”."))


async def ask_consents(talk: Talk) -> tuple[str, ...]:
    """Give the purposes that are on afterwards."""
    on = tuple(purpose for purpose in PURPOSES if purpose in talk.facts.person.consents)
    return await talk.ask(
        "consents",
        lines(
            _("May I write to you sometimes? Tap what you want."),
            _("Nothing chosen is fine too. You can use everything here without it."),
            _("Never at night, never on Sundays or holidays, at most 3 in a week."),
        ),
        Several(CHOICES, ticked=on, ready=_("Ready"), nothing=_("No messages, thank you")),
        label=_("Messages"),
    )
