"""Whoever is erased stays forgotten, an id is nobody else's later, and no words reach another's conversation."""

from datetime import timedelta
from pathlib import Path

from bot.store import deliveries, people, sessions
from bot.store.db import Store, Tx
from flows.engine import Session
from tests.bot.hand import NOON, Hand, at_noon, with_meeting
from tests.bot.rig import Rig, rig
from tests.bot.test_faults import queued
from tests.bot.test_intake import AMINA, ELIF
from tests.bot.world import VAULT, Town

HOW_TO_BEGIN = "/start"


async def test_the_id_of_a_closed_session_is_never_used_again(store: Store) -> None:
    def story(tx: Tx) -> tuple[int, int]:
        town = Town(tx)
        first = sessions.save(tx, VAULT, town.person("Amina"), Session("consents"), town.now)
        sessions.close(tx, town.person("Amina"), Session("consents"))
        return first, sessions.save(tx, VAULT, town.person("Elif"), Session("consents"), town.now)

    first, second = await store.write(story)
    assert second > first


async def test_the_id_of_an_erased_message_is_never_used_again(store: Store) -> None:
    def story(tx: Tx) -> tuple[int, int]:
        town = Town(tx)
        first = town.plan("Amina", "reminder", once="1")
        people.erase(tx, town.person("Amina"), town.now)
        return first["id"], town.plan("Elif", "reminder", once="2")["id"]

    first, second = await store.write(story)
    assert second > first


async def test_the_focus_of_a_closed_session_goes_with_it(store: Store) -> None:
    def story(tx: Tx) -> object:
        town = Town(tx)
        amina, session = town.person("Amina"), Session("consents")
        sessions.focus(tx, amina, sessions.save(tx, VAULT, amina, session, town.now))
        sessions.close(tx, amina, session)
        found = people.get(tx, amina)
        assert found is not None
        return found["focus"]

    assert await store.write(story) is None


async def test_closing_another_session_leaves_the_focus_where_it_is(store: Store) -> None:
    def story(tx: Tx) -> tuple[object, int]:
        town = Town(tx)
        amina = town.person("Amina")
        sessions.save(tx, VAULT, amina, Session("where"), town.now)
        focus = sessions.save(tx, VAULT, amina, Session("consents"), town.now)
        sessions.focus(tx, amina, focus)
        sessions.close(tx, amina, Session("where"))
        found = people.get(tx, amina)
        assert found is not None
        return found["focus"], focus

    focus, kept = await store.write(story)
    assert focus == kept


async def test_words_never_reach_the_conversation_of_another(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        await with_meeting(up)
        amina, elif_ = Hand(up, AMINA), Hand(up, ELIF)
        await elif_.writes("/start meeting-veurne-maart")
        await elif_.taps("yes", "~ready")  # how many come along?
        seen = len(elif_.heard())
        await up.app.store.write(lambda tx: tx.run("UPDATE person SET focus = (SELECT id FROM session)"))
        await amina.writes("2")
        assert await answers_of(up, ELIF) == ["needs", "want-veurne-maart"]
        assert len(elif_.heard()) == seen
        assert await answers_of(up, AMINA) == []


async def answers_of(up: Rig, user: int) -> list[str]:
    """Give the keys that someone answered in the conversation under way."""

    def job(tx: Tx) -> list[str]:
        person = people.find(tx, up.app.turns.vault, user)
        assert person is not None
        kept = sessions.latest(tx, up.app.turns.vault, person["id"], up.app.turns.kept)
        return sorted(key for key in kept.session.journal if not key.startswith("?")) if kept else []

    return await up.app.store.read(job)


async def test_after_signing_up_words_do_not_go_to_whoever_signs_up_next(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        await with_meeting(up)
        amina, elif_ = Hand(up, AMINA), Hand(up, ELIF)
        await amina.signs_up()
        await elif_.writes("/start meeting-veurne-maart")
        await elif_.taps("yes", "~ready")
        await amina.writes("2")  # it is no answer to anything
        assert (await answers_of(up, AMINA), await answers_of(up, ELIF)) == ([], ["needs", "want-veurne-maart"])


async def test_replies_that_still_wait_for_someone_erased_take_nobody_elses_place(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        waiting = await queued(up, AMINA, "voor Amina", "nog iets voor Amina")

        def erase(tx: Tx) -> None:
            person = people.find(tx, up.app.turns.vault, AMINA)
            assert person is not None
            people.erase(tx, person["id"], up.app.clock.ms())

        await up.app.store.write(erase)
        await queued(up, ELIF, "voor Elif", "nog iets voor Elif")
        going = await up.app.store.write(lambda tx: deliveries.mark_sending(tx, [item.id for item in waiting]))
        assert going == set()


async def erased(up: Rig, hand: Hand, *, times: int = 1) -> list[str]:
    """Let someone erase everything in the chat; give what the bot said to the last tap."""
    await hand.writes("/mijngegevens")
    await hand.taps("erase")
    return await hand.taps("yes", times=times)


async def known(up: Rig) -> int:
    """Count the persons."""
    return len(await up.rows("SELECT 1 FROM person"))


async def test_a_second_tap_on_yes_erase_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        before, said = await known(up), await erased(up, Hand(up, AMINA), times=2)
        assert await known(up) == before - 1
        # The question may be changed in place; then nothing new is said.
        assert len(said) <= 1


async def test_a_block_after_erasing_keeps_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        amina, before = Hand(up, AMINA), await known(up)
        await erased(up, amina)
        await amina.sends(amina.blocks())
        assert await known(up) == before - 1


async def test_an_old_button_tapped_long_after_erasing_is_told_once_how_to_begin(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        amina, before = Hand(up, AMINA), await known(up)
        await amina.writes("/menu")
        await erased(up, amina)
        up.app.clock.set(NOON + timedelta(hours=1))
        said = await amina.taps("help", times=3)
        assert [HOW_TO_BEGIN in text for text in said] == [True]
        assert await known(up) == before - 1


async def test_a_tap_of_someone_unknown_is_told_once_how_to_begin(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon(), welcomed=False) as up:
        amina = Hand(up, AMINA)
        await amina.writes("/menu")
        await up.app.store.write(lambda tx: tx.run("DELETE FROM person"))
        said = await amina.taps("nl", times=2)
        assert [HOW_TO_BEGIN in text for text in said] == [True]
        assert await known(up) == 0
        assert await up.rows("SELECT 1 FROM delivery WHERE chat_sealed IS NOT NULL") == []


async def test_whoever_writes_again_after_erasing_starts_anew(tmp_path: Path) -> None:
    async with rig(tmp_path, clock=at_noon()) as up:
        amina, before = Hand(up, AMINA), await known(up)
        await erased(up, amina)
        assert await amina.writes("/start") != []
        assert await known(up) == before
        assert await up.rows("SELECT 1 FROM person WHERE welcomed = 0") == [{"1": 1}]
