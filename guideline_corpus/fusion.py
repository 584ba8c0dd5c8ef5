"""Joins what the keyword search and the vector search each found into one order. Pure arithmetic.

Each list is scaled to [0, 1] over the candidates of this query, then the two are added with fixed weights. On several
collections of medical questions a weighted sum of scaled scores did better than joining by rank, because it keeps how
far one passage stands above the next. Weights that follow how much of the query a passage shares, and scales that do
not depend on the list, were tried on seven retrieval sets of as many shapes; each lost on some what it gained on
others.
`python -m evals.benchmarks.retrieval --set FOLDER` makes the comparison on any set.
"""

from __future__ import annotations

from collections.abc import Mapping

VECTOR_WEIGHT = 0.5
CANDIDATES = 100  # from each half; below that rank a passage has never been the one looked for


def fuse(
    keyword: Mapping[int, float], similar: Mapping[int, float], *, vector_weight: float = VECTOR_WEIGHT
) -> dict[int, float]:
    """Row to fused score in [0, 1], for every row in either list; a row that one half lacks gets its lowest place."""
    if not similar:
        return scaled(keyword, lowest=0.0)
    by_word = scaled(keyword, lowest=0.0)
    by_sense = scaled(similar, lowest=min(similar.values()))
    return {
        row: (1 - vector_weight) * by_word.get(row, 0.0) + vector_weight * by_sense.get(row, 0.0)
        for row in by_word.keys() | by_sense.keys()
    }


def scaled(scores: Mapping[int, float], *, lowest: float) -> dict[int, float]:
    """Scores moved to [0, 1], the highest at 1 and `lowest` at 0; all 1 where none stands above `lowest`."""
    if not scores:
        return {}
    span = max(scores.values()) - lowest
    return {row: (score - lowest) / span if span > 0 else 1.0 for row, score in scores.items()}
