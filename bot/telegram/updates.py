"""Read a raw update into what a person did. Only what is needed is read: no name, username or photo enters the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 4096


class Unreadable(Exception):
    """This update does not have the shape that the Bot API promises; says where."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update to which nothing needs to be said, by a named rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class Command:
    """`/name payload`."""

    name: str
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A text without a command; `edited` when an older message was changed."""

    text: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """Something that is not text: its kind, and its file id where there is one."""

    kind: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """A button: the token and option it carried, and the message it hangs under."""

    callback_id: str
    token: str
    option: str
    message_id: int | None
    captioned: bool = False  # it hangs under a picture or a file


@dataclass(frozen=True, slots=True)
class Reach:
    """The person blocked the bot, or let it back in."""

    blocked: bool


@dataclass(frozen=True, slots=True)
class GroupTalk:
    """Somebody spoke to the bot in a group, where it keeps silent about anything personal."""

    language: str


What = Command | Words | Media | Tap | Reach | GroupTalk


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one person did. `chat_id` is the private chat (equal to the person's own id), or the group's."""

    update_id: int
    chat_id: int
    language: str
    what: What


MEDIA = (
    "photo", "voice", "audio", "video", "video_note", "document", "animation", "sticker",
    "contact", "location", "venue", "poll", "dice", "story", "game", "paid_media", "checklist",
)  # fmt: skip
SERVICE = ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "forum_topic_created")


def read(update: Any) -> Incoming | Ignored:
    """Read one update, as JSON gave it. Raises Unreadable."""
    update = _dict(update, "update")
    update_id = _int(update.get("update_id"), "update_id")
    if "callback_query" in update:
        return _tap(update_id, _dict(update["callback_query"], "callback_query"))
    if "my_chat_member" in update:
        return _reach(update_id, _dict(update["my_chat_member"], "my_chat_member"))
    for field in ("message", "edited_message"):
        if field in update:
            return _message(update_id, _dict(update[field], field), edited=field == "edited_message")
    kinds = sorted(_clean(str(key))[:20] for key in update if key != "update_id")
    return Ignored(f"type {kinds[0] if kinds else 'empty'}")


def _message(update_id: int, message: dict[str, Any], edited: bool) -> Incoming | Ignored:
    chat = _dict(message.get("chat"), "message.chat")
    chat_id = _int(chat.get("id"), "message.chat.id")
    language = _language(message)
    kind = chat.get("type")
    if kind in ("group", "supergroup"):
        return _group(update_id, chat_id, language, message, edited)
    if kind != "private":
        return Ignored("channel")
    if _dict(message.get("from"), "message.from").get("is_bot") is True:
        return Ignored("another bot")
    what = _content(message, edited)
    return what if isinstance(what, Ignored) else Incoming(update_id, chat_id, language, what)


def _content(message: dict[str, Any], edited: bool) -> What | Ignored:
    text = message.get("text")
    if text is not None:
        return _text(_str(text, "message.text"), edited)
    if edited:
        return Ignored("edited media")
    for kind in MEDIA:
        if kind in message:
            return Media(kind, _file(message[kind], kind))
    if any(kind in message for kind in SERVICE):
        return Ignored("service message")
    return Media("unknown")


def _text(text: str, edited: bool) -> What:
    if text.startswith("/") and not edited:
        name, _space, payload = text[1:].partition(" ")
        return Command(name.split("@")[0].strip().lower()[:32], payload.strip()[:64])
    return Words(text[:LONGEST_TEXT], edited)


def _clean(text: str) -> str:
    """Take out what a database or UTF-8 cannot hold: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _file(media: Any, kind: str) -> str | None:
    """Give the file id; of a photo's sizes the largest, which Telegram puts last."""
    if kind == "photo":
        sizes = media if isinstance(media, list) and media else [None]
        media = sizes[-1]
    file = media.get("file_id") if isinstance(media, dict) else None
    return _clean(file) if isinstance(file, str) else None


def _group(update_id: int, chat_id: int, language: str, message: dict[str, Any], edited: bool) -> Incoming | Ignored:
    text = message.get("text")
    if edited or not isinstance(text, str) or not text.startswith("/"):
        return Ignored("group talk")
    return Incoming(update_id, chat_id, language, GroupTalk(language))


def _tap(update_id: int, query: dict[str, Any]) -> Incoming | Ignored:
    sender = _dict(query.get("from"), "callback_query.from")
    chat_id = _int(sender.get("id"), "callback_query.from.id")
    data = query.get("data")
    if not isinstance(data, str):
        return Ignored("tap without data")
    token, _colon, option = _clean(data).partition(":")
    message = query.get("message")
    message_id = message.get("message_id") if isinstance(message, dict) else None
    return Incoming(
        update_id,
        chat_id,
        _language(query),
        Tap(
            _str(query.get("id"), "callback_query.id"),
            token[:64],
            option[:64],
            message_id if _is_int(message_id) else None,
            isinstance(message, dict) and ("photo" in message or "document" in message),
        ),
    )


def _reach(update_id: int, change: dict[str, Any]) -> Incoming | Ignored:
    chat = _dict(change.get("chat"), "my_chat_member.chat")
    if chat.get("type") != "private":
        return Ignored("group membership")
    status = _dict(change.get("new_chat_member"), "my_chat_member.new_chat_member").get("status")
    chat_id = _int(chat.get("id"), "my_chat_member.chat.id")
    return Incoming(update_id, chat_id, "", Reach(blocked=status in ("kicked", "left")))


def _language(message: dict[str, Any]) -> str:
    sender = message.get("from")
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return _clean(code)[:12] if isinstance(code, str) else ""


def _dict(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: expected an object")
    return value


def _int(value: Any, where: str) -> int:
    """Telegram ids fit in 52 bits."""
    if not _is_int(value) or not -(2**62) < value < 2**62:
        raise Unreadable(f"{where}: expected a whole number")
    return int(value)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _str(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"{where}: expected text")
    return _clean(value)
