"""Ask what someone needs to be able to come."""

from __future__ import annotations

from collections.abc import Mapping

from flows.facts import Meeting
from flows.meeting_texts import NEEDS
from flows.messages import Name, _, lines
from flows.questions import Choice, Number, Several, YesNo
from flows.talk import Talk

MAX_COMPANIONS = 4
INTERPRETER_LANGUAGES: Mapping[str, Name] = {
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


async def ask_needs(talk: Talk, meeting: Meeting) -> tuple[tuple[str, ...], str | None]:
    """Give what is needed to be able to come, and the interpreter's language."""
    mine = meeting.mine
    needs = await talk.ask(
        "needs",
        lines(_("Do you need something to be able to come?"), _("Tap what you need. Then tap “Ready”.")),
        Several(NEEDS, ticked=mine.needs if mine else (), nothing=_("I need nothing")),
        label=_("What I need"),
    )
    if "interpreter" not in needs:
        return needs, None
    own = talk.facts.person.language
    codes = sorted(INTERPRETER_LANGUAGES, key=lambda code: code != own)
    choices = {code: INTERPRETER_LANGUAGES[code] for code in codes}
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
