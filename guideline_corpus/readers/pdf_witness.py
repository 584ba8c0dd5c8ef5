"""The second reader of PDF files, which shares nothing with the first: how many pages it finds, and how much on each.

No reader of PDF can be trusted to say that it failed: a damaged file reads as a shorter one. Every file is read twice
and taken only where the first reader has all the pages and all the letters that the second finds (`disagreement`).
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from io import BytesIO

import pypdf
from pypdf.errors import PyPdfError

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.source_text import Page

ALLOWED_SHARE = 0.02
ALLOWED_SHARE_OF_PAGE = 0.06
ALLOWED_LETTERS = 12


def witness_pdf(content: bytes, *, name: str, password: str = "") -> tuple[int, ...]:
    """How many letters and figures the second reader finds on each page. Raises SourceUnreadable where it fails."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        file = pypdf.PdfReader(BytesIO(content), strict=False)
        if file.is_encrypted:
            file.decrypt(password)
        return tuple(letters_in(page.extract_text() or "") for page in file.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, ArithmeticError) as error:
        raise SourceUnreadable(f"{name}: a second reader cannot read the file ({type(error).__name__}).") from None


def letters_in(text: str) -> int:
    return sum(letter.isalnum() for letter in unicodedata.normalize("NFKC", text))


def disagreement(pages: Sequence[Page], witnessed: Sequence[int]) -> str | None:
    """Why the first reader cannot be believed; None where it found all that the second did."""
    if len(pages) != len(witnessed):
        return f"two readers disagree ({len(pages)} vs {len(witnessed)} pages)"
    ours, theirs = sum(page.letters for page in pages), sum(witnessed)
    if ours < theirs * (1 - ALLOWED_SHARE) - ALLOWED_LETTERS:
        return f"two readers disagree ({ours} vs {theirs} letters)"
    for page, other in zip(pages, witnessed, strict=True):
        if page.letters < other * (1 - ALLOWED_SHARE_OF_PAGE) - ALLOWED_LETTERS:
            return f"two readers disagree on page {page.file_page} of the file ({page.letters} vs {other} letters)"
    return None
