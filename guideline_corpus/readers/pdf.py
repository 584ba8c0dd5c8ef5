"""Reads guidelines in PDF."""

from __future__ import annotations

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.source_text import SourceText


def read_pdf(content: bytes, *, name: str, page_offset: int | None) -> SourceText:
    """Not there yet."""
    raise SourceUnreadable(f"{name} is a PDF, which this release cannot read yet.")
