"""Advance a conversation by one event. Pure: the same session, event and facts give the same turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flows.events import Answered, Event, Looked, Refused, Tapped
from flows.facts import Facts
from flows.messages import Msg, Text, _
from flows.questions import Answer, Confirm, Draft, Invalid, Option, Reader, Rows
from flows.talk import Again, Asked, Change, Done, Flow, FlowError, Go, Look, Question, Shown, Talk

CANCELLED = _("Stopped. Nothing was changed.")
PASSED = _("You have answered that already. We are here now:")
CHANGE: Draft = ("~change",)  # the answers are listed, to choose one to change


@dataclass(frozen=True)
class Session:
    """All that must survive a crash: which flow, about what, and what was answered, by key."""

    flow: str
    subject: str = ""
    journal: Mapping[str, Answer] = field(default_factory=dict)
    drafts: Mapping[str, Draft] = field(default_factory=dict)


@dataclass(frozen=True)
class Need:
    """Something must be looked up before the turn can be taken."""

    look: Look


@dataclass(frozen=True)
class Turn:
    """What one event led to. `session` is None once the flow is over.

    `answered` is the question that got its answer (its buttons go); `redraw` asks to edit the tapped message in
    place, `moved` too, but for another question (back, or an answer to change); `repeated` marks a second tap on the
    same answer, to which nothing needs to be said.
    """

    session: Session | None
    say: tuple[Shown, ...] = ()
    question: Question | None = None
    rows: Rows = ()
    changes: tuple[Change, ...] = ()
    then: Go | None = None
    answered: Asked | None = None
    language: str | None = None
    redraw: bool = False
    moved: bool = False
    repeated: bool = False
    stale: bool = False
    stay: bool = False
    once: bool = False


@dataclass
class _Replay:
    talk: Talk
    outcome: Question | Done | Look
    journal: dict[str, Answer]


def advance(flow: Flow, session: Session, event: Event, facts: Facts) -> Turn | Need:
    """Take one step. Gives the turn, or what must be looked up first (answer with Looked, then take it again)."""
    if isinstance(event, Looked):
        kept = Answer(text=event.found, file=event.inputs)
        session = replace(session, journal={**session.journal, f"?{event.key}": kept})
        return _arrive(flow, session, _replay(flow, session, facts))
    if isinstance(event, Refused):
        journal = {key: answer for key, answer in session.journal.items() if key not in event.keys}
        session = replace(session, journal=journal, drafts={})
        return _arrive(flow, session, _replay(flow, session, facts), notice=(event.why,))

    before = _replay(flow, session, facts)
    if isinstance(before.outcome, Look):
        return Need(before.outcome)
    if isinstance(event, Tapped):
        return _tapped(flow, session, before, event, facts)
    if isinstance(event, Answered) and isinstance(before.outcome, Question):
        return _answered(flow, session, before, event.answer, facts)
    return _arrive(flow, session, before)


def standing(flow: Flow, session: Session, facts: Facts) -> Question | None:
    """Give the question that waits for an answer, if one does."""
    outcome = _replay(flow, session, facts).outcome
    return outcome if isinstance(outcome, Question) else None


def _tapped(flow: Flow, session: Session, before: _Replay, event: Tapped, facts: Facts) -> Turn | Need:
    question = before.outcome
    if not isinstance(question, Question) or event.key != question.key:
        return _stale(flow, session, before, event)
    if event.option == "~cancel":
        return Turn(None, (CANCELLED,), moved=True)
    if event.option == "~back":
        if session.drafts.get(question.key) == CHANGE:
            return _redrawn(flow, session, before, question, ())
        return _back(flow, session, before, facts)
    if event.option == "~change" and isinstance(question.kind, Confirm):
        return _redrawn(flow, session, before, question, CHANGE)
    if event.option.startswith("~edit-"):
        return _edit(flow, session, before, event.option.removeprefix("~edit-"), facts)
    draft = session.drafts.get(question.key, ())
    try:
        led = question.kind.tap(event.option, draft)
    except Invalid as invalid:
        return _arrive(flow, session, before, notice=(invalid.why,))
    if isinstance(led, Answer):
        return _answered(flow, session, before, led, facts)
    return _redrawn(flow, session, before, question, led)


def _answered(flow: Flow, session: Session, before: _Replay, answer: Answer, facts: Facts) -> Turn | Need:
    question = before.outcome
    assert isinstance(question, Question)
    try:
        question.kind.read(answer)
    except Invalid as invalid:
        return _arrive(flow, session, before, notice=(invalid.why,))
    drafts = {key: draft for key, draft in session.drafts.items() if key != question.key}
    after = replace(session, journal={**session.journal, question.key: answer}, drafts=drafts)
    turn = _arrive(flow, after, _replay(flow, after, facts))
    if isinstance(turn, Need):
        return turn
    if turn.stay:  # a door: what stood there stands as it was
        return replace(turn, session=session)
    return replace(turn, answered=Asked(question, tuple(before.talk.said), answer))


def _back(flow: Flow, session: Session, before: _Replay, facts: Facts) -> Turn | Need:
    if not before.talk.path:
        return _arrive(flow, session, before)
    return _edit(flow, session, before, before.talk.path[-1].question.key, facts)


def _edit(flow: Flow, session: Session, before: _Replay, key: str, facts: Facts) -> Turn | Need:
    journal = {kept: answer for kept, answer in session.journal.items() if kept != key}
    session = replace(session, journal=journal, drafts={})
    turn = _arrive(flow, session, _replay(flow, session, facts))
    return turn if isinstance(turn, Need) else replace(turn, moved=True)


def _stale(flow: Flow, session: Session, before: _Replay, event: Tapped) -> Turn | Need:
    """A button of a question that has passed: a second tap is silent, another answer is told where we are."""
    for asked in before.talk.path:
        if asked.question.key == event.key and event.option in (*asked.answer.chosen, "~ready"):
            return Turn(session, repeated=True, stale=True)
    passed = (PASSED,) if isinstance(before.outcome, Question) else ()
    turn = _arrive(flow, session, before, notice=passed)
    return turn if isinstance(turn, Need) else replace(turn, stale=True)


def _redrawn(flow: Flow, session: Session, before: _Replay, question: Question, draft: Draft) -> Turn:
    session = replace(session, drafts={**session.drafts, question.key: draft})
    rows = _rows(flow, question, before.talk, draft)
    question = _turned(question, draft)
    return Turn(session, tuple(before.talk.said), question, rows, language=before.talk.language, redraw=True)


def _arrive(flow: Flow, session: Session, replay: _Replay, notice: tuple[Msg, ...] = ()) -> Turn | Need:
    """Turn what the replay reached into a turn."""
    talk, outcome = replay.talk, replay.outcome
    if isinstance(outcome, Look):
        return Need(outcome)
    if isinstance(outcome, Done):
        said = (*notice, *talk.said, *outcome.shown)
        turn = Turn(None, said, changes=outcome.changes, then=outcome.then, language=talk.language)
        return replace(turn, stay=outcome.stay, once=outcome.once)
    session = replace(session, journal=replay.journal)
    draft = session.drafts.get(outcome.key, ())
    rows = _rows(flow, outcome, talk, draft)
    return Turn(session, (*notice, *talk.said), _turned(outcome, draft), rows, language=talk.language)


def _turned(question: Question, draft: Draft) -> Question:
    """Give the question with the page that was turned to."""
    return replace(question, prompt=question.kind.text(draft)) if isinstance(question.kind, Reader) else question


def _rows(flow: Flow, question: Question, talk: Talk, draft: Draft) -> Rows:
    """Give the question's own buttons, or the list of answers to change, and the ways back and out."""
    if draft == CHANGE and isinstance(question.kind, Confirm):
        rows: Rows = tuple(
            (Option(f"~edit-{asked.question.key}", asked.question.label),)
            for asked in talk.path
            if asked.question.label is not None
        )
    else:
        rows = question.kind.rows(draft)
    back = (Option("~back", _("◀️ Back")),) if talk.path else ()
    leave = () if flow.loose or flow.open else (Option("~cancel", _("✖️ Not now")),)
    return (*rows, back + leave) if back or leave else rows


def _replay(flow: Flow, session: Session, facts: Facts) -> _Replay:
    """Run the flow from the top to its first question without a readable answer, or to its end."""
    journal, notice = dict(session.journal), list[Shown]()
    for _attempt in range(8):
        talk = Talk(facts, session.subject, journal)
        try:
            outcome = _run(flow, talk)
        except Again as again:
            journal.pop(again.key, None)
            notice = [again.why]
            continue
        talk.said[:0] = notice
        return _Replay(talk, outcome, journal)
    raise FlowError(f"{flow.name} takes answers back without end")


def _run(flow: Flow, talk: Talk) -> Question | Done | Look:
    coroutine = flow.body(talk)
    try:
        waiting = coroutine.send(None)
    except StopIteration as stop:
        assert isinstance(stop.value, Done)
        return stop.value
    finally:
        coroutine.close()
    if not isinstance(waiting, Question | Look):
        raise FlowError(f"{flow.name} awaited {waiting!r}; a flow may only await questions and looks")
    return waiting


def chosen(asked: Asked) -> tuple[Text, ...]:
    """Give the labels of what was chosen, to mark them on the question."""
    if asked.answer.text is not None:
        return ()
    labels = {option.id: option.label for row in asked.question.kind.rows(asked.answer.chosen) for option in row}
    ids = ("~ready" if id == "~none" else id for id in asked.answer.chosen)  # no box: the button said "nothing"
    return tuple(labels[id] for id in ids if id in labels)
