"""Polls, from draft to what was done with them. Every step is one short function; a poll is opened and closed by the clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import poll_content
from bot.clock import local_to_utc, to_ms
from bot.store import audience, audit, broadcasts, deliveries, roles
from bot.store.broadcasts import DELAY_MS, Order
from bot.store.db import Row, Tx
from flows.poll_facts import FLOOR, SECOND_PERSON, PollContent

DAY_MS = 24 * 3600 * 1000


class Stale(Exception):
    """Someone changed this since it was read, or it is in another state by now."""


class OutOfScope(Exception):
    """This person may not act for this group, or write to this audience."""


class Incomplete(Exception):
    """Something is missing before this can be released: why, use, questions, closes, or a closing time that is ahead."""


class TooFew(Exception):
    """Fewer than ten people would get a poll in which people write, or nobody at all would get it."""


def get(tx: Tx, id: str, *, lock: bool = False, share: bool = False) -> Row | None:
    """Load a poll's row, alone with it until the end (`lock`), or beside others who do not change it (`share`)."""
    alone = tx.for_update if lock else tx.for_update.replace("UPDATE", "SHARE") if share else ""
    return tx.one(f"SELECT * FROM poll WHERE id = :id{alone}", id=id)


def content_of(row: Row) -> PollContent:
    """Read what its organiser wrote."""
    return poll_content.from_json(row["content"])


def save(tx: Tx, id: str, revision: int, content: PollContent, person: int) -> None:
    """Keep a draft; one with revision 0 is new. An audience that its maker may not reach is brought into their scope.

    Raises Stale, OutOfScope.
    """
    content = within_scope(tx, content, person)
    row = get(tx, id, lock=True)
    if row is None and revision == 0:
        tx.run(
            "INSERT INTO poll (id, tenant_group, content, state, made_by) VALUES (:id, :group, :content, 'draft', :by)",
            id=id,
            group=content.group,
            content=poll_content.to_json(content),
            by=person,
        )
        return
    if row is None or row["revision"] != revision or row["state"] != "draft":
        raise Stale(id)
    may_organise(tx, row, person)
    tx.run(
        "UPDATE poll SET content = :content, tenant_group = :group, revision = revision + 1 WHERE id = :id",
        content=poll_content.to_json(content),
        group=content.group,
        id=id,
    )


def within_scope(tx: Tx, content: PollContent, person: int) -> PollContent:
    """Give a poll whose audience its maker may reach. Raises OutOfScope where they may not ask for this group at all."""
    if roles.covers(tx, person, content.group, content.audience):
        return content
    for scope in roles.scopes(tx, person):
        wider = replace(content, audience={**content.audience, **roles.narrowest(tx, scope)})
        if roles.covers(tx, person, wider.group, wider.audience):
            return wider
    raise OutOfScope(content.group)


def may_organise(tx: Tx, row: Row, person: int) -> None:
    """Check that someone may act on a poll. Raises OutOfScope."""
    content = content_of(row)
    if not roles.covers(tx, person, content.group, content.audience):
        raise OutOfScope(row["id"])


def drop(tx: Tx, id: str, person: int) -> None:
    """Throw a draft away. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "draft")
    tx.run("DELETE FROM poll WHERE id = :id", id=row["id"])


def _in_state(tx: Tx, id: str, person: int, *states: str) -> Row:
    row = get(tx, id, lock=True)
    if row is None or row["state"] not in states:
        raise Stale(id)
    may_organise(tx, row, person)
    return row


def ask_release(tx: Tx, id: str, revision: int, person: int, now: int) -> str:
    """Release a poll that few people get; for one that more get, ask a second person. Gives the state it is in then.

    Raises Stale, OutOfScope, Incomplete, TooFew.
    """
    row = _in_state(tx, id, person, "draft")
    if row["revision"] != revision:
        raise Stale(id)
    content = content_of(row)
    check_complete(content, now)
    reached = check_reached(tx, content, now, id)
    tx.run("UPDATE poll SET back = '', made_by = :by WHERE id = :id", by=person, id=id)
    if reached > SECOND_PERSON:
        tx.run("UPDATE poll SET state = 'waiting' WHERE id = :id", id=id)
        _ask_second(tx, id, revision, person, content, now)
        return "waiting"
    _release(tx, row, person, now)
    return "released"


def _ask_second(tx: Tx, id: str, revision: int, person: int | None, content: PollContent, now: int) -> None:
    """Tell all who may release a poll that it waits for one of them."""
    for second in roles.second_persons(tx, person, content.group, content.audience):
        once = f"release_wanted:{id}:{revision}:{second}"
        deliveries.plan(tx, second, "work", "release_wanted", id, now, once=once, about=f"poll:{id}")


def still_released(tx: Tx, row: Row, reached: int) -> bool:
    """Tell whether a release holds when its time has come: someone who let it go out may still organise there, and where
    many get it by now there were two of them. Who was erased is none."""
    content, by = content_of(row), (row["made_by"], row["released_by"])
    alone = by[0] == by[1]
    stays = any(one is not None and roles.covers(tx, one, content.group, content.audience) for one in by)
    return bool(row["loaded"]) or (stays and (not alone or reached <= SECOND_PERSON))


def wait_again(tx: Tx, row: Row, now: int) -> None:
    """Let a released poll wait for a second person after all; its maker hears that there is news."""
    if row["broadcast"] is not None:
        broadcasts.withdraw(tx, row["broadcast"])
    tx.run(
        "UPDATE poll SET state = 'waiting', starts_at = NULL, broadcast = NULL, released_by = NULL,"
        " revision = revision + 1 WHERE id = :id",
        id=row["id"],
    )
    _ask_second(tx, row["id"], row["revision"] + 1, row["made_by"], content_of(row), now)
    if makers(tx, row) == [row["made_by"]]:  # else those who were asked just now answer for it
        tell_maker(tx, row, "waits", now)


def check_complete(content: PollContent, now: int) -> None:
    """Check that nothing is missing. Raises Incomplete naming the first thing that is."""
    parts = {"why": content.why, "use": content.use, "questions": content.questions, "closes": content.closes}
    for name, part in parts.items():
        if not part:
            raise Incomplete(name)
    if closing_time(content) <= max(now + DELAY_MS, start_time(content, now)):
        raise Incomplete("closes")


def check_reached(tx: Tx, content: PollContent, now: int, id: str) -> int:
    """Count, exactly, who would get a poll. Raises TooFew."""
    counts = audience.count(tx, content.audience, "poll", now, rested=content.rested, about=f"poll:{id}")
    if counts.reached == 0 or (content.has_text and counts.reached < FLOOR):
        raise TooFew(id)
    return counts.reached


def release(tx: Tx, id: str, revision: int, person: int, now: int) -> None:
    """Release a poll as the second person: someone else than who made it. Raises Stale, OutOfScope, Incomplete, TooFew."""
    row = _in_state(tx, id, person, "waiting")
    content = content_of(row)
    if row["revision"] != revision:
        raise Stale(id)
    if not roles.may_release(tx, person, row["made_by"], content.group, content.audience):
        raise OutOfScope(id)
    check_complete(content, now)
    check_reached(tx, content, now, id)
    _release(tx, row, person, now)
    tell_maker(tx, row, "released", now)


def _release(tx: Tx, row: Row, person: int | None, now: int) -> None:
    content = content_of(row)
    starts = max(now + DELAY_MS, start_time(content, now)) if person is not None else start_time(content, now)
    _schedule(tx, row["id"], content, starts, row["made_by"])
    tx.run(
        "UPDATE poll SET state = 'released', released_by = :by, starts_at = :starts, closes_at = :closes WHERE id = :id",
        by=person,
        starts=starts,
        closes=closing_time(content),
        id=row["id"],
    )


def _schedule(tx: Tx, id: str, content: PollContent, starts: int, made_by: int | None) -> None:
    broadcast = broadcasts.order(
        tx,
        Order(
            source="audience",
            about=f"poll:{id}",
            name="bulk",
            flow="poll",
            subject=f"{id}:1:{content.questions[0].id}",
            starts_at=starts,
            useful_until=closing_time(content),
            audience=content.audience,
            rested=content.rested,
            made_by=made_by,
            once=f"poll:{id}",
        ),
    )
    tx.run("UPDATE poll SET broadcast = :broadcast WHERE id = :id", broadcast=broadcast, id=id)


def start_time(content: PollContent, now: int) -> int:
    """Give the moment at which a poll is to start; now, where its organiser named none."""
    return _moment(content.opens, content.zone) if content.opens else now


def closing_time(content: PollContent) -> int:
    """Give the moment at which a poll closes."""
    assert content.closes is not None
    return _moment(content.closes, content.zone)


def _moment(local: datetime, zone: str) -> int:
    return to_ms(local_to_utc(local, ZoneInfo(zone)))


def send_back(tx: Tx, id: str, why: str, person: int, now: int) -> None:
    """Give a poll back to its maker, with a reason. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "waiting")
    tx.run("UPDATE poll SET state = 'draft', back = :why, revision = revision + 1 WHERE id = :id", why=why, id=id)
    tell_maker(tx, row, "back", now)


def take_back(tx: Tx, id: str, person: int) -> None:
    """Make a poll a draft again, before anything of it was sent. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "waiting", "released")
    if row["broadcast"] is not None and not broadcasts.withdraw(tx, row["broadcast"]):
        raise Stale(id)
    to_draft(tx, id, "")


def to_draft(tx: Tx, id: str, back: str) -> None:
    """Make a poll a draft, and say why where nobody asked for it."""
    tx.run(
        "UPDATE poll SET state = 'draft', starts_at = NULL, broadcast = NULL, released_by = NULL, loaded = 0, back = :back,"
        " revision = revision + 1 WHERE id = :id",
        back=back,
        id=id,
    )


def stop_sending(tx: Tx, id: str, person: int) -> None:
    """Send nothing more of an open poll. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "open")
    broadcasts.stop(tx, row["broadcast"])


def nudge(tx: Tx, id: str, person: int, now: int) -> None:
    """Remind who was asked and did not answer: once, a day after the opening at the earliest. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "open")
    if row["nudged"] or now < row["opened_at"] + DAY_MS:
        raise Stale(id)
    tx.run("UPDATE poll SET nudged = 1 WHERE id = :id", id=id)
    broadcasts.order(
        tx,
        Order("unanswered", f"poll:{id}", "nudge", "poll_nudge", id, now, row["closes_at"], once=f"nudge:{id}"),
    )


def close(tx: Tx, id: str, person: int | None, now: int) -> None:
    """Close a poll: no answer counts from here. The rest is done in steps by `bot.store.closing`. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "open") if person is not None else get(tx, id, lock=True)
    if row is None or row["state"] != "open":
        raise Stale(id)
    tx.run("UPDATE poll SET state = 'closing', closed_at = :now WHERE id = :id", now=now, id=id)
    broadcasts.stop(tx, row["broadcast"])


def say_outcome(
    tx: Tx, id: str, text: Mapping[str, str], done: bool, again: date | None, person: int, now: int
) -> None:
    """Keep what is done with a poll, or why nothing yet, and send it to everyone who answered. Raises Stale, OutOfScope."""
    row = _in_state(tx, id, person, "closed", "told")
    found = tx.one("SELECT coalesce(max(round), 0) + 1 AS next FROM poll_news WHERE poll = :id", id=id)
    assert found is not None
    tx.run(
        "INSERT INTO poll_news (poll, round, text, done, again) VALUES (:id, :round, :text, :done, :again)",
        id=id,
        round=found["next"],
        text=json.dumps(dict(text), ensure_ascii=False),
        done=int(done),
        again=again.isoformat() if again else None,
    )
    at_ten = (
        _moment(datetime.combine(again, datetime.min.time()).replace(hour=10), "Europe/Brussels") if again else None
    )
    tx.run("UPDATE poll SET state = 'told', again_at = :again WHERE id = :id", again=at_ten, id=id)
    useful = now + 30 * DAY_MS
    order = Order("took-part", f"poll:{id}", "result", "poll_result", f"{id}:{found['next']}", now, useful)
    broadcasts.order(tx, replace(order, once=f"result:{id}:{found['next']}", made_by=row["made_by"]))


def news(tx: Tx, id: str) -> list[Row]:
    """Give what was done with a poll, the oldest first."""
    return tx.all("SELECT * FROM poll_news WHERE poll = :id ORDER BY round", id=id)


def useful(tx: Tx, id: str, person: int, up: bool) -> None:
    """Count what someone who took part thinks of a result: their first tap, whatever they tap after it."""
    said = "UPDATE participation SET rated = 1 WHERE poll = :poll AND person = :person AND rated = 0"
    if not tx.run(said, poll=id, person=person):
        return
    column = "useful" if up else "useless"
    tx.run(f"UPDATE poll SET {column} = {column} + 1 WHERE id = :id", id=id)


def no_news(tx: Tx, id: str, person: int) -> None:
    """Send someone nothing more about a poll, also not what waits to be sent."""
    tx.run("UPDATE participation SET feedback = 0 WHERE poll = :id AND person = :person", id=id, person=person)
    tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'wants no more news' WHERE person = :person AND about = :about"
        " AND class = 'result' AND state IN ('queued', 'held')",
        person=person,
        about=f"poll:{id}",
    )


def tell_maker(tx: Tx, row: Row, what: str, now: int, flow: str = "release_news") -> None:
    """Tell who made a poll, or where nobody did in chat, those who may organise for its audience."""
    subject = f"{row['id']}:{what}" if flow == "release_news" else row["id"]
    for person in makers(tx, row):
        once = f"{flow}:{row['id']}:{what}:{row['revision']}:{now // DAY_MS}:{person}"
        deliveries.plan(tx, person, "work", flow, subject, now, once=once, about=f"poll:{row['id']}")


def makers(tx: Tx, row: Row) -> list[int]:
    """Give who answers for a poll: its maker while they may, else all who may organise for it."""
    content = content_of(row)
    if row["made_by"] is not None and roles.covers(tx, row["made_by"], content.group, content.audience):
        return [row["made_by"]]
    return roles.second_persons(tx, None, content.group, content.audience)


def put_loaded(tx: Tx, id: str, content: PollContent, now: int) -> str:
    """Put a poll from a file: released as by an admin, at its time, at once where that has passed. Gives what it was.

    Raises Stale for a change to a poll that is open already, or was.
    """
    row = get(tx, id, lock=True)
    written = poll_content.to_json(content)
    if row is not None and row["content"] == written and row["state"] != "draft":
        return "same"
    if row is not None and row["state"] not in ("draft", "waiting", "released"):
        raise Stale(id)
    if row is not None and row["broadcast"] is not None and not broadcasts.withdraw(tx, row["broadcast"]):
        raise Stale(id)
    tx.run(
        "INSERT INTO poll (id, tenant_group, content, state, loaded) VALUES (:id, :group, :content, 'released', 1)"
        " ON CONFLICT (id) DO UPDATE SET tenant_group = excluded.tenant_group, content = excluded.content,"
        " state = 'released', loaded = 1, made_by = NULL, revision = poll.revision + 1",
        id=id,
        group=content.group,
        content=written,
    )
    again = get(tx, id)
    assert again is not None
    _release(tx, again, None, now)
    audit.note(tx, "load", "poll released", f"poll:{id}", now)
    return "new" if row is None else "changed"
