"""Places at meetings: the last seat is sold once, and the waiting list keeps its order."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.clock import from_ms, to_ms
from bot.rules import offer_ends
from bot.store import deliveries, keepers, reminders
from bot.store.db import Row, Tx

CUT_OFF_MS = 3 * 3600 * 1000


class Full(Exception):
    """There are not enough places left for this many people; `left` says how many there are."""

    def __init__(self, left: int):
        super().__init__(f"{left} places left")
        self.left = left


class Closed(Exception):
    """The meeting is cancelled or has begun, or nobody is taken on any more."""


class NotYours(Exception):
    """There is no offer that this person can take."""


@dataclass(frozen=True)
class Wish:
    """What someone asks for when signing up."""

    needs: tuple[str, ...] = ()
    interpreter: str | None = None
    companions: int = 0
    reminders: bool = True


def register(tx: Tx, meeting_id: str, person: int, wish: Wish, now: int) -> str:
    """Take a place, or a place in line; or change one that stands. Gives the status. Raises Closed or Full.

    Whoever comes while others wait joins the line behind them, even when a seat is just free: it is theirs to be offered.
    """
    meeting = lock(tx, meeting_id, now)
    mine = of(tx, meeting_id, person)
    if mine and mine["status"] != "cancelled":
        return _change(tx, meeting, mine, wish, now)
    status = _place_for(tx, meeting, wish, now)
    _insert(tx, meeting_id, person, wish, status, now)
    if status == "confirmed":
        reminders.plan(tx, meeting, person, now)
    _forget_answers(tx, meeting_id, person)
    return status


def register_phoned(tx: Tx, meeting_id: str, wish: Wish, code: str, now: int) -> str:
    """Take a place, or a place in line, for someone who phoned: known by a code. Gives the status. Raises Closed or Full."""
    meeting = lock(tx, meeting_id, now)
    status = _place_for(tx, meeting, wish, now)
    _insert(tx, meeting_id, None, wish, status, now, code)
    return status


def _place_for(tx: Tx, meeting: Row, wish: Wish, now: int) -> str:
    """Tell whether a newcomer gets a place or joins the line. Raises Closed or Full."""
    if is_closed(meeting, now):
        raise Closed(meeting["id"])
    left, waiting = seats_left(tx, meeting), _next_in_line(tx, meeting) is not None
    status = "waiting" if waiting or (left is not None and left < 1) else "confirmed"
    if status == "confirmed" and left is not None and left < 1 + wish.companions:
        raise Full(left)
    return status


def _forget_answers(tx: Tx, meeting: str, person: int) -> None:
    """The buttons of older messages about this meeting work again: "I cannot come" may be said anew."""
    tx.run(
        "UPDATE handle SET answered = '' WHERE person = :person AND subject = :meeting"
        " AND flow IN ('coming', 'seat_offer', 'meeting_moved')",
        person=person,
        meeting=meeting,
    )


def _insert(
    tx: Tx, meeting: str, person: int | None, wish: Wish, status: str, now: int, code: str | None = None
) -> None:
    """Write a new place at the end of the line; someone who left and comes back starts there again."""
    row = tx.one(
        "SELECT coalesce(max(line), 0) + 1 AS next FROM registration WHERE meeting = :meeting", meeting=meeting
    )
    assert row is not None
    tx.run(
        "INSERT INTO registration (meeting, person, status, line, companions, needs, interpreter, language, reminders, since,"
        " code) VALUES (:meeting, :person, :status, :line, :companions, :needs, :interpreter,"
        " coalesce((SELECT coalesce(language, phone_language) FROM person WHERE id = :person), ''), :reminders, :now, :code)"
        " ON CONFLICT (meeting, person) DO UPDATE SET status = excluded.status, line = excluded.line,"
        " companions = excluded.companions, needs = excluded.needs, interpreter = excluded.interpreter,"
        " reminders = excluded.reminders, since = excluded.since, offered_until = NULL, offered_round = 0,"
        " attended = '', how = ''",
        meeting=meeting,
        person=person,
        status=status,
        line=row["next"],
        companions=wish.companions,
        needs=json.dumps(list(wish.needs)),
        interpreter=wish.interpreter,
        reminders=int(wish.reminders),
        now=now,
        code=code,
    )


def _change(tx: Tx, meeting: Row, mine: Row, wish: Wish, now: int) -> str:
    """Keep the place, change what goes with it. More companions need more free seats; fewer free some."""
    more, left = wish.companions - mine["companions"], seats_left(tx, meeting)
    if mine["status"] in ("confirmed", "offered") and left is not None and more > left:
        raise Full(1 + mine["companions"] + left)
    tx.run(
        "UPDATE registration SET companions = :companions, needs = :needs, interpreter = :interpreter WHERE id = :id",
        companions=wish.companions,
        needs=json.dumps(list(wish.needs)),
        interpreter=wish.interpreter,
        id=mine["id"],
    )
    if more < 0:
        _make_room(tx, meeting, mine, now)
    return str(mine["status"])


def cancel(tx: Tx, meeting_id: str, person: int, now: int) -> bool:
    """Give a place or an offer back; the first in line is offered it. Tells whether there was one."""
    meeting = tx.one(f"SELECT * FROM meeting WHERE id = :id{tx.for_update}", id=meeting_id)
    mine = of(tx, meeting_id, person)
    if meeting is None or mine is None or mine["status"] == "cancelled":
        return False
    reminders.silence(tx, meeting_id, person)
    deliveries.overtake(tx, f"meeting:{meeting_id}", person=person)
    give_back(tx, meeting, mine, now)
    return True


def give_back(tx: Tx, meeting: Row, mine: Row, now: int) -> None:
    """End a place, an offer or a wait; who is next hears of it."""
    tx.run("UPDATE registration SET status = 'cancelled', offered_until = NULL WHERE id = :id", id=mine["id"])
    _make_room(tx, meeting, mine, now)


def take_offer(tx: Tx, meeting_id: str, person: int, now: int) -> None:
    """Turn an offer into a place. Raises NotYours when it has passed on, Closed when it is too late."""
    meeting = lock(tx, meeting_id, now)
    mine = of(tx, meeting_id, person)
    if mine is None or mine["status"] != "offered":
        raise NotYours(meeting_id)
    tx.run("UPDATE registration SET status = 'confirmed', offered_until = NULL WHERE id = :id", id=mine["id"])
    deliveries.overtake(tx, f"meeting:{meeting_id}", flow="seat_offer", person=person)
    reminders.plan(tx, meeting, person, now)


def _make_room(tx: Tx, meeting: Row, mine: Row, now: int) -> None:
    """Someone needs fewer seats, or none: a seat is free, or the next in line may fit where this party did not."""
    if mine["status"] == "waiting":
        offer_next(tx, meeting["id"], now)
    else:
        seat_freed(tx, meeting, now)


def seat_freed(tx: Tx, meeting: Row, now: int) -> None:
    """A seat came free: begin a new round, in which everyone in line may be offered it once."""
    tx.run("UPDATE meeting SET offer_round = offer_round + 1 WHERE id = :id", id=meeting["id"])
    offer_next(tx, meeting["id"], now)


def offer_next(tx: Tx, meeting_id: str, now: int) -> None:
    """Offer free seats in the strict order of the line, until the cut-off. An offer reserves its seats."""
    while True:
        meeting = tx.one("SELECT * FROM meeting WHERE id = :id", id=meeting_id)
        if meeting is None or meeting["cancelled"] or now >= meeting["start_at"] - CUT_OFF_MS:
            return
        first, left = _next_in_line(tx, meeting), seats_left(tx, meeting)
        if first is None or (left is not None and left < 1 + first["companions"]):
            return
        _offer(tx, meeting, first, now)


def _offer(tx: Tx, meeting: Row, first: Row, now: int) -> None:
    until = to_ms(offer_ends(from_ms(now), from_ms(meeting["start_at"])))
    tx.run(
        "UPDATE registration SET status = 'offered', offered_until = :until, offered_round = :round WHERE id = :id",
        until=until,
        round=meeting["offer_round"],
        id=first["id"],
    )
    who, name, flow, subject = [first["person"]], "notice", "seat_offer", meeting["id"]
    if first["person"] is None:  # someone who phoned: an organiser calls them
        who, name, flow, subject = keepers.of(tx, meeting), "work", "phone_place", f"{meeting['id']}:{first['code']}"
    for person in who:
        deliveries.plan(
            tx,
            person,
            name,
            flow,
            subject,
            now,
            once=f"offer:{first['id']}:{first['line']}:{meeting['offer_round']}"
            + ("" if first["person"] else f":{person}"),
            about=f"meeting:{meeting['id']}",
            useful_until=until,
        )


def pass_on(tx: Tx, now: int) -> int:
    """Offers that nobody answered in time go to the next; who was silent keeps the place in line. Gives how many meetings."""
    over = "status = 'offered' AND offered_until <= :now"
    found = tx.all(f"SELECT DISTINCT meeting FROM registration WHERE {over} ORDER BY meeting", now=now)
    for meeting in (row["meeting"] for row in found):
        tx.one(f"SELECT id FROM meeting WHERE id = :id{tx.for_update}", id=meeting)
        for row in tx.all(
            f"SELECT * FROM registration WHERE meeting = :id AND {over} ORDER BY line", id=meeting, now=now
        ):
            _back_in_line(tx, row)
        offer_next(tx, meeting, now)
    return len(found)


def _back_in_line(tx: Tx, row: Row) -> None:
    """End an offer that met silence; whoever was silent is not offered this round's seats again."""
    tx.run(
        "UPDATE registration SET status = 'waiting', offered_until = NULL,"
        " offered_round = (SELECT offer_round FROM meeting WHERE meeting.id = registration.meeting) WHERE id = :id",
        id=row["id"],
    )
    if row["person"] is not None:
        deliveries.overtake(tx, f"meeting:{row['meeting']}", flow="seat_offer", person=row["person"])


def shorten_offers(tx: Tx, meeting: Row) -> None:
    """After a move: no offer outlives the new cut-off."""
    tx.run(
        "UPDATE registration SET offered_until = :cut_off"
        " WHERE meeting = :id AND status = 'offered' AND offered_until > :cut_off",
        id=meeting["id"],
        cut_off=meeting["start_at"] - CUT_OFF_MS,
    )


def next_offer_end(tx: Tx, after: int) -> int | None:
    """Give the next moment at which an offer ends."""
    row = tx.one(
        "SELECT min(offered_until) AS due FROM registration WHERE status = 'offered' AND offered_until > :now",
        now=after,
    )
    return row["due"] if row else None


def lock(tx: Tx, meeting_id: str, now: int) -> Row:
    """Load a meeting that can still be joined, alone with it until the end. Raises Closed."""
    meeting = tx.one(f"SELECT * FROM meeting WHERE id = :id{tx.for_update}", id=meeting_id)
    if meeting is None or meeting["cancelled"] or meeting["start_at"] <= now:
        raise Closed(meeting_id)
    return meeting


def is_closed(meeting: Row, now: int) -> bool:
    """Tell whether nobody is taken on any more: an organiser closed it, or the deadline passed. Places that were taken stay,
    and may still be offered to who waits."""
    return bool(meeting["closed"]) or (meeting["deadline_at"] is not None and meeting["deadline_at"] <= now)


def of(tx: Tx, meeting: str, person: int) -> Row | None:
    """Load a person's registration, also a cancelled one."""
    return tx.one(
        "SELECT * FROM registration WHERE meeting = :meeting AND person = :person", meeting=meeting, person=person
    )


def seats_left(tx: Tx, meeting: Row) -> int | None:
    """Count the seats that are neither taken nor reserved by an offer; None without a limit."""
    if meeting["capacity"] is None:
        return None
    row = tx.one(
        "SELECT coalesce(sum(1 + companions), 0) AS taken FROM registration"
        " WHERE meeting = :meeting AND status IN ('confirmed', 'offered')",
        meeting=meeting["id"],
    )
    assert row is not None
    return int(meeting["capacity"]) - int(row["taken"])


def place_in_line(tx: Tx, meeting: str, line: int) -> int:
    """Give someone's place in line: 1 is the first."""
    row = tx.one(
        "SELECT count(*) AS n FROM registration WHERE meeting = :meeting AND status = 'waiting' AND line <= :line",
        meeting=meeting,
        line=line,
    )
    return int(row["n"]) if row else 0


def _next_in_line(tx: Tx, meeting: Row) -> Row | None:
    """Give the first who waits and was not offered a seat in this round."""
    return tx.one(
        "SELECT * FROM registration WHERE meeting = :meeting AND status = 'waiting'"
        " AND (offered_round < :round OR :round = 0) ORDER BY line LIMIT 1",
        meeting=meeting["id"],
        round=meeting["offer_round"],
    )


def people_of(tx: Tx, meeting: str) -> list[int]:
    """Give everyone who holds or awaits a place."""
    rows = tx.all(
        "SELECT person FROM registration WHERE meeting = :meeting AND status <> 'cancelled' AND person IS NOT NULL ORDER BY line",
        meeting=meeting,
    )
    return [row["person"] for row in rows]


def leave_all(tx: Tx, person: int, now: int) -> None:
    """Give every place back, so that others can have them, and leave one's meetings to others: before erasing."""
    tx.run("UPDATE meeting SET made_by = NULL WHERE made_by = :id", id=person)
    sql = "SELECT meeting FROM registration WHERE person = :id AND status <> 'cancelled' ORDER BY meeting"
    for row in tx.all(sql, id=person):  # in order: two who leave at once must not lock each other out
        cancel(tx, row["meeting"], person, now)
