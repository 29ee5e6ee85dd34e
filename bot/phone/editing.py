"""Methods that change or take away a message, and those that answer a tap."""

from bot.phone.errors import ApiError, bad_request
from bot.phone.keyboards import inline_rows
from bot.phone.markup import units
from bot.phone.methods import method
from bot.phone.params import Params
from bot.phone.sending import caption_body, text_body
from bot.phone.things import CALLBACK_ANSWERABLE, DAY, JSON, Message, Rows
from bot.phone.world import World

MOST_TOAST_UNITS = 200
MOST_DELETED_AT_ONCE = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method("editMessageText")
def edit_message_text(world: World, ask: Params) -> JSON:
    """Change text and buttons; without reply_markup the buttons go."""
    message = _editable(world, ask)
    body, rows = text_body(ask), inline_rows(ask)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _edited(world, message, body, rows)


@method("editMessageCaption")
def edit_message_caption(world: World, ask: Params) -> JSON:
    """Change the caption under a file, and the buttons."""
    message = _editable(world, ask)
    body, rows = caption_body(ask), inline_rows(ask)
    if "text" in message.body:
        raise bad_request("there is no caption in the message to edit")
    media = {key: value for key, value in message.body.items() if not key.startswith("caption")}
    return _edited(world, message, media | body, rows)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, ask: Params) -> JSON:
    """Change the buttons only; without reply_markup they go."""
    message = _editable(world, ask)
    return _edited(world, message, message.body, inline_rows(ask))


@method("deleteMessage")
def delete_message(world: World, ask: Params) -> bool:
    """Take one message away; Telegram allows it for 48 hours."""
    message = _present(world, ask.values.get("chat_id"), ask.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if world.now() - message.date > 2 * DAY:
        raise bad_request("message can't be deleted for everyone")
    _delete(world, message)
    return True


@method("deleteMessages")
def delete_messages(world: World, ask: Params) -> bool:
    """Take up to 100 messages away; those that are not there are skipped."""
    ids = ask.nested("message_ids")
    if not isinstance(ids, list) or not ids or not all(isinstance(one, int) for one in ids):
        raise bad_request("message identifiers are not specified")
    if len(ids) > MOST_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    for message_id in ids:
        message = _present(world, ask.values.get("chat_id"), message_id)
        if message and world.now() - message.date <= 2 * DAY:
            _delete(world, message)
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, ask: Params) -> bool:
    """Answer a tap, once, with a text to show or without one."""
    callback = world.callbacks.get(ask.text("callback_query_id"))
    if callback is None or callback.answered or world.now() - callback.date > CALLBACK_ANSWERABLE:
        raise bad_request(_TOO_OLD)
    if units(ask.text("text")) > MOST_TOAST_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    callback.answered = True
    if ask.text("text"):
        world.toast(callback, ask.text("text"), ask.flag("show_alert"))
    else:
        world.touch(callback.phone)
    return True


def _present(world: World, chat_id: object, message_id: int) -> Message | None:
    message = world.chat(chat_id).messages.get(message_id)
    return None if message is None or message.deleted else message


def _editable(world: World, ask: Params) -> Message:
    if ask.text("inline_message_id"):
        raise ApiError(400, "Bad Request: MESSAGE_ID_INVALID")
    if not ask.number("message_id"):
        raise bad_request("message identifier is not specified")
    world.open_chat(ask.values.get("chat_id"))
    message = _present(world, ask.values.get("chat_id"), ask.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Message, body: JSON, rows: Rows) -> JSON:
    kept = {"reply_to_message": message.body["reply_to_message"]} if "reply_to_message" in message.body else {}
    if body | kept == message.body and rows == message.rows:
        raise bad_request(_NOT_MODIFIED)
    if body | kept != message.body:
        message.edited = int(world.now())
    message.body, message.rows = body | kept, rows
    world.show(message)
    return message.as_json()


def _delete(world: World, message: Message) -> None:
    message.deleted = True
    world.show(message)
