"""An organiser makes a poll in the chat, a second person releases it, tenants answer, and all hear what came of it."""

from __future__ import annotations

from pathlib import Path

from tests.bot.hand import Hand
from tests.bot.polls import LUC, NOOR, hands, later, network, tick
from tests.bot.rig import Rig

MANY = range(6001, 6061)  # more than fifty: a second person must release


async def makes_a_poll(luc: Hand) -> None:
    """Make a poll of three questions: two to tap and one to write."""
    await luc.writes("/organiseren")
    await luc.taps("new-poll", "empty")
    await luc.writes(
        "Nieuwe regels voor afval", "De raad geeft in april advies.", "Wij zetten je antwoord in ons advies."
    )
    await luc.taps("d-2027-03-29", "yesno")
    await luc.writes("Ken je de nieuwe regels?")
    await luc.taps("another", "choice")
    await luc.writes("Hoe vaak moet het park open?", "1 dag\n3 dagen\nelke dag")
    await luc.taps("another", "text")
    await luc.writes("Heb je een idee?")
    await luc.taps("done")


def option(hand: Hand, begins: str) -> str:
    """Give the newest option that begins so: some hold the revision that was read."""
    for message in reversed(hand.up.world.chats[hand.user].messages.values()):
        for row in message.rows:
            for button in row:
                found = str(button["callback_data"].partition(":")[2])
                if found.startswith(begins):
                    return found
    raise LookupError(f"no button {begins}: {hand.heard()[-1:]}")


async def state(up: Rig) -> str:
    (row,) = await up.rows("SELECT state FROM poll")
    return str(row["state"])


async def test_a_poll_for_many_goes_out_only_after_a_second_person_released_it(tmp_path: Path) -> None:
    async with network(tmp_path, MANY) as up:
        luc, noor, first = hands(up, LUC, NOOR, MANY[0])
        await makes_a_poll(luc)
        await luc.taps("release")
        await luc.taps(option(luc, "yes-"))
        await later(up, minutes=11)
        assert await state(up) == "waiting"
        await noor.taps("release")
        await noor.taps(option(noor, "yes-"))
        assert await state(up) == "released"
        await later(up, minutes=9)
        assert [said for said in first.heard() if "Ken je" in said] == []
        await later(up, minutes=2)
        assert await state(up) == "open"
        assert len([said for said in first.heard() if "Ken je" in said]) == 1
        await first.taps("yes", "o1", "~skip")
        await later(up, days=1)
        await luc.writes("/organiseren")
        await luc.taps("my-polls")
        await luc.taps(option(luc, "nieuwe-regels"), "nudge", "yes")
        await tick(up)
        nudged = await up.rows("SELECT person FROM delivery WHERE class = 'nudge' AND state <> 'expired'")
        assert len(nudged) == len(MANY) - 1
        await luc.taps("close", "yes")
        await later(up, seconds=1)
        assert await state(up) == "closed"
