"""Keys that live in files beside the database, never in it and in no backup: one for each open poll, and the passing key.

A poll's key ties a person to their ballot. It is destroyed at closing, and with it the tie: in the database, and in every
backup that was ever made of it. The passing key seals what only passes through (updates that wait, messages not sent yet);
it changes whenever a poll closes, so that yesterday's backup does not hold an answer that was on its way.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BYTES = 32
BALLOT = 16  # bytes of a ballot's id
NONCE = 12
PASSING = re.compile(r"passing-(\d+)\.key")
TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# Keys of open polls. No backup may hold them: see docs/privacy.md.\n"
)


def derive(secret: bytes, purpose: str) -> bytes:
    """Derive a key for one purpose from a secret (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"vivas-bot {purpose}".encode()).derive(secret)


class PollKey:
    """The key of one open poll: names ballots, hides what stands on them, seals the journals of who answers."""

    def __init__(self, secret: bytes):
        self._secret = secret

    @cached_property
    def _naming(self) -> bytes:
        return derive(self._secret, "ballot")

    @cached_property
    def _answers(self) -> AESGCM:
        return AESGCM(derive(self._secret, "answers"))

    @cached_property
    def seals(self) -> AESGCM:
        """Give the cipher for journals."""
        return AESGCM(derive(self._secret, "journal"))

    def ballot(self, person: int, member: int) -> bytes:
        """Name the ballot of a member of a person's household: always the same, and random to who lacks the key."""
        return hmac.digest(self._naming, f"{person}:{member}".encode(), sha256)[:BALLOT]

    def seal(self, plain: bytes, size: int) -> bytes:
        """Seal some bytes (none of them nought), made as long as `size` or a double of it, so that the length tells nothing."""
        while len(plain) > size:
            size *= 2
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._answers.encrypt(nonce, plain.ljust(size, b"\0"), b"answers")

    def open_all(self, sealed: Iterable[bytes]) -> list[bytes]:
        """Open what was sealed. Raises InvalidTag for what was changed since, or sealed under another key."""
        opened = self._answers.decrypt
        return [opened(one[:NONCE], one[NONCE:], b"answers").rstrip(b"\0") for one in sealed]


class Keyring:
    """The keys in a folder; without a folder they live as long as this object (tests)."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder
        self._polls: dict[str, PollKey | None] = {}
        self._passing: list[bytes] = []

    def make(self, poll: str) -> None:
        """Make the key of a poll that opens; one that is there stays."""
        if self.key(poll) is not None:
            return
        secret = os.urandom(BYTES)
        if self.folder is not None:
            self._write(f"poll-{poll}.key", secret)
        self._polls[poll] = PollKey(secret)

    def key(self, poll: str) -> PollKey | None:
        """Give the key of an open poll; None when it was destroyed, or lost."""
        if self._polls.get(poll) is None and self.folder is not None:
            secret = self._read(f"poll-{poll}.key")
            self._polls[poll] = PollKey(secret) if secret else None
        return self._polls.get(poll)

    def destroy(self, poll: str) -> None:
        """Destroy the key of a poll: overwritten, and gone. Doing it again does nothing."""
        self._polls[poll] = None
        if self.folder is not None:
            self._shred(self.folder / f"poll-{poll}.key")

    def passing(self) -> list[bytes]:
        """Give the passing keys, the newest first: it seals, all open."""
        if self.folder is not None and not self._passing:
            self._passing = [secret for _number, secret in self._found()] or [self.renew()]
        return self._passing

    def renew(self) -> bytes:
        """Begin a new passing key; the older ones still open, until they are destroyed."""
        secret = os.urandom(BYTES)
        if self.folder is not None:
            numbers = [number for number, _secret in self._found()]
            self._write(f"passing-{max(numbers, default=0) + 1}.key", secret)
            self._passing = [secret, *self._passing]
        return secret

    def destroy_old(self) -> None:
        """Destroy all passing keys but the newest. What this process sealed lately can still be opened by it."""
        if self.folder is not None:
            for number, _secret in self._found()[1:]:
                self._shred(self.folder / f"passing-{number}.key")

    def _found(self) -> list[tuple[int, bytes]]:
        assert self.folder is not None
        names = [PASSING.fullmatch(path.name) for path in self.folder.glob("passing-*.key")]
        numbers = sorted((int(name[1]) for name in names if name), reverse=True)
        found = [(number, self._read(f"passing-{number}.key")) for number in numbers]
        return [(number, secret) for number, secret in found if secret]

    def _read(self, name: str) -> bytes | None:
        assert self.folder is not None
        with contextlib.suppress(FileNotFoundError):
            secret = (self.folder / name).read_bytes()
            return secret if len(secret) == BYTES else None
        return None

    def _write(self, name: str, secret: bytes) -> None:
        """Write a key so that it is there after a crash, whole, and for nobody else to read."""
        assert self.folder is not None
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tag = self.folder / "CACHEDIR.TAG"  # backup programs leave such folders out (bford.info/cachedir)
        if not tag.exists():
            tag.write_text(TAG, encoding="ascii")
        part = self.folder / f"{name}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / name)
        self._sync()

    def _shred(self, path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            with path.open("r+b") as file:
                file.write(os.urandom(BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            self._sync()

    def _sync(self) -> None:
        assert self.folder is not None
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
