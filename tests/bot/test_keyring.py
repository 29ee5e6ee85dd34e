"""Keys live in files beside the database: whole, for nobody else to read, in no backup, and gone for good when destroyed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from bot.keyring import Keyring, PollKey

POLL = "afval"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def mode(path: Path) -> int:
    """Give who may read and write a file."""
    return stat.S_IMODE(path.stat().st_mode)


def files(folder: Path) -> list[str]:
    """Name the keys in a folder."""
    return sorted(path.name for path in folder.glob("*.key*"))


def test_the_key_of_a_poll_is_for_nobody_else_to_read(folder: Path) -> None:
    Keyring(folder).make(POLL)
    assert files(folder) == ["poll-afval.key"]
    assert (mode(folder), mode(folder / "poll-afval.key")) == (0o700, 0o600)


def test_backup_programs_are_told_to_leave_the_folder_out(folder: Path) -> None:
    """As the Cache Directory Tagging Specification has it (bford.info/cachedir)."""
    Keyring(folder).make(POLL)
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_key_survives_a_restart(folder: Path) -> None:
    before = Keyring(folder)
    before.make(POLL)
    after = Keyring(folder)
    assert name_of(after) == name_of(before)


def name_of(ring: Keyring) -> bytes:
    """Name a ballot with the key of the poll."""
    key = ring.key(POLL)
    assert key is not None
    return key.ballot(7, 1)


def test_a_key_that_is_there_is_not_made_anew(folder: Path) -> None:
    ring = Keyring(folder)
    ring.make(POLL)
    name = name_of(ring)
    Keyring(folder).make(POLL)
    ring.make(POLL)
    assert name_of(Keyring(folder)) == name


def test_a_destroyed_key_is_gone_for_every_process(folder: Path) -> None:
    ring = Keyring(folder)
    ring.make(POLL)
    ring.destroy(POLL)
    assert (ring.key(POLL), Keyring(folder).key(POLL), files(folder)) == (None, None, [])


def test_a_destroyed_key_is_written_over_before_it_goes(folder: Path) -> None:
    """A second name of the same file shows what is left on the disk."""
    ring = Keyring(folder)
    ring.make(POLL)
    secret = (folder / "poll-afval.key").read_bytes()
    (folder / "left").hardlink_to(folder / "poll-afval.key")
    ring.destroy(POLL)
    left = (folder / "left").read_bytes()
    assert (left != secret, len(left)) == (True, len(secret))


def test_destroying_twice_or_what_never_was_does_nothing(folder: Path) -> None:
    ring = Keyring(folder)
    ring.destroy(POLL)
    ring.make("other")
    ring.destroy(POLL)
    ring.destroy(POLL)
    assert files(folder) == ["poll-other.key"]


def test_a_lost_key_is_none_and_no_error(folder: Path) -> None:
    Keyring(folder).make(POLL)
    (folder / "poll-afval.key").unlink()
    assert Keyring(folder).key(POLL) is None


def test_half_a_key_is_no_key(folder: Path) -> None:
    Keyring(folder).make(POLL)
    (folder / "poll-afval.key").write_bytes(b"half")
    assert Keyring(folder).key(POLL) is None


def test_what_a_crash_left_half_written_is_no_key_and_in_nobodys_way(folder: Path) -> None:
    ring = Keyring(folder)
    ring.make("other")
    (folder / "poll-afval.key.part").write_bytes(b"half")
    assert ring.key(POLL) is None
    ring.make(POLL)
    assert name_of(Keyring(folder)) == name_of(ring)
    assert files(folder) == ["poll-afval.key", "poll-other.key"]


def test_a_key_restored_while_the_bot_runs_is_found(folder: Path) -> None:
    Keyring(folder).make(POLL)
    kept = (folder / "poll-afval.key").read_bytes()
    (folder / "poll-afval.key").unlink()
    ring = Keyring(folder)
    assert ring.key(POLL) is None
    (folder / "poll-afval.key").write_bytes(kept)
    assert ring.key(POLL) is not None


def test_without_a_folder_keys_live_as_long_as_the_process() -> None:
    ring = Keyring()
    ring.make(POLL)
    assert ring.key(POLL) is not None
    ring.destroy(POLL)
    assert (ring.key(POLL), ring.passing()) == (None, [])


def test_the_ballots_of_two_members_two_people_and_two_polls_have_different_names() -> None:
    one, other = PollKey(bytes(32)), PollKey(bytes(31) + b"\1")
    named = {one.ballot(7, 1), one.ballot(7, 2), one.ballot(8, 1), other.ballot(7, 1)}
    assert len(named) == 4
    assert one.ballot(7, 1) == PollKey(bytes(32)).ballot(7, 1)


def test_person_and_member_do_not_run_together_in_a_name() -> None:
    key = PollKey(bytes(32))
    assert key.ballot(11, 1) != key.ballot(1, 11)


SHOWN = [b"{}", "é".encode() * 60, b"x" * 300, b"y" * 5000]


def test_what_is_sealed_is_shown_again_many_at_once_and_says_nothing_meanwhile() -> None:
    key = PollKey(bytes(32))
    sealed = [key.seal(plain, 256) for plain in SHOWN]
    assert key.open_all(sealed) == SHOWN
    assert [plain for plain, one in zip(SHOWN, sealed, strict=True) if plain in one] == []


def test_the_same_answer_is_sealed_otherwise_each_time() -> None:
    key = PollKey(bytes(32))
    assert key.seal(b"yes", 256) != key.seal(b"yes", 256)


def test_no_length_tells_a_short_text_from_a_long_one() -> None:
    key = PollKey(bytes(32))
    assert len({len(key.seal(b"x" * length, 256)) for length in (0, 1, 100, 256)}) == 1


def test_another_key_does_not_show_it() -> None:
    sealed = PollKey(bytes(32)).seal(b"yes", 256)
    with pytest.raises(InvalidTag):
        PollKey(bytes(31) + b"\1").open_all([sealed])


def test_the_first_passing_key_is_made_when_it_is_needed(folder: Path) -> None:
    assert len(Keyring(folder).passing()) == 1
    assert files(folder) == ["passing-1.key"]
    assert mode(folder / "passing-1.key") == 0o600


def test_the_newest_passing_key_comes_first_and_the_older_ones_still_open(folder: Path) -> None:
    ring = Keyring(folder)
    (first,) = ring.passing()
    second = ring.renew()
    assert ring.passing() == Keyring(folder).passing() == [second, first]


def test_only_the_newest_passing_key_is_left_for_the_next_process(folder: Path) -> None:
    ring = Keyring(folder)
    (first,) = ring.passing()
    second = ring.renew()
    ring.destroy_old()
    assert Keyring(folder).passing() == [second]
    assert files(folder) == ["passing-2.key"]
    assert first in ring.passing()  # what this process sealed while it changed can still be opened by it


def test_the_tenth_passing_key_is_newer_than_the_ninth(folder: Path) -> None:
    ring = Keyring(folder)
    ring.passing()
    newest = [ring.renew() for _time in range(10)][-1]
    assert Keyring(folder).passing()[0] == newest
