"""The tables of polls and of broadcasts. What ties a ballot to a person is in no table (see `bot/keyring.py`)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from bot.store.schema import Id, metadata


def _flag(name: str, default: int = 0) -> Column[int]:
    return Column(name, SmallInteger, nullable=False, server_default=str(default))


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _poll() -> Column[str]:
    return Column("poll", Text, ForeignKey("poll.id"), nullable=False)


poll = Table(
    "poll",
    metadata,
    Column("id", Text, primary_key=True),
    _words("tenant_group"),
    Column("content", Text, nullable=False),  # JSON: all that its organiser wrote
    Column("state", Text, nullable=False),  # draft, waiting, released, open, closing, closed, told, cancelled
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("made_by", BigInteger),  # none: loaded from a file, or erased
    Column("released_by", BigInteger),
    _words("back"),  # why a second person sent it back
    Column("starts_at", BigInteger),
    Column("closes_at", BigInteger),
    Column("opened_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("broadcast", BigInteger),  # the one that carries it to its audience
    _flag("loaded"),  # from a file: as if an admin had released it
    _flag("nudged"),
    Column("again_at", BigInteger),  # when its organiser is asked once more what is done with it
    _words("progress"),  # JSON, exact, for staff
    _words("progress_daily"),  # JSON, exact, as it was at the last daily refresh, for organisers
    Column("progress_at", BigInteger, nullable=False, server_default="0"),
    _count("answered"),  # frozen at closing, with all that follows
    _count("partly"),
    _count("pictures"),
    _count("useful"),
    _count("useless"),
    Index("poll_state", "state", "starts_at"),
)

poll_news = Table(  # what was done with it; later news are further rounds
    "poll_news",
    metadata,
    _poll(),
    Column("round", Integer, nullable=False),
    Column("text", Text, nullable=False),  # JSON, by language
    Column("done", SmallInteger, nullable=False),
    Column("again", Text),  # ISO date
    PrimaryKeyConstraint("poll", "round"),
)

ballot = Table(  # no person, no time; the id says nothing without the key of the poll
    "ballot",
    metadata,
    _poll(),
    Column("id", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # answers, region, language, origin: under the key of the poll
    PrimaryKeyConstraint("poll", "id"),
    sqlite_with_rowid=False,  # kept in the order of the ids, not of arrival
)

ballot_text = Table(
    "ballot_text",
    metadata,
    _poll(),
    Column("ballot", LargeBinary, nullable=False),
    Column("question", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed under the key of the poll
    PrimaryKeyConstraint("poll", "ballot", "question"),
    sqlite_with_rowid=False,
)

participation = Table(  # that someone took part: written at closing, in the order of the persons' random ids
    "participation",
    metadata,
    _poll(),
    Column("person", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("member", SmallInteger, nullable=False),  # of the household: 1 or 2
    _flag("feedback", 1),
    _flag("rated"),  # said once whether the result was useful; not what
    PrimaryKeyConstraint("poll", "person", "member"),
    Index("participation_of", "person"),
    sqlite_with_rowid=False,
)

poll_result = Table(  # frozen at closing
    "poll_result",
    metadata,
    _poll(),
    Column("view", Text, nullable=False),  # public, staff
    Column("place", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("cut", Text, nullable=False),  # all, region, language, origin
    Column("cell", Text, nullable=False),
    Column("option", Text, nullable=False),
    Column("count", Integer),
    Column("hidden", SmallInteger, nullable=False),
    PrimaryKeyConstraint("poll", "view", "place"),
)

poll_text = Table(  # free answers after closing, where ten or more wrote: in the order of random ids
    "poll_text",
    metadata,
    Column("id", LargeBinary, nullable=False),
    _poll(),
    Column("question", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed
    PrimaryKeyConstraint("poll", "question", "id"),
    sqlite_with_rowid=False,
)

broadcast = Table(  # one message to many: its deliveries are planned in chunks, from a cursor
    "broadcast",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", Text, nullable=False),  # audience, unanswered, took-part, registered, attended
    Column("about", Text, nullable=False),  # poll:<id>, meeting:<id>
    Column("class", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("subject", Text, nullable=False),
    _words("audience"),  # JSON
    _flag("rested"),
    Column("state", Text, nullable=False),  # waiting (for release), released, planning, sending, stopping, done
    Column("starts_at", BigInteger, nullable=False),
    Column("useful_until", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False, server_default="0"),  # the last person planned
    _count("planned"),
    Column("made_by", BigInteger),
    Column("released_by", BigInteger),
    _words("once"),  # what must never be made twice
    Index("broadcast_due", "state", "starts_at"),
    Index("broadcast_about", "about"),
    Index("broadcast_once", "once", unique=True),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

figure = Table(  # counts that an organiser sees, as they were when the day's first was asked for
    "figure",
    metadata,
    Column("what", Text, primary_key=True),
    Column("day", Text, nullable=False),
    Column("value", Text, nullable=False),  # JSON, exact
)
