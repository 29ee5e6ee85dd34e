"""Buttons under a message, checked as Telegram checks them."""

from typing import Any

from bot.phone.errors import bad_request
from bot.phone.params import Params
from bot.phone.things import JSON, Rows

MOST_BYTES = 64  # of callback_data, in UTF-8
MOST_BUTTONS = 100  # undocumented; more are refused
ACTIONS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")


def inline_rows(ask: Params) -> Rows:
    """Return the inline buttons of a call, row by row; empty without any. Raise a 400 for what Telegram refuses."""
    markup = reply_markup(ask)
    rows = markup.get("inline_keyboard") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: expected an Array of Array")
    for row in rows:
        for button in row:
            _check(button)
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def reply_markup(ask: Params) -> JSON:
    """Return the reply_markup object, empty when absent; raise a 400 when it is no object."""
    markup = ask.nested("reply_markup")
    if markup is None:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup


def _check(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(action in button for action in ACTIONS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MOST_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://", "mailto:", "tel:")):
        url = button["url"]
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
