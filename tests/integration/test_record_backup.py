"""A record goes into a file and comes back from it whole, to either database, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.cli.main import app
from drafter.domain.review.events import Restored
from drafter.domain.review.queue_page import QueueFilter
from drafter.errors import BackupInvalid, RecordDamaged, RetentionRefused, StorageFull, StoreUnavailable
from drafter.services.record_audit import audit_record
from drafter.services.record_backup import back_up, restore
from drafter.services.retention import past_retention, purge
from tests.fakes import FakeRecordStore, TickingClock
from tests.record_factories import CASES, PURGED_CASE, fill, fill_home, make_places, recorded
from tests.review_factories import make_opened, make_revised


class Desk:
    """A home with a record in one of the two databases."""

    def __init__(self, home: Path, new_database: Callable[[], Database]) -> None:
        self.home, self._new = home, new_database
        self.database = new_database()
        fill_home(home, self.database, rounds=10)
        self.file = home / "backup.jsonl"

    def add(self, number: int) -> None:
        store = open_record_store(self.database, clock=TickingClock(), checkpoints=make_places(self.home))
        for turn in range(number):
            store.append(recorded(make_revised(), f"later-{os.urandom(4).hex()}-{turn}", case_id="case-3"))
        store.close()

    def back_up(self) -> None:
        back_up(self.database, self.file, places=make_places(self.home))

    def restore(self, *, reason: str | None = None, database: Database | None = None) -> Any:
        """On PostgreSQL a restore asks for an empty database."""
        if database is None and isinstance(self.database, PostgresDatabase):
            self.database = self._new()
        target = database or self.database
        return restore(target, self.file, places=make_places(self.home), clock=TickingClock(), reason=reason)

    def faults(self, database: Database | None = None) -> list[str]:
        verified = audit_record(database or self.database, places=make_places(self.home))
        return [fault.fault for fault in verified.faults]


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    home = tmp_path / "home"
    if request.param == "sqlite":
        return Desk(home, lambda: SqliteDatabase(home / "desk.sqlite3"))
    postgres = request.getfixturevalue("postgres")
    return Desk(home, lambda: PostgresDatabase(postgres.new_database()))


def contents(database: Database) -> Any:
    store = open_record_store(database, clock=TickingClock())
    found = (list(store.entries()), list(store.history()), store.queue(QueueFilter()), store.accounts())
    store.close()
    return found


def test_a_record_comes_back_from_its_backup_as_it_was(desk: Desk):
    desk.back_up()
    before = contents(desk.database)

    done = desk.restore()

    entries, history, queue, accounts = contents(desk.database)
    assert (entries[:-1], history[:-1], queue, accounts) == (before[0], before[1], before[2], before[3])
    assert history[-1].event == Restored(seq=done.entries, reason="restored as it was")
    assert desk.faults() == []


def test_a_record_moves_from_one_kind_of_database_to_the_other(desk: Desk, postgres: Any, tmp_path: Path):
    desk.back_up()
    before = contents(desk.database)
    other: Database = (
        PostgresDatabase(postgres.new_database())
        if isinstance(desk.database, SqliteDatabase)
        else SqliteDatabase(tmp_path / "moved" / "desk.sqlite3")
    )

    desk.restore(database=other)

    entries = contents(other)[0]
    assert entries[: len(before[0])] == before[0]
    assert [entry.action for entry in entries[len(before[0]) :]] == ["restored", "store-opened"]
    assert desk.faults(other) == []


def test_a_backup_older_than_the_checkpoints_is_refused_without_a_reason(desk: Desk):
    desk.back_up()
    desk.add(3)
    before = contents(desk.database)
    meant = desk.database

    with pytest.raises(RecordDamaged, match="--older-because"):
        desk.restore()

    assert contents(meant) == before


def test_going_back_to_an_older_state_is_told_in_the_record_and_verifies(desk: Desk):
    desk.back_up()
    desk.add(130)

    done = desk.restore(reason="the disk failed")

    assert contents(desk.database)[1][-1].event == Restored(seq=done.entries, reason="the disk failed")
    assert desk.faults() == []
    desk.add(120)
    assert desk.faults() == []


def test_what_stood_there_is_kept(tmp_path: Path):
    desk = Desk(tmp_path, lambda: SqliteDatabase(tmp_path / "desk.sqlite3"))
    desk.back_up()
    desk.add(5)
    before = contents(desk.database)

    first = desk.restore(reason="a try")
    second = desk.restore(reason="another try")

    assert contents(SqliteDatabase(first.kept_as)) == before
    assert second.kept_as.name == "desk.sqlite3.before-restore-2"


def test_a_record_is_restored_on_a_new_machine(tmp_path: Path, desk: Desk):
    desk.back_up()
    away = tmp_path / "new"
    away.mkdir()
    shutil.copy(desk.file, away / "backup.jsonl")
    database = SqliteDatabase(away / "desk.sqlite3")

    restore(database, away / "backup.jsonl", places=make_places(away), clock=TickingClock(), reason=None)

    assert audit_record(database, places=make_places(away)).faults == ()


def test_a_desk_that_is_running_is_not_restored_under_its_feet(tmp_path: Path):
    desk = Desk(tmp_path, lambda: SqliteDatabase(tmp_path / "desk.sqlite3"))
    desk.back_up()
    running = open_record_store(SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock())

    with pytest.raises(StoreUnavailable, match="stop the desk first"):
        desk.restore()
    running.close()


def test_a_postgresql_database_that_is_not_empty_is_left_alone(postgres: Any, tmp_path: Path):
    desk = Desk(tmp_path, lambda: PostgresDatabase(postgres.new_database()))
    desk.back_up()

    with pytest.raises(StoreUnavailable, match="make an empty database"):
        desk.restore(database=desk.database)


def spoilt(lines: list[str], way: str) -> list[str]:
    middle = len(lines) // 2
    if way == "cut":
        return lines[:middle]
    if way == "cut inside a line":
        return [*lines[:-1], lines[-1][:20]]
    if way == "a line is missing":
        return lines[:middle] + lines[middle + 1 :]
    if way == "a payload was changed":
        return [line.replace("Visit 3", "Visit 4") for line in lines]
    if way == "an entry was changed":
        return [*lines[:middle], lines[middle].replace('"actor":"reviewer-1"', '"actor":"eve"'), *lines[middle + 1 :]]
    if way == "a payload was taken out":
        entry = json.loads(lines[middle])
        return [*lines[:middle], json.dumps(entry | {"payload": None}), *lines[middle + 1 :]]
    return ["not a backup"]


WAYS = [
    "cut", "cut inside a line", "a line is missing", "a payload was changed", "an entry was changed",
    "a payload was taken out", "something else",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_spoilt_backup_is_refused_before_anything_is_touched(tmp_path: Path, way: str):
    desk = Desk(tmp_path, lambda: SqliteDatabase(tmp_path / "desk.sqlite3"))
    desk.back_up()
    lines = desk.file.read_text(encoding="utf-8").splitlines()
    desk.file.write_text("".join(f"{line}\n" for line in spoilt(lines, way)), encoding="utf-8")

    with pytest.raises(BackupInvalid, match="backup.jsonl"):
        desk.restore()

    assert desk.faults() == []
    assert list(tmp_path.glob("*.before-restore*")) == []


def test_a_backup_is_for_its_owners_eyes_and_written_whole_or_not_at_all(tmp_path: Path):
    desk = Desk(tmp_path / "home", lambda: SqliteDatabase(tmp_path / "home" / "desk.sqlite3"))
    desk.back_up()
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600

    with pytest.raises(StorageFull, match="no backup was written"):
        back_up(desk.database, tmp_path / "no-such-folder" / "b.jsonl", places=make_places(desk.home))
    with pytest.raises(StoreUnavailable, match="is not there"):
        back_up(SqliteDatabase(tmp_path / "none.sqlite3"), tmp_path / "b.jsonl", places=make_places(desk.home))
    assert list(tmp_path.glob("*b.jsonl*")) == []


def test_the_commands_say_what_they_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fill_home(tmp_path, SqliteDatabase(tmp_path / "desk.sqlite3"), rounds=2)
    monkeypatch.setenv("DRAFTER_HOME", str(tmp_path))
    file = str(tmp_path / "b.jsonl")

    backup = CliRunner().invoke(app, ["backup", file])
    restored = CliRunner().invoke(app, ["restore", file])
    dry = CliRunner().invoke(app, ["retention", "--years", "6"])
    applied = CliRunner().invoke(app, ["retention", "--years", "6", "--apply"])
    verified = CliRunner().invoke(app, ["audit", "verify"])

    assert "26 entries, verified" in backup.output
    assert "26 entries restored; entry 27 tells of it." in restored.output
    assert dry.output.endswith("3 cases past 6 years: nothing was changed; --apply removes their text.\n")
    assert applied.output.endswith("3 cases past 6 years: 3 removed.\n")
    assert (verified.exit_code, verified.output.count("\n")) == (0, 1)


def at(day: date) -> TickingClock:
    return TickingClock(datetime(day.year, day.month, day.day, tzinfo=UTC))


def test_only_cases_whose_last_effect_is_long_past_lose_their_text():
    clock = TickingClock()
    store = FakeRecordStore(clock)
    fill(store, rounds=1)  # type: ignore[arg-type]

    assert past_retention(store, years=6, clock=at(date(2022, 12, 6))) == ()
    past = past_retention(store, years=6, clock=at(date(2022, 12, 7)))

    assert sorted(case.case_id for case in past) == [case for case in CASES if case != PURGED_CASE]
    assert purge(store, past, years=6) == 3
    assert past_retention(store, years=6, clock=at(date(2022, 12, 7))) == ()


def test_fewer_than_six_years_need_a_reason():
    store = FakeRecordStore()

    with pytest.raises(RetentionRefused, match="--shorter-because"):
        past_retention(store, years=5, clock=TickingClock())
    with pytest.raises(RetentionRefused, match="negative"):
        past_retention(store, years=-1, clock=TickingClock())
    assert past_retention(store, years=5, clock=TickingClock(), shorter_because="court order") == ()


def test_no_byte_of_a_purged_case_is_left_in_the_file(tmp_path: Path):
    store = open_record_store(SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock())
    canary = "Zanzibarcanary"
    opened = make_opened()
    case = opened.case.model_copy(update={"case_summary": f"{canary} has low back pain. " * 200})
    store.append(recorded(opened.model_copy(update={"case": case}), "o", case_id="case-1"))
    store.append(recorded(make_revised(), "r", case_id="case-1"))
    past = past_retention(store, years=6, clock=at(date(2030, 1, 1)))

    purge(store, past, years=6)

    assert [file.name for file in tmp_path.iterdir() if canary.encode() in file.read_bytes()] == []
    store.close()
    assert canary.encode() not in (tmp_path / "desk.sqlite3").read_bytes()
