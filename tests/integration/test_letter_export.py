"""What leaves the desk: a PDF and a working copy that read back as the letter that was signed."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest

from drafter.adapters.letter_export.docx import WATERMARK, letter_docx
from drafter.adapters.letter_export.pdf import letter_pdf
from drafter.domain.case import Case
from drafter.domain.review.attestation import ATTESTATIONS
from drafter.domain.review.letter import Letter, LetterItem, ListedRecord, fingerprint
from drafter.domain.review.lettering import NO_GUIDELINE
from drafter.domain.review.people import Credentials
from drafter.domain.review.signed import SignedLetter
from drafter.services.intake import read_case
from tests.factories import make_case, make_item

PRINTERS = {"pdf": letter_pdf, "docx": letter_docx}


def letter_of_published(case: Case) -> SignedLetter:
    """A published letter as if it had been signed at the desk."""
    letter = Letter(
        case_number=case.case_number,
        dates=case.dates,
        priority=case.priority,
        credentials=Credentials(specialty=case.reviewer.specialty or "", licensure=case.reviewer.licensure or ""),
        case_summary=case.case_summary or "",
        records=(ListedRecord(title="Progress note", date=date(2016, 10, 5), pages=2),),
        items=tuple(
            LetterItem(
                number=item.number,
                heading=item.heading,
                determination=item.determination or "upheld",
                claims_administrator_guideline=item.claims_administrator_guideline,
                reviewer_guideline=item.reviewer_guideline or NO_GUIDELINE,
                rationale=item.rationale or "",
            )
            for item in case.items
        ),
        attestation_version="1",
        attestation=ATTESTATIONS["1"],
    )
    return SignedLetter(
        letter=letter,
        fingerprint=fingerprint(letter),
        entry=17,
        entry_sha256="ab" * 32,
        decided=case.dates.decision or date(2016, 12, 6),
    )


@pytest.fixture
def signed() -> SignedLetter:
    item = make_item(
        determination="upheld",
        claims_administrator_guideline="Decision based on MTUS Low Back Complaints 2004.",
        reviewer_guideline="Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s): Opioids.",
        rationale="Eight visits were given on 10/5/2016 at L4-5 and/or L5-S1. The request is not medically necessary.",
    )
    return letter_of_published(make_case(items=(item,)))


@pytest.mark.parametrize("kind", PRINTERS)
def test_a_letter_is_the_same_bytes_each_time(kind, signed):
    assert PRINTERS[kind](signed) == PRINTERS[kind](signed)


@pytest.mark.parametrize("kind", PRINTERS)
def test_an_export_names_the_audit_entry_of_its_approval(kind, signed, tmp_path):
    text = _text(kind, PRINTERS[kind](signed))
    assert "entry 17 of the audit record" in text
    assert signed.fingerprint in text


def test_the_pdf_is_tagged_and_says_nothing_of_its_author(signed):
    reader = pypdf.PdfReader(BytesIO(letter_pdf(signed)))
    root: dict[str, Any] = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "en"
    assert "/Author" not in (reader.metadata or {})


def test_the_working_copy_says_on_every_page_that_it_is_one(signed):
    with zipfile.ZipFile(BytesIO(letter_docx(signed))) as file:
        headers = [file.read(name).decode() for name in file.namelist() if re.search(r"header\d*\.xml", name)]
    assert headers
    assert all(WATERMARK in header for header in headers)


def test_markup_in_a_case_is_printed_as_text_and_nothing_is_fetched(signed, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not to be read", encoding="utf-8")
    summary = f'He said <b>no</b>. <img src="file://{secret}"> <link rel="attachment" href="file://{secret}">'
    letter = signed.letter.model_copy(update={"case_summary": summary})
    pdf = letter_pdf(signed.model_copy(update={"letter": letter}))
    reader = pypdf.PdfReader(BytesIO(pdf))
    assert not reader.attachments
    assert "<b>no</b>" in "".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("kind", PRINTERS)
def test_characters_that_no_file_can_hold_do_not_stop_an_export(kind, signed):
    letter = signed.letter.model_copy(update={"case_summary": "Pain \x00\x0b\x1f 6 out of 10, ≥ 3 visits, §9792."})
    assert "≥ 3 visits" in _text(kind, PRINTERS[kind](signed.model_copy(update={"letter": letter})))


@pytest.mark.long
def test_every_published_letter_reads_back_as_it_was_signed(letters):
    differing = []
    for published in letters:
        case = read_case(published.pdf)
        signed = letter_of_published(case)
        for kind, printer in PRINTERS.items():
            again = read_case(printer(signed), name=f"letter.{kind}")
            if _kept(again) != _kept(case):
                differing.append((case.case_number, kind))
    assert differing == []


def _kept(case: Case) -> tuple[object, ...]:
    """What has to come back: header, qualifications, summary, and every item."""
    items = [
        (
            item.heading,
            item.treatment,
            item.determination,
            item.claims_administrator_guideline,
            item.reviewer_guideline or NO_GUIDELINE,
            item.rationale,
            item.depends_on,
        )
        for item in case.items
    ]
    return (case.case_number, case.dates, case.priority, case.reviewer, case.case_summary, tuple(items))


def _text(kind: str, data: bytes) -> str:
    if kind == "pdf":
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
        return " ".join(text.split())
    from drafter.adapters.docx_text import read_docx

    return " ".join(line.text for line in read_docx(data, name="letter.docx").lines)
