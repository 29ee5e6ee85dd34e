"""The table of invitations to a role, on the same schema."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, Text

from bot.store.schema import metadata, person

invitation = Table(  # gone with who made it, and with who accepted it: the audit trail stays
    "invitation",
    metadata,
    Column("id", Text, primary_key=True),  # the random word of the link
    Column("role", Text, nullable=False),
    Column("scope_kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("made_by", BigInteger, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # open, accepted, given, refused
    Column("accepted_by", BigInteger, ForeignKey("person.id", ondelete="CASCADE")),
    Column("code", Text, nullable=False, server_default=""),  # four digits, once it is accepted
    Index("invitation_by", "made_by"),
    Index("invitation_accepted", "accepted_by"),
)

Index("person_block", person.c.block, person.c.landlord, person.c.province)  # the buildings of an audience, counted
