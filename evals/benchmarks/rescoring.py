"""How long a thousand stored replies take to be scored again, with everything QA asks of them.

    python -m evals.benchmarks.rescoring RUN

RUN is a finished run of the stage `draft`; its rows are repeated under other case numbers until there are a thousand,
once as they are and once with every tenth sentence without its ground, so that there is something to compare. Timed in
processor seconds: one pass of the metrics alone over the thousand rows; then `rescore` of both runs, the paired
comparison, intervals, tests, the gate's verdict, JUnit and the page. Twice, and the bytes have to be the same.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from evals.comparison.gate import judged
from evals.dataset import EvalCase, make_dataset, write_dataset
from evals.metrics.scoring import score
from evals.report.outcome import outcome
from evals.report.write import report
from evals.rescoring import cases_of, rescore
from evals.run_folder import DATASET, RESULTS, RUN, indented, read_description, read_rows, row_line

REPLIES = 1000
Row = dict[str, Any]


class Timed(NamedTuple):
    """Processor seconds; `ratio` is of the whole to one pass of the metrics over as many rows as it scored."""

    metrics: float
    whole: float
    same_bytes: bool

    @property
    def ratio(self) -> float:
        return self.whole / self.metrics


def measure(run: Path, *, replies: int = REPLIES) -> Timed:
    """Times a thousand replies made from the rows of a run."""
    with tempfile.TemporaryDirectory() as place:
        live, candidate = Path(place, "live"), Path(place, "candidate")
        cases = _grown(run, live, replies=replies, change=lambda number, row: row)
        _grown(run, candidate, replies=replies, change=_ungrounded)
        rows = read_rows(live)
        score(rows[0], stage="draft", case=cases[rows[0]["case_number"]])  # what is loaded once is loaded
        metrics = _seconds(lambda: [score(row, stage="draft", case=cases[row["case_number"]]) for row in rows])
        made: list[str] = []
        whole = _seconds(lambda: made.append(_everything(live, candidate)))
        made.append(_everything(live, candidate))
        return Timed(metrics=metrics, whole=whole, same_bytes=made[0] == made[1])


def _everything(live: Path, candidate: Path) -> str:
    """The candidate scored again and compared; the hash of all that was written."""
    rescore(candidate)
    judgement = judged(live, candidate)
    told = outcome(judgement)
    page = report(candidate, against=live, judgement=judgement)
    files = [path.read_bytes() for path in sorted(candidate.iterdir()) if path.is_file()]
    texts = [told.text.encode(), told.junit.encode(), page.encode()]
    return hashlib.sha256(b"\0".join([*files, *texts])).hexdigest()


def _grown(run: Path, out: Path, *, replies: int, change: Callable[[int, Row], Row]) -> Mapping[str, EvalCase]:
    """A run of `replies` rows, those of `run` over and over, each round under case numbers of its own."""
    known, rows = cases_of(run), [row for row in read_rows(run) if row.get("draft")]
    cases: dict[str, EvalCase] = {}
    lines = []
    for number, row in enumerate(islice(cycle(rows), replies)):
        name = f"{row['case_number']}-{number // len(rows)}"
        cases.setdefault(name, known[row["case_number"]].model_copy(update={"case_id": name}))
        lines.append(row_line(change(number, row | {"case_number": name})))
    out.mkdir()
    (out / RESULTS).write_text("".join(lines), encoding="utf-8")
    (out / RUN).write_text(indented(read_description(run)), encoding="utf-8")
    write_dataset(make_dataset(name="grown", cases=list(cases.values())), out / DATASET)
    rescore(out)
    return cases


def _ungrounded(number: int, row: Row) -> Row:
    """Every tenth draft with a sentence whose ground is gone."""
    if number % 10:
        return row
    changed: Row = json.loads(json.dumps(row))
    for statement in changed["draft"]["statements"][:1]:
        statement["citations"] = []
    return changed


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def main() -> None:
    timed = measure(Path(sys.argv[1]))
    print(f"metrics alone over {REPLIES} replies: {timed.metrics:.2f} s")  # noqa: T201
    print(f"scored again, compared, judged, page: {timed.whole:.2f} s, {timed.ratio:.1f} times")  # noqa: T201
    print(f"same bytes twice: {'yes' if timed.same_bytes else 'no'}")  # noqa: T201


if __name__ == "__main__":
    main()
