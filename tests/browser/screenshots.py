"""Take the README's screenshots: play the story in the demo, and write docs/screenshots/*.png (`make screenshots`)."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page

from bot.app import App
from bot.clock import BRUSSELS
from bot.demo import AMINA, ELIF, GREET, LUC, demo
from flows.messages import _
from flows.welcome import HELLO
from tests.browser import story
from tests.browser.hands import Hand, chromium, move_clock, open_page

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
MEETING, COFFEE = "veurne-energie", "diksmuide-koffie"


async def take_all() -> None:
    """Play and photograph. Takes half a minute: the demo keeps Telegram's pace."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vivas-screenshots-") as folder:
        async with demo(Path(folder)) as (address, app, _world, _task), chromium() as browser:
            await arabic(browser, address, app)
            await four_phones(browser, address, app)
            await reminder(browser, address, app)


async def arabic(browser: Browser, address: str, app: App) -> None:
    """Amina reads the summary of her sign-up, on a small screen."""
    page = await open_page(browser, address, 360, 740)
    amina = Hand(page, AMINA, "ar")
    await story.welcomed(amina)
    await amina.tap(story.MENU, "meetings")
    await amina.tap(story.NEAR_FIRST, MEETING)
    await amina.tap(story.COME, "yes")
    await story.says_needs(amina, "interpreter", "step-free")
    await amina.hears(story.SEND)
    await shoot(page, app, "arabic-360")
    await amina.tap(story.SEND, "yes")
    await amina.hears(story.SIGNED_UP)
    await page.close()


async def four_phones(browser: Browser, address: str, app: App) -> None:
    """Amina has the last seat, Elif comes by a link, Luc looks at meetings, Greet is being welcomed."""
    page = await open_page(browser, address, 1400, 900)
    elif_, luc, greet = Hand(page, ELIF, "tr"), Hand(page, LUC, "nl"), Hand(page, GREET, "nl")
    await greet.start()
    await greet.tap(HELLO, "nl")
    await greet.hears(story.WHAT_THIS_IS)
    await story.welcomed(luc)
    await luc.tap(story.MENU, "meetings")
    await story.comes_by_link(elif_, MEETING)
    await elif_.tap(story.WAIT, "yes")
    await elif_.ticks(story.NEEDS, "child-minding")
    await shoot(page, app, "four-phones")
    await luc.tap(story.NEAR_FIRST, COFFEE)
    await luc.tap(story.COME, "yes")
    await story.says_needs(luc)
    await luc.tap(story.SEND, "yes")
    await luc.hears(story.SIGNED_UP)
    await page.close()


async def reminder(browser: Browser, address: str, app: App) -> None:
    """Luc is reminded of the meeting he signed up for, three days before."""
    page = await open_page(browser, address, 360, 740)
    luc = Hand(page, LUC, "nl")
    await page.locator(f'nav button[data-show="{LUC}"]').click()
    coffee = app.clock.now().astimezone(BRUSSELS) + timedelta(days=16 - 3)
    await move_clock(page, coffee.replace(hour=18, minute=0))
    await luc.hears(_("Do you come?"))
    await shoot(page, app, "reminder-360")
    await page.close()


async def shoot(page: Page, app: App, name: str) -> None:
    """Write the page as it is once nothing is on its way any more."""
    await app.outbox.idle()
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur()")
    await page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(take_all())
