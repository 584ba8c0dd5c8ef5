"""A finished run scored again from its rows: no model, no search, the same bytes each time.

The drafts and search results stay as they were; scores, the version of the scoring code and the summary are made anew.
Rows of the check stage hold findings that were compared with a letter: they are summed again, and their counts stay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.dataset import EvalCase, read_dataset
from evals.errors import RunInvalid
from evals.metrics.scoring import score
from evals.metrics_version import metrics_version
from evals.runner import DATASET, RESULTS, RUN, SUMMARY, read_rows
from evals.summary import summarise

Row = dict[str, Any]


def rescore(run: Path) -> Row:
    """Write the run's scores and summary anew and return the summary. Raises RunInvalid where there is no run."""
    rows = read_rows(run)
    try:
        described: Row = json.loads((run / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RunInvalid(f"{run} holds no run; make one with `evals run DATASET --out {run}`.") from None
    stage = described["stage"]
    cases = cases_of(run)
    scored = [row | {"scores": score(row, stage=stage, case=cases.get(row["case_number"]))} for row in rows]
    lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in scored)
    summary = summarise(scored, stage=stage)
    _replace(run / RESULTS, lines)
    _replace(run / RUN, _indented(described | {"metrics": metrics_version()}))
    _replace(run / SUMMARY, _indented(summary))
    return summary


def cases_of(run: Path) -> Mapping[str, EvalCase]:
    """The cases that lie with a run; none where it was made before they did."""
    if not (run / DATASET).exists():
        return {}
    return {case.case_id: case for case in read_dataset(run / DATASET).cases}


def _indented(content: Row) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _replace(path: Path, content: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)
