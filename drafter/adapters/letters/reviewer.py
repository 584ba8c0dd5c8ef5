"""Who reviewed: qualifications only. In the 2016 form a block of labels, in earlier forms a sentence of the paragraph."""

from __future__ import annotations

import re

from drafter.domain.case import Reviewer

_LICENSURE = re.compile(r"State\(?s?\)?\s+of\s+Licensure\s*:\s*(.*?)\s*(?=Certification\(?s?\)?\s*/?|$)", re.IGNORECASE)
_SPECIALTY = re.compile(r"Certification\(?s?\)?\s*/\s*Specialty\s*:\s*(.+)$", re.IGNORECASE)
_BOARD = re.compile(
    r"\breviewer\s+is\s+(?:Board\s+Certified\s+in|Licensed\s+in|a\s+licensed)\s+(.{2,200}?)(?=,?\s+and\s+is\s+licensed\b|\.\s)",
    re.IGNORECASE,
)
_STATE = re.compile(r"\blicensed\s+to\s+practice\s+in\s+([^.]{2,120})\.", re.IGNORECASE)


def labelled_reviewer(text: str) -> Reviewer:
    """From `State(s) of Licensure:` and `Certification(s)/Specialty:`, either of which may wrap."""
    return Reviewer(licensure=_first(_LICENSURE, text), specialty=_first(_SPECIALTY, text))


def described_reviewer(text: str) -> Reviewer:
    """From "is Board Certified in ... and is licensed to practice in ..."."""
    return Reviewer(licensure=_first(_STATE, text), specialty=_first(_BOARD, text))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return (match.group(1).strip(" ,") or None) if match else None
