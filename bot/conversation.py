"""One turn of one person: the steps an update leads to, and the messages that come of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import bot.meeting_changes
import bot.poll_changes
import bot.role_changes  # noqa: F401  their functions apply changes
from bot import changes, routing
from bot.i18n import Language
from bot.screens import Payload, answered, captioned, in_words, keyboard, question_texts, screen, split
from bot.store import deliveries, people, sessions
from bot.store.db import Row, Tx, is_trouble
from bot.store.deliveries import Ready
from bot.telegram.updates import Incoming, Tap
from flows.changes import EraseMe
from flows.engine import Need, Session, Turn, advance
from flows.events import Answered, Event, Looked, Refused, Started
from flows.messages import Msg, Text, _
from flows.questions import Answer, Option
from flows.talk import HEARD, SPEAK, Asked, Flow, Go, Look

if TYPE_CHECKING:
    from bot.turns import Turns

log = logging.getLogger(__name__)

MENU = ((Option("open", _("☰ Menu")),),)
OPEN = "~open"  # the key of a button that opens a flow
DANGER = "danger"  # the key under which a danger to life is found
TOUCHED = "~touched"  # begins a draft of boxes that were ticked: worth keeping, unlike a page that was turned
CHAIN = 6  # flows that may follow one another in one turn
LATER = {"where": "asked_place", "consents": "asked_consents"}  # questions of the welcome, asked once
LATER_AFTER = ("registered", "meetings", "consents", "where")


class SlowLook(Exception):
    """Something must be looked up outside the transaction; then the turn starts again."""

    def __init__(self, look: Look):
        super().__init__(look.what)
        self.look = look


@dataclass
class Conversation:
    """One turn of one person: the steps it leads to, and the messages that come of it."""

    turns: Turns
    tx: Tx
    person: Row
    incoming: Incoming | None
    now: int
    found: Mapping[str, str]
    ready: list[Ready] = field(default_factory=list)
    edit: int | None = None  # the tapped message, while it may still be edited in place
    tap: Tap | None = None
    typed: Answer | None = None  # words that were taken as an answer and may be a question
    farewell: int | None = None  # the chat to say goodbye to, once the person is erased

    @property
    def language(self) -> Language:
        """Give the person's language, or the phone's until they chose."""
        return self.turns.languages.of(self.person["language"], self.person["phone_language"])

    def take(self) -> list[Ready]:
        """Find what the update is about, take the step, and what follows from it."""
        assert self.incoming is not None
        step = routing.route(self.turns, self.tx, self.person, self.incoming.what, self.now, self.found.get(DANGER, ""))
        if step is None:
            return self.ready
        if isinstance(self.incoming.what, Tap):
            self.tap = self.incoming.what
        if isinstance(step, Go):
            self.follow(step)
        else:
            self.step(step.flow, step.session, step.event, notice=step.notice)
        return self.ready

    def follow(self, go: Go, depth: int = 0) -> None:
        """Start a flow, or go on with one that waits (`resume`)."""
        if depth > CHAIN:
            raise RecursionError(f"more than {CHAIN} flows in one turn, the last is {go.flow}")
        if go.flow == "resume":
            kept = sessions.latest(self.tx, self.turns.vault, self.person["id"], self.turns.kept)
            session = kept.session if kept and kept.session.flow in self.turns.flows else Session("menu")
        else:
            session = self._begin(go)
        notice = (go.say,) if go.say else ()
        self.step(self.turns.flows[session.flow], session, Started(), notice=notice, depth=depth)

    def _begin(self, go: Go) -> Session:
        """Start a session with the words it goes on with, and the language in which it answers them."""
        journal = {HEARD: Answer(text=go.heard)} if go.heard else {}
        if go.speak:
            journal[SPEAK] = Answer(text=go.speak, file=self.person["language"])
        return Session(go.flow, go.subject, journal)

    def step(
        self, flow: Flow, session: Session, event: Event, *, notice: tuple[Text, ...] = (), depth: int = 0
    ) -> None:
        """Advance one flow by one event: keep its session, apply its changes, say what it says, go where it goes."""
        turn = self._advance(flow, session, event)
        if turn.repeated:
            return
        turn = self._maybe_question(flow, turn, event)
        self._keep(flow, session, turn)
        mark = self._mark_tap(flow, turn) if self.tap and depth == 0 else None
        self._say(turn, notice)
        if mark:
            self._queue(mark)
        if turn.then:
            spoken = session.journal.get(SPEAK)
            self.follow(
                turn.then if turn.then.speak or spoken is None else replace(turn.then, speak=spoken.text), depth + 1
            )
        elif turn.session is None and self.farewell is None:
            self._afterwards(flow, turn, depth)

    def _maybe_question(self, flow: Flow, turn: Turn, event: Event) -> Turn:
        """Where typed words that look like a question were taken as an answer, offer to treat them as a question."""
        if isinstance(event, Answered):
            text = event.answer.text or ""
            self.typed = Answer(text=text, file=turn.answered.question.key if turn.answered else None)
            asked = turn.answered.question if turn.answered else turn.question  # what was refused is asked again
            if not routing.is_question(text) or routing.wants_question(asked):
                self.typed = None
        if self.typed is None or turn.session is None or turn.question is None or flow.loose:
            return turn
        journal = {**turn.session.journal, routing.TYPED: self.typed}
        rows = (*turn.rows, (Option(routing.QUESTION, _("❓ This was a question")),))
        return replace(turn, session=replace(turn.session, journal=journal), rows=rows)

    def _resume(self, flow: Flow, session: Session, notice: Msg, depth: int) -> None:
        """Go on with a conversation that waited. One that is broken is closed: it must not take the finished one along."""
        before = len(self.ready)
        self.tx.run("SAVEPOINT resume")
        try:
            self.step(flow, session, Started(), notice=(notice,), depth=depth)
        except Exception as error:
            if is_trouble(error) or isinstance(error, SlowLook):
                raise
            log.exception("a conversation that waited is broken (%s); closed", type(error).__name__)
            self.tx.run("ROLLBACK TO SAVEPOINT resume")
            del self.ready[before:]
            sessions.close(self.tx, self.person["id"], session)
        self.tx.run("RELEASE SAVEPOINT resume")

    def preview(self, flow: Flow, subject: str) -> list[Payload]:
        """Render the first screen of a flow without taking a step."""
        turn = self._advance(flow, Session(flow.name, subject), Started())
        texts, files = split(turn.say)
        files = in_words(self.language, files)
        return captioned(self._screen(turn, texts), files) if texts or turn.question else []

    def _advance(self, flow: Flow, session: Session, event: Event) -> Turn:
        """Advance, answering looks, and applying changes until none is refused."""
        answered: Asked | None = None
        taken_back = False
        for _attempt in range(8):
            facts = self.turns.loader.load(self.tx, flow, session.subject, self.person, self.now)
            result = advance(flow, session, event, facts)
            if isinstance(result, Need):
                looked = self._look(result.look)
                session, event = self._journal(flow, session, looked, event, result.look)
                continue
            refused = self._apply(result)
            if refused is None:
                if taken_back:  # the refused answer is not marked: its message becomes the question again
                    return replace(result, moved=True)
                return result if answered is None else replace(result, answered=answered)
            answered = result.answered
            if refused.keys == ("*",):  # ask again what led here; where no answer did, only say why
                if answered is None:
                    return Turn(None, (refused.why,))
                refused.keys = (answered.question.key,)
            if answered and answered.question.key in refused.keys:
                answered, taken_back = None, True
            session = self._answered_session(flow, session, result)
            event = Refused(refused.keys, refused.why)
        raise RecursionError(f"{flow.name} does not come to an end")

    def _journal(self, flow: Flow, session: Session, looked: Looked, event: Event, look: Look) -> tuple[Session, Event]:
        """Keep what was looked up, and the answer that led to it."""
        journal = {**session.journal, f"?{look.key}": routing.as_answer(looked)}
        return Session(session.flow, session.subject, journal, session.drafts), event

    def _answered_session(self, flow: Flow, session: Session, turn: Turn) -> Session:
        """Give the session with the last answer in it, so that a refusal can take back just what it names."""
        if turn.answered is None:
            return session
        journal = {**session.journal, turn.answered.question.key: turn.answered.answer}
        return Session(session.flow, session.subject, journal, {})

    def _look(self, look: Look) -> Looked:
        if look.what in self.turns.slow:
            if look.inputs not in self.found:
                raise SlowLook(look)
            return Looked(look.key, self.found[look.inputs], look.inputs)
        return Looked(look.key, self.turns.looks[look.what](look.inputs), look.inputs)

    def _apply(self, turn: Turn) -> changes.RefusedChange | None:
        """Apply all changes of a turn, or none; give the refusal."""
        if not turn.changes:
            return None
        at = changes.At(self.tx, self.turns.vault, self.person, self.now, self.turns.loader.hours, self.turns.kept)
        self.tx.run("SAVEPOINT changes")
        try:
            for change in turn.changes:
                changes.apply(change, at)
        except changes.RefusedChange as refused:
            self.tx.run("ROLLBACK TO SAVEPOINT changes")
            self.tx.run("RELEASE SAVEPOINT changes")
            return refused
        self.tx.run("RELEASE SAVEPOINT changes")
        if any(isinstance(change, EraseMe) for change in turn.changes) and self.incoming:
            self.farewell = self.incoming.chat_id
        else:
            self.person = people.get(self.tx, self.person["id"]) or self.person
        return None

    def _keep(self, flow: Flow, before: Session, turn: Turn) -> None:
        """Store or forget the session. A loose flow is stored only once it holds an answer."""
        if self.farewell is not None:
            return
        if turn.session is None:
            if not flow.loose or before.journal:
                sessions.close(self.tx, self.person["id"], before)
            return
        answers = any(key == HEARD or not key.startswith("?") for key in turn.session.journal)
        ticked = any(TOUCHED in draft for draft in turn.session.drafts.values())
        if flow.loose and not answers and not ticked:
            return
        id = sessions.save(self.tx, self.turns.vault, self.person["id"], turn.session, self.now)
        if self.person["focus"] != id and not flow.loose:
            sessions.focus(self.tx, self.person["id"], id)

    def _mark_tap(self, flow: Flow, turn: Turn) -> Payload | None:
        """Keep the tapped message to be edited in place, or give the edit that shows on it what was chosen. What is tapped
        in a secret flow is written down nowhere else."""
        assert self.tap is not None
        tap, asked = self.tap, turn.answered
        once = asked is not None or tap.option == "~cancel" or turn.once
        if once and self.farewell is None and not flow.secret:
            sessions.mark_answered(self.tx, tap.token, tap.option)
        if tap.message_id is None or turn.stale:
            return None
        if turn.redraw or turn.moved or (asked and asked.question.in_place):
            self.edit = None if tap.captioned else tap.message_id
            return None
        if asked is None:
            return None
        mark = answered(self.language, asked, tap.message_id, tap.token)
        return {**mark, "kind": "caption"} if tap.captioned else mark

    def _say(self, turn: Turn, notice: tuple[Text, ...]) -> None:
        texts, files = split((*notice, *turn.say))
        files = in_words(self.language, files)
        shown = captioned(self._screen(turn, texts), files) if texts or turn.question else files
        for payload in shown:
            self._queue(payload)

    def _screen(self, turn: Turn, texts: list[Text]) -> Payload:
        """Make the message of a turn: its question with buttons, or its last words with the way to the menu."""
        language = self.turns.languages.of(turn.language) if turn.language else self.language
        edit, self.edit = self.edit, None
        if self.farewell is not None:
            return screen(language, texts, [], edit)
        if turn.question and turn.session:
            token = self._token(turn, turn.session, turn.question.key)
            return screen(language, question_texts(turn, texts), keyboard(language, turn.rows, token), edit)
        if turn.then:
            return screen(language, texts, [], edit)
        token = sessions.new_token(self.tx, self.person["id"], Session("menu"), OPEN, self.now)
        return screen(language, texts, keyboard(language, MENU, token), edit)

    def _token(self, turn: Turn, session: Session, key: str) -> str:
        if turn.redraw and self.tap:
            return self.tap.token
        return sessions.new_token(self.tx, self.person["id"], session, key, self.now)

    def _queue(self, payload: Payload) -> None:
        if self.farewell is not None:
            deliveries.queue_to_chat(self.tx, self.turns.vault, self.farewell, payload, self.now)
            return
        chat = self.incoming.chat_id if self.incoming else people.chat_of(self.turns.vault, self.person["chat_sealed"])
        self.ready.append(deliveries.queue_reply(self.tx, self.turns.vault, self.person["id"], chat, payload, self.now))

    def _afterwards(self, flow: Flow, turn: Turn, depth: int) -> None:
        """After the end: go on with what waited, or ask a newcomer by link one of the questions left over."""
        if not flow.loose:
            kept = sessions.latest(self.tx, self.turns.vault, self.person["id"], self.turns.kept)
            sessions.focus(self.tx, self.person["id"], kept.id if kept else None)
            if kept and kept.session.flow in self.turns.flows:
                waiting = self.turns.flows[kept.session.flow]
                notice = _("We go on with: {what}", what=waiting.title)
                self._resume(waiting, kept.session, notice, depth + 1)
                return
        if flow.name in LATER:
            self._was_asked(flow.name)
        left = flow.name in LATER and not turn.changes
        if flow.name in LATER_AFTER and self.person["welcomed"] and not left:
            for later, asked in LATER.items():
                if not self.person[asked]:
                    self._was_asked(later)
                    self.follow(Go(later, "later"), depth + 1)
                    return

    def _was_asked(self, flow: str) -> None:
        """Remember that a question of the welcome was put, whatever came of it: it is not put a second time."""
        self.tx.run(f"UPDATE person SET {LATER[flow]} = 1 WHERE id = :id", id=self.person["id"])
        self.person = people.get(self.tx, self.person["id"]) or self.person
