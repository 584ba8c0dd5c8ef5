"""Letters of no known form: what stands under known headings and labels is read, the rest is named as missing."""

from __future__ import annotations

from drafter.adapters.letters.labelled_form import read_labelled_form
from drafter.adapters.letters.reviewer import described_reviewer, labelled_reviewer
from drafter.adapters.printed import Folded
from drafter.domain.case import Case, Reviewer

_GAP = "form: a determination of no known form; only what stands under known headings was read"


def read_unknown_letter(text: Folded) -> Case:
    case = read_labelled_form(text, form="unknown", reviewer_of=_reviewer)
    return case.model_copy(update={"gaps": (_GAP, *case.gaps)})


def _reviewer(text: str) -> Reviewer:
    labelled, described = labelled_reviewer(text), described_reviewer(text)
    return Reviewer(
        licensure=labelled.licensure or described.licensure, specialty=labelled.specialty or described.specialty
    )
