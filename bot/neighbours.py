"""The demo's neighbours: people without a phone on the page, most of whom answer a poll by themselves."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from bot.phone.phones import CannotDo, Phone
from bot.phone.world import World

FIRST = 7001
MANY = 64
LANGUAGES = ("nl", "nl", "nl", "nl", "ar", "tr", "fr", "nl")
ANSWER = 0.75  # the share of them who answer
LOOK_SECONDS = 0.5
SEED = 2027


def people() -> list[dict[str, Any]]:
    """Give them as rows of a `load` file: tenants of one landlord, who want polls and meetings."""
    return [
        {
            "telegram": FIRST + n,
            "language": LANGUAGES[n % len(LANGUAGES)],
            "postcode": ("8630", "8600")[n % 3 == 0],
            "landlord": "ijzer",
            "block": ("A1", "A2", "B1")[n % 3],
            "consents": ["meetings", "polls"],
        }
        for n in range(MANY)
    ]


class Neighbours:
    """Their phones. `live` taps the first button that comes to mind under each new question of a poll."""

    def __init__(self, world: World):
        self.chance = random.Random(SEED)
        self.phones = [
            world.add_phone(person["telegram"], f"Buur {n}", person["language"], started=True, shown=False)
            for n, person in enumerate(people(), 1)
        ]
        self.quiet = {phone.user_id for phone in self.phones if self.chance.random() > ANSWER}
        self._seen: dict[int, int] = {}

    async def live(self) -> None:
        """Answer until cancelled."""
        while True:
            for phone in self.phones:
                if phone.user_id not in self.quiet:
                    self.look(phone)
            await asyncio.sleep(LOOK_SECONDS)

    def look(self, phone: Phone) -> None:
        """Look at what is new on a phone, and tap an answer where there is a question."""
        for bubble in phone.screen():
            if bubble.message_id <= self._seen.get(phone.user_id, 0) or not bubble.from_bot:
                continue
            self._seen[phone.user_id] = bubble.message_id
            options = [data for row in bubble.buttons for _label, data in row if self._is_answer(data)]
            if options:
                try:
                    chosen = self.chance.choice(options)
                    phone.tap_data(bubble.message_id, chosen)
                    token = chosen.partition(":")[0]
                    if any(data == f"{token}:~ready" for row in bubble.buttons for _label, data in row):
                        phone.tap_data(bubble.message_id, f"{token}:~ready")
                except CannotDo:
                    return

    @staticmethod
    def _is_answer(data: str) -> bool:
        """Tell an answer of a poll from a door to somewhere else."""
        option = data.partition(":")[2]
        return bool(option) and (option == "~skip" or not option.startswith("~")) and option not in DOORS


DOORS = {"write", "change", "other", "menu", "open", "words", "more", "enough", "down", "pause", "details"}
