"""A run's folder: one writer, whole lines, and a sentence for what the system refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evals.errors import RunInvalid
from evals.progress import Progress
from evals.run_folder import RESULTS, RunFolder, finished_cases, read_rows, row_line, whole_lines
from tests.conftest import REPOSITORY


def row(case: str, item: int = 1, **told: object) -> dict[str, object]:
    return {"case_number": case, "item": item, "repeat": 0, "scores": {}} | told


@pytest.mark.parametrize("cut", range(1, 200, 13))
def test_a_last_line_that_was_torn_anywhere_is_cut_and_no_other(tmp_path: Path, cut: int):
    file, lines = tmp_path / RESULTS, [row_line(row(str(n), text="é\u2028" * n)) for n in range(6)]
    whole = "".join(lines).encode()
    file.write_bytes(whole[:-cut])
    whole_lines(file)
    kept = file.read_bytes()

    assert whole.startswith(kept)
    assert kept == b"" or kept.endswith(b"\n")
    assert len(whole) - len(kept) < cut + len(lines[-1].encode())


def test_a_long_torn_line_is_cut_too(tmp_path: Path):
    file = tmp_path / RESULTS
    file.write_bytes(b"one\n" + b"x" * 200_000)
    whole_lines(file)

    assert file.read_bytes() == b"one\n"


def test_a_case_is_finished_with_a_row_for_each_item_and_none_an_error():
    rows = [row("A"), row("A", 2), row("B"), row("C"), row("C", 2, error={"class": "slow"})]

    assert finished_cases(rows, {name: [1, 2] for name in "ABC"}) == {("A", 0)}


def test_two_programs_do_not_write_one_run(tmp_path: Path):
    script = f"""
from pathlib import Path
from evals.run_folder import RunFolder
with RunFolder(Path({str(tmp_path)!r})):
    pass
"""
    with RunFolder(tmp_path):
        second = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False,
            env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    assert "is being written by another program" in second.stderr


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(RunInvalid, match="cannot be written"), RunFolder(tmp_path / "file"):
        pass


def test_rows_are_settled_in_the_order_of_the_dataset_whatever_they_were_finished_in(tmp_path: Path):
    with RunFolder(tmp_path) as folder:
        folder.begin({"stage": "draft"}, resume=False)
        for case in ("C", "A", "B"):
            folder.append([row_line(row(case)), row_line(row(case, 2))])
        settled = folder.settle({"A": 0, "B": 1, "C": 2})

    assert [one["case_number"] for one in settled] == list("AABBCC")
    assert read_rows(tmp_path) == settled


def test_progress_tells_rate_time_left_calls_and_cost():
    told = Progress(done=30, total=90, began_with=10, errors=1, made=60, cost=0.5)

    assert told.text(10.0) == "30 of 90 cases, 2.0 a second, 30 s left, 60 calls, cost 0.50, 1 with errors"
    assert Progress(done=0, total=9).text(0.0) == "0 of 9 cases"
