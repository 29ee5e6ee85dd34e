"""What the page and remote tests see of a phone, as JSON."""

from typing import Any

from bot.phone.phones import Phone
from bot.phone.things import JSON, Message, Rows


def phone_head(phone: Phone) -> JSON:
    """Return a phone without its messages."""
    profile = phone.world.profile
    return {
        "user_id": phone.user_id,
        "name": phone.chat.name,
        "role": phone.role,
        "language": phone.language_code,
        "state": phone.chat.state,
        "action": phone.action,
        "bot": profile.words_for("name", phone.language_code) or phone.world.me["first_name"],
        "username": phone.world.username,
        "description": profile.words_for("description", phone.language_code),
        "commands": profile.commands_for(phone.user_id, phone.language_code),
        "keyboard": [[button.get("text", "") for button in row] for row in phone.reply_keyboard],
    }


def phone_state(phone: Phone, since: int) -> JSON:
    """Return a phone with the messages and toasts that changed after `since` (a `seq`; 0 is everything)."""
    changed = [message for message in phone.chat.messages.values() if message.seq > since]
    return phone_head(phone) | {
        "messages": [message_json(message) for message in changed if not message.deleted],
        "deleted": [message.message_id for message in changed if message.deleted],
        "toasts": [
            {"text": toast.text, "alert": toast.alert, "message_id": toast.message_id}
            for toast in phone.toasts
            if toast.seq > since
        ],
        "since": since,
    }


def message_json(message: Message) -> JSON:
    """Return a message as the page draws it."""
    bubble = message.bubble()
    return {
        "message_id": bubble.message_id,
        "from": "bot" if bubble.from_bot else "user",
        "text": bubble.text,
        "entities": list(bubble.entities),
        "rows": _rows(message.rows),
        "media": bubble.media,
        "file": bubble.file,
        "place": _place(bubble.place),
        "contact": message.body.get("contact", {}),
        "reply_to": message.body.get("reply_to_message", {}).get("text", ""),
        "edited": bubble.edited,
        "date": bubble.date,
        "toasts": list(bubble.toasts),
    }


def _rows(rows: Rows) -> list[list[dict[str, Any]]]:
    return [
        [{"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")} for button in row]
        for row in rows
    ]


def _place(place: JSON) -> JSON:
    """Return a venue or a location flat: title and address (both may be empty), latitude, longitude."""
    if not place:
        return {}
    where = place.get("location", place)
    return {"title": place.get("title", ""), "address": place.get("address", ""), **where}
