"""Sessions and the tokens of their buttons."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from bot.crypto import Vault, WrongKey
from bot.store.db import Row, Tx
from flows.engine import Session
from flows.questions import Answer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A session as it is stored, with its row's id."""

    id: int
    session: Session


def find(tx: Tx, vault: Vault, person: int, flow: str, subject: str) -> Kept | None:
    """Load one session of a person."""
    row = tx.one(
        "SELECT * FROM session WHERE person = :person AND flow = :flow AND subject = :subject",
        person=person,
        flow=flow,
        subject=subject,
    )
    return _kept(tx, vault, row) if row else None


def get(tx: Tx, vault: Vault, person: int, id: int) -> Kept | None:
    """Load a session of a person by its row's id."""
    row = tx.one("SELECT * FROM session WHERE id = :id AND person = :person", id=id, person=person)
    return _kept(tx, vault, row) if row else None


def latest(tx: Tx, vault: Vault, person: int, flows: Collection[str]) -> Kept | None:
    """Load the session of one of these flows that was touched last: the one to go on with."""
    rows = tx.all("SELECT * FROM session WHERE person = :person ORDER BY touched_at DESC, id DESC", person=person)
    row = next((row for row in rows if row["flow"] in flows), None)
    return _kept(tx, vault, row) if row else None


def save(tx: Tx, vault: Vault, person: int, session: Session, now: int) -> int:
    """Keep a session; give its row's id. One without any answer is not worth a reminder: there is nothing to lose."""
    answered = any(not key.startswith("?") for key in session.journal)
    row = tx.one(
        "INSERT INTO session (person, flow, subject, journal, touched_at, nudged)"
        " VALUES (:person, :flow, :subject, :journal, :now, :nudged)"
        " ON CONFLICT (person, flow, subject)"
        " DO UPDATE SET journal = excluded.journal, touched_at = excluded.touched_at, nudged = excluded.nudged RETURNING id",
        person=person,
        flow=session.flow,
        subject=session.subject,
        journal=vault.seal_session(session.flow, session.subject, to_json(session)),
        now=now,
        nudged=int(not answered),
    )
    assert row is not None
    return int(row["id"])


def close(tx: Tx, person: int, session: Session) -> None:
    """Forget a session, and that words went to it."""
    tx.run(
        "UPDATE person SET focus = NULL WHERE id = :person AND focus ="
        " (SELECT id FROM session WHERE person = :person AND flow = :flow AND subject = :subject)",
        person=person,
        flow=session.flow,
        subject=session.subject,
    )
    tx.run(
        "DELETE FROM session WHERE person = :person AND flow = :flow AND subject = :subject",
        person=person,
        flow=session.flow,
        subject=session.subject,
    )


def focus(tx: Tx, person: int, session: int | None) -> None:
    """Say to which session plain words go."""
    tx.run("UPDATE person SET focus = :session WHERE id = :person", session=session, person=person)


def new_token(tx: Tx, person: int, session: Session, key: str, now: int) -> str:
    """Make a token for the buttons of a question."""
    token = secrets.token_urlsafe(12)
    tx.run(
        "INSERT INTO handle (token, person, flow, subject, key, made_at) VALUES (:token, :person, :flow, :subject, :key, :now)",
        token=token,
        person=person,
        flow=session.flow,
        subject=session.subject,
        key=key,
        now=now,
    )
    return token


def handle(tx: Tx, person: int, token: str) -> Row | None:
    """Find what a button is about; None when it is not this person's."""
    return tx.one("SELECT * FROM handle WHERE token = :token AND person = :person", token=token, person=person)


def mark_answered(tx: Tx, token: str, option: str) -> None:
    """Remember what was tapped, so that a second tap is known for what it is."""
    tx.run("UPDATE handle SET answered = :option WHERE token = :token", option=option, token=token)


def to_json(session: Session) -> dict[str, object]:
    """Write the journal and drafts as JSON can hold them; an answer is a list of its four parts."""
    journal = {key: [a.text, list(a.chosen), a.media, a.file] for key, a in session.journal.items()}
    return {"journal": journal, "drafts": {key: list(draft) for key, draft in session.drafts.items()}}


def _kept(tx: Tx, vault: Vault, row: Row) -> Kept | None:
    """Open a session. One that cannot be read (damaged, or of another shape) is dropped: its conversation starts anew."""
    try:
        return Kept(row["id"], _session(vault, row))
    except (WrongKey, ValueError, LookupError, TypeError, AttributeError) as error:
        log.error("a session cannot be read (%s); dropped", type(error).__name__)
        tx.run("DELETE FROM session WHERE id = :id", id=row["id"])
        return None


def _session(vault: Vault, row: Row) -> Session:
    stored = vault.open_session(row["flow"], row["subject"], row["journal"])
    journal = {
        key: Answer(text, tuple(chosen), media, file) for key, (text, chosen, media, file) in stored["journal"].items()
    }
    drafts = {key: tuple(draft) for key, draft in stored["drafts"].items()}
    return Session(row["flow"], row["subject"], journal, drafts)
