"""Questions to a human, what the search is to learn, thumbs. A new database has it all from the first step already."""

import sqlalchemy as sa
from alembic import op

from bot.store.tables import metadata

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables that are not there, and the count of questions that found no answer."""
    connection = op.get_bind()
    metadata.create_all(connection)
    columns = {column["name"] for column in sa.inspect(connection).get_columns("person")}
    if "misunderstood" not in columns:
        op.add_column("person", sa.Column("misunderstood", sa.SmallInteger, nullable=False, server_default="0"))
