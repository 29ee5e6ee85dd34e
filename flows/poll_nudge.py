"""Remind, once, of a poll that is not finished."""

from __future__ import annotations

from flows.facts import Facts
from flows.messages import BLANK, Lines, Moment, Told, _, _n, lines
from flows.poll_facts import Poll
from flows.poll_steps import step_of
from flows.poll_texts import no_answer, why_this
from flows.questions import Choice
from flows.talk import Done, Go, Talk, flow


@flow(title=_("A poll waits for you"), knows=("poll", "this_month"), loose=True, secret=True)
async def poll_nudge(talk: Talk) -> Done:
    """Say what is left of a poll. Where nothing is left or it takes no answer, this says nothing itself."""
    found = talk.facts.poll
    if found is None or found.complete or no_answer(found, talk.facts.now):
        return Done(then=Go("poll", step_of(talk.subject).poll))
    choices = {
        "answer": _("▶️ Answer"),
        "no": _("Not this time"),
        "pause": _("🔕 Not now, pause messages"),
    }
    what = await talk.ask("what", reminder(talk.facts, found), Choice(choices), lasting=True)
    if what == "answer":
        return Done(stay=True, then=Go("poll", found.id))
    if what == "pause":
        return Done(stay=True, then=Go("pause"))
    return Done(say=_("That is fine. You do not have to."))


def reminder(facts: Facts, found: Poll) -> Lines:
    """Tell how much is left and until when, and why this message came."""
    title, begun = Told(found.content.title), len(found.left) < len(found.content.questions)
    closes = found.content.closes
    return lines(
        _("👋 You began “{title}”. Do you want to finish it?", title=title)
        if begun
        else _("👋 We would like to know what you think: “{title}”.", title=title),
        _n("One question is left.", "{n} questions are left.", n=len(found.left)),
        _("You can answer until {when}.", when=Moment(closes)) if closes else None,
        BLANK,
        why_this(facts),
    )
