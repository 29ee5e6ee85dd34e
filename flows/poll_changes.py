"""What flows about polls may ask the domain to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.poll_facts import PollContent
from flows.talk import Change


@dataclass(frozen=True)
class Cast(Change):
    """Answer one question of a poll: options (or `skip`), or a text. An earlier answer of the same household member is
    replaced, unless the poll is secret. Refused when the poll is not open, or the answer may not be changed."""

    poll: str
    question: str
    chosen: tuple[str, ...] = ()
    text: str | None = None
    member: int = 1


@dataclass(frozen=True)
class SavePoll(Change):
    """Keep a draft as it is now. `revision` is the one that was read (0: a new draft). Refused when someone changed it
    since, when it is no draft any more, and outside of one's scope."""

    poll: str
    revision: int
    content: PollContent
    overridden: tuple[str, ...] = ()  # "code: reason" for what the plain-language check found and the organiser kept


@dataclass(frozen=True)
class DropPoll(Change):
    """Throw a draft away."""

    poll: str


@dataclass(frozen=True)
class AskRelease(Change):
    """The draft is ready: release it where few people get it, else ask a second person."""

    poll: str
    revision: int


@dataclass(frozen=True)
class ReleasePoll(Change):
    """Second person: let it go out, ten minutes from now or when it opens."""

    poll: str
    revision: int


@dataclass(frozen=True)
class SendBack(Change):
    """Second person: back to its maker, and why."""

    poll: str
    why: str


@dataclass(frozen=True)
class TakeBack(Change):
    """Back to a draft, before anything was sent."""

    poll: str


@dataclass(frozen=True)
class StopSending(Change):
    """Send nothing more of this poll. Who has it may still answer."""

    poll: str


@dataclass(frozen=True)
class NudgePoll(Change):
    """Remind, once, who was asked and did not answer."""

    poll: str


@dataclass(frozen=True)
class ClosePoll(Change):
    """Close a poll before its time."""

    poll: str


@dataclass(frozen=True)
class SayOutcome(Change):
    """What is done with a poll; or nothing yet, why, and when to ask again. It goes to everyone who answered."""

    poll: str
    text: Mapping[str, str]
    done: bool
    again: date | None = None


@dataclass(frozen=True)
class SayUseful(Change):
    """One tap on a result: was this useful?"""

    poll: str
    up: bool


@dataclass(frozen=True)
class NoNews(Change):
    """Send this person nothing more about this poll: no result, no later news."""

    poll: str


@dataclass(frozen=True)
class MakeInvitation(Change):
    """Admin: make an invitation to a role. `id` is the random word that the link holds."""

    id: str
    role: str
    scope_kind: str
    scope: str


@dataclass(frozen=True)
class AcceptInvitation(Change):
    """Whoever holds the link wants the role: the admin is asked whether this is the right person."""

    id: str


@dataclass(frozen=True)
class RefuseInvitation(Change):
    """Whoever holds the link does not want the role: the link is closed, and who made it hears so."""

    id: str


@dataclass(frozen=True)
class SettleInvitation(Change):
    """Admin: give the role to who accepted, or do not."""

    id: str
    give: bool


@dataclass(frozen=True)
class TakeRole(Change):
    """Admin: take a role away. `holder` is the number under which the role was listed."""

    holder: str
