"""What a flow may know: a snapshot that the runtime takes for each turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.messages import Moment, Msg, Name, Text, Ticked, Told, _
from flows.organised_facts import OrganisedMeeting
from flows.poll_facts import Draft, Poll, Scope, Template
from flows.rights_facts import Article, Gap, Handoff, Office, Practice, Term
from flows.role_facts import Holder, Invitation

PURPOSES = ("meetings", "polls", "council", "rights")

KINDS: Mapping[str, Msg] = {
    "regional": _("Regional meeting"),
    "congress": _("Congress"),
    "steering": _("Steering group"),
    "policy": _("Policy group"),
    "council": _("Tenants' council"),
    "residents": _("Residents' meeting"),
    "table-talk": _("Table talk"),
}


@dataclass(frozen=True)
class PersonFacts:
    """The person who talks. Places are coarse; nothing here names them."""

    language: str | None = None
    phone_language: str = "nl"
    welcomed: bool = False
    postcode: str | None = None
    municipality: str | None = None
    province: str | None = None
    landlord: str | None = None
    block: str | None = None
    consents: frozenset[str] = frozenset()
    asked_place: bool = False
    asked_consents: bool = False
    reminders: bool = True
    quiet: str = ""  # "", "paused" or "stopped"
    quiet_until: datetime | None = None
    roles: tuple[str, ...] = ()
    misunderstood: int = 0  # questions in a row that found no answer

    @property
    def is_staff(self) -> bool:
        """Tell whether this person answers tenants."""
        return not {"staff", "admin"}.isdisjoint(self.roles)


@dataclass(frozen=True)
class Registration:
    """The person's own place at a meeting."""

    status: str  # confirmed, waiting, offered
    place_in_line: int | None
    needs: tuple[str, ...]
    interpreter: str | None
    companions: int
    reminders: bool
    offered_until: datetime | None = None
    code: str = ""  # for the door; made when it is first asked for


@dataclass(frozen=True)
class Meeting:
    """A meeting as a tenant may see it. `start` is local wall time; `seats_free` is None without a limit."""

    id: str
    kind: str
    theme: Mapping[str, str]
    start: datetime
    minutes: int
    place: str
    address: str
    has_map: bool
    seats_free: int | None
    languages: tuple[str, ...]
    arranged: tuple[str, ...]
    contact: str
    nearness: int  # 0 same municipality, 1 same province, 2 elsewhere in Flanders
    municipality: str
    group: str = ""
    cancelled: bool = False
    over: bool = False
    mine: Registration | None = None
    deadline: datetime | None = None  # for signing up, local wall time
    closed: bool = False  # nobody can sign up any more: the deadline passed, or an organiser closed it
    report: tuple[str, ...] = ()  # three lines, once they are written

    @property
    def button(self) -> Text:
        """Give the short line that stands on a button, ticked when the person is signed up."""
        line = _(
            "{when} · {town} · {theme}",
            when=Moment(self.start, short=True),
            town=Name(self.municipality),
            theme=Told(self.theme),
        )
        return Ticked(line) if self.mine else line


@dataclass(frozen=True)
class Landlord:
    """A social landlord."""

    id: str
    name: str
    municipalities: tuple[str, ...]

    @property
    def button(self) -> Text:
        """Give the name, as it stands on a button."""
        return Name(self.name)


@dataclass(frozen=True)
class Help:
    """Who runs the bot and how to reach a human."""

    organisation: str = "VIVAS"
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Facts:
    """All of it. `now` is local wall time in Belgium; a field a flow did not ask for is empty."""

    person: PersonFacts
    now: datetime
    languages: Mapping[str, str]
    help: Help = Help()
    meetings: tuple[Meeting, ...] = ()
    landlords: tuple[Landlord, ...] = ()
    busy_with: Msg | None = None
    """The title of a conversation that waits for an answer."""
    articles: Mapping[str, Article] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    practices: tuple[Practice, ...] = ()
    office: Office = field(default_factory=Office)
    handoff: Handoff | None = None
    """The one that the subject names, where this person may see it."""
    handoffs: tuple[Handoff, ...] = ()
    """The person's own that are not closed; of staff, all that are not."""
    gap: Gap | None = None
    gaps: int = 0
    polls: tuple[Poll, ...] = ()
    """Those the person may answer, and those they answered of which there is news; the newest first."""
    poll: Poll | None = None
    """The one that the subject names (`id`, `id:member:question`)."""
    drafts: tuple[Draft, ...] = ()
    """Of an organiser: the polls within their scopes. Of staff: all."""
    draft: Draft | None = None
    """The one that the subject names, where this person may see it as an organiser or staff."""
    templates: tuple[Template, ...] = ()
    scopes: tuple[Scope, ...] = ()
    """Where the person may organise."""
    choices: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """For each of AUDIENCE_KEYS the values that this organiser may choose from: id and name."""
    this_month: int = 0
    """How many messages the person got unasked in the last 30 days."""
    organised: tuple[OrganisedMeeting, ...] = ()
    """The meetings within the person's scopes; the one that the subject names first (`id`, `id:...`) where it names one."""
    givable: Mapping[str, tuple[Scope, ...]] = field(default_factory=dict)
    """For each role that the person may give, the scopes they may give it in."""
    invitation: Invitation | None = None
    """The one that the subject names."""
    holders: tuple[Holder, ...] = ()
    """Of an admin: the roles that they may take away."""
    bot_name: str = ""
    """The bot's own name in links, where it is known."""

    def meeting(self, id: str) -> Meeting | None:
        """Find a meeting by its id."""
        return next((meeting for meeting in self.meetings if meeting.id == id), None)
