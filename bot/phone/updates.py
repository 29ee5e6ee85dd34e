"""What waits for the bot: updates, their order, their end, and who may fetch them."""

import time
from dataclasses import dataclass, field
from itertools import islice

from bot.phone.bell import Bell
from bot.phone.errors import ApiError
from bot.phone.things import CALLBACK_LIFETIME, DAY, JSON, Clock

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(slots=True)
class Pending:
    """An update that is not confirmed. `queue` is what Telegram keeps in order; `expires` is on the world's clock."""

    key: int
    update: JSON
    queue: str
    expires: float
    born: float = field(default_factory=time.monotonic)
    attempts: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to, and how that went."""

    url: str
    secret: str = ""
    most: int = 40
    last_error: str = ""
    last_error_date: int = 0


class Updates:
    """The queue of updates, by getUpdates or by webhook."""

    def __init__(self, now: Clock) -> None:
        self.now = now
        self.pending: dict[int, Pending] = {}
        self.replayed: list[JSON] = []
        self.allowed: frozenset[str] | None = None
        self.webhook: Webhook | None = None
        self.bell = Bell()
        self.closed = False
        self._next = 100_000_001
        self._poller = 0
        self._replays = 0

    def push(self, kind: str, body: JSON, queue: str) -> int | None:
        """Add an update and return its id; None when the bot asked not to get this kind."""
        if kind not in self.allowed if self.allowed is not None else kind in NOT_BY_DEFAULT:
            return None
        lifetime = CALLBACK_LIFETIME if kind == "callback_query" else DAY
        update_id = self._next
        self._next += 1
        update = {"update_id": update_id, kind: body}
        self.pending[update_id] = Pending(update_id, update, queue, self.now() + lifetime)
        self.bell.ring()
        return update_id

    def push_raw(self, update: JSON) -> object:
        """Add any object as an update. One whose id is not a later one is handed out once, whatever the offset."""
        update_id = update.setdefault("update_id", self._next)
        if isinstance(update_id, int) and update_id >= self._next:
            self._next = update_id + 1
            self.pending[update_id] = Pending(update_id, update, f"raw {update_id}", self.now() + DAY)
        elif self.webhook:
            self._replays += 1
            self.pending[-self._replays] = Pending(-self._replays, update, "raw", self.now() + DAY)
        else:
            self.replayed.append(update)
        self.bell.ring()
        return update_id

    def confirm(self, pending: Pending) -> None:
        """Drop one update that was taken."""
        self.pending.pop(pending.key, None)

    def confirm_before(self, offset: int) -> None:
        """Drop what is older than `offset`; a negative one keeps only that many of the newest."""
        ids = list(islice(self.pending, max(len(self.pending) + offset, 0))) if offset < 0 else self._older(offset)
        for update_id in ids:
            del self.pending[update_id]

    def drop_expired(self) -> None:
        """Forget what Telegram would have forgotten by now."""
        now = self.now()
        for update_id in [key for key, pending in self.pending.items() if pending.expires <= now]:
            del self.pending[update_id]

    def allow(self, kinds: object) -> None:
        """Take the bot's `allowed_updates`; an empty list means the default, absence keeps what was set."""
        if isinstance(kinds, list):
            self.allowed = frozenset(str(kind) for kind in kinds) if kinds else None

    async def get(self, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Return up to `limit` updates from `offset` on, waiting so many seconds for the first.

        Raises 409 while a webhook is set, and for a poller that another one has replaced meanwhile.
        """
        if self.webhook:
            raise ApiError(409, _WEBHOOK_SET)
        self._poller += 1
        mine = self._poller
        self.bell.ring()
        self.confirm_before(offset)
        deadline = time.monotonic() + seconds
        while not (batch := self._batch(limit)) and not self.closed:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            await self.bell.wait(left)
            if mine != self._poller:
                raise ApiError(409, _OTHER_POLLER)
            if self.webhook:
                raise ApiError(409, "Conflict: terminated by setWebhook request")
        return batch

    def close(self) -> None:
        """End every waiting poll with an empty answer."""
        self.closed = True
        self.bell.ring()

    def _older(self, offset: int) -> list[int]:
        older = []
        for update_id in self.pending:
            if update_id >= offset:
                break
            older.append(update_id)
        return older

    def _batch(self, limit: int) -> list[JSON]:
        if self.replayed:
            first, self.replayed = self.replayed[:limit], self.replayed[limit:]
            return first
        now = self.now()
        batch: list[JSON] = []
        expired = []
        for update_id, pending in self.pending.items():
            if len(batch) == limit:
                break
            if pending.expires <= now:
                expired.append(update_id)
            else:
                batch.append(pending.update)
        for update_id in expired:
            del self.pending[update_id]
        return batch
