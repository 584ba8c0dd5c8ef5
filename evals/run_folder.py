"""A run on disk, and what is kept of it whatever ends the program.

    <run>/run.json       what the run rested on: dataset, stage, model, prompt, corpus, program, repeats, seed
    <run>/dataset/       the cases themselves, so that a run is scored again and reported without anything else
    <run>/results.jsonl  one row an item and repeat, written once; of a finished run in the order of the dataset
    <run>/replies.jsonl  every reply a model gave, as it came (`evals/asking.py`)
    <run>/scores.part    new scores while a run is scored again (`evals/rescoring.py`)
    <run>/summary.json   computed from the rows and nothing else; only of a run that has all its rows

Rows are appended case by case in one write, by one process. A program that is killed leaves whole rows and at most one
torn line at the end, which is cut; a case that lacks a row is run again. Rows that hold an error are taken out when a
run is resumed, and their cases are run again. What replaces a file is written beside it and renamed
(tests/e2e/test_killed_runs.py).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from evals.errors import RunInvalid
from guideline_corpus.whole_file import write_whole

Row = dict[str, Any]
RUN, RESULTS, REPLIES, SUMMARY, DATASET = "run.json", "results.jsonl", "replies.jsonl", "summary.json", "dataset"
LOCK = ".lock"


class RunFolder:
    """The folder of one run, held by one program at a time as long as its context lasts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None
        self._results: IO[bytes] | None = None

    def __enter__(self) -> RunFolder:
        """Raises RunInvalid where the folder cannot be written, or another program is writing it."""
        with said_of(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / LOCK).open("w", encoding="utf-8")
        if not _taken(self._lock):
            self._lock.close()
            raise RunInvalid(
                f"{self.path} is being written by another program; wait for its end, or name another folder"
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close_results()
        if self._lock is not None:
            self._lock.close()

    def begin(self, described: Mapping[str, Any], *, resume: bool) -> list[Row]:
        """The whole rows that are there already.

        Raises RunInvalid where the folder holds a run and `resume` is False, or a run of something else.
        """
        if not (self.path / RUN).exists():
            with said_of(self.path):
                (self.path / RESULTS).write_bytes(b"")
                write_whole(self.path / RUN, indented(described))
        elif not resume:
            raise RunInvalid(f"{self.path} already holds a run; add --resume to finish it, or name another folder")
        elif read_description(self.path) != dict(described):
            raise RunInvalid(f"{self.path} holds a run of another dataset, corpus or setting; name another folder")
        whole_lines(self.path / RESULTS)
        return read_rows(self.path)

    def keep(self, rows: Sequence[Row]) -> None:
        """Make these rows all that the folder holds."""
        self._close_results()
        with said_of(self.path):
            write_whole(self.path / RESULTS, "".join(map(row_line, rows)))

    def append(self, lines: Iterable[str]) -> None:
        """Put the rows of a case down, together, so that the system has them whatever becomes of this program."""
        with said_of(self.path):
            if self._results is None:
                self._results = (self.path / RESULTS).open("ab")
            self._results.write("".join(lines).encode("utf-8"))
            self._results.flush()

    def settle(self, order: Mapping[str, int]) -> list[Row]:
        """The rows in the order of the dataset, and so in the file, whatever order they were finished in."""
        self._close_results()
        rows = read_rows(self.path)
        settled = sorted(rows, key=lambda row: (order[row["case_number"]], row.get("repeat", 0)))
        if settled != rows:
            self.keep(settled)
        return settled

    def _close_results(self) -> None:
        if self._results is not None:
            with said_of(self.path):
                os.fsync(self._results.fileno())
                self._results.close()
            self._results = None


@contextmanager
def said_of(run: Path) -> Iterator[None]:
    """Turns what the system refuses into a sentence: RunInvalid."""
    try:
        yield
    except OSError as error:
        told = f"{run} cannot be written ({error.strerror}); make room or name another folder, then go on with --resume"
        raise RunInvalid(told) from None


def _taken(lock: IO[str]) -> bool:
    """Take the lock of a run, which the system gives back when this process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # no such lock on this system
        return True
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def finished_cases(rows: Sequence[Row], items: Mapping[str, Sequence[int]]) -> set[tuple[str, int]]:
    """Case and repeat of what need not run again: a row for each of its `items`, none of them an error."""
    held: dict[tuple[str, int], set[int]] = defaultdict(set)
    failed = set()
    for row in rows:
        key = (row["case_number"], row.get("repeat", 0))
        held[key].add(row["item"])
        if row.get("error"):
            failed.add(key)
    return {key for key, numbers in held.items() if numbers >= set(items.get(key[0], ()))} - failed


def whole_lines(path: Path) -> None:
    """Cut off a last line that was not written to its end."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        kept = end
        while kept:
            begin = max(0, kept - 65536)
            file.seek(begin)
            newline = file.read(kept - begin).rfind(b"\n")
            kept = begin + newline + 1
            if newline >= 0:
                break
        if kept < end:
            file.truncate(kept)


def read_rows(run: Path) -> list[Row]:
    """The rows of a run. Raises RunInvalid where there is none, or a line is damaged."""
    try:
        text = (run / RESULTS).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RunInvalid(f"{run} holds no run; make one with `evals run DATASET --out {run}`") from None
    try:
        return [json.loads(line) for line in text.split("\n") if line]
    except json.JSONDecodeError:
        raise RunInvalid(f"{run / RESULTS} holds a line that is no row; finish the run with --resume") from None


def read_summary(run: Path) -> Row:
    """The sums of a finished run. Raises RunInvalid where there is none."""
    try:
        summary: Row = json.loads((run / SUMMARY).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        raise RunInvalid(f"{run} holds no finished run; make one with `evals run DATASET --out {run}`") from None
    return summary


def read_description(run: Path) -> Row:
    """What a run rested on. Raises RunInvalid where there is none."""
    try:
        described: Row = json.loads((run / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RunInvalid(f"{run} holds no run; make one with `evals run DATASET --out {run}`.") from None
    return described


def row_line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def indented(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
