"""Kinds of question that only those who organise meetings are asked: a time of day, an amount, a code at the door."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from flows.messages import Name, Text, _
from flows.questions import Answer, Choice, Draft, Invalid, Option, Rows, Words, in_rows, western

EARLIEST, LATEST = time(7), time(22)
USUAL = (time(10), time(14), time(18), time(19), time(19, 30), time(20))
WRITTEN = re.compile(r"(\d{1,2})\s*(?:u|uur|h|[:.])?\s*(\d{2})?\s*(?:u|uur|h)?")
PHONE = re.compile(r"\+?\d[\d ./()-]{2,24}")  # as short as 1712
CODE = re.compile(r"[A-Z]?\d{1,6}")


@dataclass(frozen=True)
class TimeOfDay:
    """A time on the clock, tapped or typed as people write it: 19, 19u, 19u30, 19:30, 1930."""

    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return in_rows([Option(f"{at:t%H%M}", Name(f"{at:%H:%M}")) for at in USUAL], 3)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> time:
        written = answer.chosen[0].removeprefix("t") if answer.chosen else answer.text or ""
        found = WRITTEN.fullmatch(western(written).strip().casefold())
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise Invalid(_("I do not know that time. Write it like this: 19:30."))
        at = time(hour, minute)
        if not EARLIEST <= at <= LATEST:
            early, late = Name(f"{EARLIEST:%H:%M}"), Name(f"{LATEST:%H:%M}")
            raise Invalid(_("Please choose a time between {early} and {late}.", early=early, late=late))
        return at


@dataclass(frozen=True)
class Amount:
    """A whole number from `low` to `high`; only the `usual` ones have buttons."""

    low: int
    high: int
    usual: tuple[int, ...] = ()
    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return in_rows([Option(str(n), Name(str(n))) for n in self.usual], 5)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> int:
        text = western(answer.chosen[0] if answer.chosen else answer.text or "").strip()
        if not re.fullmatch(r"\d{1,9}", text) or not self.low <= int(text) <= self.high:
            raise Invalid(_("Please give a number from {low} to {high}.", low=self.low, high=self.high))
        return int(text)


@dataclass(frozen=True)
class PhoneNumber(Words):
    """A phone number as people write it, and nothing beside it: no name."""

    def read(self, answer: Answer) -> str:
        number = " ".join(western(Words.read(self, answer)).split())
        if not PHONE.fullmatch(number):
            raise Invalid(_("That is not a phone number. Write it like this: 03 000 00 00."))
        return number


@dataclass(frozen=True)
class DoorCode:
    """A code, typed; or one of the doors that stand beside it (in small letters, which no code has)."""

    doors: Mapping[str, Text]
    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        return Choice(self.doors).rows(draft)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        return Choice(self.doors).tap(option, draft)

    def read(self, answer: Answer) -> str:
        if answer.chosen:
            return Choice(self.doors).read(answer)
        code = re.sub(r"\s", "", western(answer.text or "")).upper()
        if not CODE.fullmatch(code):
            raise Invalid(_("A code has four numbers. For example: 4711."))
        return code
