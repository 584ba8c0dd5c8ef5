"""Every metric is described once, and the page, the rows and the table name the same ones."""

from __future__ import annotations

from drafter.domain.checks.registry import CHECKS
from evals.metrics.draft import draft_scores
from evals.metrics.form import FORM, IDENTIFYING, OWN_VERDICT
from evals.metrics.operations import FAILURES, operation_scores
from evals.metrics.record import ABSENCE, CONFLICTS, POLARITY, UNSUPPORTED
from evals.metrics.reply import reply_scores
from evals.metrics.retrieval import retrieval_scores
from evals.metrics.table import METRICS, TABLE, fewer_is_better, is_share, metrics_page
from tests.conftest import REPOSITORY
from tests.metric_factories import make_draft_row, make_search_row, make_statement


def test_a_metric_has_one_row():
    assert len(METRICS) == len(TABLE)


def test_every_score_of_a_row_is_in_the_table_and_every_row_of_the_table_is_scored():
    draft = make_draft_row(make_statement())
    scored = {**draft_scores(draft), **operation_scores({"draft": draft, "seconds": 1.0}),
              **retrieval_scores(make_search_row()),
              **reply_scores({"fate": "complete", "reply": "", "keys": []})}  # fmt: skip
    of_rows = {one.name for one in TABLE if one.family != "decision"}

    assert set(scored) | {"notes"} == of_rows


def test_the_page_holds_the_table_word_for_word():
    page = (REPOSITORY / "evals" / "README.md").read_text(encoding="utf-8")

    assert metrics_page() in page, "put the output of evals.metrics.table.metrics_page() into evals/README.md"


def test_findings_that_metrics_count_are_checks_that_exist():
    known = {check.id for check in CHECKS}
    counted = CONFLICTS | UNSUPPORTED | POLARITY | ABSENCE | FORM | IDENTIFYING | OWN_VERDICT | FAILURES

    assert sorted(counted - known) == []


def test_counts_of_faults_are_better_the_fewer_and_shares_are_told_as_shares():
    assert fewer_is_better("blockers")
    assert not fewer_is_better("grounded")
    assert is_share("grounded")
    assert not is_share("words")
