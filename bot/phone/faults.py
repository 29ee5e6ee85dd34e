"""Faults on order: what goes wrong between a bot and Telegram, for tests that want it to."""

from dataclasses import dataclass, field
from typing import Literal

from bot.phone.errors import ApiError, forbidden, too_many

Kind = Literal["status", "flood", "forbidden", "reset", "hang", "latency"]


@dataclass(slots=True)
class Fault:
    """One fault, for `times` calls (None: for ever) of `method` ("*": any) to `chat_id` (None: any).

    Kinds: "status" answers `status` (500, 502); "flood" answers 429 with `retry_after`; "forbidden" answers 403;
    "reset" cuts the connection; "hang" does the work and answers `seconds` later; "latency" waits `seconds` first.
    With `after` the work is done and only the answer is spoiled: the bot cannot know that it was sent.
    """

    method: str = "*"
    kind: Kind = "status"
    chat_id: int | None = None
    times: int | None = 1
    status: int = 500
    retry_after: int = 3
    seconds: float = 1.0
    after: bool = False

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether this fault is due for such a call."""
        same_method = self.method in ("*", method)
        return same_method and self.times != 0 and self.chat_id in (None, chat_id)

    def error(self) -> ApiError:
        """Return the refusal of a fault that answers; a reset has none to give."""
        if self.kind == "flood":
            return too_many(self.retry_after)
        if self.kind == "forbidden":
            return forbidden("bot was blocked by the user")
        return ApiError(self.status, "Internal Server Error" if self.status == 500 else "Bad Gateway")


@dataclass(slots=True)
class Faults:
    """The faults that are due, in the order they were ordered."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Order a fault; return it, so that its count can be watched."""
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all that was ordered."""
        self.waiting.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the first fault that fits this call, counted down, or None."""
        for fault in self.waiting:
            if fault.fits(method, chat_id):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
