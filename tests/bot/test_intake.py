"""Updates come in: stored before they are confirmed, once, in the order of each person, and no bad one stops a good one."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import pytest
from telegram.error import TelegramError

from bot.app import App
from bot.phone.server import listen, server
from bot.phone.world import World
from bot.store.db import Tx
from bot.telegram.intake import LARGEST_BODY, Poller
from bot.telegram.updates import Incoming
from bot.web.server import web_app
from tests.bot.rig import SECRET, TOKEN, Rig, rig

AMINA, ELIF, GREET = 6001, 6002, 6003
T = TypeVar("T")
Job = Callable[[Tx], Any]


def text(update_id: int, words: str, user: int = AMINA) -> dict[str, Any]:
    """Give an update in which someone writes."""
    chat = {"id": user, "type": "private"}
    sender = {"id": user, "is_bot": False, "first_name": "x", "language_code": "nl"}
    return {
        "update_id": update_id,
        "message": {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": words},
    }


class Broken:
    """A store that cannot write until it is mended."""

    def __init__(self, store: Any) -> None:
        self.store, self.tried = store, asyncio.Event()

    async def write(self, job: Callable[[Tx], T]) -> T:
        self.tried.set()
        raise sqlite3.OperationalError("database is locked")


def poller(up: Rig) -> Poller:
    """Give the bot's own poller."""
    assert up.app.poller is not None
    return up.app.poller


def watch_turns(app: App, before: Callable[[Incoming], None]) -> None:
    """Call `before` at the start of every turn, in the transaction."""
    take = app.turns.take

    def watched(tx: Tx, incoming: Incoming, *more: Any) -> Any:
        before(incoming)
        return take(tx, incoming, *more)

    object.__setattr__(app.turns, "take", watched)


async def test_what_cannot_be_stored_is_not_confirmed(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        await up.app.bot.request.initialize()
        up.world.phones[AMINA].write("/menu")
        up.app.intake.store = Broken(up.app.store)  # type: ignore[assignment]
        with pytest.raises(sqlite3.OperationalError):
            await poller(up).once()
        assert poller(up).offset is None
        assert len(up.world.updates.pending) == 1
        assert up.world.calls == []

        up.app.intake.store = up.app.store
        assert await poller(up).once() == 1
        assert poller(up).offset == next(iter(up.world.updates.pending)) + 1
        await up.app.bot.request.shutdown()


async def test_it_is_stored_before_it_is_confirmed(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        confirmed = up.world.updates.confirm_before
        ahead: list[int] = []

        def watched(offset: int) -> None:
            with sqlite3.connect(tmp_path / "bot.db") as other:
                stored = {id for (id,) in other.execute("SELECT update_id FROM inbox")}
            other.close()
            ahead.extend(id for id in up.world.updates.pending if id < offset and id not in stored)
            confirmed(offset)

        up.world.updates.confirm_before = watched  # type: ignore[method-assign]
        for number in range(20):
            up.world.phones[AMINA].write(f"woord {number}")
            await up.world.phones[AMINA].heard("", after=up.world.phones[AMINA].screen()[-1].message_id)
        assert ahead == []


async def test_an_update_that_comes_again_does_nothing_twice(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        update = text(500, "/menu")
        await asyncio.gather(*(up.app.intake.take([update, update]) for _ in range(5)))
        await up.settled()
        assert len(up.world.referee.sends_to(AMINA)) == 1
        assert (up.app.intake.received, up.app.dispatcher.counts["handled"]) == (1, 1)


async def test_one_poisoned_update_among_a_hundred_is_set_apart_and_the_others_are_answered(tmp_path: Path) -> None:
    users = range(6001, 6101)
    async with rig(tmp_path, users=users) as up:
        batch: list[Any] = [text(number, "/menu", user) for number, user in enumerate(users, 1)]
        batch[50] = {"update_id": 51, "message": {"chat": "nowhere", "text": "half \ud83d"}}
        await up.app.intake.take(batch)
        await up.settled()
        assert len({call.chat_id for call in up.world.referee.accepted()}) == 99
        (apart,) = await up.rows("SELECT update_id, reason, payload FROM inbox WHERE state = 'quarantined'")
        assert (apart["update_id"], apart["reason"]) == (51, "message.chat: expected an object")
        assert b"nowhere" not in apart["payload"]
        assert json.loads(up.app.turns.vault.open("inbox", apart["payload"])) == batch[50]


async def test_a_second_instance_is_reported_to_the_admins(tmp_path: Path) -> None:
    async with rig(tmp_path, admins=(GREET,)) as up:
        up.world.phones[GREET].write("/menu")
        await up.world.phones[GREET].heard("")
        async with aiohttp.ClientSession() as other:
            url = f"{up.app.settings.telegram_api}/bot{TOKEN}/getUpdates"
            async with other.get(url, params={"timeout": 0}) as answer:
                assert answer.status == 200
        await up.world.phones[GREET].heard("⚠️")
        (row,) = await up.rows("SELECT subject FROM delivery WHERE class = 'alarm'")
        assert row["subject"].startswith("second-instance")


async def test_one_persons_updates_run_in_order(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        seen: dict[int, list[int]] = {}
        watch_turns(up.app, lambda incoming: seen.setdefault(incoming.chat_id, []).append(incoming.update_id))
        for start in range(1, 200, 20):
            ids = range(start, start + 20)
            await up.app.intake.take([text(id, "hallo", AMINA if id % 2 else ELIF) for id in ids])
        await up.settled()
        assert {user: ids == sorted(ids) for user, ids in seen.items()} == {AMINA: True, ELIF: True}
        assert sum(len(set(ids)) for ids in seen.values()) == 200  # a turn is taken again after a slow look


async def test_one_slow_person_does_not_hold_up_another(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        go_on, write = asyncio.Event(), up.app.store.write
        first: list[bool] = []

        class Slow:
            """The first write of the dispatcher waits until the test says so."""

            read, close = up.app.store.read, up.app.store.close

            async def write(self, job: Callable[[Tx], T]) -> T:
                if not first:
                    first.append(True)
                    await go_on.wait()
                return await write(job)

        up.app.dispatcher.store = Slow()
        await up.app.intake.take([text(1, "/menu", AMINA), text(2, "/menu", AMINA), text(3, "/menu", ELIF)])
        await up.world.phones[ELIF].heard("")
        assert up.world.referee.sends_to(AMINA) == []
        go_on.set()
        await up.settled()
        assert len(up.world.referee.sends_to(AMINA)) == 2


class Trips:
    """Raises in the first `times` turns."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self, incoming: Incoming) -> None:
        if self.left:
            self.left -= 1
            raise ZeroDivisionError("dit mag nergens staan")


async def test_a_turn_that_raises_twice_is_taken_a_third_time_and_nobody_hears_of_it(tmp_path: Path) -> None:
    async with rig(tmp_path, admins=(GREET,)) as up:
        watch_turns(up.app, Trips(2))
        up.world.phones[AMINA].write("/menu")
        await up.world.phones[AMINA].heard("")
        await up.settled()
        assert [row["state"] for row in await up.rows("SELECT state FROM inbox")] == ["handled"]
        assert len(up.world.referee.sends_to(AMINA)) == 1
        assert await up.rows("SELECT 1 FROM delivery WHERE class = 'alarm'") == []


async def test_a_turn_that_raises_three_times_is_consumed_with_a_sorry_and_an_alarm(tmp_path: Path) -> None:
    async with rig(tmp_path, admins=(GREET,)) as up:
        up.world.phones[GREET].write("/menu")  # someone who never wrote cannot be told
        await up.world.phones[GREET].heard("")
        up.world.phones[AMINA].write("/taal")
        await up.world.phones[AMINA].heard("")
        watch_turns(up.app, Trips(3))
        up.world.phones[AMINA].write("Nederlands")
        await up.world.phones[GREET].heard("⚠️")
        await up.settled()
        (row,) = await up.rows("SELECT state, reason, payload FROM inbox WHERE state = 'failed'")
        assert (row["reason"], row["payload"]) == ("three attempts", None)
        assert len(up.world.referee.sends_to(AMINA)) == 2
        (person,) = await up.rows("SELECT p.focus FROM person p JOIN session s ON s.person = p.id")
        assert person["focus"] is None  # parked: kept, but words do not go there

        up.world.phones[AMINA].write("/menu")
        await up.settled()
        await up.world.phones[AMINA].wait(lambda screen: len([b for b in screen if b.from_bot]) >= 3)


async def test_when_even_the_sorry_raises_the_person_is_not_stuck(tmp_path: Path) -> None:
    async with rig(tmp_path) as up:
        watch_turns(up.app, Trips(3))

        def no_sorry(*_all: Any) -> Any:
            raise ZeroDivisionError

        object.__setattr__(up.app.turns, "fail", no_sorry)
        await up.app.intake.take([text(1, "/menu"), text(2, "/menu")])
        await up.settled()
        states = await up.rows("SELECT state FROM inbox ORDER BY update_id")
        assert [row["state"] for row in states] == ["failed", "handled"]
        assert len(up.world.referee.sends_to(AMINA)) == 1


async def stored(up: Rig, update: dict[str, Any], attempts: int) -> None:
    """Leave an update as a crash would: stored, and so many attempts begun."""
    vault, now = up.app.turns.vault, up.app.clock.ms()

    def job(tx: Tx) -> None:
        sealed = vault.seal("inbox", json.dumps(update).encode())
        tx.run(
            "INSERT INTO inbox (update_id, state, attempts, received_at, payload)"
            " VALUES (:id, 'waiting', :attempts, :now, :sealed)",
            id=update["update_id"], attempts=attempts, now=now, sealed=sealed,
        )  # fmt: skip

    await up.app.store.write(job)


async def test_after_a_crash_what_waited_is_handled_in_order(tmp_path: Path) -> None:
    async with rig(tmp_path, started=False) as up:
        for id in range(1, 6):
            await stored(up, text(id, "/menu", AMINA if id % 2 else ELIF), attempts=0)
        seen: list[int] = []
        watch_turns(up.app, lambda incoming: seen.append(incoming.update_id))
        await up.app.dispatcher.recover()
        await up.app.dispatcher.idle()
        assert [id for id in seen if id % 2] == [1, 3, 5]
        assert {row["state"] for row in await up.rows("SELECT state FROM inbox")} == {"handled"}


async def test_an_update_that_keeps_killing_the_bot_is_given_up_and_waiting_behind_it_is_no_attempt(
    tmp_path: Path,
) -> None:
    async with rig(tmp_path, started=False) as up:
        await stored(up, text(1, "/menu"), attempts=1)
        await stored(up, text(2, "/menu", ELIF), attempts=1)

        class Killed(BaseException):
            """Stands for the end of the process."""

        def deadly(incoming: Incoming) -> None:
            if incoming.update_id == 1:
                raise Killed

        watch_turns(up.app, deadly)
        write = up.app.store.write

        async def dying(job: Job) -> Any:
            """The writer's thread must live on, so the death is acted out before it."""
            if "take" in repr(job.__code__.co_names):
                raise Killed
            return await write(job)

        for attempts in (2, 3):
            up.app.dispatcher.store = _With(up.app.store, dying)
            with pytest.raises(Killed):
                await up.app.dispatcher.recover()
            rows = await up.rows("SELECT attempts FROM inbox ORDER BY update_id")
            assert [row["attempts"] for row in rows] == [attempts, 1]

        up.app.dispatcher.store = up.app.store
        await up.app.dispatcher.recover()
        rows = await up.rows("SELECT state FROM inbox ORDER BY update_id")
        assert [row["state"] for row in rows] == ["failed", "handled"]


class _With:
    """A store that writes by another way."""

    def __init__(self, store: Any, write: Any) -> None:
        self.read, self.close, self.write = store.read, store.close, write


@asynccontextmanager
async def posting(up: Rig) -> AsyncIterator[Callable[..., Any]]:
    """Serve the bot's web, and give a way to post to its webhook; that gives the status."""
    opened, address = listen()
    web = server(web_app(up.app))
    web.lifespan = web.config.lifespan_class(web.config)
    await web.startup([opened])
    async with aiohttp.ClientSession() as session:

        async def post(body: bytes, secret: str = SECRET) -> int:
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            async with session.post(f"{address}/hook", data=body, headers=headers) as answer:
                return answer.status

        yield post
    await web.shutdown([opened])


HOOK: dict[str, Any] = {"webhook_url": "https://example.org/hook", "webhook_secret": SECRET, "started": False}


async def test_the_webhook_takes_an_update_and_answers_once_it_is_stored(tmp_path: Path) -> None:
    async with rig(tmp_path, **HOOK) as up, posting(up) as post:
        assert await post(json.dumps(text(1, "/menu")).encode()) == 200
        assert [row["update_id"] for row in await up.rows("SELECT update_id FROM inbox")] == [1]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", "é"])
async def test_the_webhook_takes_nothing_without_the_secret(tmp_path: Path, secret: str) -> None:
    async with rig(tmp_path, **HOOK) as up, posting(up) as post:
        assert await post(json.dumps(text(1, "/menu")).encode(), secret) == 401
        assert await up.rows("SELECT 1 FROM inbox") == []


async def test_the_webhook_refuses_a_body_that_is_too_large(tmp_path: Path) -> None:
    async with rig(tmp_path, **HOOK) as up, posting(up) as post:
        assert await post(b'{"update_id": 1, "x": "' + b"a" * LARGEST_BODY + b'"}') == 413
        assert await up.rows("SELECT 1 FROM inbox") == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"nonsense", b"[" * 100_000, b"null", b'"\\ud83d"'])
async def test_the_webhook_sets_nonsense_apart(tmp_path: Path, body: bytes) -> None:
    async with rig(tmp_path, **HOOK) as up, posting(up) as post:
        assert await post(body) == 200
        assert [row["state"] for row in await up.rows("SELECT state FROM inbox")] == ["quarantined"]


async def test_the_webhook_asks_for_the_update_again_while_the_database_cannot_be_written(tmp_path: Path) -> None:
    async with rig(tmp_path, **HOOK) as up, posting(up) as post:
        up.app.intake.store = Broken(up.app.store)  # type: ignore[assignment]
        assert await post(json.dumps(text(1, "/menu")).encode()) == 503
        up.app.intake.store = up.app.store
        assert await post(json.dumps(text(1, "/menu")).encode()) == 200
        await up.app.dispatcher.idle()
        assert [row["state"] for row in await up.rows("SELECT state FROM inbox")] == ["handled"]


async def test_the_webhook_keeps_the_order_in_which_updates_come(tmp_path: Path) -> None:
    async with rig(tmp_path, **HOOK) as up, posting(up) as post:
        seen: list[int] = []
        watch_turns(up.app, lambda incoming: seen.append(incoming.update_id))
        for id in range(1, 21):
            assert await post(json.dumps(text(id, "/menu")).encode()) == 200
        await up.app.dispatcher.idle()
        assert seen == list(range(1, 21))


async def test_a_token_that_is_refused_is_said_and_waited_out(tmp_path: Path) -> None:
    async with rig(tmp_path, World(TOKEN), token="424242:another-token-another-token", started=False) as up:
        await up.app.bot.request.initialize()
        with pytest.raises(TelegramError):
            await poller(up).once()
        assert poller(up).offset is None
        await up.app.bot.request.shutdown()
