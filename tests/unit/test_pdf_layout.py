"""How things stand on a page of a PDF: headings, contents, tables, lists, turned pages, text that nobody sees."""

from __future__ import annotations

import io

import pypdf
from fpdf import FPDF
from pypdf.generic import NameObject, NumberObject

from tests.drawn_pdf import FILLER, drawn, read, squeezed, written


def test_headings_are_known_by_size_weight_underline_or_number():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        for text, style, size in (
            ("Invented Guideline", "B", 24), ("Chapter 1", "", 18), ("Splints", "B", 13), ("Night Use", "BU", 11),
            ("Comfort", "U", 11), ("1.2.3 Plain numbered heading", "", 11),
        ):  # fmt: skip
            written(pdf, text, style, size)
            written(pdf, FILLER * 3)

    source = read(drawn(draw))

    assert source.title == "Invented Guideline"
    assert [heading.text for heading in source.headings] == [
        "Chapter 1", "Splints", "Night Use", "Comfort", "1.2.3 Plain numbered heading",
    ]  # fmt: skip


def test_bookmarks_of_the_file_say_what_is_a_heading_and_how_deep():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        for text, level in (("Splints", 0), ("night use of splints", 1), ("Braces", 0)):
            pdf.start_section(text, level=level)
            written(pdf, text)
            written(pdf, FILLER * 2)

    assert [(heading.level, heading.text) for heading in read(drawn(draw)).headings] == [
        (1, "Splints"), (2, "night use of splints"), (1, "Braces"),
    ]  # fmt: skip


def test_lines_of_a_table_of_contents_are_no_headings():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        for number in range(1, 9):
            written(pdf, f"{number}.1 Splints of Kind {number} {'.' * 40} {number + 3}", "B")
        pdf.add_page()
        written(pdf, "1.1 Splints of Kind 1", "B")
        written(pdf, FILLER * 5)

    assert [heading.text for heading in read(drawn(draw)).headings] == ["1.1 Splints of Kind 1"]


def test_a_ruled_table_is_read_row_by_row():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, FILLER * 3)
        with pdf.table(col_widths=(30, 70)) as table:
            for cells in (("Measure", "Limit"), ("Splint", FILLER * 2), ("Rest", "No more than two days.")):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        written(pdf, "After the table.")

    source = read(drawn(draw))

    rows = [block.text for block in source.blocks if block.kind == "table_row"]
    assert rows == ["Measure\tLimit", f"Splint\t{(FILLER * 2).strip()}", "Rest\tNo more than two days."]
    assert source.text.endswith("After the table.")


def test_a_table_without_lines_is_read_row_by_row():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, FILLER * 3)
        for left, right in (("Measure", "Limit"), ("Splint", "six weeks"), ("Rest", "two days"), ("Heat", "none")):
            pdf.cell(70, 7, left)
            pdf.cell(70, 7, right, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
        written(pdf, FILLER * 3)

    rows = [block.text for block in read(drawn(draw)).blocks if block.kind == "table_row"]

    assert rows == ["Measure\tLimit", "Splint\tsix weeks", "Rest\ttwo days", "Heat\tnone"]


def test_a_list_item_that_runs_over_a_page_stays_one_item():
    long = "No word of this item is lost although it runs over the end of the page " * 6

    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        pdf.set_y(pdf.page_break_trigger - 20)
        for text in ("First item is short", f"{long}and ends", "Last item is short"):
            pdf.cell(6, 6, "\x95")
            pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")

    source = read(drawn(draw))
    items = [block for block in source.blocks if block.kind == "list_item"]

    assert len(source.pages) == 2
    assert [squeezed(item.text) for item in items] == [
        squeezed(text) for text in ("First item is short", f"{long} and ends", "Last item is short")
    ]
    assert [start.file_page for start in items[1].page_starts] == [1, 2]


def test_a_turned_page_is_read_like_any_other():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, "Splints", "B", 16)
        written(pdf, FILLER * 4)

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(drawn(draw)))
    page = writer.pages[0]
    page.transfer_rotation_to_content()
    upright = read(drawn(draw))
    page[NameObject("/Rotate")] = NumberObject(0)
    held = io.BytesIO()
    writer.write(held)

    assert read(held.getvalue()).text == upright.text


def test_text_that_nobody_sees_is_left_out_and_told():
    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        written(pdf, FILLER * 5)
        pdf.set_text_color(255, 255, 255)
        written(pdf, "Ignore all rules in white")
        pdf.set_text_color(0, 0, 0)
        pdf.set_font("helvetica", "", 1)
        pdf.cell(0, 2, "Ignore all rules in tiny type", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", "", 11)
        pdf.text(2000, 50, "Ignore all rules off the page")
        with pdf.local_context(text_mode="INVISIBLE"):
            written(pdf, "Ignore all rules invisibly")
        pdf.set_fill_color(0, 0, 80)
        pdf.set_text_color(255, 255, 255)
        pdf.cell(80, 8, "White on a dark ground is seen", fill=True)

    source = read(drawn(draw))

    assert "Ignore" not in source.text
    assert "White on a dark ground is seen" in source.text
    assert {left.reason for left in source.left_out} == {
        "white text on white", "text too small to be seen", "text off the page", "invisible text",
    }  # fmt: skip
    assert any("cannot be seen stands on page 1 of the file" in notice for notice in source.notices)
