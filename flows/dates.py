"""A day to come, tapped or typed the way people write one: 15/3, 15-3-2027, 15 maart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.messages import Day, Msg, Text, _
from flows.questions import Answer, Draft, Invalid, Option, Rows, in_rows, western

MONTHS = (
    ("jan", "janv", "oca", "ocak"),
    ("feb", "fév", "fev", "sub", "şub", "şubat"),
    ("maa", "mrt", "mar", "mart"),
    ("apr", "avr", "nis"),
    ("mei", "mai", "may", "mayıs"),
    ("juin", "jun", "haz"),
    ("juil", "jul", "tem"),
    ("aug", "aoû", "aou", "ağu", "agu"),
    ("sep", "eyl"),
    ("okt", "oct", "eki"),
    ("nov", "kas"),
    ("dec", "déc", "ara"),
)
"""How the names of the months begin in Dutch, French, English and Turkish."""

NUMBERS = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|e|ste|de)?\s+([^\W\d_]{3,})\.?(?:\s+(\d{4}))?")


@dataclass(frozen=True)
class Date:
    """A day from `first` to `last` days after `today`. `soon` are buttons: a label, and so many days from today.

    A button holds its date, so that it means the same day when it is tapped tomorrow.
    """

    today: date
    first: int = 1
    last: int = 90
    soon: Sequence[tuple[int, Text]] = ()
    takes: frozenset[str] = frozenset({"text"})

    def rows(self, draft: Draft) -> Rows:
        days = [(self.today + timedelta(days), label) for days, label in self.soon]
        return in_rows([Option(f"d-{day.isoformat()}", label) for day, label in days], 2)

    def tap(self, option: str, draft: Draft) -> Answer | Draft:
        answer = Answer(chosen=(option,))
        self.read(answer)
        return answer

    def read(self, answer: Answer) -> date:
        written = answer.chosen[0].removeprefix("d-") if answer.chosen else answer.text or ""
        day = read_date(written, self.today)
        if day is None:
            raise Invalid(_("I do not know that date. Write it like this: 15/3 or 15 maart."))
        if day < self.today + timedelta(self.first):
            raise Invalid(_("{day} is too early. Please choose a later day.", day=Day(day, dated=True)))
        if day > self.today + timedelta(self.last):
            raise Invalid(self.too_far)
        return day

    @property
    def too_far(self) -> Msg:
        """Say up to which day one may choose."""
        latest = Day(self.today + timedelta(self.last), dated=True)
        return _("That is far away. Please choose a day until {latest}.", latest=latest)


def read_date(text: str, today: date) -> date | None:
    """Read a day. Without a year it is the next one that comes, today included; None where it is no date."""
    text = western(text).strip().casefold()
    if found := ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := NUMBERS.fullmatch(text):
        return _in_year(int(found[1]), int(found[2]), found[3], today)
    if found := NAMED.search(text):
        month = _month(found[2])
        return _in_year(int(found[1]), month, found[3], today) if month else None
    return None


def _month(name: str) -> int | None:
    """Give the number of a month by how its name begins; the longest beginning counts (juin is not jun)."""
    begins = [(len(start), n) for n, starts in enumerate(MONTHS, 1) for start in starts if name.startswith(start)]
    return max(begins)[1] if begins else None


def _in_year(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = (_day(today.year + n, month, day) for n in range(5))  # 29 February may be four years away
    return next((found for found in years if found and found >= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
