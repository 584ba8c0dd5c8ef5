"""Who reviewed: qualifications only. The 2016 form has labels for them, earlier forms a sentence of the paragraph."""

from __future__ import annotations

import re

from drafter.adapters.letters.patterns import printed
from drafter.domain.case import Reviewer

_LICENSURE = printed(r"State\(?s?\)? of Licensure\s*:\s*(.*?)\s*(?=Certification\(?s?\)?\s*/?|$)")
_SPECIALTY = printed(r"Certification\(?s?\)?\s*/\s*Specialty\s*:\s*(.+)$")
_BOARD = printed(
    r"\breviewer is (?:Board[\s-]Certified in|Licensed in|a licensed) (.{2,200}?)(?=,? and is licensed\b|\.\s|\.$)"
)
_STATE = printed(r"\blicensed to practice in ([^.]{2,120})\.")


def labelled_reviewer(text: str) -> Reviewer:
    """From `State(s) of Licensure:` and `Certification(s)/Specialty:`, either of which may wrap."""
    return Reviewer(licensure=_first(_LICENSURE, text), specialty=_first(_SPECIALTY, text))


def described_reviewer(text: str) -> Reviewer:
    """From "is Board Certified in ... and is licensed to practice in ..."."""
    return Reviewer(licensure=_first(_STATE, text), specialty=_first(_BOARD, text))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return (match.group(1).strip(" ,") or None) if match else None
