"""Load what flows may know of polls: each reader gets the figures that they may see, and no others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.clock import from_ms
from bot.crypto import Vault
from bot.poll_progress import progress_of
from bot.results import reach
from bot.results.reach import rounded
from bot.store import audience, ballots, broadcasts, closing, poll_people, polls, roles
from bot.store.db import Row, Tx
from bot.store.polls import content_of
from flows.poll_facts import FLOOR, NOT_REACHED, SECOND_PERSON, Bar, Draft, News, Poll, Reached, Reason, Template

PUBLIC = {"released": "soon", "open": "open", "cancelled": "cancelled"}
FROZEN = {"frozen": "closing"}
DRAFTING = ("draft", "waiting", "released")


@dataclass(frozen=True)
class PollFacts:
    """Loads for one person at one moment. `exact` tells that they are staff somewhere: of what lies there they see exact
    figures. `rate` is how many messages leave a second."""

    tx: Tx
    vault: Vault
    person: Row
    now: int
    exact: bool
    rate: float
    organisation: str = ""  # who asks, where no group does

    def load(self, knows: frozenset[str], subject: str, templates: tuple[Template, ...]) -> dict[str, Any]:
        """Give the fields of Facts about polls that a flow wants to know."""
        found: dict[str, Any] = {}
        if "poll" in knows:
            found["poll"] = self.poll(subject)
        if "polls" in knows:
            found["polls"] = self.polls()
        if "draft" in knows:
            found["draft"] = self.draft(subject.partition(":")[0])
        if "drafts" in knows:
            rows = poll_people.organised_by(self.tx, self.person["id"])
            found["drafts"] = tuple(self._draft(row) for row in rows)
        if "templates" in knows:
            found["templates"] = templates
        if "this_month" in knows:
            found["this_month"] = broadcasts.this_month(self.tx, self.person["id"], self.now)
        return found

    def poll(self, subject: str) -> Poll | None:
        """Load the poll that a subject names: `id`, `id:member`, `id:member:question`. A draft only for a test copy."""
        id, _colon, rest = subject.partition(":")
        row = polls.get(self.tx, id)
        if row is None:
            return None
        member = rest.partition(":")[0]
        if member == "try":
            content = content_of(row)
            mine = roles.covers(self.tx, self.person["id"], content.group, content.audience)
            return Poll(id, content, self._asker(row) or self.organisation, "open", asked=True) if mine else None
        if row["state"] in ("draft", "waiting"):
            return None
        return self._poll(row, int(member) if member in ("1", "2") else 1)

    def polls(self) -> tuple[Poll, ...]:
        """Load the open polls that are for this person, and those with news in which they took part."""
        open_ones = poll_people.open_for(self.tx, self.person)
        closed = poll_people.answered_by(self.tx, self.person["id"])
        return tuple(self._poll(row, 1) for row in [*open_ones, *closed])

    def _poll(self, row: Row, member: int) -> Poll:
        id, me = row["id"], self.person["id"]
        state = PUBLIC.get(row["state"], "closed")
        mine = ballots.mine(self.tx, self.vault, id, me, member) if state == "open" else None
        told = row["state"] == "told"
        return Poll(
            id,
            content_of(row),
            self._asker(row) or self.organisation,
            state,
            mine.answers if mine else {},
            mine.written if mine else frozenset(),
            member,
            ballots.members(self.tx, self.vault, id, me) if state == "open" else poll_people.took_part(self.tx, id, me),
            poll_people.was_asked(self.tx, row, me),
            poll_people.is_for(self.tx, row, self.person),
            self._news(id) if told else (),
            self._bars(id, "public") if told else (),
            row["pictures"] if told else 0,
        )

    def _asker(self, row: Row) -> str:
        group = self.tx.one("SELECT name FROM tenant_group WHERE id = :id", id=row["tenant_group"])
        return str(group["name"]) if group else ""

    def _news(self, id: str) -> tuple[News, ...]:
        return tuple(
            News(
                row["round"],
                json.loads(row["text"]),
                bool(row["done"]),
                date.fromisoformat(row["again"]) if row["again"] else None,
            )
            for row in polls.news(self.tx, id)
        )

    def _bars(self, id: str, view: str) -> tuple[Bar, ...]:
        rows = closing.results(self.tx, id, view)
        return tuple(Bar(row["question"], row["cut"], row["cell"], row["option"], row["count"]) for row in rows)

    def draft(self, id: str) -> Draft | None:
        """Load a poll as its organisers see it; None for who may not act on it."""
        row = polls.get(self.tx, id)
        if row is None:
            return None
        content = content_of(row)
        if not roles.covers(self.tx, self.person["id"], content.group, content.audience):
            return None
        return self._draft(row, whole=True)

    def _draft(self, row: Row, *, whole: bool = False) -> Draft:
        """Make a draft. Counts, tables and texts only for the `whole`; a list does with less."""
        content, me, state = content_of(row), self.person["id"], str(FROZEN.get(row["state"], row["state"]))
        exact = self.exact and poll_people.seen_exactly(self.tx, row, me)
        told = state in ("closed", "told")
        sent = broadcasts.get(self.tx, row["broadcast"])
        again = from_ms(row["again_at"]).date() if row["again_at"] else None
        return Draft(
            id=row["id"],
            revision=row["revision"],
            content=content,
            asker=self._asker(row),
            state=state,
            reached=self._reached(row, exact) if whole and state in DRAFTING else None,
            starts=from_ms(row["starts_at"]).replace(tzinfo=None) if row["starts_at"] else None,
            progress=self._progress(row, sent, exact) if whole and row["progress"] else None,
            sending=self._sending(sent) if whole and state == "open" else False,
            stopped=sent is not None and state == "open" and sent["state"] in ("stopping", "done"),
            nudged=bool(row["nudged"]),
            made_by_me=row["made_by"] == me,
            may_release=state == "waiting"
            and roles.may_release(self.tx, me, row["made_by"], content.group, content.audience),
            back=row["back"],
            news=self._news(row["id"]) if whole else (),
            ask_again=again,
            useful=(reach.figure(row["useful"], exact), reach.figure(row["useless"], exact))
            if state == "told"
            else None,
            bars=self._bars(row["id"], "staff" if exact else "public") if whole and told else (),
            texts=closing.texts(self.tx, self.vault, row["id"]) if whole and told else {},
            pictures=row["pictures"] if told else 0,
        )

    def _sending(self, sent: Row | None) -> bool:
        if sent is None or sent["state"] in ("done", "stopping"):
            return False
        if sent["state"] != "sending":
            return True
        waiting = (
            "SELECT 1 AS yes FROM delivery WHERE broadcast = :id AND state IN ('queued', 'held', 'sending') LIMIT 1"
        )
        return self.tx.one(waiting, id=sent["id"]) is not None

    def _reached(self, row: Row, exact: bool) -> Reached:
        """Count an audience: exactly for staff; for organisers as it was today at first. `few` and `second` are exact."""
        content = content_of(row)
        counts = audience.count(
            self.tx, content.audience, "poll", self.now, rested=content.rested, about=f"poll:{row['id']}"
        )
        return reached(self.tx, counts, self.now, exact, self.rate, content.audience, "poll", content.rested)

    def _progress(self, row: Row, sent: Row | None, exact: bool) -> Any:
        counted: Mapping[str, Any] = json.loads(row["progress" if exact else "progress_daily"] or "{}")
        if not counted:
            return None
        waiting = 0
        if sent is not None and sent["state"] in ("planning", "sending") and row["state"] == "open":
            waiting = broadcasts.ends(self.tx, sent["id"]).waiting
        ends = broadcasts.finish_time(waiting, self.rate, self.now) if waiting else None
        return progress_of(counted, exact, ends, self._dwellings())

    def _dwellings(self) -> dict[str, tuple[str, int | None]]:
        rows = self.tx.all("SELECT id, name, dwellings FROM landlord")
        return {row["id"]: (row["name"], row["dwellings"]) for row in rows}


def reached(
    tx: Tx,
    counts: audience.Counts,
    now: int,
    exact: bool,
    rate: float,
    chosen: Mapping[str, str],
    kind: str,
    rested: bool = False,
) -> Reached:
    """Show counts of an audience to one reader: `exact` for staff, else rounded and refreshed once a day. Then every reason
    is named, also one that holds for nobody, and no language of so few: else an audience narrowed to one person would tell
    of them."""
    shown: audience.Counts | None = counts
    if not exact:
        key = audience.key_of(chosen, kind, rested)
        shown = audience.remembered(tx, key, from_ms(now).date().isoformat(), counts)
    assert shown is not None
    codes = {code for code in NOT_REACHED if code != "asked-lately" or rested} if not exact else set(shown.reasons)
    languages = {code: n if exact else rounded(n) or 0 for code, n in shown.languages.items()}
    return Reached(
        audience=reach.figure(shown.audience, exact),
        reached=reach.figure(shown.reached, exact),
        reasons=tuple(Reason(code, reach.figure(shown.reasons.get(code, 0), exact)) for code in sorted(codes)),
        languages=tuple(sorted(languages, key=lambda code: (-languages[code], code)))
        if exact or shown.reached >= FLOOR
        else (),
        few=counts.reached < FLOOR,
        second=counts.reached > SECOND_PERSON,
        minutes=max(1, round(counts.reached / rate / 60)),
    )
