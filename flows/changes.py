"""What a finished flow may ask the domain to do. Each is applied by one short function of the same noun in the store."""

from __future__ import annotations

from dataclasses import dataclass

from flows.talk import Change


@dataclass(frozen=True)
class SetLanguage(Change):
    """Speak this language from now on."""

    language: str


@dataclass(frozen=True)
class Welcome(Change):
    """The person knows what this is."""


@dataclass(frozen=True)
class SetPlace(Change):
    """Where the person lives, coarsely; None forgets it."""

    postcode: str | None
    municipality: str | None
    province: str | None
    landlord: str | None = None
    block: str | None = None


@dataclass(frozen=True)
class SetConsents(Change):
    """The purposes that the person wants messages for; all others are off."""

    purposes: tuple[str, ...]


@dataclass(frozen=True)
class Register(Change):
    """A place at a meeting, or a place in its line; also changes one that stands."""

    meeting: str
    needs: tuple[str, ...]
    interpreter: str | None
    companions: int
    reminders: bool


@dataclass(frozen=True)
class Cancel(Change):
    """Give the place, or the place in line, back."""

    meeting: str


@dataclass(frozen=True)
class TakeOffer(Change):
    """Take the seat that was offered."""

    meeting: str


@dataclass(frozen=True)
class SetReminders(Change):
    """Reminders of one meeting, or of all (`meeting` is None), on or off."""

    on: bool
    meeting: str | None = None


@dataclass(frozen=True)
class GoQuiet(Change):
    """Write nothing unasked: `paused` for some days, or `stopped` until the person says so."""

    how: str
    days: int = 0


@dataclass(frozen=True)
class Speak(Change):
    """End a pause or a stop."""


@dataclass(frozen=True)
class EraseMe(Change):
    """Forget this person, everywhere."""


@dataclass(frozen=True)
class Answered(Change):
    """A question found its article."""


@dataclass(frozen=True)
class NotUnderstood(Change):
    """A question found no answer (`unanswered`), or not the right one (`not-meant`, `thumbs-down`); the words reach staff
    without the person. `topics` are the best three."""

    text: str
    language: str
    why: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Rate(Change):
    """Thumbs for an article, up or down. Only counted."""

    topic: str
    language: str
    up: bool


@dataclass(frozen=True)
class AskHuman(Change):
    """Pass a question to a human."""

    topic: str
    text: str
    language: str


@dataclass(frozen=True)
class TellHuman(Change):
    """Add words of the tenant to a question that is with a human."""

    handoff: int
    text: str


@dataclass(frozen=True)
class CloseHandoff(Change):
    """End a talk with a human; either side may."""

    handoff: int


@dataclass(frozen=True)
class TakeHandoff(Change):
    """Staff: I answer this one."""

    handoff: int


@dataclass(frozen=True)
class Reply(Change):
    """Staff: write to the tenant."""

    handoff: int
    text: str


@dataclass(frozen=True)
class ReplyArticle(Change):
    """Staff: send an article, in the tenant's language."""

    handoff: int
    topic: str


@dataclass(frozen=True)
class Learn(Change):
    """Staff: what becomes of a question without an answer: `linked` to a topic, `out-of-scope`, `wanted` (an article is
    missing) or `passed`."""

    gap: int
    how: str
    topic: str = ""
