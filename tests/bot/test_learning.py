"""What found no answer reaches staff without the person, and becomes an example, or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import operations
from bot.app import shared_search
from bot.rights import building
from bot.rights.examples import NONE, Example, examples
from bot.rights.model import Model
from bot.store import housekeeping, learning
from bot.store.db import Tx
from bot.store.learning import HOWS
from bot.store.tables import metadata
from tests.bot.desk import STAFF, TOPICS, buttons, desk, finds, hands, says
from tests.bot.hand import Hand
from tests.bot.rig import Rig
from tests.bot.test_intake import AMINA
from tests.bot.world import VAULT, Town, at, in_store

DAY = housekeeping.DAY_MS
WORDS = "hoe maak ik pannenkoeken?"


async def gaps(up: Rig) -> list[tuple[str, str]]:
    """Give the words and the reason of every question that was kept, oldest first."""

    def job(tx: Tx) -> list[tuple[str, str]]:
        rows = tx.all("SELECT text, why FROM gap ORDER BY id")
        return [(up.app.turns.vault.open("learning", row["text"]).decode(), row["why"]) for row in rows]

    return await up.app.store.read(job)


async def teaches(staff: Hand) -> str:
    """Open the questions that wait to be taught; give the screen."""
    await staff.writes("/dashboard")
    await staff.taps("learn")
    return staff.heard()[-1]


# What is kept


async def test_a_question_without_an_answer_is_kept(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        assert await gaps(up) == [(WORDS, "unanswered")]


async def test_one_whose_titles_are_all_wrong_is_kept(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "choices")
        await tenant.writes(WORDS)
        assert await gaps(up) == []
        await tenant.taps("none")
        assert await gaps(up) == [(WORDS, "unanswered")]


@pytest.mark.parametrize(("option", "why"), [("other", "not-meant"), ("down", "thumbs-down")])
async def test_one_whose_article_was_wrong_or_no_use_is_kept(tmp_path: Path, option: str, why: str) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "answer")
        await tenant.writes(WORDS)
        assert await gaps(up) == []
        await tenant.taps(option)
        assert await gaps(up) == [(WORDS, why)]
        assert buttons(tenant)[:3] == [
            "pets",
            "damp-and-mould",
            "none",
        ]  # the next best, without the one that was wrong
        await tenant.taps("none")
        assert await gaps(up) == [(WORDS, why)]


@pytest.mark.parametrize("option", ["other", "down"])
async def test_a_double_tap_keeps_and_counts_it_once(tmp_path: Path, option: str) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "answer")
        await tenant.writes(WORDS)
        await tenant.taps(option, times=2)
        assert len(await gaps(up)) == 1
        await tenant.taps("none")
        assert not offered(up, tenant.heard()[-1])


async def test_a_thumb_down_without_a_question_keeps_no_words(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/start topic-deposit")
        await tenant.taps("down")
        assert await gaps(up) == []


@pytest.mark.parametrize(
    "words", ["ik ruik gas in de gang", "ik wil niet meer leven", "hallo", "kan ik met een mens praten?"]
)
async def test_danger_small_talk_and_asking_for_a_human_are_not_kept(tmp_path: Path, words: str) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes(words)
        assert await gaps(up) == []


# Without the person


def test_no_column_of_what_is_learned_can_hold_a_person() -> None:
    columns = {name: {column.name for column in metadata.tables[name].columns} for name in LEARNED}
    assert columns == LEARNED
    assert [name for name in LEARNED if metadata.tables[name].foreign_keys] == []


LEARNED = {
    "gap": {"id", "text", "language", "why", "topics", "day", "state"},
    "linked_example": {"id", "topic", "language", "text"},
    "article_vote": {"topic", "language", "up", "down"},
}


@in_store
def test_of_the_moment_only_the_day_is_kept(town: Town) -> None:
    town.time("2027-03-15 12:34")
    ask(town)
    assert [row["day"] for row in town.tx.all("SELECT day FROM gap")] == [at("2027-03-15 01:00")]  # midnight, UTC


async def test_the_words_are_sealed_also_once_they_are_linked(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, database=address) as up:
        tenant, _elif, staff = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        await teaches(staff)
        await staff.taps("pets")
        for table in metadata.tables:
            for row in await up.rows(f"SELECT * FROM {table}"):
                values = [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row.values()]
                assert [value for value in values if b"pannenkoeken" in value] == [], table


async def test_staff_read_the_words_and_nothing_of_the_person(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        finds(up)
        await tenant.writes(f"<b>{WORDS}</b>")
        shown = await teaches(staff)
        assert says(up, "“{text}”", text=f"<b>{WORDS}</b>") in shown
        person = (await up.rows("SELECT id FROM person ORDER BY id"))[0]["id"]
        assert [secret for secret in ("Persoon", str(AMINA), str(person)) if secret in shown] == []


async def test_a_question_outlives_whoever_asked_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        await tenant.writes("/mijngegevens")
        await tenant.taps("erase", "yes")
        assert await gaps(up) == [(WORDS, "unanswered")]


# What staff make of it


async def test_staff_see_the_three_best_topics_and_four_other_ways(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        finds(up, topics=(*TOPICS, "pests", "heating"))
        await tenant.writes(WORDS)
        await teaches(staff)
        assert buttons(staff) == [*TOPICS, "other", "scope", "wanted", "passed", "team"]


@pytest.mark.parametrize(
    ("option", "how", "linked"),
    [
        ("pets", "linked", "pets"),
        ("scope", "out-of-scope", NONE),
        ("wanted", "wanted", None),
        ("passed", "passed", None),
    ],
)
async def test_one_tap_says_what_becomes_of_it(tmp_path: Path, option: str, how: str, linked: str | None) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        await teaches(staff)
        await staff.taps(option, times=2)
        assert [row["state"] for row in await up.rows("SELECT state FROM gap")] == [how]
        assert [row["topic"] for row in await up.rows("SELECT topic FROM linked_example")] == (
            [linked] if linked else []
        )
        assert [row["act"] for row in await up.rows("SELECT act FROM audit WHERE about = 'gap:1'")] == [f"teach: {how}"]
        assert says(up, "Every question found its article.") in staff.heard()[-1]


async def test_it_can_be_linked_to_an_article_that_the_search_did_not_think_of(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        await teaches(staff)
        await staff.taps("other", "money", "rent-arrears")
        assert [row["topic"] for row in await up.rows("SELECT topic FROM linked_example")] == ["rent-arrears"]


async def test_the_next_question_comes_of_itself_and_two_of_staff_do_not_settle_one_twice(tmp_path: Path) -> None:
    async with desk(tmp_path, STAFF, {"telegram": AMINA, "role": "admin"}) as up:
        admin, tenant, staff = hands(up)
        finds(up)
        for words in (WORDS, "en wafels?"):
            await tenant.writes(words)
        await teaches(staff)
        await teaches(admin)
        await staff.taps("pets")
        assert "en wafels?" in staff.heard()[-1]
        await admin.taps("damp-and-mould")
        rows = await up.rows("SELECT state FROM gap ORDER BY id")
        assert [row["state"] for row in rows] == ["linked", "open"]
        assert [row["topic"] for row in await up.rows("SELECT topic FROM linked_example")] == ["pets"]


@in_store
def test_an_unknown_way_settles_nothing(town: Town) -> None:
    ask(town)
    assert [learning.settle(town.tx, VAULT, 1, how, "pets") for how in ("open", "", *HOWS[:1], *HOWS)] == [
        *(False, False, True),
        *(False for _how in HOWS),
    ]


@in_store
def test_staff_are_told_once_a_day_while_something_waits(town: Town) -> None:
    town.tx.run("INSERT INTO role (person, role) VALUES (:id, 'staff')", id=town.person("Greet"))
    housekeeping.run(town.tx, town.now)
    assert town.told("team") == []
    ask(town)
    for _ten_minutes in range(3):
        housekeeping.run(town.tx, town.now)
    assert town.told("team") == ["Greet"]
    housekeeping.run(town.tx, town.now + DAY)
    assert town.told("team") == ["Greet", "Greet"]


# Linked


def ask(town: Town, words: str = WORDS) -> None:
    """Let a question find no answer."""
    learning.add(town.tx, VAULT, words, "nl", "unanswered", TOPICS, town.now)


LINKED = [Example(WORDS, "nl", "pets"), Example("wie wint de koers?", "nl", NONE, kind="outofscope")]


@in_store
def test_what_staff_linked_are_examples_for_the_search(town: Town) -> None:
    for words in (*(example.text for example in LINKED), "mijn dak lekt"):
        ask(town, words)
    for gap, how, topic in ((1, "linked", "pets"), (2, "out-of-scope", ""), (3, "passed", "")):
        assert learning.settle(town.tx, VAULT, gap, how, topic)
    assert learning.examples(town.tx, VAULT) == LINKED


def test_linked_examples_stand_beside_those_of_the_articles() -> None:
    gone = Example("iets van vroeger", "nl", "a-topic-that-was-removed")
    known = examples()
    assert examples(linked=[*LINKED, gone]) == [*known, *LINKED]
    assert examples(linked=known[:3]) == known


async def test_build_search_learns_what_staff_linked(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, database=address) as up:
        tenant, _elif, staff = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        await teaches(staff)
        await staff.taps("pets")
        for name in ("telegram_token", "telegram_api", "key", "database"):
            value = getattr(up.app.settings, name)
            monkeypatch.setenv(f"VIVAS_{name.upper()}", getattr(value, "get_secret_value", lambda v=value: v)())
        learned: list[Example] = []

        def build(linked: list[Example]) -> Model:
            learned.extend(linked)
            return shared_search().model

        monkeypatch.setattr(building, "build", build)
        said = await operations.build_search()
        assert learned == [Example(WORDS, "nl", "pets")]
        assert said.endswith("1 questions linked by staff")


# Time


@in_store
def test_after_ninety_days_the_question_is_forgotten_whatever_became_of_it(town: Town) -> None:
    for how in ("", *HOWS):
        ask(town, how or WORDS)
    for gap, how in enumerate(HOWS, 2):
        learning.settle(town.tx, VAULT, gap, how, "pets")
    day = town.now - town.now % DAY
    housekeeping.run(town.tx, day + 90 * DAY)
    assert len(town.tx.all("SELECT 1 AS yes FROM gap")) == 5
    housekeeping.run(town.tx, day + 90 * DAY + 1)
    assert town.tx.all("SELECT 1 AS yes FROM gap") == []
    assert [example.topic for example in learning.examples(town.tx, VAULT)] == ["pets", NONE]


# Thumbs


async def test_a_thumb_is_counted_once_for_a_double_tap(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, other, _staff = hands(up)
        for hand in (tenant, other):
            await hand.writes("/start topic-deposit")
            await hand.taps("up", times=2)
        await other.writes("/start topic-pets")
        await other.taps("down", times=2)
        votes = await up.rows("SELECT topic, language, up, down FROM article_vote ORDER BY topic")
        assert [tuple(vote.values()) for vote in votes] == [("deposit", "nl", 2, 0), ("pets", "nl", 0, 1)]


async def test_the_article_stays_with_its_buttons_after_a_thumb(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/start topic-deposit")
        before = buttons(tenant)
        (said,) = await tenant.taps("up")
        assert says(up, "Thank you! That helps me to learn.") in said
        article = up.world.phones[AMINA].screen()[-2]
        assert [data.partition(":")[2] for row in article.buttons for _label, data in row] == before


# Misunderstood


def offered(up: Rig, said: str) -> bool:
    """Tell whether a human is offered unasked."""
    return says(up, "Shall I ask a human? You get the answer here, in this chat.") in said


async def test_after_two_misunderstandings_in_a_row_a_human_is_offered(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up)
        said = [(await tenant.writes(words))[-1] for words in (WORDS, "pannenkoeken!")]
        assert [offered(up, text) for text in said] == [False, True]
        await tenant.taps("human")
        assert WORDS not in tenant.heard()[-1]
        assert "pannenkoeken!" in tenant.heard()[-1]


async def test_an_answer_in_between_begins_the_count_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        finds(up, "answer")
        await tenant.writes("krijg ik mijn waarborg terug?")
        finds(up)
        assert not offered(up, (await tenant.writes(WORDS))[-1])


async def test_an_answer_that_was_not_meant_counts_as_a_misunderstanding(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        for _time in range(2):
            finds(up, "answer")
            await tenant.writes(WORDS)
            await tenant.taps("other", "none")
        assert offered(up, tenant.heard()[-1])


async def test_whoever_got_a_human_is_not_offered_one_at_the_next_misunderstanding(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up)
        await tenant.writes(WORDS)
        await tenant.writes(WORDS)
        await tenant.taps("human", "send", "~skip")
        assert not offered(up, (await tenant.writes(WORDS))[-1])
