"""The record moves from a laptop's file to an office's server and back: every row the same, every signature kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from drafter.adapters.letter_export.pdf import letter_pdf
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.cli.main import app
from drafter.domain.review.queue_page import QueueFilter
from drafter.services.desk.exporting import signed_letter
from drafter.services.record_audit import audit_record
from drafter.services.record_migration import migrate
from tests.fakes import TickingClock
from tests.record_factories import fill_home, make_places

SIGNED = "case-1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    fill_home(home, SqliteDatabase(home / "desk.sqlite3"), rounds=10)
    return home


def contents(database: Database) -> tuple[Any, ...]:
    store = open_record_store(database, clock=TickingClock())
    found = (list(store.entries()), list(store.history()), store.queue(QueueFilter()).rows, store.accounts())
    store.close()
    return found


def signed_pdf(database: Database) -> bytes:
    store = open_record_store(database, clock=TickingClock())
    try:
        case_id = next(entry.case_id for entry in store.entries(actions=("approved",)) if entry.case_id)
        return letter_pdf(signed_letter(case_id, store=store))
    finally:
        store.close()


def test_a_filled_home_goes_to_postgresql_and_back_row_by_row(home: Path, postgres: Any, tmp_path: Path):
    laptop = SqliteDatabase(home / "desk.sqlite3")
    before, pdf = contents(laptop), signed_pdf(laptop)
    office, again = PostgresDatabase(postgres.new_database()), SqliteDatabase(tmp_path / "again" / "desk.sqlite3")
    places = make_places(home)

    there = migrate(laptop, office, places=places, clock=TickingClock())
    back = migrate(office, again, places=places, clock=TickingClock())

    assert (there.faults, back.faults) == (0, 0)
    after = contents(again)
    entries = len(before[0])
    assert after[0][:entries] == before[0]
    assert after[1][: len(before[1])] == before[1]
    assert after[2:] == before[2:]
    assert audit_record(again, places=places).faults == ()
    assert signed_pdf(again) == signed_pdf(office) == pdf


def test_the_command_moves_and_says_what_to_set(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DRAFTER_HOME", str(home))
    source, target = f"sqlite:///{home / 'desk.sqlite3'}", f"sqlite:///{tmp_path / 'moved.sqlite3'}"

    ran = CliRunner().invoke(app, ["migrate", source, target])

    assert ran.exit_code == 0, ran.output
    assert "no faults" in ran.output
    assert "DRAFTER_DATABASE_URL" in ran.output
