"""The key that signs the record's checkpoints is changed under a desk at work: no restart, and all of it verifies."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from drafter.bootstrap import checkpoint_places, open_app, record_database
from drafter.cli.main import app
from drafter.domain.review.audit import new_entry
from drafter.domain.review.checkpoints import EVERY
from drafter.domain.review.events import SignedOut
from drafter.ports import RecordStore
from drafter.services.record_audit import audit_record
from drafter.settings import Settings, read_settings


@pytest.fixture
def settings() -> Settings:
    return read_settings()


def works_on(store: RecordStore, entries: int = EVERY) -> None:
    for _ in range(entries):
        event = SignedOut(account_id="somebody")
        store.append(new_entry(event, actor="somebody", request_id=uuid4().hex))


def signers(settings: Settings) -> list[str]:
    """Whose signatures the checkpoint file holds, in order, each once."""
    text = "".join(file.read_text(encoding="utf-8") for file in settings.checkpoints_dir.glob("*.jsonl"))
    return list(dict.fromkeys(part.partition('"')[0] for part in text.split('"key":"')[1:]))


def test_a_desk_at_work_signs_with_the_new_key_at_once_and_the_old_signatures_verify(settings: Settings):
    desk = open_app(settings).records
    works_on(desk)
    [before] = signers(settings)

    done = CliRunner().invoke(app, ["audit", "new-key"])
    works_on(desk)

    assert done.exit_code == 0, done.output
    assert len(signers(settings)) == 2
    after = signers(settings)[1]
    assert f"signed by {after} from now on; keep {before}.pub" in done.output
    assert [file.stem for file in sorted(settings.keys_dir.glob("*.pub"))] == sorted([before, after])
    assert list(desk.entries(actions=("signing-key-changed",)))
    verified = audit_record(record_database(settings), places=checkpoint_places(settings))
    assert verified.faults == ()
    assert verified.checkpoints >= 4


def test_without_the_old_public_key_what_it_signed_is_no_longer_proven(settings: Settings):
    desk = open_app(settings).records
    works_on(desk)
    [before] = signers(settings)
    CliRunner().invoke(app, ["audit", "new-key"])
    (settings.keys_dir / f"{before}.pub").unlink()

    verified = audit_record(record_database(settings), places=checkpoint_places(settings))

    assert {fault.fault for fault in verified.faults} == {"checkpoint-forged"}


def test_a_file_that_is_no_key_in_its_place_stops_no_save(settings: Settings, tmp_path: Path):
    desk = open_app(settings).records
    works_on(desk, 1)
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("no key", encoding="ascii")
    rubbish.chmod(0o600)
    rubbish.replace(settings.keys_dir / "checkpoint.key")

    works_on(desk)

    assert len(signers(settings)) == 1
    assert audit_record(record_database(settings), places=checkpoint_places(settings)).faults == ()
