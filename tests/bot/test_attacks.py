"""What a curious organiser, a planted tenant and bad luck try on polls, each as the exploit it is. None may work."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot import result_pictures
from bot.poll_facts import PollFacts
from bot.store import people, polls
from bot.store.db import Store, Tx
from flows.changes import EraseMe
from flows.poll_changes import ClosePoll, ReleasePoll, SayOutcome, SayUseful
from flows.poll_facts import Draft, Figure, Reached
from tests.bot.desk import finds, says, taps_as
from tests.bot.hand import Hand
from tests.bot.poll_town import DAY, MINUTE, PollTown, names, without_text
from tests.bot.polls import LUC, POLL, TENANTS, hands, network, opens, until
from tests.bot.rig import Rig
from tests.bot.world import Town

LATE = "2027-03-18T10:00"  # three days after the release
STALE = "Somebody changed this poll in the meantime. Look at it again."
SOME = range(6001, 6013)
CODES = ["budget", "no-consent", "paused", "stopped", "unreachable"]
TOLD = SayOutcome(POLL, {"nl": "Er komen meer bakken."}, True)


@pytest.fixture
async def town(store: Store, tmp_path: Path) -> PollTown:
    """Ten tenants who want polls, and the organisers."""
    town = PollTown(store, tmp_path / "keys")
    await town.settle()
    await town.tenants(*names(10))
    return town


async def seen_by(town: PollTown, name: str, *, staff: bool = False, id: str = POLL) -> Draft:
    """Give a poll as one of its organisers sees it."""

    def job(here: Town) -> Draft:
        me = people.get(here.tx, here.person(name))
        assert me is not None
        draft = PollFacts(here.tx, town.vault, me, here.now, staff, 30.0).draft(id)
        assert draft is not None
        return draft

    return await town.write(job)


async def reached_by(town: PollTown, name: str = "Luc") -> Reached:
    """Give how far a draft comes, as someone sees it."""
    found = (await seen_by(town, name)).reached
    assert found is not None
    return found


async def lets_go(town: PollTown, name: str) -> None:
    """Take every role from someone."""
    await town.write(lambda here: here.tx.run("DELETE FROM role WHERE person = :id", id=here.person(name)))


# ---- the second person


async def test_a_poll_that_grows_past_fifty_until_it_opens_waits_for_a_second_person(town: PollTown) -> None:
    await town.released(opens=LATE)
    await town.tenants(*names(60))
    await town.until("2027-03-18 10:00")
    assert (await town.state(), town.got("poll")) == ("waiting", [])
    assert "Noor" in town.got("release_wanted")


async def test_after_the_second_person_such_a_poll_goes_out(town: PollTown) -> None:
    await town.released(opens=LATE)
    await town.tenants(*names(60))
    await town.until("2027-03-18 10:00")
    revision = (await town.poll())["revision"]
    assert await town.does("Luc", ReleasePoll(POLL, revision))
    assert not await town.does("Noor", ReleasePoll(POLL, revision))
    await town.later(10 * MINUTE)
    assert (await town.state(), len(town.got("poll"))) == ("open", 60)


async def test_leaving_out_who_was_asked_lately_does_not_make_many_look_like_few(town: PollTown) -> None:
    """Released while nearly everyone rests, it opens when nobody rests any more."""
    await town.tenants(*names(60))
    await town.opened()
    await town.tenants("Amina")
    await town.draft(id="tweede", rested=True, opens="2027-03-23T10:00", questions=without_text())
    assert not await town.asks(id="tweede")
    assert await town.state("tweede") == "released"
    await town.until("2027-03-23 10:00")
    assert await town.state("tweede") == "waiting"


async def test_a_second_person_who_let_it_go_out_is_not_asked_again_when_it_opens(town: PollTown) -> None:
    await town.tenants(*names(51))
    await town.draft(opens=LATE)
    await town.asks()
    assert not await town.does("Greet", ReleasePoll(POLL, 1))
    await town.tenants(*names(80))
    await town.until("2027-03-18 10:00")
    assert (await town.state(), len(town.got("poll"))) == ("open", 80)


async def test_nothing_goes_out_for_who_is_no_organiser_any_more(town: PollTown) -> None:
    await town.released(opens=LATE)
    await lets_go(town, "Luc")
    await town.until("2027-03-18 10:00")
    assert (await town.state(), town.got("poll")) == ("waiting", [])


async def test_nothing_goes_out_for_who_had_themselves_erased(town: PollTown) -> None:
    await town.released(opens=LATE)
    await town.does("Luc", EraseMe())
    await town.tenants(*names(60))
    await town.until("2027-03-18 10:00")
    assert (await town.state(), town.got("poll")) == ("waiting", [])


async def test_it_still_goes_out_when_the_second_person_organises_on(town: PollTown) -> None:
    await town.tenants(*names(51))
    await town.draft(opens=LATE)
    await town.asks()
    await town.does("Noor", ReleasePoll(POLL, 1))
    await lets_go(town, "Luc")
    await town.until("2027-03-18 10:00")
    assert await town.state() == "open"


# ---- figures


async def test_of_one_person_no_figure_tells_why_they_get_no_poll(town: PollTown) -> None:
    """Narrowed to the only one who reads Turkish: whatever she chose, an organiser reads the same."""
    await town.tenants("Elif", language="tr")
    await town.draft(audience={"landlord": "ijzer", "language": "tr"}, questions=without_text())
    figures = [await reached_by(town)]
    for choice in ({"quiet": "stopped"}, {"quiet": "paused"}, {"quiet": "", "unreachable": "blocked"}):
        town.now += DAY
        await town.change("Elif", **choice)
        figures.append(await reached_by(town))
    await town.write(lambda here: here.tx.run("DELETE FROM consent WHERE person = :id", id=here.person("Elif")))
    town.now += DAY
    figures.append(await reached_by(town))
    assert all(figure == figures[0] for figure in figures)


async def test_an_organiser_reads_each_reason_whether_it_holds_for_somebody_or_not(town: PollTown) -> None:
    await town.draft()
    found = await reached_by(town)
    assert [reason.code for reason in found.reasons] == CODES
    assert {reason.count for reason in found.reasons} == {Figure(None)}


async def test_languages_stand_in_an_order_that_tells_no_exact_count(town: PollTown) -> None:
    await town.tenants(*names(11), language="nl")
    await town.tenants("Amina", language="ar")
    await town.tenants("Elif", "Derya", language="tr")
    await town.draft()
    assert (await reached_by(town)).languages == ("nl", "ar", "tr")


async def test_staff_of_one_landlord_organising_for_another_see_rounded_figures_there(town: PollTown) -> None:
    def job(here: Town) -> None:
        town.role(here, "Bert", "staff", "landlord", "leie")
        town.role(here, "Bert", "organiser", "landlord", "ijzer")

    await town.write(job)
    await town.draft()
    found = (await seen_by(town, "Bert", staff=True)).reached
    assert found is not None
    assert not found.reached.exact


async def test_staff_of_another_landlord_read_the_public_table(town: PollTown) -> None:
    def job(here: Town) -> None:
        town.role(here, "Bert", "staff", "landlord", "leie")
        town.role(here, "Bert", "organiser", "landlord", "ijzer")

    await town.write(job)
    await town.opened()
    await town.all_of_it(*names(7))
    await town.does("Luc", ClosePoll(POLL))
    await town.tick()
    everyone = [bar for bar in (await seen_by(town, "Bert", staff=True)).bars if bar.cut == "all"]
    assert {bar.count for bar in everyone} == {None}
    assert {bar.count for bar in (await seen_by(town, "Greet", staff=True)).bars if bar.cut == "all"} > {7}


async def test_one_person_finds_a_result_useful_once(town: PollTown) -> None:
    await town.opened()
    await town.all_of_it("t000", "t001")
    await town.does("Luc", ClosePoll(POLL))
    await town.tick()
    await town.does("Luc", TOLD)
    for up in (True, False, True, True):
        await town.does("t000", SayUseful(POLL, up))
    await town.does("t001", SayUseful(POLL, False))
    await town.does("t009", SayUseful(POLL, True))  # did not take part
    row = await town.poll()
    assert (row["useful"], row["useless"]) == (1, 1)


# ---- through the real bot


async def test_an_answer_that_is_typed_while_the_poll_closes_is_no_question_about_rights(tmp_path: Path) -> None:
    async with network(tmp_path, SOME) as up:
        await opens(up, closes="2027-03-15T13:00")
        (amina,) = hands(up, 6001)
        await amina.taps("yes", "o2")
        await until(up, "2027-03-15 13:01")
        (said,) = await amina.writes("Meer bakken aan de straat.")
        assert says(up, "Your answers count. Thank you! I send you the result.") in said
        assert await up.rows("SELECT * FROM gap") == []


async def test_an_hour_later_words_are_a_question_again(tmp_path: Path) -> None:
    async with network(tmp_path, SOME) as up:
        await opens(up, closes="2027-03-15T13:00")
        (amina,) = hands(up, 6001)
        await amina.taps("yes", "o2")
        await until(up, "2027-03-15 14:01")
        asked = finds(up)
        await amina.writes("Mag ik een hond?")
        assert len(asked) == 1


FORGED = (
    "o1",
    "write",
    "maybe",
    "skip:skip",
    "~ready",
    "~none",
    "~touched",
    "~page9",
    "~edit-q-weet",
    "~edit-?heard",
    "x" * 47,
)


@pytest.mark.parametrize("secret", [False, True])
async def test_no_forged_option_is_an_answer(tmp_path: Path, secret: bool) -> None:
    async with network(tmp_path, SOME) as up:
        await opens(up, secret=secret)
        (amina,) = hands(up, 6001)
        token = amina.button("yes")[1].partition(":")[0]
        for option in (*FORGED, "~cancel", "~back", "~question", ""):
            tap = amina.tap("yes")
            tap["callback_query"]["data"] = f"{token}:{option}"
            await amina.sends(tap)
        assert await up.rows("SELECT id FROM ballot") == []
        assert up.app.dispatcher.counts["failed"] == 0


async def test_a_button_of_an_organiser_does_nothing_for_a_tenant(tmp_path: Path) -> None:
    async with network(tmp_path, SOME) as up:
        await opens(up)
        luc, amina = hands(up, LUC, 6001)
        await luc.writes("/organiseren")
        await luc.taps("my-polls", POLL, "close")
        await amina.writes("/menu")
        await amina.sends(taps_as(amina, luc.button("yes")[1]))
        assert (await up.rows("SELECT state FROM poll"))[0]["state"] == "open"


async def test_who_lost_the_role_closes_nothing_with_a_button_of_before(tmp_path: Path) -> None:
    async with network(tmp_path, SOME) as up:
        await opens(up)
        (luc,) = hands(up, LUC)
        await luc.writes("/organiseren")
        await luc.taps("my-polls", POLL, "close")
        await up.app.store.write(lambda tx: tx.run("DELETE FROM role WHERE role = 'organiser'"))
        await luc.taps("yes")
        assert (await up.rows("SELECT state FROM poll"))[0]["state"] == "open"


@pytest.mark.parametrize(
    "subject", ["afval:try", "afval:2:weet", "afval:2", "afval:", "afval_x:try", "try", "afval%3Atry"]
)
async def test_no_link_opens_a_test_copy_or_a_question(tmp_path: Path, subject: str) -> None:
    async with network(tmp_path, SOME) as up:
        await opens(up)
        (amina,) = hands(up, 6001)
        await amina.writes(f"/start poll-{subject}")
        assert await up.rows("SELECT subject FROM handle WHERE subject LIKE '%try%' OR subject LIKE '%:2%'") == []


# ---- bad luck


async def test_taps_erasing_and_closing_at_once_lose_no_answer_that_was_taken(town: PollTown) -> None:
    await town.tenants(*names(30))
    await town.opened()
    tapping = [town.answers(name, ("weet", "yes"), ("hoe", "o1")) for name in names(24)]
    erasing = [town.does(name, EraseMe()) for name in names(30)[24:]]
    said = await asyncio.gather(*tapping, town.does("Luc", ClosePoll(POLL)), *erasing)
    await town.tick()
    row = await town.poll()
    assert (row["state"], row["partly"]) == ("closed", sum(not each for each in said[:24]))
    assert said[24:] == [""] * 7


async def test_two_second_persons_at_once_let_it_go_out_once(town: PollTown) -> None:
    await town.tenants(*names(51))
    await town.draft()
    await town.asks()
    said = await asyncio.gather(*(town.does(name, ReleasePoll(POLL, 1)) for name in ("Noor", "Greet", "Ada")))
    assert sorted(said) == ["", STALE, STALE]
    await town.later(10 * MINUTE)
    assert len(town.got("poll")) == 51


async def test_a_result_that_cannot_be_drawn_when_it_is_sent_goes_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with network(tmp_path) as up:
        await answered_and_closed(up)

        def broken(*_given: object) -> tuple[bytes, ...]:
            raise RuntimeError

        monkeypatch.setattr(result_pictures, "draw", broken)
        await tells(up, "Er komen meer bakken.")
        (amina,) = hands(up, 6001)
        assert "Er komen meer bakken." in amina.heard()[-1]


async def test_the_longest_texts_of_signs_still_come_with_their_picture(tmp_path: Path) -> None:
    async with network(tmp_path) as up:
        await answered_and_closed(up, title={"nl": "&" * 80})
        await tells(up, "<" * 500)
        sent = [delivery["state"] for delivery in await up.rows("SELECT state FROM delivery WHERE class = 'result'")]
        assert (len(sent), set(sent)) == (len(TENANTS), {"sent"})
        last = [bubble for bubble in up.world.phones[6001].screen() if bubble.from_bot][-1]
        assert "<" * 500 in last.text
        assert last.media == "photo"


LONGEST = "-".join(["abcdefghijklmno"] * 2)  # an id may have 32 letters


async def test_no_button_of_a_poll_with_the_longest_ids_is_refused_by_telegram(tmp_path: Path) -> None:
    """64 bytes for the token and the option; a refused message would be a failed delivery."""
    options = [{"id": f"{LONGEST}{n}", "nl": "&" * 300} for n in range(8)]
    questions = [
        {"id": f"{LONGEST}{n}", "kind": kind, "text": {"nl": "&" * 300}, "options": options}
        for n, kind in enumerate(("choice", "several"))
    ]
    async with network(tmp_path, SOME) as up:
        await opens(up, id=f"{LONGEST}p", questions=questions)
        amina, luc = hands(up, 6001, LUC)
        await amina.taps(f"{LONGEST}3", f"{LONGEST}1", "~ready", "change", f"{LONGEST}1")
        await luc.writes("/organiseren")
        await luc.taps("my-polls", f"{LONGEST}p", "close", "no", "copy", "keep")
        assert await up.rows("SELECT reason FROM delivery WHERE state = 'failed'") == []


async def answered_and_closed(up: Rig, **changes: Any) -> None:
    """Have a poll that everyone answered, half of them one thing and half another, and that is closed."""
    await opens(up, questions=without_text(), **changes)
    for user in TENANTS:
        await Hand(up, user).taps("yes" if user % 2 else "no", "o1" if user % 2 else "o2")
    await until(up, "2027-03-25 20:01")


async def tells(up: Rig, words: str) -> None:
    """Let Luc tell what is done with it, and everyone hear of it."""

    def job(tx: Tx) -> None:
        luc = people.find(tx, up.app.turns.vault, LUC)
        assert luc is not None
        polls.say_outcome(tx, POLL, {"nl": words}, True, None, luc["id"], up.app.clock.ms())

    await up.app.store.write(job)
    await until(up, "2027-03-26 12:00")
