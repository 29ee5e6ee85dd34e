"""Whatever organisers and tenants do with a poll, in whatever order, and wherever the process dies: its promises hold."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.clock import from_ms
from bot.store import ballots, broadcasts, closing, people
from bot.store.db import Row, Store, Tx, open_store
from flows import poll_changes as wanted
from flows.changes import EraseMe, GoQuiet, Speak
from flows.talk import Change
from tests.bot.poll_town import DAY, HOUR, MINUTE, PollTown, names
from tests.bot.poll_watch import Died, Watched
from tests.bot.polls import POLL
from tests.bot.world import chat

T = TypeVar("T")
ORGANISERS = ("Luc", "Noor", "Wim", "Greet")  # Wim's group is another
FEW, MANY = 14, 55  # tenants: with many, a second person releases
CHUNK = 5  # people looked at in one step, so that a process can die between steps
TENANTS = st.integers(0, FEW - 1)
ANSWERS = st.sampled_from((("weet", "yes"), ("weet", "no"), ("hoe", "o1"), ("hoe", "skip"), ("idee", ">Meer groen.")))
WISHES = ("polls", "no polls", "no polls", "pause", "stop", "speak", "no news", "block", "return")
SOME = st.lists(st.tuples(TENANTS, st.sampled_from(WISHES)), max_size=4)
STARTS = ("draft", "waiting", "planned", "planned", "open", "open", "open", "closed", "told")
ACTS = ("nudge", "nudge", "nudge", "close", "stop", "back", "take", "drop")
EDGES = {
    (None, "draft"), ("draft", None), ("draft", "waiting"), ("draft", "released"), ("waiting", "draft"),
    ("waiting", "released"), ("released", "draft"), ("released", "open"), ("open", "closing"), ("closing", "frozen"),
    ("frozen", "closed"), ("closed", "told"),
}  # fmt: skip


def is_in(*states: str | None) -> Callable[[T], T]:
    """Make a precondition of the poll's state."""
    return precondition(lambda self: self.state in states)  # type: ignore[return-value]


class OnePoll(RuleBasedStateMachine):
    """One poll and everyone around it. `given` is what each household member answered last."""

    runner: asyncio.Runner
    template: Path
    folder: Path

    @initialize(many=st.booleans(), secret=st.booleans(), start=st.sampled_from(STARTS), wishes=SOME)
    def begin(self, many: bool, secret: bool, start: str, wishes: list[tuple[int, str]]) -> None:
        """Let the people come, and bring the poll to where it starts: by chance alone it would seldom come far."""
        self.place = self.folder / secrets.token_hex(8)
        self.place.mkdir()
        self.secret = secret
        self.given: dict[tuple[str, int], dict[str, str]] = {}
        self.gone: set[int] = set()
        self.frozen: Any = None
        self.row: Row | None = None  # the poll, as it was after the last step
        many = many or start == "waiting"
        self.do(self._open(names(MANY if many else FEW)))
        self.write(days=15)
        self.look()
        if start != "draft":
            self.ask_for_release("Luc")
            self.look()
        if start in ("planned", "open", "closed", "told"):
            if many:
                self.release("Noor")
            self.pass_time(11 * MINUTE, sends=start != "planned")
            self.look()
        if start in ("open", "closed", "told"):
            for number in range(FEW):
                self.answer(number, ("weet", "yes"), 1, 1)
                self.answer(number, ("idee", ">Meer groen."), 1, 1)
        if start in ("closed", "told"):
            self.organise("Noor", "close")
            self.pass_time(MINUTE, sends=True)
        if start == "told":
            self.say_what_is_done(0)
        for number, what in wishes:
            self.want_otherwise(number, what)

    async def _open(self, everyone: list[str]) -> None:
        file = shutil.copy(self.template, self.place / "vivas.db")
        self.store = Watched(open_store(f"sqlite:///{file}"))
        self.town = PollTown(self.store, self.place / "keys")
        await self.town.settle()
        await self.town.tenants(*everyone)

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "store"):
            self.do(self.store.close())
            shutil.rmtree(self.place)

    def look(self) -> None:
        """Read the poll."""
        self.row = self.do(self.store.read(lambda tx: tx.one("SELECT * FROM poll")))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run async work to its end."""
        return self.runner.run(work)

    @property
    def state(self) -> str | None:
        """Give the state of the poll."""
        return self.row["state"] if self.row else None

    def change(self, name: str, change: Change) -> bool:
        """Let someone ask for a change; tell whether it was made."""
        return not self.do(self.town.does(name, change))

    # organisers

    @is_in(None)
    @rule(days=st.integers(1, 20))
    def write(self, days: int) -> None:
        closes = (from_ms(self.town.now) + timedelta(days=days)).replace(hour=20, minute=0, second=0, tzinfo=None)
        assert not self.do(self.town.draft(closes=closes.isoformat(), secret=self.secret))

    @is_in("draft")
    @rule(name=st.sampled_from(ORGANISERS))
    def ask_for_release(self, name: str) -> None:
        row = self.row
        assert row is not None
        if self.change(name, wanted.AskRelease(POLL, row["revision"])):
            assert name != "Wim", "released by who may not"

    @is_in("waiting")
    @rule(name=st.sampled_from(ORGANISERS))
    def release(self, name: str) -> None:
        row, me = self.row, self.do(self.town.id(name))
        assert row is not None
        if self.change(name, wanted.ReleasePoll(POLL, row["revision"])):
            assert name != "Wim", "released by who may not"
            assert me != row["made_by"], "released by its maker"

    @is_in("draft", "waiting", "released", "open", "closing", "closed")
    @rule(name=st.sampled_from(ORGANISERS), act=st.sampled_from(ACTS))
    def organise(self, name: str, act: str) -> None:
        changes = {
            "nudge": wanted.NudgePoll(POLL),
            "close": wanted.ClosePoll(POLL),
            "stop": wanted.StopSending(POLL),
            "back": wanted.SendBack(POLL, "Te lang."),
            "take": wanted.TakeBack(POLL),
            "drop": wanted.DropPoll(POLL),
        }
        assert not (self.change(name, changes[act]) and name == "Wim"), "done by who may not"

    @is_in("open", "closed", "told")
    @rule(days=st.integers(0, 10))
    def say_what_is_done(self, days: int) -> None:
        again = (from_ms(self.town.now) + timedelta(days=days)).date() if days else None
        self.change("Luc", wanted.SayOutcome(POLL, {"nl": "We doen het."}, not days, again))

    # tenants

    def name(self, number: int) -> str:
        """Give the name of a tenant."""
        return names(FEW)[number]

    @is_in("open", "closing", "frozen", "closed", "told")
    @rule(number=TENANTS, answer=ANSWERS, member=st.integers(1, 2), times=st.integers(1, 2))
    def answer(self, number: int, answer: tuple[str, str], member: int, times: int) -> None:
        name, (question, said), row = self.name(number), answer, self.row
        mine = self.given.get((name, member), {})
        for _time in range(times):
            if self.do(self.town.answers(name, answer, member=member)):
                continue
            assert row is not None
            assert row["state"] == "open"
            assert self.town.now < row["closes_at"]
            assert not self.secret or mine.get(question, said) == said, "an answer of a secret poll was changed"
            mine = self.given[name, member] = {**mine, question: said}

    @rule(number=TENANTS, what=st.sampled_from(WISHES))
    def want_otherwise(self, number: int, what: str) -> None:
        name = self.name(number)
        match what:
            case "polls" | "no polls":
                purposes = ("polls",) if what == "polls" else ()
                self.do(self.town.write(lambda here: here.consent(name, *purposes)))
            case "pause" | "stop":
                self.change(name, GoQuiet("paused", 7) if what == "pause" else GoQuiet("stopped"))
            case "speak":
                self.change(name, Speak())
            case "no news":
                self.change(name, wanted.NoNews(POLL))
            case "block":
                self.do(self.town.write(lambda here: people.unreachable(here.tx, here.person(name), "blocked")))
            case "return":
                self.do(self.town.write(lambda here: people.seen(here.tx, here.person(name), here.now)))

    @rule(number=TENANTS, back=st.booleans())
    def erase(self, number: int, back: bool) -> None:
        """Someone is forgotten; they may come back, and are a stranger then."""
        name = self.name(number)
        self.gone.add(self.do(self.town.id(name)))
        assert self.change(name, EraseMe())
        if self.state == "open":
            for member in (1, 2):
                self.given.pop((name, member), None)
        if back:
            self.do(self.town.tenants(name))

    # time, and the end of processes

    @rule(
        ms=st.sampled_from((MINUTE, 11 * MINUTE, HOUR, 9 * HOUR, 9 * HOUR, DAY + HOUR, DAY + HOUR, 4 * DAY)),
        sends=st.booleans(),
    )
    def pass_time(self, ms: int, sends: bool) -> None:
        """The clock looks; what may go is sent, or waits while something else happens."""
        self.town.now += ms
        self.do(self.town.tick() if sends else self.town.clock.tick(self.town.now))

    @rule(ms=st.sampled_from((0, 11 * MINUTE, DAY + HOUR)), step=st.integers(1, 12), kept=st.booleans())
    def die(self, ms: int, step: int, kept: bool) -> None:
        """The process dies at some write of a tick. The next one knows the database and the keys, and goes on."""
        self.town.now += ms
        self.store.left, self.store.kept = step, kept
        try:
            self.do(self.town.tick())
        except Died:
            self.town.restarts(self.place / "keys")
        self.store.left = None

    @rule()
    def plan_a_few(self) -> None:
        """A few rows are made, and then something else happens first."""
        sources = self.town.clock.sources
        self.do(self.store.write(lambda tx: broadcasts.step(tx, self.town.now, CHUNK, sources)))

    # what holds at every moment

    @invariant()
    def all_is_right(self) -> None:
        """Look once, and check each promise."""
        if not hasattr(self, "store"):
            return
        self.do(self.store.read(self.check))
        assert set(self.store.edges) <= EDGES, "a state came after one that it cannot follow"
        assert [row["flow"] for forbidden, row in self.store.sent if forbidden] == [], "sent to who does not want it"
        told = [(row["person"], row["subject"]) for _no, row in self.store.sent if row["flow"] == "poll_result"]
        assert not _doubled(told), "someone heard twice of one round"

    def check(self, tx: Tx) -> None:
        """Check what stands in the database, and keep the poll as it is now."""
        self.row = tx.one("SELECT * FROM poll")
        self.check_rows(tx)
        if self.state == "open":
            self.check_ballots(tx)
        if self.state in ("frozen", "closed", "told"):
            self.check_frozen(tx)
        if self.state in ("closed", "told"):
            self.check_nothing_is_left(tx)

    def check_rows(self, tx: Tx) -> None:
        """Nobody has two rows of a broadcast, nor two nudges, and the rows are those of the audience as it was."""
        rows = tx.all("SELECT person, broadcast, class FROM delivery")
        assert not _doubled((row["person"], row["broadcast"]) for row in rows if row["broadcast"] is not None)
        assert not _doubled(row["person"] for row in rows if row["class"] == "nudge"), "someone is nudged twice"
        for each in tx.all("SELECT * FROM broadcast WHERE source <> 'unanswered'"):
            planned = {row["person"] for row in rows if row["broadcast"] == each["id"]}
            asked = self.store.audiences.get(each["id"], set())
            assert (planned - self.gone, each["planned"]) == (asked - self.gone, len(asked))

    def check_ballots(self, tx: Tx) -> None:
        """An open poll has the ballots that were given, with the last choice on each."""
        assert ballots.count(tx, POLL) == len(self.given)
        for (name, member), given in self.given.items():
            person = people.find(tx, self.town.vault, chat(name))
            mine = ballots.mine(tx, self.town.vault, POLL, person["id"], member) if person else None
            assert mine is not None
            found = {**{id: chosen[0] for id, chosen in mine.answers.items()}, **dict.fromkeys(mine.written, ">")}
            assert found == {question: ">" if said[0] == ">" else said for question, said in given.items()}

    def check_frozen(self, tx: Tx) -> None:
        """What is frozen counts every ballot, and stays as it is."""
        assert self.row is not None
        counted, texts = (self.row["answered"], self.row["partly"]), closing.texts(tx, self.town.vault, POLL)
        table = [
            tuple(cell.values()) for view in ("public", "staff") for cell in map(dict, closing.results(tx, POLL, view))
        ]
        assert sum(counted) == len(self.given)
        assert sum(map(len, texts.values())) in (0, sum("idee" in given for given in self.given.values()))
        self.frozen = self.frozen or (table, counted, texts)
        assert self.frozen == (table, counted, texts), "what was frozen changed"

    def check_nothing_is_left(self, tx: Tx) -> None:
        """After closing there is no ballot, no text of one, and no key."""
        assert ballots.count(tx, POLL) == 0
        assert tx.all("SELECT ballot FROM ballot_text") == []
        assert self.town.vault.ring.key(POLL) is None
        assert list((self.place / "keys").glob("poll-*")) == []


def _doubled(things: Any) -> list[Any]:
    return [thing for thing, n in Counter(things).items() if n > 1]


def test_a_poll_keeps_its_promises_whatever_happens(sqlite_template: Path, tmp_path: Path) -> None:
    chosen = int(os.environ.get("TEST_SEED") or secrets.randbits(32))
    print(f"TEST_SEED={chosen}")
    few = settings(
        max_examples=50, stateful_step_count=40, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    with asyncio.Runner() as runner:
        places = {"runner": runner, "template": sqlite_template, "folder": tmp_path}
        machine = type("Machine", (OnePoll,), places)
        run_state_machine_as_test(seed(chosen)(machine), settings=few)


async def test_a_tick_that_comes_late_does_not_freeze_anew(store: Store) -> None:
    """Two ticks can look at the same poll: the slower one finds the key and the ballots gone, and has counted nothing."""
    town = PollTown(store)
    await town.settle()
    await town.tenants(*names(FEW))
    await town.opened()
    await town.all_of_it(*names(FEW))
    assert await town.does("Luc", wanted.ClosePoll(POLL)) == ""
    before = await town.poll()
    await town.later(MINUTE)
    nothing = closing.Frozen({"public": (), "staff": ()}, 0, 0, "{}", 0)
    await town.write(lambda here: closing.freeze(here.tx, town.vault, before, nothing))
    after = await town.poll()
    assert (after["state"], after["answered"]) == ("closed", FEW)
    shown = await town.rows("SELECT count FROM poll_result WHERE view = 'staff' AND place = 0")
    assert shown == [{"count": FEW}]
