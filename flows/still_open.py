"""Remind once of a conversation that waits for an answer."""

from __future__ import annotations

from flows.messages import _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow


@flow(title=_("Something waits for you"), knows=("busy_with",), loose=True)
async def still_open(talk: Talk) -> Done:
    """Offer to go on, or to let it go. Nobody has to."""
    what = talk.facts.busy_with
    if what is None:
        return Done(then=Go("menu"))
    prompt = lines(
        _("You were busy with: {what}", what=what),
        _("I keep your answers for two more days. You do not have to finish."),
    )
    await talk.ask("on", prompt, Choice({"on": _("▶️ Go on")}))
    return Done(then=Go("resume"))
