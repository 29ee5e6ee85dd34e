"""A question about rights on the phone page: asked in Arabic, answered in Arabic, from right to left."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot.demo import AMINA
from bot.rights.library import read_library
from flows.welcome import HELLO
from tests.browser.hands import Hand

ARTICLES = read_library().articles
BEGINS_ON_THE_RIGHT = """text => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), letter = document.createRange();
    let node = walker.nextNode(), at = -1;
    while ((at = node.textContent.search(/\\p{Script=Arabic}/u)) < 0) node = walker.nextNode();
    letter.setStart(node, at);
    letter.setEnd(node, at + 1);
    const box = text.getBoundingClientRect();
    return letter.getBoundingClientRect().left > box.left + box.width / 2;
}"""
CUT_BUTTONS = """[...document.querySelectorAll('button[data-callback]')]
    .filter(button => button.scrollWidth > button.clientWidth + 1).map(button => button.textContent)"""


async def test_a_question_typed_in_arabic_is_answered_in_arabic_from_right_to_left(narrow: Page) -> None:
    amina = Hand(narrow, AMINA, "ar")
    await amina.start()
    await amina.tap(HELLO, "ar")
    await amina.phone.locator('button[data-callback$=":on"]').last.click()
    await amina.phone.locator('button[data-callback$=":~cancel"]').last.click()

    await amina.write("هل مسموح أربي كلب في شقتي؟")

    pets = ARTICLES["pets"]
    answer = await amina.hears(pets.summary)
    await expect(answer).to_contain_text(pets.title.texts["ar"])
    assert await answer.locator(".text").evaluate(BEGINS_ON_THE_RIGHT)
    assert await narrow.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_the_pages_of_an_answer_turn_in_place_at_360_pixels(narrow: Page) -> None:
    amina = Hand(narrow, AMINA, "nl")
    await amina.start()
    await amina.phone.locator('button[data-callback$=":nl"]').last.click()
    await amina.phone.locator('button[data-callback$=":on"]').last.click()
    await amina.phone.locator('button[data-callback$=":~cancel"]').last.click()
    await amina.open_link("topic-pets")
    pets = ARTICLES["pets"]
    answer = await amina.hears(pets.summary)
    messages = await amina.phone.locator('[data-from="bot"]').count()

    await answer.locator('button[data-callback$=":steps"]').click()

    await amina.hears(pets.where)
    await expect(amina.message(pets.summary)).to_have_count(0)
    assert await amina.phone.locator('[data-from="bot"]').count() == messages
    assert await narrow.evaluate(CUT_BUTTONS) == []
