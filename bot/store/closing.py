"""Close a poll for good: freeze the tables, cut every tie between people and answers, and keep only what may be shown.

Each step can be taken again after a crash. `closing` means that nothing is frozen yet; `frozen` that nothing is left but to
destroy: the key first, then the ballots.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.crypto import Vault, WrongKey
from bot.keyring import PollKey
from bot.results.tables import Cell
from bot.store import ballots, broadcasts, deliveries, inbox
from bot.store.db import Row, Tx
from bot.store.polls import content_of
from flows.poll_facts import FLOOR

CHUNK = 2000
GROUPS = "p.province AS region, p.landlord, p.block, coalesce(p.language, p.phone_language) AS language"
UNREADABLE = "cannot be opened"


def took_part(
    tx: Tx, vault: Vault, poll: str, after: int, known: frozenset[bytes]
) -> tuple[int | None, list[tuple[int, int]]]:
    """Find, among the next people after an id, who has a ballot: the last id looked at, and (person, member) of each.
    Only reads. Nobody is found without the key."""
    rows = tx.all("SELECT id FROM person WHERE id > :after ORDER BY id LIMIT :chunk", after=after, chunk=CHUNK)
    key = vault.ring.key(poll)
    if not rows or key is None:
        return None, []
    found = [(row["id"], n) for row in rows for n in ballots.MEMBERS if key.ballot(row["id"], n) in known]
    return rows[-1]["id"], found


def note_parts(tx: Tx, poll: str, parts: Iterable[tuple[int, int]]) -> None:
    """Keep that these people took part, so that they can hear what was done with it."""
    tx.many(
        "INSERT INTO participation (poll, person, member) SELECT :poll, id, :member FROM person WHERE id = :person"
        " ON CONFLICT DO NOTHING",
        [{"poll": poll, "person": person, "member": member} for person, member in parts],
    )


@dataclass(frozen=True)
class Frozen:
    """What stays of a poll: the tables by view, ballots complete and in part, how it went (JSON), and how many pictures
    its result has."""

    cells: Mapping[str, tuple[Cell, ...]]
    answered: int
    partly: int
    progress: str
    pictures: int


def freeze(tx: Tx, vault: Vault, row: Row, frozen: Frozen) -> None:
    """Write the tables that were made, keep the free answers that may be shown, and leave nothing to do but destroy. What
    is frozen stays as it is."""
    poll = row["id"]
    if tx.one(f"SELECT 1 AS yes FROM poll WHERE id = :id AND state = 'closing'{tx.for_update}", id=poll) is None:
        return
    tx.run("DELETE FROM poll_result WHERE poll = :poll", poll=poll)
    tx.run("DELETE FROM poll_text WHERE poll = :poll", poll=poll)
    tx.many(
        'INSERT INTO poll_result (poll, view, place, question, cut, cell, "option", count, hidden)'
        " VALUES (:poll, :view, :place, :question, :cut, :cell, :option, :count, :hidden)",
        [
            {
                "poll": poll,
                "view": view,
                "place": place,
                "question": cell.question,
                "cut": cell.cut,
                "cell": cell.cell,
                "option": cell.option,
                "count": cell.count,
                "hidden": int(cell.hidden),
            }
            for view, table in frozen.cells.items()
            for place, cell in enumerate(table)
        ],
    )
    for question in content_of(row).questions:
        if question.kind == "text":
            _keep_texts(tx, vault, poll, question.id)
    tx.run(
        "UPDATE poll SET state = 'frozen', answered = :answered, partly = :partly, progress = :progress,"
        " progress_daily = :progress, pictures = :pictures WHERE id = :poll AND state = 'closing'",
        answered=frozen.answered,
        partly=frozen.partly,
        progress=frozen.progress,
        pictures=frozen.pictures,
        poll=poll,
    )


def _keep_texts(tx: Tx, vault: Vault, poll: str, question: str) -> None:
    """Keep free answers where ten or more wrote, each alone, sealed anew under a random id; fewer are gone for good."""
    written = ballots.texts(tx, vault.ring.key(poll), poll, question)
    if len(written) < FLOOR:
        return
    rows = [{"id": secrets.token_bytes(16), "text": vault.seal("ballot", text.encode())} for text in written]
    tx.many(
        "INSERT INTO poll_text (id, poll, question, text) VALUES (:id, :poll, :question, :text)",
        [{**each, "poll": poll, "question": question} for each in sorted(rows, key=lambda each: bytes(each["id"]))],
    )


def shed(tx: Tx, poll: str, chunk: int = CHUNK) -> bool:
    """Delete some ballots of a frozen poll. Tells whether there may be more."""
    gone = 0
    for table, name in (("ballot_text", "ballot"), ("ballot", "id")):
        rows = tx.all(f"SELECT {name} AS id FROM {table} WHERE poll = :poll LIMIT :chunk", poll=poll, chunk=chunk)
        tx.many(
            f"DELETE FROM {table} WHERE poll = :poll AND {name} = :id",
            [{"poll": poll, "id": bytes(row["id"])} for row in rows],
        )
        gone += len(rows)
    return gone > 0


def forget_talks(tx: Tx, poll: str, secret_flows: Iterable[str]) -> None:
    """Drop the conversations in which someone was answering."""
    for flow in secret_flows:
        mine = "flow = :flow AND (subject = :poll OR subject LIKE :inside)"
        values = {"flow": flow, "poll": poll, "inside": f"{poll}:%"}
        tx.run(f"UPDATE person SET focus = NULL WHERE focus IN (SELECT id FROM session WHERE {mine})", **values)
        tx.run(f"DELETE FROM session WHERE {mine}", **values)
    tx.run(
        "UPDATE delivery SET state = 'expired', reason = 'closed', payload = NULL WHERE about = :about"
        " AND class = 'nudge' AND state IN ('queued', 'held')",
        about=f"poll:{poll}",
    )


def reseal(tx: Tx, vault: Vault) -> None:
    """Seal anew what passes through just now, so that the older passing keys can be destroyed. What no key opens is set
    aside: it must not keep a poll from closing."""
    if tx.for_update:  # what others are writing under an older key is waited for
        tx.run("LOCK TABLE inbox, delivery IN SHARE ROW EXCLUSIVE MODE")
    for row in tx.all("SELECT update_id, state, payload FROM inbox WHERE payload IS NOT NULL"):
        sealed = _sealed_anew(vault, "inbox", row["payload"])
        if sealed is None and row["state"] == "waiting":
            inbox.quarantine(tx, row["update_id"], UNREADABLE)
        tx.run("UPDATE inbox SET payload = :sealed WHERE update_id = :id", sealed=sealed, id=row["update_id"])
    for row in tx.all("SELECT id, payload FROM delivery WHERE payload IS NOT NULL"):
        sealed = _sealed_anew(vault, "delivery", row["payload"])
        if sealed is None:
            deliveries.set_state(tx, row["id"], "failed", UNREADABLE)
        else:
            tx.run("UPDATE delivery SET payload = :sealed WHERE id = :id", sealed=sealed, id=row["id"])


def _sealed_anew(vault: Vault, purpose: str, sealed: bytes) -> bytes | None:
    """Seal something under the newest key; None where it cannot be opened."""
    try:
        return vault.seal(purpose, vault.open(purpose, sealed))
    except WrongKey:
        return None


def done(tx: Tx, poll: str) -> None:
    """Say that nothing is left: its organiser is asked what is done with it."""
    tx.run("UPDATE poll SET state = 'closed' WHERE id = :poll AND state = 'frozen'", poll=poll)


def results(tx: Tx, poll: str, view: str) -> list[Row]:
    """Give the frozen cells of one view, in their order."""
    return tx.all("SELECT * FROM poll_result WHERE poll = :poll AND view = :view ORDER BY place", poll=poll, view=view)


def texts(tx: Tx, vault: Vault, poll: str) -> dict[str, tuple[str, ...]]:
    """Give the free answers that may be shown, by question, in the order of their random ids."""
    found: dict[str, list[str]] = {}
    for row in tx.all("SELECT question, text FROM poll_text WHERE poll = :poll ORDER BY question, id", poll=poll):
        found.setdefault(row["question"], []).append(vault.open("ballot", row["text"]).decode())
    return {question: tuple(written) for question, written in found.items()}


def measure(tx: Tx, vault: Vault, row: Row) -> str:
    """Count how a poll goes, exactly, as JSON: for each region, landlord, block and language the people known, asked,
    delivered and answered; and the ballots that are complete, or in part. Only reads."""
    have = ballots.ids(tx, vault.ring.key(row["id"]), row["id"], content_of(row).questions)
    groups: dict[str, dict[str, list[int]]] = {kind: {} for kind in ("region", "landlord", "block", "language")}
    states: Counter[str] = Counter()
    asked = 0
    for each in tx.all(
        f"SELECT {GROUPS}, d.state, d.attempts, count(*) AS n FROM delivery d JOIN person p ON p.id = d.person"
        " WHERE d.broadcast = :broadcast GROUP BY 1, 2, 3, 4, 5, 6",
        broadcast=row["broadcast"],
    ):
        n, was_asked = each["n"], broadcasts.was_asked(each["state"], each["attempts"])
        states[each["state"]] += n
        asked += n * was_asked
        _add(groups, each, (n, n * was_asked, n * (each["state"] == "sent"), 0))
    for names, n in _answered(tx, vault.ring.key(row["id"]), row["broadcast"], have).items():
        _add(groups, dict(zip(groups, names, strict=True)), (0, 0, 0, n))
    complete = sum(have.values())
    counted = {"asked": asked, "answered": complete, "partly": len(have) - complete, "states": states, "groups": groups}
    return json.dumps(counted, ensure_ascii=False)


def _add(groups: dict[str, dict[str, list[int]]], each: Row, numbers: tuple[int, ...]) -> None:
    for kind, names in groups.items():
        counts = names.setdefault(each[kind] or "", [0, 0, 0, 0])
        counts[:] = map(sum, zip(counts, numbers, strict=True))


def _answered(tx: Tx, key: PollKey | None, broadcast: int, have: Mapping[bytes, bool]) -> Counter[tuple[str, ...]]:
    """Count the people of a broadcast who have a ballot, by all their groups. Nobody is found without the key."""
    found: Counter[tuple[str, ...]] = Counter()
    after: int | None = 0 if key and have else None
    while key and after is not None:
        people = tx.all(
            f"SELECT d.person, {GROUPS} FROM delivery d JOIN person p ON p.id = d.person"
            " WHERE d.broadcast = :broadcast AND d.person > :after ORDER BY d.person LIMIT :chunk",
            broadcast=broadcast,
            after=after,
            chunk=ballots.PAGE,
        )
        rows = [each for each in people if any(key.ballot(each["person"], n) in have for n in ballots.MEMBERS)]
        found.update((each["region"], each["landlord"], each["block"], each["language"]) for each in rows)
        after = people[-1]["person"] if people else None
    return found
