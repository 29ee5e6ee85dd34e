"""Ballots: one for each household member who answers. Whose each is, and what stands on it, only the poll's key tells,
until closing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.crypto import Vault
from bot.keyring import PollKey
from bot.store.db import Row, Tx
from flows.poll_facts import PollQuestion

MEMBERS = (1, 2)
WRITTEN = "written"  # stands in the answers for a text, which is kept apart
PAGE = 2000  # ballots read at once
SIZE, TEXT_SIZE = 512, 2048  # bytes to which a ballot and a text are filled up, so that no length tells them apart
Cut = tuple[str, str, str]
"""Region, language, origin."""


class KeyLost(Exception):
    """The key of this poll is not there: nothing can be answered, found or read any more."""


class NotChangeable(Exception):
    """An answer of a poll that is secret from the start stays as it is."""


@dataclass(frozen=True)
class Mine:
    """The answers of one household member: options by question, and which questions were answered in own words."""

    answers: Mapping[str, tuple[str, ...]]
    written: frozenset[str]


def mine(tx: Tx, vault: Vault, poll: str, person: int, member: int) -> Mine | None:
    """Give what a household member answered; None when nothing, or when the key is gone."""
    key = vault.ring.key(poll)
    row = _row(tx, poll, key.ballot(person, member)) if key else None
    if row is None or key is None:
        return None
    answers = _read(key, row)[0]
    written = frozenset(id for id, chosen in answers.items() if chosen == (WRITTEN,))
    return Mine({id: chosen for id, chosen in answers.items() if id not in written}, written)


def members(tx: Tx, vault: Vault, poll: str, person: int) -> tuple[int, ...]:
    """Tell which members of the household have a ballot."""
    key = vault.ring.key(poll)
    return tuple(n for n in MEMBERS if key and _row(tx, poll, key.ballot(person, n)) is not None)


def cast(
    tx: Tx,
    vault: Vault,
    poll: str,
    person: Row,
    member: int,
    question: PollQuestion,
    chosen: tuple[str, ...],
    text: str | None,
    *,
    changeable: bool = True,
    origin: str = "chat",
) -> None:
    """Put an answer on a ballot; the first makes it. A double tap, or a second device, finds the same ballot again.

    Raises KeyLost, NotChangeable.
    """
    key = vault.ring.key(poll)
    if key is None:
        raise KeyLost(poll)
    id = key.ballot(person["id"], member)
    tx.lock(int.from_bytes(id[:7]))
    row = _row(tx, poll, id)
    answers, cut = _read(key, row) if row else ({}, cut_of(person, origin))
    given = (WRITTEN,) if text is not None else chosen
    if question.id in answers and not changeable:
        if text is None and answers[question.id] == given:
            return
        raise NotChangeable(poll)
    put(tx, key, poll, id, {**answers, question.id: given}, cut)
    tx.run(
        "DELETE FROM ballot_text WHERE poll = :poll AND ballot = :id AND question = :question",
        poll=poll,
        id=id,
        question=question.id,
    )
    if text is not None:
        tx.run(
            "INSERT INTO ballot_text (poll, ballot, question, text) VALUES (:poll, :id, :question, :text)",
            poll=poll,
            id=id,
            question=question.id,
            text=key.seal(text.replace("\0", "").encode(), TEXT_SIZE),
        )


def cut_of(person: Row, origin: str) -> str:
    """Give the attributes that go on a ballot: region, language, origin."""
    return f"{person['province'] or ''}|{person['language'] or person['phone_language']}|{origin}"


def put(tx: Tx, key: PollKey, poll: str, id: bytes, answers: Mapping[str, tuple[str, ...]], cut: str) -> None:
    """Write a whole ballot."""
    tx.run(
        "INSERT INTO ballot (poll, id, sealed) VALUES (:poll, :id, :sealed)"
        " ON CONFLICT (poll, id) DO UPDATE SET sealed = excluded.sealed",
        poll=poll,
        id=id,
        sealed=sealed(key, answers, cut),
    )


def sealed(key: PollKey, answers: Mapping[str, tuple[str, ...]], cut: str) -> bytes:
    """Seal what stands on a ballot: the answers as JSON in the order of the questions' ids, and the attributes."""
    written = json.dumps({name: list(chosen) for name, chosen in sorted(answers.items())}, separators=(",", ":"))
    return key.seal(f"{written}\n{cut}".encode(), SIZE)


def _row(tx: Tx, poll: str, id: bytes) -> Row | None:
    return tx.one("SELECT sealed FROM ballot WHERE poll = :poll AND id = :id", poll=poll, id=id)


def _read(key: PollKey, row: Row) -> tuple[dict[str, tuple[str, ...]], str]:
    (plain,) = key.open_all([bytes(row["sealed"])])
    answers, _line, cut = plain.decode().partition("\n")
    return {id: tuple(chosen) for id, chosen in json.loads(answers).items()}, cut


def erase(tx: Tx, vault: Vault, person: int) -> None:
    """Take the ballots of a person out of every open poll. After closing nobody can find them."""
    for row in tx.all("SELECT id FROM poll WHERE state = 'open'"):
        key = vault.ring.key(row["id"])
        for member in MEMBERS if key else ():
            assert key is not None
            id = key.ballot(person, member)
            tx.run("DELETE FROM ballot_text WHERE poll = :poll AND ballot = :id", poll=row["id"], id=id)
            tx.run("DELETE FROM ballot WHERE poll = :poll AND id = :id", poll=row["id"], id=id)


def ids(tx: Tx, key: PollKey | None, poll: str, questions: Iterable[PollQuestion]) -> dict[bytes, bool]:
    """Give the ids of all ballots of a poll, and whether each is complete. Without the key none can be read."""
    asked = tuple(questions)
    return {id: complete(answers, asked) for id, answers, _cut in _opened(tx, key, poll)}


def _opened(tx: Tx, key: PollKey | None, poll: str) -> Iterator[tuple[bytes, str, str]]:
    """Give id, answers (JSON) and attributes of every ballot, read some at a time: with all of them at once, collecting
    garbage takes most of the time. What is alike is the same object."""
    sql = "SELECT id, sealed FROM ballot WHERE poll = :poll AND id > :after ORDER BY id LIMIT :page"
    after, known = b"", dict[bytes, tuple[str, str]]()
    while key is not None and (page := tx.all(sql, poll=poll, after=after, page=PAGE)):
        for row, plain in zip(page, key.open_all([row["sealed"] for row in page]), strict=True):
            if plain not in known:
                answers, _line, cut = plain.decode().partition("\n")
                known[plain] = answers, cut
            yield bytes(row["id"]), *known[plain]
        after = page[-1]["id"]


def count(tx: Tx, poll: str) -> int:
    """Count the ballots of a poll."""
    row = tx.one("SELECT count(*) AS n FROM ballot WHERE poll = :poll", poll=poll)
    return int(row["n"]) if row else 0


def rows_of(tx: Tx, key: PollKey | None, poll: str) -> list[tuple[Cut, str]]:
    """Give every ballot as its attributes (region, language, origin) and its answers (JSON)."""
    known: dict[str, Cut] = {}
    found: list[tuple[Cut, str]] = []
    for _id, answers, cut in _opened(tx, key, poll):
        if cut not in known:
            region, language, origin = cut.split("|")
            known[cut] = region, language, origin
        found.append((known[cut], answers))
    return found


def finished(tx: Tx, key: PollKey, poll: str, wanted: Iterable[bytes], questions: Iterable[PollQuestion]) -> set[bytes]:
    """Tell which of these ballots (some hundreds) are there and complete."""
    names, asked = {f"b{n}": id for n, id in enumerate(wanted)}, tuple(questions)
    marks = ", ".join(f":{name}" for name in names)
    rows = tx.all(f"SELECT id, sealed FROM ballot WHERE poll = :poll AND id IN ({marks})", poll=poll, **names)
    opened = key.open_all([bytes(row["sealed"]) for row in rows])
    return {bytes(row["id"]) for row, plain in zip(rows, opened, strict=True) if complete(plain.decode(), asked)}


def complete(answers: str, questions: Iterable[PollQuestion]) -> bool:
    """Tell whether a ballot answers every question."""
    return all(f'"{question.id}":' in answers for question in questions)


def texts_of(tx: Tx, vault: Vault, poll: str, person: int, member: int) -> dict[str, str]:
    """Give what one household member wrote, by question."""
    key = vault.ring.key(poll)
    if key is None:
        return {}
    rows = tx.all(
        "SELECT question, text FROM ballot_text WHERE poll = :poll AND ballot = :id",
        poll=poll,
        id=key.ballot(person, member),
    )
    return {row["question"]: key.open_all([bytes(row["text"])])[0].decode() for row in rows}


def texts(tx: Tx, key: PollKey | None, poll: str, question: str) -> list[str]:
    """Give the free answers to a question, in the order of the random ids."""
    if key is None:
        return []
    rows = tx.all(
        "SELECT text FROM ballot_text WHERE poll = :poll AND question = :question ORDER BY ballot",
        poll=poll,
        question=question,
    )
    return [text.decode() for text in key.open_all([bytes(row["text"]) for row in rows])]
