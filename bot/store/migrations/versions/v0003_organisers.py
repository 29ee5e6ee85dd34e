"""Polls, broadcasts, invitations, and what organisers do with meetings."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import metadata

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables, columns and indexes that are not there. A new database has them from the first step already."""
    connection = op.get_bind()
    metadata.create_all(connection)
    there = sa.inspect(connection)
    for table in metadata.sorted_tables:
        columns = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in columns:
                default = column.server_default
                added = sa.Column(column.name, column.type, nullable=column.nullable, server_default=default)
                op.add_column(table.name, added)
    there = sa.inspect(connection)
    for table in metadata.sorted_tables:
        names = {index["name"] for index in there.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in names:
                index.create(connection)
    if "delivery_open" in {index["name"] for index in there.get_indexes("delivery")}:
        op.drop_index("delivery_open", "delivery")
    if connection.dialect.name == "postgresql":  # delivery_once took its place; SQLite cannot drop it
        op.execute("ALTER TABLE delivery DROP CONSTRAINT IF EXISTS delivery_once_key")
