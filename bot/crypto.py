"""Keys derived from VIVAS_KEY: one hashes chat ids for the look-up, others seal what must not be readable at rest."""

from __future__ import annotations

import hmac
import json
import os
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_VERSION = 1
NONCE = 12
PURPOSES = ("chat", "journal", "inbox", "delivery", "handoff", "learning")


class WrongKey(Exception):
    """This was sealed under another VIVAS_KEY, or was changed since."""


class Vault:
    """Hash and seal. Each purpose has a key of its own, and a sealed text opens under its own purpose only."""

    def __init__(self, key: str):
        self._secret = key.encode()
        self._hash_key = self._derive("chat-hash")
        self._seals = {purpose: AESGCM(self._derive(purpose)) for purpose in PURPOSES}

    def _derive(self, purpose: str) -> bytes:
        info = f"vivas-bot {KEY_VERSION} {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._secret)

    def chat_hash(self, chat_id: int) -> bytes:
        """Give the keyed hash by which a chat is found; without the key it says nothing."""
        return hmac.digest(self._hash_key, str(chat_id).encode(), sha256)

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """Encrypt with AES-256-GCM under a fresh nonce."""
        nonce = os.urandom(NONCE)
        return nonce + self._seals[purpose].encrypt(nonce, plain, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """Decrypt. Raises WrongKey."""
        try:
            return self._seals[purpose].decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), purpose.encode())
        except InvalidTag as wrong:
            raise WrongKey(f"cannot open a sealed {purpose}: is VIVAS_KEY the one it was written with?") from wrong

    def seal_json(self, purpose: str, value: Any) -> bytes:
        """Encrypt a value that JSON can hold."""
        return self.seal(purpose, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def open_json(self, purpose: str, sealed: bytes) -> Any:
        """Decrypt a value sealed by `seal_json`. Raises WrongKey."""
        return json.loads(self.open(purpose, sealed))
