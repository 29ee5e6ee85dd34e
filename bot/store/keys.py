"""Is this the key that the database was written with? A sealed word tells."""

from __future__ import annotations

import base64

from bot.crypto import Vault, WrongKey
from bot.store.db import Tx

WORD = b"vivas"


def check(tx: Tx, vault: Vault) -> None:
    """Open the sealed word, or leave one in a new database. Raises WrongKey: with another key nobody would be found again."""
    row = tx.one("SELECT value FROM meta WHERE name = 'key'")
    if row is None:
        sealed = base64.b64encode(vault.seal("chat", WORD)).decode()
        tx.run("INSERT INTO meta (name, value) VALUES ('key', :sealed) ON CONFLICT (name) DO NOTHING", sealed=sealed)
        return
    try:
        vault.open("chat", base64.b64decode(row["value"]))
    except WrongKey:
        raise WrongKey("VIVAS_KEY: expected the key that this database was written with") from None
