"""The sheet an expert corrects: one row for each criterion, those we doubt most first, as CSV that a spreadsheet opens.

Confidence follows from the source alone: exact words of an official text are `high`; so is what two or more published
letters state; one letter is `medium`; field knowledge that nobody confirmed is `low`. Among equals the criteria with a
figure come first: a recalled number does the most harm where it is wrong.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Literal

from guideline_corpus.model import CorpusModel, Criterion, Passage
from guideline_corpus.review.corrections import Correction, criterion_id, uncorrected
from guideline_corpus.versions import Corpus

CriterionConfidence = Literal["high", "medium", "low"]
DOUBT = {"low": 0, "medium": 1, "high": 2}
FORMULA = ("=", "+", "-", "@", "\t", "'")
COLUMNS = (
    "criterion_id", "confidence", "source", "letters", "guideline", "edition", "section", "role", "limit", "criterion",
    "verdict", "new_text", "new_role", "new_letters", "note",
)  # fmt: skip


class ReviewCounts(CorpusModel):
    """How many criteria there are by source and by confidence, and how many an expert has looked at."""

    corpus_version: str
    criteria: int
    by_source: dict[str, int]
    by_confidence: dict[str, int]
    reviewed: int


def confidence_of(criterion: Criterion) -> CriterionConfidence:
    """How sure the criterion is, by its source."""
    if criterion.source == "official" or len(set(criterion.letters)) > 1:
        return "high"
    return "medium" if criterion.source == "letters" else "low"


def has_figure(criterion: Criterion) -> bool:
    """Whether it states a number: a limit, or figures in its text."""
    return criterion.limit is not None or any(character.isdigit() for character in criterion.text)


def counted(corpus: Corpus, corrections: Mapping[str, Correction]) -> ReviewCounts:
    """The criteria of a corpus, counted."""
    criteria = [criterion for passage in corpus.passages for criterion in passage.criteria]
    return ReviewCounts(
        corpus_version=corpus.version,
        criteria=len(criteria),
        by_source=dict(sorted(Counter(one.source for one in criteria).items())),
        by_confidence=dict(sorted(Counter(confidence_of(one) for one in criteria).items())),
        reviewed=len(corrections),
    )


def sheet_of(corpus: Corpus, corrections: Mapping[str, Correction]) -> str:
    """The sheet as CSV; criteria that an expert marked before carry that verdict. Same corpus, same bytes."""
    rows = [
        (DOUBT[confidence_of(criterion)], not has_figure(criterion), place, _row(passage, criterion, corrections))
        for place, (passage, criterion) in enumerate(
            (passage, criterion)
            for passage in uncorrected(corpus.passages, corrections)
            for criterion in passage.criteria
        )
    ]
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for *_, row in sorted(rows, key=lambda one: one[:3]):
        writer.writerow({key: shielded(value) for key, value in row.items()})
    return target.getvalue()


def shielded(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unshielded(text: str) -> str:
    """What `shielded` was given; a spreadsheet may have swallowed the mark."""
    return text[1:] if text.startswith("'") else text


def _row(passage: Passage, criterion: Criterion, corrections: Mapping[str, Correction]) -> dict[str, str]:
    key = criterion_id(passage, criterion)
    before = corrections.get(key)
    limit = criterion.limit
    bounds = (f"at least {limit.at_least:g}" if limit and limit.at_least is not None else "",
              f"at most {limit.at_most:g}" if limit and limit.at_most is not None else "")  # fmt: skip
    return {
        "criterion_id": key,
        "confidence": confidence_of(criterion),
        "source": criterion.source,
        "letters": " ".join(criterion.letters),
        "guideline": passage.guideline,
        "edition": passage.edition,
        "section": " > ".join(passage.section_path),
        "role": criterion.role,
        "limit": " ".join([*filter(None, bounds), limit.quantity]) if limit else "",
        "criterion": criterion.text,
        "verdict": before.verdict if before else "",
        "new_text": before.text if before else "",
        "new_role": (before.role or "") if before else "",
        "new_letters": " ".join(before.letters) if before else "",
        "note": before.note if before else "",
    }
