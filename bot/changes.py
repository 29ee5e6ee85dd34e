"""Apply what a finished flow asked for, in the turn's transaction: one short function for each change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from bot.clock import from_ms, to_ms
from bot.crypto import Vault
from bot.office import Hours
from bot.store import audit, ballots, handoffs, learning, people, registrations, reminders
from bot.store.db import Row, Tx
from bot.store.registrations import Wish
from flows import changes
from flows.messages import Msg, _, _n
from flows.talk import Change

DAY_MS = 24 * 3600 * 1000


class RefusedChange(Exception):
    """A change that cannot be: the answers to forget, and what to tell."""

    def __init__(self, keys: tuple[str, ...], why: Msg):
        super().__init__(why.id)
        self.keys, self.why = keys, why


@dataclass(frozen=True)
class At:
    """Where and for whom a change is applied: in this transaction, for this person, at this moment."""

    tx: Tx
    vault: Vault
    person: Row
    now: int
    hours: Hours
    kept: frozenset[str] = frozenset()  # the flows that one goes on with


@singledispatch
def apply(change: Change, at: At) -> None:
    """Apply one change. Raises RefusedChange."""
    raise TypeError(f"no function applies the change {type(change).__name__}")


@apply.register
def _set_language(change: changes.SetLanguage, at: At) -> None:
    at.tx.run("UPDATE person SET language = :language WHERE id = :id", language=change.language, id=at.person["id"])


@apply.register
def _welcome(change: changes.Welcome, at: At) -> None:
    at.tx.run("UPDATE person SET welcomed = 1 WHERE id = :id", id=at.person["id"])


@apply.register
def _set_place(change: changes.SetPlace, at: At) -> None:
    at.tx.run(
        "UPDATE person SET postcode = :postcode, municipality = :municipality, province = :province,"
        " landlord = :landlord, block = :block, asked_place = 1 WHERE id = :id",
        postcode=change.postcode,
        municipality=change.municipality,
        province=change.province,
        landlord=change.landlord,
        block=change.block,
        id=at.person["id"],
    )


@apply.register
def _set_consents(change: changes.SetConsents, at: At) -> None:
    row = people.get(at.tx, at.person["id"])
    assert row is not None
    people.set_consents(
        at.tx, row["id"], change.purposes, language=row["language"] or row["phone_language"], now=at.now
    )


@apply.register
def _register(change: changes.Register, at: At) -> None:
    wish = Wish(change.needs, change.interpreter, change.companions, change.reminders)
    try:
        registrations.register(at.tx, change.meeting, at.person["id"], wish, at.now)
    except registrations.Full as full:
        why = _n(
            "Only one place is left, and that is yours. Choose fewer people.",
            "Only {n} places are left, yours included. Choose fewer people.",
            n=full.left,
        )
        raise RefusedChange(("companions", "send"), why) from full
    except registrations.Closed as closed:
        raise RefusedChange(("meeting", "what", "send"), _("You can no longer sign up for this meeting.")) from closed


@apply.register
def _cancel(change: changes.Cancel, at: At) -> None:
    registrations.cancel(at.tx, change.meeting, at.person["id"], at.now)


@apply.register
def _take_offer(change: changes.TakeOffer, at: At) -> None:
    try:
        registrations.take_offer(at.tx, change.meeting, at.person["id"], at.now)
    except (registrations.NotYours, registrations.Closed) as gone:
        raise RefusedChange(
            ("take", "what"), _("That place has gone to the next person. You keep your place in line.")
        ) from gone


@apply.register
def _set_reminders(change: changes.SetReminders, at: At) -> None:
    if not change.on:
        reminders.drop_queued(at.tx, at.person["id"], change.meeting)
    if change.meeting is None:
        at.tx.run("UPDATE person SET reminders = :on WHERE id = :id", on=int(change.on), id=at.person["id"])
        return
    at.tx.run(
        "UPDATE registration SET reminders = :on WHERE meeting = :meeting AND person = :id",
        on=int(change.on),
        meeting=change.meeting,
        id=at.person["id"],
    )


@apply.register
def _go_quiet(change: changes.GoQuiet, at: At) -> None:
    until = at.now + change.days * DAY_MS if change.days else None
    at.tx.run(
        "UPDATE person SET quiet = :how, quiet_until = :until WHERE id = :id",
        how=change.how,
        until=until,
        id=at.person["id"],
    )


@apply.register
def _speak(change: changes.Speak, at: At) -> None:
    at.tx.run("UPDATE person SET quiet = '', quiet_until = NULL WHERE id = :id", id=at.person["id"])
    at.tx.run(
        "UPDATE delivery SET not_before = :now WHERE person = :id AND state = 'held' AND reason = 'paused'",
        now=at.now,
        id=at.person["id"],
    )


@apply.register
def _erase_me(change: changes.EraseMe, at: At) -> None:
    registrations.leave_all(at.tx, at.person["id"], at.now)
    ballots.erase(at.tx, at.vault, at.person["id"])
    people.erase(at.tx, at.person["id"], at.now)


@apply.register
def _answered(change: changes.Answered, at: At) -> None:
    _misunderstood(at, at.person["misunderstood"] if at.person["misunderstood"] % 2 == 0 else 0, answered=True)


@apply.register
def _not_understood(change: changes.NotUnderstood, at: At) -> None:
    """Count it, and keep the words for staff. Counts are doubled; an odd one has an answer since that nobody minded yet."""
    before = at.person["misunderstood"]
    fresh = change.why == "unanswered" and before % 2 == 1  # the answer in between was not minded
    _misunderstood(at, 2 if fresh else before // 2 * 2 + 2)
    if change.text:
        learning.add(at.tx, at.vault, change.text, change.language, change.why, change.topics, at.now)


def _misunderstood(at: At, count: int, *, answered: bool = False) -> None:
    value = min(count, 20) + int(answered)
    at.tx.run("UPDATE person SET misunderstood = :value WHERE id = :id", value=value, id=at.person["id"])


@apply.register
def _rate(change: changes.Rate, at: At) -> None:
    learning.rate(at.tx, change.topic, change.language, change.up)
    if change.up:
        _misunderstood(at, 0)


def _late(at: At) -> int:
    return to_ms(at.hours.answer_by(from_ms(at.now)))


def _closed(at: At) -> bool:
    return not at.hours.open_at(from_ms(at.now))


@apply.register
def _ask_human(change: changes.AskHuman, at: At) -> None:
    handoffs.open_one(
        at.tx, at.vault, at.person, change.topic, change.text, change.language, at.now, _late(at), closed=_closed(at)
    )
    _misunderstood(at, 0)


OVER = _("That talk is over. You can always ask something new: /menu.")


@apply.register
def _tell_human(change: changes.TellHuman, at: At) -> None:
    try:
        handoffs.write(
            at.tx, at.vault, change.handoff, at.person["id"], change.text, at.now, _late(at), closed=_closed(at)
        )
    except handoffs.NotYours as over:
        raise RefusedChange((), OVER) from over


@apply.register
def _close_handoff(change: changes.CloseHandoff, at: At) -> None:
    try:
        handoffs.close(at.tx, at.vault, change.handoff, at.person["id"], at.now, at.kept)
    except handoffs.NotYours as over:
        raise RefusedChange((), OVER) from over


def _staff(at: At) -> int:
    """Give the id of a staff member. Raises RefusedChange for anyone else: what a flow shows is no permission."""
    if not handoffs.is_staff(at.tx, at.person["id"]):
        raise RefusedChange((), _("That is for organisers and staff only."))
    return int(at.person["id"])


@apply.register
def _take_handoff(change: changes.TakeHandoff, at: At) -> None:
    handoffs.take(at.tx, change.handoff, _staff(at))


@apply.register
def _reply(change: changes.Reply, at: At) -> None:
    _to_tenant(at, change.handoff, change.text)


@apply.register
def _reply_article(change: changes.ReplyArticle, at: At) -> None:
    _to_tenant(at, change.handoff, change.topic, article=True)


def _to_tenant(at: At, handoff: int, text: str, *, article: bool = False) -> None:
    staff = _staff(at)
    try:
        handoffs.reply(at.tx, at.vault, handoff, staff, text, at.now, article=article)
    except handoffs.NotYours as over:
        raise RefusedChange(("sure",), _("That talk is closed.")) from over
    audit.note(at.tx, str(staff), "answer a tenant", f"handoff:{handoff}", at.now, text if article else "")


@apply.register
def _learn(change: changes.Learn, at: At) -> None:
    staff = _staff(at)
    if learning.settle(at.tx, at.vault, change.gap, change.how, change.topic):
        audit.note(at.tx, str(staff), f"teach: {change.how}", f"gap:{change.gap}", at.now, change.topic)
