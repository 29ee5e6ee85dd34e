"""What the tests of rights share: staff, a question for a human, its answer, and a search that finds what a test says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.loadfile import LoadFile
from bot.loading import apply
from bot.store.db import Tx
from flows.messages import Msg, Value
from tests.bot.hand import Hand, at_noon
from tests.bot.rig import Rig, rig
from tests.bot.test_intake import AMINA, ELIF, GREET

TOPICS = ("deposit", "pets", "damp-and-mould")
QUESTION = "Krijg ik mijn waarborg terug als ik verhuis?"
ANSWER = "Ja, als er geen schade is."
MORE = "Dank u! En wanneer krijg ik het?"
STAFF = {"telegram": GREET, "role": "staff"}


@asynccontextmanager
async def desk(folder: Path, *roles: dict[str, Any], **settings: Any) -> AsyncIterator[Rig]:
    """Bring up a bot at a working day's noon; Greet answers, unless other roles are given."""
    async with rig(folder, **{"clock": at_noon(), **settings}) as up:
        await load(up, roles=list(roles) or [STAFF])
        yield up


async def load(up: Rig, **rows: Any) -> None:
    """Load rows as from a file."""
    await apply(up.app.store, up.app.turns.vault, up.app.clock, LoadFile.model_validate(rows))


def hands(up: Rig) -> tuple[Hand, Hand, Hand]:
    """Give Amina, Elif and Greet."""
    return Hand(up, AMINA), Hand(up, ELIF), Hand(up, GREET)


def says(up: Rig, sentence: str, language: str = "nl", /, **params: Value) -> str:
    """Give a sentence as the bot says it, found by the English one."""
    return up.app.turns.languages[language].plain(Msg(sentence, params))


async def asks(tenant: Hand, words: str = QUESTION) -> list[str]:
    """Pass a question about money to a human; give what the bot said when it was sent."""
    await tenant.writes("/menu")
    await tenant.taps("ask-human", "money")
    await tenant.writes(words)
    return await tenant.taps("send")


async def answers(staff: Hand, words: str = ANSWER) -> list[str]:
    """Answer the question that staff heard of last; give what the bot said when it was sent."""
    await staff.taps("reply")
    await staff.writes(words)
    return await staff.taps("yes")


def search(up: Rig, look: Any) -> None:
    """Let this look up what answers a question."""
    object.__setattr__(up.app.turns, "looks", {**up.app.turns.looks, "search": look})


def finds(up: Rig, decision: str = "handoff", topics: tuple[str, ...] = TOPICS, **more: str) -> list[dict[str, str]]:
    """Let the search find this, whatever is asked; give the list of what it is asked."""
    asked: list[dict[str, str]] = []
    found = {"decision": decision, "topics": topics, "signal": "", "language": "", "term": "", **more}

    def look(inputs: str) -> str:
        asked.append(json.loads(inputs))
        return json.dumps(found)

    search(up, look)
    return asked


def buttons(hand: Hand) -> list[str]:
    """Give the options of the buttons under the newest message."""
    rows = [bubble.buttons for bubble in hand.up.world.phones[hand.user].screen() if bubble.from_bot][-1]
    return [data.partition(":")[2] for row in rows for _label, data in row]


def taps_as(hand: Hand, data: str) -> dict[str, Any]:
    """Make the update of a tap with the data of a button that may be another's."""
    update = hand.tap(buttons(hand)[0])
    return {**update, "callback_query": {**update["callback_query"], "data": data}}


async def written(up: Rig, side: str = "tenant") -> list[str]:
    """Give what one side wrote in all talks, oldest first."""

    def job(tx: Tx) -> list[str]:
        rows = tx.all("SELECT text FROM handoff_message WHERE side = :side ORDER BY id", side=side)
        return [up.app.turns.vault.open("handoff", row["text"]).decode() for row in rows]

    return await up.app.store.read(job)


async def states(up: Rig) -> list[str]:
    """Give the states of all talks."""
    return [row["state"] for row in await up.rows("SELECT state FROM handoff ORDER BY id")]
