"""Invitations to a meeting: who is asked, who must release it, and that nobody is invited twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.store import audience, broadcasts, deliveries, roles
from bot.store.audience import Counts
from bot.store.broadcasts import DELAY_MS, Order
from bot.store.db import Row, Tx
from flows.poll_facts import SECOND_PERSON

FLOW = "meeting_invitation"
Audience = Mapping[str, str]


class OutOfScope(Exception):
    """These people lie outside of what this person may write to."""


class Twice(Exception):
    """Some of these people may have been invited to this meeting already."""


class Nobody(Exception):
    """Nobody would get it."""


class TooLate(Exception):
    """It was settled by someone else, or has gone out."""


@dataclass(frozen=True)
class Wanted:
    """An audience that someone may write to, and how many of it a message reaches, exactly."""

    chosen: Audience
    counts: Counts

    @property
    def second(self) -> bool:
        """Tell whether so many get it that a second person must release it."""
        return self.counts.reached > SECOND_PERSON


def wanted(tx: Tx, person: int, meeting: Row, key: str, value: str, now: int) -> Wanted:
    """Give the audience of those chosen by a key and a value (none: everyone one may write to). A narrower scope is put to
    it where that is needed. Raises OutOfScope."""
    group, net = meeting["tenant_group"] or "", roles.network(tx)
    chosen = {key: value} if key else {}
    for scope in roles.held(tx, person, net):
        for tried in ({**chosen}, {**roles.widest(scope, net), **chosen}):
            if roles.acts_within(scope, group, net) and roles.contains(scope, tried, net):
                return Wanted(tried, audience.count(tx, tried, "meeting", now))
    raise OutOfScope(key)


def ask(tx: Tx, person: int, meeting: Row, wish: Wanted, now: int) -> str:
    """Order an invitation, ten minutes from now; where many get it, a second person is asked first. Gives the state:
    released or waiting. Raises Nobody or Twice. The caller holds the lock of the meeting."""
    if not wish.counts.reached:
        raise Nobody(meeting["id"])
    if not all(apart(wish.chosen, json.loads(other["audience"])) for other in of(tx, meeting["id"])):
        raise Twice(meeting["id"])
    state = "waiting" if wish.second else "released"
    order = Order(
        source="audience",
        about=f"meeting:{meeting['id']}",
        name="bulk",
        flow=FLOW,
        subject=meeting["id"],
        starts_at=now + DELAY_MS,
        useful_until=meeting["start_at"],
        audience=wish.chosen,
        made_by=person,
        once=f"{FLOW}:{meeting['id']}:{audience.key_of(wish.chosen, 'meeting', False)}",
    )
    id = broadcasts.order(tx, order, state=state)
    if state == "waiting":
        for other in roles.second_persons(tx, person, meeting["tenant_group"] or "", wish.chosen):
            _work(tx, other, "invite_release", f"{meeting['id']}:{id}", meeting, now)
    return state


def apart(one: Audience, other: Audience) -> bool:
    """Tell whether nobody can be in both audiences: chosen by the same thing, and not alike. One may be of several groups."""
    return any(other.get(key, value) != value for key, value in one.items() if key != "group")


def of(tx: Tx, meeting: str) -> list[Row]:
    """Give the invitations to a meeting that wait, go out or went out; not those that were stopped before anyone got them."""
    return tx.all(
        "SELECT * FROM broadcast WHERE about = :about AND flow = :flow ORDER BY id",
        about=f"meeting:{meeting}",
        flow=FLOW,
    )


def get(tx: Tx, meeting: str, id: int) -> Row:
    """Load one, alone with it until the end. Raises TooLate when it is not there."""
    row = tx.one(
        f"SELECT * FROM broadcast WHERE id = :id AND about = :about AND flow = :flow{tx.for_update}",
        id=id,
        about=f"meeting:{meeting}",
        flow=FLOW,
    )
    if row is None:
        raise TooLate(id)
    return row


def settle(tx: Tx, person: int, meeting: Row, id: int, *, release: bool, now: int) -> None:
    """Second person: let it go out in ten minutes, or take it back; who made it is told. Raises TooLate or OutOfScope."""
    row = get(tx, meeting["id"], id)
    if row["state"] != "waiting":
        raise TooLate(id)
    if not may_release(tx, person, meeting, row):
        raise OutOfScope(id)
    if release:
        tx.run(
            "UPDATE broadcast SET state = 'released', starts_at = :at, released_by = :person WHERE id = :id",
            at=now + DELAY_MS,
            person=person,
            id=id,
        )
    else:
        broadcasts.withdraw(tx, id)
    if row["made_by"] is not None:
        how = "out" if release else "back"
        _work(tx, row["made_by"], "invite_news", f"{meeting['id']}:{how}", meeting, now, once=str(id))


def may_release(tx: Tx, person: int, meeting: Row, row: Row) -> bool:
    """Tell whether someone may be the second person of an invitation."""
    return roles.may_release(
        tx, person, row["made_by"], meeting["tenant_group"] or "", json.loads(row["audience"] or "{}")
    )


def stop(tx: Tx, meeting: str, id: int) -> None:
    """Take an invitation back, or send no more of it. Raises TooLate when it is not there."""
    get(tx, meeting, id)
    if not broadcasts.withdraw(tx, id):
        broadcasts.stop(tx, id)


def stop_all(tx: Tx, meeting: str) -> None:
    """The meeting does not go on: nobody is invited any more."""
    for row in of(tx, meeting):
        stop(tx, meeting, row["id"])


def _work(tx: Tx, person: int, flow: str, subject: str, meeting: Row, now: int, once: str = "") -> None:
    deliveries.plan(
        tx,
        person,
        "work",
        flow,
        subject,
        now,
        once=f"{flow}:{subject}:{once}:{person}",
        about=f"meeting:{meeting['id']}",
        useful_until=meeting["start_at"],
    )
