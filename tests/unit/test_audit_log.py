"""The log of an audit: a stop in the night costs one letter, never a night."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from drafter.services.audit_log import AuditLog, read_at
from drafter.services.checking import Checked


def letters(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_text(f"letter {name}", encoding="utf-8")
    return [folder / name for name in names]


def checked(path: Path, *, items: int = 1) -> Checked:
    return Checked(path=str(path), form="text", items=items, sha256=sha256(path.read_bytes()).hexdigest())


def logged(folder: Path, paths: list[Path], *, rests: str = "corpus-1") -> AuditLog:
    log = AuditLog(folder / "audit.jsonl", rests=rests, resume=False)
    for path in paths:
        log.add(checked(path))
    return log


def test_a_letter_that_was_checked_is_taken_from_the_log(tmp_path: Path):
    first, second = letters(tmp_path, "a.txt", "b.txt")
    logged(tmp_path, [first])
    again = AuditLog(tmp_path / "audit.jsonl", rests="corpus-1", resume=True)
    assert again.place_of(first) == 0
    assert again.place_of(second) is None
    assert again.read(0) == checked(first)


def test_a_letter_that_was_changed_is_checked_again(tmp_path: Path):
    (first,) = letters(tmp_path, "a.txt")
    logged(tmp_path, [first])
    first.write_text("another text", encoding="utf-8")
    assert AuditLog(tmp_path / "audit.jsonl", rests="corpus-1", resume=True).place_of(first) is None


def test_another_corpus_makes_every_letter_unchecked(tmp_path: Path):
    (first,) = letters(tmp_path, "a.txt")
    logged(tmp_path, [first])
    assert AuditLog(tmp_path / "audit.jsonl", rests="corpus-2", resume=True).place_of(first) is None


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_half_written_last_line_is_dropped_and_what_follows_is_whole(tmp_path: Path, cut: int):
    first, second = letters(tmp_path, "a.txt", "b.txt")
    logged(tmp_path, [first, second])
    file = tmp_path / "audit.jsonl"
    file.write_bytes(file.read_bytes()[:-cut])
    log = AuditLog(file, rests="corpus-1", resume=True)
    assert log.place_of(first) == 0
    assert log.place_of(second) is None
    log.add(checked(second, items=3))
    assert read_at(file, log.places()[str(second)]).items == 3
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_without_resume_the_log_begins_anew(tmp_path: Path):
    (first,) = letters(tmp_path, "a.txt")
    logged(tmp_path, [first])
    assert AuditLog(tmp_path / "audit.jsonl", rests="corpus-1", resume=False).place_of(first) is None
