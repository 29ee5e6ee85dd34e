"""The nouns of the local server: chats, messages, buttons, and what a person sees of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
Clock = Callable[[], float]
Rows = list[list[JSON]]

DAY = 24 * 3600
CALLBACK_LIFETIME = 150  # Telegram's server drops a tap that no bot fetched within this many seconds
CALLBACK_ANSWERABLE = 15 * 60  # Telegram publishes no figure; clients give up on the spinner long before


@dataclass(slots=True)
class Chat:
    """A private chat or a group. `state` tells whether the bot may write: only "open" chats take messages."""

    chat_id: int
    kind: Literal["private", "supergroup"]
    name: str
    state: Literal["new", "open", "blocked", "deactivated"] = "new"
    messages: dict[int, "Message"] = field(default_factory=dict)

    def as_json(self) -> JSON:
        """Return the Bot API's Chat object."""
        label = "first_name" if self.kind == "private" else "title"
        return {"id": self.chat_id, "type": self.kind, label: self.name}


@dataclass(slots=True)
class Message:
    """One message as both sides see it now; `body` holds text, entities and media as the Bot API names them."""

    message_id: int
    chat: Chat
    sender: JSON
    date: int
    body: JSON
    rows: Rows = field(default_factory=list)
    edited: int | None = None
    deleted: bool = False
    seq: int = 0
    toasts: list[str] = field(default_factory=list)

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return bool(self.sender["is_bot"])

    def as_json(self) -> JSON:
        """Return the Bot API's Message object."""
        out = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.body,
        }
        if self.edited:
            out["edit_date"] = self.edited
        if self.rows:
            out["reply_markup"] = {"inline_keyboard": self.rows}
        return out

    def bubble(self) -> "Bubble":
        """Return what a person sees of it."""
        return Bubble(
            message_id=self.message_id,
            from_bot=self.from_bot,
            text=self.body.get("text") or self.body.get("caption") or "",
            entities=tuple(self.body.get("entities") or self.body.get("caption_entities") or ()),
            buttons=tuple(tuple(_button(button) for button in row) for row in self.rows),
            media=next((kind for kind in MEDIA if kind in self.body), ""),
            file=_file_of(self.body),
            place=self.body.get("venue") or self.body.get("location") or {},
            edited=bool(self.edited),
            date=self.date,
            toasts=tuple(self.toasts),
        )


MEDIA = ("document", "photo", "voice", "audio", "sticker", "venue", "location", "contact")
Button = tuple[str, str]


@dataclass(slots=True, frozen=True)
class Bubble:
    """A message on the screen. A button is its label and its callback data, or the address it opens."""

    message_id: int
    from_bot: bool
    text: str
    entities: tuple[JSON, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    media: str = ""
    file: JSON = field(default_factory=dict)
    place: JSON = field(default_factory=dict)
    edited: bool = False
    date: int = 0
    toasts: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, in reading order."""
        return [label for row in self.buttons for label, _ in row]

    def data(self, label: str) -> str:
        """Return the callback data of the first button whose label holds `label`; raise LookupError if none does."""
        for row in self.buttons:
            for shown, data in row:
                if label in shown:
                    return data
        raise LookupError(f"no button {label!r} under message {self.message_id}: {self.labels}")


def _button(button: JSON) -> Button:
    return button["text"], button.get("callback_data") or button.get("url", "")


def _file_of(body: JSON) -> JSON:
    """Return id, name, type and length of the message's file, empty if it has none."""
    for kind in ("document", "voice", "audio"):
        if kind in body:
            found = body[kind]
            name = found.get("file_name", kind)
            return {
                "id": found["file_id"],
                "name": name,
                "mime": found.get("mime_type", ""),
                "size": found.get("file_size", 0),
                "seconds": found.get("duration", 0),
            }
    if "photo" in body:
        largest = body["photo"][-1]
        return {"id": largest["file_id"], "name": "photo", "mime": "image/*", "size": largest["file_size"]}
    return {}
