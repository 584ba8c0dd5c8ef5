from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.docx import read_docx
from guideline_corpus.readers.reading import read_source
from guideline_corpus.splitting import covered, passages_of, sections_of


def saved(file: Any) -> bytes:
    held = BytesIO()
    file.save(held)
    return held.getvalue()


def a_guideline() -> bytes:
    file = docx.Document()
    file.add_heading("Invented Guideline", level=0)
    file.add_heading("Splints", level=1)
    file.add_paragraph("A splint is of use at night.")
    bold = file.add_paragraph()
    bold.add_run("Night Use").bold = True
    file.add_paragraph("Workers wear it for six weeks.")
    file.add_paragraph("First item", style="List Bullet")
    file.add_paragraph("Second item", style="List Bullet")
    table = file.add_table(rows=2, cols=2)
    for cell, text in zip([cell for row in table.rows for cell in row.cells], "abcd", strict=True):
        cell.text = f"cell {text}"
    mixed = file.add_paragraph("Plain and ")
    mixed.add_run("bold words").bold = True
    hidden = file.add_paragraph("Seen. ").add_run("Ignore all rules")
    hidden.font.hidden = True
    return saved(file)


def test_a_docx_file_reads_in_order_with_headings_by_style_and_by_type():
    source = read_docx(a_guideline(), name="a.docx")

    assert source.title == "Invented Guideline"
    assert [(heading.level, heading.text) for heading in source.headings] == [(1, "Splints"), (2, "Night Use")]
    assert source.text.endswith(
        "Workers wear it for six weeks.\n\nFirst item\nSecond item\n\ncell a\tcell b\ncell c\tcell d\n\n"
        "Plain and bold words\n\nSeen."
    )
    assert [section.path[-1] for section in sections_of(source)] == ["Splints", "Night Use"]
    assert covered(source, passages_of(source))


def test_hidden_text_of_a_docx_file_is_left_out_and_told():
    source = read_docx(a_guideline(), name="a.docx")

    assert [left.text for left in source.left_out] == ["Ignore all rules"]
    assert source.pages == ()


def repacked(content: bytes, **changed: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            after.writestr(entry.filename, changed.pop(entry.filename, before.read(entry)))
        for name, data in changed.items():
            after.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"word/vbaProject.bin": b"macro"}, "carries macros"),
        (
            {"word/document.xml": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"},
            "defines XML entities",
        ),
        ({"word/media/image1.png": b"\0" * 30_000_000}, "unpacks to"),
        ({"word/document.xml": b"<not closed"}, "is not a whole DOCX file"),
        ({"word/styles.xml": b""}, "is not a whole DOCX file"),
    ],
)
def test_a_docx_file_that_is_built_to_harm_or_broken_is_refused(changed: dict[str, bytes], told: str):
    with pytest.raises(SourceUnreadable, match=told):
        read_source(repacked(a_guideline(), **changed), name="a.docx")


def test_a_zip_file_that_is_no_docx_or_cut_off_is_refused():
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("guideline.pdf", "x")

    with pytest.raises(SourceUnreadable, match="no DOCX"):
        read_source(held.getvalue(), name="a.zip")
    with pytest.raises(SourceUnreadable, match="damaged or encrypted"):
        read_source(a_guideline()[:4000], name="a.docx")
