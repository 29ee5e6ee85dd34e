"""The turn: one update in, one transaction out. State, changes and replies commit together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.conversation import DANGER, Conversation, SlowLook
from bot.crypto import Vault
from bot.facts import FactsLoader
from bot.i18n import Languages
from bot.screens import Payload, screen
from bot.store import deliveries, inbox, people, sessions
from bot.store.db import Row, Tx
from bot.store.deliveries import Ready
from bot.telegram.updates import GroupTalk, Incoming, Reach, Tap, Words
from flows.messages import _
from flows.talk import Flow, Go

__all__ = ["SlowLook", "Turns"]

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Turns:
    """Everything a turn needs besides its transaction."""

    flows: Mapping[str, Flow]
    loader: FactsLoader
    languages: Languages
    vault: Vault
    looks: Mapping[str, Callable[[str], str]]
    slow: frozenset[str] = frozenset()
    danger: Callable[[str], str] = lambda text: ""

    def hear(self, incoming: Incoming) -> dict[str, str]:
        """Listen, before the turn and outside its transaction, for danger to life; give it as something found."""
        return {DANGER: self.danger(incoming.what.text)} if isinstance(incoming.what, Words) else {}

    @property
    def kept(self) -> frozenset[str]:
        """Give the flows that one goes on with: those that are not loose."""
        return frozenset(name for name, flow in self.flows.items() if not flow.loose)

    def take(self, tx: Tx, incoming: Incoming, now: int, found: Mapping[str, str] | None = None) -> list[Ready]:
        """Handle one stored update. Gives the replies, queued; nothing when it was handled before. Raises SlowLook."""
        if not inbox.claim(tx, incoming.update_id):
            return []
        ready: list[Ready] = []
        if isinstance(incoming.what, GroupTalk):
            self._answer_group(tx, incoming, now)
        elif isinstance(incoming.what, Tap | Reach) and people.find(tx, self.vault, incoming.chat_id) is None:
            self._answer_stranger(tx, incoming, now)
        else:
            person = self._person(tx, incoming, now)
            if isinstance(incoming.what, Reach):
                people.unreachable(tx, person["id"], "blocked") if incoming.what.blocked else None
            else:
                ready = Conversation(self, tx, person, incoming, now, found or {}).take()
        return ready

    def fail(self, tx: Tx, incoming: Incoming, now: int) -> list[Ready]:
        """Consume an update that failed three times: a short sorry, the session parked, those who run the bot told."""
        inbox.finish(tx, incoming.update_id, "failed", "three attempts")
        self.alarm(tx, "failed", now)
        person = people.find(tx, self.vault, incoming.chat_id)
        if person is None:
            return []
        sessions.focus(tx, person["id"], None)
        conversation = Conversation(self, tx, person, incoming, now, {})
        conversation.follow(Go("sorry"))
        return conversation.ready

    def alarm(self, tx: Tx, kind: str, now: int) -> None:
        """Tell admins and staff, at most once an hour for each kind."""
        subject = f"{kind}:{now // HOUR_MS}"
        for person in people.with_role(tx, "admin", "staff"):
            deliveries.plan(tx, person, "alarm", "alarm", subject, now, once=f"alarm:{subject}:{person}")

    def render(self, tx: Tx, person: int, flow: str, subject: str, now: int) -> list[Payload]:
        """Render a message that was planned as a reference, from what is true now, in the person's language."""
        row = people.get(tx, person)
        if row is None or flow not in self.flows:
            return []
        conversation = Conversation(self, tx, row, None, now, {})
        return conversation.preview(self.flows[flow], subject)

    def _person(self, tx: Tx, incoming: Incoming, now: int) -> Row:
        person = people.find(tx, self.vault, incoming.chat_id)
        if person is None:
            language = self.languages.of(incoming.language).code
            people.add(tx, self.vault, incoming.chat_id, language, now)
            person = people.find(tx, self.vault, incoming.chat_id)
            assert person is not None
        tx.lock(person["id"])
        if person["unreachable"] == "never-wrote" and incoming.language:
            language = self.languages.of(incoming.language).code
            tx.run("UPDATE person SET phone_language = :code WHERE id = :id", code=language, id=person["id"])
        if person["unreachable"] or now - person["seen_at"] > HOUR_MS:
            people.seen(tx, person["id"], now)
        return people.get(tx, person["id"]) or person

    def _answer_stranger(self, tx: Tx, incoming: Incoming, now: int) -> None:
        """Someone we do not know, or no longer: a tap or a block keeps nothing of them. A tap that follows the erasing at
        once is a double tap; another is told how to begin."""
        hash = self.vault.chat_hash(incoming.chat_id)
        erased = tx.one("SELECT at FROM erased WHERE chat_hash = :hash", hash=hash)
        if isinstance(incoming.what, Reach) or (erased and now - erased["at"] < MINUTE_MS):
            return
        said = _("That button is old. Tap /start to begin.")
        payload = screen(self.languages.of(incoming.language), [said], [])
        once = f"stranger:{hash.hex()[:32]}:{now // MINUTE_MS}"
        deliveries.queue_to_chat(tx, self.vault, incoming.chat_id, payload, now, once)

    def _answer_group(self, tx: Tx, incoming: Incoming, now: int) -> None:
        language = self.languages.of(incoming.language)
        said = _("I only talk one to one, so that nobody else reads along. Open a chat with me and tap Start.")
        once = f"group:{self.vault.chat_hash(incoming.chat_id).hex()[:32]}:{now // DAY_MS}"
        payload = screen(language, [said], [])
        deliveries.queue_to_chat(tx, self.vault, incoming.chat_id, payload, now, once)
