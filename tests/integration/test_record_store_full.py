"""No room left: one sentence; what was saved is there, nothing by half, and saving goes on once there is room."""

from __future__ import annotations

import logging
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.errors import StorageFull, StoreUnavailable
from drafter.services.record_audit import audit_record
from drafter.services.record_backup import back_up
from tests.fakes import TickingClock
from tests.record_factories import make_places, recorded
from tests.review_factories import make_opened, make_revised, make_sentence

ROOM = 100_000


@contextmanager
def no_file_larger_than(limit: int) -> Iterator[None]:
    """The system refuses to write past this size, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def save_until_full(store: SqlRecordStore) -> tuple[int, str]:
    """How many saves were acknowledged, and what the first that was not was told."""
    for number in range(1000):
        revised = make_revised(sentences=(make_sentence(f"Secretcanary {number}. " * 100),))
        try:
            store.append(recorded(revised, f"save-{number}", case_id="case-1"))
        except StorageFull as error:
            return number, str(error)
    pytest.fail("the storage never filled")


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path):
    store = open_record_store(
        SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(tmp_path)
    )
    store.append(recorded(make_opened(), "opened", case_id="case-1"))

    with no_file_larger_than(ROOM * 8):
        saved, told = save_until_full(store)

    assert saved > 3
    assert told.startswith("Not saved: the storage of the record store ")
    assert told.endswith("desk.sqlite3 is full. Make room and save again; nothing was lost.")
    assert "Secretcanary" not in told
    assert [entry.request_id for entry in store.entries(actions=("revised",))] == [f"save-{n}" for n in range(saved)]
    again = store.append(recorded(make_revised(), f"save-{saved}", case_id="case-1"))
    state = store.state("case-1")
    assert state is not None
    assert state.head == again.seq
    store.close()
    assert audit_record(SqliteDatabase(tmp_path / "desk.sqlite3"), places=make_places(tmp_path)).faults == ()


def test_a_checkpoint_that_cannot_be_filed_is_filed_later_and_undoes_no_save(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    places = make_places(tmp_path)
    store = open_record_store(SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock(), checkpoints=places)
    store.append(recorded(make_opened(), "opened", case_id="case-1"))
    (file,) = places.folder.glob("*.jsonl")
    places.folder.rename(tmp_path / "away")
    places.folder.write_text("a file where the folder was", encoding="utf-8")

    with caplog.at_level(logging.WARNING):
        for number in range(100):
            store.append(recorded(make_revised(), f"save-{number}", case_id="case-1"))
    places.folder.unlink()
    (tmp_path / "away").rename(places.folder)
    store.append(recorded(make_revised(), "one more", case_id="case-1"))
    store.close()

    assert "the checkpoint of entry 100 could not be filed yet" in caplog.text
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    assert audit_record(SqliteDatabase(tmp_path / "desk.sqlite3"), places=places).faults == ()


def test_a_backup_that_finds_no_room_leaves_no_file(tmp_path: Path):
    store = open_record_store(
        SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock(), checkpoints=make_places(tmp_path)
    )
    text = "x" * ROOM
    store.append(recorded(make_opened(source_name=text), "opened", case_id="case-1"))

    with no_file_larger_than(ROOM), pytest.raises(StorageFull, match="no backup was written"):
        back_up(store.database, tmp_path / "backup.jsonl", places=make_places(tmp_path))

    store.close()
    assert list(tmp_path.glob("*backup*")) == []


def test_a_home_that_cannot_be_written_to_is_one_sentence(tmp_path: Path):
    (tmp_path / "home").write_text("a file", encoding="utf-8")

    with pytest.raises(StoreUnavailable, match="desk.sqlite3 cannot be opened or written to .File exists"):
        open_record_store(SqliteDatabase(tmp_path / "home" / "desk.sqlite3"), clock=TickingClock())


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path):
    (tmp_path / "desk.sqlite3").write_bytes(b"this is no database, only text that stands in its place " * 100)

    with pytest.raises(Exception, match="is damaged; stop the desk"):
        open_record_store(SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock())
