"""What the bot did, as seen from outside: the log that tests and benchmarks judge by."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True, frozen=True)
class Call:
    """One answered call. `at` is monotonic seconds when it was decided; `status` 0 means that no answer was given."""

    method: str
    chat_id: int | None
    text: str
    status: int
    at: float
    message_id: int | None = None


def counts_against_pace(method: str) -> bool:
    """Whether a method uses up the sending pace: what makes or changes a message."""
    return method.startswith(("send", "edit")) and method != "sendChatAction"


@dataclass(slots=True)
class Referee:
    """The log of all calls but getUpdates, oldest first."""

    calls: list[Call] = field(default_factory=list)
    polls: int = 0

    def sends_to(self, chat_id: int) -> list[Call]:
        """Return the messages that reached one chat."""
        return [call for call in self.accepted() if call.chat_id == chat_id and call.method.startswith("send")]

    def accepted(self) -> list[Call]:
        """Return the sends and edits that took effect, whether or not their answer arrived."""
        return [call for call in self.calls if call.message_id is not None and counts_against_pace(call.method)]

    def refused(self, status: int = 429) -> int:
        """Return how many calls ended with `status`."""
        return sum(call.status == status for call in self.calls)

    def max_in_any_second(self) -> int:
        """Return the most sends and edits that fell within any one second."""
        window: deque[float] = deque()
        most = 0
        for call in self.accepted():
            window.append(call.at)
            while window[0] <= call.at - 1.0:
                window.popleft()
            most = max(most, len(window))
        return most
