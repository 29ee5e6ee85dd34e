"""The whole world of the local server: people, chats, messages and the bot, in memory and without I/O."""

import time
from dataclasses import dataclass, field
from itertools import count

from bot.phone.bell import Bell
from bot.phone.errors import bad_request, forbidden
from bot.phone.faults import Faults
from bot.phone.files import Files
from bot.phone.pace import Flood, Limits
from bot.phone.phones import Phone
from bot.phone.profile import Profile
from bot.phone.referee import Call, Referee, counts_against_pace
from bot.phone.things import JSON, Chat, Clock, Message, Rows
from bot.phone.updates import Updates


@dataclass(slots=True)
class Callback:
    """A tap that waits for answerCallbackQuery; `message` may be gone from the screen by then."""

    phone: Phone
    message: Message | None
    date: float
    answered: bool = False


@dataclass(slots=True)
class Toast:
    """The text that answerCallbackQuery showed, as a short notice or as an alert to close."""

    text: str
    alert: bool
    seq: int
    message_id: int | None = None


@dataclass
class World:
    """State and rules. `now` gives the world's time in Unix seconds; floods and waits use the monotonic clock.

    `latency` is a wait in seconds before every call, for the distance to Telegram.
    """

    token: str = field(repr=False)
    now: Clock = time.time
    limits: Limits = field(default_factory=Limits)
    username: str = "vivas_demo_bot"
    latency: float = 0.0

    def __post_init__(self) -> None:
        self.phones: dict[int, Phone] = {}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.updates = Updates(lambda: self.now())
        self.files = Files()
        self.faults = Faults()
        self.flood = Flood(self.limits)
        self.referee = Referee()
        self.profile = Profile()
        self.changed = Bell()
        self.closing = Bell()
        self.seq = 0
        self._message_ids = count(1)
        number = self.token.partition(":")[0]
        self.me: JSON = {
            "id": int(number) if number.isdigit() else 424242,
            "is_bot": True,
            "first_name": "vivas-bot",
            "username": self.username,
        }

    @property
    def calls(self) -> list[Call]:
        """The log of the bot's calls, oldest first."""
        return self.referee.calls

    def add_phone(
        self,
        user_id: int,
        first_name: str,
        language_code: str,
        *,
        role: str = "",
        started: bool = False,
        shown: bool = True,
    ) -> Phone:
        """Add a person with a phone set to a language; `started` as if they had written to the bot long ago. A phone that
        is not `shown` is on no page."""
        chat = Chat(user_id, "private", first_name, "open" if started else "new")
        phone = Phone(self, chat, language_code, role)
        self.chats[user_id] = chat
        if shown:
            self.phones[user_id] = phone
            self.touch(phone)
        return phone

    def group(self, group_id: int) -> Chat:
        """Return a group chat that the bot is in, made when it is not there yet."""
        return self.chats.setdefault(group_id, Chat(group_id, "supergroup", "Groep", "open"))

    def open_chat(self, chat_id: object) -> Chat:
        """Return the chat the bot wants to write to; raise 400 or 403 in Telegram's words if it may not."""
        chat = self.chat(chat_id)
        if chat.state == "blocked":
            raise forbidden("bot was blocked by the user")
        if chat.state == "deactivated":
            raise forbidden("user is deactivated")
        return chat

    def chat(self, chat_id: object) -> Chat:
        """Return a chat the bot has met; raise a 400 for any other."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        number = str(chat_id)
        chat = self.chats.get(int(number)) if number.removeprefix("-").isdecimal() else None
        if chat is None or chat.state == "new":
            raise bad_request("chat not found")
        return chat

    def put(self, chat: Chat, sender: JSON, body: JSON, rows: Rows | None = None) -> Message:
        """Add a message to a chat, from either side, and return it."""
        message = Message(next(self._message_ids), chat, sender, int(self.now()), body, rows or [])
        chat.messages[message.message_id] = message
        self.show(message)
        return message

    def show(self, message: Message) -> None:
        """Mark a message as changed and wake who watches its chat."""
        self.seq += 1
        message.seq = self.seq
        phone = self.phones.get(message.chat.chat_id)
        if phone:
            self.touch(phone)

    def touch(self, phone: Phone) -> None:
        """Wake who watches a phone."""
        self.seq += 1
        phone.seq = self.seq
        phone.bell.ring()
        self.changed.ring()

    def add_callback(self, phone: Phone, message: Message | None) -> str:
        """Note a tap and return the id of its callback query."""
        callback_id = str(70_000_000_000 + len(self.callbacks))
        self.callbacks[callback_id] = Callback(phone, message, self.now())
        return callback_id

    def toast(self, callback: Callback, text: str, alert: bool) -> None:
        """Show the bot's answer to a tap."""
        message = callback.message
        callback.phone.toasts.append(Toast(text, alert, self.seq + 1, message.message_id if message else None))
        if message:
            message.toasts.append(text)
            self.show(message)
        else:
            self.touch(callback.phone)

    def push_raw(self, update: JSON) -> object:
        """Hand the bot any object as an update, for tests with broken ones; return its update_id."""
        return self.updates.push_raw(update)

    def log(self, method: str, chat_id: int | None, text: str, status: int, message_id: int | None) -> None:
        """Write one answered call into the referee's log."""
        self.referee.calls.append(Call(method, chat_id, text, status, time.monotonic(), message_id))

    def admit(self, method: str, chat_id: int | None) -> None:
        """Apply the flood limits to a call; raise 429 when it is one too many."""
        if counts_against_pace(method):
            self.flood.admit(chat_id)

    def close(self) -> None:
        """Let every waiting poll, page stream and slow answer end."""
        self.updates.close()
        self.changed.ring()
        self.closing.ring()

    async def rest(self, seconds: float) -> None:
        """Wait so many seconds, or until the world closes."""
        await self.closing.wait(seconds)
