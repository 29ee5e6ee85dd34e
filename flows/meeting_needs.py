"""Ask what someone needs to be able to come."""

from __future__ import annotations

from flows.facts import Meeting
from flows.meeting_texts import INTERPRETERS, NEEDS
from flows.messages import _, lines
from flows.questions import Choice, Number, Several, YesNo
from flows.talk import Talk

MAX_COMPANIONS = 4


async def ask_needs(talk: Talk, meeting: Meeting) -> tuple[tuple[str, ...], str | None]:
    """Give what is needed to be able to come, and the interpreter's language."""
    mine = meeting.mine
    needs = await talk.ask(
        "needs",
        lines(
            _("Do you need something to be able to come?"), _("Tap what you need. Nothing? Then tap “I need nothing”.")
        ),
        Several(NEEDS, ticked=mine.needs if mine else (), nothing=_("I need nothing")),
        label=_("What I need"),
    )
    if "interpreter" not in needs:
        return needs, None
    own = talk.facts.person.language
    codes = sorted(INTERPRETERS, key=lambda code: code != own)
    choices = {code: INTERPRETERS[code] for code in codes}
    language = await talk.ask(
        "interpreter",
        _("An interpreter for which language?"),
        Choice(choices, columns=2),
        label=_("Interpreter"),
    )
    return needs, language


async def ask_companions(talk: Talk) -> int:
    """Ask how many come along."""
    return await talk.ask(
        "companions",
        lines(_("How many people come along with you?"), _("Do not count yourself.")),
        Number(0, MAX_COMPANIONS),
        label=_("How many come along"),
    )


async def ask_reminders(talk: Talk) -> bool:
    """Ask whether to remind."""
    return await talk.ask(
        "reminders",
        lines(_("May I remind you?"), _("I write two times: three days before, and just before.")),
        YesNo(),
        label=_("Reminders"),
    )
