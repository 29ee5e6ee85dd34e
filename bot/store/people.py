"""Persons: found by the keyed hash of their chat, known by a random id."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable

from bot.crypto import KEY_VERSION, Vault
from bot.store.db import Row, Tx

CONSENT_TEXT = "2027-01"


def find(tx: Tx, vault: Vault, chat_id: int) -> Row | None:
    """Find who writes from this chat."""
    return tx.one("SELECT * FROM person WHERE chat_hash = :hash", hash=vault.chat_hash(chat_id))


def get(tx: Tx, person: int) -> Row | None:
    """Load a person by the random id."""
    return tx.one("SELECT * FROM person WHERE id = :id", id=person)


def add(tx: Tx, vault: Vault, chat_id: int, phone_language: str, now: int, unreachable: str = "") -> int:
    """Add a newcomer under a random id; give it. Someone who is known already keeps theirs."""
    tx.run(
        "INSERT INTO person (id, chat_hash, chat_sealed, key_version, phone_language, seen_at, unreachable)"
        " VALUES (:id, :hash, :sealed, :version, :language, :now, :unreachable) ON CONFLICT (chat_hash) DO NOTHING",
        id=secrets.randbits(62) + 1,
        hash=vault.chat_hash(chat_id),
        sealed=vault.seal("chat", str(chat_id).encode()),
        version=KEY_VERSION,
        language=phone_language,
        now=now,
        unreachable=unreachable,
    )
    row = find(tx, vault, chat_id)
    assert row is not None
    return int(row["id"])


def chat_of(vault: Vault, sealed: bytes) -> int:
    """Open a sealed chat id."""
    return int(vault.open("chat", sealed))


def seen(tx: Tx, person: int, now: int) -> None:
    """Note that someone wrote: they can be reached again."""
    tx.run("UPDATE person SET seen_at = :now, unreachable = '' WHERE id = :id", now=now, id=person)


def unreachable(tx: Tx, person: int, why: str) -> None:
    """Note that Telegram refuses to deliver to someone; their open messages end, and they are left alone."""
    tx.run("UPDATE person SET unreachable = :why WHERE id = :id", why=why, id=person)
    tx.run(
        "UPDATE registration SET offered_until = 0 WHERE person = :id AND status = 'offered'", id=person
    )  # passes on
    tx.run(
        "UPDATE delivery SET state = 'blocked', reason = :why, payload = NULL"
        " WHERE person = :id AND state IN ('queued', 'held')",
        why=why,
        id=person,
    )


def consents(tx: Tx, person: int) -> frozenset[str]:
    """Give the purposes that someone wants messages for."""
    return frozenset(row["purpose"] for row in tx.all("SELECT purpose FROM consent WHERE person = :id", id=person))


def set_consents(
    tx: Tx, person: int, purposes: Iterable[str], *, language: str, now: int, channel: str = "chat"
) -> None:
    """Make these the only purposes, and keep the proof of what changed."""
    wanted, had = set(purposes), consents(tx, person)
    for purpose in sorted(wanted ^ had):
        given = purpose in wanted
        if given:
            tx.run("INSERT INTO consent (person, purpose) VALUES (:id, :purpose)", id=person, purpose=purpose)
        else:
            tx.run("DELETE FROM consent WHERE person = :id AND purpose = :purpose", id=person, purpose=purpose)
        tx.run(
            "INSERT INTO consent_log (person, purpose, given, at, text_version, language, channel)"
            " VALUES (:id, :purpose, :given, :now, :version, :language, :channel)",
            id=person,
            purpose=purpose,
            given=int(given),
            now=now,
            version=CONSENT_TEXT,
            language=language,
            channel=channel,
        )
    tx.run("UPDATE person SET asked_consents = 1 WHERE id = :id", id=person)


def roles(tx: Tx, person: int) -> list[Row]:
    """Give someone's roles with their scopes."""
    return tx.all("SELECT role, scope_kind, scope FROM role WHERE person = :id ORDER BY role, scope", id=person)


def with_role(tx: Tx, *names: str) -> list[int]:
    """Give the ids of everyone who holds one of these roles and can be reached."""
    marks = ", ".join(f":r{i}" for i in range(len(names)))
    sql = f"SELECT DISTINCT r.person FROM role r JOIN person p ON p.id = r.person WHERE p.unreachable = '' AND r.role IN ({marks})"
    return [row["person"] for row in tx.all(sql, **{f"r{i}": name for i, name in enumerate(names)})]


def landlords(tx: Tx) -> list[tuple[str, str, tuple[str, ...]]]:
    """Give id, name and municipalities of every landlord."""
    rows = tx.all("SELECT id, name, municipalities FROM landlord ORDER BY name")
    return [(row["id"], row["name"], tuple(json.loads(row["municipalities"]))) for row in rows]


def erase(tx: Tx, person: int, now: int) -> None:
    """Forget someone: the row, and by cascade all that hangs on it. A keyed hash stays, to erase again after a restore."""
    tx.run(
        "INSERT INTO erased (chat_hash, at) SELECT chat_hash, CAST(:now AS BIGINT) FROM person WHERE id = :id"
        " ON CONFLICT (chat_hash) DO UPDATE SET at = excluded.at",
        now=now,
        id=person,
    )
    tx.run("DELETE FROM delivery WHERE person = :id", id=person)
    tx.run("UPDATE handoff SET taken_by = NULL WHERE taken_by = :id", id=person)
    for table in ("poll", "broadcast"):
        for column in ("made_by", "released_by"):
            tx.run(f"UPDATE {table} SET {column} = NULL WHERE {column} = :id", id=person)
    tx.run("UPDATE audit SET actor = 'erased' WHERE actor = :actor", actor=str(person))
    tx.run("UPDATE audit SET about = 'person:erased' WHERE about = :about", about=f"person:{person}")
    tx.run("DELETE FROM person WHERE id = :id", id=person)
