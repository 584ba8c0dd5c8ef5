"""A run on disk, and what is kept of it whatever ends the program.

    <run>/run.json       what the run rested on: dataset, stage, model, prompt, corpus, program, repeats, seed
    <run>/dataset/       the cases themselves, so that a run is scored again and reported without anything else
    <run>/results.jsonl  one row an item and repeat, written once; of a finished run in the order of the dataset
    <run>/replies.jsonl  every reply a model gave, as it came (`evals/asking.py`)
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
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from evals.errors import RunInvalid

Row = dict[str, Any]
RUN, RESULTS, REPLIES, SUMMARY, DATASET = "run.json", "results.jsonl", "replies.jsonl", "summary.json", "dataset"


class RunFolder:
    """The folder of one run, open for appending between `begin` and leaving the context."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._results: Any = None

    def begin(self, described: Mapping[str, Any], *, resume: bool) -> list[Row]:
        """The whole rows that are there already, errors left out.

        Raises RunInvalid where the folder holds a run and `resume` is False, or a run of something else.
        """
        if not (self.path / RUN).exists():
            self.path.mkdir(parents=True, exist_ok=True)
            (self.path / RESULTS).write_bytes(b"")
            replace(self.path / RUN, indented(described))
        elif not resume:
            raise RunInvalid(f"{self.path} already holds a run; add --resume to finish it, or name another folder")
        elif read_description(self.path) != dict(described):
            raise RunInvalid(f"{self.path} holds a run of another dataset, corpus or setting; name another folder")
        whole_lines(self.path / RESULTS)
        return read_rows(self.path)

    def keep(self, rows: Sequence[Row]) -> None:
        """Make these rows all that the folder holds."""
        replace(self.path / RESULTS, "".join(map(row_line, rows)))

    def __enter__(self) -> RunFolder:
        self._results = (self.path / RESULTS).open("ab", buffering=0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.fsync(self._results.fileno())
        self._results.close()

    def append(self, lines: Iterable[str]) -> None:
        """Put the rows of a case down, in one write."""
        self._results.write("".join(lines).encode("utf-8"))

    def settle(self, order: Mapping[str, int]) -> list[Row]:
        """The rows in the order of the dataset, and so in the file, whatever order they were finished in."""
        rows = read_rows(self.path)
        settled = sorted(rows, key=lambda row: (order[row["case_number"]], row.get("repeat", 0)))
        if settled != rows:
            self.keep(settled)
        return settled


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


def replace(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)
