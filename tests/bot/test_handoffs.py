"""A question goes to a human and the answer comes back: both chats, and what waits meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.desk import (
    ANSWER,
    MORE,
    QUESTION,
    STAFF,
    answers,
    asks,
    buttons,
    desk,
    finds,
    hands,
    says,
    states,
    written,
)
from tests.bot.hand import with_meeting
from tests.bot.rig import Rig
from tests.bot.test_intake import AMINA, ELIF
from tests.bot.world import MEETING


async def test_a_question_and_its_answer_travel_between_two_chats(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, database=address) as up:
        tenant, _elif, staff = hands(up)
        (sent,) = await asks(tenant)
        assert says(up, "✅ Your question is with a human now.") in sent
        (heard,) = staff.heard()
        assert says(up, "💬 Question {n}", n=1) in heard
        assert says(up, "🏠 “{text}”", text=QUESTION) in heard

        (said,) = await answers(staff)
        assert said == says(up, "Sent. You hear from me when the tenant writes back.")
        head = says(up, "💬 A human of {organisation} answers:", organisation="VIVAS")
        assert tenant.heard()[-1].split() == f"{head} {ANSWER}".split()

        (passed,) = await tenant.writes(MORE)
        assert says(up, "✓ Passed on.") in passed
        lines = [line for line in staff.heard()[-1].splitlines() if "“" in line]
        assert lines == [
            says(up, "🏠 “{text}”", text=QUESTION),
            says(up, "✍️ “{text}”", text=ANSWER),
            says(up, "🏠 “{text}”", text=MORE),
        ]

        await staff.taps("close")
        assert tenant.heard()[-1] == says(
            up, "The human has closed this talk. You can always ask something new: /menu."
        )
        assert await states(up) == ["closed"]


async def test_before_it_is_sent_the_tenant_reads_who_answers_and_by_when(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/menu")
        await tenant.taps("ask-human", "money")
        (said,) = await tenant.writes(QUESTION)
        assert says(up, "“{text}”", text=QUESTION) in said
        assert "09:00" in said
        assert "17:00" in said
        assert "woensdag 17 maart" in said  # two working days after Monday the 15th
        assert says(up, "They do not see your name. Your landlord does not see it.") in said
        assert await states(up) == []


async def test_a_question_with_markup_reaches_staff_as_it_was_written(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant, "<b>mag</b> ik <script>?</script> & dan")
        assert says(up, "🏠 “{text}”", text="<b>mag</b> ik <script>?</script> & dan") in staff.heard()[-1]


async def test_a_talk_of_long_messages_reaches_staff(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant, "a " * 950)
        for letter in "bcd":
            await tenant.writes(f"{letter} " * 950)
        assert "d d d" in staff.heard()[-1]
        assert {row["state"] for row in await up.rows("SELECT state FROM delivery WHERE class = 'work'")} == {"sent"}


async def test_an_answer_too_long_for_one_message_is_refused_and_not_lost(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await staff.taps("reply")
        (said,) = await staff.writes("🏠" * 2500)  # each counts twice for Telegram
        assert says(up, "That is a long text. Please keep it under {n} letters.", n=3000) in said
        await staff.writes("🏠" * 1400)
        await staff.taps("yes")
        assert tenant.heard()[-1].count("🏠") == 1400


async def test_a_double_tap_asks_once_and_answers_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await tenant.writes("/menu")
        await tenant.taps("ask-human", "money")
        await tenant.writes(QUESTION)
        await tenant.taps("send", times=2)
        await staff.taps("reply")
        await staff.writes(ANSWER)
        await staff.taps("yes", times=2)
        assert (await written(up), await written(up, "staff")) == ([QUESTION], [ANSWER])


async def test_staff_write_a_second_answer_from_the_same_message(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await answers(staff, "En neem foto's.")
        assert await written(up, "staff") == [ANSWER, "En neem foto's."]
        assert "En neem foto's." in tenant.heard()[-1]


async def test_a_second_question_goes_on_in_the_talk_that_is_open(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await asks(tenant)
        await tenant.writes("/menu")
        await tenant.taps("ask-human")
        assert says(up, "✅ Your question is with a human now.") in tenant.heard()[-1]
        await tenant.writes(MORE)
        assert await written(up) == [QUESTION, MORE]
        assert await states(up) == ["waiting"]


async def test_in_a_talk_every_button_works_and_words_still_reach_the_human(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await tenant.writes("/menu")
        await tenant.writes("/menu")
        await tenant.taps("ask-human", "money")
        await tenant.writes(QUESTION)
        await tenant.taps("send")
        await tenant.taps("rights", "money", "deposit", "steps")  # of the other menu
        assert "short" in [data.partition(":")[2] for data in every_button(up)]
        await tenant.writes(MORE)
        assert await written(up) == [QUESTION, MORE]


def every_button(up: Rig) -> list[str]:
    """Give the data of all buttons on Amina's phone."""
    rows = [row for bubble in up.world.phones[AMINA].screen() for row in bubble.buttons]
    return [data for row in rows for _label, data in row]


async def test_a_command_leaves_the_talk_open_and_a_button_leads_back_to_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        await asks(tenant)
        asked = finds(up)
        (menu,) = await tenant.writes("/menu")
        assert says(up, "What would you like to do? Tap a button, or write your question.") in menu
        await tenant.writes("mag ik een hond?")
        assert [question["text"] for question in asked] == ["mag ik een hond?"]
        assert (await written(up), await states(up)) == ([QUESTION], ["waiting"])
        await tenant.taps("human")  # with the words that found no answer
        await tenant.writes(MORE)
        assert await written(up) == [QUESTION, "mag ik een hond?", MORE]


async def test_what_was_written_to_a_human_can_be_put_to_the_robot_as_well(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        asked = finds(up, "answer")
        await asks(tenant)
        await tenant.writes(MORE)
        await tenant.taps("~question")
        assert [question["text"] for question in asked] == [MORE]
        assert "steps" in buttons(tenant)


async def test_the_tenant_ends_the_talk_and_words_are_questions_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await tenant.taps("close")
        assert await states(up) == ["closed"]
        assert staff.heard()[-1] == says(up, "That talk is closed.")
        asked = finds(up)
        await tenant.writes(MORE)
        assert [question["text"] for question in asked] == [MORE]
        assert await written(up) == [QUESTION]


async def test_after_staff_end_the_talk_words_are_questions_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await staff.taps("close")
        asked = finds(up)
        await tenant.writes(MORE)
        assert [question["text"] for question in asked] == [MORE]


async def test_an_answer_to_a_talk_that_was_closed_meanwhile_goes_nowhere(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await staff.taps("reply")
        await staff.writes(ANSWER)
        await tenant.taps("~skip")
        seen = len(tenant.heard())
        (said,) = await staff.taps("yes")
        assert says(up, "That talk is closed.") in said
        assert (len(tenant.heard()), await written(up, "staff")) == (seen, [])


async def half_signed_up(up: Rig) -> str:
    """Let Amina stop in the middle of a sign-up, at the number of companions; give that question."""
    await with_meeting(up)
    tenant, *_others = hands(up)
    await tenant.writes(f"/start meeting-{MEETING}")
    return (await tenant.taps("yes", "~ready"))[-1]


async def test_when_the_tenant_ends_the_talk_a_sign_up_that_waited_goes_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, *_others = hands(up)
        question = await half_signed_up(up)
        await asks(tenant)
        said = await tenant.taps("~skip")
        assert says(up, "The talk is over. Thank you for asking.") in said[0]
        assert question in said[-1]
        await tenant.writes("1")
        await tenant.taps("yes", "yes")
        assert [row["companions"] for row in await up.rows("SELECT companions FROM registration")] == [1]


async def test_when_staff_end_the_talk_a_sign_up_that_waited_goes_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await half_signed_up(up)
        await asks(tenant)
        await staff.taps("close")
        await tenant.writes("1")
        await tenant.taps("yes", "yes")
        assert [row["companions"] for row in await up.rows("SELECT companions FROM registration")] == [1]


async def test_an_answer_that_comes_in_the_middle_of_a_sign_up_does_not_take_its_words(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await half_signed_up(up)
        await answers(staff)
        assert ANSWER in tenant.heard()[-1]
        await tenant.writes("2")
        assert await written(up) == [QUESTION]
        await tenant.taps("answer")
        await tenant.writes(MORE)
        assert await written(up) == [QUESTION, MORE]


@pytest.mark.parametrize("language", ["nl", "fr", "en", "tr", "ar"])
async def test_an_article_that_staff_send_is_read_in_the_language_of_the_tenant(tmp_path: Path, language: str) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await tenant.writes("/taal")
        await tenant.taps(language)
        await asks(tenant)
        await staff.taps("send-article", "money", "deposit", "yes")
        article, tongue = up.app.turns.loader.library.articles["deposit"], up.app.turns.languages[language]
        assert tongue.told(article.title) in tenant.heard()[-1]
        assert tongue.told(article.summary) in tenant.heard()[-1]
        assert says(up, "✍️ Article: {title}", title=article.title) not in tenant.heard()[-1]
        await tenant.taps("article")
        assert "steps" in buttons(tenant)


async def test_when_whoever_answered_was_erased_the_others_hear_what_the_tenant_writes(tmp_path: Path) -> None:
    async with desk(tmp_path, STAFF, {"telegram": ELIF, "role": "staff"}) as up:
        tenant, colleague, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await staff.writes("/mijngegevens")
        await staff.taps("erase", "yes")
        await tenant.writes(MORE)
        assert await written(up) == [QUESTION, MORE]
        assert MORE in colleague.heard()[-1]


async def test_when_whoever_answered_is_staff_no_longer_the_others_hear_what_the_tenant_writes(tmp_path: Path) -> None:
    async with desk(tmp_path, STAFF, {"telegram": ELIF, "role": "staff"}) as up:
        tenant, colleague, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        person = (await up.rows("SELECT taken_by FROM handoff"))[0]["taken_by"]
        await up.app.store.write(lambda tx: tx.run("DELETE FROM role WHERE person = :person", person=person))
        await tenant.writes(MORE)
        assert MORE in colleague.heard()[-1]
