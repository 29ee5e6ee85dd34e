"""Choose another language."""

from __future__ import annotations

from flows.changes import SetLanguage
from flows.messages import _
from flows.talk import Done, Talk, flow
from flows.welcome import ask_language


@flow(command="taal", title=_("Language"))
async def language(talk: Talk) -> Done:
    """Ask which language to speak from now on."""
    chosen = await ask_language(talk, _("Which language do you read best?"))
    return Done(SetLanguage(chosen), say=_("Good. From now on I write in this language."))
