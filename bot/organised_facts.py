"""Load what flows may know of meetings as their organisers see them: rounded for organisers, exact for staff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import from_ms
from bot.poll_facts import reached
from bot.results import reach
from bot.store import attendance, audience, broadcasts, invites, keepers, meetings, organised, roles
from bot.store.db import Row, Tx
from flows.organised_facts import Door, Invite, OrganisedMeeting
from flows.poll_facts import Reached
from flows.talk import Flow


@dataclass(frozen=True)
class Organised:
    """Load organised meetings for one person, at one moment. `languages` are the own names of all languages, `rate` how
    many messages leave a second."""

    tx: Tx
    person: Row
    now: int
    languages: Mapping[str, str]
    rate: float = 30.0

    def load(self, flow: Flow, subject: str) -> tuple[OrganisedMeeting, ...]:
        """Give the meeting that the subject names (`id`, `id:...`); without one, all that this person keeps."""
        if not subject:
            return tuple(self.listed(row) for row in organised.rows(self.tx, self.person["id"], self.now))
        id, _colon, rest = subject.partition(":")
        row = organised.row(self.tx, self.person["id"], id)
        if row is None:
            return ()
        one = self.whole(row)
        if "desk" in flow.knows:
            return (self.at_desk(one, row, rest.partition(":")[0]),)
        if "reach" in flow.knows:
            return (self.reaching(one, row, rest),)
        return (one,)

    def listed(self, row: Row) -> OrganisedMeeting:
        """Give what a list needs."""
        return OrganisedMeeting(meetings.seen(self.tx, row, self.person, None, self.now))

    def whole(self, row: Row) -> OrganisedMeeting:
        """Give all counts of one meeting."""
        id, exact = row["id"], keepers.sees_exactly(self.tx, self.person["id"], row)
        fresh = organised.counts(self.tx, id)
        day = from_ms(self.now).date().isoformat()
        counts = fresh if exact else organised.daily(self.tx, f"meeting:{id}", day, fresh)
        needs, interpreters = organised.needs(self.tx, id)
        return OrganisedMeeting(
            meeting=meetings.seen(self.tx, row, self.person, None, self.now),
            taken=reach.figure(counts["taken"], exact),
            waiting=reach.figure(counts["waiting"], exact),
            present=reach.figure(attendance.present(self.tx, id), exact),
            capacity=row["capacity"],
            needs=needs,
            interpreters=interpreters,
            by_phone=attendance.phone_codes(self.tx, id),
            heads=row["heads"],
            door_opens=attendance.door_opens(row, self.now),
            invites=tuple(self.invite(row, each) for each in invites.of(self.tx, id)),
        )

    def at_desk(self, one: OrganisedMeeting, row: Row, code: str) -> OrganisedMeeting:
        """Add what stands behind a code, at the door and on the phone."""
        door = Door(code, attendance.given(self.tx, row, code, self.person["id"], self.now)) if code else None
        return _with(one, door=door, phoned=attendance.phoned(self.tx, row["id"], code))

    def reaching(self, one: OrganisedMeeting, row: Row, rest: str) -> OrganisedMeeting:
        """Add how far a message to the audience comes that the subject names (`key:value`, or `:` for everyone)."""
        key, colon, value = rest.partition(":")
        if not colon:
            return one
        try:
            wish = invites.wanted(self.tx, self.person["id"], row, key, value, self.now)
        except (invites.OutOfScope, KeyError):
            return one
        return _with(one, reached=self.reached(row, wish.chosen), who=self.names(wish.chosen))

    def reached(self, row: Row, chosen: Mapping[str, str]) -> Reached:
        """Count an audience as this person may see it."""
        exact = keepers.sees_exactly(self.tx, self.person["id"], row)
        counts = audience.count(self.tx, chosen, "meeting", self.now)
        return reached(self.tx, counts, self.now, exact, self.rate, chosen, "meeting")

    def names(self, chosen: Mapping[str, str]) -> tuple[str, ...]:
        """Name what an audience is chosen by, as people read it."""
        net = roles.network(self.tx)
        return tuple(
            self.languages.get(value, value) if key == "language" else net.name(key, value)
            for key, value in chosen.items()
        )

    def invite(self, meeting: Row, row: Row) -> Invite:
        """Give an invitation; how far it comes is counted for who may release it."""
        chosen = json.loads(row["audience"] or "{}")
        may = row["state"] == "waiting" and invites.may_release(self.tx, self.person["id"], meeting, row)
        return Invite(
            id=row["id"],
            who=self.names(chosen),
            state=self.state(row),
            starts=from_ms(row["starts_at"]).replace(tzinfo=None),
            may_release=may,
            reached=self.reached(meeting, chosen) if may else None,
        )

    def state(self, row: Row) -> str:
        """Say how far an invitation is: waiting, released, sending or done."""
        if row["state"] in ("waiting", "released", "planning"):
            return "sending" if row["state"] == "planning" else str(row["state"])
        return "sending" if row["state"] == "sending" and broadcasts.ends(self.tx, row["id"]).waiting else "done"


def _with(one: OrganisedMeeting, **more: object) -> OrganisedMeeting:
    return OrganisedMeeting(**{**one.__dict__, **more})
