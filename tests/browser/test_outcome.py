"""The outcome, played on the phone page: the last seat, the reminder, and the next in line."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.async_api import Locator, Page, expect

from bot.clock import BRUSSELS
from bot.demo import AMINA, ELIF
from flows.messages import Name, _, _n
from flows.welcome import HELLO
from tests.browser import story
from tests.browser.conftest import Demo
from tests.browser.hands import Hand, move_clock, sent_at

pytestmark = pytest.mark.browser
MEETING = "veurne-energie"


async def direction(message: Locator) -> str:
    """Give the direction in which the browser sets a message."""
    return str(await message.locator(".text").evaluate("element => getComputedStyle(element).direction"))


async def calendar_start(page: Page, hand: Hand, folder: Path) -> datetime:
    """Download the calendar file that someone got; give the wall time in Belgium at which its event starts."""
    async with page.expect_download() as started:
        await hand.phone.locator("a.document").click()
    download = await started.value
    assert download.suggested_filename.endswith(".ics")
    await download.save_as(folder / "meeting.ics")
    (event,) = Calendar.from_ical((folder / "meeting.ics").read_bytes()).events
    assert isinstance(event.start, datetime)
    return event.start.astimezone(BRUSSELS)


async def test_the_last_seat_the_reminder_and_the_next_in_line(
    running: Demo, desk: Page, amina: Hand, elif_: Hand, tmp_path: Path
) -> None:
    today = running.app.clock.now().astimezone(BRUSSELS).date()
    await amina_takes_the_last_seat(amina)
    start = await calendar_start(desk, amina, tmp_path)
    assert start.strftime("%Y-%m-%dT%H:%M") == f"{today + timedelta(days=9)}T19:00"
    await elif_waits_in_line(elif_)

    due = (start - timedelta(days=3)).replace(hour=18)
    await move_clock(desk, due - timedelta(minutes=1))
    await expect(amina.message(story.REMINDED)).to_have_count(0)
    await move_clock(desk, due)
    reminder = await amina.hears(story.REMINDED)
    assert (await sent_at(reminder)).replace(second=0, microsecond=0) == due

    await expect(elif_.message(story.OFFERED)).to_have_count(0)
    await amina.tap(story.REMINDED, "cannot")
    await amina.hears(_("Thank you for telling me. Someone else can come now."))
    await elif_.tap(story.OFFERED, "take")
    await elif_.hears(story.SIGNED_UP)
    assert await calendar_start(desk, elif_, tmp_path) == start


async def amina_takes_the_last_seat(amina: Hand) -> None:
    """Be welcomed in Arabic, find the meeting near the postcode first, and take its last seat."""
    await story.welcomed(amina)
    assert await direction(await amina.hears(HELLO)) == "rtl"
    assert await direction(await amina.hears(story.WHAT_THIS_IS)) == "rtl"
    await amina.tap(story.MENU, "meetings")
    await amina.hears(story.NEAR_FIRST)
    listed = amina.message(story.NEAR_FIRST).locator("button[data-callback]")
    assert str(await listed.first.get_attribute("data-callback")).endswith(f":{MEETING}")
    await amina.tap(story.NEAR_FIRST, MEETING)
    await amina.hears(_n("🪑 One place is left.", "🪑 {n} places are left.", n=1))
    await amina.tap(story.COME, "yes")
    await story.signs_up(amina, "interpreter", "step-free")
    await amina.hears(story.SIGNED_UP)
    for need in (_("♿ An entrance without steps"), _("🗣️ Interpreter: {language}", language=Name("العربية"))):
        await expect(amina.message(story.SEND)).to_contain_text(amina.words.plain(need))


async def elif_waits_in_line(elif_: Hand) -> None:
    """Come by a link as a newcomer, find all places taken, and go on the waiting list."""
    await story.comes_by_link(elif_, MEETING)
    assert await direction(await elif_.hears(HELLO)) == "ltr"
    await elif_.hears(_("🪑 All places are taken."))
    await elif_.tap(story.WAIT, "yes")
    await story.signs_up(elif_, send=story.SEND_IN_LINE)
    await elif_.hears(story.FIRST_IN_LINE)


async def test_a_small_screen_shows_one_phone_at_a_time_and_large_buttons(narrow: Page) -> None:
    amina, elif_ = Hand(narrow, AMINA, "ar"), Hand(narrow, ELIF, "tr")
    await expect(narrow.locator("section[data-user]:visible")).to_have_count(1)
    await story.welcomed(amina)
    await amina.tap(story.MENU, "meetings")
    await amina.tap(story.NEAR_FIRST, MEETING)
    await amina.tap(story.COME, "yes")
    await amina.hears(story.NEEDS)
    await fits(narrow)

    await narrow.locator(f'nav button[data-show="{ELIF}"]').click()
    await expect(amina.phone).to_be_hidden()
    await story.comes_by_link(elif_, MEETING)
    await elif_.hears(story.COME)
    await fits(narrow)


async def fits(page: Page) -> None:
    """Check that nothing is wider than the screen, and that every button is large enough for a thumb."""
    wide = "elements => elements.filter(e => e.scrollWidth > e.clientWidth).map(e => e.className || e.tagName)"
    assert await page.locator("html, body, main, .phone.shown, .phone.shown .log").evaluate_all(wide) == []
    # A command inside a sentence is a word of it, as a link is.
    buttons = page.locator("button:not(.command):visible, .rows a:visible, summary:visible, label.icon:visible")
    small = "elements => elements.filter(e => e.getBoundingClientRect().height < 40).map(e => e.outerHTML)"
    assert await buttons.evaluate_all(small) == []


async def test_the_welcome_by_keyboard_alone(desk: Page, amina: Hand) -> None:
    await amina.tab_to(amina.phone.locator('.starting [data-do="start"]'))
    await desk.keyboard.press("Enter")
    for asked, option in ((HELLO, "ar"), (story.WHAT_THIS_IS, "on")):
        await amina.tab_to(amina.button(asked, option))
        await desk.keyboard.press("Enter")
    await amina.hears(story.POSTCODE)
    await amina.tab_to(amina.phone.locator("textarea"))
    await desk.keyboard.type("8630")
    await desk.keyboard.press("Enter")
    for asked, option in ((story.LANDLORD, "ijzer"), (story.BLOCK, "~skip"), (story.CONSENTS, "~ready")):
        await amina.tab_to(amina.button(asked, option), "Shift+Tab")
        await desk.keyboard.press("Enter")
    await amina.tab_to(amina.button(story.MENU, "meetings"), "Shift+Tab")


async def test_photos_and_voices_arrive(desk: Page, amina: Hand, tmp_path: Path) -> None:
    await amina.start()
    await amina.hears(HELLO)
    await desk.locator("h1").screenshot(path=tmp_path / "photo.png")
    await amina.phone.locator('input[name="photo"]').set_input_files(tmp_path / "photo.png")
    photo = amina.phone.locator('[data-from="user"] img')
    await expect(photo).to_be_visible()
    await expect(photo).not_to_have_js_property("naturalWidth", 0)
    await amina.hears(_("Please tap one of the buttons."))

    voice = amina.phone.locator('[data-do="voice"]')
    await voice.click()
    await expect(voice).to_contain_class("recording")
    await voice.click()
    await expect(amina.phone.locator('[data-from="user"] audio')).to_be_visible()
