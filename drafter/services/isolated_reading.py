"""Reads an uploaded case in a child process, so that no file can take the desk down with it.

The file goes by an id of ours; what its owner calls it is only ever shown. Files that a case file names as its records
are looked for among those that came with it, and nowhere else.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from pydantic import SecretStr

from drafter.domain.case import Case
from drafter.errors import InputUnreadable, PasswordNeeded
from drafter.services.intake import CASE_SUFFIXES, named_records
from guideline_corpus.readers.worker import MEMORY_BYTES, OUT_OF_MEMORY, seconds_for

NO_PASSWORD = SecretStr("")
_SUFFIXES = CASE_SUFFIXES | {".json", ".jsonl"}
_CASE_FILES = frozenset({".yaml", ".yml", ".json"})


def read_isolated_case(file: Path, *, name: str, beside: Mapping[str, Path], password: SecretStr = NO_PASSWORD) -> Case:
    """The case of a file within 1 GiB of memory and 30 s (`seconds_for`: up to 90 s for files of several megabytes).

    `beside` are the files that came with it, by the last part of their names. The password goes to the child through a
    pipe, and nowhere else. Raises InputUnreadable, also where the child broke off, PasswordNeeded, and CaseInvalid.
    """
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        given = Path(folder, f"given{_suffix(name)}")
        shutil.copyfile(file, given)
        for record, source in _records(given, beside):
            record.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, record)
        found = _ask_child(given, Path(folder, "result"), name=name, password=password)
    if "locked" in found:
        raise PasswordNeeded(str(found["locked"]))
    if "error" in found:
        raise InputUnreadable(str(found["error"]))
    return Case.model_validate(found["case"])


def is_case_file(name: str) -> bool:
    """Whether a file of that name may name others as its records."""
    return _suffix(name) in _CASE_FILES


def records_named_by(file: Path, *, name: str, beside: Mapping[str, Path]) -> tuple[str, ...]:
    """Which of the files `beside` a case file names as its records."""
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        given = Path(folder, f"given{_suffix(name)}")
        if given.suffix not in _CASE_FILES:
            return ()
        shutil.copyfile(file, given)
        return tuple(record.name for record, _ in _records(given, beside))


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix in _SUFFIXES else ""


def _records(given: Path, beside: Mapping[str, Path]) -> Iterator[tuple[Path, Path]]:
    """Where each record that a case file names is looked for, and the file that came with it by that name."""
    folder = given.parent.resolve()
    for record in set(named_records(given)):
        if record.is_relative_to(folder) and record != given.resolve() and record.name in beside:
            yield record, beside[record.name]


def _ask_child(given: Path, result: Path, *, name: str, password: SecretStr) -> dict[str, object]:
    command = [sys.executable, "-m", "drafter.services.reading_worker", str(given), str(result), _told(name)]
    seconds = seconds_for(given.stat().st_size)
    try:
        ended = subprocess.run(
            command, input=password.get_secret_value().encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InputUnreadable(f"{name} takes longer than {seconds} s to read; split or repair it") from None
    if ended.returncode or not result.is_file():
        raise InputUnreadable(_why_ended(ended.returncode, ended.stderr, name))
    found: dict[str, object] = json.loads(result.read_bytes())
    return found


def _told(name: str) -> str:
    """A name as an argument of a program can hold it."""
    return name.replace("\0", "")[:300].encode("utf-8", "replace").decode("utf-8")


def _why_ended(code: int, told: bytes, name: str) -> str:
    if code == OUT_OF_MEMORY or b"MemoryError" in told or b"bad_alloc" in told:
        return f"{name} needs more than {MEMORY_BYTES >> 20} MB of memory to read; split it or repair it"
    return f"{name}: damaged after upload or at source (reading it broke off); ask for a new copy"
