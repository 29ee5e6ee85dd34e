"""What the bot tells those who run it."""

from __future__ import annotations

from flows.messages import Msg, Name, _
from flows.talk import Done, Talk, flow

ALARMS: dict[str, Msg] = {
    "second-instance": _("⚠️ Another copy of this bot is running with the same token. Please stop one of them."),
    "failed": _("⚠️ A message of a tenant failed three times. The tenant was told. See the inbox export."),
    "quarantined": _("⚠️ A message could not be read and was set apart for seven days. See the inbox export."),
    "token": _("⚠️ Telegram refuses the token of this bot. Nothing can be sent or received."),
}


@flow(title=_("An alarm"), loose=True)
async def alarm(talk: Talk) -> Done:
    """Tell what is wrong; the subject is the kind of alarm and when it happened."""
    kind = talk.subject.split(":")[0]
    return Done(say=ALARMS.get(kind, _("⚠️ Something is wrong: {what}.", what=Name(kind))))


@flow(title=_("Sorry"), loose=True)
async def sorry(talk: Talk) -> Done:
    """Apologise for what failed."""
    return Done(say=_("I am sorry, something went wrong on our side. We know about it. Please try again."))
