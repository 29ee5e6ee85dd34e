"""Stop or pause all messages, and start again: one tap each way."""

from __future__ import annotations

from flows.changes import GoQuiet, Speak
from flows.messages import Day, _, lines
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow

PAUSE_DAYS = 30


@flow(command="stop", title=_("Stop all messages"), loose=True)
async def stop(talk: Talk) -> Done:
    """Stop at once; what to do about it comes after."""
    return Done(GoQuiet("stopped"), then=Go("quiet"))


@flow(command="pauze", title=_("Pause messages"), loose=True)
async def pause(talk: Talk) -> Done:
    """Pause at once, for a month."""
    return Done(GoQuiet("paused", PAUSE_DAYS), then=Go("quiet"))


@flow(title=_("Messages are off"), loose=True)
async def quiet(talk: Talk) -> Done:
    """Say what is quiet now, and offer the way back."""
    person = talk.facts.person
    if person.quiet == "paused" and person.quiet_until:
        said = _("🔕 Pause until {day}. I write no news or polls until then.", day=Day(person.quiet_until.date()))
        still = _("I still remind you of meetings that you signed up for.")
        choices = {"speak": _("🔔 Messages on again"), "stop": _("✋ Stop everything"), "menu": _("☰ Menu")}
    elif person.quiet == "stopped":
        said = _("🔕 It is quiet now. I will not write to you first any more.")
        still = _("Only if something changes with a meeting that you signed up for, I still tell you.")
        choices = {"speak": _("🔔 Messages on again"), "erase": _("🗑️ Erase my data"), "menu": _("☰ Menu")}
    else:
        said = _("🔔 Messages are on.")
        still = _("You get what you chose in “Which messages I get”.")
        choices = {"pause": _("⏸️ Pause for a month"), "stop": _("✋ Stop everything"), "menu": _("☰ Menu")}
    what = await talk.ask("what", lines(said, still), Choice(choices), in_place=True)
    if what == "speak":
        return Done(Speak(), then=Go("quiet"))
    return Done(then=Go({"erase": "erase_me"}.get(what, what)))
