"""Answer a question of a poll in writing: in one's own words, or with a number."""

from __future__ import annotations

from flows.messages import Lines, Text, Told, _, lines
from flows.poll import NO_CHANGE, keep
from flows.poll_changes import Cast
from flows.poll_facts import SKIP, Poll, PollQuestion
from flows.poll_kinds import RATHER_NOT, TypedNumber
from flows.poll_steps import Step, answered, onward, step_of, typed
from flows.poll_texts import no_answer, place, texts_of, untranslated, whose
from flows.questions import Skippable, Words
from flows.talk import Done, Go, Talk, flow

LONGEST = 500


@flow(title=_("Your answer to a poll"), knows=("poll",), secret=True)
async def poll_write(talk: Talk) -> Done:
    """Take the written answer to the question that the subject names (`id:member:question`)."""
    found, step = talk.facts.poll, step_of(talk.subject)
    question = found.question(step.question) if found else None
    if found is None or question is None or not typed(question) or closed(talk, found, step):
        return Done(then=Go("poll", step.subject if found and question else step.to().subject))
    if found.content.secret and question.id in answered(found, step):
        return Done(say=NO_CHANGE, then=onward(found, step))
    cast = await write(talk, found, step, question)
    same = cast.text is None and answered(found, step).get(question.id) == cast.chosen
    return Done(then=onward(found, step)) if same else keep(found, step, cast)


def closed(talk: Talk, found: Poll, step: Step) -> bool:
    """Tell whether the poll takes no answer from this person."""
    return not step.trial and no_answer(found, talk.facts.now) is not None


async def write(talk: Talk, found: Poll, step: Step, question: PollQuestion) -> Cast:
    """Ask for words or a number, and give what is to be kept."""
    key, asked = f"q-{question.id}", wanted(talk, found, step, question)
    if question.kind == "number":
        number = await talk.ask(key, asked, Skippable(TypedNumber(question.low, question.high), skip=RATHER_NOT))
        chosen = SKIP if number is None else str(number)
        return Cast(found.id, question.id, (chosen,), None, step.number)
    text = await talk.ask(key, asked, Skippable(Words(LONGEST, question=True), skip=RATHER_NOT))
    return Cast(found.id, question.id, (SKIP,) if text is None else (), text, step.number)


def wanted(talk: Talk, found: Poll, step: Step, question: PollQuestion) -> Lines:
    """Say what to write, and what better not."""
    how: Text = _("Write your answer below, in your own words. Please write no names or addresses.")
    if question.kind == "number":
        how = _("Write a number from {low} to {high}.", low=question.low, high=question.high)
    return lines(
        *whose(step),
        place(found, question),
        untranslated(talk.facts, *texts_of(question)),
        _("<b>{title}</b>", title=Told(question.text)),
        how,
        _("You answered this before. What you write now takes its place.")
        if question.id in answered(found, step)
        else None,
    )
