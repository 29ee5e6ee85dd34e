"""What those who organise meetings may ask the domain to do, and what tenants ask for at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flows.organised_facts import MeetingPlan, Place
from flows.talk import Change


@dataclass(frozen=True)
class PutMeeting(Change):
    """Add a meeting. Refused in the past, and outside of one's scope."""

    meeting: str
    plan: MeetingPlan


@dataclass(frozen=True)
class MoveMeeting(Change):
    """Another time (local wall time), another place, or both (None: as it is). Everyone who signed up is told."""

    meeting: str
    start: datetime | None = None
    place: Place | None = None


@dataclass(frozen=True)
class CancelMeeting(Change):
    """The meeting does not go on. Everyone who signed up is told."""

    meeting: str


@dataclass(frozen=True)
class CloseSignUp(Change):
    """Take nobody on any more, or (`closed` is false) again. Places that were taken stay."""

    meeting: str
    closed: bool


@dataclass(frozen=True)
class SayTheme(Change):
    """The theme in one more language."""

    meeting: str
    language: str
    text: str


@dataclass(frozen=True)
class InviteToMeeting(Change):
    """Write to an audience (`key` is one of AUDIENCE_KEYS) about a meeting; where many get it, after a second person's
    release."""

    meeting: str
    key: str
    value: str


@dataclass(frozen=True)
class SettleInvite(Change):
    """Second person: let an invitation go out, or do not."""

    meeting: str
    invite: int
    release: bool


@dataclass(frozen=True)
class StopInvite(Change):
    """Send no more of an invitation."""

    meeting: str
    invite: int


@dataclass(frozen=True)
class WantDoorCode(Change):
    """Tenant: a code to show at the door. One that was given stays."""

    meeting: str


@dataclass(frozen=True)
class CheckIn(Change):
    """Whoever holds this code is here. `how` is code (typed) or qr."""

    meeting: str
    code: str
    how: str = "code"


@dataclass(frozen=True)
class CountHeads(Change):
    """So many people came."""

    meeting: str
    heads: int


@dataclass(frozen=True)
class SignUpByPhone(Change):
    """A place, or a place in line, for someone who phoned: known by a code only."""

    meeting: str
    needs: tuple[str, ...]
    interpreter: str | None
    companions: int


@dataclass(frozen=True)
class SettlePhoned(Change):
    """Someone who phoned takes the place that is offered, or (`comes` is false) gives theirs back."""

    meeting: str
    code: str
    comes: bool


@dataclass(frozen=True)
class SendReport(Change):
    """Three lines on a meeting, to everyone who came. Once."""

    meeting: str
    lines: tuple[str, str, str]
