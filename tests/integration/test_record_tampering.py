"""Whatever is done to a record behind the desk's back, `drafter audit verify` finds it and says where it begins."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.verification import Verified
from drafter.cli.main import app
from drafter.errors import RecordDamaged
from drafter.services.record_audit import audit_record
from tests.fakes import TickingClock
from tests.postgres import Cluster
from tests.record_factories import EXPORTED_BYTES, fill_home, make_places, recorded
from tests.review_factories import make_revised
from tests.tampering import WAYS, Tampered, Way

MUTATIONS = 200


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a whole record, and `older.sqlite3`: a backup from before its last signature."""
    home = tmp_path_factory.mktemp("original") / "home"
    fill_home(home, SqliteDatabase(home / "desk.sqlite3"), rounds=25)
    shutil.copy(home / "desk.sqlite3", home / "older.sqlite3")
    store = open_record_store(
        SqliteDatabase(home / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(home)
    )
    store.append(recorded(make_revised(), "the very last", case_id="case-3"))
    store.close()
    return home


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "home"))


def audited(home: Path, export: Path | None = None) -> Verified:
    return audit_record(SqliteDatabase(home / "desk.sqlite3"), places=make_places(home), export=export)


def tampered(home: Path) -> Tampered:
    def take_older() -> None:
        shutil.copy(home / "older.sqlite3", home / "desk.sqlite3")

    return Tampered(home, SqliteDatabase(home / "desk.sqlite3"), take_older=take_older)


def found_after(way: Way, home: Path, *, seed: int) -> tuple[set[str], set[str]]:
    record = tampered(home)
    expected = way(record, random.Random(seed))
    record.database.close()
    return expected, {fault.fault for fault in audited(home).faults}


def test_a_record_that_nobody_touched_has_no_fault(home: Path):
    verified = audited(home)

    assert verified.faults == ()
    assert verified.entries > 100
    assert verified.checkpoints > 3


@pytest.mark.bad_input(38)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_to_tamper_is_found(way: Way, home: Path):
    expected, found = found_after(way, home, seed=1)

    assert expected & found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, MUTATIONS + 2))
def test_two_hundred_mutations_are_all_found(seed: int, home: Path):
    way = WAYS[seed % len(WAYS)]

    expected, found = found_after(way, home, seed=seed)

    assert expected & found, way.__name__


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_way_to_tamper_is_found_on_postgresql(way: Way, pg_original: PgOriginal, tmp_path: Path):
    home = Path(shutil.copytree(pg_original.home, tmp_path / "home"))
    database = PostgresDatabase(pg_original.cluster.new_database(like=pg_original.url))
    older = pg_original.older

    record = Tampered(home, database, take_older=lambda: None)
    if way.__name__ == "put_an_old_backup_in_its_place":
        database.close()
        database = PostgresDatabase(pg_original.cluster.new_database(like=older))
    expected = way(record, random.Random(7))
    database.close()

    assert expected & {fault.fault for fault in audit_record(database, places=make_places(home)).faults}


class PgOriginal:
    """A record in PostgreSQL to be copied for each test, and a copy of it from before its last entry."""

    def __init__(self, cluster: Cluster, home: Path) -> None:
        self.cluster, self.home = cluster, home
        self.url = cluster.new_database()
        fill_home(home, PostgresDatabase(self.url), rounds=8)
        self.older = cluster.new_database(like=self.url)
        store = open_record_store(PostgresDatabase(self.url), clock=TickingClock(), checkpoints=make_places(home))
        store.append(recorded(make_revised(), "the very last", case_id="case-3"))
        store.close()


@pytest.fixture(scope="module")
def pg_original(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> PgOriginal:
    return PgOriginal(postgres, tmp_path_factory.mktemp("pg") / "home")


def test_an_untouched_record_on_postgresql_has_no_fault(pg_original: PgOriginal):
    assert audit_record(PostgresDatabase(pg_original.url), places=make_places(pg_original.home)).faults == ()


def test_a_damaged_page_of_the_file_is_found(home: Path):
    file = home / "desk.sqlite3"
    content = bytearray(file.read_bytes())
    at = content.index(b"Visit 11 of case-2")
    content[at] ^= 0x20
    file.write_bytes(content)

    assert {fault.fault for fault in audited(home).faults} & {"payload-altered", "database-damaged"}


def logical(home: Path) -> object:
    """Everything that the record says, None where SQLite cannot read it."""
    tables = ("store", "entries", "payloads", "checkpoints", "cases", "accounts")
    try:
        with closing(sqlite3.connect(home / "desk.sqlite3")) as connection:
            rows = [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]
            return rows, connection.execute("SELECT * FROM sqlite_master ORDER BY 2").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return None


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100))
def test_a_bit_that_turned_on_the_disk_is_found_unless_it_says_nothing(seed: int, home: Path):
    """Bits of free space and of sessions say nothing; every other one does."""
    before, chance = logical(home), random.Random(seed)
    file = home / "desk.sqlite3"
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)

    found = audited(home).faults

    assert found or logical(home) == before


def test_a_file_whose_beginning_is_lost_is_a_fault(home: Path):
    file = home / "desk.sqlite3"
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])

    assert [fault.fault for fault in audited(home).faults] == ["database-damaged"]


def test_an_exported_file_is_found_in_the_record_and_another_is_not(home: Path):
    letter = home / "letter.pdf"
    letter.write_bytes(EXPORTED_BYTES)
    assert audited(home, export=letter).faults == ()

    letter.write_bytes(EXPORTED_BYTES + b" ")
    assert [fault.fault for fault in audited(home, export=letter).faults] == ["export-unknown"]


@pytest.mark.bad_input(38)
def test_a_record_older_than_its_checkpoints_is_not_opened(home: Path):
    shutil.copy(home / "older.sqlite3", home / "desk.sqlite3")

    with pytest.raises(RecordDamaged, match="ends at entry .* its end was cut off, or it is an old copy"):
        open_record_store(SqliteDatabase(home / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(home))


def test_the_command_prints_a_line_a_fault_and_exits_with_1(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DRAFTER_HOME", str(home))
    whole = CliRunner().invoke(app, ["audit", "verify"])
    assert (whole.exit_code, whole.output.count("\n")) == (0, 1)
    with sqlite3.connect(home / "desk.sqlite3") as connection:
        connection.execute("UPDATE accounts SET roles = '[\"admin\"]' WHERE account_id = 'a1'")

    told = CliRunner().invoke(app, ["audit", "verify"])
    as_json = CliRunner().invoke(app, ["audit", "verify", "--json"])

    assert told.exit_code == as_json.exit_code == 1
    assert told.output.splitlines()[0] == (
        "account-altered: the row of account a1 is not what its entries add up to: roles"
    )
    assert json.loads(as_json.output)["faults"][0]["fault"] == "account-altered"


def test_an_auditor_verifies_with_copies_of_file_and_key_elsewhere(home: Path, tmp_path: Path):
    (file,) = (home / "checkpoints").glob("*.jsonl")
    (key,) = (home / "keys").glob("*.pub")
    shutil.copy(file, tmp_path / "copy.jsonl")
    shutil.copy(key, tmp_path / "copy.pub")
    shutil.rmtree(home / "keys")
    shutil.rmtree(home / "checkpoints")

    def verified(**named: object) -> set[str]:
        database = SqliteDatabase(home / "desk.sqlite3")
        found = audit_record(database, places=make_places(home), **named)  # type: ignore[arg-type]
        return {fault.fault for fault in found.faults}

    assert verified(checkpoints=tmp_path / "copy.jsonl", public_keys=[tmp_path / "copy.pub"]) == set()
    assert "checkpoint-file-missing" in verified()
    assert "checkpoint-forged" in verified(checkpoints=tmp_path / "copy.jsonl")


def test_a_cut_end_is_found_too_where_the_checkpoint_file_is_named(home: Path):
    cut = next(way for way in WAYS if way.__name__ == "cut_the_end")
    record = tampered(home)
    cut(record, random.Random(1))
    record.database.close()

    found = audit_record(
        SqliteDatabase(home / "desk.sqlite3"), places=make_places(home), checkpoints=record.folder.file
    )

    assert "record-older-than-checkpoint" in {fault.fault for fault in found.faults}
