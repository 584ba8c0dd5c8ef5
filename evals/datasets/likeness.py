"""Near-duplicates: two cases that share most runs of eight words, told and never dropped in silence.

The likeness is Jaccard's over runs of eight words of case summary, record and rationales. Runs that stand in many cases
are boilerplate; they are left out, which also keeps the work near to linear in the number of cases. A library for this
(datasketch) estimates the same figure for millions of texts; for thousands the exact one is quicker to have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from evals.dataset import Alike, EvalCase
from evals.metrics.folding import words

RUN = 8
FROM = 0.8
MOST_CASES = 20  # a run that stands in more cases is boilerplate


def near_duplicates(cases: Sequence[EvalCase]) -> tuple[Alike, ...]:
    """Every pair of cases whose likeness is above 0.8, most alike first."""
    runs = {case.case_id: frozenset(_runs(case)) for case in cases}
    holding: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for case_id, held in runs.items():
        for run in held:
            holding[run].append(case_id)
    boilerplate = {run for run, held in holding.items() if len(held) > MOST_CASES}
    shared: Counter[tuple[str, str]] = Counter()
    for run, ids in holding.items():
        if run not in boilerplate:
            shared.update(combinations(ids, 2))
    own = {case_id: len(held - boilerplate) for case_id, held in runs.items()}
    found = (
        Alike(one=one, other=other, likeness=round(both / (own[one] + own[other] - both), 4))
        for (one, other), both in shared.items()
    )
    return tuple(sorted((pair for pair in found if pair.likeness > FROM), key=lambda p: (-p.likeness, p.one, p.other)))


def _runs(case: EvalCase) -> Iterable[tuple[str, ...]]:
    texts = [field.text for field in case.case.record_fields()]
    texts += [item.rationale for item in case.case.items if item.rationale]
    for text in texts:
        told = words(text)
        yield from (tuple(told[at : at + RUN]) for at in range(len(told) - RUN + 1))
