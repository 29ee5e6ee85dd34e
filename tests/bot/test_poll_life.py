"""A poll from opening to what was done with it, through the real bot, on both databases."""

from __future__ import annotations

from pathlib import Path

from bot.store import ballots
from tests.bot.polls import LUC, POLL, TENANTS, hands, network, opens, tick, until

CLOSES = "2027-03-25T20:00:30"
NEXT_DAY = "2027-03-26T09:30"


async def test_a_poll_reaches_each_of_its_audience_once_and_is_answered_by_taps(tmp_path: Path, address: str) -> None:
    async with network(tmp_path, database=address) as up:
        await opens(up)
        people = hands(up, *TENANTS)
        asked = [[said for said in person.heard() if "Ken je de nieuwe regels?" in said] for person in people]
        assert [len(said) for said in asked] == [1] * len(people)
        for person in people:
            await person.taps("yes", "o2")
            await person.writes("Meer bakken aan de straat.")
        key = up.app.turns.vault.ring.key(POLL)
        rows = await up.app.store.read(lambda tx: ballots.rows_of(tx, key, POLL))
        assert [answers for _cut, answers in rows] == ['{"hoe":["o2"],"idee":["written"],"weet":["yes"]}'] * len(people)


async def test_everyone_who_answered_hears_once_what_was_done_with_a_picture(tmp_path: Path, address: str) -> None:
    async with network(tmp_path, database=address) as up:
        await opens(up)
        answering, answers = hands(up, *TENANTS), iter(["yes"] * 20 + ["no"] * 4)
        for person in answering:
            await person.taps(next(answers), "o2", "~skip")
        await until(up, CLOSES)
        await until(up, NEXT_DAY)
        (luc,) = hands(up, LUC)
        await luc.taps("outcome")
        await luc.taps("done")
        await luc.writes("De bakken worden groter.")
        await luc.taps("no", "yes")
        await tick(up)
        photos = [call for call in up.world.calls if call.method == "sendPhoto"]
        assert sorted(call.chat_id or 0 for call in photos) == list(TENANTS)
        assert all("De bakken worden groter." in call.text for call in photos)
        await tick(up)
        assert len([call for call in up.world.calls if call.method == "sendPhoto"]) == len(TENANTS)


async def test_where_no_group_asks_the_organisation_does(tmp_path: Path) -> None:
    async with network(tmp_path, TENANTS[:1], organisation="VIVAS") as up:
        await opens(up, group=None)
        (first,) = hands(up, TENANTS[0])
        assert "VIVAS" in first.heard()[-1]
