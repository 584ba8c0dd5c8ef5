"""What published determinations decided on requests like those of a case. A view beside the draft, never part of it.

The query is the one that searches the guidelines (`item_query`). The case itself is left out, and so is everything
decided on or after the day that governs it: a reviewer is not shown what could not be known then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from drafter.domain.case import Case
from drafter.domain.query import item_query
from drafter.ports import DecidedSearch
from drafter.services.drafting import check_numbers, governing_date
from guideline_corpus.decided.model import SimilarResult
from guideline_corpus.vocabulary import Vocabulary


def similar_items(
    case: Case,
    *,
    search: DecidedSearch,
    vocabulary: Vocabulary,
    items: Sequence[int] = (),
    before: date | None = None,
    limit: int = 5,
) -> Iterator[tuple[int, SimilarResult]]:
    """Item number and the nearest decided items, for each disputed item; only `items` where given.

    `before` goes before the day that governs the case; without either nothing is limited by date. Raises UnknownItem.
    """
    check_numbers(case, items)
    stripped = case.without_reviewer_text()
    day = before or governing_date(stripped, as_of=None)
    for item in stripped.items:
        if not items or item.number in items:
            query = item_query(stripped, item, vocabulary=vocabulary)
            yield item.number, search.similar(query, before=day, without_case=case.case_number, limit=limit)
