"""Passwords and second factors beside the record: moved there by an upgrade, gone when replaced, back by a restore."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.rows import entry_values
from drafter.adapters.record_store.schema import MIGRATIONS, migrate
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.tables import EntryRow, PayloadRow, StoreRow
from drafter.domain.review.audit import GENESIS, Entry, new_entry, sealed
from drafter.domain.review.events import AccountAdded, Event, PasswordSet, SecondFactorSet
from drafter.services.record_audit import audit_record
from drafter.services.record_backup import back_up, restore
from tests.fakes import TickingClock
from tests.record_factories import PASSWORD, fill_home, make_places, recorded

BEFORE = "0003_secrets_apart"  # the migration that these tests are about; those from it on are not run at first
OLD_HASH, OLD_SECRET = "$argon2id$old", "JBSWY3DPEHPK3PXP"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    made: Database
    if request.param == "sqlite":
        made = SqliteDatabase(tmp_path / "desk.sqlite3")
    else:
        made = PostgresDatabase(request.getfixturevalue("postgres").new_database())
    made.create()
    yield made
    made.close()


def release_before(database: Database, folder: Path) -> None:
    """A record of the release before, whose entries and accounts hold the secrets themselves."""
    migrations = Path(shutil.copytree(MIGRATIONS, folder / "old", ignore=shutil.ignore_patterns("__pycache__")))
    for step in sorted((migrations / "versions").glob("0*.py")):
        if step.stem >= BEFORE:
            step.unlink()
    with database.write() as connection:
        migrate(connection, where="a record", migrations=migrations)
    events: tuple[Event, ...] = (
        AccountAdded(account_id="a1", login="mara", roles=("reviewer",)),
        PasswordSet(account_id="a1", password_hash=OLD_HASH),
        SecondFactorSet(account_id="a1", totp_secret=OLD_SECRET),
    )
    clock, previous = TickingClock(), GENESIS
    with database.write() as connection:
        connection.execute(insert(StoreRow), [{"database_id": "d" * 32, "created": "2016-12-06"}])
        for seq, event in enumerate(events, start=1):
            new = new_entry(event, actor="system", request_id=f"request-{seq}")
            entry: Entry = sealed(new, seq=seq, at=clock.now(), previous=previous)
            previous = entry.sha256
            connection.execute(insert(EntryRow), [entry_values(entry)])
            connection.execute(insert(PayloadRow), [{"seq": seq, "body": new.payload}])
        connection.execute(
            text(
                "INSERT INTO accounts (account_id, login, login_folded, roles, active, password_hash, totp_secret) "
                "VALUES ('a1', 'mara', 'mara', '[\"reviewer\"]', 1, :password, :secret)"
            ),
            {"password": OLD_HASH, "secret": OLD_SECRET},
        )


def test_an_upgrade_moves_the_secrets_and_everybody_still_comes_in(database: Database, tmp_path: Path):
    release_before(database, tmp_path)

    store = open_record_store(database, clock=TickingClock())
    mara = store.account(login="mara")

    assert mara is not None
    assert (mara.password_hash, mara.totp_secret) == (OLD_HASH, OLD_SECRET)
    with database.read() as connection:
        row = connection.execute(text("SELECT password_seal, totp_seal FROM accounts")).one()
        assert connection.execute(text("SELECT count(*) FROM secrets")).scalar_one() == 2
    assert OLD_HASH not in row
    assert OLD_SECRET not in row


def test_a_backup_brings_the_accounts_back_and_one_from_before_does_too(database: Database, tmp_path: Path):
    release_before(database, tmp_path)
    open_record_store(database, clock=TickingClock(), checkpoints=make_places(tmp_path))
    whole, old = tmp_path / "whole.jsonl", tmp_path / "old.jsonl"
    back_up(database, whole, places=make_places(tmp_path))
    old.write_bytes(without_secrets(whole.read_bytes()))

    for number, file in enumerate((whole, old)):
        target = SqliteDatabase(tmp_path / f"restored-{number}" / "desk.sqlite3")
        target.path.parent.mkdir()
        restore(target, file, places=make_places(tmp_path), clock=TickingClock(), reason="a rehearsal")
        mara = open_record_store(target, clock=TickingClock()).account(login="mara")
        assert mara is not None
        assert (mara.password_hash, mara.totp_secret) == (OLD_HASH, OLD_SECRET)


def without_secrets(content: bytes) -> bytes:
    """A backup as a release before wrote it."""
    kept = [line for line in content.splitlines(keepends=True)[:-1] if not line.startswith(b'{"secret"')]
    end = {"end": {"lines": len(kept), "sha256": hashlib.sha256(b"".join(kept)).hexdigest()}}
    return b"".join([*kept, json.dumps(end, separators=(",", ":")).encode(), b"\n"])


def test_of_a_password_that_was_replaced_no_byte_is_left_in_the_file(tmp_path: Path):
    database = SqliteDatabase(tmp_path / "desk.sqlite3")
    store = open_record_store(database, clock=TickingClock())
    first = PASSWORD.model_copy(update={"value": "$argon2id$the-very-first-hash"})
    store.append(recorded(AccountAdded(account_id="a1", login="mara", roles=("qa",)), "added", case_id=None))
    for number, secret in enumerate((first, PASSWORD)):
        event = PasswordSet(account_id="a1", seal=secret.seal)
        store.append_all([recorded(event, f"password-{number}", case_id=None)], secrets=(secret,))
    store.close()

    assert not [file.name for file in tmp_path.iterdir() if first.value.encode() in file.read_bytes()]


def test_an_audit_without_a_fault_says_nothing_of_a_secret_that_was_removed(tmp_path: Path):
    database = SqliteDatabase(tmp_path / "desk.sqlite3")
    fill_home(tmp_path, database, rounds=2)
    with database.write() as connection:
        connection.execute(text("DELETE FROM secrets"))

    assert audit_record(database, places=make_places(tmp_path)).faults == ()
