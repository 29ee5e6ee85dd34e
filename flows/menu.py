"""The menu: everything in one screen."""

from __future__ import annotations

from flows.messages import _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

ITEMS = {
    "rights": _("⚖️ Your rights"),
    "meetings": _("📅 Meetings near you"),
    "polls": _("🗳️ Polls"),
    "my-data": _("👤 My data"),
    "consents": _("🔔 Which messages I get"),
    "language": _("🌍 Language"),
    "privacy": _("🔒 Privacy"),
    "ask-human": _("🙋 Ask a human"),
    "help": _("❓ Help and contact"),
}


@flow(command="menu", title=_("Menu"), loose=True, knows=("busy_with", "roles"))
async def menu(talk: Talk) -> Done:
    """Show what can be done here. A tap goes there."""
    prompt = _("What would you like to do? Tap a button, or write your question.")
    said = {
        "unknown-command": lines(_("I do not know that command. Here is what I can do."), prompt),
        "unknown-link": lines(_("That link does not work any more. Here is what I can do."), prompt),
        "no-role": lines(_("That is for organisers and staff only."), prompt),
        "not-yet": lines(_("That part is not ready yet. We are working on it."), prompt),
        "media": lines(_("Thank you, but I cannot do anything with that here. I did not keep it."), prompt),
        "edited": lines(_("You changed an older message. I cannot see that. Please send it again."), prompt),
        "gone": lines(_("That button is old. Here is what I can do now."), prompt),
    }.get(talk.subject, prompt)
    busy = talk.facts.busy_with
    items = {"resume": _("▶️ Go on with: {what}", what=busy), **ITEMS} if busy else dict(ITEMS)
    if not {"organiser", "staff", "admin"}.isdisjoint(talk.facts.person.roles):
        items["organise"] = _("📣 Organise")
    if talk.facts.person.is_staff:
        items["team"] = _("💬 Questions of tenants")
    where = await talk.ask("go", said, Choice(items), in_place=True)
    return Done(then=Go(where.replace("-", "_")))
