"""What a flow may know of meetings as those who organise them see them: counts, never people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flows.messages import Moment, Name, Text, Told, _
from flows.poll_facts import Figure, Reached

if TYPE_CHECKING:
    from flows.facts import Meeting

NOBODY = Figure(None)


@dataclass(frozen=True)
class MeetingPlan:
    """All that an organiser says of a new meeting. Times are local wall times; `capacity` None is no limit, `deadline`
    None is until it begins. The municipality and province come from the postcode in the address."""

    kind: str
    group: str  # empty for the whole network
    theme: Mapping[str, str]
    start: datetime
    minutes: int
    place: str
    address: str
    municipality: str = ""
    province: str = ""
    capacity: int | None = None
    languages: tuple[str, ...] = ()
    arranged: tuple[str, ...] = ()
    contact: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True)
class Door:
    """What stands behind a code at the door. `state` is new, again (noted before), waiting, cancelled, unknown, early
    (more than a day before) or off (the meeting is cancelled)."""

    code: str
    state: str


@dataclass(frozen=True)
class Phoned:
    """A place of someone who phoned, known by its code. `status` is confirmed, waiting, offered or cancelled."""

    code: str
    status: str
    place_in_line: int | None = None
    offered_until: datetime | None = None


@dataclass(frozen=True)
class Invite:
    """An audience that was invited. `state` is waiting (for a second person), released (goes out at `starts`), sending or
    done. `who` are the names of what it was chosen by; none for everyone."""

    id: int
    who: tuple[str, ...]
    state: str
    starts: datetime  # local
    may_release: bool = False
    reached: Reached | None = None


@dataclass(frozen=True)
class OrganisedMeeting:
    """A meeting as its organisers see it. `needs` and `interpreters` are exact: they are what must be arranged.

    Of the rest, `door`, `phoned` and `reached` are about what the subject of the flow names after the meeting's id.
    """

    meeting: Meeting
    taken: Figure = NOBODY
    waiting: Figure = NOBODY
    present: Figure = NOBODY
    capacity: int | None = None
    needs: Mapping[str, int] = field(default_factory=dict)
    interpreters: Mapping[str, int] = field(default_factory=dict)
    by_phone: tuple[str, ...] = ()  # the codes of those who phoned and hold or await a place
    heads: int | None = None
    door_opens: bool = False  # it is the day before, or later
    invites: tuple[Invite, ...] = ()
    door: Door | None = None
    phoned: Phoned | None = None
    reached: Reached | None = None
    who: tuple[str, ...] = ()  # the names of what that audience is chosen by

    @property
    def id(self) -> str:
        """Give the meeting's id."""
        return self.meeting.id

    @property
    def button(self) -> Text:
        """Give the short line that stands on a button."""
        meeting = self.meeting
        when, theme = Moment(meeting.start, short=True), Told(meeting.theme)
        if meeting.cancelled:
            return _("🚫 {when} · {theme}", when=when, theme=theme)
        return _("{when} · {theme}", when=when, theme=theme)


@dataclass(frozen=True)
class Place:
    """Where a meeting is. The municipality and province come from the postcode in the address."""

    name: str
    address: str
    municipality: str
    province: str


def amount(figure: Figure) -> Text:
    """Say a count as this reader may know it."""
    if figure.value is None:
        return _("fewer than 10")
    return Name(str(figure.value)) if figure.exact else _("about {n}", n=figure.value)
