"""The phone page can be used with a keyboard, shows what was sent and runs nothing of it."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright

from bot.phone.phones import Phone
from bot.phone.world import World
from tests.bot.phone_client import TOKEN, Client, client, keyboard

pytestmark = pytest.mark.browser
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = 'section[data-user="6001"]'


@pytest.fixture
def world() -> World:
    return World(TOKEN)


@pytest.fixture
def amina(world: World) -> Phone:
    return world.add_phone(6001, "Amina", "ar", role="Huurder")


@pytest.fixture
async def api(world: World) -> AsyncIterator[Client]:
    async with client(world) as connected:
        yield connected


@pytest.fixture
async def page(api: Client, amina: Phone) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        await page.goto(api.base_url)
        await page.wait_for_selector(PHONE)
        yield page
        await browser.close()


async def test_a_conversation_by_keyboard_only(page: Page, api: Client, amina: Phone) -> None:
    await page.focus(f'{PHONE} [data-do="start"]')
    await page.keyboard.press("Enter")
    await amina.wait(lambda screen: screen and screen[-1].text == "/start")
    sent = await api.send(6001, "هل تأتي؟", reply_markup=keyboard(("نعم", "ja"), ("لا", "nee")))
    await page.focus(f'{PHONE} button[data-callback="ja"]')
    await page.keyboard.press("Enter")
    await api.result(
        "editMessageText",
        chat_id=6001,
        message_id=sent["message_id"],
        text="شكراً",
        reply_markup=keyboard(("رجوع", "terug")),
    )
    await page.wait_for_selector(f'{PHONE} button[data-callback="terug"]:focus')
    await page.fill(f"{PHONE} textarea", "سؤال")
    await page.keyboard.press("Enter")
    await amina.wait(lambda screen: screen[-1].text == "سؤال")
    taps = [update["callback_query"]["data"] for update in await api.result("getUpdates") if "callback_query" in update]
    assert taps == ["ja"]


async def test_arabic_runs_from_right_to_left(page: Page, api: Client, amina: Phone) -> None:
    amina.start()
    await api.send(6001, "مرحبا")
    text = page.locator(f'{PHONE} [data-from="bot"] .text')
    assert await text.evaluate("element => getComputedStyle(element).direction") == "rtl"


async def test_what_is_sent_is_shown_as_text_and_never_run(page: Page, api: Client, amina: Phone) -> None:
    amina.write("<img src=x onerror=alert(1)>")
    await api.send(6001, "<b>vet &lt;script&gt;</b> en <a href='javascript:x'>dit</a>", parse_mode="HTML")
    log = page.locator(f"{PHONE} .log")
    await log.get_by_text("<script>").wait_for()
    assert await log.locator("img, script, a").count() == 0
    assert await log.locator("strong").text_content() == "vet <script>"


async def test_the_answer_to_a_tap_is_shown(page: Page, api: Client, amina: Phone) -> None:
    amina.start()
    await api.send(6001, "Kom je?", reply_markup=keyboard(("Ja", "ja")))
    await page.click(f'{PHONE} button[data-callback="ja"]')
    (start,) = await api.result("getUpdates", limit=1)
    (tap,) = await api.result("getUpdates", timeout=5, offset=start["update_id"] + 1)
    await api.result("answerCallbackQuery", callback_query_id=tap["callback_query"]["id"], text="Bewaard")
    await page.locator(f'{PHONE} [role="status"]').get_by_text("Bewaard").wait_for()
    assert amina.last().toasts == ("Bewaard",)


async def test_nothing_is_wider_than_a_small_screen(page: Page, api: Client, amina: Phone) -> None:
    amina.start()
    sent = await api.send(6001, "woord" * 40, reply_markup=keyboard(("x" * 60, "a"), ("y" * 60, "b")))
    await page.wait_for_selector(f'{PHONE} [data-message-id="{sent["message_id"]}"]')
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
