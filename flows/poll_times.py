"""When a poll starts and until when people can answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from flows.dates import Date
from flows.drafting import MAKING, editable, next_step
from flows.messages import Moment, _, lines
from flows.poll_changes import SavePoll
from flows.questions import Skippable
from flows.talk import Done, Go, Talk, flow

EVENING, MORNING = time(20), time(10)
LONGEST = 90  # days that a poll may last
SOON = ((3, _("3 days")), (7, _("A week")), (14, _("Two weeks")), (30, _("A month")))


@flow(title=_("Until when people can answer"), knows=("scopes", "draft"))
async def poll_until(talk: Talk) -> Done:
    """Ask until when people can answer: a day, at eight in the evening. The subject ends with `new` while it is made."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    begins = max(talk.facts.now, found.content.opens or talk.facts.now).date()
    asked = lines(
        _("Until when can people answer? It closes at eight in the evening."),
        _("Tap one, or write a day. For example: 15/3."),
        _("Now: {when}", when=Moment(found.content.closes)) if found.content.closes else None,
    )
    day = await talk.ask("until", asked, Date(begins, last=LONGEST, soon=SOON))
    content = replace(found.content, closes=datetime.combine(day, EVENING))
    change = SavePoll(found.id, found.revision, content)
    made = talk.subject.endswith(f":{MAKING}")
    return Done(change, then=next_step(found.id, content) if made else Go("poll_parts", found.id))


@flow(title=_("When a poll starts"), knows=("scopes", "draft"))
async def poll_starts(talk: Talk) -> Done:
    """Ask when it goes out: at once after the release, or on a day at ten in the morning."""
    found = editable(talk)
    if isinstance(found, Done):
        return found
    asked = lines(
        _("When does it start?"),
        _("At once means: ten minutes after it is released. In those ten minutes you can stop it."),
        _("You can also write a day. Then it starts at ten in the morning. For example: 15/3."),
    )
    kind = Skippable(Date(talk.facts.now.date(), soon=((1, _("Tomorrow at 10:00")),)), skip=_("At once"))
    day = await talk.ask("start", asked, kind)
    opens = datetime.combine(day, MORNING) if day else None
    content = replace(found.content, opens=opens)
    if content.closes and opens and content.closes <= opens + timedelta(hours=1):
        content = replace(content, closes=None)
        said = _("It would close before it starts. Please choose again until when people can answer.")
        return Done(SavePoll(found.id, found.revision, content), then=Go("poll_until", found.id, say=said))
    return Done(SavePoll(found.id, found.revision, content), then=Go("draft", found.id))
