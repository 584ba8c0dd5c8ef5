"""What lies beside the record goes when its time is over, and the record stays as it was."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.cli.main import app
from drafter.domain.review.imports import Import
from drafter.domain.review.sessions import Session, Unsaved
from drafter.services.record_audit import audit_record
from tests.fakes import TickingClock
from tests.record_factories import fill_home, make_places

WORDS = "Zebulon has low back pain."


def ago(*, days: int) -> datetime:
    """So many days before this moment, not before that at which all tests were collected: sessions end in minutes."""
    return datetime.now(tz=UTC) - timedelta(days=days)


def run(*arguments: str) -> dict[str, dict[str, Any]]:
    done = CliRunner().invoke(app, ["clean", "--json", *arguments])
    assert done.exit_code == 0, done.output
    return {one["kind"]: one for one in json.loads(done.output)["leftovers"]}


def opened(home: Path) -> SqlRecordStore:
    return open_record_store(SqliteDatabase(home / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(home))


def leave(home: Path, *, days: int) -> None:
    """One of everything, left so many days ago."""
    at = ago(days=days)
    store = open_record_store(
        SqliteDatabase(home / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(home)
    )
    store.sessions.add(Session(key_sha256=uuid4().hex, account_id="a1", created=at, last_seen=at))
    store.unsaved.keep(Unsaved(account_id="a1", case_id="case-1", item=days, head=1, at=at, text=WORDS))
    store.close()
    replies, calls = home / "cache" / "replies", home / "calls"
    folder = home / "imports" / uuid4().hex
    for place in (replies, calls, folder):
        place.mkdir(parents=True, exist_ok=True)
    reply = replies / f"{days}.json"
    reply.write_text(WORDS)
    os.utime(reply, (at.timestamp(), at.timestamp()))
    (calls / f"{at.date().isoformat()}.jsonl").write_text("{}\n")
    (folder / "import.json").write_text(Import(import_id=folder.name, by="a1", at=at, files=()).model_dump_json())


@pytest.fixture
def home(drafter_home: Path) -> Path:
    fill_home(drafter_home, SqliteDatabase(drafter_home / "desk.sqlite3"), rounds=2)
    for days in (0, 500):
        leave(drafter_home, days=days)
    return drafter_home


def test_a_dry_run_counts_what_is_past_its_time_and_changes_nothing(home: Path):
    first, second = run(), run()

    assert first == second
    assert {kind: one["count"] for kind, one in first.items()} == {
        "sessions": 1, "unsaved": 1, "attempts": 0, "imports": 1, "calls": 1, "replies": 1,
    }  # fmt: skip
    assert first["unsaved"]["bytes"] == len(WORDS)


def test_what_is_past_its_time_is_removed_and_what_is_not_stays(home: Path):
    removed, left = run("--apply"), run()

    assert sum(one["count"] for one in removed.values()) == 5
    assert sum(one["count"] for one in left.values()) == 0
    store = open_record_store(
        SqliteDatabase(home / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(home)
    )
    assert [one.item for one in store.unsaved.find("a1", "case-1")] == [0]
    store.close()
    for folder in ("cache/replies", "calls", "imports"):
        assert len(list((home / folder).iterdir())) == 1, folder


def test_the_record_verifies_afterwards_entry_by_entry(home: Path):
    database = SqliteDatabase(home / "desk.sqlite3")
    before = audit_record(database, places=make_places(home))

    run("--apply")

    after = audit_record(database, places=make_places(home))
    assert (after.entries, after.sha256, after.faults) == (before.entries, before.sha256, ())


def test_the_days_are_set_by_the_environment(home: Path, monkeypatch: pytest.MonkeyPatch):
    for kind in ("UNSAVED", "CALLS", "REPLIES"):
        monkeypatch.setenv(f"DRAFTER_KEEP_{kind}_DAYS", "1000")

    found = run()

    assert [found[kind]["count"] for kind in ("unsaved", "calls", "replies")] == [0, 0, 0]
    assert found["replies"]["kept"] == "1000 days"


def test_attempts_of_days_ago_are_forgotten(home: Path):
    database = SqliteDatabase(home / "desk.sqlite3")
    with database.write() as connection:
        old, now = ago(days=2).timestamp(), ago(days=0).timestamp()
        connection.exec_driver_sql(f"INSERT INTO attempts (counted, at) VALUES ('x', {old}), ('x', {now})")

    assert run("--apply")["attempts"]["count"] == 1
    assert run()["attempts"]["count"] == 0


def test_an_import_that_is_being_read_stays_whatever_its_age(home: Path):
    waiting = home / "imports" / uuid4().hex
    waiting.mkdir()
    file = {"file_id": uuid4().hex, "name": "a.txt", "size": 3}
    batch = Import.model_validate({"import_id": waiting.name, "by": "a1", "at": ago(days=9), "files": [file]})
    (waiting / "import.json").write_text(batch.model_dump_json())

    run("--apply")

    assert waiting.exists()


def test_a_home_without_a_record_gets_none_by_looking(drafter_home: Path):
    found = run()

    assert set(found) == {"imports", "calls", "replies"}
    assert not (drafter_home / "desk.sqlite3").exists()


def test_people_read_what_would_be_removed(home: Path):
    printed = CliRunner().invoke(app, ["clean"]).output

    assert "unsaved   kept 30 days: 1 past that, 26 bytes" in printed
    assert printed.endswith("5 past their time: nothing was changed; --apply removes them.\n")
    assert "Zebulon" not in printed
