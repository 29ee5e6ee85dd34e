"""The pace: never too many in a second of Telegram's, replies first, a 429 obeyed. Time is a number that the tests move."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable

import pytest

from bot.rules import BULK, REPLIES
from bot.telegram.pacing import CHAT_BURST, QUIET, RESERVE, SLOW_DOWN, Pacer

RATE = 30


def sent_in(pacer: Pacer, seconds: float, way: Callable[[], float], lane: int, at_once: int) -> list[float]:
    """Send as much as may go, at most so many at once; give when the server took each, somewhere on its way."""
    now, taken, answers = 0.0, [], list[float]()
    while now < seconds:
        while answers and answers[0] <= now:
            pacer.landed(heapq.heappop(answers))
        wait = pacer.wait(lane, now)
        if len(answers) < at_once and wait <= 0:
            pacer.took(lane, now)
            there, back = way(), way()
            taken.append(now + there)
            heapq.heappush(answers, now + there + back)
        else:
            later = max(answers[0] if answers else now + wait, now + 1e-6)
            now = min(later, now + wait) if wait > 0 else later
    return sorted(taken)


def most_in_a_second(taken: list[float]) -> int:
    """Give the most that the server counted in any one second."""
    return max(sum(at <= other < at + 1.0 for other in taken) for at in taken)


@pytest.mark.parametrize("longest", [0.001, 0.05, 0.5, 3.0])
@pytest.mark.parametrize("lane", [REPLIES, BULK])
def test_no_second_holds_too_many_however_long_the_way_takes(longest: float, lane: int) -> None:
    dice = random.Random(longest)
    taken = sent_in(Pacer(RATE, last_tap=-100.0), 20.0, lambda: dice.uniform(0, longest), lane, at_once=64)
    assert most_in_a_second(taken) <= RATE


def test_bulk_alone_uses_nearly_all_of_the_pace() -> None:
    taken = sent_in(Pacer(RATE, last_tap=-100.0), 60.0, lambda: 0.002, BULK, at_once=2)
    assert len(taken) / 60 >= 0.94 * RATE


def test_while_people_tap_bulk_leaves_slots_free_for_replies() -> None:
    pacer = Pacer(RATE)
    pacer.tapped(0.0)
    taken = sent_in(pacer, QUIET, lambda: 0.0, BULK, at_once=2)
    assert most_in_a_second(taken) <= RATE - RESERVE
    pacer.tapped(QUIET)
    assert pacer.wait(REPLIES, QUIET) == 0.0


def test_a_slot_is_free_again_only_a_window_after_its_answer() -> None:
    pacer = Pacer(1.0)
    pacer.took(REPLIES, 0.0)
    assert pacer.wait(REPLIES, 10.0) > 0.0  # no answer yet
    pacer.landed(10.0)
    assert pacer.wait(REPLIES, 10.9) > 0.0
    assert pacer.wait(REPLIES, 11.1) == 0.0


def test_what_did_not_go_gives_its_slot_back() -> None:
    pacer = Pacer(1.0)
    pacer.took(REPLIES, 0.0)
    pacer.left()
    assert pacer.wait(REPLIES, 0.0) == 0.0


def test_less_than_one_a_second_is_kept_too() -> None:
    taken = sent_in(Pacer(0.5, last_tap=-100.0), 60.0, lambda: 0.0, REPLIES, at_once=64)
    assert 29 <= len(taken) <= 30


def test_after_a_429_nothing_goes_until_its_second_and_bulk_goes_at_half_pace_for_a_while() -> None:
    pacer = Pacer(RATE, last_tap=-100.0)
    pacer.refused(7.0, 100.0)
    assert [pacer.wait(lane, 103.0) for lane in (REPLIES, BULK)] == [4.0, 4.0]
    assert pacer.wait(REPLIES, 107.0) == 0.0
    pacer.took(BULK, 107.0)
    pacer.landed(107.0)
    slow = pacer.wait(BULK, 107.0)
    pacer.last_bulk = 107.0 + SLOW_DOWN
    assert slow == pytest.approx(2 * pacer.wait(BULK, 107.0 + SLOW_DOWN))


def test_one_chat_takes_a_burst_and_then_one_a_second() -> None:
    pacer = Pacer(RATE)
    for _message in range(CHAT_BURST):
        assert pacer.chat_wait(6001, 0.0) == 0.0
        pacer.chat_took(6001, 0.0)
    assert pacer.chat_wait(6001, 0.0) == 1.0
    assert pacer.chat_wait(6001, 0.4) == pytest.approx(0.6)
    assert pacer.chat_wait(6002, 0.0) == 0.0
