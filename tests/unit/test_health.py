"""Whether a process says in time how it is, and says no more than whoever asks may know."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drafter.adapters.checkpoints import CheckpointFolder
from drafter.adapters.health_probes import (
    look_at_checkpoints,
    look_at_chroma,
    look_at_corpus,
    look_at_disk,
    look_at_queue,
)
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.adapters.record_store.standing import RecordStanding
from drafter.domain.health import Part, PartName
from drafter.domain.review.jobs import QueueStanding
from drafter.errors import StoreUnavailable
from drafter.services.health import HealthCheck, Probe
from guideline_corpus.errors import CorpusNotBuilt
from tests.fakes import TickingClock
from tests.record_factories import make_places
from tests.web_factories import MovingClock


def probe(name: PartName = "record", *, told: str = "", needed: bool = False) -> Probe:
    part = Part(name=name, state="degraded" if told else "ok", told=told)
    return Probe(name=name, look=lambda: part, needed=needed)


def test_a_process_is_ready_while_every_needed_part_is_there():
    check = HealthCheck((probe(needed=True), probe("search", told="by keyword")), clock=MovingClock())

    assert (check.look().ready, check.look().status) == (True, "degraded")


def test_a_needed_part_that_fails_takes_the_process_out_of_service_with_its_sentence():
    def away() -> Part:
        raise StoreUnavailable("The record cannot be reached.")

    found = HealthCheck((Probe(name="record", look=away, needed=True),), clock=MovingClock()).look()

    assert (found.status, found.parts[0].told) == ("down", "The record cannot be reached.")


def test_an_unforeseen_fault_is_told_without_its_words():
    def fail() -> Part:
        raise ValueError("Zebulon Quince")

    found = HealthCheck((Probe(name="model", look=fail),), clock=MovingClock()).look()

    assert found.status == "degraded"
    assert found.parts[0].told == "An unforeseen fault (ValueError)."


def test_a_part_that_hangs_is_left_behind_and_not_asked_a_second_time():
    asked, released = [], threading.Event()

    def hang() -> Part:
        asked.append(1)
        released.wait()
        return Part(name="chroma")

    clock = MovingClock()
    check = HealthCheck((Probe(name="chroma", look=hang), probe(needed=True)), clock=clock, seconds=0.1)
    began = time.monotonic()
    first = check.look()
    clock.pass_by(seconds=2)
    second = check.look()

    assert time.monotonic() - began < 2
    assert len(asked) == 1
    assert {found.parts[0].told for found in (first, second)} == {"It does not answer in time."}
    assert first.ready
    released.set()


def test_many_who_ask_cost_as_much_as_one_until_a_moment_has_passed():
    asked, clock = [], MovingClock()

    def look() -> Part:
        asked.append(1)
        return Part(name="record")

    check = HealthCheck((Probe(name="record", look=look, needed=True),), clock=clock)
    for _ in range(20):
        check.look()
    clock.pass_by(seconds=2)
    check.look()

    assert len(asked) == 2


def test_room_that_grows_short_is_told_before_it_is_gone(tmp_path: Path):
    not_yet_made = tmp_path / "home" / "checkpoints"

    assert look_at_disk((tmp_path, not_yet_made), low_mb=1).state == "ok"
    free = int(look_at_disk((tmp_path,), low_mb=10**9).told.split()[0])
    assert look_at_disk((tmp_path,), low_mb=10**9).state == "failed"
    assert look_at_disk((tmp_path,), low_mb=free * 2).state == "degraded"


def test_a_home_without_a_corpus_that_can_be_read_is_not_ready(tmp_path: Path):
    with pytest.raises(CorpusNotBuilt):
        look_at_corpus(tmp_path)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "current").write_text("v1-gone")

    found = look_at_corpus(tmp_path)

    assert (found.state, "v1-gone cannot be read" in found.told) == ("failed", True)


def test_a_chroma_server_that_is_away_degrades_and_is_not_waited_for():
    began = time.monotonic()

    assert look_at_chroma("http://127.0.0.1:9").state == "degraded"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (QueueStanding(workers=1), "ok"),
        (QueueStanding(workers=2, waiting=3, oldest_seconds=10), "ok"),
        (QueueStanding(), "degraded"),
        (QueueStanding(waiting=3, oldest_seconds=10), "degraded"),
        (QueueStanding(workers=1, waiting=3, oldest_seconds=900), "degraded"),
    ],
)
def test_drafts_that_nobody_writes_are_told(standing: QueueStanding, state: str):
    assert look_at_queue(standing, patience=300).state == state


def test_a_record_of_other_tables_is_not_served(tmp_path: Path):
    database = SqliteDatabase(tmp_path / "desk.sqlite3")
    store = open_record_store(database, clock=TickingClock())
    standing = RecordStanding(database)
    assert standing.look().state == "ok"

    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    assert standing.look().state == "failed"
    assert "restart the desk" in standing.look().told
    store.close()


def test_checkpoints_that_fall_behind_or_cannot_be_written_are_told(tmp_path: Path):
    clock, places = MovingClock(datetime(2016, 12, 6, 12, 0, tzinfo=UTC)), make_places(tmp_path)
    database = SqliteDatabase(tmp_path / "desk.sqlite3")
    store = open_record_store(database, clock=TickingClock(clock.at - timedelta(hours=1)), checkpoints=places)
    standing = RecordStanding(database)
    kept, last = CheckpointFolder(places.folder, standing.database_id()), standing.last_entry()
    assert last is not None
    assert look_at_checkpoints(kept, last, clock=clock).state == "ok"

    next(places.folder.glob("*.head")).unlink()
    behind = look_at_checkpoints(kept, last, clock=clock)
    missing = look_at_checkpoints(CheckpointFolder(tmp_path / "nowhere", "x"), last, clock=clock)

    assert (behind.state, "know of entry 0" in behind.told) == ("degraded", True)
    assert (missing.state, missing.told) == ("degraded", "The folder of the checkpoints cannot be written to.")
    store.close()
