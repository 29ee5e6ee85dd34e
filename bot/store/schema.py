"""The tables, one schema for SQLite and PostgreSQL. Moments are milliseconds since 1970 in UTC; flags are 0 or 1."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()
Id = BigInteger().with_variant(Integer, "sqlite")


def _flag(name: str, default: int = 0) -> Column[int]:
    return Column(name, SmallInteger, nullable=False, server_default=str(default))


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _where(condition: str) -> dict[str, Any]:
    """Limit an index to the rows that need it, on either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _person() -> Column[int]:
    return Column("person", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False)


person = Table(
    "person",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # random, never derived from the chat
    Column("chat_hash", LargeBinary, nullable=False, unique=True),
    Column("chat_sealed", LargeBinary, nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("language", Text),
    Column("phone_language", Text, nullable=False, server_default="nl"),
    Column("postcode", Text),
    Column("municipality", Text),
    Column("province", Text),
    Column("landlord", Text),
    Column("block", Text),
    _flag("welcomed"),
    _flag("asked_place"),
    _flag("asked_consents"),
    _flag("reminders", 1),
    _words("quiet"),  # "", paused, stopped
    Column("quiet_until", BigInteger),
    _words("unreachable"),  # "", blocked, deactivated, never-wrote
    _flag("misunderstood"),  # questions in a row that found no answer
    Column("focus", BigInteger),
    Column("seen_at", BigInteger, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    _person(),
    Column("purpose", Text, nullable=False),
    PrimaryKeyConstraint("person", "purpose"),
)

consent_log = Table(  # the proof that GDPR article 7 asks for
    "consent_log",
    metadata,
    Column("id", Id, primary_key=True),
    _person(),
    Column("purpose", Text, nullable=False),
    Column("given", SmallInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Index("consent_log_of", "person", "purpose"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

role = Table(
    "role",
    metadata,
    _person(),
    Column("role", Text, nullable=False),
    _words("scope_kind"),  # group, landlord, region, all
    _words("scope"),
    PrimaryKeyConstraint("person", "role", "scope_kind", "scope"),
)

landlord = Table(
    "landlord",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("municipalities", Text, nullable=False),  # JSON list
    Column("dwellings", Integer),
)

tenant_group = Table(
    "tenant_group",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("landlord", Text),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("tenant_group", Text),
    Column("theme", Text, nullable=False),  # JSON, by language
    Column("start_local", Text, nullable=False),  # ISO wall time
    Column("zone", Text, nullable=False),
    Column("start_at", BigInteger, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    _words("municipality"),
    _words("province"),
    Column("capacity", Integer),
    _words("region"),
    Column("languages", Text, nullable=False),  # JSON list
    Column("arranged", Text, nullable=False),  # JSON list
    _words("contact"),
    _flag("cancelled"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("offer_round", Integer, nullable=False, server_default="0"),  # grows with every seat that comes free
    _words("deadline_local"),  # ISO wall time until which one may sign up; empty: until it begins
    Column("deadline_at", BigInteger),
    _flag("closed"),  # an organiser takes nobody on any more
    Column("made_by", BigInteger),  # none: loaded from a file, or erased
    Column("heads", Integer),  # counted in the room
    _words("report"),  # JSON list of three lines; empty until it is sent
    Index("meeting_start", "start_at"),
)

registration = Table(
    "registration",
    metadata,
    Column("id", Id, primary_key=True),  # grows with every sign-up: the order of the line
    Column("meeting", Text, ForeignKey("meeting.id"), nullable=False),
    Column("person", BigInteger, ForeignKey("person.id", ondelete="CASCADE")),  # none: someone who phoned
    Column("status", Text, nullable=False),  # confirmed, waiting, offered, cancelled
    Column("line", BigInteger, nullable=False),
    _flag("companions"),
    Column("needs", Text, nullable=False),  # JSON list
    Column("interpreter", Text),
    _words("language"),
    _flag("reminders", 1),
    Column("since", BigInteger, nullable=False),
    Column("offered_until", BigInteger),
    Column("offered_round", Integer, nullable=False, server_default="0"),
    Column("code", Text),  # for the door, and of who phoned
    _words("attended"),  # "", yes, no
    _words("how"),  # they were noted at the door: code, qr
    UniqueConstraint("meeting", "person"),
    Index("registration_code", "meeting", "code", unique=True),
    Index("registration_line", "meeting", "status", "line"),
    Index("registration_offer", "status", "offered_until"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

reminder = Table(
    "reminder",
    metadata,
    Column("id", Id, primary_key=True),
    Column("meeting", Text, ForeignKey("meeting.id"), nullable=False),
    _person(),
    Column("kind", Text, nullable=False),  # early, late
    Column("local", Text, nullable=False),  # ISO wall time
    Column("zone", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # planned, queued, missed, silenced
    UniqueConstraint("meeting", "person", "kind"),
    Index("reminder_due", "state", "due_at"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

session = Table(
    "session",
    metadata,
    Column("id", Id, primary_key=True),
    _person(),
    Column("flow", Text, nullable=False),
    _words("subject"),
    Column("journal", LargeBinary, nullable=False),  # sealed JSON
    Column("touched_at", BigInteger, nullable=False),
    _flag("nudged"),
    UniqueConstraint("person", "flow", "subject"),
    Index("session_age", "touched_at"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

handle = Table(  # a button's token; outlives its delivery until what it is about is closed
    "handle",
    metadata,
    Column("token", Text, primary_key=True),
    _person(),
    Column("flow", Text, nullable=False),
    _words("subject"),
    Column("key", Text, nullable=False),
    _words("answered"),
    Column("made_at", BigInteger, nullable=False),
    Index("handle_of", "person"),
    Index("handle_age", "made_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),  # waiting, handled, quarantined, ignored, failed
    _words("reason"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("received_at", BigInteger, nullable=False),
    Column("payload", LargeBinary),  # sealed; gone once handled
    Index("inbox_state", "state", "update_id"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", BigInteger),  # none after erasing, and for a group chat: then chat_sealed says where
    Column("chat_sealed", LargeBinary),
    Column("class", Text, nullable=False),
    Column("lane", SmallInteger, nullable=False),  # 0 replies, 1 reminders, 2 bulk
    _words("about"),
    _words("flow"),  # rendered when sent: the flow and its subject
    _words("subject"),
    Column("payload", LargeBinary),  # rendered in the turn, sealed; gone once sent
    Column("state", Text, nullable=False),
    _words("reason"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("queued_at", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("useful_until", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("message_id", BigInteger),
    Column("once", Text),  # what must never be queued twice
    Column("broadcast", BigInteger),  # the one that it belongs to: then one row a person
    Index("delivery_waits", "state", "lane", "not_before", "id"),
    Index("delivery_person", "person"),
    Index("delivery_once", "once", unique=True, **_where("once IS NOT NULL")),  # rows of a broadcast have none
    Index("delivery_each", "broadcast", "person", unique=True, **_where("broadcast IS NOT NULL")),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

handoff = Table(  # a question passed to a human; the person behind it is never shown
    "handoff",
    metadata,
    Column("id", Id, primary_key=True),
    _person(),
    _words("topic"),
    _words("language"),
    _words("province"),  # as it was when asked: says who of the staff hears of it first
    Column("state", Text, nullable=False),  # waiting (for staff), answered, closed
    Column("taken_by", BigInteger),  # the staff member who answers it
    Column("opened_at", BigInteger, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
    Column("escalate_at", BigInteger),  # when all staff hear that it waits; none once they did, or it was answered
    _flag("told_hours"),  # that nobody reads now was said once
    Index("handoff_of", "person", "state"),
    Index("handoff_waits", "state", "escalate_at"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

handoff_message = Table(
    "handoff_message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("handoff", BigInteger, ForeignKey("handoff.id", ondelete="CASCADE"), nullable=False),
    Column("side", Text, nullable=False),  # tenant, staff
    Column("text", LargeBinary, nullable=False),  # sealed; of an article its topic
    _flag("is_article"),
    Column("at", BigInteger, nullable=False),
    Index("handoff_message_of", "handoff", "id"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

gap = Table(  # a question that found no answer, or not the right one. No person, and only the day
    "gap",
    metadata,
    Column("id", Id, primary_key=True),
    Column("text", LargeBinary, nullable=False),  # sealed
    Column("language", Text, nullable=False),
    Column("why", Text, nullable=False),  # unanswered, not-meant, thumbs-down
    Column("topics", Text, nullable=False),  # JSON list, the three best
    Column("day", BigInteger, nullable=False),  # midnight, in milliseconds
    Column("state", Text, nullable=False),  # open, linked, out-of-scope, wanted, passed
    Index("gap_open", "state", "id"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

linked_example = Table(  # a question that staff linked to a topic: the search learns it at the next build
    "linked_example",
    metadata,
    Column("id", Id, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

article_vote = Table(  # thumbs, counted; nobody's in particular
    "article_vote",
    metadata,
    Column("topic", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("up", Integer, nullable=False, server_default="0"),
    Column("down", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("topic", "language"),
)

audit = Table(  # append-only: what role holders did
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("about", Text, nullable=False),
    _words("detail"),
    sqlite_autoincrement=True,  # an id is never used again, by nobody else
)

erased = Table(  # keyed hashes of erased chats, so that a restore can erase them again
    "erased",
    metadata,
    Column("chat_hash", LargeBinary, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
