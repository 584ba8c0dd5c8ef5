"""Published letters through the real programs into the second collection, and out again for a case."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = pytest.mark.long
PROGRAMS = Path(sys.executable).parent


def run(home: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [PROGRAMS / program, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_a_reviewer_sees_how_like_requests_were_decided(tmp_path: Path, letters_dir: Path):
    added = run(tmp_path, "guideline-corpus", "add-decided", str(letters_dir), "--json")
    assert added.returncode == 0, added.stderr
    assert json.loads(added.stdout)["held"] > 50

    letter = next(path for path in sorted(letters_dir.glob("CM17-*.pdf"), reverse=True))
    found = run(tmp_path, "drafter", "similar", str(letter), "--json")

    assert found.returncode == 0, found.stderr
    shown = json.loads(found.stdout)
    results = [one["decided_item"] for item in shown["items"] for one in item["results"]]
    assert results
    assert shown["case_number"] not in {one["case_number"] for one in results}
    assert {item["authority"] for item in shown["items"]} == {"not authority"}
    assert all(one["decided"] < item["before"] for item in shown["items"] for one in
               (result["decided_item"] for result in item["results"]))  # fmt: skip
