"""A signed letter with what is known of its signature; what an export is made of."""

from __future__ import annotations

from datetime import date

from drafter.domain.case import Case, Determination
from drafter.domain.model import DomainModel
from drafter.domain.review.letter import Letter


class SignedLetter(DomainModel):
    """`entry` and `entry_sha256` name the audit entry of the approval, `decided` is its day (UTC), `amends` the entry
    of the letter that this one amends."""

    letter: Letter
    fingerprint: str
    entry: int
    entry_sha256: str
    decided: date
    amends: int | None = None


class SignedItem(DomainModel):
    """One item as it was signed."""

    item: int
    determination: Determination
    rationale: str
    reviewer_guideline: str


class SignedForEvaluation(DomainModel):
    """A signed case as evaluation takes it: the case as it came in, and what was decided of each item."""

    case: Case
    items: tuple[SignedItem, ...]


def for_evaluation(case: Case, letter: Letter) -> SignedForEvaluation:
    return SignedForEvaluation(
        case=case,
        items=tuple(
            SignedItem(
                item=item.number,
                determination=item.determination,
                rationale=item.rationale,
                reviewer_guideline=item.reviewer_guideline,
            )
            for item in letter.items
        ),
    )
