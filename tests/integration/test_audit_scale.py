"""The benchmark of audits at size: its letters, what it calls whole and flat, and a small run of all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from drafter.services.intake import read_case
from evals.benchmarks.audit_scale import Audit, faults_of, is_flat
from evals.benchmarks.varied_letters import write_letters
from tests.conftest import REPOSITORY
from tests.factories import make_case, make_item

RATIONALE = "On 3/4/2016 the left knee was swollen. It was rated 5 out of 10. The request is not medically necessary."
CASE = make_case(items=(make_item(number=1, determination="upheld", rationale=RATIONALE),))


def audit(*held: int) -> Audit:
    memory = tuple((letters * 100, bytes_held) for letters, bytes_held in enumerate(held))
    return Audit(wall=1, client=1, scheduler=1, workers=(1,), memory=memory, printed=b"")


def test_letters_are_read_as_the_form_of_2016_and_no_two_are_the_same(tmp_path: Path):
    write_letters([CASE], tmp_path, count=30)
    letters = sorted(tmp_path.iterdir())
    cases = [read_case(path) for path in letters]

    assert {case.form for case in cases} == {"2016-section"}
    assert len({case.case_number for case in cases}) == 30
    assert len({case.items[0].rationale for case in cases}) > 5
    assert len({case.items[0].determination for case in cases}) == 2


def test_the_same_letters_are_written_again(tmp_path: Path):
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        write_letters([CASE], folder, count=10)

    assert [path.read_bytes() for path in sorted((tmp_path / "one").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "two").iterdir())
    ]


def test_what_is_missing_or_twice_in_an_output_is_told():
    expected = b"a\nb\nc\n"

    assert faults_of(expected, expected, letters=3) == []
    assert faults_of(b"a\nc\nc\n", expected, letters=3) == ["other bytes", "1 letters missing", "1 lines twice"]


def test_memory_that_grows_with_the_letters_is_not_flat():
    grown = [50_000_000 + number * 1_000_000 for number in range(51)]

    assert is_flat(audit(50_000_000, 60_000_000, *[61_000_000] * 50))
    assert not is_flat(audit(*grown))


@pytest.mark.long
def test_a_small_run_of_the_benchmark_holds_what_it_measures(tmp_path: Path):
    command = [sys.executable, "-m", "evals.benchmarks.audit_scale", "--letters", "160", "--kills", "1"]

    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=900)

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("| the same |") == 4
    assert "two workers, one killed 1 times" in run.stdout
