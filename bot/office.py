"""When humans answer: working days, from one hour to another. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.rules import is_rest_day

WORKING_DAYS = 2  # within so many an answer is promised; then all staff hear that it waits


@dataclass(frozen=True)
class Hours:
    """Office hours, in local wall time, on Monday to Friday that are no public holiday in Belgium."""

    begins: time = time(9)
    ends: time = time(17)

    @classmethod
    def read(cls, text: str) -> Hours:
        """Read `09:00-17:00`. Raises ValueError."""
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
        if not found:
            raise ValueError("expected two times of day, for example 09:00-17:00")
        begins, ends = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if begins >= ends:
            raise ValueError("expected an end after the begin, for example 09:00-17:00")
        return cls(begins, ends)

    def open_at(self, local: datetime) -> bool:
        """Tell whether someone reads now."""
        return is_working_day(local.date()) and self.begins <= local.timetz().replace(tzinfo=None) < self.ends

    def opens_after(self, local: datetime) -> datetime:
        """Give the next moment at which someone begins to read, in the same zone."""
        day = local.date()
        if not is_working_day(day) or local.timetz().replace(tzinfo=None) >= self.begins:
            day = next_working_day(day)
        return datetime.combine(day, self.begins, tzinfo=local.tzinfo)

    def answer_by(self, local: datetime) -> datetime:
        """Give the end of the second working day after this one; what comes in after hours counts for the next."""
        day = local.date()
        if not is_working_day(day) or local.timetz().replace(tzinfo=None) >= self.ends:
            day = next_working_day(day)
        for _day in range(WORKING_DAYS):
            day = next_working_day(day)
        return datetime.combine(day, self.ends, tzinfo=local.tzinfo)


def is_working_day(day: date) -> bool:
    """Tell whether a day is Monday to Friday and no public holiday."""
    return day.weekday() < 5 and not is_rest_day(day)


def next_working_day(day: date) -> date:
    """Give the first working day after this one."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
