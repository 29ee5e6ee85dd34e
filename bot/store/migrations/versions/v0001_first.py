"""The first schema, and an audit trail that refuses to be changed."""

from alembic import op

from bot.store.tables import metadata

revision = "0001"
down_revision = None

ONLY_TOMBSTONES = "audit is append-only"


def upgrade() -> None:
    """Make all tables; guard the audit trail by triggers. The one change it allows puts a tombstone for a person's id."""
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
            " WHEN NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.act <> OLD.act OR NEW.detail <> OLD.detail"
            " OR NEW.actor NOT IN (OLD.actor, 'erased')"
            " OR NEW.about <> OLD.about AND NOT (OLD.about LIKE 'person:%' AND NEW.about = 'person:erased')"
            f" BEGIN SELECT RAISE(ABORT, '{ONLY_TOMBSTONES}'); END"
        )
        op.execute(
            f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{ONLY_TOMBSTONES}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION audit_guard() RETURNS trigger AS $$ BEGIN"
        " IF TG_OP = 'UPDATE' AND (NEW.id, NEW.at, NEW.act, NEW.detail) = (OLD.id, OLD.at, OLD.act, OLD.detail)"
        " AND NEW.actor IN (OLD.actor, 'erased')"
        " AND (NEW.about = OLD.about OR OLD.about LIKE 'person:%' AND NEW.about = 'person:erased')"
        " THEN RETURN NEW; END IF;"
        f" RAISE EXCEPTION '{ONLY_TOMBSTONES}'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard()"
    )
