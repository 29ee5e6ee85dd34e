"""Someone who holds the bot's key and copies of its database, and tries to tie answers to people.

What they never have: the keys of open polls, which are in no backup, and the memory of the process.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bot.crypto import PURPOSES, Vault, WrongKey
from bot.keyring import PollKey
from bot.store.db import url_of
from bot.store.tables import metadata

Found = Mapping[str, Any]
Guess = Mapping[int, str]  # person -> what they are thought to have answered
FLOWS = ("poll", "poll_write")
SEAL = 12 + 16  # bytes of a nonce and of a tag


@dataclass(frozen=True)
class Copy:
    """A copy of a database: its tables, with rows in the order in which they lie, and the bytes of its files."""

    tables: Mapping[str, Sequence[Found]]
    file: bytes = b""
    wal: bytes = b""

    def mentions(self, words: Sequence[str]) -> list[str]:
        """Name the places in which any of these words stand, readable."""
        tables = {name: _bytes_of(rows) for name, rows in self.tables.items()}
        places = {**tables, "the file": self.file, "its journal": self.wal}
        return [name for name, content in places.items() if any(word.encode() in content for word in words)]


def _bytes_of(rows: Sequence[Found]) -> bytes:
    values = (value for row in rows for value in row.values() if value is not None)
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


async def copy_of(address: str, folder: Path) -> Copy:
    """Copy a database beside the bot that writes to it: a backup of SQLite with the files as they lie, a dump of
    PostgreSQL."""
    url = url_of(address)
    if url.get_backend_name() == "postgresql":
        return Copy(await _dumped(address))
    source, target = Path(str(url.database)), folder / "copy.db"
    target.unlink(missing_ok=True)
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
        copy.row_factory = sqlite3.Row
        tables = {name: [dict(row) for row in copy.execute(f'SELECT * FROM "{name}"')] for name in metadata.tables}
    live.close()
    copy.close()
    return Copy(tables, target.read_bytes(), source.with_name(f"{source.name}-wal").read_bytes())


async def _dumped(address: str) -> dict[str, list[Found]]:
    connection = await asyncpg.connect(address)
    try:
        return {
            name: [dict(row) for row in await connection.fetch(f'SELECT * FROM "{name}" ORDER BY ctid')]
            for name in metadata.tables
        }
    finally:
        await connection.close()


def opened(copies: Iterable[Copy], vault: Vault) -> Iterator[tuple[Found, str]]:
    """Open all that a vault opens: the row, and what was sealed there."""
    for copy in copies:
        for rows in copy.tables.values():
            for row in rows:
                for value in row.values():
                    if isinstance(value, bytes) and (plain := _open(vault, value)) is not None:
                        yield row, plain


def _open(vault: Vault, sealed: bytes) -> str | None:
    for purpose in PURPOSES:
        try:
            return vault.open(purpose, sealed).decode()
        except (WrongKey, ValueError):
            continue
    return None


class Linker:
    """What one can try with copies of one poll, the oldest first. Each way gives a guess for each person."""

    def __init__(self, poll: str, questions: Sequence[str], copies: Sequence[Copy], vault: Vault):
        self.poll, self.questions, self.copies, self.vault = poll, questions, copies, vault
        self.last = copies[-1]
        self.open = next((copy for copy in reversed(copies) if copy.tables["ballot"]), self.last)
        self.contents = {row["id"]: readable(row) for copy in copies for row in copy.tables["ballot"]}

    def ways(self) -> dict[str, list[Guess]]:
        """Give every way there is, with the guesses it leads to."""
        people = [self.people(self.open, question) for question in (0, 1, -1)]
        lie, texts = [row["id"] for row in self.open.tables["ballot"]], self.texts()
        return {
            "the order of the rows": [self.tie(order, lie) for order in people],
            "the order of the texts": [pair(order, texts) for order in people],
            "the place in the file": [self.tie(order, self.as_they_lie()) for order in people],
            "what was written at once": [self.by_commit()],
            "what one copy has and another not": [self.by_difference()],
            "how far each one came": [self.by_progress()],
            "the length of what is sealed": [self.by_length()],
            "what opens with the bot's key": [self.by_opening()],
        }

    def with_the_key(self, key: PollKey) -> Guess:
        """Tie everyone to their ballot, by the key that no copy holds."""
        named = {key.ballot(row["id"], 1): row["id"] for copy in self.copies for row in copy.tables["person"]}
        ballots = {row["id"]: row["sealed"] for copy in self.copies for row in copy.tables["ballot"]}
        shown = [ballot.decode().partition("\n")[0] for ballot in key.open_all([*ballots.values()])]
        return {named[id]: ballot for id, ballot in zip(ballots, shown, strict=True) if id in named}

    def tie(self, people: Sequence[int], ballots: Sequence[bytes]) -> Guess:
        """Tie the first person to the first ballot, and so on."""
        return pair(people, [self.contents[id] or "" for id in ballots])

    def people(self, copy: Copy, question: int) -> list[int]:
        """Give who answered, in the order in which they were shown a question: the buttons say when."""
        sought = self.questions[question]
        moments = {row["person"]: row["made_at"] for row, shown in self.buttons(copy) if shown == sought}
        return sorted(moments, key=lambda person: moments[person])

    def buttons(self, copy: Copy) -> Iterator[tuple[Found, str]]:
        """Give the buttons of this poll, each with its question."""
        for row in copy.tables["handle"]:
            poll, _member, question = [*row["subject"].split(":"), "", ""][:3]
            if row["flow"] in FLOWS and poll == self.poll and question in self.questions:
                yield row, question

    def texts(self) -> list[str]:
        """Give the texts that can be read, as they lie: those kept after closing, or those of open ballots."""
        rows = self.last.tables["poll_text"] or self.open.tables["ballot_text"]
        return [text for row in rows if (text := _open(self.vault, row["text"])) is not None]

    def as_they_lie(self) -> list[bytes]:
        """Give the ballots by their place in the file of SQLite, which fills a page from its end."""
        file = self.open.file
        page = int.from_bytes(file[16:18])
        places = [(file.find(row["id"]), row["id"]) for row in self.open.tables["ballot"]]
        return [id for _place, id in sorted(((at // page, -at), id) for at, id in places if at >= 0)]

    def by_commit(self) -> Guess:
        """Tie ballots to people whose buttons came into the journal of SQLite in the same transaction."""
        guess: dict[int, str] = {}
        tokens = {row["token"].encode(): row["person"] for copy in self.copies for row, _ in self.buttons(copy)}
        for copy in self.copies:
            ballots, buttons = set(self.contents), set(tokens)
            for written in transactions(copy.wal):
                new = {id for id in ballots if id in written}
                shown = {token for token in buttons if token in written}
                guess |= self.tie([tokens[token] for token in shown], list(new)) if len(new) == len(shown) == 1 else {}
                ballots, buttons = ballots - new, buttons - shown
        return guess

    def by_difference(self) -> Guess:
        """Of two copies, tie the ballots that are new to the people who are."""
        guess: dict[int, str] = {}
        old: set[bytes] = set()
        known: set[int] = set()
        for copy in self.copies:
            people = [person for person in self.people(copy, 1) if person not in known]
            ballots = [row["id"] for row in copy.tables["ballot"] if row["id"] not in old]
            guess |= self.tie(people, ballots)
            old, known = old | {*ballots}, known | {*people}
        return guess

    def by_progress(self) -> Guess:
        """Where one person alone came so far and no further, tie them to the one ballot with so many answers."""
        guess: dict[int, str] = {}
        for copy in self.copies:
            reached: dict[int, int] = {}
            for row, question in self.buttons(copy):
                reached[row["person"]] = max(reached.get(row["person"], 0), self.questions.index(question))
            read = [answers for row in copy.tables["ballot"] if (answers := readable(row))]
            for far, people in Counter(reached.values()).items():
                found = [answers for answers in read if len(json.loads(answers)) == far]
                if people == len(found) == 1:
                    guess |= {person: found[0] for person, place in reached.items() if place == far}
        return guess

    def by_length(self) -> Guess:
        """Tie a text that is shown after closing to the person who came between two copies, by the length of what is new."""
        guess: dict[int, str] = {}
        shown = {len(text.encode()): text for text in self.texts()}
        old: set[bytes] = set()
        known: set[int] = set()
        for copy in self.copies:
            people = [person for person in self.people(copy, -1) if person not in known]
            texts = {row["ballot"]: len(row["text"]) for row in copy.tables["ballot_text"] if row["ballot"] not in old}
            guess |= pair(people, [shown.get(length - SEAL, "") for length in texts.values()])
            old, known = old | {*texts}, known | {*people}
        return guess

    def by_opening(self) -> Guess:
        """Tie to a person all that opens and stands in a row of theirs."""
        guess: dict[int, str] = {}
        for row, plain in opened(self.copies, self.vault):
            if row.get("person") is not None:
                guess[row["person"]] = f"{guess.get(row['person'], '')}{plain}"
        return guess


def transactions(wal: bytes) -> Iterator[bytes]:
    """Give what each transaction wrote to a journal of SQLite (its format: sqlite.org/fileformat2.html, part 4)."""
    if len(wal) < 32:
        return
    page, salts = int.from_bytes(wal[8:12]), wal[16:24]
    written: list[bytes] = []
    for at in range(32, len(wal), 24 + page):
        head = wal[at : at + 24]
        if head[8:16] != salts:  # from before the journal was begun anew
            return
        written.append(wal[at + 24 : at + 24 + page])
        if any(head[4:8]):
            yield b"".join(written)
            written = []


def readable(row: Found) -> str | None:
    """Give the answers in a row as JSON, in whatever column they stand, or None when they cannot be read."""
    for value in row.values():
        try:
            answers = json.loads(value)
        except ValueError:
            continue
        if isinstance(answers, dict):
            return compact(answers)
    return None


def compact(answers: Any) -> str:
    """Write answers as they are stored."""
    return json.dumps(answers, sort_keys=True, separators=(",", ":"))


def pair(people: Sequence[int], answers: Sequence[str]) -> Guess:
    """Tie the first to the first, and so on."""
    return {person: answer for person, answer in zip(people, answers, strict=False) if answer}


def right(guess: Guess, truth: Mapping[int, Sequence[str]]) -> int:
    """Count the people to whom a guess ties something of theirs, or a text that holds it."""
    return sum(any(mine in guess.get(person, "") for mine in theirs) for person, theirs in truth.items())


def by_chance(people: int, share: float) -> int:
    """Give how many of so many people are tied rightly by a shuffle, at most, in this share of all shuffles."""
    total, most = 0.0, -1
    while total < share:
        most += 1
        left = people - most  # so many that must all be wrong
        wrong = sum((-1) ** n / math.factorial(n) for n in range(left + 1))
        total += wrong / math.factorial(most)
    return most
