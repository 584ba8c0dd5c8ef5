"""What somebody with SQL in hand can and cannot do to the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.guards import missing_guards
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import Purged
from drafter.errors import RecordDamaged, StoreUnavailable
from tests.conftest import REPOSITORY
from tests.fakes import TickingClock
from tests.postgres import Cluster
from tests.review_factories import make_opened, make_revised


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> Iterator[dict[str, SqlRecordStore]]:
    """One store of each kind; what is tried on them changes nothing."""
    folder = tmp_path_factory.mktemp("guards")
    opened = {
        "sqlite": filled_store(SqliteDatabase(folder / "desk.sqlite3")),
        "postgresql": filled_store(PostgresDatabase(postgres.new_database())),
    }
    yield opened
    for store in opened.values():
        store.close()


def filled_store(database: Database) -> SqlRecordStore:
    store = open_record_store(database, clock=TickingClock())
    store.append(new_entry(make_opened(), actor="r", case_id="case-1", request_id="r0"))
    store.append(new_entry(make_revised(), actor="r", case_id="case-1", request_id="r1"))
    with store.database.write() as connection:
        connection.execute(text("INSERT INTO checkpoints VALUES (2, '{}')"))
    return store


ON_BOTH = [
    "UPDATE entries SET actor = 'somebody' WHERE seq = 2",
    "UPDATE payloads SET body = '{}' WHERE seq = 2",
    "UPDATE store SET database_id = 'another'",
    "UPDATE checkpoints SET body = '' WHERE seq = 2",
    "DELETE FROM payloads WHERE seq = 3",
    "DELETE FROM payloads",
    "DELETE FROM entries WHERE seq = 3",
    "DELETE FROM store",
    "DELETE FROM checkpoints",
    "INSERT INTO store VALUES ('second', 'now')",
    "INSERT INTO checkpoints VALUES (2, '[]')",
    "INSERT INTO entries SELECT 9, at, actor, action, case_id, 'r9', payload_sha256, sha256, 'f' FROM entries",
    "INSERT INTO entries SELECT 4, at, actor, action, case_id, 'r9', payload_sha256, 'e', 'f' FROM entries",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO payloads VALUES (3, '{}')",
    "INSERT OR REPLACE INTO checkpoints VALUES (2, '[]')",
    "REPLACE INTO entries SELECT 3, at, 'x', action, case_id, 'r9', payload_sha256, previous, 'f' FROM entries",
    "UPDATE OR REPLACE entries SET seq = 2 WHERE seq = 3",
]
ON_POSTGRESQL = [
    "TRUNCATE payloads",
    "TRUNCATE entries CASCADE",
    "TRUNCATE checkpoints",
    "SET LOCAL session_replication_role = replica; DELETE FROM entries WHERE seq = 3",
    "INSERT INTO payloads VALUES (3, '{}') ON CONFLICT (seq) DO UPDATE SET body = '{}'",
]
TRIED = [
    *(("sqlite", statement) for statement in [*ON_BOTH, *ON_SQLITE]),
    *(("postgresql", statement) for statement in [*ON_BOTH, *ON_POSTGRESQL]),
]


@pytest.mark.parametrize(("kind", "statement"), TRIED)
def test_what_was_recorded_can_be_neither_changed_nor_removed(
    stores: dict[str, SqlRecordStore], kind: str, statement: str
):
    store = stores[kind]
    before = everything(store)

    with pytest.raises((RecordDamaged, StoreUnavailable)), store.database.write() as connection:
        connection.exec_driver_sql(statement)

    assert everything(store) == before


def everything(store: SqlRecordStore) -> list[Any]:
    with store.database.read() as connection:
        return [
            list(connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")))
            for table in ("store", "entries", "payloads", "checkpoints")
        ]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_readers_cannot_write(stores: dict[str, SqlRecordStore], kind: str):
    with pytest.raises(StoreUnavailable), stores[kind].database.read() as connection:
        connection.execute(text("DELETE FROM cases"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_guard_that_was_taken_away_is_missed(stores: dict[str, SqlRecordStore], kind: str):
    on = " ON entries" if kind == "postgresql" else ""
    database = stores[kind].database
    with suppress(Undone), database.write() as connection:
        assert missing_guards(connection) == ()
        connection.execute(text(f"DROP TRIGGER entries_unchanged{on}"))
        assert missing_guards(connection) == ("entries_unchanged",)
        raise Undone


def test_a_guard_whose_rule_was_emptied_is_missed(stores: dict[str, SqlRecordStore]):
    emptied = "FUNCTION refuse_unless_next() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"
    with suppress(Undone), stores["postgresql"].database.write() as connection:
        connection.exec_driver_sql(f"CREATE OR REPLACE {emptied}")
        assert missing_guards(connection) == ("entries_in_order",)
        raise Undone


class Undone(Exception):
    """Takes back what a test did."""


def statements_of(page: str, beginning: str) -> list[str]:
    """The statements that the documentation prints."""
    return [line.strip() for line in page.splitlines() if line.strip().startswith(beginning)]


def test_a_role_that_owns_nothing_can_do_the_desks_work_and_not_more(postgres: Cluster):
    url = postgres.new_database()
    filled_store(PostgresDatabase(url)).close()
    owner = PostgresDatabase(url)
    with owner.write() as connection:
        connection.exec_driver_sql("CREATE ROLE desk LOGIN")
        for grant in statements_of((REPOSITORY / "docs" / "record-store.md").read_text(encoding="utf-8"), "GRANT "):
            connection.exec_driver_sql(grant)
    owner.close()

    store = open_record_store(PostgresDatabase(url.replace("owner@", "desk@")), clock=TickingClock())
    store.append(new_entry(make_revised(), actor="r", case_id="case-1", request_id="by desk"))
    store.append(new_entry(Purged(rule="6 years", reason="r"), actor="system", case_id="case-1", request_id="purge"))
    for refused in (
        "DROP TRIGGER entries_unchanged ON entries",
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "TRUNCATE cases",
        "UPDATE entries SET actor = 'x'",
        "DELETE FROM checkpoints",
        "DROP TABLE payloads",
    ):
        with pytest.raises(RecordDamaged), store.database.write() as connection:
            connection.exec_driver_sql(refused)
    assert store.state("case-1") is None
    store.close()
