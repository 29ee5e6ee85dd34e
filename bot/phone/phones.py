"""A person with a phone: what they can do in a chat, and what they see."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.phone.bell import Bell
from bot.phone.files import document, photo, voice
from bot.phone.markup import found_entities, units
from bot.phone.things import JSON, Bubble, Chat, Message, Rows

if TYPE_CHECKING:
    from bot.phone.world import Toast, World

MOST_UNITS = 4096  # a client cuts longer texts into several messages
NOBODYS_NUMBER = "+12025550123"  # 555-01xx is kept free for fiction


class CannotDo(Exception):
    """This person cannot do that now: there is no such button or message, or they blocked the bot."""


@dataclass(eq=False, repr=False)
class Phone:
    """One person's private chat with the bot. Every method that writes returns the message id."""

    world: "World"
    chat: Chat
    language_code: str
    role: str = ""
    toasts: list["Toast"] = field(default_factory=list)
    reply_keyboard: Rows = field(default_factory=list)
    action: str = ""
    seq: int = 0
    bell: Bell = field(default_factory=Bell)

    @property
    def user_id(self) -> int:
        """The person's Telegram id, which is also the id of the private chat."""
        return self.chat.chat_id

    @property
    def user(self) -> JSON:
        """The Bot API's User object."""
        return {
            "id": self.user_id,
            "is_bot": False,
            "first_name": self.chat.name,
            "language_code": self.language_code,
        }

    # What a person does.

    def write(self, text: str) -> int:
        """Send a text, cut into several messages at 4,096 units as clients do; return the last message's id."""
        if not text.strip():
            raise CannotDo("an empty message cannot be sent")
        for piece in _pieces(text):
            sent = self._send(_text_body(piece))
        return sent

    def start(self, payload: str = "") -> int:
        """Press Start, or open a deep link with a payload; someone who had blocked the bot unblocks it by that."""
        if self.chat.state == "blocked":
            self.unblock()
        return self.write(f"/start {payload}".strip())

    def tap(self, label_or_data: str, message_id: int | None = None) -> str:
        """Tap the newest button with this label (or a part of it) or callback data; return the callback query's id."""
        message, data = self._button(label_or_data, message_id)
        return self._tapped(message, message.message_id, data)

    def tap_data(self, message_id: int, data: str) -> str:
        """Send a tap with any data, as a forged or an outdated client might; return the callback query's id."""
        return self._tapped(self.chat.messages.get(message_id), message_id, data)

    def photo(self, data: bytes, caption: str = "") -> int:
        """Send a photo."""
        file = self.world.files.keep("photos", "photo.jpg", "image/jpeg", data)
        return self._send({"photo": photo(file)} | ({"caption": caption} if caption else {}))

    def voice(self, data: bytes, seconds: int = 1, mime: str = "audio/ogg") -> int:
        """Send a voice message of so many seconds."""
        return self._send({"voice": voice(self.world.files.keep("voice", "voice.oga", mime, data), seconds)})

    def document(self, data: bytes, name: str, mime: str = "application/octet-stream") -> int:
        """Send a file."""
        return self._send({"document": document(self.world.files.keep("documents", name, mime, data))})

    def contact(self, first_name: str = "", number: str = NOBODYS_NUMBER, user_id: int | None = None) -> int:
        """Share a contact; without arguments one's own."""
        return self._send({"contact": self._contact(first_name, number, user_id)})

    def forward_contact(self) -> int:
        """Forward somebody else's contact out of another chat."""
        origin = {"type": "hidden_user", "date": int(self.world.now()), "sender_user_name": "Iemand"}
        return self._send({"contact": self._contact("Iemand", NOBODYS_NUMBER, 1), "forward_origin": origin})

    def location(self, latitude: float = 50.8467, longitude: float = 4.3525) -> int:
        """Share a place, in degrees."""
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def sticker(self) -> int:
        """Send a sticker."""
        file = self.world.files.keep("stickers", "sticker.webp", "image/webp", b"RIFF")
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._send({"sticker": {**file.as_json(), **shape, "emoji": "👍"}})

    def edit(self, message_id: int, text: str) -> int:
        """Change a text one sent before."""
        message = self.chat.messages.get(message_id)
        if message is None or message.from_bot or message.deleted:
            raise CannotDo(f"message {message_id} is not yours to edit")
        message.body = _text_body(text)
        message.edited = int(self.world.now())
        self.world.show(message)
        self._push("edited_message", message.as_json(), f"chat {self.user_id}")
        return message_id

    def group_write(self, group_id: int, text: str) -> int:
        """Write in a group that the bot is in; `group_id` is negative."""
        group = self.world.group(group_id)
        message = self.world.put(group, self.user, _text_body(text))
        self._push("message", message.as_json(), f"chat {group_id}")
        return message.message_id

    def block(self) -> None:
        """Block the bot: it is told, and its sends fail from now on."""
        self._member("blocked", "member", "kicked")

    def unblock(self) -> None:
        """Let the bot write again: it is told."""
        self._member("open", "kicked", "member")

    def deactivate(self) -> None:
        """Delete the Telegram account; nobody is told, sends fail."""
        self.chat.state = "deactivated"
        self.world.touch(self)

    # What a person sees.

    def screen(self) -> list[Bubble]:
        """Return all messages as they are shown now, oldest first."""
        return [message.bubble() for message in self.chat.messages.values() if not message.deleted]

    def last(self) -> Bubble:
        """Return the newest message of the bot; raise CannotDo when there is none."""
        for bubble in reversed(self.screen()):
            if bubble.from_bot:
                return bubble
        raise CannotDo("the bot has not written yet")

    async def wait(self, predicate: Callable[[list[Bubble]], object], timeout: float = 5.0) -> list[Bubble]:
        """Wait until the screen satisfies `predicate` and return it; raise TimeoutError with the screen's text."""
        try:
            async with asyncio.timeout(timeout):
                while not predicate(screen := self.screen()):
                    await self.bell.wait(None)
        except TimeoutError:
            shown = "\n".join(f"{bubble.message_id}: {bubble.text} {bubble.labels}" for bubble in self.screen())
            raise TimeoutError(f"{self.chat.name} waited {timeout} s in vain; on the screen:\n{shown}") from None
        return screen

    async def heard(self, text_part: str, timeout: float = 5.0, after: int = 0) -> Bubble:
        """Wait for a message of the bot that holds `text_part` and has an id above `after`; return the newest."""

        def found(screen: list[Bubble]) -> list[Bubble]:
            own = (bubble for bubble in screen if bubble.from_bot and bubble.message_id > after)
            return [bubble for bubble in own if text_part in bubble.text]

        return found(await self.wait(found, timeout))[-1]

    # Below the surface.

    def _send(self, body: JSON) -> int:
        if self.chat.state in ("blocked", "deactivated"):
            raise CannotDo("this person blocked the bot; unblock first")
        self.chat.state = "open"
        message = self.world.put(self.chat, self.user, body)
        self._push("message", message.as_json(), f"chat {self.user_id}")
        return message.message_id

    def _push(self, kind: str, body: JSON, queue: str) -> None:
        self.world.updates.push(kind, body, queue)

    def _button(self, wanted: str, message_id: int | None) -> tuple[Message, str]:
        messages = [self.chat.messages.get(message_id)] if message_id else reversed(self.chat.messages.values())
        shown = [message for message in messages if message and not message.deleted]
        for fits in (_is_exactly, _holds):
            for message in shown:
                for button in (button for row in message.rows for button in row):
                    if "callback_data" in button and fits(button, wanted):
                        return message, button["callback_data"]
        raise CannotDo(f"no button {wanted!r} on the screen of {self.chat.name}")

    def _tapped(self, message: Message | None, message_id: int, data: str) -> str:
        callback_id = self.world.add_callback(self, message)
        gone = {"chat": self.chat.as_json(), "message_id": message_id, "date": 0}
        body: JSON = {"id": callback_id, "from": self.user, "chat_instance": str(self.user_id), "data": data}
        body["message"] = message.as_json() if message and not message.deleted else gone
        self._push("callback_query", body, f"user {self.user_id}")
        return callback_id

    def _contact(self, first_name: str, number: str, user_id: int | None) -> JSON:
        owner = user_id if user_id is not None else self.user_id
        return {"phone_number": number, "first_name": first_name or self.chat.name, "user_id": owner}

    def _member(self, state: str, before: str, after: str) -> None:
        if (state == "blocked") == (self.chat.state == "blocked"):
            return
        self.chat.state = "blocked" if state == "blocked" else "open"
        member = {"user": self.world.me, "status": after} | ({"until_date": 0} if after == "kicked" else {})
        former = {"user": self.world.me, "status": before} | ({"until_date": 0} if before == "kicked" else {})
        body: JSON = {"chat": self.chat.as_json(), "from": self.user, "date": int(self.world.now())}
        body |= {"old_chat_member": former, "new_chat_member": member}
        self._push("my_chat_member", body, f"member {self.user_id}")
        self.world.touch(self)


def _text_body(text: str) -> JSON:
    entities = found_entities(text)
    return {"text": text, "entities": entities} if entities else {"text": text}


def _is_exactly(button: JSON, wanted: str) -> bool:
    return wanted in (button["text"], button["callback_data"])


def _holds(button: JSON, wanted: str) -> bool:
    return wanted in button["text"]


def _pieces(text: str) -> list[str]:
    """Cut at the limit, never inside a surrogate pair."""
    pieces = [""]
    size = 0
    for character in text:
        if size + units(character) > MOST_UNITS:
            pieces.append("")
            size = 0
        pieces[-1] += character
        size += units(character)
    return pieces
