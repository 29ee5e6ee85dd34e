"""A poll on the phone page: an organiser makes it, a second person releases it, tenants answer in three languages, and all
hear what was done with it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from bot.clock import BRUSSELS
from bot.demo import AMINA, ELIF, GREET, JAN, LUC
from bot.rules import is_rest_day
from flows.messages import _
from tests.browser import story
from tests.browser.conftest import Demo
from tests.browser.hands import Hand, move_clock
from tests.browser.test_outcome import direction, fits

pytestmark = pytest.mark.browser
QUESTION, DONE = "Ken je de nieuwe regels voor afval?", "De bakken komen nu twee keer per week."
ENOUGH = 25  # neighbours whose answers make a result that may be shown


def working_day(after: datetime) -> datetime:
    """Give ten o'clock on the next day on which messages may go out, with another such day behind it."""
    day = after + timedelta(days=1)
    while is_rest_day(day.date()) or is_rest_day((day + timedelta(days=1)).date()):
        day += timedelta(days=1)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


async def makes_a_poll(luc: Hand) -> None:
    """Make a poll of three questions and ask for its release."""
    await luc.write("/organiseren")
    await luc.choose("new-poll")
    await luc.choose("empty")
    for text in ("Nieuwe regels voor afval", "De raad geeft in april advies.", "Wij zetten je antwoord in ons advies."):
        await luc.answer(text)
    await luc.choose("d-", begins=True)
    await luc.choose("yesno")
    await luc.answer(QUESTION)
    await luc.choose("another")
    await luc.choose("choice")
    await luc.answer("Hoe vaak moet het containerpark open?")
    await luc.answer("1 dag\n3 dagen\nelke dag")
    await luc.choose("another")
    await luc.choose("faces")
    await luc.answer("Hoe net is je straat?")
    await luc.choose("done")
    await luc.choose("release")
    await luc.choose("fine")
    await luc.choose("yes-", begins=True)


async def answered(running: Demo) -> int:
    row = await running.app.store.read(lambda tx: tx.one("SELECT count(*) AS n FROM ballot"))
    return int(row["n"]) if row else 0


async def test_a_poll_from_the_first_word_to_what_was_done_with_it(running: Demo, desk: Page) -> None:
    amina, elif_, jan = Hand(desk, AMINA, "ar"), Hand(desk, ELIF, "tr"), Hand(desk, JAN, "nl")
    luc, greet = Hand(desk, LUC, "nl"), Hand(desk, GREET, "nl")
    for person in (amina, elif_, jan, luc, greet):
        await story.welcomed(person, wants=("meetings", "polls"))
    await move_clock(desk, day := working_day(running.app.clock.now().astimezone(BRUSSELS)))

    await makes_a_poll(luc)
    await luc.hears(_("✓ I asked a second person to read it. You hear from me."))
    await greet.choose("release")
    await greet.choose("yes-", begins=True)
    await move_clock(desk, day + timedelta(minutes=20))

    for person in (amina, elif_, jan):
        await expect(person.phone.get_by_text(QUESTION).last).to_be_visible()
    asked = amina.phone.locator('[data-from="bot"]').filter(has_text=QUESTION).last
    assert await direction(asked) == "rtl"
    await expect(asked).to_contain_text(
        amina.words.plain(_("⚠️ This is not translated into your language yet. Here it is in Dutch."))
    )
    for person in (amina, elif_, jan):
        await person.choose("yes")
        await person.choose("o2")
        await person.choose("4")
    async with asyncio.timeout(60):
        while await answered(running) < ENOUGH:
            await desk.wait_for_timeout(500)

    await luc.write("/organiseren")
    await luc.choose("my-polls")
    await luc.choose("nieuwe-regels", begins=True)
    await luc.choose("close")
    await luc.choose("yes")
    await luc.choose("outcome")
    await luc.choose("done")
    await luc.answer(DONE)
    await luc.choose("no")
    await luc.choose("yes")
    for person in (amina, elif_, jan):
        result = person.phone.locator('[data-from="bot"]').filter(has_text=DONE).last
        await expect(result).to_be_visible()
        await expect(result.locator("img")).not_to_have_js_property("naturalWidth", 0)
    await amina.choose("up")
    await fits(desk)
