"""Who holds the bot's key, the closed database and its backups cannot tell who answered what: a linker tries all it knows,
and does no better than chance."""

from __future__ import annotations

import io
import itertools
import json
import logging
import os
import random
import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot.crypto import Vault
from bot.keyring import Keyring, PollKey
from bot.log import Scrubber
from bot.store import inbox, people
from tests.bot.poll_linker import FLOWS, Copy, Linker, by_chance, compact, copy_of, opened, right
from tests.bot.polls import POLL, load, network, opens, tenant, until
from tests.bot.rig import Rig
from tests.bot.test_intake import text
from tests.conftest import EMPTY, ENGINES, _command, in_own_loop

CROWD = range(6001, 6041)
ALONE = CROWD[0]  # the only one of Limburg, and the only one who reads Turkish
ONE_BY_ONE = 12  # so many answer with a backup after each
STOPS = {CROWD[1]: 1, CROWD[2]: 2}  # these answer so many questions, and no more
CLOSES = "2027-03-25T20:00:30"
QUESTIONS = ("weet", "hoe", "cijfer", "idee")
ASKED = [
    {"id": "weet", "kind": "yesno", "text": {"nl": "Ken je de nieuwe regels?"}},
    {"id": "hoe", "kind": "choice", "text": {"nl": "Hoe vaak moet het park open?"},
     "options": [{"nl": f"{days} dagen"} for days in range(1, 9)]},
    {"id": "cijfer", "kind": "faces", "text": {"nl": "Wat vind je van de trap?"}},
    {"id": "idee", "kind": "text", "text": {"nl": "Heb je een idee?"}},
]  # fmt: skip
AT_MOST = by_chance(len(CROWD), 0.9999)  # so many are tied rightly by a shuffle; more by one in ten thousand
_numbers = itertools.count(10_000)


@dataclass
class Story:
    """A poll that forty people answered and that was closed: what a linker gets of it, and what is true."""

    backups: list[Copy]  # made while it was open, the oldest first
    closed: Copy
    truth: Mapping[int, Sequence[str]]  # by person: the ballot as JSON, and what they wrote
    alone: int  # the person of whom there is no other
    vault: Vault  # with the bot's key, and without any key from beside the database
    later: Vault  # with the keys that are there after closing, too
    key: PollKey  # of the poll, which no copy holds
    log: str
    file: bytes  # the closed database once its journal was written back; empty on PostgreSQL

    def linker(self, *copies: Copy) -> Linker:
        """Give the linker, with all copies or with these."""
        return Linker(POLL, QUESTIONS, copies or (*self.backups, self.closed), self.vault)

    @property
    def rows(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give every row of every copy, with its table."""
        for copy in (*self.backups, self.closed):
            for name, rows in copy.tables.items():
                yield from ((name, row) for row in rows)

    @property
    def written(self) -> list[str]:
        """Give all that people answered, as it must stand nowhere: ballots, and texts."""
        return [each for theirs in self.truth.values() for each in theirs]


@dataclass
class Crowd:
    """People who answer a poll, one after the other, without waiting for what the bot says to it."""

    up: Rig
    dice: random.Random
    ids: dict[int, int] = field(default_factory=dict)  # of people, by their chat
    given: dict[int, dict[str, list[str]]] = field(default_factory=dict)  # by chat
    texts: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw how long each answer in words will be."""
        self.lengths = self.dice.sample(range(4, 100), len(CROWD))

    async def meet(self) -> None:
        """Learn under which ids the bot knows them."""
        for user in CROWD:
            row = await self.up.app.store.read(lambda tx, user=user: people.find(tx, self.up.app.turns.vault, user))  # type: ignore[misc]
            assert row is not None
            self.ids[user] = row["id"]

    async def answer(self, user: int) -> None:
        """Let someone answer at random, all or as far as they go."""
        options = {
            "weet": self.dice.choice(("yes", "no", "skip")),
            "hoe": f"o{self.dice.randint(1, 8)}",
            "cijfer": self.dice.choice("12345"),
        }
        for question, option in itertools.islice(options.items(), STOPS.get(user)):
            await self.takes(await self.tap(user, question, option))
            self.given.setdefault(user, {})[question] = [option]

    async def write(self, user: int) -> None:
        """Let someone write an answer, which is as long as nobody else's."""
        words = f"{secrets.token_hex(self.lengths.pop())}."
        await self.takes(text(next(_numbers), words, user))
        self.given[user]["idee"], self.texts[user] = ["written"], words

    async def takes(self, update: dict[str, Any]) -> None:
        """Give an update to the bot."""
        await self.up.app.intake.take([update])
        await self.up.app.dispatcher.idle()

    async def tap(self, user: int, question: str, option: str) -> dict[str, Any]:
        """Make the update of a tap."""
        found = await self.up.rows(
            f"SELECT token FROM handle WHERE person = {self.ids[user]} AND subject = '{POLL}:1:{question}'"
            " ORDER BY made_at DESC LIMIT 1"
        )
        sender = {"id": user, "is_bot": False, "first_name": "x", "language_code": "nl"}
        message = {"message_id": 1, "date": 1, "chat": {"id": user, "type": "private"}}
        query = {"id": "1", "from": sender, "data": f"{found[0]['token']}:{option}", "message": message}
        return {"update_id": next(_numbers), "callback_query": query}

    async def answers_while(self, user: int, backup: list[Copy], address: str, folder: Path) -> None:
        """Let someone answer while a backup is made: an update waits, and words are being typed."""
        update = await self.tap(user, "weet", "yes")
        raw, vault = json.dumps(update).encode(), self.up.app.turns.vault
        await self.up.app.store.write(lambda tx: inbox.store(tx, vault, [(update["update_id"], raw)], 1))
        backup.append(await copy_of(address, folder))
        await self.up.app.dispatcher.accept([(update["update_id"], update)])
        await self.up.app.dispatcher.idle()
        self.given[user] = {"weet": ["yes"]}
        for question, option in (("hoe", "o1"), ("cijfer", "1")):
            await self.takes(await self.tap(user, question, option))
            self.given[user][question] = [option]
        backup.append(await copy_of(address, folder))
        await self.write(user)

    def truth(self) -> dict[int, list[str]]:
        """Give what each person answered, as it is stored, and what they wrote."""
        found = {self.ids[user]: [compact(given)] for user, given in self.given.items()}
        for user, words in self.texts.items():
            found[self.ids[user]].append(words)
        return found


async def played(folder: Path, address: str) -> Story:
    """Let forty people answer in a random order, copying the database as they go, and close the poll."""
    chosen = int(os.environ.get("TEST_SEED") or secrets.randbits(32))
    print(f"TEST_SEED={chosen}")
    dice = random.Random(chosen)
    keys, backups = folder / "keys", list[Copy]()
    with logged() as log:
        async with network(folder, tenants=CROWD, database=address, poll_keys=str(keys)) as up:
            crowd = Crowd(up, dice)
            await prepared(up, dice)
            await crowd.meet()
            order = dice.sample([*CROWD], len(CROWD))
            watched = next(user for user in order[19:] if user not in STOPS)
            for n, user in enumerate(order, 1):
                if user == watched:
                    await crowd.answers_while(user, backups, address, folder)
                    continue
                await crowd.answer(user)
                if user not in STOPS:
                    await crowd.write(user)
                if n % 4 == 0 or n > len(CROWD) - ONE_BY_ONE:
                    backups.append(await copy_of(address, folder))
            key, secret = up.app.turns.vault.ring.key(POLL), up.app.settings.key.get_secret_value()
            assert key is not None
            await until(up, CLOSES)
            assert await up.rows("SELECT state FROM poll") == [{"state": "closed"}]
            closed = await copy_of(address, folder)
            shutil.copytree(keys, folder / "later")
    return Story(
        backups, closed, crowd.truth(), crowd.ids[ALONE], Vault(secret), Vault(secret, Keyring(folder / "later")), key,
        log.getvalue(), written_back(folder, address),
    )  # fmt: skip


async def prepared(up: Rig, dice: random.Random) -> None:
    """Spread the people over places and languages, and ask them."""
    mixed = [
        tenant(user, postcode=dice.choice(("8630", "2000", "9000")), language=dice.choice(("nl", "fr", "ar")))
        for user in CROWD
        if user != ALONE
    ]
    await load(up, people=[tenant(ALONE, postcode="3500", language="tr"), *mixed])
    await opens(up, questions=ASKED)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Keep what the bot logs, in all detail, as it does in service."""
    written, bot = io.StringIO(), logging.getLogger("bot")
    handler, level = logging.StreamHandler(written), bot.level
    handler.setFormatter(Scrubber("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    bot.setLevel(logging.DEBUG)
    try:
        bot.debug("the log is kept")
        yield written
    finally:
        bot.setLevel(level)
        logging.getLogger().removeHandler(handler)


def written_back(folder: Path, address: str) -> bytes:
    """Give the file of a closed SQLite database once its journal was written back into it."""
    file = folder / "bot.db"
    if not address.startswith("sqlite"):
        return b""
    with sqlite3.connect(file) as live:
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    live.close()
    return file.read_bytes()


@pytest.fixture(scope="module", params=ENGINES)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Give the story as it goes on each engine; it is played once."""
    folder = tmp_path_factory.mktemp("secrecy")
    address = f"sqlite:///{folder}/bot.db"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "bot.db")
    else:
        address = str(request.getfixturevalue("postgres"))
        in_own_loop(_command(address, EMPTY))
    story: Story = in_own_loop(played(folder, address))
    return story


def unsealed(copy: Copy, story: Story) -> Copy:
    """Give a copy as it would be if only the names of ballots were secret."""
    texts = [
        {**row, "text": story.vault.seal("ballot", story.key.open_all([bytes(row["text"])])[0])}
        for row in copy.tables["ballot_text"]
    ]
    ballots = [
        {**row, "sealed": story.key.open_all([bytes(row["sealed"])])[0].partition(b"\n")[0]}
        for row in copy.tables["ballot"]
    ]
    return replace(copy, tables={**copy.tables, "ballot": ballots, "ballot_text": texts})


def best(linker: Linker, truth: Mapping[int, Sequence[str]]) -> dict[str, int]:
    """Give, for each way to tie people to answers, how many it ties rightly at best."""
    return {way: max(right(guess, truth) for guess in guesses) for way, guesses in linker.ways().items()}


def test_with_the_database_and_its_backups_nobody_ties_answers_to_people_better_than_chance(story: Story) -> None:
    found = best(story.linker(), story.truth)
    print(found)
    assert {way: n for way, n in found.items() if n > AT_MOST} == {}


def test_one_backup_of_the_day_before_is_not_enough_either(story: Story) -> None:
    found = best(story.linker(story.backups[-1], story.closed), story.truth)
    print(found)
    assert {way: n for way, n in found.items() if n > AT_MOST} == {}


def test_how_far_someone_came_never_tells_which_ballot_is_theirs(story: Story) -> None:
    (guess,) = story.linker().ways()["how far each one came"]
    assert right(guess, story.truth) == 0


def test_with_the_key_of_the_poll_everyone_is_tied_to_their_ballot(story: Story) -> None:
    """So the linker can do it: what stops it is the key."""
    assert right(story.linker(*story.backups).with_the_key(story.key), story.truth) >= len(CROWD) - 1


def test_were_ballots_not_sealed_the_linker_would_tie_many(story: Story) -> None:
    """So it is no weak linker: the same copies, with the ballots readable, and texts sealed with the bot's key."""
    linker = story.linker(*(unsealed(copy, story) for copy in (*story.backups, story.closed)))
    found = best(linker, story.truth)
    print(found)
    assert found["what one copy has and another not"] > AT_MOST
    assert found["the length of what is sealed"] > AT_MOST
    assert found["how far each one came"] == len(STOPS)
    assert found["what was written at once"] > AT_MOST or not story.file  # PostgreSQL has no such journal


def test_an_answer_stands_readable_in_no_copy_and_in_no_journal(story: Story) -> None:
    found = {place for copy in (*story.backups, story.closed) for place in copy.mentions(story.written)}
    assert found == set()


def test_after_closing_no_name_of_a_ballot_is_left_in_the_file(story: Story) -> None:
    named = [row["id"] for copy in story.backups for row in copy.tables["ballot"]]
    assert len(named) >= len(CROWD)
    assert [id for id in named if id in story.file] == []


def test_of_who_is_alone_nothing_on_a_ballot_says_so(story: Story) -> None:
    """Region, language and origin are sealed with the answers, never twice the same, and no key that is left opens them."""
    ballots = [row for name, row in story.rows if name == "ballot"]
    theirs = [bytes(row["sealed"]) for row in ballots if row["id"] == story.key.ballot(story.alone, 1)]
    assert all(b"Limburg|tr|chat" in shown for shown in story.key.open_all(theirs))
    assert len({row["sealed"] for row in story.backups[-1].tables["ballot"]}) == len(CROWD)
    assert [row for row in ballots if b"Limburg" in row["sealed"] or b"|tr|" in row["sealed"]] == []
    for vault in (story.vault, story.later):
        assert [plain for _row, plain in opened(story.backups, vault) if "|tr|" in plain] == []


def test_of_who_is_alone_no_figure_is_shown(story: Story) -> None:
    theirs = [row for row in story.closed.tables["poll_result"] if row["cell"] in ("Limburg", "tr")]
    assert {row["view"] for row in theirs if row["cell"] == "tr"} == {"public", "staff"}
    assert {row["count"] for row in theirs} == {None}


def test_no_ballot_is_left_after_closing_and_who_took_part_is_listed_by_their_ids(story: Story) -> None:
    tables = story.closed.tables
    assert (tables["ballot"], tables["ballot_text"]) == ([], [])
    took_part = [row["person"] for row in tables["participation"]]
    assert took_part == sorted(story.truth)


def test_no_tap_is_noted_on_a_button_of_a_poll(story: Story) -> None:
    noted = [row["answered"] for name, row in story.rows if name == "handle" and row["flow"] in FLOWS]
    assert set(noted) == {""}


def test_what_waited_in_a_backup_opens_with_none_of_the_keys_that_are_left(story: Story) -> None:
    """Updates, messages, and conversations in which someone was about to write."""
    waited = [row for name, row in story.rows if name in ("inbox", "delivery") and row["payload"]]
    typing = [row for name, row in story.rows if name == "session" and row["flow"] in FLOWS]
    assert [row for row in waited if "update_id" in row]
    assert typing
    for vault in (story.vault, story.later):
        shown = [row for row, _plain in opened(story.backups, vault)]
        assert [row for row in (*waited, *typing) if row in shown] == []


def test_the_audit_trail_says_nothing_of_who_answers(story: Story) -> None:
    people = {str(person) for person in story.truth}
    noted = [value for name, row in story.rows if name == "audit" for value in row.values()]
    assert [value for value in noted if isinstance(value, str) and any(person in value for person in people)] == []


def test_the_log_holds_no_answer_and_no_button(story: Story) -> None:
    tokens = {row["token"] for name, row in story.rows if name == "handle"}
    assert "the log is kept" in story.log
    assert [each for each in (*story.written, *tokens, *map(str, story.truth)) if each in story.log] == []


def test_the_length_of_what_is_sealed_says_nothing(story: Story) -> None:
    """Ballots and texts are all as long as one another, whatever was answered."""
    ballots = {len(row["sealed"]) for name, row in story.rows if name == "ballot"}
    texts = {len(row["text"]) for name, row in story.rows if name == "ballot_text"}
    assert (len(ballots), len(texts)) == (1, 1)


@pytest.mark.parametrize("purpose", ["inbox", "delivery"])
def test_what_passes_through_is_as_long_whichever_answer_it_tells(tmp_path: Path, purpose: str) -> None:
    vault = Vault("a key of more than thirty-two letters, for tests", Keyring(tmp_path))
    assert len({len(vault.seal_json(purpose, {"text": "x" * n})) for n in range(1, 500)}) == 1


def test_a_conversation_is_as_long_whichever_boxes_are_ticked() -> None:
    vault = Vault("a key of more than thirty-two letters, for tests")
    vault.secret_flows = frozenset({"poll"})
    vault.ring.make(POLL)
    ticked = [{"drafts": {"q-hoe": [f"o{n}" for n in range(many)]}} for many in range(9)]
    assert len({len(vault.seal_session("poll", f"{POLL}:1:hoe", each)) for each in ticked}) == 1


@pytest.mark.parametrize(("people", "most"), [(1, 1), (2, 2), (10, 3), (40, 3)])
def test_chance_ties_a_few(people: int, most: int) -> None:
    """Of shuffles of forty, one in fifty ties more than three rightly."""
    assert by_chance(people, 0.95) == most
