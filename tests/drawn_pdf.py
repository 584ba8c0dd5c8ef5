"""PDF files that a test draws itself, and what the reader of guidelines makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from fpdf import FPDF

from guideline_corpus.readers.reading import read_source
from guideline_corpus.readers.source_text import SourceText

FILLER = "Words of no weight fill the page so that it reads as running text and nothing else. "


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def read(content: bytes) -> SourceText:
    return read_source(content, name="a.pdf")


def drawn(draw: Callable[[FPDF], None]) -> bytes:
    pdf = FPDF(format="letter")
    pdf.set_font("helvetica", "", 11)
    draw(pdf)
    return bytes(pdf.output())


def written(pdf: FPDF, text: str, style: str = "", size: int = 11) -> None:
    pdf.set_font("helvetica", style, size)
    pdf.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
