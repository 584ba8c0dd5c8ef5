"""Invented determinations in each form: nobody, nothing and no words of a real letter in them.

`section_letter(...)` writes the form of 2016-17, `page_letter(...)` that of 2014-15; `NOTICE` is one of 2013. All are
text with an empty line between paragraphs; `as_pdf` and `as_docx` set such a text in type, headings and labels in bold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, NamedTuple

SUMMARY = (
    "The injured worker is a 51-year-old female baker whose right wrist was hurt on 06-02-2016 when a tray fell. "
    "Diagnoses are sprain of the right wrist and tenosynovitis. On 09-14-2016 she rated the pain 5 out of 10. "
    "The Request for Authorization was dated 09-16-2016."
)
HOW = (
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer. The reviewer knows the laws, "
    "including the strength of evidence hierarchy that applies to Independent Medical Review determinations."
)
SUMMARY_LEAD = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, "
    "including all medical records:"
)
DECISIONS_LEAD = "The Final Determination was based on decisions for the disputed items/services set forth below:"
LABELS = re.compile(r"^(Claims Administrator guideline:|MAXIMUS guideline:|Decision rationale:)\s*")


class LetterItem(NamedTuple):
    heading: str = "MRI of the right wrist without contrast"
    outcome: str = "Upheld"
    claims: str = "Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004."
    reviewer: str = "Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004, Section(s): Special Studies."
    rationale: str = "No red flag is recorded. The request for an MRI of the wrist is not medically necessary."

    def paragraphs(self) -> list[str]:
        return [
            f"{self.heading}: {self.outcome}",
            f"Claims Administrator guideline: {self.claims}",
            f"MAXIMUS guideline: {self.reviewer}",
            f"Decision rationale: {self.rationale}",
        ]


HEADER_2016 = """Case Number: CM16-0999001
Date Assigned: 10/12/2016 Date of Injury: 06/02/2016
Decision Date: 11/04/2016 UR Denial Date: 09/23/2016
Priority: Standard Application
Received:
10/03/2016"""


def section_letter(
    *items: LetterItem, header: str = HEADER_2016, summary: str = SUMMARY, licensure: str = "Oregon"
) -> str:
    credentials = f"State(s) of Licensure: {licensure}\nCertification(s)/Specialty: Occupational Medicine"
    parts = [
        header, "HOW THE IMR FINAL DETERMINATION WAS MADE", HOW,
        f"The Expert Reviewer has the following credentials:\n{credentials}",
        "CLINICAL CASE SUMMARY", SUMMARY_LEAD, summary,
        "IMR ISSUES, DECISIONS AND RATIONALES", DECISIONS_LEAD,
    ]  # fmt: skip
    return "\n\n".join([*parts, *(text for item in items or (LetterItem(),) for text in item.paragraphs())])


PAGE_ITEM = LetterItem(
    heading="Paraffin bath for the right hand",
    claims=(
        "Decision based on MTUS ACOEM Practice Guidelines, Chapter 11 Forearm, Wrist, and Hand Complaints Page(s): 265."
    ),
    reviewer="Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 98-99.",
    rationale="The record shows no flare-up. The bath is not medically necessary.",
)


def page_letter(*items: LetterItem, header: str = "", summary: str = SUMMARY) -> str:
    how = (
        "MAXIMUS Federal Services sent the complete case file to an expert reviewer. The expert reviewer is Board "
        "Certified in Family Medicine and is licensed to practice in Ohio. He/she has been in active clinical practice "
        "for more than five years."
    )
    parts = [
        *([header] if header else []), "HOW THE IMR FINAL DETERMINATION WAS MADE", how,
        "CLINICAL CASE SUMMARY", SUMMARY_LEAD, summary,
        "IMR ISSUES, DECISIONS AND RATIONALES", DECISIONS_LEAD,
    ]  # fmt: skip
    return "\n\n".join([*parts, *(text for item in items or (PAGE_ITEM,) for text in item.paragraphs())])


REFUSED, GRANTED = "is not medically necessary and appropriate.", "is medically necessary and appropriate."
VERDICTS = f"""1) MAXIMUS Federal Services, Inc. has determined the request for six visits of acupuncture {REFUSED}

2) MAXIMUS Federal Services, Inc. has determined the request for a wrist splint {GRANTED}"""
NOTICE = f"""Notice of Independent Medical Review Determination

Dated: 10/29/2013

Date of UR Decision: 7/30/2013
Date of Injury: 2/11/2012
IMR Application Received: 8/12/2013
MAXIMUS Case Number: CM13-0999002

{VERDICTS}

INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE

An application for Independent Medical Review was filed on 8/12/2013 disputing the Utilization Review Denial
dated 7/30/2013. A Notice of Assignment and Request for Information was provided to the above parties on
8/23/2013. A decision has been made for each of the treatments that were in dispute:

{VERDICTS}

Medical Qualifications of the Expert Reviewer:
The independent Medical Doctor who made the decision has no affiliation with the employer. The physician
reviewer is Board Certified in Internal Medicine, and is licensed to practice in Texas.

Expert Reviewer Case Summary:

Disclaimer: The following case summary was taken directly from the utilization review denial dated
July 30, 2013: The claimant is a 33-year-old waiter with pain of the left wrist. Request is for acupuncture.

Documents Reviewed for Determination:
- Application of Independent Medical Review
- Utilization Review Determination

1) Regarding the request for six visits of acupuncture:

Section of the Medical Treatment Utilization Schedule Relied Upon by the Expert Reviewer to
Make His/Her Decision:

The Claims Administrator based its decision on the Acupuncture Medical Treatment Guidelines (2007), which is
part of the MTUS.

The Expert Reviewer based his/her decision on the Acupuncture Medical Treatment Guidelines (2007), pg. 8,
which is part of the MTUS.

Rationale for the Decision:
Twelve visits brought no gain in function. The request {REFUSED}

2) Regarding the request for a wrist splint:

Medical and Scientific Evidence Relied Upon by the Expert Reviewer to Make His/Her Decision:

The Claims Administrator did not cite any guideline.

The Expert Reviewer based his/her decision on the Official Disability Guidelines, Carpal Tunnel Chapter.

Rationale for the Decision:
A splint at night is a first step. The request {GRANTED}
"""


def as_pdf(text: str, *, bold: bool = True, gap: float = 5, margin: float = 25) -> bytes:
    """`text` set as letters are: headings and labels bold, a gap between paragraphs (both can be left out)."""
    from fpdf import FPDF

    pdf = FPDF(format="letter")
    pdf.set_margins(margin, margin)
    pdf.set_auto_page_break(True, margin)
    pdf.add_page()
    pdf.set_title("")
    for paragraph in text.split("\n\n"):
        heading = paragraph.isupper() or re.search(r":\s*(Upheld|Overturned)$", paragraph) is not None
        label = LABELS.match(paragraph)
        first = paragraph if heading else label.group() if label else ""
        for words, weight in ((first, "B" if bold else ""), (paragraph[len(first) :], "")):
            if words:
                pdf.set_font("Times", weight, 12)
                pdf.write(5, words)
        pdf.ln(5 + gap)
    return bytes(pdf.output())


def as_docx(text: str, *, table: Sequence[Sequence[str]] = ()) -> bytes:
    """`text` as a Word file; the rows of `table` stand before it."""
    import docx

    document: Any = docx.Document()
    if table:
        grid = document.add_table(rows=len(table), cols=max(map(len, table)))
        for row, cells in enumerate(table):
            for column, words in enumerate(cells):
                grid.cell(row, column).text = words
    for paragraph in text.split("\n\n"):
        run = document.add_paragraph().add_run(paragraph)
        run.bold = paragraph.isupper() or re.search(r":\s*(Upheld|Overturned)$", paragraph) is not None
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
