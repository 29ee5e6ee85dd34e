"""Help: what can be typed, and a human to call."""

from __future__ import annotations

from flows.messages import Name, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow


@flow(command="help", title=_("Help and contact"), loose=True)
async def help(talk: Talk) -> Done:
    """Give the commands in words, and the way to a human."""
    contact = talk.facts.help
    said = lines(
        _("Write your question in your own words. Or tap /rechten to see all subjects."),
        _("Tap /menu to see everything. Tap /bijeenkomsten for meetings."),
        _("Do you get stuck? That is never your fault. Tap /menu and start again."),
        _(
            "Would you rather talk to a human? Call {organisation}: {phone}.",
            organisation=Name(contact.organisation),
            phone=Name(contact.phone),
        )
        if contact.phone
        else _("Would you rather talk to a human? Ask the group that gave you the link to this chat."),
        _("Is there danger right now? Call 112."),
    )
    where = await talk.ask("go", said, Choice({"ask-human": _("🙋 Ask a human"), "menu": _("☰ Menu")}), in_place=True)
    return Done(then=Go(where.replace("-", "_")))
