"""What is sealed opens with its key and for its purpose only."""

from __future__ import annotations

import pytest

from bot.crypto import Vault, WrongKey
from tests.bot.world import VAULT

OTHER = Vault("another key of more than thirty-two letters")


def test_what_is_sealed_opens_again() -> None:
    assert VAULT.open("chat", VAULT.seal("chat", b"6001")) == b"6001"


def test_json_comes_back_as_it_was() -> None:
    value = {"tekst": "مرحبا", "rows": [[1, None]]}
    assert VAULT.open_json("journal", VAULT.seal_json("journal", value)) == value


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert VAULT.seal("chat", b"6001") != VAULT.seal("chat", b"6001")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKey, match="VIVAS_KEY"):
        OTHER.open("chat", VAULT.seal("chat", b"6001"))


def test_another_purpose_opens_nothing() -> None:
    with pytest.raises(WrongKey):
        VAULT.open("inbox", VAULT.seal("chat", b"6001"))


def test_a_changed_byte_opens_nothing() -> None:
    sealed = bytearray(VAULT.seal("chat", b"6001"))
    sealed[-1] ^= 1
    with pytest.raises(WrongKey):
        VAULT.open("chat", bytes(sealed))


def test_a_chat_is_found_by_the_same_hash_each_time() -> None:
    assert VAULT.chat_hash(6001) == Vault("a key of more than thirty-two letters, for tests").chat_hash(6001)


def test_the_hash_says_nothing_without_the_key() -> None:
    assert VAULT.chat_hash(6001) != OTHER.chat_hash(6001)
