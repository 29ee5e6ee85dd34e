"""Audiences: who is in one, how many a message reaches and why not the others, and who sees which of these figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.poll_facts import PollFacts
from bot.store import audience, people, registrations
from bot.store.audience import Counts
from bot.store.db import Store
from flows.poll_facts import Figure, Reached
from tests.bot.poll_town import DAY, HOUR, MINUTE, PollTown, names, without_text
from tests.bot.polls import POLL
from tests.bot.world import MEETING, Town, name_of

IJZER = {"landlord": "ijzer"}


@pytest.fixture
async def town(store: Store) -> PollTown:
    """A town of which the organisers are no tenants."""
    town = PollTown(store)
    await town.settle()
    return town


async def those(town: PollTown, chosen: Mapping[str, str]) -> list[str]:
    """Give the names of an audience."""
    condition, values = audience.where(chosen)

    def job(here: Town) -> list[str]:
        rows = here.tx.all(f"SELECT p.chat_sealed FROM person p WHERE {condition}", **values)
        return sorted(name_of(row["chat_sealed"]) for row in rows)

    return await town.write(job)


async def count(town: PollTown, *, rested: bool = False, about: str = f"poll:{POLL}") -> Counts:
    """Count the tenants of the landlord for a poll."""
    return await town.write(lambda here: audience.count(here.tx, IJZER, "poll", here.now, rested=rested, about=about))


@pytest.mark.parametrize(
    ("key", "value", "others"),
    [
        ("region", "West-Vlaanderen", {"province": "Limburg"}),
        ("municipality", "Veurne", {"municipality": "Diksmuide"}),
        ("landlord", "ijzer", {"landlord": "leie"}),
        ("block", "B2", {"block": "B3"}),
        ("language", "nl", {"language": "tr"}),
    ],
)
async def test_an_audience_is_chosen_by(town: PollTown, key: str, value: str, others: dict[str, Any]) -> None:
    await town.tenants("Amina", block="B2")
    await town.tenants("Elif", **{"block": "B2", **others})
    found = await those(town, {"block": "B2", key: value} if key != "block" else {key: value})
    assert found == ["Amina"]


async def test_several_conditions_hold_together(town: PollTown) -> None:
    await town.tenants("Amina", block="B2")
    await town.tenants("Elif")
    assert await those(town, {**IJZER, "block": "B2"}) == ["Amina"]


async def test_who_chose_no_language_is_found_by_that_of_their_phone(town: PollTown) -> None:
    await town.tenants("Amina", language=None, phone_language="ar")
    assert await those(town, {**IJZER, "language": "ar"}) == ["Amina"]


async def test_a_group_is_its_members_organisers_and_who_comes_to_its_meetings(town: PollTown) -> None:
    def job(here: Town) -> None:
        here.meeting(group="har-veurne")
        here.join("Amina")
        here.join("Elif")
        here.leave("Elif")
        here.person("Bo")

    await town.write(job)
    assert await those(town, {"group": "har-veurne"}) == ["Amina", "Luc", "Noor", "Raf"]


async def test_who_came_to_a_meeting_can_be_asked_afterwards(town: PollTown) -> None:
    def job(here: Town) -> None:
        here.meeting()
        for name in ("Amina", "Elif"):
            here.join(name)
        came = registrations.of(here.tx, MEETING, here.person("Amina"))
        assert came is not None
        here.tx.run("UPDATE registration SET attended = 'yes' WHERE id = :id", id=came["id"])

    await town.write(job)
    assert await those(town, {"meeting": MEETING}) == ["Amina"]


async def test_who_never_wrote_is_in_no_audience(town: PollTown) -> None:
    await town.tenants("Amina")
    await town.change("Amina", unreachable="never-wrote")
    assert await those(town, IJZER) == []


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError, match="religion"):
        audience.where({"religion": "none"})


async def test_someone_belongs_to_an_audience_as_it_is_now(town: PollTown) -> None:
    await town.tenants("Amina")
    me = await town.id("Amina")
    assert await town.write(lambda here: audience.belongs(here.tx, IJZER, me))
    await town.change("Amina", landlord="leie")
    assert not await town.write(lambda here: audience.belongs(here.tx, IJZER, me))


async def everyone_for_a_reason(town: PollTown) -> None:
    """Let two tenants be reached at once, and one for each reason to be left out, or later."""
    await town.tenants("Amina", "Elif", "Bo", "Cas", "Dina", "Finn")
    await town.tenants("Gus", consents=("meetings",))
    await town.change("Elif", language="tr")
    await town.change("Bo", quiet="stopped")
    await town.change("Cas", unreachable="blocked")
    await town.change("Dina", quiet="paused", quiet_until=town.now + DAY)
    await town.write(lambda here: counted(here, "Finn", 3))


def counted(town: Town, name: str, n: int, about: str = "meeting:x", ago: int = HOUR) -> None:
    """Let someone have had so many messages that count."""
    for number in range(n):
        town.tx.run(
            "INSERT INTO delivery (person, class, lane, about, state, queued_at, useful_until, sent_at, once)"
            " VALUES (:id, 'bulk', 2, :about, 'sent', :at, :at, :at, :once)",
            id=town.person(name),
            about=about,
            at=town.now - ago,
            once=f"{name}:{about}:{number}",
        )


async def test_every_reason_is_counted_and_they_add_up_to_the_audience(town: PollTown) -> None:
    await everyone_for_a_reason(town)
    found = await count(town)
    assert (found.audience, found.reached) == (7, 4)
    assert found.reasons == {"stopped": 1, "no-consent": 1, "unreachable": 1, "paused": 1, "budget": 1}
    assert found.languages == {"nl": 3, "tr": 1}
    late = found.reasons["paused"] + found.reasons["budget"]
    assert found.audience == found.reached + sum(found.reasons.values()) - late


async def test_the_rows_that_are_made_are_those_that_were_counted(town: PollTown) -> None:
    await everyone_for_a_reason(town)
    found = await count(town)
    await town.opened(questions=without_text())
    ends = await town.ends()
    assert len(ends) == found.audience
    assert sum(state in ("sent", "held", "queued") for state, _reason in ends.values()) == found.reached
    assert {name: ends[name] for name in ("Bo", "Cas", "Gus")} == {
        "Bo": ("expired", "stopped"),
        "Cas": ("blocked", "blocked"),
        "Gus": ("expired", "no consent"),
    }


async def test_a_pause_that_is_over_is_no_reason(town: PollTown) -> None:
    await town.tenants("Amina")
    await town.change("Amina", quiet="paused", quiet_until=town.now)
    assert (await count(town)).reasons == {}


async def test_a_pause_without_an_end_is_one(town: PollTown) -> None:
    await town.tenants("Amina")
    await town.change("Amina", quiet="paused")
    assert (await count(town)).reasons == {"paused": 1}


async def test_a_rested_audience_leaves_out_who_was_asked_within_seven_days(town: PollTown) -> None:
    await town.tenants("Amina", "Elif", "Bo")

    def job(here: Town) -> None:
        counted(here, "Amina", 1, "poll:lift", ago=7 * DAY - MINUTE)
        counted(here, "Elif", 1, "poll:lift", ago=7 * DAY + MINUTE)
        counted(here, "Bo", 1, "meeting:gent")

    await town.write(job)
    found = await count(town, rested=True)
    assert (found.reached, found.reasons) == (2, {"asked-lately": 1})
    assert (await count(town)).reached == 3


async def test_the_poll_itself_does_not_make_its_audience_tired_of_it(town: PollTown) -> None:
    await town.tenants("Amina")
    await town.write(lambda here: counted(here, "Amina", 1, f"poll:{POLL}"))
    assert (await count(town, rested=True)).reached == 1


async def test_who_is_asked_lately_gets_a_row_that_says_so(town: PollTown) -> None:
    await town.tenants("Amina", "Elif")
    await town.write(lambda here: counted(here, "Amina", 1, "poll:lift"))
    await town.opened(rested=True)
    assert await town.ends() == {"Amina": ("expired", "asked within seven days"), "Elif": ("sent", "")}


async def seen_by(town: PollTown, name: str) -> Reached:
    """Give how far the draft comes, as someone sees it."""

    def job(here: Town) -> Any:
        me = people.get(here.tx, here.person(name))
        assert me is not None
        draft = PollFacts(here.tx, town.vault, me, here.now, name == "Greet", 30.0).draft(POLL)
        assert draft is not None
        return draft.reached

    found = await town.write(job)
    assert isinstance(found, Reached)
    return found


async def test_staff_see_the_figures_exactly(town: PollTown) -> None:
    await town.tenants(*names(23))
    await town.tenants("Gus", consents=())
    await town.draft()
    found = await seen_by(town, "Greet")
    assert (found.audience, found.reached) == (Figure(24, True), Figure(23, True))
    assert [(reason.code, reason.count) for reason in found.reasons] == [("no-consent", Figure(1, True))]


async def test_organisers_see_them_rounded_and_none_under_ten(town: PollTown) -> None:
    await town.tenants(*names(23))
    await town.tenants("Gus", consents=())
    await town.draft()
    found = await seen_by(town, "Luc")
    assert (found.audience, found.reached) == (Figure(25), Figure(25))
    assert {reason.count for reason in found.reasons} == {Figure(None)}


async def test_organisers_see_the_same_figures_for_a_day_whatever_happens(town: PollTown) -> None:
    """Else two looks, one before and one after someone came, would tell of that one."""
    await town.tenants(*names(22))
    await town.draft()
    assert (await seen_by(town, "Luc")).reached == Figure(20)
    await town.tenants("Amina")
    town.now += 11 * HOUR
    assert ((await seen_by(town, "Luc")).reached, (await seen_by(town, "Noor")).reached) == (Figure(20), Figure(20))
    assert (await seen_by(town, "Greet")).reached == Figure(23, True)
    town.now += HOUR
    assert (await seen_by(town, "Luc")).reached == Figure(25)


async def test_what_is_true_of_the_exact_figures_is_told_at_once(town: PollTown) -> None:
    await town.tenants(*names(9))
    await town.draft()
    found = await seen_by(town, "Luc")
    assert (found.few, found.second) == (True, False)
    await town.tenants("Amina")
    assert not (await seen_by(town, "Luc")).few
    await town.tenants(*names(49), "Elif")
    assert (await seen_by(town, "Luc")).second
