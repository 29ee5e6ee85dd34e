"""The audit trail: what role holders did. Rows are only ever added."""

from __future__ import annotations

from bot.store.db import Tx


def note(tx: Tx, actor: str, act: str, about: str, now: int, detail: str = "") -> None:
    """Add a line: who (a person's random id, or `load`), what, on what."""
    tx.run(
        "INSERT INTO audit (at, actor, act, about, detail) VALUES (:now, :actor, :act, :about, :detail)",
        now=now,
        actor=actor,
        act=act,
        about=about,
        detail=detail[:200],
    )
