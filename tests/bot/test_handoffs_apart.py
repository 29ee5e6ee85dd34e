"""A talk with a human belongs to its tenant and to staff: who may read and write, and what the database holds of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import changes
from bot.office import Hours
from bot.store import handoffs, people
from bot.store.tables import metadata
from flows.changes import CloseHandoff, Learn, Reply, ReplyArticle, TakeHandoff, TellHuman
from flows.talk import Change
from tests.bot.desk import ANSWER, MORE, QUESTION, answers, asks, desk, finds, hands, says, states, taps_as, written
from tests.bot.test_intake import AMINA, GREET
from tests.bot.test_store import whole_database
from tests.bot.world import VAULT, Town, in_store


async def test_staff_see_neither_name_nor_chat_of_the_tenant(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await tenant.writes(MORE)
        await staff.writes("/dashboard")
        await staff.taps("handoffs", "1")
        await tenant.taps("~skip")
        person = (await up.rows("SELECT person FROM handoff"))[0]["person"]
        screens = [bubble for bubble in up.world.phones[GREET].screen() if bubble.from_bot]
        shown = " ".join([text for screen in screens for text in (screen.text, *screen.labels)])
        assert QUESTION in shown
        assert [secret for secret in ("Persoon", str(AMINA), str(person)) if secret in shown] == []


async def test_nobody_else_reads_or_writes_in_a_talk(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, other, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await other.writes("/menu")
        for option in ("answer", "close", "~skip"):
            _message, data = tenant.button(option)
            await other.sends(taps_as(other, data))
        finds(up)
        await other.writes(MORE)
        assert [text for text in other.heard() if QUESTION in text or ANSWER in text] == []
        assert await states(up) == ["answered"]
        assert await written(up) == [QUESTION]


@pytest.mark.parametrize("option", ["reply", "send-article", "close", "team"])
async def test_a_tenant_who_taps_a_button_of_staff_gets_the_menu(tmp_path: Path, option: str) -> None:
    async with desk(tmp_path) as up:
        tenant, other, staff = hands(up)
        await asks(tenant)
        await other.writes("/menu")
        _message, data = staff.button(option)
        (said,) = await other.sends(taps_as(other, data))
        assert says(up, "That button is old. Here is what I can do now.") in said
        assert await states(up) == ["waiting"]


async def test_the_dashboard_is_for_staff(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, other, _staff = hands(up)
        await asks(tenant)
        (said,) = await other.writes("/dashboard")
        assert says(up, "That is for organisers and staff only.") in said


async def test_whoever_is_staff_no_longer_sends_no_answer(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await staff.taps("reply")
        await staff.writes(ANSWER)
        await up.app.store.write(lambda tx: tx.run("DELETE FROM role"))
        said = await staff.taps("yes")
        assert says(up, "That is for organisers and staff only.") in said[-1]
        assert await written(up, "staff") == []


TO_ANOTHER = (TellHuman(1, MORE), CloseHandoff(1))
AS_STAFF = (TakeHandoff(1), Reply(1, ANSWER), ReplyArticle(1, "deposit"), Learn(1, "passed"))


@pytest.mark.parametrize("change", [*TO_ANOTHER, *AS_STAFF], ids=lambda change: type(change).__name__)
@in_store
def test_what_a_flow_asks_for_is_refused_to_whoever_may_not(town: Town, change: Change) -> None:
    opened(town)
    assert refused(town, change, "Elif")
    assert [row["state"] for row in town.tx.all("SELECT state FROM handoff")] == ["waiting"]


def refused(town: Town, change: Change, name: str) -> bool:
    """Apply a change for someone; tell whether it was refused."""
    person = people.get(town.tx, town.person(name))
    assert person is not None
    try:
        changes.apply(change, changes.At(town.tx, VAULT, person, town.now, Hours()))
    except changes.RefusedChange:
        return True
    return False


def opened(town: Town, name: str = "Amina") -> int:
    """Let someone ask a human; give the talk's number."""
    person = people.get(town.tx, town.person(name))
    assert person is not None
    return handoffs.open_one(town.tx, VAULT, person, "deposit", QUESTION, "nl", town.now, town.now)


@in_store
def test_a_talk_is_loaded_for_its_tenant_and_for_staff_alone(town: Town) -> None:
    id, amina, elif_ = opened(town), town.person("Amina"), town.person("Elif")
    seen = [handoffs.get(town.tx, VAULT, id, reader, as_staff=False) for reader in (amina, elif_)]
    assert [found and found.lines[0].text for found in seen] == [QUESTION, None]
    assert handoffs.open_ones(town.tx, VAULT, elif_, as_staff=False) == ()
    assert len(handoffs.open_ones(town.tx, VAULT, elif_, as_staff=True)) == 1


async def test_erasing_the_tenant_erases_talk_and_words(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, database=address) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await tenant.writes("/mijngegevens")
        await tenant.taps("erase", "yes")
        assert await up.rows("SELECT * FROM handoff") == []
        assert await up.rows("SELECT * FROM handoff_message") == []
        assert says(up, "That talk is closed.") in (await staff.taps("close"))[-1]


async def test_no_column_holds_the_words_of_a_talk(tmp_path: Path, address: str) -> None:
    async with desk(tmp_path, database=address) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await tenant.writes(MORE)
        secrets = [text.encode() for text in (QUESTION, ANSWER, MORE, "waarborg terug", "wanneer krijg")]
        values = [
            (table, column, bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())
            for table in metadata.tables
            for row in await up.rows(f"SELECT * FROM {table}")
            for column, value in row.items()
        ]
        assert [(table, column) for table, column, value in values if any(secret in value for secret in secrets)] == []


async def test_an_export_of_my_data_holds_the_talks(tmp_path: Path) -> None:
    async with desk(tmp_path) as up:
        tenant, _elif, staff = hands(up)
        await asks(tenant)
        await answers(staff)
        await tenant.writes("/mijngegevens")
        await tenant.taps("export")
        kept = {file.name: file.data.decode() for file in up.world.files.by_id.values()}
        for name in ("my-data.txt", "my-data.json"):
            assert [text for text in (QUESTION, ANSWER) if text not in kept[name]] == []
        assert str(GREET) not in "".join(kept.values())


@in_store
def test_a_staff_member_who_was_erased_is_in_no_table(town: Town) -> None:
    id, greet = opened(town), town.person("Greet")
    town.tx.run("INSERT INTO role (person, role) VALUES (:id, 'staff')", id=greet)
    handoffs.reply(town.tx, VAULT, id, greet, ANSWER, town.now)
    people.erase(town.tx, greet, town.now)
    handoffs.write(town.tx, VAULT, id, town.person("Amina"), MORE, town.now, town.now)
    found = [(table, column) for table, column, value in whole_database(town.tx) if value == greet]
    assert found == []
