"""The local Bot API server refuses what Telegram refuses, in Telegram's words, and keeps what Telegram keeps."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.phone.phones import Phone
from bot.phone.server import serving
from bot.phone.things import CALLBACK_LIFETIME, DAY
from bot.phone.world import World
from tests.bot.phone_client import TOKEN, Client, client, keyboard

AMINA = 6001


class Hands:
    """A clock whose hands are turned by the test."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def world(hands: Hands) -> World:
    return World(TOKEN, hands)


@pytest.fixture
def amina(world: World) -> Phone:
    return world.add_phone(AMINA, "Amina", "ar", started=True)


@pytest.fixture
async def api(world: World) -> AsyncIterator[Client]:
    async with client(world) as connected:
        yield connected


# Who may call what.


async def test_a_wrong_token_is_unauthorized(api: Client) -> None:
    async with api.session.get(f"{api.base_url}/bot1:other/getMe") as response:
        assert response.status == 401


async def test_an_unknown_method_is_not_found(api: Client) -> None:
    assert (await api.call("sendPigeon"))[0] == 404


async def test_get_me_tells_username_and_that_it_is_a_bot(api: Client) -> None:
    me = await api.result("getMe")
    assert (me["id"], me["is_bot"], bool(me["username"])) == (424242, True, True)


# Updates.


async def test_an_offset_confirms_everything_before_it(api: Client, amina: Phone) -> None:
    amina.write("een")
    amina.write("twee")
    first, second = await api.result("getUpdates")
    assert await api.result("getUpdates") == [first, second]
    assert await api.result("getUpdates", offset=second["update_id"]) == [second]
    assert await api.result("getUpdates", offset=0) == [second]


async def test_a_negative_offset_keeps_only_the_newest(api: Client, amina: Phone) -> None:
    for word in ("een", "twee", "drie"):
        amina.write(word)
    updates = await api.result("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in updates] == ["drie"]


async def test_a_long_poll_answers_when_something_is_written(api: Client, world: World, amina: Phone) -> None:
    poll = asyncio.create_task(api.result("getUpdates", timeout=30))
    await world.updates.bell.wait(5)  # rung by the poll that arrives
    amina.write("hallo")
    assert [update["message"]["text"] for update in await poll] == ["hallo"]


async def test_a_second_poller_ends_the_first_with_409(api: Client, world: World, amina: Phone) -> None:
    first = asyncio.create_task(api.call("getUpdates", timeout=30))
    await world.updates.bell.wait(5)  # rung by the poll that arrives
    second = asyncio.create_task(api.call("getUpdates", timeout=30))
    status, body = await first
    amina.write("hallo")
    assert (status, body["description"][:37]) == (409, "Conflict: terminated by other getUpda")
    assert (await second)[0] == 200


async def test_polling_is_refused_while_a_webhook_is_set(api: Client) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await api.refusal("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook")


async def test_unwanted_kinds_of_updates_are_not_kept(api: Client, amina: Phone) -> None:
    await api.result("getUpdates", allowed_updates=["message"])
    amina.block()
    assert await api.result("getUpdates") == []


@pytest.mark.parametrize(("later", "kept"), [(CALLBACK_LIFETIME - 1, 2), (CALLBACK_LIFETIME, 1), (DAY, 0)])
async def test_taps_expire_long_before_messages(api: Client, amina: Phone, hands: Hands, later: int, kept: int) -> None:
    await api.send(AMINA, "Kom je?", reply_markup=keyboard(("Ja", "ja")))
    amina.tap("Ja")
    amina.write("ja")
    hands.time += later
    assert len(await api.result("getUpdates")) == kept


async def test_any_object_can_be_an_update(api: Client, world: World) -> None:
    world.push_raw({"message": {"text": 7}})
    world.push_raw({"update_id": 1, "again": True})
    seen = [await api.result("getUpdates", offset=1), await api.result("getUpdates", offset=1)]
    assert sorted(len(updates) for updates in seen) == [1, 1]


# What may be sent.


@pytest.mark.parametrize("text", ["", "   \n ", "<b> </b>"])
async def test_an_empty_text_is_refused(api: Client, amina: Phone, text: str) -> None:
    why = await api.refusal("sendMessage", chat_id=AMINA, text=text, parse_mode="HTML")
    assert why == "Bad Request: message text is empty"


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 4096, True), ("x" * 4097, False), ("😀" * 2048, True), ("😀" * 2049, False)]
)
async def test_4096_units_fit_and_no_more(api: Client, amina: Phone, text: str, fits: bool) -> None:
    _, body = await api.call("sendMessage", chat_id=AMINA, text=text)
    assert body.get("description", "") == ("" if fits else "Bad Request: message is too long")


async def test_tags_do_not_count_towards_the_length(api: Client, amina: Phone) -> None:
    await api.send(AMINA, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert len(amina.last().text) == 4096


@pytest.mark.parametrize(("data", "fits"), [("é" * 32, True), ("é" * 32 + "x", False), ("", False)])
async def test_callback_data_has_1_to_64_bytes(api: Client, amina: Phone, data: str, fits: bool) -> None:
    _, body = await api.call("sendMessage", chat_id=AMINA, text="?", reply_markup=keyboard(("Ja", data)))
    assert body.get("description", "") == ("" if fits else "Bad Request: BUTTON_DATA_INVALID")


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("dag</b>", "Unexpected end tag at byte offset 3"),
        ("é<b><i>x</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ('<span class="x">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_wrong_html_is_refused(api: Client, amina: Phone, html: str, why: str) -> None:
    refusal = await api.refusal("sendMessage", chat_id=AMINA, text=html, parse_mode="HTML")
    assert refusal == f"Bad Request: can't parse entities: {why}"


async def test_html_becomes_text_and_entities_in_utf16_units(api: Client, amina: Phone) -> None:
    await api.send(
        AMINA, '  😀 <b>a &lt; <i>b</i></b> &nbsp; <a href="https://x.be/?a=1&amp;b=2">c</a>', parse_mode="HTML"
    )
    bubble = amina.last()
    assert bubble.text == "😀 a < b &nbsp; c"
    assert bubble.entities == (
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "italic", "offset": 7, "length": 1},
        {"type": "text_link", "url": "https://x.be/?a=1&b=2", "offset": 16, "length": 1},
    )


# Editing, deleting, tapping.


async def test_an_edit_that_changes_nothing_is_refused(api: Client, amina: Phone) -> None:
    sent = await api.send(AMINA, "Kom je?", reply_markup=keyboard(("Ja", "ja")))
    same = {"chat_id": AMINA, "message_id": sent["message_id"], "text": "Kom je?"}
    why = await api.refusal("editMessageText", **same, reply_markup=keyboard(("Ja", "ja")))
    assert why.startswith("Bad Request: message is not modified")
    await api.result("editMessageText", **same)
    assert amina.last().buttons == ()


async def test_an_unknown_message_cannot_be_edited(api: Client, amina: Phone) -> None:
    assert await api.refusal("editMessageText", chat_id=AMINA, message_id=99, text="x") == (
        "Bad Request: message to edit not found"
    )


async def test_a_persons_own_message_cannot_be_edited(api: Client, amina: Phone) -> None:
    message_id = amina.write("hallo")
    why = await api.refusal("editMessageText", chat_id=AMINA, message_id=message_id, text="x")
    assert why == "Bad Request: message can't be edited"


async def test_a_deleted_message_leaves_the_screen(api: Client, amina: Phone) -> None:
    sent = await api.send(AMINA, "weg")
    await api.result("deleteMessage", chat_id=AMINA, message_id=sent["message_id"])
    assert amina.screen() == []


async def test_a_tap_is_answered_once_and_soon(api: Client, amina: Phone, hands: Hands) -> None:
    await api.send(AMINA, "Kom je?", reply_markup=keyboard(("Ja", "ja")))
    first, second = amina.tap("Ja"), amina.tap("ja")
    await api.result("answerCallbackQuery", callback_query_id=first, text="Fijn")
    again = await api.refusal("answerCallbackQuery", callback_query_id=first)
    hands.time += DAY
    late = await api.refusal("answerCallbackQuery", callback_query_id=second)
    assert again == late == "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert amina.last().toasts == ("Fijn",)


# Who can be reached.


async def test_who_never_started_is_not_found(api: Client, world: World) -> None:
    world.add_phone(6002, "Mehmet", "tr")
    assert await api.refusal("sendMessage", chat_id=6002, text="x") == "Bad Request: chat not found"


async def test_who_blocked_the_bot_is_forbidden_until_they_return(api: Client, amina: Phone) -> None:
    amina.block()
    assert await api.refusal("sendMessage", chat_id=AMINA, text="x") == "Forbidden: bot was blocked by the user"
    amina.unblock()
    await api.send(AMINA, "welkom terug")
    changes = [update["my_chat_member"]["new_chat_member"]["status"] for update in await api.result("getUpdates")]
    assert changes == ["kicked", "member"]


async def test_a_deleted_account_is_forbidden(api: Client, amina: Phone) -> None:
    amina.deactivate()
    assert await api.refusal("sendMessage", chat_id=AMINA, text="x") == "Forbidden: user is deactivated"


# Foreign clients.


@pytest.fixture
async def stock(world: World) -> AsyncIterator[Bot]:
    """python-telegram-bot's own Bot with its default HTTP client."""
    async with serving(world) as url, Bot(TOKEN, f"{url}/bot", f"{url}/file/bot") as bot:
        yield bot


async def test_a_document_arrives_by_multipart_and_can_be_fetched(stock: Bot, amina: Phone) -> None:
    sent = await stock.send_document(
        AMINA, b"BEGIN:\r\n--x\r\n", filename="één; dag.ics", caption="<b>dag</b>", parse_mode="HTML"
    )
    assert sent.document is not None
    file = await stock.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"BEGIN:\r\n--x\r\n"
    assert (amina.last().file["name"], amina.last().text) == ("één; dag.ics", "dag")


async def test_a_voice_of_a_person_can_be_fetched(stock: Bot, amina: Phone) -> None:
    amina.voice(b"OggS...", seconds=3)
    (update,) = await stock.get_updates()
    assert update.message is not None
    assert update.message.voice is not None
    file = await stock.get_file(update.message.voice.file_id)
    voice = update.message.voice.to_dict()
    assert (voice["duration"], bytes(await file.download_as_bytearray())) == (3, b"OggS...")


async def test_commands_are_shown_in_the_persons_language(stock: Bot, world: World, amina: Phone) -> None:
    await stock.set_my_commands([("menu", "Menu")])
    await stock.set_my_commands([("menu", "القائمة")], language_code="ar")
    shown = world.profile.commands_for(AMINA, "ar")
    assert [command["description"] for command in shown] == ["القائمة"]


async def test_a_stock_echo_bot_runs(world: World, amina: Phone) -> None:
    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        button = InlineKeyboardButton("Ja", callback_data="ja")
        await update.message.reply_text(f"Je zei {update.message.text}", reply_markup=InlineKeyboardMarkup([[button]]))

    async with serving(world) as url:
        bot: Any = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
        bot.add_handler(MessageHandler(filters.TEXT, echo))
        async with bot:
            await bot.start()
            await bot.updater.start_polling()
            amina.write("hallo")
            assert (await amina.heard("Je zei hallo")).labels == ["Ja"]
            await bot.updater.stop()
            await bot.stop()
