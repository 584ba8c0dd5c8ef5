"""A new release opens an old record: upgraded whole and verified, or left exactly as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.schema import MIGRATIONS, bring_up_to_date, newest_revision, revision_of
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.tables import Kept
from drafter.errors import StoreUnavailable
from tests.fakes import TickingClock
from tests.record_factories import fill

STEP = """
from alembic import op
import sqlalchemy as sa

revision = "next"
down_revision = "{newest}"


def upgrade():
    op.add_column("sessions", sa.Column("device", sa.Text))
    {more}
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A record of the release before."""
    made: Database
    if request.param == "sqlite":
        made = SqliteDatabase(tmp_path / "desk.sqlite3")
    else:
        made = PostgresDatabase(request.getfixturevalue("postgres").new_database())
    store = open_record_store(made, clock=TickingClock())
    fill(store, rounds=3)
    store.close()
    made.create()
    yield made
    made.close()


def migrations(folder: Path, *, more: str = "pass") -> Path:
    """The migrations of a release with one step more."""
    copied = Path(shutil.copytree(MIGRATIONS, folder / "migrations", ignore=shutil.ignore_patterns("__pycache__")))
    (copied / "versions" / "next.py").write_text(STEP.format(more=more, newest=newest_revision()), encoding="utf-8")
    return copied


def columns(database: Database) -> set[str]:
    with database.read() as connection:
        return {column["name"] for column in inspect(connection).get_columns("sessions")}


def payloads(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM payloads")).scalar_one())


def test_an_old_record_is_upgraded_in_place(database: Database, tmp_path: Path):
    bring_up_to_date(database, migrations=migrations(tmp_path))

    assert "device" in columns(database)
    with database.read() as connection:
        assert revision_of(connection) == "next"
    assert list(tmp_path.glob("*.rehearsal*")) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('op.execute("NO SQL AT ALL")', "could not be upgraded"),
        ("op.execute(\"UPDATE cases SET status = 'new'\")", "does not verify after its upgrade"),
        ('op.execute("DROP TABLE payloads")', "upgrade"),
        ('raise ValueError("spoilt")', "could not be upgraded"),
    ],
)
def test_an_upgrade_that_fails_leaves_the_record_as_it_was(database: Database, tmp_path: Path, more: str, told: str):
    before = payloads(database)

    with pytest.raises(StoreUnavailable, match=told):
        bring_up_to_date(database, migrations=migrations(tmp_path, more=more))

    assert "device" not in columns(database)
    with database.read() as connection:
        assert revision_of(connection) == newest_revision()
    assert payloads(database) == before > 20
    assert list(tmp_path.glob("*.rehearsal*")) == []


def test_a_record_of_a_newer_release_is_not_touched(database: Database):
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreUnavailable, match="newer release .revision 9999."):
        open_record_store(database, clock=TickingClock())


def test_the_models_name_the_columns_that_the_migrations_made(database: Database):
    with database.read() as connection:
        found = inspect(connection)
        made = {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}

    del made["alembic_version"]
    assert made == {name: [column.name for column in table.columns] for name, table in Kept.metadata.tables.items()}
