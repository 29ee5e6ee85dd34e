"""Load what a flow may know, on the turn's own connection; only what the flow says it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import from_ms
from bot.store import meetings, people
from bot.store.db import Row, Tx
from flows.facts import Facts, Help, Landlord, Meeting, PersonFacts
from flows.messages import Msg
from flows.talk import Flow


@dataclass(frozen=True)
class FactsLoader:
    """Load facts. `flows` gives titles; `languages` the own names of all languages."""

    flows: Mapping[str, Flow]
    languages: Mapping[str, str]
    help: Help

    def load(self, tx: Tx, flow: Flow, subject: str, person: Row, now: int) -> Facts:
        """Take the snapshot for one flow and one person."""
        knows = flow.knows
        return Facts(
            person=person_facts(tx, person, now),
            now=from_ms(now).replace(tzinfo=None),
            languages=self.languages,
            help=self.help,
            meetings=_meetings(tx, subject, person, now) if "meetings" in knows else (),
            landlords=_landlords(tx) if "landlords" in knows else (),
            busy_with=self._busy_with(tx, person) if "busy_with" in knows else None,
        )

    def _busy_with(self, tx: Tx, person: Row) -> Msg | None:
        row = tx.one("SELECT flow FROM session WHERE person = :id ORDER BY touched_at DESC LIMIT 1", id=person["id"])
        return self.flows[row["flow"]].title if row and row["flow"] in self.flows else None


def person_facts(tx: Tx, person: Row, now: int) -> PersonFacts:
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
        quiet_until=from_ms(until).replace(tzinfo=None) if until and not over else None,
    )


def _meetings(tx: Tx, subject: str, person: Row, now: int) -> tuple[Meeting, ...]:
    if subject and not subject.startswith("group-"):
        return meetings.one(tx, subject, person, now)
    return meetings.upcoming(tx, person, now)


def _landlords(tx: Tx) -> tuple[Landlord, ...]:
    return tuple(Landlord(id, name, municipalities) for id, name, municipalities in people.landlords(tx))
