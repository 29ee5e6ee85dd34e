"""The story of the project's first promise, through the real bot, on both databases: the last seat, and who gets it next."""

from __future__ import annotations

import operator
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from bot.clock import Clock
from bot.loadfile import LoadFile
from bot.loading import apply
from bot.phone.phones import Phone
from bot.phone.things import Bubble
from bot.phone.world import World
from tests.bot.rig import TOKEN, Rig, rig

BRUSSELS = ZoneInfo("Europe/Brussels")
AMINA, ELIF = 6001, 6002
START = datetime(2027, 3, 28, 19, tzinfo=BRUSSELS)  # the evening after the clocks went forward
SIGN_UP = datetime(2027, 3, 15, 11, tzinfo=BRUSSELS)
MEETING = {
    "id": "veurne-maart",
    "kind": "regional",
    "theme": {"nl": "Wonen en energie", "ar": "السكن والطاقة"},
    "start": "2027-03-28T19:00",
    "place": {"name": "De Kaaiman", "address": "Kaaiplaats 1, 8630 Veurne", "lat": 51.07, "lon": 2.66},
    "capacity": 1,
    "languages": ["nl", "ar"],
    "arranged": ["interpreter", "step-free"],
}


class Tenant:
    """Someone with a phone, who taps and reads."""

    def __init__(self, story: Rig, phone: Phone):
        self.story, self.phone = story, phone

    async def does(self, *acts: str) -> Bubble:
        """Write words, or tap the newest button with an option `[id]`; give the newest message of the bot."""
        for act in acts:
            if act.startswith("["):
                message, data = self.button(act.strip("[]"))
                self.phone.tap_data(message, data)
            else:
                self.phone.write(act)
            seen = self.phone.screen()
            await self.phone.wait(partial(operator.ne, seen))
            await self.story.settled()
        return self.reads()

    def button(self, option: str) -> tuple[int, str]:
        for bubble in reversed(self.phone.screen()):
            for row in bubble.buttons:
                for _label, data in row:
                    if data.split(":", 1)[1] == option:
                        return bubble.message_id, data
        raise LookupError(f"no button {option}: {self.reads()}")

    def reads(self) -> Bubble:
        return [bubble for bubble in self.phone.screen() if bubble.from_bot and bubble.text][-1]

    def options(self) -> list[str]:
        return [data.split(":", 1)[1] for row in self.reads().buttons for _label, data in row]


@pytest.fixture
async def story(tmp_path: Path, address: str) -> AsyncIterator[Rig]:
    clock = Clock()
    clock.set(SIGN_UP)
    world = World(TOKEN, now=lambda: clock.now().timestamp())
    world.add_phone(AMINA, "Amina", "ar")
    world.add_phone(ELIF, "Elif", "tr")
    async with rig(tmp_path, world, users=range(0), clock=clock, database=address) as up:
        await apply(up.app.store, up.app.turns.vault, clock, LoadFile.model_validate({"meetings": [MEETING]}))
        yield up


async def test_the_last_seat_is_given_back_and_goes_to_the_first_in_line(story: Rig) -> None:
    amina, elif_ = Tenant(story, story.world.phones[AMINA]), Tenant(story, story.world.phones[ELIF])
    languages, move_to = story.app.turns.languages, story.app.scheduler.move_to

    hello = await amina.does("/start")
    assert hello.text == languages["ar"].messages["Hello! Which language do you read best?"][0]
    await amina.does("[ar]", "[on]", "8630", "[~ready]", "[meetings]", "[veurne-maart]", "[yes]")
    await amina.does("[interpreter]", "[step-free]", "[~ready]", "[ar]", "[0]", "[yes]", "[yes]")
    file = next(kept for kept in story.world.files.by_id.values() if kept.name == "veurne-maart.ics")
    event: Any = cast(Any, Calendar.from_ical(file.data)).walk("VEVENT")[0]
    assert event["dtstart"].dt == START

    await elif_.does("/start meeting-veurne-maart", "[tr]", "[on]", "[yes]", "[~ready]", "[0]", "[yes]", "[yes]")
    places = await story.rows("SELECT status, needs, interpreter FROM registration ORDER BY line")
    assert [place["status"] for place in places] == ["confirmed", "waiting"]
    assert (places[0]["needs"], places[0]["interpreter"]) == ('["interpreter", "step-free"]', "ar")

    early = START.replace(day=25, hour=18)
    heard = amina.reads().message_id
    await move_to(early - timedelta(minutes=1))
    assert amina.reads().message_id == heard
    await move_to(early + timedelta(seconds=1))
    assert amina.options() == ["coming", "cannot"]

    await amina.does("[cannot]")
    await move_to(early + timedelta(seconds=10))
    assert elif_.options() == ["take", "no"]
    await elif_.does("[take]")
    places = await story.rows("SELECT status FROM registration ORDER BY line")
    assert [place["status"] for place in places] == ["cancelled", "confirmed"]

    await move_to(START.replace(hour=9) + timedelta(seconds=1))
    assert elif_.options() == ["coming", "cannot"]
    reminders = await story.rows("SELECT person, about FROM delivery WHERE class = 'reminder' AND state = 'sent'")
    assert len(reminders) == 2


async def test_erased_is_erased_and_the_seat_goes_on(story: Rig) -> None:
    amina = Tenant(story, story.world.phones[AMINA])
    await amina.does("/start meeting-veurne-maart", "[ar]", "[on]", "[yes]", "[~ready]", "[0]", "[yes]", "[yes]")
    last = await amina.does("/mijngegevens", "[erase]", "[yes]")
    assert last.buttons == ()
    for table in ("person", "registration", "session", "handle", "consent_log", "reminder"):
        assert await story.rows(f"SELECT * FROM {table}") == [], table
    assert [row["state"] for row in await story.rows("SELECT state FROM delivery WHERE chat_sealed IS NOT NULL")] == []


async def test_the_clock_of_real_people_is_never_moved(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        real = up.app.settings.model_copy(update={"telegram_api": "https://api.telegram.org"})
        up.app.scheduler.movable = not real.is_telegram
        with pytest.raises(PermissionError, match="Telegram's own"):
            await up.app.scheduler.move_to(START)
