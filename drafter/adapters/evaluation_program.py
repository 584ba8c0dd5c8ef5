"""Signed cases into a dataset by the program `evals`, which stands beside this one; nothing of it is imported here.

The case goes in by standard input, never by a file name or an argument; the program takes identifiers out and refuses a
case in which one is left.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from drafter.domain.review.signed import SignedForEvaluation
from drafter.errors import EvaluationRefused

SECONDS = 60


class EvaluationProgram:
    """An `EvaluationCases` that keeps its dataset in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, signed: SignedForEvaluation) -> str:
        """See `EvaluationCases.add`."""
        command = [sys.executable, "-c", "from evals.cli import main; main()", "datasets", "add-signed"]
        try:
            ran = subprocess.run(
                [*command, str(self._folder)],
                input=signed.model_dump_json().encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            raise EvaluationRefused("The program that keeps evaluation cases did not answer; try again.") from None
        if ran.returncode:
            lines = ran.stderr.decode("utf-8", "replace").strip().splitlines()
            raise EvaluationRefused(lines[-1] if lines else "The case was refused; see `evals datasets add-signed`.")
        return self._folder.name
