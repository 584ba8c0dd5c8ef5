"""One run as a page needs it: what it rested on, its rows with plants apart, its cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evals.comparison.pairs import Scores, item_scores
from evals.dataset import EvalCase
from evals.grades import Graded, graded_run
from evals.rescoring import cases_of
from evals.run_folder import read_description, read_rows

Row = dict[str, Any]
Key = tuple[str, int]


class RunData(NamedTuple):
    """`first` holds one row an item, the first repeat, for what is shown; `rows` holds them all."""

    name: str
    described: Row
    rows: Sequence[Row]
    plants: Sequence[Row]
    cases: Mapping[str, EvalCase]
    first: Mapping[Key, Row]
    scores: Scores
    graded: Sequence[Graded] = ()

    @property
    def stage(self) -> str:
        return str(self.described["stage"])


def read_run(run: Path) -> RunData:
    """Raises RunInvalid where the folder holds no run, DatasetInvalid where its cases were changed."""
    described = read_description(run)
    rows = read_rows(run)
    untouched = [row for row in rows if not row.get("plant_id")]
    first: dict[Key, Row] = {}
    for row in untouched:
        first.setdefault((row["case_number"], row["item"]), row)
    return RunData(
        name=run.name,
        described=dict(described),
        rows=untouched,
        plants=[row for row in rows if row.get("plant_id")],
        cases=cases_of(run),
        first=first,
        scores=item_scores(untouched),
        graded=graded_run(run),
    )
