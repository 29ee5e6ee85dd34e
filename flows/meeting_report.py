"""Three lines on a meeting, to everyone who came."""

from __future__ import annotations

from flows.maker_kinds import Written
from flows.meeting_hub import organising
from flows.meeting_orders import SendReport
from flows.messages import BLANK, Lines, Moment, Text, Told, _, lines
from flows.organise_meeting import NO_ROLE
from flows.questions import Choice, Confirm
from flows.talk import Done, Go, Talk, flow

MOST = 200  # letters of a line


@flow(title=_("The report of a meeting"), knows=("organised",))
async def meeting_report(talk: Talk) -> Done:
    """Ask three short texts, show them, and send them to everyone who came."""
    one = organising(talk.facts, talk.subject)
    if one is None:
        return NO_ROLE
    if one.meeting.report:
        return Done(then=Go("meeting_hub", one.id, say=_("The report was sent already.")))
    if not one.meeting.over or one.meeting.cancelled:
        return Done(then=Go("meeting_hub", one.id, say=_("You can write the report when the meeting is over.")))
    first = lines(_("What was it about?"), _("Three short texts, in Dutch. This is the first. Write no names."))
    about = await talk.ask("about", first, Written(most=MOST), label=_("What it was about"))
    agreed = await talk.ask("agreed", _("What did you agree on?"), Written(most=MOST), label=_("What we agreed on"))
    next_ = await talk.ask("next", _("What happens next, and when?"), Written(most=MOST), label=_("What happens next"))
    report = (about, agreed, next_)
    talk.say(three(report))
    sure = Confirm(yes=_("📨 Yes, send it"), no=_("No, not now"))
    if not await talk.ask("sure", _("Shall I send this to everyone who came? That can be done once."), sure):
        return Done(say=_("Good. I sent nothing."), then=Go("meeting_hub", one.id))
    sent = _("📝 The report goes to everyone who came. Never at night or on Sunday.")
    return Done(SendReport(one.id, report), then=Go("meeting_hub", one.id, say=sent))


def three(report: tuple[str, ...]) -> Lines:
    """Show the three lines."""
    signs = (_("💬 {text}", text=told(part)) for part in report[:1])
    rest = (_("🤝 {text}", text=told(part)) for part in report[1:2])
    last = (_("➡️ {text}", text=told(part)) for part in report[2:3])
    return lines(*signs, *rest, *last)


def told(text: str) -> Told:
    """Give what an organiser wrote, which is Dutch."""
    return Told({"nl": text})


@flow(title=_("How a meeting went"), knows=("meetings",), loose=True)
async def meeting_report_told(talk: Talk) -> Done:
    """Tell who came how it went. There is nothing to tell before the report is there."""
    meeting = talk.facts.meeting(talk.subject)
    if meeting is None or not meeting.report:
        return Done(then=Go("meetings"))
    mark: Text | None = None
    if talk.facts.person.language not in (None, "nl"):
        mark = _("This is not translated into your language yet. Here it is in Dutch.")
    prompt = lines(
        _("📝 “{theme}”, {when}", theme=Told(meeting.theme), when=Moment(meeting.start)),
        mark,
        BLANK,
        three(meeting.report),
        BLANK,
        _("You get this because you had a place there."),
    )
    choices = Choice({"meetings": _("📅 Other meetings"), "ask-human": _("🙋 Ask a human")})
    where = await talk.ask("go", prompt, choices, lasting=True)
    return Done(then=Go(where.replace("-", "_")), stay=True)
