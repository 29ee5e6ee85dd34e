"""Make what a delivery only refers to, when it is sent: files, places on a map, pictures."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import segno

from bot import files, result_pictures
from bot.clock import Clock
from bot.exports import as_csv
from bot.results_export import results_of
from bot.store import closing, meetings, people, poll_people, polls
from bot.store.db import Store, Tx, is_trouble
from bot.store.deliveries import Ready
from bot.telegram.sender import File
from bot.turns import Turns

log = logging.getLogger(__name__)

QR_SCALE = 12  # pixels for a module: readable from a phone held at arm's length


@dataclass
class Maker:
    """Makes them for one bot. A picture is drawn and uploaded once for each language: Telegram keeps it under a file id."""

    store: Store
    turns: Turns
    clock: Clock
    pictures: OrderedDict[bytes, File] = field(default_factory=OrderedDict)

    async def make(self, ready: Ready) -> Any:
        """Give the File, or the meeting's row, that a delivery refers to; None where it refers to nothing, and where a
        picture cannot be drawn: then what stands below it goes alone."""
        payload = ready.payload or {}
        match payload.get("kind"):
            case "export":
                return await self.store.read(
                    lambda tx: files.my_data(files.known(tx, self.turns.vault, ready.person or 0), payload["shape"])
                )
            case "calendar" | "venue":
                return await self.store.read(lambda tx: _meeting(tx, self.turns, self.clock, ready, payload))
            case "qr":
                return await self.store.read(lambda tx: qr_code(tx, payload["payload"]))
            case "results":
                rows = await self.store.read(lambda tx: _results(tx, payload["poll"], ready.person or 0))
                return File(f"{payload['poll']}.csv", as_csv("results", rows))
            case "picture":
                return await self._picture_or_words(ready, payload)
            case _:
                return None

    async def _picture_or_words(self, ready: Ready, payload: dict[str, Any]) -> File | None:
        try:
            return await self._picture(ready, payload)
        except Exception as error:
            if is_trouble(error) or not payload.get("text"):
                raise
            log.error("the result of a poll cannot be drawn (%s); it goes in words", type(error).__name__)
            return None

    async def _picture(self, ready: Ready, payload: dict[str, Any]) -> File:
        """Draw a picture of a result, in the reader's language."""

        def job(tx: Tx) -> tuple[Any, list[Any], Any]:
            person = people.get(tx, ready.person or 0)
            return polls.get(tx, payload["poll"]), closing.results(tx, payload["poll"], "public"), person

        row, cells, person = await self.store.read(job)
        language = self.turns.languages.of(*(person["language"], person["phone_language"]) if person else ())
        bars = result_pictures.bars_of(cells)
        drawn = await asyncio.to_thread(result_pictures.draw, language, polls.content_of(row), bars)
        content = drawn[min(payload["number"], len(drawn) - 1)]
        made = self.pictures.setdefault(content, File(f"{payload['poll']}-{payload['number'] + 1}.png", content))
        while len(self.pictures) > result_pictures.REMEMBERED:
            self.pictures.popitem(last=False)
        return made


def _results(tx: Tx, poll: str, person: int) -> list[dict[str, Any]]:
    """Give the tables of a poll as who asked for them may see them when they are sent."""
    row = polls.get(tx, poll)
    exact = row is not None and poll_people.seen_exactly(tx, row, person)
    return results_of(tx, poll, "staff" if exact else "public")


def _meeting(tx: Tx, turns: Turns, clock: Clock, ready: Ready, payload: dict[str, Any]) -> Any:
    meeting = meetings.get(tx, payload["meeting"])
    assert meeting is not None
    if payload["kind"] == "venue":
        return meeting
    person = people.get(tx, ready.person or 0)
    return files.calendar(meeting, turns.languages.of(person["language"] if person else None), clock.now())


def qr_code(tx: Tx, payload: str) -> File:
    """Draw the code that opens this chat with a payload. Where the bot's name is not known yet, the command itself."""
    row = tx.one("SELECT value FROM meta WHERE name = 'bot_name'")
    link = f"https://t.me/{row['value']}?start={payload}" if row else f"/start {payload}"
    picture = BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=QR_SCALE, border=4)
    return File(f"{payload}.png", picture.getvalue())
