"""Make one call to Telegram of one delivery, and say plainly how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.request import CutOff, NotSent

SERVER_ERROR = "server error"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a send ended: `sent`, `again` (not accepted, wait and try again), `flood` (wait this long), `uncertain` (no
    answer came), `blocked`, `failed` (for good), `lost` (the message to edit is gone), or `token`."""

    how: str
    reason: str = ""
    message_id: int | None = None
    wait: float = 0.0


@dataclass(slots=True)
class File:
    """A document or a picture, ready to send; `id` is Telegram's, once a picture was uploaded."""

    name: str
    content: bytes
    id: str = ""


async def send(bot: Bot, chat_id: int, payload: dict[str, Any], made: Any = None) -> Outcome:
    """Make the call. `made` is the File, or the meeting's row, that a payload of that kind refers to. Never raises a
    TelegramError."""
    try:
        return Outcome("sent", message_id=await _call(bot, chat_id, payload, made))
    except TelegramError as error:
        return judge(error, payload)


async def _call(bot: Bot, chat_id: int, payload: dict[str, Any], made: Any) -> int | None:
    """Make the call; give the id of the message that came of it."""
    match payload["kind"]:
        case "send":
            return await _post(bot, "sendMessage", chat_id, payload)
        case "edit":
            return await _post(bot, "editMessageText", chat_id, payload, message_id=payload["message_id"])
        case "caption":
            return await _post(bot, "editMessageCaption", chat_id, payload, message_id=payload["message_id"])
        case "picture" if made is None:
            return await _post(bot, "sendMessage", chat_id, payload)
        case "picture" | "qr":
            return await _send_picture(bot, chat_id, payload, made)
        case "venue":
            return (await bot.send_venue(chat_id, made["lat"], made["lon"], made["place"], made["address"])).message_id
        case _:
            return (await bot.send_document(chat_id, InputFile(made.content, filename=made.name))).message_id


async def _post(bot: Bot, method: str, chat_id: int, payload: dict[str, Any], **more: Any) -> int | None:
    """Post a text through the library's request class, past its types: to build and to read a Message and its buttons
    cost as much as the whole turn (measured), and only the message's id is needed."""
    text = "caption" if method == "editMessageCaption" else "text"
    values = {"chat_id": chat_id, text: payload["text"], "parse_mode": "HTML", **more}
    if payload["rows"]:
        values["reply_markup"] = markup(payload["rows"])
    data = RequestData([RequestParameter(name, value, None) for name, value in values.items()])
    result = await bot.request.post(f"{bot.base_url}/{method}", data)
    return result.get("message_id") if isinstance(result, dict) else None


async def _send_picture(bot: Bot, chat_id: int, payload: dict[str, Any], made: File) -> int:
    """Send a picture, with a caption and buttons where it has some. The same one goes up once, while Telegram has it."""
    try:
        message = await _photo(bot, chat_id, payload, made.id or InputFile(made.content, filename=made.name))
    except BadRequest:
        if not made.id:
            raise
        made.id = ""
        message = await _photo(bot, chat_id, payload, InputFile(made.content, filename=made.name))
    if message.photo:
        made.id = message.photo[-1].file_id
    return message.message_id


async def _photo(bot: Bot, chat_id: int, payload: dict[str, Any], photo: str | InputFile) -> Message:
    rows = payload.get("rows") or []
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton(t, callback_data=data) for t, data in row] for row in rows])
    return await bot.send_photo(
        chat_id,
        photo,
        caption=payload.get("text") or None,
        parse_mode="HTML",
        reply_markup=buttons if rows else None,
    )


def markup(rows: list[list[tuple[str, str]]]) -> dict[str, Any]:
    """Make Telegram's inline keyboard of rows of (label, data)."""
    return {"inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row] for row in rows]}


def judge(error: TelegramError, payload: dict[str, Any]) -> Outcome:
    """Tell permanent from passing. Wording of Bot API 10.0; a 5xx is an answer that says no, silence is not."""
    text = error.message.lower()
    match error:
        case RetryAfter():
            wait = error._retry_after.total_seconds()
            return Outcome("flood", "flood", wait=wait)
        case CutOff():
            return Outcome("uncertain", "no answer")
        case NotSent():
            return Outcome("again", "no connection")
        case Forbidden():
            return Outcome("blocked", "deactivated" if "deactivated" in text else "blocked")
        case InvalidToken():
            return Outcome("token", "token refused")
        case ChatMigrated():
            return Outcome("failed", "group became a supergroup")
        case BadRequest() if "not modified" in text:
            return Outcome("sent", "not modified", message_id=payload.get("message_id"))
        case BadRequest() if payload["kind"] in ("edit", "caption") and (
            "message to edit" in text or "can't be edited" in text
        ):
            return Outcome("lost", "message to edit is gone")
        case BadRequest() if "chat not found" in text:
            return Outcome("blocked", "chat not found")
        case BadRequest():
            return Outcome("failed", error.message[:80])
        case NetworkError():
            return Outcome("again", SERVER_ERROR)
        case _:
            return Outcome("again" if "server" in text or "gateway" in text else "failed", error.message[:80])
