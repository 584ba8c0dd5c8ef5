"""PDF files that cannot be read, or only with a word of warning."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
import pytest
from fpdf import FPDF

from guideline_corpus.errors import SourceUnreadable
from tests.drawn_pdf import FILLER, drawn, read, squeezed, written
from tests.official_pdf import write_official_pdf


def encrypted(content: bytes, user: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def text_pdf(pages: int = 1) -> bytes:
    def draw(pdf: FPDF) -> None:
        for _ in range(pages):
            pdf.add_page()
            written(pdf, FILLER * 5)

    return drawn(draw)


def test_a_file_that_only_its_owner_may_copy_is_read_and_says_so():
    source = read(encrypted(text_pdf(), ""))

    assert squeezed(FILLER) in squeezed(source.text)
    assert any("restricts copying" in notice for notice in source.notices)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda content: encrypted(content, "secret"), "a.pdf is encrypted; save a copy without a password"),
        (lambda content: content[: len(content) // 2], "a.pdf is cut off: it has no end; ask for a new copy"),
        (lambda content: b"%PDF-1.7\n" + b"\xff\x00garbage" * 90 + b"%%EOF", "a.pdf is damaged and cannot be opened"),
    ],
)
def test_a_pdf_that_cannot_be_opened_is_refused_with_one_sentence(spoil: Callable[[bytes], bytes], told: str):
    with pytest.raises(SourceUnreadable) as raised:
        read(spoil(text_pdf()))

    assert told in str(raised.value)


def test_a_file_of_images_only_is_refused():
    official = write_official_pdf(chapters=6, topics=1, paragraphs=1)
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(official.content), pages=(official.scanned - 1, official.scanned))
    held = io.BytesIO()
    writer.write(held)

    with pytest.raises(SourceUnreadable, match="holds only 0 words of text, 1 pages could not be read"):
        read(held.getvalue())


def test_a_file_with_too_many_pages_is_refused():
    writer = pypdf.PdfWriter()
    for _ in range(1501):
        writer.add_blank_page(72, 72)
    held = io.BytesIO()
    writer.write(held)

    with pytest.raises(SourceUnreadable, match="has 1501 pages; the limit is 1500, split it"):
        read(held.getvalue())
