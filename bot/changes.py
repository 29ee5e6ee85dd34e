"""Apply what a finished flow asked for, in the turn's transaction: one short function for each change."""

from __future__ import annotations

from functools import singledispatch

from bot.store import people, registrations, reminders
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


@singledispatch
def apply(change: Change, tx: Tx, person: Row, now: int) -> None:
    """Apply one change for one person at a moment. Raises RefusedChange."""
    raise TypeError(f"no function applies the change {type(change).__name__}")


@apply.register
def _set_language(change: changes.SetLanguage, tx: Tx, person: Row, now: int) -> None:
    tx.run("UPDATE person SET language = :language WHERE id = :id", language=change.language, id=person["id"])


@apply.register
def _welcome(change: changes.Welcome, tx: Tx, person: Row, now: int) -> None:
    tx.run("UPDATE person SET welcomed = 1 WHERE id = :id", id=person["id"])


@apply.register
def _set_place(change: changes.SetPlace, tx: Tx, person: Row, now: int) -> None:
    tx.run(
        "UPDATE person SET postcode = :postcode, municipality = :municipality, province = :province,"
        " landlord = :landlord, block = :block, asked_place = 1 WHERE id = :id",
        postcode=change.postcode,
        municipality=change.municipality,
        province=change.province,
        landlord=change.landlord,
        block=change.block,
        id=person["id"],
    )


@apply.register
def _set_consents(change: changes.SetConsents, tx: Tx, person: Row, now: int) -> None:
    row = people.get(tx, person["id"])
    assert row is not None
    people.set_consents(tx, row["id"], change.purposes, language=row["language"] or row["phone_language"], now=now)


@apply.register
def _register(change: changes.Register, tx: Tx, person: Row, now: int) -> None:
    wish = Wish(change.needs, change.interpreter, change.companions, change.reminders)
    try:
        registrations.register(tx, change.meeting, person["id"], wish, now)
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
def _cancel(change: changes.Cancel, tx: Tx, person: Row, now: int) -> None:
    registrations.cancel(tx, change.meeting, person["id"], now)


@apply.register
def _take_offer(change: changes.TakeOffer, tx: Tx, person: Row, now: int) -> None:
    try:
        registrations.take_offer(tx, change.meeting, person["id"], now)
    except (registrations.NotYours, registrations.Closed) as gone:
        raise RefusedChange(
            ("take", "what"), _("That place has gone to the next person. You keep your place in line.")
        ) from gone


@apply.register
def _set_reminders(change: changes.SetReminders, tx: Tx, person: Row, now: int) -> None:
    if not change.on:
        reminders.drop_queued(tx, person["id"], change.meeting)
    if change.meeting is None:
        tx.run("UPDATE person SET reminders = :on WHERE id = :id", on=int(change.on), id=person["id"])
        return
    tx.run(
        "UPDATE registration SET reminders = :on WHERE meeting = :meeting AND person = :id",
        on=int(change.on),
        meeting=change.meeting,
        id=person["id"],
    )


@apply.register
def _go_quiet(change: changes.GoQuiet, tx: Tx, person: Row, now: int) -> None:
    until = now + change.days * DAY_MS if change.days else None
    tx.run(
        "UPDATE person SET quiet = :how, quiet_until = :until WHERE id = :id",
        how=change.how,
        until=until,
        id=person["id"],
    )


@apply.register
def _speak(change: changes.Speak, tx: Tx, person: Row, now: int) -> None:
    tx.run("UPDATE person SET quiet = '', quiet_until = NULL WHERE id = :id", id=person["id"])
    tx.run(
        "UPDATE delivery SET not_before = :now WHERE person = :id AND state = 'held' AND reason = 'paused'",
        now=now,
        id=person["id"],
    )


@apply.register
def _erase_me(change: changes.EraseMe, tx: Tx, person: Row, now: int) -> None:
    registrations.leave_all(tx, person["id"], now)
    people.erase(tx, person["id"], now)
