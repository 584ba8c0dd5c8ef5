"""Files on their way into the record, wherever they wait: a folder, memory, a store over the network."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from drafter.adapters.import_bucket import ImportBucket
from drafter.adapters.import_folder import ImportFolder
from drafter.desk_bootstrap import open_importing
from drafter.domain.review.imports import Import, ImportedFile
from drafter.errors import SettingInvalid, StoreUnavailable
from drafter.settings import settings_from
from drafter.upload_ports import Uploads
from tests.conftest import REPOSITORY
from tests.fakes import FakeRecordStore, FixedClock

NOW = datetime(2016, 11, 9, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Open = Callable[[], Uploads]


# A store of your own is held to the same promises: UPLOADS=s3://bucket/tests pytest tests/contract/test_uploads.py
STORE = os.environ.get("UPLOADS")


@pytest.fixture(params=["folder", "memory", *filter(None, [STORE])])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the uploads as each process of a desk does: with one place and one home."""
    if request.param == "folder":
        yield lambda: ImportFolder(tmp_path / "imports")
        return
    if request.param == STORE:
        yield lambda: ImportBucket(f"{STORE}/{tmp_path.name}", claims=tmp_path / "imports")
        return
    from fsspec.implementations.memory import MemoryFileSystem

    prefix = f"uploads-{uuid4().hex}"
    yield lambda: ImportBucket(f"memory://{prefix}/imports", claims=tmp_path / "imports")
    if MemoryFileSystem().exists(f"/{prefix}"):
        MemoryFileSystem().rm(f"/{prefix}", recursive=True)


def brought(uploads: Uploads, *contents: bytes, at: datetime = NOW, outcome: str = "waiting") -> Import:
    import_id = uuid4().hex
    uploads.claim(import_id)
    files = []
    for content in contents:
        file_id = uuid4().hex
        size = uploads.put(import_id, file_id, io.BytesIO(content))
        files.append(ImportedFile(file_id=file_id, name="case.yaml", size=size, outcome=outcome))
    batch = Import(import_id=import_id, by="reviewer-1", at=at, files=tuple(files))
    uploads.save(batch)
    return batch


def read(uploads: Uploads, batch: Import, number: int = 0) -> bytes:
    with uploads.brought(batch.import_id, batch.files[number].file_id) as path:
        return path.read_bytes()


def test_what_was_brought_is_read_by_any_process_byte_by_byte(opened: Open):
    batch = brought(opened(), b"one", b"\x00" * 3_000_000)
    other = opened()

    assert other.load(batch.import_id) == batch
    assert [file.size for file in batch.files] == [3, 3_000_000]
    assert read(other, batch) == b"one"
    assert read(other, batch, 1) == b"\x00" * 3_000_000
    assert [one.import_id for one in other.all()] == [batch.import_id]


def test_the_progress_that_one_process_notes_another_shows(opened: Open):
    reading, showing = opened(), opened()
    batch = brought(reading, b"one", b"two")
    for file in batch.files:
        batch = batch.with_file(file.model_copy(update={"outcome": "opened", "case_id": "c"}))
        reading.save(batch)
        assert showing.load(batch.import_id) == batch
    assert batch.finished


def test_one_process_reads_an_import_until_it_lets_go(opened: Open):
    first, second = opened(), opened()
    batch = brought(first, b"one")

    assert not first.claim(batch.import_id)
    assert not second.claim(batch.import_id)
    first.let_go(batch.import_id)
    assert second.claim(batch.import_id)
    second.let_go_of_all()
    assert first.claim(batch.import_id)
    first.let_go_of_all()


def test_a_process_that_was_killed_lets_go_too(tmp_path: Path):
    import_id = uuid4().hex
    code = (
        "import sys, time; from pathlib import Path; from drafter.adapters.import_claims import ImportClaims; "
        "claims = ImportClaims(Path(sys.argv[1])); print(claims.take(sys.argv[2]), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path), import_id]
    mine = ImportFolder(tmp_path)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not mine.claim(import_id)
        other.kill()
        other.wait()
    assert mine.claim(import_id)
    mine.let_go_of_all()


def test_bytes_that_are_in_the_record_are_dropped_and_the_list_stays(opened: Open):
    uploads = opened()
    batch = brought(uploads, b"one", b"two")
    uploads.drop(batch.import_id, batch.files[0].file_id)
    uploads.drop(batch.import_id, batch.files[0].file_id)

    with pytest.raises(FileNotFoundError):
        read(uploads, batch)
    assert read(uploads, batch, 1) == b"two"
    assert uploads.load(batch.import_id) == batch
    uploads.let_go_of_all()


def begun(uploads: Uploads) -> tuple[str, str]:
    """An import whose list is not written yet, and its one file; the lock is the caller's."""
    import_id, file_id = uuid4().hex, uuid4().hex
    uploads.claim(import_id)
    uploads.put(import_id, file_id, io.BytesIO(b"the list of this one is not written yet"))
    return import_id, file_id


def days_ago(imports: Path, import_id: str, days: int) -> None:
    then = (datetime.now(UTC) - days * DAY).timestamp()
    os.utime(imports / import_id, (then, then))


def test_what_ended_a_day_ago_is_deleted_and_nothing_else(opened: Open, tmp_path: Path):
    uploads, other, now = opened(), opened(), datetime.now(UTC)
    ended = brought(uploads, b"old", at=now - 2 * DAY, outcome="opened")
    fresh, waiting = brought(uploads, b"new", at=now), brought(uploads, b"waits", at=now - 2 * DAY)
    slow, left = begun(uploads), begun(uploads)
    for import_id, _ in (slow, left):
        days_ago(tmp_path / "imports", import_id, 2)
    uploads.let_go(left[0])  # whoever brought this died over it
    other.forget(before=now - DAY)

    assert {one.import_id for one in uploads.all()} == {fresh.import_id, waiting.import_id}
    with uploads.brought(*slow) as path:
        assert path.read_bytes().startswith(b"the list")
    with pytest.raises((FileNotFoundError, StoreUnavailable)), uploads.brought(*left) as gone:
        gone.read_bytes()
    with pytest.raises(FileNotFoundError):
        read(uploads, ended)
    uploads.let_go_of_all()


def test_an_import_that_is_just_being_begun_is_not_deleted_at_any_moment_of_it(opened: Open, tmp_path: Path):
    uploads, other, yesterday = opened(), opened(), datetime.now(UTC) - DAY
    import_id, file_id = uuid4().hex, uuid4().hex
    (tmp_path / "imports" / import_id).mkdir(parents=True)
    other.forget(before=yesterday)
    assert uploads.claim(import_id)
    other.forget(before=yesterday)
    size = uploads.put(import_id, file_id, io.BytesIO(b"one"))
    other.forget(before=yesterday)
    uploads.let_go(import_id)
    other.forget(before=yesterday)
    batch = Import(
        import_id=import_id,
        by="reviewer-1",
        at=datetime.now(UTC),
        files=(ImportedFile(file_id=file_id, name="case.yaml", size=size),),
    )
    uploads.save(batch)
    other.forget(before=yesterday)

    assert other.claim(import_id)
    assert read(other, batch) == b"one"
    other.let_go_of_all()


def test_what_is_left_without_a_lock_is_deleted_a_day_after_it_was_first_seen(opened: Open, tmp_path: Path):
    uploads, yesterday = opened(), datetime.now(UTC) - DAY
    import_id, file_id = begun(uploads)
    uploads.let_go(import_id)
    if not isinstance(uploads, ImportFolder):
        shutil.rmtree(tmp_path / "imports" / import_id)
    uploads.forget(before=yesterday)
    with uploads.brought(import_id, file_id) as path:
        assert path.is_file()

    days_ago(tmp_path / "imports", import_id, 2)
    uploads.forget(before=yesterday)
    with pytest.raises((FileNotFoundError, StoreUnavailable)), uploads.brought(import_id, file_id) as gone:
        gone.read_bytes()


def test_a_file_that_breaks_off_on_its_way_leaves_nothing_of_its_import(opened: Open):
    class BreaksOff(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the connection of the browser broke off")

    uploads = opened()
    import_id, whole = uuid4().hex, uuid4().hex
    uploads.claim(import_id)
    uploads.put(import_id, whole, io.BytesIO(b"whole"))
    with pytest.raises(StoreUnavailable, match="nothing of this import was kept"):
        uploads.put(import_id, uuid4().hex, BreaksOff())

    with pytest.raises(FileNotFoundError), uploads.brought(import_id, whole) as path:
        path.read_bytes()
    assert list(uploads.all()) == []


@pytest.mark.parametrize("told", ["../x", "a" * 31, "A" * 32, "", "a" * 32 + "/../b"])
def test_nothing_is_named_by_anything_but_ids_of_ours(opened: Open, told: str):
    uploads = opened()

    assert uploads.load(told) is None
    for act in (
        lambda: uploads.put(told, uuid4().hex, io.BytesIO(b"x")),
        lambda: uploads.put(uuid4().hex, told, io.BytesIO(b"x")),
        lambda: uploads.claim(told),
        lambda: uploads.drop(uuid4().hex, told),
    ):
        with pytest.raises(ValueError, match="ids of ours"):
            act()


def test_files_wait_where_the_setting_says(tmp_path: Path):
    def uploads(**told: str) -> Uploads:
        settings = settings_from({"DRAFTER_HOME": str(tmp_path / "home"), **told})
        asked = {"store": FakeRecordStore(), "clock": FixedClock(), "address": settings.uploads_address}
        return open_importing(settings.imports_dir, **asked)._folder  # type: ignore[arg-type]

    batch = brought(uploads(), b"one")
    assert (tmp_path / "home" / "imports" / batch.import_id).is_dir()
    batch = brought(uploads(DRAFTER_UPLOADS=str(tmp_path / "shared")), b"one")
    assert (tmp_path / "shared" / batch.import_id).is_dir()
    batch = brought(uploads(DRAFTER_UPLOADS="memory://bucket"), b"one")
    assert [file.name for file in (tmp_path / "home" / "imports" / batch.import_id).iterdir()] == ["claim"]


def test_an_address_that_cannot_be_used_is_one_sentence(tmp_path: Path):
    for address in ("nowhere://bucket", "dropbox://bucket"):
        with pytest.raises(SettingInvalid, match="DRAFTER_UPLOADS") as refused:
            ImportBucket(address, claims=tmp_path)
        assert "\n" not in str(refused.value)
