"""A working copy of the signed letter in DOCX, marked as one on every page: it can be edited, so it is not the record.

Characters that XML cannot hold are left out. The file's own dates and author say nothing of the reviewer.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drafter.domain.review.letter import OUTCOME_WORDS, printed_day
from drafter.domain.review.signed import SignedLetter

if TYPE_CHECKING:
    from docx.document import Document

WATERMARK = "WORKING COPY, NOT THE SIGNED LETTER"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def letter_docx(signed: SignedLetter) -> bytes:
    """The bytes of the file; the same for the same letter."""
    import docx

    document = docx.Document()
    day = datetime(signed.decided.year, signed.decided.month, signed.decided.day, tzinfo=UTC)
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.title = "", "", "Working copy"
    properties.created = properties.modified = day
    for section in document.sections:
        section.header.paragraphs[0].text = WATERMARK
        section.footer.paragraphs[0].text = WATERMARK
    _write(document, signed)
    return _same_each_time(document)


def _write(document: Document, signed: SignedLetter) -> None:
    letter = signed.letter
    for label, value in (
        ("Case Number", letter.case_number or ""),
        ("Date Assigned", printed_day(letter.dates.assigned)),
        ("Date of Injury", printed_day(letter.dates.injury)),
        ("Decision Date", printed_day(signed.decided)),
        ("UR Denial Date", printed_day(letter.dates.ur_denial)),
        ("Application Received", printed_day(letter.dates.application_received)),
        ("Priority", letter.priority or ""),
    ):
        _paragraph(document, f"{label}: {value}")
    _heading(document, "HOW THE IMR FINAL DETERMINATION WAS MADE")
    _paragraph(document, letter.attestation)
    _paragraph(document, f"Signed as entry {signed.entry} of the audit record. Fingerprint: {signed.fingerprint}")
    _paragraph(document, f"State(s) of Licensure: {letter.credentials.licensure}")
    _paragraph(document, f"Certification(s)/Specialty: {letter.credentials.specialty}")
    if letter.records:
        _heading(document, "DOCUMENTS REVIEWED")
        for record in letter.records:
            _paragraph(document, f"{record.title}, {printed_day(record.date)}, {record.pages} pages")
    _heading(document, "CLINICAL CASE SUMMARY")
    _paragraph(document, letter.case_summary)
    _heading(document, "IMR ISSUES, DECISIONS AND RATIONALES")
    for item in letter.items:
        _paragraph(document, f"{item.heading}: {OUTCOME_WORDS[item.determination]}", bold=True)
        if item.claims_administrator_guideline:
            _paragraph(document, f"Claims Administrator guideline: {item.claims_administrator_guideline}")
        _paragraph(document, f"Reviewer guideline: {item.reviewer_guideline}")
        _paragraph(document, f"Decision rationale: {item.rationale}")


def _heading(document: Document, text: str) -> None:
    document.add_heading(_clean(text), level=1)


def _paragraph(document: Document, text: str, *, bold: bool = False) -> None:
    document.add_paragraph().add_run(_clean(text)).bold = bold or None


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _same_each_time(document: Document) -> bytes:
    """The file with the times of its parts set to one day: a ZIP keeps the hour it was made."""
    made = io.BytesIO()
    document.save(made)
    out = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            target.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
