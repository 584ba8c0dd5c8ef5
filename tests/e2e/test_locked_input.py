"""A PDF with a password on the command line: asked for, never shown, never in the arguments."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.integration.test_importing import printed

PROGRAM = Path(sys.executable).parent / "drafter"
SECRET = "violet-harbour-9314"
LETTER = "The worker has low back pain."
pytestmark = pytest.mark.bad_input(5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "locked.pdf").write_bytes(printed(LETTER, encrypt=SECRET))
    return tmp_path


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(folder), "PYTHONPATH": str(REPOSITORY)} | more


def parse(folder: Path, *options: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), "parse", "locked.pdf", "--json", *options]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, cwd=folder, env=environment(folder, **more), check=False,
        timeout=60,
    )  # fmt: skip


def test_without_a_terminal_it_says_how_a_password_is_given(folder: Path):
    done = parse(folder)

    assert done.returncode == 2
    assert "locked.pdf opens only with a password; give it in DRAFTER_PDF_PASSWORD" in done.stderr


def test_it_comes_from_standard_input_or_the_environment(folder: Path):
    for done in (parse(folder, "--password", stdin=f"{SECRET}\n"), parse(folder, DRAFTER_PDF_PASSWORD=SECRET)):
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["case_summary"] == LETTER
        assert SECRET not in done.stdout + done.stderr


def test_a_wrong_one_is_told_and_not_repeated(folder: Path):
    done = parse(folder, DRAFTER_PDF_PASSWORD="wrong-one")

    assert done.returncode == 2
    assert done.stderr == "locked.pdf does not open with this password; try again\n"


def test_at_a_terminal_it_is_asked_for_and_not_shown(folder: Path):
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [str(PROGRAM), "parse", "locked.pdf", "--json"], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
        cwd=folder, env=environment(folder), start_new_session=True,
    )  # fmt: skip
    shown = b""
    while b"Password of locked.pdf:" not in shown:
        shown += os.read(ours, 1000)
    os.write(ours, f"{SECRET}\n".encode())
    out, _ = asked.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)

    assert asked.returncode == 0
    assert json.loads(out)["case_summary"] == LETTER
    assert SECRET.encode() not in shown


def test_input_and_password_cannot_share_standard_input(folder: Path):
    command = [str(PROGRAM), "parse", "-", "--password"]
    done = subprocess.run(
        command, input="x", capture_output=True, text=True, cwd=folder, env=environment(folder), check=False
    )

    assert done.returncode == 2
    assert "cannot both come from standard input" in done.stderr
