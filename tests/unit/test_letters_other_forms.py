"""A reviewer hands in a letter of an earlier form, or of none that is known."""

from __future__ import annotations

from datetime import date

from drafter.domain.case import Case
from drafter.services.intake import read_case
from tests.letter_factories import HEADER_2016, NOTICE, PAGE_ITEM, SUMMARY, LetterItem, page_letter, section_letter

SECOND = LetterItem(
    heading="Wrist splint",
    outcome="Overturned",
    claims="The Claims Administrator did not base their decision on the MTUS. Decision based on Non-MTUS Citation ODG.",
    reviewer="Decision based on MTUS ACOEM Chapter 11 Forearm, Wrist, and Hand Complaints Page(s): 264, 266-267.",
    rationale="A splint at night is a first step and is medically necessary.",
)


def read(text: str) -> Case:
    return read_case(text.encode(), name="letter")


def test_a_letter_of_2014_tells_board_and_state_in_a_sentence():
    case = read(page_letter())

    assert case.form == "2014-page"
    assert (case.reviewer.licensure, case.reviewer.specialty) == ("Ohio", "Family Medicine")
    assert case.case_summary == SUMMARY


def test_a_letter_of_2014_cites_pages_for_both_parties():
    claims, reviewer = read(page_letter()).items[0].citations

    assert (claims.party, claims.guideline, claims.pages) == (
        "claims_administrator", "Forearm, Wrist, and Hand Complaints", ("265",),
    )  # fmt: skip
    assert (reviewer.guideline, reviewer.edition, reviewer.pages) == (
        "Chronic Pain Medical Treatment",
        None,
        ("98-99",),
    )


def test_a_missing_case_block_is_named_key_by_key():
    case = read(page_letter())

    assert case.case_number is None
    for key in ("case_number", "dates.injury", "dates.ur_denial", "dates.assigned", "dates.decision", "priority"):
        assert any(gap.startswith(f"{key}:") for gap in case.gaps), key


def test_a_letter_of_2014_with_a_case_block_has_its_dates():
    case = read(page_letter(header=HEADER_2016.replace("CM16", "CM14")))

    assert case.form == "2014-page"
    assert case.case_number == "CM14-0999001"
    assert case.dates.injury == date(2016, 6, 2)


def test_an_empty_line_after_every_line_and_page_breaks_inside_fields_are_nothing():
    spaced = page_letter(PAGE_ITEM, SECOND).replace("\n\n", "\n\n \n\n").replace(". ", ".\n\n")
    broken = spaced.replace("MAXIMUS guideline: Decision", "\n \n\n\n\nMAXIMUS guideline: Decision").replace(
        "98-99", "\n\n98-99"
    )

    case = read(broken)

    assert [item.heading for item in case.items] == [PAGE_ITEM.heading, SECOND.heading]
    assert case.items[0].reviewer_guideline == PAGE_ITEM.reviewer
    assert case.items[0].rationale == PAGE_ITEM.rationale
    assert case.items[1].citations[1].pages == ("264", "266-267")


def test_the_other_evidence_label_belongs_to_the_reviewer():
    other = "Other Medical Treatment Guideline or Medical Evidence: A hand surgery textbook.\n\n"
    text = page_letter().replace("Decision rationale:", f"{other}Decision rationale:")

    item = read(text).items[0]

    assert (item.reviewer_guideline or "").endswith("A hand surgery textbook.")
    assert item.rationale == PAGE_ITEM.rationale


def test_a_notice_of_2013_decides_each_request_once_though_it_prints_it_twice():
    case = read(NOTICE)

    assert case.form == "2013-notice"
    assert [(item.treatment, item.determination) for item in case.items] == [
        ("six visits of acupuncture", "upheld"),
        ("a wrist splint", "overturned"),
    ]
    assert (case.items[1].rationale or "").startswith("A splint at night")


def test_a_notice_tells_its_dates_in_a_block_and_in_a_sentence():
    dates = read(NOTICE).dates

    assert dates.decision == date(2013, 10, 29)
    assert dates.ur_denial == date(2013, 7, 30)
    assert dates.injury == date(2012, 2, 11)
    assert dates.application_received == date(2013, 8, 12)
    assert dates.assigned == date(2013, 8, 23)


def test_a_summary_copied_from_the_denial_is_said_to_be():
    case = read(NOTICE)

    assert (case.case_summary or "").startswith("The claimant is a 33-year-old waiter")
    assert "case_summary: copied from the utilization review decision, not drawn from the file" in case.gaps


def test_a_notice_cites_in_prose():
    acupuncture, splint = read(NOTICE).items

    assert [(cited.kind, cited.guideline, cited.edition, cited.pages) for cited in acupuncture.citations] == [
        ("mtus", "Acupuncture Treatment", "2007", ()),
        ("mtus", "Acupuncture Treatment", "2007", ("8",)),
    ]
    assert [cited.kind for cited in splint.citations] == ["none", "non_mtus"]
    assert splint.citations[1].guideline == "Official Disability Guidelines, Carpal Tunnel Chapter"


PROFESSIONAL_REVIEW = """ISSUE AT DISPUTE:
Six visits of acupuncture

CASE SUMMARY:
A waiter with wrist pain.

DOCUMENTS REVIEWED FOR DETERMINATION:
Progress notes

MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL
REVIEWER AND WHY:
Acupuncture Medical Treatment Guidelines 2007

RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS/WAS NOT
MEDICALLY NECESSARY:
No gain in function.

MEDICAL REVIEWER QUALIFICATIONS:
The reviewer is Board Certified in Family Medicine and is licensed to practice in Utah.
"""
NUMBERED_VERDICTS = """MAXIMUS FEDERAL SERVICES, INC.
Independent Medical Review
UR Denial Date: 11/05/2013

HOW THE IMR FINAL DETERMINATION WAS MADE

The physician reviewer is Board Certified in Neurology and is licensed to practice in Iowa.

CLINICAL CASE SUMMARY

A waiter with wrist pain.

IMR DECISION(S) AND RATIONALE(S)

1. Six visits of acupuncture is not medically necessary and appropriate.

The Claims Administrator based its decision on the Acupuncture Medical Treatment Guidelines.

The Physician Reviewer based his/her decision on the Acupuncture Medical Treatment Guidelines.

The Physician Reviewer's decision rationale: No gain in function.
"""
NO_KNOWN_FORM = """Independent Medical Review Final Determination Letter

Case Number: CM21-0999003
Date of Injury: 01/05/2020

CLINICAL CASE SUMMARY

A waiter with wrist pain.

The request was found to be unnecessary.
"""


def test_the_professional_review_form_is_read_by_its_labels_even_where_they_wrap():
    case = read(PROFESSIONAL_REVIEW)

    assert case.form == "2013-notice"
    assert case.case_summary == "A waiter with wrist pain."
    assert case.items[0].treatment == "Six visits of acupuncture"
    assert case.items[0].rationale == "No gain in function."
    assert case.items[0].determination is None
    assert case.reviewer.licensure == "Utah"


def test_the_form_with_numbered_verdicts_is_read():
    case = read(NUMBERED_VERDICTS)

    assert case.form == "2013-notice"
    assert case.dates.ur_denial == date(2013, 11, 5)
    assert [(item.treatment, item.determination, item.rationale) for item in case.items] == [
        ("Six visits of acupuncture", "upheld", "No gain in function.")
    ]


def test_a_determination_of_no_known_form_is_read_in_part_and_says_so():
    case = read(NO_KNOWN_FORM)

    assert case.form == "unknown"
    assert case.case_number == "CM21-0999003"
    assert case.dates.injury == date(2020, 1, 5)
    assert case.items == ()
    assert case.gaps[0].startswith("form:")
    assert "items: the letter shows no decided item" in case.gaps


def test_the_form_is_told_by_its_labels_and_never_by_its_date():
    case = read(section_letter(header=HEADER_2016.replace("/2016", "/2019")))

    assert case.form == "2016-section"
    assert case.dates.ur_denial == date(2019, 9, 23)


def test_a_text_that_is_no_letter_is_a_case_summary_and_nothing_more():
    case = read("A baker, 51, with pain of the right wrist.\nAn independent medical review was not asked for.")

    assert case.form == "text"
    assert case.items == ()
    assert (case.case_summary or "").startswith("A baker, 51")
    assert any(gap.startswith("items:") for gap in case.gaps)
