"""Ten thousand broken updates: each is handled, set apart or ignored by name, and the next good one is answered."""

import copy
import io
import logging
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.log import Scrubber
from tests.bot.rig import rig

SEED = int(os.environ.get("FUZZ_SEED", random.randrange(10**6)))
UPDATES, BATCH = 10_000, 100
USERS = range(6001, 6041)
SECRET = "dit mag nergens staan"
HALF = "\ud83d"  # half of a surrogate pair, which JSON can hold and UTF-8 cannot
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, -(2**63), "", "tekst", SECRET * 2000, "\x00", HALF, "/start " + HALF, "/" + "a" * 500,
    [], [None], {}, {"id": "x"}, [[[[]]]], float("inf"),
)  # fmt: skip


def samples(user: int, number: int) -> list[dict[str, Any]]:
    """Give one good update of each kind."""
    sender = {"id": user, "is_bot": False, "first_name": SECRET, "language_code": "nl"}
    chat = {"id": user, "type": "private", "first_name": SECRET}
    head = {"message_id": number, "date": 1_800_000_000, "chat": chat, "from": sender}
    group = {**head, "chat": {"id": -100, "type": "supergroup", "title": SECRET}}
    members = {"old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked", "user": sender}}
    return [
        {"message": {**head, "text": SECRET}},
        {"message": {**head, "text": "/taal"}},
        {"message": {**head, "text": "/start meeting-" + "a" * 40}},
        {"message": {**head, "photo": [{"file_id": "a", "width": 1, "height": 1}], "caption": SECRET}},
        {"message": {**head, "contact": {"phone_number": SECRET, "first_name": SECRET}}},
        {"message": {**head, "pinned_message": head}},
        {"message": {**group, "text": "/start"}},
        {"edited_message": {**head, "text": SECRET, "edit_date": 1}},
        {"callback_query": {"id": str(number), "from": sender, "data": "token:option", "message": head}},
        {"my_chat_member": {"chat": chat, "from": sender, "date": 1, **members}},
        {"poll_answer": {"poll_id": SECRET, "user": sender, "option_ids": [0]}},
    ]


def mutated(dice: random.Random, update: dict[str, Any]) -> Any:
    """Break an update in one to three places: drop, replace, or add a field, at any depth."""
    broken: Any = copy.deepcopy(update)
    for _ in range(dice.randint(1, 3)):
        inside, key = dice.choice(list(_places(broken)) or [({}, "x")])
        match dice.choice(("drop", "replace", "replace", "add")):
            case "drop":
                inside.pop(key, None)
            case "replace":
                inside[key] = copy.copy(dice.choice(ODD))
            case _:
                inside[dice.choice(("new", HALF, "text", "chat", SECRET))] = copy.copy(dice.choice(ODD))
    return dice.choice(ODD) if dice.random() < 0.01 else broken


def _places(value: Any) -> Iterator[tuple[dict[str, Any], str]]:
    for key, inner in list(value.items()) if isinstance(value, dict) else []:
        yield value, key
        yield from _places(inner)


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Collect all that the bot logs, as it would be written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Scrubber("%(name)s %(message)s"))
    logger = logging.getLogger("bot")
    before, logger.level = logger.level, logging.DEBUG
    logger.addHandler(handler)
    try:
        yield written
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


@pytest.mark.slow
async def test_ten_thousand_broken_updates_stop_nothing_and_leave_no_words_in_the_log(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    dice = random.Random(SEED)
    async with rig(tmp_path, users=USERS) as up:
        with everything_logged() as written:
            for start in range(0, UPDATES, BATCH):
                batch = []
                for number in range(start, start + BATCH):
                    whole = {"update_id": number, **dice.choice(samples(dice.choice(USERS), number))}
                    batch.append(mutated(dice, whole))
                await up.app.intake.take(batch)
            await up.app.dispatcher.idle()
        counts = up.app.dispatcher.counts
        assert sum(counts.values()) == up.app.intake.received > UPDATES * 0.95
        assert counts["failed"] == 0
        assert min(counts[how] for how in ("handled", "quarantined", "ignored")) > 500
        assert await up.rows("SELECT 1 FROM inbox WHERE state = 'waiting'") == []
        assert SECRET not in written.getvalue()

        phone = up.world.add_phone(7001, "Nieuw", "nl")
        phone.start()
        await phone.heard("", timeout=1)
