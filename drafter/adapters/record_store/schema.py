"""A database is brought to the tables of this release, by the migrations that came with it (Alembic).

All migrations that are due run in one transaction: a database is at the old release or at the new one, never between.
On SQLite they are rehearsed first on a copy beside the file; what fails there has touched nothing.
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

from drafter.errors import StoreUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"


def newest_revision() -> str:
    """The revision of this release."""
    revision = _script().get_current_head()
    if revision is None:
        raise StoreUnavailable(f"{_MIGRATIONS} holds no migration; install the program again.")
    return revision


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(connection: Connection, *, where: str) -> None:
    """Run what is due, inside the transaction of `connection`. Raises StoreUnavailable for a newer database."""
    script = _script()
    revision = revision_of(connection)
    if revision is not None:
        try:
            script.get_revision(revision)
        except (ResolutionError, CommandError):
            raise StoreUnavailable(
                f"{where} was written by a newer release (revision {revision}); install that release and open it there."
            ) from None
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))

    def due(current: str, context: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs("head", current)

    with EnvironmentContext(config, script, fn=due, destination_rev="head") as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))
