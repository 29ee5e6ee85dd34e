"""Load what a flow may know, on the turn's own connection; only what the flow says it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import role_facts
from bot.clock import from_ms
from bot.crypto import Vault
from bot.office import Hours
from bot.organised_facts import Organised
from bot.poll_facts import PollFacts
from bot.rights.library import Library
from bot.store import handoffs, learning, meetings, people
from bot.store.db import Row, Tx
from flows.facts import Facts, Help, Landlord, Meeting, PersonFacts
from flows.messages import Msg
from flows.poll_facts import Template
from flows.rights_facts import Gap, Handoff, Office
from flows.talk import Flow

OF_STAFF = frozenset({"roles", "handoff", "handoffs", "gaps", "draft", "drafts"})  # facts of which staff see more
OF_POLLS = frozenset({"poll", "polls", "draft", "drafts", "templates", "this_month"})


@dataclass(frozen=True)
class FactsLoader:
    """Load facts. `flows` gives titles; `languages` the own names of all languages."""

    flows: Mapping[str, Flow]
    languages: Mapping[str, str]
    help: Help
    vault: Vault
    library: Library = field(default_factory=Library)
    hours: Hours = field(default_factory=Hours)
    templates: tuple[Template, ...] = ()
    rate: float = 30.0  # messages that leave a second

    def load(self, tx: Tx, flow: Flow, subject: str, person: Row, now: int) -> Facts:
        """Take the snapshot for one flow and one person."""
        knows = flow.knows
        me = person["id"]
        roles = tuple(sorted({row["role"] for row in people.roles(tx, me)})) if knows & OF_STAFF else ()
        staff = not set(handoffs.STAFF).isdisjoint(roles)
        return Facts(
            person=person_facts(tx, person, now, roles),
            now=from_ms(now).replace(tzinfo=None),
            languages=self.languages,
            help=self.help,
            meetings=_meetings(tx, subject, person, now) if "meetings" in knows else (),
            landlords=_landlords(tx) if "landlords" in knows else (),
            busy_with=self._busy_with(tx, person) if "busy_with" in knows else None,
            articles=self.library.articles if "articles" in knows else {},
            terms=self.library.terms if "terms" in knows else (),
            practices=self.library.practices if "practices" in knows else (),
            office=self._office(tx, now) if "office" in knows else Office(),
            handoff=self._handoff(tx, subject, me, staff) if "handoff" in knows else None,
            handoffs=handoffs.open_ones(tx, self.vault, me, as_staff=staff) if "handoffs" in knows else (),
            gap=self._gap(tx, subject) if staff and "gaps" in knows else None,
            gaps=learning.count(tx) if staff and "gaps" in knows else 0,
            **self._polls(tx, knows, subject, person, now, staff),
            **role_facts.load(tx, knows, subject, me, self.languages, now),
            organised=Organised(tx, person, now, self.languages, self.rate).load(flow, subject)
            if "organised" in knows
            else (),
        )

    def _polls(self, tx: Tx, knows: frozenset[str], subject: str, person: Row, now: int, staff: bool) -> dict[str, Any]:
        if not knows & OF_POLLS:
            return {}
        found = PollFacts(tx, self.vault, person, now, staff, self.rate, self.help.organisation)
        return found.load(knows, subject, self.templates)

    def _office(self, tx: Tx, now: int) -> Office:
        local, hours = from_ms(now), self.hours
        opens, due = hours.opens_after(local).replace(tzinfo=None), hours.answer_by(local).date()
        return Office(handoffs.staffed(tx), hours.open_at(local), hours.begins, hours.ends, opens, due)

    def _handoff(self, tx: Tx, subject: str, me: int, staff: bool) -> Handoff | None:
        """Load the talk that the subject names (`12`, or `12:` and something more)."""
        id = subject.partition(":")[0]
        return handoffs.get(tx, self.vault, int(id), me, as_staff=staff) if id.isdigit() else None

    def _gap(self, tx: Tx, subject: str) -> Gap | None:
        return learning.first(tx, self.vault, int(subject) if subject.isdigit() else None)

    def _busy_with(self, tx: Tx, person: Row) -> Msg | None:
        rows = tx.all("SELECT flow FROM session WHERE person = :id ORDER BY touched_at DESC", id=person["id"])
        waiting = (self.flows[row["flow"]] for row in rows if row["flow"] in self.flows)
        return next((flow.title for flow in waiting if not flow.loose), None)


def person_facts(tx: Tx, person: Row, now: int, roles: tuple[str, ...] = ()) -> PersonFacts:
    """Give what flows may know of the person."""
    until = person["quiet_until"]
    over = person["quiet"] == "paused" and until is not None and until <= now
    return PersonFacts(
        language=person["language"],
        phone_language=person["phone_language"],
        welcomed=bool(person["welcomed"]),
        postcode=person["postcode"],
        municipality=person["municipality"],
        province=person["province"],
        landlord=person["landlord"],
        block=person["block"],
        consents=people.consents(tx, person["id"]),
        asked_place=bool(person["asked_place"]),
        asked_consents=bool(person["asked_consents"]),
        reminders=bool(person["reminders"]),
        quiet="" if over else person["quiet"],
        roles=roles,
        misunderstood=person["misunderstood"] // 2,
        quiet_until=from_ms(until).replace(tzinfo=None) if until and not over else None,
    )


def _meetings(tx: Tx, subject: str, person: Row, now: int) -> tuple[Meeting, ...]:
    if subject and not subject.startswith("group-"):
        return meetings.one(tx, subject, person, now)
    return meetings.upcoming(tx, person, now)


def _landlords(tx: Tx) -> tuple[Landlord, ...]:
    return tuple(Landlord(id, name, municipalities) for id, name, municipalities in people.landlords(tx))
