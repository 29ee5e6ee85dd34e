"""Which message may go when. Pure: the table of message classes, and the verdict for one message to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

NIGHT_BEGINS, NIGHT_ENDS = time(21), time(9)
NEAR = timedelta(hours=12)  # so close to a meeting, news of it may wake people
WEEKLY_BUDGET = 3
REPLIES, REMINDERS, BULK = 0, 1, 2
MARKS = 3  # a lane in memory only: the edits that mark an answer, after the replies and before all else


@dataclass(frozen=True)
class MessageClass:
    """A row of the design's table. `pause` is passes, waits or dropped; `night` is passes, waits or near (waits, unless
    the meeting is within 12 hours)."""

    lane: int
    consent: bool
    pause: str
    night: str
    sunday: bool  # waits for the next working day
    budget: bool  # counts against the week
    useful: timedelta  # at most
    second_attempt: bool
    unasked: bool = True  # never to someone who stopped everything


CLASSES: Mapping[str, MessageClass] = {
    "reply": MessageClass(REPLIES, False, "passes", "passes", False, False, timedelta(hours=24), True, unasked=False),
    "notice": MessageClass(REMINDERS, False, "passes", "near", False, False, timedelta(days=30), True, unasked=False),
    "reminder": MessageClass(REMINDERS, False, "passes", "waits", False, False, timedelta(days=30), True),
    "result": MessageClass(BULK, False, "waits", "waits", True, False, timedelta(days=30), True),
    "bulk": MessageClass(BULK, True, "waits", "waits", True, True, timedelta(days=30), True),
    "nudge": MessageClass(BULK, True, "dropped", "waits", True, True, timedelta(days=30), False),
    "work": MessageClass(REPLIES, False, "passes", "waits", True, False, timedelta(days=7), True, unasked=False),
    "alarm": MessageClass(REPLIES, False, "passes", "passes", False, False, timedelta(days=7), True, unasked=False),
}


@dataclass(frozen=True)
class Recipient:
    """What the rules must know of a person. Times are local (Europe/Brussels)."""

    quiet: str = ""
    quiet_until: datetime | None = None
    unreachable: str = ""
    consents: frozenset[str] = frozenset()
    sent_this_week: tuple[datetime, ...] = ()  # messages that counted, oldest first


@dataclass(frozen=True)
class Verdict:
    """Go (state `queued`), wait (`held`, until), or end (`expired` or `blocked`), and why."""

    state: str
    reason: str = ""
    until: datetime | None = None


GO = Verdict("queued")


def verdict(
    name: str,
    now: datetime,
    useful_until: datetime,
    to: Recipient,
    *,
    purpose: str = "",
    meeting_at: datetime | None = None,
) -> Verdict:
    """Judge one message. `now` and all times are aware and local; the first rule that objects decides."""
    rules = CLASSES[name]
    if now >= useful_until:
        return Verdict("expired", "too late to be useful")
    if to.unreachable and name != "reply":
        return Verdict("blocked", to.unreachable)
    if rules.unasked and to.quiet == "stopped":
        return Verdict("expired", "stopped")
    if rules.consent and purpose not in to.consents:
        return Verdict("expired", "no consent")
    for held in (_pause(rules, now, to), _budget(rules, now, to), _calendar(rules, now, meeting_at)):
        if held is not None:
            return (
                held
                if held.until is None or held.until < useful_until
                else Verdict("expired", f"{held.reason} until too late")
            )
    return GO


def _pause(rules: MessageClass, now: datetime, to: Recipient) -> Verdict | None:
    paused = to.quiet == "paused" and (to.quiet_until is None or now < to.quiet_until)
    if not paused or rules.pause == "passes":
        return None
    return Verdict("expired", "paused") if rules.pause == "dropped" else Verdict("held", "paused", to.quiet_until)


def _budget(rules: MessageClass, now: datetime, to: Recipient) -> Verdict | None:
    counted = [sent for sent in to.sent_this_week if sent > now - timedelta(days=7)]
    if not rules.budget or len(counted) < WEEKLY_BUDGET:
        return None
    return Verdict("held", "weekly budget", counted[-WEEKLY_BUDGET] + timedelta(days=7))


def _calendar(rules: MessageClass, now: datetime, meeting_at: datetime | None) -> Verdict | None:
    if rules.sunday and is_rest_day(now.date()):
        return Verdict("held", "Sunday or holiday", next_working_morning(now))
    if rules.night == "passes" or not is_night(now):
        return None
    until = next_working_morning(now) if rules.sunday else next_morning(now)
    if rules.night == "near" and meeting_at is not None:
        until = min(until, meeting_at - NEAR)
    return Verdict("held", "night", until) if until > now else None


def is_night(local: datetime) -> bool:
    """Tell whether nobody may be woken now: from 21:00 to 9:00."""
    return not NIGHT_ENDS <= local.timetz().replace(tzinfo=None) < NIGHT_BEGINS


def next_morning(local: datetime) -> datetime:
    """Give the coming 9:00, in the same zone."""
    morning = local.replace(hour=9, minute=0, second=0, microsecond=0)
    return morning if local < morning else _at_nine(local.date() + timedelta(days=1), local)


def next_working_morning(local: datetime) -> datetime:
    """Give the coming 9:00 of a day that is no Sunday and no public holiday in Belgium."""
    morning = next_morning(local)
    while is_rest_day(morning.date()):
        morning = _at_nine(morning.date() + timedelta(days=1), local)
    return morning


def _at_nine(day: date, like: datetime) -> datetime:
    return datetime.combine(day, NIGHT_ENDS, tzinfo=like.tzinfo)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=year))


def is_rest_day(day: date) -> bool:
    """Tell whether a day is a Sunday or a public holiday in Belgium."""
    return day.weekday() == 6 or day in _holidays(day.year)


def offer_ends(now: datetime, start: datetime) -> datetime:
    """Give the end of a seat's offer: 12 hours outside the night, at the latest three hours before the start. All local."""
    left, at = timedelta(hours=12), now if not is_night(now) else next_morning(now)
    while True:
        evening = at.replace(hour=NIGHT_BEGINS.hour, minute=0, second=0, microsecond=0)
        if at + left <= evening:
            return min(at + left, start - timedelta(hours=3))
        left -= evening - at
        at = next_morning(evening)


def reminder_times(start: datetime) -> dict[str, datetime]:
    """Give the wall times of the reminders of a meeting that starts at this wall time.

    Early: three days before at 18:00. Late: on the day at 9:00, or the evening before at 18:00 for a morning meeting.
    """
    early = datetime.combine(start.date() - timedelta(days=3), time(18))
    morning = start.time() < time(12)
    late = (
        datetime.combine(start.date() - timedelta(days=1), time(18))
        if morning
        else datetime.combine(start.date(), time(9))
    )
    return {"early": early, "late": late}
