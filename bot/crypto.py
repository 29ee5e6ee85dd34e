"""Keys derived from VIVAS_KEY: one hashes chat ids for the look-up, others seal what must not be readable at rest."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.keyring import Keyring, derive

KEY_VERSION = 1
NONCE = 12
PURPOSES = ("chat", "journal", "inbox", "delivery", "handoff", "learning", "ballot")
PASSING = ("inbox", "delivery")  # what only passes through: sealed under keys that no backup holds
STEP = 1024  # bytes: what tells of an answer is sealed in steps, as its length would tell which


class WrongKey(Exception):
    """This was sealed under another VIVAS_KEY, or was changed since."""


class Vault:
    """Hash and seal. Each purpose has a key of its own, and a sealed text opens under its own purpose only."""

    def __init__(self, key: str, ring: Keyring | None = None):
        self.ring = ring or Keyring()
        self.secret_flows: frozenset[str] = frozenset()  # flows whose journals open under the key of their poll only
        self._passing: dict[tuple[str, bytes], AESGCM] = {}
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
        nonce, plain = os.urandom(NONCE), filled(plain) if purpose in PASSING else plain
        return nonce + self._ciphers(purpose)[0].encrypt(nonce, plain, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """Decrypt. Raises WrongKey."""
        for cipher in self._ciphers(purpose):
            with contextlib.suppress(InvalidTag):
                plain = cipher.decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), purpose.encode())
                return plain.rstrip(b" ") if purpose in PASSING else plain
        raise WrongKey(f"cannot open a sealed {purpose}: is VIVAS_KEY the one it was written with?")

    def _ciphers(self, purpose: str) -> list[AESGCM]:
        """Give what opens a purpose, what seals it first."""
        if purpose not in PASSING or not (secrets := self.ring.passing()):
            return [self._seals[purpose]]
        return [*(self._passing_cipher(purpose, secret) for secret in secrets), self._seals[purpose]]

    def _passing_cipher(self, purpose: str, secret: bytes) -> AESGCM:
        """Tie a passing key to VIVAS_KEY: neither opens anything alone."""
        found = self._passing.get((purpose, secret))
        if found is None:
            found = AESGCM(derive(self._secret + secret, purpose))
            self._passing[purpose, secret] = found
        return found

    def seal_session(self, flow: str, subject: str, value: Any) -> bytes:
        """Encrypt the journal of a conversation: of a secret one under the key of its poll, while that is there."""
        key = self._poll_key(flow, subject)
        if key is None:
            return self.seal_json("journal", value)
        nonce = os.urandom(NONCE)
        return nonce + key.encrypt(nonce, filled(json.dumps(value, ensure_ascii=False).encode()), b"journal")

    def open_session(self, flow: str, subject: str, sealed: bytes) -> Any:
        """Decrypt what `seal_session` sealed. Raises WrongKey, also when the poll's key is gone."""
        key = self._poll_key(flow, subject)
        if key is None:
            return self.open_json("journal", sealed)
        try:
            return json.loads(key.decrypt(bytes(sealed[:NONCE]), bytes(sealed[NONCE:]), b"journal"))
        except InvalidTag:
            return self.open_json("journal", sealed)

    def _poll_key(self, flow: str, subject: str) -> AESGCM | None:
        key = self.ring.key(subject.partition(":")[0]) if flow in self.secret_flows else None
        return key.seals if key else None

    def seal_json(self, purpose: str, value: Any) -> bytes:
        """Encrypt a value that JSON can hold."""
        return self.seal(purpose, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def open_json(self, purpose: str, sealed: bytes) -> Any:
        """Decrypt a value sealed by `seal_json`. Raises WrongKey."""
        return json.loads(self.open(purpose, sealed))


def filled(plain: bytes) -> bytes:
    """Fill JSON up to the next step, with spaces, which mean nothing at its end."""
    return plain.ljust(-(-len(plain) // STEP) * STEP)
