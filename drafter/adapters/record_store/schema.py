"""A database is brought to the tables of this release, by the migrations that came with it (Alembic).

All migrations that are due run in one transaction, and what they made is verified before it is committed: a database is
at the old release or at the new one, never between. On SQLite they are rehearsed first on a copy beside the file, on
PostgreSQL the transaction is rolled back where anything fails. Proved by tests/integration/test_record_upgrade.py.
"""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.guards import missing_guards
from drafter.adapters.record_store.projections import projection_faults
from drafter.adapters.record_store.reading import every_entry
from drafter.domain.review.audit import verify_chain
from drafter.errors import RecordError, StoreUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"


def newest_revision(migrations: Path = MIGRATIONS) -> str:
    """The revision of this release."""
    revision = ScriptDirectory(str(migrations)).get_current_head()
    if revision is None:
        raise StoreUnavailable(f"{migrations} holds no migration; install the program again.")
    return revision


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def bring_up_to_date(database: Database, *, migrations: Path = MIGRATIONS) -> None:
    """Run what is due, or nothing. Raises StoreUnavailable where a migration fails; then the database is as it was."""
    with database.write() as connection:
        revision = revision_of(connection)
    if revision == newest_revision(migrations):
        return
    if revision is not None:
        with database.copy_to_rehearse() as copy:
            if copy is not None:
                _upgrade(copy, migrations, where=f"the rehearsal on a copy of {database.where}")
    _upgrade(database, migrations, where=database.where)


def migrate(connection: Connection, *, where: str, migrations: Path = MIGRATIONS) -> None:
    """Run what is due, inside the transaction of `connection`. Raises StoreUnavailable for a newer database."""
    script = ScriptDirectory(str(migrations))
    revision = revision_of(connection)
    if revision is not None:
        try:
            script.get_revision(revision)
        except (ResolutionError, CommandError):
            raise StoreUnavailable(
                f"{where} was written by a newer release (revision {revision}); install that release and open it there."
            ) from None
    config = Config()
    config.set_main_option("script_location", str(migrations))

    def due(current: str, context: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", current)

    with EnvironmentContext(config, script, fn=due, destination_rev="head") as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def _upgrade(database: Database, migrations: Path, *, where: str) -> None:
    with database.write() as connection:
        try:
            migrate(connection, where=where, migrations=migrations)
            whole = not missing_guards(connection) and not list(verify_chain(every_entry(connection)))
            whole = whole and not list(projection_faults(connection))
        except (SQLAlchemyError, ValueError, KeyError, RecordError) as error:
            why = str(error) if isinstance(error, RecordError) else type(error).__name__
            raise StoreUnavailable(f"{where} could not be upgraded ({why}); it is as it was.") from None
        if not whole:
            raise StoreUnavailable(f"{where} does not verify after its upgrade; it is as it was.")
