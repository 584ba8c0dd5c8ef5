"""How far the checks can be trusted: what people said of the blockers of a run, as far as anybody judged them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals.comparison.figures import counted
from evals.labels import Raised, judged_blockers
from evals.report.run_data import RunData
from evals.wilson import wilson

NOT_VALIDATED = (
    "The rule that holds a sentence against its citations (citation_recall, citation_precision) is not validated: "
    "nobody has labelled sentences to hold it against. Compare runs by it; do not grade one."
)


def trust_lines(run: RunData) -> Iterator[str]:
    """One sentence each on the blockers of this run that people judged, and on what nobody did."""
    if run.stage == "check":
        yield _judged(run)
    if run.stage == "draft":
        yield NOT_VALIDATED
        yield from (f"Graded by a model, beside the metrics: {one.told}" for one in run.graded)


def _judged(run: RunData) -> str:
    verdicts = judged_blockers()
    raised = [
        Raised(row["case_number"], finding["item"], finding["check"])
        for row in run.rows
        for finding in row["findings"]
        if finding["severity"] == "blocker"
    ]
    told = Counter(verdicts[one] for one in raised if one in verdicts)
    judged = sum(told.values())
    if not judged:
        return f"Not validated on this set: nobody judged its {counted(len(raised), 'blocker')}."
    low, high = wilson(told["true"], judged)
    open_ = len(raised) - judged
    rest = f" {counted(open_, 'blocker')} nobody judged." if open_ else ""
    return (
        f"Of {counted(judged, 'blocker')} that a person read beside the record, {told['true']} are true "
        f"({100 * low:.0f} to {100 * high:.0f} percent), {told['debatable']} debatable, {told['false']} false.{rest}"
    )
