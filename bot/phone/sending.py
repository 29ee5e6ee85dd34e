"""Methods that make a message."""

from typing import Any

from bot.phone.errors import ApiError, bad_request
from bot.phone.files import File, document, image_size, photo, voice
from bot.phone.keyboards import inline_rows, reply_markup
from bot.phone.markup import parse_html, trimmed, units, with_found
from bot.phone.methods import method
from bot.phone.params import Params
from bot.phone.things import JSON, Chat
from bot.phone.world import World

MOST_UNITS = 4096  # of a text, after the entities are parsed
MOST_CAPTION_UNITS = 1024
MOST_BYTES = 50 * 2**20  # of an upload
MOST_PHOTO_BYTES = 10 * 2**20
ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)


def formatted(ask: Params, name: str, entities_name: str) -> tuple[str, list[JSON]]:
    """Return a text parameter as plain text and entities; raise a 400 when it cannot be parsed."""
    text, mode = ask.text(name), ask.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        entities = _given(ask.nested(entities_name) or [])
    text, entities = trimmed(text, entities)
    return text, with_found(text, entities)


def text_body(ask: Params) -> JSON:
    """Return the body of a text message; raise a 400 when it is empty or too long."""
    text, entities = formatted(ask, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > MOST_UNITS:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_body(ask: Params) -> JSON:
    """Return caption and caption_entities, empty without a caption; raise a 400 when it is too long."""
    text, entities = formatted(ask, "caption", "caption_entities")
    if units(text) > MOST_CAPTION_UNITS:
        raise bad_request("message caption is too long")
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


@method("sendMessage")
def send_message(world: World, ask: Params) -> JSON:
    """Send a text."""
    chat = world.open_chat(ask.values.get("chat_id"))
    return _sent(world, chat, ask, text_body(ask))


@method("sendDocument")
def send_document(world: World, ask: Params) -> JSON:
    """Send a file of any kind."""
    chat = world.open_chat(ask.values.get("chat_id"))
    file = _file(world, ask, "document", "documents", MOST_BYTES)
    return _sent(world, chat, ask, {"document": document(file)} | caption_body(ask))


@method("sendPhoto")
def send_photo(world: World, ask: Params) -> JSON:
    """Send a picture: PNG or JPEG here, since the others cannot be measured without a library."""
    chat = world.open_chat(ask.values.get("chat_id"))
    file = _file(world, ask, "photo", "photos", MOST_PHOTO_BYTES)
    size = image_size(file.data)
    if size is None and not file.data.startswith((b"GIF8", b"RIFF", b"BM")):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if size and (sum(size) > 10_000 or max(size) > 20 * min(size)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return _sent(world, chat, ask, {"photo": photo(file)} | caption_body(ask))


@method("sendVoice")
def send_voice(world: World, ask: Params) -> JSON:
    """Send a voice message."""
    return _send_sound(world, ask, "voice")


@method("sendAudio")
def send_audio(world: World, ask: Params) -> JSON:
    """Send a piece of audio."""
    return _send_sound(world, ask, "audio")


@method("sendLocation")
def send_location(world: World, ask: Params) -> JSON:
    """Send a point on the map."""
    chat = world.open_chat(ask.values.get("chat_id"))
    return _sent(world, chat, ask, {"location": _place(ask)})


@method("sendVenue")
def send_venue(world: World, ask: Params) -> JSON:
    """Send a point on the map with its name and address."""
    chat = world.open_chat(ask.values.get("chat_id"))
    title, address = ask.text("title"), ask.text("address")
    if not title:
        raise bad_request("venue title must be non-empty")
    if not address:
        raise bad_request("venue address must be non-empty")
    place = _place(ask)
    return _sent(
        world, chat, ask, {"venue": {"location": place, "title": title, "address": address}, "location": place}
    )


@method("sendChatAction")
def send_chat_action(world: World, ask: Params) -> bool:
    """Show for five seconds that the bot is busy."""
    chat = world.open_chat(ask.values.get("chat_id"))
    if ask.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    phone = world.phones.get(chat.chat_id)
    if phone:
        phone.action = ask.text("action")
        world.touch(phone)
    return True


def _given(entities: Any) -> list[JSON]:
    """Return the entities that the bot worked out itself; raise a 400 when they are none."""
    for entity in entities if isinstance(entities, list) else [None]:
        if not isinstance(entity, dict) or not all(isinstance(entity.get(key), int) for key in ("offset", "length")):
            raise bad_request("can't parse entities: MessageEntity expected")
    return list(entities)


def _sent(world: World, chat: Chat, ask: Params, body: JSON) -> JSON:
    rows, markup = inline_rows(ask), reply_markup(ask)
    message = world.put(chat, world.me, body | _reply(chat, ask), rows)
    phone = world.phones.get(chat.chat_id)
    if phone:
        phone.action = ""
        if "keyboard" in markup or "remove_keyboard" in markup:
            phone.reply_keyboard = _reply_rows(markup)
    return message.as_json()


def _reply_rows(markup: JSON) -> list[list[JSON]]:
    rows = markup.get("keyboard", [])
    return [[button if isinstance(button, dict) else {"text": str(button)} for button in row] for row in rows]


def _reply(chat: Chat, ask: Params) -> JSON:
    """Return reply_to_message for a reply; raise a 400 when the message is not there."""
    wanted = ask.nested("reply_parameters") or {}
    message_id = wanted.get("message_id") or ask.number("reply_to_message_id")
    if not message_id:
        return {}
    message = chat.messages.get(message_id)
    if message is not None and not message.deleted:
        return {"reply_to_message": message.as_json()}
    if wanted.get("allow_sending_without_reply") or ask.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _send_sound(world: World, ask: Params, name: str) -> JSON:
    chat = world.open_chat(ask.values.get("chat_id"))
    file = _file(world, ask, name, name, MOST_BYTES)
    extra = {"file_name": file.name} if name == "audio" else {}
    return _sent(world, chat, ask, {name: voice(file, ask.number("duration")) | extra} | caption_body(ask))


def _file(world: World, ask: Params, name: str, folder: str, most: int) -> File:
    """Return the file of a parameter: an upload, a part named by attach://, or the id of one that is known."""
    value = ask.text(name)
    upload = ask.uploads.get(value.removeprefix("attach://") if value.startswith("attach://") else name)
    if upload is not None:
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > most:
            raise ApiError(413, "Request Entity Too Large")
        return world.files.keep(folder, upload.name, upload.mime, upload.data)
    if not value:
        raise bad_request(f"there is no {name} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if value not in world.files.by_id:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files.by_id[value]


def _place(ask: Params) -> dict[str, Any]:
    latitude, longitude = ask.real("latitude"), ask.real("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    return {"latitude": latitude, "longitude": longitude}
