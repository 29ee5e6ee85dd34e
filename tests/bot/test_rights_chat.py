"""A question about rights, wherever it is asked: before the welcome, in the middle of something, in another language."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import pytest

from flows.danger import DANGERS
from tests.bot.desk import QUESTION, buttons, desk, finds, hands, load, says, search
from tests.bot.hand import Hand, at_noon, with_meeting
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, ELIF, text
from tests.bot.world import MEETING

GAS = "help ik ruik gas in de gang"
ARABIC = "هل يمكنني تربية كلب في بيتي؟"
FOUND = {"decision": "answer", "topics": ["deposit"], "signal": "", "language": "", "term": ""}


def title(up: Rig, topic: str, language: str = "nl") -> str:
    """Give the title of an article."""
    return up.app.turns.languages[language].told(up.app.turns.loader.library.articles[topic].title)


def summary(up: Rig, topic: str, language: str = "nl") -> str:
    """Give the short answer of an article."""
    return up.app.turns.languages[language].told(up.app.turns.loader.library.articles[topic].summary)


def warned(up: Rig, said: str) -> bool:
    """Tell whether the first thing said is what to do about gas."""
    return said.startswith(up.app.turns.languages["nl"].plain(DANGERS["gas"]))


async def half_signed_up(up: Rig, hand: Hand) -> str:
    """Stop in the middle of a sign-up, at a question with buttons; give that question."""
    await with_meeting(up)
    return (await hand.writes(f"/start meeting-{MEETING}"))[-1]


# From words to the article


async def test_a_question_in_dialect_is_answered_with_date_source_and_the_ways_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        (said,) = await tenant.writes("kreeg ik mijn waarborg terug as ik wegga?")
        assert said.startswith(title(up, "deposit"))
        assert summary(up, "deposit") in said
        assert up.app.turns.loader.library.articles["deposit"].source.texts["nl"] in said
        assert "2026" in said
        assert buttons(tenant) == ["more", "steps", "nearby", "human", "up", "down", "other", "menu"]


async def test_pages_turn_in_place_and_doors_leave_the_article_where_it_is(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/start topic-deposit")
        assert await tenant.taps("steps") == []
        assert says(up, "<b>What you can do</b>") in tenant.heard()[-1]
        assert await tenant.taps("short") == []
        assert summary(up, "deposit") in tenant.heard()[-1]
        assert len(await tenant.taps("menu")) == 1
        assert summary(up, "deposit") in tenant.heard()[-2]
        assert await tenant.taps("more") == []


async def test_three_titles_to_choose_from_lead_to_the_article(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "choices")
        await tenant.writes(QUESTION)
        assert buttons(tenant)[:4] == ["deposit", "pets", "damp-and-mould", "none"]
        assert summary(up, "pets") in (await tenant.taps("pets"))[-1]


async def test_a_deep_link_opens_its_article(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        (said,) = await tenant.writes("/start topic-pets_folder1")
        assert summary(up, "pets") in said


@pytest.mark.parametrize("link", ["topic-nonsense", "topic-", "topic-none", "topic-PETS", "topic-../../pets"])
async def test_a_deep_link_to_nothing_opens_the_menu(tmp_path: Path, link: str) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        (said,) = await tenant.writes(f"/start {link}")
        assert says(up, "That link does not work any more. Here is what I can do.") in said
        assert "rights" in buttons(tenant)


# Follow-up questions


async def test_a_question_that_follows_an_article_is_asked_with_its_topic(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, other, _staff = hands(up)
        asked = finds(up, "answer")
        await tenant.writes("/start topic-pets")
        await tenant.writes("en als het niet mag?")
        await tenant.writes("en daarna?")  # the answer before was on the deposit
        await other.writes("en voor mij?")
        assert [question["after"] for question in asked] == ["pets", "deposit", ""]


async def test_half_an_hour_later_it_is_no_follow_up(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        asked = finds(up)
        await tenant.writes("/start topic-pets")
        up.app.clock.set(up.app.clock.now().replace(hour=13))
        await tenant.writes("en als het niet mag?")
        assert [question["after"] for question in asked] == [""]


# A newcomer


@pytest.mark.parametrize("language", ["nl", "ar"])
async def test_the_first_words_of_a_newcomer_are_answered_after_the_welcome(tmp_path: Path, language: str) -> None:
    async with rig(tmp_path, clock=at_noon(), welcomed=False) as up:
        tenant = Hand(up, AMINA)
        asked = finds(up, "answer")
        (said,) = await tenant.writes(QUESTION)
        assert said == says(up, "Hello! Which language do you read best?")
        await tenant.taps(language)
        assert asked == []
        said = (await tenant.taps("on"))[-1]
        assert [(question["text"], question["language"]) for question in asked] == [(QUESTION, language)]
        assert summary(up, "deposit", language) in said


async def test_a_newcomer_who_speaks_of_danger_is_answered_before_the_welcome(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon(), welcomed=False) as up:
        (said,) = await Hand(up, AMINA).writes(GAS)
        assert warned(up, said)


async def test_a_question_in_the_middle_of_the_welcome_does_not_lose_the_link_that_led_here(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon(), welcomed=False) as up:
        tenant = Hand(up, AMINA)
        finds(up)
        assert await half_signed_up(up, tenant) == says(up, "Hello! Which language do you read best?")
        await tenant.writes("wat is dit?")
        await tenant.taps("nl")
        said = await tenant.taps("on")
        await tenant.writes("/menu")
        assert [text for text in (*said, tenant.heard()[-1]) if "Wonen en energie" in text] != []


# Danger


async def test_danger_is_answered_at_once_in_the_middle_of_a_sign_up_which_stays(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await half_signed_up(up, tenant)
        (said,) = await tenant.writes(GAS)
        assert warned(up, said)
        assert len(await tenant.taps("yes", "~ready")) == 2
        assert await up.rows("SELECT flow FROM session") == [{"flow": "meetings"}]


async def test_danger_is_answered_at_once_where_words_are_an_answer(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/mijngegevens")
        await tenant.taps("where")
        (said,) = await tenant.writes(GAS)
        assert warned(up, said)
        assert says(up, "What is your postcode?") in said


async def test_danger_is_answered_at_once_in_a_talk_with_a_human_who_reads_it_too(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await tenant.writes("/menu")
        await tenant.taps("ask-human", "money")
        await tenant.writes(QUESTION)
        await tenant.taps("send")
        said = await tenant.writes(GAS)
        assert warned(up, said[0])
        assert GAS in staff.heard()[-1]


async def test_danger_that_the_search_hears_of_is_no_article(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "danger", signal="suicide")
        (said,) = await tenant.writes(QUESTION)
        assert "1813" in said
        assert buttons(tenant) == ["deposit", "human", "menu"]


# In the middle of something


async def test_a_question_in_the_middle_of_a_sign_up_is_answered_and_the_sign_up_stays(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await half_signed_up(up, tenant)
        finds(up, "answer")
        (said,) = await tenant.writes(QUESTION)
        assert summary(up, "deposit") in said
        again = await tenant.taps("resume")
        assert says(up, "Do you want to come?") in again[-1]
        await tenant.taps("yes", "~ready")
        await tenant.writes("1")
        await tenant.taps("yes", "yes")
        assert [row["companions"] for row in await up.rows("SELECT companions FROM registration")] == [1]


async def test_the_label_of_a_button_is_an_answer_and_no_question(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await half_signed_up(up, tenant)
        asked = finds(up)
        await tenant.writes("ja ik kom")
        assert "~ready" in buttons(tenant)
        assert asked == []


async def asked_for_the_block(up: Rig) -> Hand:
    """Bring Amina to where she is asked the name of her building."""
    await load(up, landlords=[{"id": "ijzer", "name": "De IJzer", "municipalities": ["Veurne"]}])
    tenant, *_others = hands(up)
    await tenant.writes("/mijngegevens")
    await tenant.taps("where")
    await tenant.writes("8630")
    await tenant.taps("ijzer")
    return tenant


async def test_where_words_are_asked_words_are_the_answer(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant = await asked_for_the_block(up)
        asked = finds(up)
        await tenant.writes("blok B2")
        assert [row["block"] for row in await up.rows("SELECT block FROM person WHERE block IS NOT NULL")] == [
            "blok B2"
        ]
        assert asked == []


async def test_words_that_look_like_a_question_can_be_taken_back_and_are_answered(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/mijngegevens")
        await tenant.taps("where")
        asked = finds(up, "answer")
        await tenant.writes(QUESTION)
        assert asked == []
        assert buttons(tenant)[-1] == "~question"
        (said,) = await tenant.taps("~question")
        assert [question["text"] for question in asked] == [QUESTION]
        assert summary(up, "deposit") in said
        await tenant.taps("resume")
        assert says(up, "What is your postcode?") in tenant.heard()[-1]
        await tenant.writes("8630")
        assert [row["postcode"] for row in await up.rows("SELECT postcode FROM person") if row["postcode"]] == ["8630"]


async def test_a_question_where_the_name_of_a_building_was_asked_is_answered_and_not_kept_as_its_name(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as up:
        tenant = await asked_for_the_block(up)
        asked = finds(up, "answer")
        await tenant.writes("mag ik een hond?")
        assert [question["text"] for question in asked] == ["mag ik een hond?"]
        await tenant.taps("resume")
        await tenant.writes("B2")
        assert [row["block"] for row in await up.rows("SELECT block FROM person") if row["block"]] == ["B2"]


async def test_short_words_that_answer_are_offered_no_way_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await half_signed_up(up, tenant)
        await tenant.taps("yes", "~ready")
        await tenant.writes("1")
        assert "~question" not in buttons(tenant)


# In another language


async def test_a_question_in_arabic_is_answered_in_arabic_and_the_language_offered(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        (said,) = await tenant.writes(ARABIC)
        assert summary(up, "pets", "ar") in said
        screen = up.world.phones[AMINA].last()
        assert says(up, "📖 More", "ar") in screen.labels
        assert buttons(tenant)[-1] == "speak"
        assert "العربية" in screen.labels[-1]
        assert summary(up, "pets") in (await tenant.writes("/start topic-pets"))[-1]  # Dutch, as chosen


async def test_pages_of_an_answer_in_another_language_stay_in_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes(ARABIC)
        await tenant.taps("steps")
        assert title(up, "pets", "ar") in tenant.heard()[-1]
        assert says(up, "📖 More", "ar") in up.world.phones[AMINA].last().labels


async def test_titles_and_no_answer_are_said_in_the_language_asked(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "choices", language="ar")
        await tenant.writes(ARABIC)
        assert title(up, "pets", "ar") in up.world.phones[AMINA].last().labels
        await tenant.taps("none")
        assert says(up, "I have no good answer to that.", "ar") in tenant.heard()[-1]


async def test_whoever_takes_the_offer_reads_that_language_from_then_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "answer", language="ar")
        await tenant.writes(ARABIC)
        await tenant.taps("speak")
        assert tenant.heard()[-1] == says(up, "Good. From now on I write in this language.", "ar")
        assert summary(up, "pets", "ar") in (await tenant.writes("/start topic-pets"))[-1]


async def test_a_language_that_is_not_certain_changes_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        finds(up, "answer", language="")
        assert summary(up, "deposit") in (await tenant.writes(ARABIC))[-1]
        assert "speak" not in buttons(tenant)


# Hostile words


async def test_markup_in_a_question_is_shown_as_it_was_written(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        words = '<b>mag</b> <a href="tg://x">dit</a> &lt; & {text} \u202e'
        finds(up)
        await tenant.writes(words)
        await tenant.taps("human")
        assert says(up, "“{text}”", text=words) in tenant.heard()[-1]
        assert {row["state"] for row in await up.rows("SELECT state FROM delivery")} == {"sent"}


@pytest.mark.parametrize("words", ["a" * 10_000, "mag ik een hond? " * 600, "🏠" * 10_000, "<" * 10_000])
async def test_a_question_of_ten_thousand_letters_is_answered(tmp_path: Path, words: str) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        assert len(await tenant.writes(words)) == 1
        finds(up)
        assert len(await tenant.writes(words)) == 1
        assert len(await tenant.taps("human")) == 1
        assert {row["state"] for row in await up.rows("SELECT state FROM delivery")} == {"sent"}
        assert {row["state"] for row in await up.rows("SELECT state FROM inbox")} == {"handled"}


# The writer


async def test_while_the_search_looks_another_person_is_answered(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, database=address) as up:
        looking, go_on = asyncio.Event(), threading.Event()
        loop, in_time = asyncio.get_running_loop(), list[bool]()

        def slow(_inputs: str) -> str:
            loop.call_soon_threadsafe(looking.set)
            in_time.append(go_on.wait(20))  # else a writer that is held would hold this test too
            return json.dumps(FOUND)

        search(up, slow)
        tenant, other, _staff = hands(up)
        menu = says(up, "What would you like to do? Tap a button, or write your question.")
        await up.app.intake.take([text(700_001, QUESTION, AMINA)])
        try:
            await looking.wait()
            await up.app.intake.take([text(700_002, "/menu", ELIF)])
            await up.world.phones[ELIF].heard(menu)
            assert (tenant.heard(), other.heard()) == ([], [menu])
        finally:
            go_on.set()
        await up.settled()
        assert in_time == [True]
        assert summary(up, "deposit") in tenant.heard()[-1]
