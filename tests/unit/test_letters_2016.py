"""A reviewer hands in a letter of the 2016 form, however it was set, saved or torn."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.domain.case import Case
from drafter.services.intake import read_case
from tests.letter_factories import HEADER_2016, LetterItem, as_docx, as_pdf, section_letter

ORIGINAL = "Hand therapy, ten visits was the original request."
AUTHORIZED = "Hand therapy, four visits was authorized by the Claims Administrator."
REMAINING = "The remaining IMR eligible portion of the original request, hand therapy, six visits is"
MODIFIED = LetterItem(
    heading=f"{ORIGINAL} {AUTHORIZED} {REMAINING}",
    outcome="Overturned",
)
GROUND = LetterItem(
    rationale="Reasons of one item. They end here. Bilateral films were normal. It is not medically necessary."
)


def read(text: str | bytes) -> Case:
    return read_case(text.encode() if isinstance(text, str) else text, name="letter")


def headings(case: Case) -> list[str]:
    return [item.heading for item in case.items]


def test_the_reviewer_sees_every_part_of_the_letter():
    case = read(section_letter())
    item = case.items[0]

    assert case.form == "2016-section"
    assert case.case_number == "CM16-0999001"
    assert case.priority == "Standard"
    assert case.dates.injury == date(2016, 6, 2)
    assert case.dates.ur_denial == date(2016, 9, 23)
    assert case.dates.assigned == date(2016, 10, 12)
    assert case.dates.decision == date(2016, 11, 4)
    assert (case.reviewer.licensure, case.reviewer.specialty) == ("Oregon", "Occupational Medicine")
    assert case.case_summary
    assert case.case_summary.startswith("The injured worker is a 51-year-old")
    assert item.determination == "upheld"
    assert item.claims_administrator_guideline == "Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004."
    assert item.rationale
    assert item.rationale.endswith("is not medically necessary.")
    assert case.gaps == ()


@pytest.mark.parametrize(
    "block",
    [
        "Priority: Standard Application\nReceived:\n10/03/2016",
        "Priority: Standard          Application     10/03/2016\n                             Received:",
        "Priority: Standard\nApplication Received: 10/03/2016",
        "Application Received: 10/03/2016 Priority: Standard",
    ],
)
def test_a_label_that_wraps_keeps_its_date(block: str):
    header = HEADER_2016.split("\nPriority")[0] + "\n" + block
    case = read(section_letter(header=header))

    assert case.dates.application_received == date(2016, 10, 3)
    assert case.dates.ur_denial == date(2016, 9, 23)
    assert case.priority == "Standard"


def test_a_header_date_that_names_no_day_is_a_gap_and_not_a_guess():
    case = read(section_letter(header=HEADER_2016.replace("06/02/2016", "06/31/2016")))

    assert case.dates.injury is None
    assert "dates.injury: Date of Injury reads 06/31/2016, which is no date" in case.gaps


def test_a_missing_header_date_is_a_gap():
    case = read(section_letter(header=HEADER_2016.replace("Date of Injury: 06/02/2016", "")))

    assert case.dates.injury is None
    assert "dates.injury: the letter shows no Date of Injury" in case.gaps
    assert case.dates.decision == date(2016, 11, 4)


def test_a_specialty_that_wraps_is_read_to_its_end():
    text = section_letter().replace("Occupational Medicine", "Physical Medicine and Rehabilitation,\nPain Medicine")

    assert read(text).reviewer.specialty == "Physical Medicine and Rehabilitation, Pain Medicine"


@pytest.mark.parametrize(
    "heading",
    [
        "Labs to include: CBC",
        "Associated surgical service: Ice pack",
        "Retrospective: splint for the thumb DOS: 08/01/2016",
        "Lotion, dispensed on 8/1/16: one tube",
    ],
)
def test_the_outcome_stands_after_the_last_colon(heading: str):
    item = read(section_letter(LetterItem(heading=heading))).items[0]

    assert item.heading == heading
    assert item.determination == "upheld"


def test_an_outcome_on_a_line_of_its_own_is_found():
    text = section_letter().replace("without contrast: Upheld", "without contrast:\nUpheld")

    assert headings(read(text)) == ["MRI of the right wrist without contrast"]


def test_a_heading_and_its_first_field_need_no_empty_line_between_them():
    text = section_letter(LetterItem(), MODIFIED).replace(": Upheld\n\n", ": Upheld\n")

    assert [item.determination for item in read(text).items] == ["upheld", "overturned"]


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("gap", [0, 5])
def test_items_are_told_apart_however_the_pdf_is_set(bold: bool, gap: int):
    case = read(as_pdf(section_letter(GROUND, MODIFIED, LetterItem()), bold=bold, gap=gap))

    assert headings(case) == [GROUND.heading, MODIFIED.heading, LetterItem().heading]
    assert case.items[0].rationale == GROUND.rationale


def test_a_word_file_reads_like_the_letter_it_was():
    rows = [["Case Number:", "CM16-0999001", "Date of Injury:", "06/02/2016"]]
    case = read(as_docx(section_letter(GROUND, MODIFIED, header=""), table=rows))

    assert case.case_number == "CM16-0999001"
    assert case.dates.injury == date(2016, 6, 2)
    assert headings(case) == [GROUND.heading, MODIFIED.heading]


@pytest.mark.parametrize(
    ("page_end", "page_start"),
    [
        ("Ultrasound treatment of the", "right wrist, six visits"),
        (f"{ORIGINAL} Hand therapy, four visits was", f"authorized by the Claims Administrator. {REMAINING}"),
        (f"{ORIGINAL} {AUTHORIZED}", REMAINING),
    ],
)
@pytest.mark.parametrize("page_break", ["\f", "\n\n\n", "\n\n\f\n"])
def test_a_heading_goes_on_over_a_page_break(page_end: str, page_start: str, page_break: str):
    second = LetterItem(heading=f"{page_end} {page_start}")
    text = section_letter(GROUND, second).replace(f"{page_end} {page_start}", f"{page_end}{page_break}{page_start}")

    case = read(text)

    assert headings(case) == [GROUND.heading, second.heading]
    assert case.items[0].rationale == GROUND.rationale


def test_a_heading_at_the_top_of_a_page_does_not_swallow_the_page_before():
    text = section_letter(GROUND, LetterItem(heading="Splint for the thumb")).replace("\n\nSplint", "\fSplint")

    case = read(text)

    assert headings(case) == [GROUND.heading, "Splint for the thumb"]
    assert case.items[0].rationale == GROUND.rationale


def test_twenty_one_items_are_twenty_one_items():
    items = [LetterItem(heading=f"Paraffin bath number {number}") for number in range(1, 22)]

    case = read(as_pdf(section_letter(*items)))

    assert headings(case) == [item.heading for item in items]
    assert [item.number for item in case.items] == list(range(1, 22))


def test_a_field_broken_by_a_page_is_one_field():
    text = section_letter().replace("is not medically necessary", "is not\n\f\nmedically necessary")

    assert (read(text).items[0].rationale or "").endswith("an MRI of the wrist is not medically necessary.")


def test_words_and_dates_broken_at_a_line_end_are_whole_again():
    summary = "Seen on 10-30-\n2016; a non-\ncertified request; pre-\nand postoperative films; strength 4 -\n5."
    text = section_letter(summary=summary)

    assert (
        read(text).case_summary
        == "Seen on 10-30-2016; a non-certified request; pre- and postoperative films; strength 4 - 5."
    )


def test_running_feet_and_page_numbers_belong_to_no_field():
    foot = "\nFinal Determination Letter for IMR Case Number CM16-0999001\nPage 1 of 2\n\f2\n"
    text = section_letter().replace(" is recorded", f" is{foot}recorded")

    assert (read(text).items[0].rationale or "").startswith("No red flag is recorded. The request")


def test_a_missing_label_is_named_and_the_others_are_read():
    text = section_letter(LetterItem(), GROUND).replace("MAXIMUS guideline: ", "Remark: ", 1)

    case = read(text)

    assert len(case.items) == 2
    assert case.items[0].reviewer_guideline is None
    assert "items[1].reviewer_guideline: no MAXIMUS guideline" in case.gaps
    assert case.items[1].reviewer_guideline


def test_an_outcome_nobody_knows_is_left_open():
    case = read(section_letter(LetterItem(outcome="Partially Overturned")))

    assert case.items[0].determination is None
    assert case.items[0].heading == LetterItem().heading
    assert any(gap.startswith("items[1].determination:") for gap in case.gaps)


def test_labels_named_inside_a_sentence_begin_no_item():
    ground = LetterItem(rationale="I differ from the Claims Administrator guideline: it is silent on this point.")

    case = read(section_letter(ground))

    assert len(case.items) == 1
    assert case.items[0].rationale == ground.rationale


def test_a_letter_cut_off_in_the_middle_keeps_what_is_whole():
    text = section_letter(GROUND, LetterItem())
    case = read(text[: text.rindex("MAXIMUS guideline")])

    assert headings(case) == [GROUND.heading, LetterItem().heading]
    assert "items[2].rationale: no Decision rationale" in case.gaps


def test_items_without_the_heading_of_their_part_are_found_by_their_labels():
    text = section_letter(GROUND, LetterItem()).replace("IMR ISSUES, DECISIONS AND RATIONALES\n\n", "")

    case = read(text)

    assert headings(case)[1] == LetterItem().heading
    assert case.items[0].rationale == GROUND.rationale
    assert (case.case_summary or "").startswith("The injured worker")
