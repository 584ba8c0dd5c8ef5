"""Checkpoints by themselves: who signed them, what is missing among them, what they say of a record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.checkpoints import CheckpointFolder, SigningKey, known_keys
from drafter.domain.review.audit import GENESIS
from drafter.domain.review.checkpoints import (
    Checkpoint,
    checkpoint_line,
    checkpoint_sha256,
    compare_copies,
    compare_record,
    living,
    read_checkpoint,
    verify_lines,
)
from drafter.errors import RecordError, StoreUnavailable

AT = datetime(2016, 12, 6, 9, 30, tzinfo=UTC)


def make_checkpoint(seq: int, **overrides: Any) -> Checkpoint:
    values: dict[str, Any] = {
        "kind": "checkpoint",
        "database_id": "db",
        "seq": seq,
        "sha256": f"{seq:064x}",
        "at": AT,
        "previous": GENESIS,
        "key": "k",
        "signature": "signed",
    }
    return Checkpoint(**(values | overrides))


def make_lines(*seqs: int) -> list[Checkpoint]:
    lines: list[Checkpoint] = []
    for seq in seqs:
        previous = checkpoint_sha256(lines[-1]) if lines else GENESIS
        lines.append(make_checkpoint(seq, previous=previous))
    return lines


def faults(lines: list[Checkpoint | None], *, signed: bool = True) -> list[tuple[str, int | None]]:
    found = verify_lines(lines, is_signed=lambda _: signed, what="line {}")
    return [(fault.fault, fault.seq) for fault in found]


def test_lines_that_nobody_touched_have_no_fault():
    assert faults([*make_lines(1, 100, 200)]) == []


def test_a_line_that_is_missing_unreadable_or_not_signed_is_a_fault():
    one, two, three = make_lines(1, 100, 200)

    assert faults([one, three]) == [("checkpoint-missing", 200)]
    assert faults([one, None, two]) == [("checkpoint-unreadable", None)]
    assert faults([one], signed=False) == [("checkpoint-forged", 1)]


def test_a_restore_gives_up_the_lines_after_the_one_it_names():
    one, two, three = make_lines(1, 100, 200)
    restored = make_checkpoint(101, kind="restored", previous=checkpoint_sha256(two))
    after = make_checkpoint(150, previous=checkpoint_sha256(restored))

    assert living([one, two, three, restored, after]) == (one, two, restored, after)
    assert faults([one, two, three, restored, after]) == []
    from_nothing = make_checkpoint(5, kind="restored")
    assert living([one, two, from_nothing]) == (from_nothing,)
    assert faults([one, two, from_nothing]) == []


def test_file_and_database_are_told_what_they_lack_of_each_other():
    lines = make_lines(1, 100, 200)

    assert [fault.fault for fault in compare_copies(lines[:2], lines)] == ["checkpoint-file-cut"]
    assert [fault.seq for fault in compare_copies(lines, lines[1:])] == [1]
    assert list(compare_copies(lines, lines)) == []


def test_a_checkpoint_that_a_kill_kept_out_of_the_file_is_no_cut():
    lines = make_lines(1, 100, 200)

    assert list(compare_copies(lines[:2], lines, filed_to=199)) == []
    assert [fault.fault for fault in compare_copies(lines[:2], lines, filed_to=200)] == ["checkpoint-file-cut"]


@pytest.mark.parametrize(
    ("changed", "fault", "seq"),
    [
        ({"head": 150}, "record-older-than-checkpoint", 151),
        ({"sealed_at": {1: f"{1:064x}", 100: "another", 200: f"{200:064x}"}}, "record-rewritten", 100),
        ({"database_id": "another"}, "another-database", 1),
    ],
)
def test_a_record_that_is_not_the_one_they_tell_of_is_a_fault(changed: dict[str, Any], fault: str, seq: int):
    whole = {"database_id": "db", "head": 203, "sealed_at": {seq: f"{seq:064x}" for seq in (1, 100, 200)}}
    lines = make_lines(1, 100, 200)

    assert list(compare_record(lines, **whole)) == []  # type: ignore[arg-type]
    first = next(compare_record(lines, **(whole | changed)))  # type: ignore[arg-type]
    assert (first.fault, first.seq) == (fault, seq)


def test_only_the_very_bytes_that_were_written_are_a_checkpoint():
    line = checkpoint_line(make_checkpoint(1))

    assert read_checkpoint(line) == make_checkpoint(1)
    for other in (line.replace(":1,", ": 1,"), f" {line}", line[:-1], line.replace("+00:00", "Z"), "", "{}"):
        assert read_checkpoint(other) is None or other == line


def test_a_signature_holds_for_its_key_and_its_words_only(tmp_path: Path):
    key, other = SigningKey(tmp_path / "keys"), SigningKey(tmp_path / "other")
    signed = key.sign(make_checkpoint(7))
    keys = known_keys((tmp_path / "keys").glob("*.pub"))

    assert keys.is_signed(signed)
    assert not keys.is_signed(signed.model_copy(update={"seq": 8}))
    assert not keys.is_signed(signed.model_copy(update={"signature": "no base64!"}))
    assert not keys.is_signed(other.sign(make_checkpoint(7)))
    assert SigningKey(tmp_path / "keys").key_id == key.key_id


def test_the_private_key_is_for_its_owner_alone(tmp_path: Path):
    SigningKey(tmp_path / "keys")
    file = tmp_path / "keys" / "checkpoint.key"
    assert file.stat().st_mode & 0o777 == 0o600

    file.chmod(0o644)
    with pytest.raises(StoreUnavailable, match="chmod 600"):
        SigningKey(tmp_path / "keys")
    file.chmod(0o600)
    file.write_text("no key", encoding="ascii")
    with pytest.raises(StoreUnavailable, match="is no signing key"):
        SigningKey(tmp_path / "keys")


def test_a_file_that_is_no_public_key_is_named(tmp_path: Path):
    (tmp_path / "a.pub").write_text("no key", encoding="ascii")

    with pytest.raises(RecordError, match="a.pub holds no public key"):
        known_keys([tmp_path / "a.pub"])
    with pytest.raises(RecordError, match="b.pub: no public key can be read"):
        known_keys([tmp_path / "b.pub"])


def test_a_line_that_a_kill_cut_off_is_written_again(tmp_path: Path):
    folder = CheckpointFolder(tmp_path, "db")
    one, two = map(checkpoint_line, make_lines(1, 100))
    folder.append([one])
    folder.file.write_text(f"{one}\n{two[:40]}", encoding="utf-8")

    folder.append([one, two])

    assert folder.file.read_text(encoding="utf-8") == f"{one}\n{two}\n"


def test_an_older_head_does_not_take_the_place_of_a_newer_unless_told(tmp_path: Path):
    folder = CheckpointFolder(tmp_path, "db")
    newer, older = make_checkpoint(9, kind="head"), make_checkpoint(4, kind="head")
    folder.set_head(newer)

    folder.set_head(older)
    assert folder.head() == newer
    folder.set_head(older, anew=True)
    assert folder.head() == older
