"""The store: durable transactions on both engines, and nothing in the file that tells who someone is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import deliveries, inbox, people, registrations, sessions
from bot.store.db import Store, Tx, open_store
from bot.store.tables import metadata
from flows.engine import Session
from flows.questions import Answer
from tests.bot.world import MEETING, VAULT, Town, in_store

CHAT = 5550123456789
UPDATE = {
    "update_id": 71,
    "message": {
        "text": "mijn dak lekt al drie weken",
        "from": {"id": CHAT, "first_name": "Voornaam", "username": "gebruiker"},
    },
}
TOLD = "ik slaap slecht door het lawaai"
ANSWERED = "Bedankt, wij kennen het lawaai nu"
SECRET = [
    *(text.encode() for text in (str(CHAT), "dak lekt", "Voornaam", "gebruiker", TOLD, "kennen het lawaai")),
    *(CHAT.to_bytes(size, order) for size in (6, 8) for order in ("big", "little")),
]


def use_everything(tx: Tx) -> int:
    """Let one person do all that leaves something behind; give the random id."""
    town = Town(tx)
    person = people.add(tx, VAULT, CHAT, "nl", town.now)
    inbox.store(tx, VAULT, [(71, inbox.raw(UPDATE)), (72, inbox.raw(UPDATE))], town.now)
    inbox.quarantine(tx, 72, "no kind of update")
    session = Session("where", "", {"text": Answer(text=TOLD)}, {})
    sessions.focus(tx, person, sessions.save(tx, VAULT, person, session, town.now))
    sessions.new_token(tx, person, session, "text", town.now)
    payload = {"kind": "send", "text": ANSWERED, "rows": []}
    deliveries.queue_reply(tx, VAULT, person, CHAT, payload, town.now)
    deliveries.queue_to_chat(tx, VAULT, CHAT, payload, town.now)
    people.set_consents(tx, person, ["meetings"], language="nl", now=town.now)
    town.meeting()
    registrations.register(tx, MEETING, person, registrations.Wish(), town.now)
    deliveries.plan(tx, person, "reminder", "coming", MEETING, town.now, once="coming")
    tx.run("INSERT INTO role (person, role) VALUES (:id, 'organiser')", id=person)
    return person


def whole_database(tx: Tx) -> Iterator[tuple[str, str, object]]:
    """Give every value in every table."""
    for name in metadata.tables:
        for row in tx.all(f"SELECT * FROM {name}"):
            yield from ((name, column, row[column]) for column in row.keys())  # noqa: SIM118


def as_bytes(value: object) -> bytes:
    """Give a value as the bytes to look through."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else str(value).encode()


async def test_no_row_tells_who_someone_is_or_what_they_said(store: Store) -> None:
    await store.write(use_everything)
    values = await store.read(lambda tx: list(whole_database(tx)))
    told = [(name, column) for name, column, value in values for secret in SECRET if secret in as_bytes(value)]
    assert told == []


async def test_no_byte_of_the_open_file_tells_who_someone_is_or_what_they_said(sqlite_file: Path) -> None:
    store = open_store(f"sqlite:///{sqlite_file}")
    await store.write(use_everything)
    files = [path for path in sqlite_file.parent.iterdir() if path.name.startswith(sqlite_file.name)]
    assert {path.name for path in files} >= {"vivas.db", "vivas.db-wal"}
    assert [(path.name, secret) for path in files for secret in SECRET if secret in path.read_bytes()] == []
    await store.close()


async def test_what_is_stored_can_be_read_with_the_key(store: Store) -> None:
    person = await store.write(use_everything)
    kept = await store.read(lambda tx: sessions.latest(tx, VAULT, person, {"where"}))
    waiting = await store.read(lambda tx: inbox.waiting(tx, VAULT))
    assert kept is not None
    assert kept.session.journal["text"] == Answer(text=TOLD)
    assert (waiting[0][0], waiting[0][1]) == (71, inbox.raw(UPDATE))


async def test_an_erased_person_is_in_no_table(store: Store) -> None:
    person = await store.write(use_everything)
    await store.write(lambda tx: registrations.leave_all(tx, person, 1))
    await store.write(lambda tx: people.erase(tx, person, 1))
    values = await store.read(lambda tx: list(whole_database(tx)))
    assert [(name, column) for name, column, value in values if str(person) in str(value)] == []


async def test_after_erasing_only_a_keyed_hash_is_left_to_erase_by_again(store: Store) -> None:
    person = await store.write(use_everything)
    await store.write(lambda tx: people.erase(tx, person, 5))
    rows = await store.read(lambda tx: [(bytes(row["chat_hash"]), row["at"]) for row in tx.all("SELECT * FROM erased")])
    assert rows == [(VAULT.chat_hash(CHAT), 5)]


async def test_what_was_erased_is_gone_from_the_closed_file(sqlite_file: Path) -> None:
    store = open_store(f"sqlite:///{sqlite_file}")
    person = await store.write(use_everything)
    row = await store.read(lambda tx: people.get(tx, person))
    assert row is not None
    await store.write(lambda tx: people.erase(tx, person, 1))
    await store.close()
    assert bytes(row["chat_sealed"]) not in sqlite_file.read_bytes()


@in_store
def test_a_person_who_comes_back_has_another_id(town: Town) -> None:
    first = town.person("Amina")
    people.erase(town.tx, first, town.now)
    assert town.person("Amina") != first


async def test_one_chat_that_arrives_twice_at_once_is_one_person(store: Store) -> None:
    ids = await asyncio.gather(*(store.write(lambda tx: people.add(tx, VAULT, CHAT, "nl", 1)) for _n in range(20)))
    assert len(set(ids)) == 1


async def test_an_update_that_arrives_twice_at_once_is_new_once(store: Store) -> None:
    new = await asyncio.gather(
        *(store.write(lambda tx: inbox.store(tx, VAULT, [(7, b"{}"), (8, b"{}")], 1)) for _n in range(20))
    )
    assert sorted(id for ids in new for id in ids) == [7, 8]


@in_store
def test_updates_wait_in_the_order_of_their_arrival(town: Town) -> None:
    inbox.store(town.tx, VAULT, [(900, b"first")], town.now)
    inbox.store(town.tx, VAULT, [(3, b"second")], town.now + 1)  # Telegram's ids restart after a quiet week
    assert [raw for _id, raw, _attempts in inbox.waiting(town.tx, VAULT)] == [b"first", b"second"]


@in_store
def test_a_handled_update_loses_its_words_at_once(town: Town) -> None:
    inbox.store(town.tx, VAULT, [(7, b"words")], town.now)
    inbox.finish(town.tx, 7, "handled")
    assert [row["payload"] for row in town.tx.all("SELECT payload FROM inbox")] == [None]


async def test_a_job_that_fails_leaves_nothing_behind(store: Store) -> None:
    def job(tx: Tx) -> None:
        people.add(tx, VAULT, CHAT, "nl", 1)
        raise LookupError("after the first statement")

    with pytest.raises(LookupError):
        await store.write(job)
    assert await store.read(lambda tx: tx.all("SELECT id FROM person")) == []


async def test_a_job_that_fails_takes_no_other_with_it(store: Store) -> None:
    def job(tx: Tx, number: int) -> int:
        people.add(tx, VAULT, CHAT + number, "nl", 1)
        return 100 // (number % 5)

    jobs = (store.write(lambda tx, n=n: job(tx, n)) for n in range(50))  # type: ignore[misc]
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert sum(isinstance(result, ZeroDivisionError) for result in results) == 10
    assert len(await store.read(lambda tx: tx.all("SELECT id FROM person"))) == 40


async def test_a_wrong_statement_takes_no_other_with_it(store: Store) -> None:
    wrong = store.write(lambda tx: tx.run("INSERT INTO nothing (x) VALUES (1)"))
    right = store.write(lambda tx: people.add(tx, VAULT, CHAT, "nl", 1))
    outcomes = await asyncio.gather(wrong, right, return_exceptions=True)
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [True, False]
    assert await store.read(lambda tx: people.find(tx, VAULT, CHAT)) is not None


async def test_whoever_holds_the_lock_of_a_person_is_alone_with_them(store: Store) -> None:
    def count(tx: Tx) -> None:
        tx.lock(7)
        row = tx.one("SELECT value FROM meta WHERE name = 'n'")
        assert row is not None
        tx.run("UPDATE meta SET value = :value WHERE name = 'n'", value=str(int(row["value"]) + 1))

    await store.write(lambda tx: tx.run("INSERT INTO meta (name, value) VALUES ('n', '0')"))
    await asyncio.gather(*(store.write(count) for _n in range(40)))
    assert (await store.read(lambda tx: tx.all("SELECT value FROM meta")))[0]["value"] == "40"


async def test_what_was_committed_is_there_after_opening_again(address: str) -> None:
    store = open_store(address)
    await store.write(lambda tx: people.add(tx, VAULT, CHAT, "nl", 1))
    await store.close()
    again = open_store(address)
    assert await again.read(lambda tx: people.find(tx, VAULT, CHAT)) is not None
    await again.close()


async def test_closing_finishes_what_was_begun(sqlite_file: Path) -> None:
    store = open_store(f"sqlite:///{sqlite_file}")
    writing = asyncio.gather(*(store.write(lambda tx, n=n: people.add(tx, VAULT, n, "nl", 1)) for n in range(1, 30)))  # type: ignore[misc]
    await asyncio.sleep(0)
    await store.close()
    assert len(set(await writing)) == 29


async def test_readers_see_what_was_true_when_they_began(store: Store) -> None:
    await store.write(lambda tx: people.add(tx, VAULT, CHAT, "nl", 1))
    one = await store.read(lambda tx: len(tx.all("SELECT id FROM person")))
    await store.write(lambda tx: people.add(tx, VAULT, CHAT + 1, "nl", 1))
    assert (one, await store.read(lambda tx: len(tx.all("SELECT id FROM person")))) == (1, 2)


async def test_an_sqlite_database_flushes_every_commit(sqlite_store: Store) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    found = await sqlite_store.read(lambda tx: [next(iter(tuple(tx.all(f"PRAGMA {name}")[0]))) for name in pragmas])
    assert found == ["wal", 2, 1, 1]


@in_store
def test_consent_keeps_its_proof(town: Town) -> None:
    town.consent("Amina", "meetings", "polls")
    town.consent("Amina", "polls")
    proof = [(row["purpose"], row["given"]) for row in town.tx.all("SELECT * FROM consent_log ORDER BY id")]
    assert proof == [("meetings", 1), ("polls", 1), ("meetings", 0)]


@in_store
def test_asking_the_same_consent_again_writes_no_second_proof(town: Town) -> None:
    town.consent("Amina", "meetings")
    town.consent("Amina", "meetings")
    assert len(town.tx.all("SELECT * FROM consent_log")) == 1


@in_store
def test_a_button_of_someone_else_is_nobodys(town: Town) -> None:
    token = sessions.new_token(town.tx, town.person("Amina"), Session("menu"), "open", town.now)
    assert sessions.handle(town.tx, town.person("Elif"), token) is None
    assert sessions.handle(town.tx, town.person("Amina"), token) is not None
