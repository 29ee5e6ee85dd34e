"""Hands for the phone page: what a person sees and does in a browser, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

from bot.clock import BRUSSELS
from bot.i18n import Languages
from flows.messages import Text

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",  # a build machine runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE_MS = 30_000  # one chat hears one message a second after a small burst (Telegram limit)
LANGUAGES = Languages()


def find_chromium() -> str:
    """Give the path of Chromium. Raises LookupError saying how to get it."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise LookupError(
        f"no browser found ({', '.join(NAMES)}): run `make setup`, or install the Debian package chromium"
    )


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start a headless Chromium with a false microphone, and end it."""
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=SWITCHES)
        yield browser
        await browser.close()


async def open_page(browser: Browser, address: str, width: int, height: int) -> Page:
    """Open the phone page in a window of so many pixels; any other address is refused."""
    size: ViewportSize = {"width": width, "height": height}
    page = await browser.new_page(viewport=size, locale="nl-BE", reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    await page.context.grant_permissions(["microphone"])
    own = urlsplit(address).netloc
    await page.route(lambda url: urlsplit(url).netloc != own, lambda route: route.abort())
    await page.goto(address)
    await page.locator("section[data-user]").first.wait_for(state="attached")
    return page


class Hand:
    """One person at their phone on the page, who reads one language."""

    def __init__(self, page: Page, user: int, language: str):
        self.page, self.user, self.words = page, user, LANGUAGES[language]
        self.phone = page.locator(f'section[data-user="{user}"]')

    def message(self, text: Text) -> Locator:
        """Give the newest message of the bot that holds this text in the person's language."""
        return self.phone.locator('[data-from="bot"]').filter(has_text=self.words.plain(text)).last

    def button(self, asked: Text, option: str) -> Locator:
        """Give the button of an option under the message that asks this."""
        return self.message(asked).locator(f'button[data-callback$=":{option}"]')

    async def hears(self, text: Text) -> Locator:
        """Wait for a message of the bot with this text; give it."""
        await expect(self.message(text)).to_be_visible()
        return self.message(text)

    async def tap(self, asked: Text, option: str) -> None:
        """Tap an option under the message that asks this."""
        await self.button(asked, option).click()

    async def choose(self, option: str, *, begins: bool = False) -> None:
        """Tap an option (or the first that begins so) under the newest message, once that has it."""
        newest = self.phone.locator('[data-from="bot"]').last
        sign = "*" if begins else "$"
        await newest.locator(f'button[data-callback{sign}=":{option}"]').first.click()

    async def answer(self, text: str) -> None:
        """Type what the bot asks for, once it has asked: its newest message is below ours."""
        await expect(self.phone.locator("[data-from]").last).to_have_attribute("data-from", "bot")
        await self.write(text)

    async def ticks(self, asked: Text, *options: str) -> None:
        """Tap boxes under the message that asks this, and see that each gets its tick."""
        for option in options:
            await self.tap(asked, option)
            await expect(self.button(asked, option)).to_contain_text("✅")

    async def start(self) -> None:
        """Open the chat with the bot for the first time."""
        await self.phone.locator('.starting [data-do="start"]').click()

    async def write(self, text: str) -> None:
        """Type a message and send it."""
        field = self.phone.locator("textarea")
        await field.fill(text)
        await field.press("Enter")

    async def open_link(self, payload: str) -> None:
        """Open a deep link to the bot."""
        await self.phone.locator('[data-do="more"]').click()
        field = self.phone.locator('input[name="payload"]')
        await field.fill(payload)
        await field.press("Enter")

    async def tab_to(self, target: Locator, key: Literal["Tab", "Shift+Tab"] = "Tab") -> None:
        """Press Tab until the target has the focus, and see that the focus shows. Fails after 80 presses."""
        await expect(target).to_be_visible()
        for _press in range(80):
            if await target.evaluate("element => element === document.activeElement"):
                assert await target.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not get to {target}")


async def move_clock(page: Page, to: datetime) -> None:
    """Move the bot's time to a wall time in Belgium, on the page, and wait until it has arrived."""
    await page.locator('input[name="moment"]').fill(to.strftime("%Y-%m-%dT%H:%M"))
    await page.locator("#clock form button").click()
    await expect(page.locator("#clock[aria-busy]")).to_have_count(0)
    shown = datetime.fromisoformat(await page.locator("#clock time").get_attribute("datetime") or "")
    assert shown.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M") == to.strftime("%Y-%m-%dT%H:%M")


async def sent_at(message: Locator) -> datetime:
    """Give the wall time in Belgium that stands under a message."""
    shown = await message.locator("footer time").get_attribute("datetime")
    return datetime.fromisoformat(shown or "").astimezone(BRUSSELS)
