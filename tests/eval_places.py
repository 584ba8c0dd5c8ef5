"""A home over a built corpus, a dataset of invented cases, and the `evals` command in it, for tests of real runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

PROGRAMS = Path(sys.executable).parent
CASE = """
case_number: CM16-{number:07d}
dates: {{injury: 2016-03-14, rfa: 2016-10-10, ur_denial: 2016-10-20}}
case_summary: >
  The worker complained of low back pain on 10/05/2016, in the file of case {number}.
items: [{{treatment: "Physical therapy, 6 visits, low back"}}, {{treatment: "Acupuncture, 4 visits, low back"}}]
"""


class EvalPlace:
    """`folder` with `home/`, `set/` (a dataset of `cases` cases of two items each) and whatever runs are made there."""

    def __init__(self, folder: Path, corpus_home: Path, *, cases: int) -> None:
        self.folder = folder
        self.items = 2 * cases
        self.home = folder / "home"
        self.home.mkdir()
        (self.home / "corpus").symlink_to(corpus_home / "corpus")
        (self.home / "cache").mkdir()
        for kept in (corpus_home / "cache").iterdir():
            (self.home / "cache" / kept.name).symlink_to(kept)
        (folder / "cases").mkdir()
        for number in range(1, cases + 1):
            (folder / "cases" / f"{number:03d}.yaml").write_text(CASE.format(number=number), encoding="utf-8")
        imported = self("import", "cases", "--out", "set")
        assert imported.returncode == 0, imported.stderr

    def command(
        self, *arguments: str, program: Path = PROGRAMS / "evals", url: str = "", **extra: str
    ) -> dict[str, Any]:
        """What subprocess is given to run a program; `extra` are variables of the environment."""
        environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(self.home), "PYTHONPATH": str(REPOSITORY)}
        if url:
            environment |= {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "k-secret"}
        return {"args": [str(program), *arguments], "env": environment | extra, "cwd": self.folder, "text": True}

    def __call__(self, *arguments: str, **told_apart: Any) -> subprocess.CompletedProcess[str]:
        told = self.command(*arguments, **told_apart)
        return subprocess.run(**told, capture_output=True, check=False, timeout=300)

    def options(self, out: str, *options: str, stage: str = "draft") -> tuple[str, ...]:
        """The arguments of a run with a model."""
        processes = () if "--concurrency" in options else ("--concurrency", "1")  # one is started sooner than two
        return ("run", "set", "--out", out, "--stage", stage, "--model", "openai:m", *processes, *options)

    def run(self, out: str, *options: str, stage: str = "draft", **told: str) -> subprocess.CompletedProcess[str]:
        return self(*self.options(out, *options, stage=stage), **told)

    def lines(self, out: str) -> list[str]:
        """The whole lines of a run's rows."""
        try:
            text = (self.folder / out / "results.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return text.split("\n")[:-1]

    def rows(self, out: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines(out)]

    def summary(self, out: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / out / "summary.json").read_text(encoding="utf-8"))
        return found
