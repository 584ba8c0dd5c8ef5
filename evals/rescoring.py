"""A finished run scored again from its rows: no model, no search, the same bytes each time.

The drafts and search results stay as they were; scores, the version of the scoring code and the summary are made anew.
Rows of the check stage hold findings that were compared with a letter: they are summed again, and their counts stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.dataset import EvalCase, read_dataset
from evals.metrics.scoring import score
from evals.metrics_version import metrics_version
from evals.run_folder import (
    DATASET,
    RESULTS,
    RUN,
    SUMMARY,
    indented,
    read_description,
    read_rows,
    replace,
    row_line,
)
from evals.summary import summarise

Row = dict[str, Any]


def rescore(run: Path) -> Row:
    """Write the run's scores and summary anew and return the summary. Raises RunInvalid where there is no run."""
    rows = read_rows(run)
    described = read_description(run)
    stage = described["stage"]
    cases = cases_of(run)
    scored = [
        row if row.get("error") else row | {"scores": score(row, stage=stage, case=cases.get(row["case_number"]))}
        for row in rows
    ]
    summary = summarise(scored, stage=stage)
    replace(run / RESULTS, "".join(map(row_line, scored)))
    replace(run / RUN, indented(described | {"metrics": metrics_version()}))
    replace(run / SUMMARY, indented(summary))
    return summary


def cases_of(run: Path) -> Mapping[str, EvalCase]:
    """The cases that lie with a run; none where it was made before they did."""
    if not (run / DATASET).exists():
        return {}
    return {case.case_id: case for case in read_dataset(run / DATASET).cases}
