"""An invented letter with one item, of which a test changes what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import Finding
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.model import Edition, Passage
from guideline_corpus.starter import load_starter
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_cited_guideline, make_dates, make_item

SUMMARY = (
    "The injured worker is a 45-year-old male who was injured on 3/14/2016. On 10/5/2016 he complained of low back "
    "pain rated 6 out of 10. Physical examination of the lumbar spine revealed spasm and decreased sensation at the"
    " right L5 dermatome. Straight leg raising was positive on the right. Medications included naproxen 550 mg. "
    "Treatment to date has included 8 visits of physical therapy. The Request for Authorization dated 10/10/2016 "
    "was for an MRI of the lumbar spine without contrast. On 10/20/2016, Utilization Review non-certified the "
    "request because there was no evidence of muscle weakness."
)
HEADING = "MRI of the lumbar spine without contrast"
VERDICT = "The request for MRI of the lumbar spine is not medically necessary."
REVIEWER = make_cited_guideline(
    party="reviewer", guideline="Low Back Complaints", edition="2004", sections=("Special Studies",)
)


@lru_cache(maxsize=1)
def guidelines() -> tuple[tuple[Edition, ...], tuple[Passage, ...]]:
    editions = shipped_editions()
    return editions, load_starter(editions)


def findings(
    rationale: str,
    *,
    summary: str = SUMMARY,
    heading: str = HEADING,
    determination: str | None = "upheld",
    citations: Sequence[Any] = (REVIEWER,),
    passages: Sequence[Passage] = (),
    dates: Any = None,
    **item: Any,
) -> tuple[Finding, ...]:
    """Every finding on a letter with this rationale; the editions are those of the program."""
    editions, _ = guidelines()
    lines = "; ".join(f"MTUS {c.guideline} {c.edition or ''}, Section(s): {', '.join(c.sections)}" for c in citations)
    case = make_case(
        case_summary=summary,
        dates=dates or make_dates(),
        items=(
            make_item(
                heading=heading,
                treatment=item.pop("treatment", heading),
                rationale=rationale,
                determination=determination,
                citations=tuple(citations),
                reviewer_guideline=f"Decision based on {lines}.",
                **item,
            ),
        ),
    )
    return run_checks(case, vocabulary=load_vocabulary(), editions=editions, passages=passages)


def checks_of(rationale: str, **overrides: Any) -> set[str]:
    """The ids of the findings on that letter, notes left out."""
    return {finding.check for finding in findings(rationale, **overrides) if finding.severity != "note"}
