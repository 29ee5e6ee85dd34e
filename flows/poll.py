"""Answer a poll: one question on a screen, one tap an answer, changed as often as one likes until it closes."""

from __future__ import annotations

from flows.messages import BLANK, Lines, Moment, Msg, Text, Told, _, lines
from flows.poll_changes import Cast
from flows.poll_facts import Poll, PollQuestion
from flows.poll_kinds import SeveralVotes, TooLate, Vote
from flows.poll_steps import Step, answered, onward, opening, step_of, typed
from flows.poll_texts import is_cut, labels, no_answer, prompt, reasons, unasked, whose
from flows.questions import Choice, Kind
from flows.talk import Done, Go, Talk, flow

COLUMNS = {"yesno": 2, "number": 5}
NO_CHANGE = _("You have answered this question. In this poll you cannot change an answer.")


@flow(title=_("A poll"), knows=("poll", "this_month"), loose=True, secret=True)
async def poll(talk: Talk) -> Done:
    """Ask the question that the subject names (`id`, `id:member`, `id:member:question`), or go to the first one left."""
    found, step = talk.facts.poll, step_of(talk.subject)
    if found is None or not found.content.questions:
        return Done(then=Go("menu", "unknown-link"))
    closed = None if step.trial else no_answer(found, talk.facts.now)
    if closed:
        return await too_late(talk, found, step, closed)
    question = found.question(step.question)
    if question:
        return await ask_question(talk, found, step, question)
    first = opening(found, step)
    return Done(then=first) if first else await all_answered(talk, found, step)


async def ask_question(talk: Talk, found: Poll, step: Step, question: PollQuestion) -> Done:
    """Ask one question. Its buttons stay until the poll closes."""
    doors = first_doors(talk, found, step) if question == found.content.questions[0] else {}
    kind = kind_of(found, step, question, doors)
    chosen = await talk.ask(f"q-{question.id}", prompt(talk.facts, found, step, question), kind, lasting=True)
    match chosen:
        case ("~more",):
            return Done(stay=True, say=lines(*reasons(found)))
        case ("~pause",):
            return pausing(step)
        case ("write",) if typed(question):
            return Done(stay=True, then=Go("poll_write", talk.subject))
        case _:
            return keep(found, step, Cast(found.id, question.id, chosen, None, step.number))


def kind_of(found: Poll, step: Step, question: PollQuestion, doors: dict[str, Text]) -> Kind[tuple[str, ...]]:
    """Give the buttons of a question, the earlier answer ticked."""
    ticked = answered(found, step).get(question.id, ())
    if typed(question):
        return Vote({"write": _("✍️ Write an answer")}, ticked, doors)
    if question.kind == "several":
        return SeveralVotes(labels(question), ticked, doors)
    return Vote(labels(question), ticked, doors, COLUMNS.get(question.kind, 1))


def first_doors(talk: Talk, found: Poll, step: Step) -> dict[str, Text]:
    """Give the buttons that only the first screen has. Their ids can be no option's."""
    doors: dict[str, Text] = {}
    if is_cut(found):
        doors["~more"] = _("ℹ️ Read it all")
    if unasked(talk.facts, found, step):
        doors["~pause"] = _("🔕 Not now, pause messages")
    return doors


def pausing(step: Step) -> Done:
    """Pause all messages, but not because of a test copy."""
    if step.trial:
        return Done(stay=True, say=_("This is a test copy. I changed nothing."))
    return Done(stay=True, then=Go("pause"))


def keep(found: Poll, step: Step, cast: Cast) -> Done:
    """Keep an answer and go on. The same answer again changes nothing; another one than before leads nowhere else."""
    before = answered(found, step)
    if cast.question not in before:
        return Done(*(() if step.trial else (cast,)), then=onward(found, step))
    if cast.text is None and set(cast.chosen) == set(before[cast.question]):
        return Done(stay=True)
    if found.content.secret:
        return Done(stay=True, say=NO_CHANGE)
    return Done(cast, say=changed(found))


def changed(found: Poll) -> Msg:
    """Say that the new answer counts."""
    closes = found.content.closes
    if closes is None:
        return _("Good. I changed your answer.")
    return _("Good. I changed your answer. You can change it until {when}.", when=Moment(closes))


async def too_late(talk: Talk, found: Poll, step: Step, why: Lines) -> Done:
    """Say why there is nothing to answer, also to someone who taps an old button, and show what came of it."""
    if found.news and not step.question:
        return Done(say=why, then=Go("poll_result", found.id))
    news = {"result": _("📊 The result")} if found.news else {}
    doors: dict[str, Text] = {**news, "menu": _("☰ Menu")}
    key = f"q-{step.question}" if step.question else "closed"  # the key of its buttons from when it was open
    where = await talk.ask(key, why, TooLate(doors))
    if where is None:
        return Done(stay=True, say=why, then=Go("poll_result", found.id) if found.news else None)
    return Done(then=Go("poll_result", found.id) if where == "result" else Go("menu"))


async def all_answered(talk: Talk, found: Poll, step: Step) -> Done:
    """Thank for the answers, and offer to change one or to let someone else at home answer."""
    choices: dict[str, Text] = {} if found.content.secret else {"change": _("✏️ Change an answer")}
    if step.number == 1:
        choices["other"] = (
            _("👥 Second person at home") if 2 in found.members else _("👥 Someone else here answers too")
        )
    choices["menu"] = _("☰ Menu")
    what = await talk.ask("all", thanks(found, step), Choice(choices), in_place=True)
    if what == "change":
        return await choose_one(talk, found, step)
    return Done(then=Go("poll", Step(found.id, "2").subject) if what == "other" else Go("menu"))


def thanks(found: Poll, step: Step) -> Lines:
    """Thank for a whole poll, and say what comes."""
    closes, secret = found.content.closes, found.content.secret
    return lines(
        *whose(step),
        _("✅ You answered everything in “{title}”. Thank you!", title=Told(found.content.title)),
        BLANK,
        _("You can change your answers until {when}.", when=Moment(closes)) if closes and not secret else None,
        _("After the poll I send you the result, and what is done with it."),
    )


async def choose_one(talk: Talk, found: Poll, step: Step) -> Done:
    """Ask which answer to change."""
    questions = {
        question.id: _("{n}. {question}", n=n, question=Told(question.text))
        for n, question in enumerate(found.content.questions, 1)
    }
    which = await talk.ask("which", _("Which answer do you want to change?"), Choice(questions), in_place=True)
    return Done(then=Go("poll", step.to(which).subject))
