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
