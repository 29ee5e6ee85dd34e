"""Floods: how many messages Telegram takes a second, in all and for one chat."""

import math
import time
from collections import deque
from dataclasses import dataclass, field

from bot.phone.errors import too_many


@dataclass(slots=True, frozen=True)
class Limits:
    """What the server enforces; None enforces nothing. Telegram: about 30 a second in all, 1 a second to one chat.

    `chat_burst` is how many messages one chat takes at once before its own pace holds; `retry_after` is in seconds.
    """

    per_second: int | None = None
    per_chat_per_second: float | None = None
    chat_burst: int = 5
    retry_after: int = 3


@dataclass(slots=True)
class Flood:
    """Counts sends on the monotonic clock and refuses too many with 429, then everything until the wait is over."""

    limits: Limits
    _sent: deque[float] = field(default_factory=deque)
    _closed_until: float = 0.0
    _buckets: dict[int, tuple[float, float]] = field(default_factory=dict)
    inside_window: int = 0  # calls that came although retry_after had not passed

    def admit(self, chat_id: int | None) -> None:
        """Count one send; raise a 429 when it is one too many."""
        now = time.monotonic()
        if self.limits.per_second is not None:
            self._admit_in_all(now, self.limits.per_second)
        if self.limits.per_chat_per_second is not None and chat_id is not None:
            self._admit_to_chat(now, chat_id, self.limits.per_chat_per_second)

    def _admit_in_all(self, now: float, most: int) -> None:
        if now < self._closed_until:
            self.inside_window += 1
            raise too_many(math.ceil(self._closed_until - now))
        while self._sent and self._sent[0] <= now - 1.0:
            self._sent.popleft()
        if len(self._sent) >= most:
            self._closed_until = now + self.limits.retry_after
            raise too_many(self.limits.retry_after)
        self._sent.append(now)

    def _admit_to_chat(self, now: float, chat_id: int, rate: float) -> None:
        """A bucket of `chat_burst` messages that refills at `rate`."""
        left, since = self._buckets.get(chat_id, (float(self.limits.chat_burst), now))
        left = min(self.limits.chat_burst, left + (now - since) * rate)
        if left < 1:
            self._buckets[chat_id] = (left, now)
            raise too_many(math.ceil((1 - left) / rate))
        self._buckets[chat_id] = (left - 1, now)
