"""Trials by the program `evals`, which stands beside this one; nothing of it is imported here.

The two meet at its commands and at the files that docs/contract.md promises: `evals run DATASET --stage draft` under
each version, `evals gate LIVE CANDIDATE`, `RUN/run.json` and `RUN/results.jsonl`. A run is kept by what it rests on, so
that the live version is not run again for every candidate, and one that was cut off is finished. The commands are held
to by tests/e2e/test_prompt_commands.py.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from drafter.domain.prompting.trial import ChangedItem, TrialRequest, TrialResult, Verdict
from drafter.errors import TrialFailed
from drafter.ports import Clock

PROGRAM = "evals"
VERDICTS: Mapping[int, Verdict] = {0: "PASS", 1: "FAIL", 3: "INCONCLUSIVE"}
WRONG, INCOMPLETE = 2, 4
WAITING = frozenset({"reply-pending", "model-failed"})
Row = Mapping[str, Any]
Rows = Mapping[tuple[str, int], Row]


class EvalsProgram:
    """A `TrialRuns` that keeps its runs under a folder."""

    def __init__(self, folder: Path, *, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def run(self, request: TrialRequest) -> TrialResult:
        """See `TrialRuns.run`."""
        name, version = _dataset(request.dataset)
        folder = self._folder / version[:16]
        sides = (
            (request.against, _run_folder(folder, request.model, request.against_digest)),
            (request.label, _run_folder(folder, request.model, request.digest)),
        )
        _run_both(request, sides)
        before, after = (_rows(path) for _, path in sides)
        page = ["--report", str(request.page)] if request.page else []
        gated = _told("gate", str(sides[0][1]), str(sides[1][1]), "--gate", str(request.gate), *page)
        if gated.returncode not in VERDICTS:
            raise TrialFailed(f"The gate gave no verdict: {_last(gated)}")
        return TrialResult(
            label=request.label,
            digest=request.digest,
            against=request.against,
            against_digest=request.against_digest,
            model=request.model,
            dataset=version,
            dataset_name=name,
            gate=hashlib.sha256(request.gate.read_bytes()).hexdigest(),
            corpus_version=_described(sides[1][1]).get("corpus_version", "unknown"),
            items=len(after),
            cases=len({case for case, _ in after}),
            verdict=VERDICTS[gated.returncode],
            report=gated.stdout.strip(),
            changed=changed_items(before, after),
            at=self._clock.now(),
        )


def changed_items(before: Rows, after: Rows) -> tuple[ChangedItem, ...]:
    """The items whose sentences or scores differ, those with a lost score first."""
    found = [
        ChangedItem(
            case_number=key[0],
            item=key[1],
            sentences_before=len(_sentences(before[key])),
            sentences_after=len(_sentences(after[key])),
            scores=moved,
        )
        for key in sorted(before.keys() & after.keys())
        if (moved := _moved(before[key], after[key])) or _sentences(before[key]) != _sentences(after[key])
    ]
    return tuple(sorted(found, key=lambda one: (not one.scores, one.case_number, one.item)))


def _run_both(request: TrialRequest, sides: Sequence[tuple[str, Path]]) -> None:
    """Both runs at once. Raises TrialFailed where one does not finish, or leaves items without a reply."""
    started = [(label, path, _start(request, label, path)) for label, path in sides]
    open_ends = [told for label, path, process in started if (told := _open_end(request, label, path, process))]
    if open_ends:
        raise TrialFailed(f"There is no verdict yet. {' '.join(open_ends)} What is finished and every reply are kept.")


def _open_end(request: TrialRequest, label: str, path: Path, process: subprocess.Popen[str]) -> str | None:
    """Why a run that ended is no whole one, None where it is; what cannot be gone on with is made anew next time."""
    ended = _ended(process)
    if ended.returncode == WRONG and path.is_dir():
        shutil.rmtree(path)  # a run of another corpus or program
        ended = _ended(_start(request, label, path))
    if ended.returncode == INCOMPLETE:
        return f"{label} is not finished: {_last(ended)}"
    if ended.returncode not in (0, 1):
        return f"{label} failed: {_last(ended)}"
    waiting = sum(_waits(row) for row in _rows(path).values())
    if waiting:
        shutil.rmtree(path)
        return f"{waiting} items have no reply under {label}; reach the model, and run this again."
    return None


def _start(request: TrialRequest, label: str, path: Path) -> subprocess.Popen[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    resume = ["--resume"] if path.is_dir() else []
    # Both runs work at once already: with replies at hand a process each is quicker than two.
    alone = ["--concurrency", "1"] if request.model.startswith("replay:") else []
    arguments = [
        "run", str(request.dataset), "--stage", "draft", "--model", request.model, "--prompt", label, "--out",
        str(path), *resume, *alone,
    ]  # fmt: skip
    return subprocess.Popen(
        [_program(), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def _ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    try:
        out, err = process.communicate()
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _told(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [_program(), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def _last(ended: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (ended.stderr or ended.stdout).splitlines() if line.strip()]
    return lines[-1] if lines else f"`{PROGRAM}` said nothing (exit {ended.returncode})."


def _dataset(folder: Path) -> tuple[str, str]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["name"]), str(manifest["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise TrialFailed(
            f"--set {folder}: no dataset; make one with `evals import LETTERS --out {folder}` and name that."
        ) from None


def _run_folder(folder: Path, model: str, digest: str) -> Path:
    return folder / hashlib.sha256(f"{model}\0{digest}".encode()).hexdigest()[:24]


def _described(run: Path) -> Mapping[str, Any]:
    described: Mapping[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return described


def _rows(run: Path) -> Rows:
    try:
        text = (run / "results.jsonl").read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.split("\n") if line]
        return {(row["case_number"], row["item"]): row for row in rows}
    except (OSError, ValueError, KeyError):
        raise TrialFailed(f"{run} holds no readable run; remove the folder and try again.") from None


def _waits(row: Row) -> bool:
    return "error" in row or any(
        finding["check"] in WAITING for finding in (row.get("draft") or {}).get("findings", ())
    )


def _sentences(row: Row) -> tuple[str, ...]:
    return tuple(statement["text"] for statement in (row.get("draft") or {}).get("statements", ()))


def _moved(before: Row, after: Row) -> dict[str, tuple[float | None, float | None]]:
    left, right = before.get("scores") or {}, after.get("scores") or {}
    names = sorted(left.keys() | right.keys())
    return {name: (left.get(name), right.get(name)) for name in names if left.get(name) != right.get(name)}


def _program() -> str:
    beside = Path(sys.executable).parent / PROGRAM
    found = str(beside) if beside.is_file() else shutil.which(PROGRAM)
    if found is None:
        raise TrialFailed(
            f"The program `{PROGRAM}`, which runs trials, is not installed here; install it beside this one."
        )
    return found
