"""Someone who writes and taps by updates given straight to the bot, one after the other or several at once."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from bot.clock import BRUSSELS, Clock
from bot.loadfile import LoadFile
from bot.loading import apply
from tests.bot.rig import Rig
from tests.bot.test_intake import text
from tests.bot.world import MEETING, meeting_row

NOON = datetime(2027, 3, 15, 12, 0, 1, tzinfo=BRUSSELS)
SIGN_UP = ("yes", "~ready", "0", "yes", "yes")
_numbers = itertools.count(1)


def at_noon() -> Clock:
    """Give a clock at a working day's noon, well before the meeting, and just after a minute began."""
    clock = Clock()
    clock.set(NOON)
    return clock


async def with_meeting(up: Rig, **changes: Any) -> None:
    """Load the meeting of the small town, or change it."""
    loaded = LoadFile.model_validate({"meetings": [meeting_row(**changes).model_dump(mode="json")]})
    await apply(up.app.store, up.app.turns.vault, up.app.clock, loaded)


class Hand:
    """One person. Everything is settled before a method returns."""

    def __init__(self, up: Rig, user: int):
        self.up, self.user = up, user

    async def writes(self, *words: str) -> list[str]:
        """Write; give what the bot said to it."""
        return await self.sends(*(text(next(_numbers), said, self.user) for said in words))

    async def taps(self, *options: str, times: int = 1) -> list[str]:
        """Tap the newest button of each option in turn, `times` at once; give what the bot said to it."""
        said = []
        for option in options:
            said += await self.sends(*(self.tap(option) for _time in range(times)))
        return said

    async def sends(self, *updates: dict[str, Any]) -> list[str]:
        """Give updates to the bot at once; give the texts of its new messages."""
        seen = len(self.heard())
        await self.up.app.intake.take(list(updates))
        await self.up.settled()
        return self.heard()[seen:]

    def tap(self, option: str) -> dict[str, Any]:
        """Make the update of a tap on the newest button of an option."""
        message_id, data = self.button(option)
        sender = {"id": self.user, "is_bot": False, "first_name": "x", "language_code": "nl"}
        message = {"message_id": message_id, "date": 1, "chat": {"id": self.user, "type": "private"}}
        number = next(_numbers)
        return {
            "update_id": number,
            "callback_query": {"id": str(number), "from": sender, "data": data, "message": message},
        }

    def blocks(self) -> dict[str, Any]:
        """Make the update that tells that the person blocked the bot."""
        member = {"chat": {"id": self.user, "type": "private"}, "from": {"id": self.user, "is_bot": False}, "date": 1}
        states = {"old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked"}}
        return {"update_id": next(_numbers), "my_chat_member": {**member, **states}}

    def button(self, option: str) -> tuple[int, str]:
        """Give message and data of the newest button of an option."""
        for message in reversed(self.up.world.chats[self.user].messages.values()):
            for row in message.rows:
                for button in row:
                    if button["callback_data"].endswith(f":{option}"):
                        return message.message_id, button["callback_data"]
        raise LookupError(f"no button {option}: {self.heard()[-1:]}")

    def heard(self) -> list[str]:
        """Give the texts of all messages of the bot, oldest first."""
        return [bubble.text for bubble in self.up.world.phones[self.user].screen() if bubble.from_bot]

    async def signs_up(self, meeting: str = MEETING) -> list[str]:
        """Take a place, or a place in line; give what the bot said at the end."""
        await self.writes(f"/start meeting-{meeting}")
        return await self.taps(*SIGN_UP)
