"""Somebody writes a case file by hand, or a program writes one."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from drafter.domain.case import Case
from drafter.errors import CaseInvalid, InputUnreadable
from drafter.services.contract import case_shape, to_line
from drafter.services.intake import case_file_schema, read_case, read_cases
from tests.conftest import REPOSITORY
from tests.letter_factories import SUMMARY, as_docx, as_pdf, section_letter

WHOLE = """
case_number: EXAMPLE-1
priority: Standard
dates: {injury: 2016-06-02, rfa: 9/16/2016, ur_denial: 2016-09-23, assigned: , application_received: 10/3/2016}
reviewer:
  licensure: Oregon
case_summary: |
  The injured worker is a baker whose right wrist was hurt when a
  tray fell.
claims_administrator:
  decision: Denied
  reasons: No trial of a splint.
items:
  - Wrist arthroscopy with debridement
  - treatment: Pre-operative EKG
    claims_administrator: {reasons: Not before a minor operation.}
  - treatment: Wrist splint
    claims_administrator_guideline: "Decision based on MTUS Knee Complaints 2004, Section(s): Initial Care."
records:
  - title: Progress note
    date: 2016-09-14
    pages:
      - Pain 5 out of 10.
      - {page: 4, text: Grip 20 pounds.}
"""


def read(text: str) -> Case:
    return read_case(text.encode(), name="case.yaml")


def refusal(text: str) -> str:
    with pytest.raises(CaseInvalid) as caught:
        read_case(text.encode(), name="case.yaml")
    return str(caught.value)


def written(folder: Path, text: str) -> Path:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_everything_a_case_file_says_reaches_the_case():
    case = read(WHOLE)
    operation, clearance, splint = case.items

    assert case.form == "case-file"
    assert case.dates.injury == date(2016, 6, 2)
    assert case.dates.rfa == date(2016, 9, 16)
    assert case.case_summary == "The injured worker is a baker whose right wrist was hurt when a tray fell."
    assert (operation.number, operation.treatment) == (1, "Wrist arthroscopy with debridement")
    assert (operation.claims_administrator_decision, operation.claims_administrator_reasons) == (
        "Denied",
        "No trial of a splint.",
    )
    assert clearance.depends_on == 1
    assert clearance.claims_administrator_reasons == "Not before a minor operation."
    assert splint.citations[0].sections == ("Initial Care",)
    assert [(page.page, page.text) for page in case.records[0].pages] == [
        (1, "Pain 5 out of 10."),
        (4, "Grip 20 pounds."),
    ]
    assert case.record_scope == "file"


def test_what_a_case_file_leaves_out_is_named():
    gaps = read(WHOLE).gaps

    assert "dates.assigned: not given" in gaps
    assert "reviewer.specialty: not given" in gaps
    assert not any(gap.startswith("records") for gap in gaps)
    assert any(gap.startswith("records:") for gap in read("items: [Wrist splint]").gaps)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "items: [A]\ndates:\n  injury: 13/45/2016\n",
            "case.yaml, line 3: dates.injury: 13/45/2016 is no date; write it as ",
        ),
        ("items: [A]\ndates:\n  injury: 2016-02-30\n", "case.yaml, line 3: dates.injury: 2016-02-30 is no date"),
        ("items: [A]\ndates:\n  injury: last summer\n", "line 3: dates.injury: this is no date"),
        ("items: [A]\ndates:\n  injury: 9/16/16\n", "line 3: dates.injury: 9/16/16 is no date"),
        ("case_sumary: B\nitems: [A]\n", "case.yaml, line 1: case_sumary: no such key; did you mean case_summary?"),
        ("items:\n  - treatment: A\n    body_part: wrist\n", "line 3: items[1].body_part: no such key"),
        ("case_summary: B\n", "items: missing; name at least one treatment in dispute"),
        ("items: []\n", "line 1: items: missing; name at least one treatment in dispute"),
        ("items:\n  - number: 1\n", "line 2: items[1]: it names no treatment; add treatment: TEXT"),
        ("items:\n  - {treatment: A, depends_on: 2}\n", "items[1].depends_on: 2 is no other item of the case"),
        ("items:\n  - {treatment: A, number: 2}\n  - B\n", "items[1].number: 2 is given to two items"),
        ("items:\n  - {treatment: A, depends_on: B}\n", "line 2: items[1].depends_on: a whole number is wanted here"),
        ("items: [A]\nrecords:\n  - title: Note\n", "line 3: records[1]: it needs exactly one of pages, text or file"),
        ("items: [A]\nrecords:\n  - pages: [{page: 2}, {page: 1}]\n", "records[1].pages: page 1 follows page 2"),
        ("items: [A]\nitems: [B]\n", "line 2: not readable as YAML (items is given twice)"),
        ("items: [A\ncase_summary: B\n", "not readable as YAML"),
        (
            "items: [A]\ncase_summary: He said: no.\n",
            "line 2: not readable as YAML (text that holds a colon wants quotes)",
        ),
        ("items: &all [A]\nrecords: *all\n", "aliases"),
        ('{"items": ["A"], "items": ["B"]}', "not readable as JSON (items is given twice)"),
        ('{"items": ["A"]', "line 1: not readable as JSON"),
        ("items: " + "[" * 20000, "nested too deep"),
        ("items: [A]\ncase_summary: [B, C]\n", "line 2: case_summary: a text is wanted here"),
    ],
)
def test_a_fault_is_told_in_one_sentence_with_key_and_line(text: str, sentence: str):
    told = refusal(text)

    assert sentence in told
    assert "\n" not in told


def test_several_faults_are_counted():
    assert refusal("itemz: [A]\npriorty: B\n").endswith("(2 more after it)")


def test_a_refusal_shows_nothing_of_the_patient():
    told = refusal(
        "items: [A]\ndates:\n  injury: while she lifted her depressed neighbour\ncase_summary: {a: bipolar}\n"
    )

    assert "neighbour" not in told
    assert "bipolar" not in told


def test_records_are_read_from_files_beside_the_case_file(tmp_path: Path):
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "note.pdf").write_bytes(as_pdf("Pain 5 out of 10.\n\nGrip 20 pounds."))
    (tmp_path / "file" / "letter.docx").write_bytes(as_docx("A letter."))
    (tmp_path / "file" / "old.txt").write_text("First page.\fSecond page.")
    files = "\n".join(f"  - file: file/{name}" for name in ("note.pdf", "letter.docx", "old.txt"))

    note, letter, old = read_case(written(tmp_path, f"items: [A]\nrecords:\n{files}\n")).records

    assert note.title == "note"
    assert note.record_id == "record-1"
    assert [(page.page, page.text) for page in note.pages] == [(1, "Pain 5 out of 10.\nGrip 20 pounds.")]
    assert letter.pages[0].text == "A letter."
    assert [(page.page, page.text) for page in old.pages] == [(1, "First page."), (2, "Second page.")]


def test_a_page_that_is_an_image_is_a_gap(tmp_path: Path):
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Times", "", 12)
    pdf.write(5, "Pain 5 out of 10.")
    pdf.add_page()
    pdf.rect(10, 10, 40, 40, style="F")
    (tmp_path / "scan.pdf").write_bytes(bytes(pdf.output()))

    case = read_case(written(tmp_path, "items: [A]\nrecords:\n  - file: scan.pdf\n"))

    assert [page.page for page in case.records[0].pages] == [1]
    assert "records[1]: 1 page has no text: page 2 needs OCR or manual entry" in case.gaps
    assert case.record_scope == "summary", "nothing can be called undocumented on the account of a page nobody read"


@pytest.mark.parametrize("outside", ["../secret.txt", "/etc/hostname", "file/../../secret.txt"])
def test_no_file_outside_the_folder_is_opened(tmp_path: Path, outside: str):
    (tmp_path / "secret.txt").write_text("A secret.")
    folder = tmp_path / "case"
    folder.mkdir()

    with pytest.raises(CaseInvalid, match="outside the case file's folder"):
        read_case(written(folder, f"items: [A]\nrecords:\n  - file: {outside}\n"))


def test_a_record_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(InputUnreadable, match=r"records\[1\]\.file gone\.pdf cannot be opened"):
        read_case(written(tmp_path, "items: [A]\nrecords:\n  - file: gone.pdf\n"))


def test_a_case_from_standard_input_names_no_files():
    assert "standard input names no files" in refusal("items: [A]\nrecords:\n  - file: note.pdf\n")


def test_what_parse_prints_is_a_case_file():
    letter = read_case(section_letter().encode())
    again = read(to_line(case_shape(letter, path="letter.pdf")))

    assert again.items == letter.items
    assert (again.dates, again.reviewer, again.case_summary) == (letter.dates, letter.reviewer, letter.case_summary)


def test_json_lines_hold_many_cases(tmp_path: Path):
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps({"case_number": number, "items": ["A"]}) for number in ("ONE", "TWO")))

    assert [case.case_number for case in read_cases(file)] == ["ONE", "TWO"]


def test_a_faulty_line_of_json_lines_is_named(tmp_path: Path):
    file = tmp_path / "cases.jsonl"
    file.write_text('{"items": ["A"]}\n{"items": []}\n')

    with pytest.raises(CaseInvalid, match=r"cases\.jsonl, line 2: items: missing"):
        list(read_cases(file))


def test_a_summary_keeps_its_list_and_joins_its_wrapped_lines():
    wrapped = f"  {SUMMARY[:70]}\n  {SUMMARY[70:140]}\n\n  Diagnoses:\n  - sprain\n  - tenosynovitis"
    case = read(f"case_summary: |\n{wrapped}\nitems: [A]\n")

    assert (case.case_summary or "").splitlines()[1:] == ["Diagnoses:", "- sprain", "- tenosynovitis"]


def test_the_schema_names_every_key():
    properties = case_file_schema()["properties"]

    assert {"case_number", "dates", "reviewer", "case_summary", "claims_administrator", "items", "records"} <= set(
        properties
    )


def test_every_key_of_the_schema_is_explained():
    page = (REPOSITORY / "docs" / "case-files.md").read_text(encoding="utf-8")
    explained = {word for code in re.findall(r"`([^`\n]+)`", page) for word in re.findall(r"[a-z_]+", code)}
    schema = case_file_schema()
    keys = {key for table in [schema, *schema["$defs"].values()] for key in table.get("properties", {})}

    assert keys - explained == set()
