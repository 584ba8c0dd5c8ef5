"""Prompts made once: what a model would be asked about a case is kept by everything that it is made from.

    <home>/cache/prompts/<version>/<SHA-256 of the case>.json

The version stands for corpus, templates, settings that shape a prompt, and the program's own code. So a second run over
the same cases, with another model, seed or number of repeats, reads no guideline, searches nothing and composes
nothing; a changed template or case is prepared anew. Beside each prompt stand the words that were taken out of it, for
the last look before it is sent: like the cases themselves, the folder stays in the house. Delete it at any time
(tests/e2e/test_evals_runs.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import drafter
import guideline_corpus
from drafter.domain.exchange.request import Request
from evals.code_version import files_version
from evals.plan import RunPlan
from guideline_corpus.whole_file import write_whole

Row = dict[str, Any]


class PreparedPrompts:
    """The prompts of cases under one plan; `described` is what its run rests on."""

    def __init__(self, plan: RunPlan, described: Mapping[str, Any]) -> None:
        code = files_version((Path(drafter.__file__).parent, Path(guideline_corpus.__file__).parent))
        shaped = [plan.settings.prompt_tokens, plan.with_outcomes]
        made_from = [described["corpus_version"], described["prompt_sha256"], *shaped, code]
        version = hashlib.sha256(json.dumps(made_from).encode("utf-8")).hexdigest()[:16]
        self._folder = plan.settings.cache_dir / "prompts" / version

    def held(self, case: str) -> list[Row] | None:
        """What was prepared of a case, given as the line of its dataset; None where nothing was."""
        try:
            held: list[Row] = json.loads(self._path(case).read_bytes())
        except (OSError, ValueError):
            return None
        return held

    def keep(self, case: str, lines: Sequence[str]) -> list[Row]:
        """Keep what a worker prepared, whole or not at all, and give it as it will be read."""
        text = f"[{','.join(lines)}]"
        path = self._path(case)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # it holds what was taken out of prompts
            write_whole(path, text, lasting=False)
        except OSError:  # a disk that is full costs the next run the preparing and this one nothing
            pass
        made: list[Row] = json.loads(text)
        return made

    def _path(self, case: str) -> Path:
        return self._folder / f"{hashlib.sha256(case.encode('utf-8')).hexdigest()}.json"


def prepared_line(request: Request) -> str:
    told = {"item": request.item, "request": request.model_dump()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def refused_line(item: int, check: str) -> str:
    """An item that nothing is sent of, with the check that says why."""
    return json.dumps({"item": item, "refused": check}, sort_keys=True)


def read_request(held: Row, *, seed: int | None) -> Request:
    """The request of a prepared line, without checking what this program wrote itself."""
    told = held["request"]
    return Request.model_construct(**told | {"turns": (), "taken": tuple(told["taken"]), "seed": seed})
