"""One pace over everything that is sent. Pure bookkeeping on a monotonic clock; nothing here waits."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from bot.rules import MARKS, REPLIES

WINDOW = 1.005  # seconds; Telegram counts about 30 in any one, the rest is for the grain of clocks
RESERVE = 2  # slots of a window that are kept free for replies
QUIET = 5.0  # seconds without a tap, after which bulk may use the reserve
CHAT_RATE = 1.0  # messages a second to one chat (Telegram: about one), once its burst is used
CHAT_BURST = 5
FORGET = 60.0
ANSWER = 0.05  # seconds until the next look, where only an answer can free a slot
SLOW_DOWN = 30.0  # seconds of half pace for bulk after a refusal


@dataclass
class Pacer:
    """Say how long to wait. `rate` is messages a second in all.

    A message holds its slot from the start until a window after its answer came. Telegram counted it somewhere in
    between, so whatever the way there and back takes, no second of Telegram's can hold more than were allowed.
    """

    rate: float
    under_way: int = 0
    sent: deque[float] = field(default_factory=deque)  # when answers came, within the window
    chats: dict[int, tuple[float, float]] = field(default_factory=dict)  # tokens left, at
    halted_until: float = 0.0
    last_tap: float = 0.0
    last_bulk: float = 0.0
    slow_until: float = 0.0

    @property
    def window(self) -> float:
        """Give the seconds in which `slots` may be sent."""
        return WINDOW * max(1.0, 1.0 / self.rate)

    @property
    def slots(self) -> int:
        """Give how many may be sent in one window."""
        return max(1, int(self.rate))

    def wait(self, lane: int, now: float) -> float:
        """Give the seconds until something of this lane may go; 0 means now."""
        if now < self.halted_until:
            return self.halted_until - now
        while self.sent and self.sent[0] <= now - self.window:
            self.sent.popleft()
        allowed = self.slots if lane in (REPLIES, MARKS) else self._bulk_slots(now)
        too_many = self.under_way + len(self.sent) - allowed
        if too_many >= 0:
            return max(0.001, self.sent[too_many] + self.window - now) if too_many < len(self.sent) else ANSWER
        if lane not in (REPLIES, MARKS):
            return max(0.0, self.last_bulk + self._spacing(now) - now)
        return 0.0

    def _bulk_slots(self, now: float) -> int:
        reserve = 0 if now - self.last_tap > QUIET else min(RESERVE, self.slots - 1)
        return max(1, self.slots - reserve)

    def _spacing(self, now: float) -> float:
        """Spread bulk evenly over the window, so that a reply never meets a full one; half pace after a refusal."""
        factor = 2.0 if now < self.slow_until else 1.0
        return factor * self.window * 0.98 / self._bulk_slots(now)

    def took(self, lane: int, now: float) -> None:
        """Note that something goes now."""
        self.under_way += 1
        if lane not in (REPLIES, MARKS):
            self.last_bulk = now

    def landed(self, now: float) -> None:
        """Note that the answer to something came, or that none will come."""
        self.under_way -= 1
        self.sent.append(now)

    def left(self) -> None:
        """Note that something did not go after all."""
        self.under_way -= 1

    def tapped(self, now: float) -> None:
        """Note that a person is at work: replies will follow."""
        self.last_tap = now

    def refused(self, retry_after: float, now: float) -> None:
        """Note a 429: nothing goes until the second it names, and bulk at half pace for a while."""
        self.halted_until = max(self.halted_until, now + retry_after)
        self.slow_until = self.halted_until + SLOW_DOWN

    def chat_wait(self, chat: int, now: float, keep: float = 0.0) -> float:
        """Give the seconds until this chat may get another message, with `keep` more left for what matters more."""
        missing = 1.0 + keep - self._tokens(chat, now)
        return max(0.0, missing) / CHAT_RATE

    def chat_took(self, chat: int, now: float) -> None:
        """Note that this chat gets a message now."""
        if self.rate >= 1000:  # a local server without Telegram's limits
            return
        self.chats[chat] = (self._tokens(chat, now) - 1.0, now)
        if len(self.chats) > 10000:
            self.chats = {id: kept for id, kept in self.chats.items() if now - kept[1] < FORGET}

    def _tokens(self, chat: int, now: float) -> float:
        tokens, at = self.chats.get(chat, (float(CHAT_BURST), now))
        return min(float(CHAT_BURST), tokens + (now - at) * CHAT_RATE)
