"""The letter: exactly the words that a reviewer reads before she signs, and their fingerprint.

Screen, PDF, DOCX and signature are all made of this one object. Its fingerprint is the SHA-256 of its lines joined by a
newline (UTF-8): if one character moves, the fingerprint does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from drafter.domain.case import CaseDates, Determination
from drafter.domain.model import DomainModel
from drafter.domain.review.people import Credentials

Day = date
OUTCOME_WORDS: dict[Determination, str] = {"upheld": "Upheld", "overturned": "Overturned"}


class ListedRecord(DomainModel):
    """A document reviewed, as the letter lists it: kind, date, number of pages."""

    title: str
    date: Day | None = None
    pages: int


class LetterItem(DomainModel):
    number: int
    heading: str
    determination: Determination
    claims_administrator_guideline: str | None = None
    reviewer_guideline: str
    rationale: str


class Letter(DomainModel):
    """`attestation` is the wording that the reviewer agrees to, of version `attestation_version`."""

    case_number: str | None = None
    dates: CaseDates
    priority: str | None = None
    credentials: Credentials
    case_summary: str
    records: tuple[ListedRecord, ...] = ()
    items: tuple[LetterItem, ...]
    attestation_version: str
    attestation: str


def letter_lines(letter: Letter) -> Iterator[str]:
    """The text in reading order, a paragraph a line; what the fingerprint is taken of."""
    yield f"Case Number: {letter.case_number or ''}"
    for label, day in (
        ("Date of Injury", letter.dates.injury),
        ("UR Denial Date", letter.dates.ur_denial),
        ("Application Received", letter.dates.application_received),
        ("Date Assigned", letter.dates.assigned),
    ):
        yield f"{label}: {printed_day(day)}"
    yield f"Priority: {letter.priority or ''}"
    yield f"State(s) of Licensure: {letter.credentials.licensure}"
    yield f"Certification(s)/Specialty: {letter.credentials.specialty}"
    yield letter.case_summary
    for record in letter.records:
        yield f"{record.title}, {printed_day(record.date)}, {record.pages}"
    for item in letter.items:
        yield f"{item.number}. {item.heading}: {OUTCOME_WORDS[item.determination]}"
        yield f"Claims Administrator guideline: {item.claims_administrator_guideline or ''}"
        yield f"Reviewer guideline: {item.reviewer_guideline}"
        yield f"Decision rationale: {item.rationale}"
    yield f"{letter.attestation_version}: {letter.attestation}"


def fingerprint(letter: Letter) -> str:
    """64 hex digits."""
    return hashlib.sha256("\n".join(letter_lines(letter)).encode("utf-8")).hexdigest()


def printed_day(day: date | None) -> str:
    """MM/DD/YYYY, as letters print dates; empty where there is none."""
    return day.strftime("%m/%d/%Y") if day else ""
