"""What tests of the real commands share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the starter corpus built."""
    home = tmp_path_factory.mktemp("corpus-home")
    program = Path(sys.executable).parent / "guideline-corpus"
    environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    built = subprocess.run([program, "build"], capture_output=True, env=environment, check=False, timeout=120)
    assert built.returncode == 0, built.stderr
    return home
