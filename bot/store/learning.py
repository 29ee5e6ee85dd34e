"""What the search is to learn: questions without an answer, what staff made of them, and thumbs. Never whose they were."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.crypto import Vault
from bot.rights.examples import NONE, Example
from bot.store import deliveries, people
from bot.store.db import Row, Tx
from flows.rights_facts import Gap

DAY_MS = 24 * 3600 * 1000
KEPT_MS = 90 * DAY_MS
HOWS = ("linked", "out-of-scope", "wanted", "passed")


def add(tx: Tx, vault: Vault, text: str, language: str, why: str, topics: Sequence[str], now: int) -> None:
    """Keep a question that found no answer: its words sealed, the day, no person."""
    tx.run(
        "INSERT INTO gap (text, language, why, topics, day, state) VALUES (:text, :language, :why, :topics, :day, 'open')",
        text=vault.seal("learning", text.encode()),
        language=language,
        why=why,
        topics=json.dumps(list(topics)[:3]),
        day=now - now % DAY_MS,
    )


def first(tx: Tx, vault: Vault, id: int | None = None) -> Gap | None:
    """Give one question that waits for staff: this one, or the oldest."""
    wanted = "id = :id AND " if id is not None else ""
    sql = f"SELECT * FROM gap WHERE {wanted}state = 'open' ORDER BY id LIMIT 1"
    row = tx.one(sql, id=id) if id is not None else tx.one(sql)
    return _gap(vault, row) if row else None


def count(tx: Tx) -> int:
    """Count the questions that wait for staff."""
    row = tx.one("SELECT count(*) AS n FROM gap WHERE state = 'open'")
    return int(row["n"]) if row else 0


def settle(tx: Tx, vault: Vault, id: int, how: str, topic: str) -> bool:
    """Say what becomes of a question; linked and out-of-scope ones become examples for the next build. Tells whether it
    was still open."""
    row = tx.one("SELECT * FROM gap WHERE id = :id AND state = 'open'", id=id)
    if row is None or how not in HOWS:
        return False
    tx.run("UPDATE gap SET state = :how WHERE id = :id", how=how, id=id)
    if how in ("linked", "out-of-scope"):
        tx.run(
            "INSERT INTO linked_example (topic, language, text) VALUES (:topic, :language, :text)",
            topic=topic if how == "linked" else NONE,
            language=row["language"],
            text=row["text"],
        )
    return True


def examples(tx: Tx, vault: Vault) -> list[Example]:
    """Give what staff linked, for the next build of the search."""
    rows = tx.all("SELECT * FROM linked_example ORDER BY id")
    return [
        Example(
            vault.open("learning", row["text"]).decode(),
            row["language"],
            row["topic"],
            kind="outofscope" if row["topic"] == NONE else "plain",
        )
        for row in rows
    ]


def rate(tx: Tx, topic: str, language: str, up: bool) -> None:
    """Count a thumb."""
    tx.run(
        "INSERT INTO article_vote (topic, language, up, down) VALUES (:topic, :language, :up, :down)"
        " ON CONFLICT (topic, language) DO UPDATE SET up = article_vote.up + excluded.up, down = article_vote.down + excluded.down",
        topic=topic,
        language=language,
        up=int(up),
        down=int(not up),
    )


def tell_staff(tx: Tx, now: int) -> None:
    """Once a day, tell staff that questions wait to be taught."""
    if count(tx) == 0:
        return
    for person in people.with_role(tx, "staff"):
        deliveries.plan(tx, person, "work", "team", "", now, once=f"learn:{now // DAY_MS}:{person}")


def purge(tx: Tx, now: int) -> None:
    """Forget questions after 90 days, whatever became of them."""
    tx.run("DELETE FROM gap WHERE day < :old", old=now - KEPT_MS)


def _gap(vault: Vault, row: Row) -> Gap:
    text = vault.open("learning", row["text"]).decode()
    return Gap(row["id"], text, row["language"], row["why"], tuple(json.loads(row["topics"])))
