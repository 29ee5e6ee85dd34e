"""What is sealed opens with its key and for its purpose only."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.crypto import PASSING, PURPOSES, Vault, WrongKey
from bot.keyring import Keyring
from tests.bot.world import VAULT

KEY = "a key of more than thirty-two letters, for tests"
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


def with_keys(folder: Path, key: str = KEY) -> Vault:
    """Begin a process that finds its passing keys in a folder, and in which answering a poll is secret."""
    vault = Vault(key, Keyring(folder))
    vault.secret_flows = frozenset({"poll"})
    return vault


@pytest.mark.parametrize("purpose", PASSING)
def test_what_passes_through_opens_after_the_passing_key_changed(tmp_path: Path, purpose: str) -> None:
    vault = with_keys(tmp_path)
    sealed = vault.seal(purpose, b"ja")
    vault.ring.renew()
    assert vault.open(purpose, sealed) == with_keys(tmp_path).open(purpose, sealed) == b"ja"


@pytest.mark.parametrize("purpose", PASSING)
def test_what_an_older_release_sealed_still_opens(tmp_path: Path, purpose: str) -> None:
    assert with_keys(tmp_path).open(purpose, VAULT.seal(purpose, b"ja")) == b"ja"


@pytest.mark.parametrize("purpose", PASSING)
def test_a_destroyed_passing_key_takes_what_it_sealed_along(tmp_path: Path, purpose: str) -> None:
    vault = with_keys(tmp_path)
    before, _new = vault.seal(purpose, b"ja"), vault.ring.renew()
    after = vault.seal(purpose, b"nee")
    vault.ring.destroy_old()
    later = with_keys(tmp_path)
    assert later.open(purpose, after) == b"nee"
    with pytest.raises(WrongKey):
        later.open(purpose, before)


@pytest.mark.parametrize("purpose", PASSING)
def test_neither_the_passing_key_nor_the_key_of_the_settings_opens_anything_alone(tmp_path: Path, purpose: str) -> None:
    sealed = with_keys(tmp_path / "one").seal(purpose, b"ja")
    for other in (VAULT, with_keys(tmp_path / "two"), with_keys(tmp_path / "one", "a key of another bot, also long")):
        with pytest.raises(WrongKey):
            other.open(purpose, sealed)


@pytest.mark.parametrize("purpose", sorted(set(PURPOSES) - set(PASSING)))
def test_what_stays_needs_no_passing_key(tmp_path: Path, purpose: str) -> None:
    assert VAULT.open(purpose, with_keys(tmp_path).seal(purpose, b"6001")) == b"6001"


def test_the_journal_of_an_answer_opens_while_the_key_of_its_poll_is_there(tmp_path: Path) -> None:
    vault = with_keys(tmp_path)
    vault.ring.make("afval")
    sealed = vault.seal_session("poll", "afval:1:weet", ["ja"])
    assert with_keys(tmp_path).open_session("poll", "afval:1:weet", sealed) == ["ja"]
    vault.ring.destroy("afval")
    with pytest.raises(WrongKey):
        vault.open_session("poll", "afval:1:weet", sealed)


def test_the_key_of_another_poll_opens_no_journal(tmp_path: Path) -> None:
    vault = with_keys(tmp_path)
    for poll in ("afval", "lift"):
        vault.ring.make(poll)
    with pytest.raises(WrongKey):
        vault.open_session("poll", "lift:1:weet", vault.seal_session("poll", "afval:1:weet", ["ja"]))


def test_a_journal_from_before_its_poll_opened_still_opens(tmp_path: Path) -> None:
    """An organiser who tries a draft begins a conversation of which nothing has to be secret."""
    vault = with_keys(tmp_path)
    sealed = vault.seal_session("poll", "afval:try:weet", ["ja"])
    vault.ring.make("afval")
    assert vault.open_session("poll", "afval:try:weet", sealed) == ["ja"]


def test_another_conversation_about_a_poll_needs_no_key_of_a_poll(tmp_path: Path) -> None:
    vault = with_keys(tmp_path)
    vault.ring.make("afval")
    sealed = vault.seal_session("poll_result", "afval", ["up"])
    vault.ring.destroy("afval")
    assert vault.open_session("poll_result", "afval", sealed) == ["up"]
