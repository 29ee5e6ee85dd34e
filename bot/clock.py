"""The one place that reads the clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


class Clock:
    """Tell the time. `now` can be moved in the demo and in tests; `monotonic` never can."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Give this moment, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def ms(self) -> int:
        """Give this moment in milliseconds since 1970, UTC, as the store keeps it."""
        return to_ms(self.now())

    def set(self, to: datetime) -> None:
        """Move `now` to an aware moment; it runs on from there."""
        if to.tzinfo is None:
            raise ValueError(f"a clock is set to an aware time, not to {to.isoformat()}")
        self._ahead = to - datetime.now(UTC)

    @staticmethod
    def monotonic() -> float:
        """Give seconds that only ever go forward: for pace, leases and retry-after."""
        return time.monotonic()


def to_ms(moment: datetime) -> int:
    """Turn an aware moment into milliseconds since 1970, UTC."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment needs a zone: {moment.isoformat()}")
    return round(moment.timestamp() * 1000)


def from_ms(ms: int, zone: ZoneInfo = BRUSSELS) -> datetime:
    """Turn milliseconds since 1970, UTC, into an aware moment in a zone."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def local_to_utc(local: datetime, zone: ZoneInfo = BRUSSELS) -> datetime:
    """Turn wall time into the moment it means.

    A wall time that the spring change skips moves forward by the gap; one that the autumn change doubles is the first.
    """
    if local.tzinfo is not None:
        raise ValueError(f"wall time has no offset: {local.isoformat()}")
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)
