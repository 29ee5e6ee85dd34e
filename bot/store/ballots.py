"""Ballots: one for each household member who answers. Whose each is, and what stands on it, only the poll's key tells,
until closing."""

from __future__ import annotations

import json
from collections import Counter
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
CUT_SIZE = 48  # bytes that region, language and origin may need
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
    size: int = SIZE,
) -> None:
    """Put an answer on a ballot; the first makes it. A double tap, or a second device, finds the same ballot again.
    `size` is how long every ballot of this poll is made (`size_of`).

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
    put(tx, key, poll, id, {**answers, question.id: given}, cut, size)
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


def size_of(questions: Iterable[PollQuestion]) -> int:
    """Give the bytes that any ballot of a poll may need, whatever is answered: all of them are made so long."""
    longest = sum(len(question.id) + 6 + _longest(question) for question in questions) + 3 + CUT_SIZE
    return -(-longest // 16) * 16


def _longest(question: PollQuestion) -> int:
    """Give the bytes of the longest answer to a question, as JSON."""
    options = [len(option) + 3 for option in (*question.option_ids, WRITTEN, "skip")]
    return 2 + (sum(options) if question.kind == "several" else max(options))


def put(
    tx: Tx, key: PollKey, poll: str, id: bytes, answers: Mapping[str, tuple[str, ...]], cut: str, size: int
) -> None:
    """Write a whole ballot."""
    tx.run(
        "INSERT INTO ballot (poll, id, sealed) VALUES (:poll, :id, :sealed)"
        " ON CONFLICT (poll, id) DO UPDATE SET sealed = excluded.sealed",
        poll=poll,
        id=id,
        sealed=sealed(key, answers, cut, size),
    )


def sealed(key: PollKey, answers: Mapping[str, tuple[str, ...]], cut: str, size: int) -> bytes:
    """Seal what stands on a ballot: the answers as JSON in the order of the questions' ids, and the attributes."""
    written = json.dumps({name: list(chosen) for name, chosen in sorted(answers.items())}, separators=(",", ":"))
    return key.seal(f"{written}\n{cut}".encode(), size)


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
    return {id: complete(answers, asked) for id, answers in _opened(tx, key, poll)}


def _opened(tx: Tx, key: PollKey | None, poll: str) -> Iterator[tuple[bytes, str]]:
    """Give the id and what stands on every ballot."""
    for page in _pages(tx, poll) if key else ():
        assert key is not None
        for row, plain in zip(page, key.open_all([row["sealed"] for row in page]), strict=True):
            yield bytes(row["id"]), plain.decode()


def _pages(tx: Tx, poll: str) -> Iterator[list[Row]]:
    """Give all ballots of a poll, some at a time: with all of them at once, collecting garbage takes most of the time."""
    sql = "SELECT id, sealed FROM ballot WHERE poll = :poll AND id > :after ORDER BY id LIMIT :page"
    after = b""
    while page := tx.all(sql, poll=poll, after=after, page=PAGE):
        yield page
        after = page[-1]["id"]


def count(tx: Tx, poll: str) -> int:
    """Count the ballots of a poll."""
    row = tx.one("SELECT count(*) AS n FROM ballot WHERE poll = :poll", poll=poll)
    return int(row["n"]) if row else 0


def rows_of(tx: Tx, key: PollKey | None, poll: str) -> list[tuple[Cut, str]]:
    """Give every ballot as its attributes (region, language, origin) and its answers (JSON); what is alike comes together."""
    alike: Counter[bytes] = Counter()
    for page in _pages(tx, poll) if key else ():
        assert key is not None
        alike.update(key.open_all([row["sealed"] for row in page]))
    found: list[tuple[Cut, str]] = []
    for plain, n in alike.items():
        answers, _line, cut = plain.decode().partition("\n")
        region, language, origin = cut.split("|")
        found += [((region, language, origin), answers)] * n
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
