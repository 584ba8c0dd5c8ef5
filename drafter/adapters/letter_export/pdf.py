"""The signed letter as PDF, by WeasyPrint: tagged (PDF/UA-1), and the same bytes each time.

Nothing is read from outside: the fetcher lets through data URLs only. The file's dates are the day of the decision, its
identifier is made of the fingerprint, and neither text nor metadata names the reviewer (proved by
tests/integration/test_letter_export.py).
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from drafter.domain.review.letter import OUTCOME_WORDS, printed_day
from drafter.domain.review.signed import SignedLetter

if TYPE_CHECKING:
    from weasyprint import Document

LINE = 60  # characters that fit on a line for certain
_BREAKABLE = re.compile(r"[-–—/|\\?&=]")


def letter_pdf(signed: SignedLetter) -> bytes:
    """The bytes of the PDF."""
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    nothing_from_outside = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    page = HTML(string=letter_html(signed), url_fetcher=nothing_from_outside)
    style = CSS(string=_shipped("letter.css"), url_fetcher=nothing_from_outside)
    document: Document = page.render(stylesheets=[style], pdf_variant="pdf/ua-1")
    document.metadata.created = f"{signed.decided.isoformat()}T00:00:00Z"
    document.metadata.modified = f"{signed.decided.isoformat()}T00:00:00Z"
    document.metadata.generator = "imr-drafter"
    identifier = bytes.fromhex(signed.fingerprint)[:16]
    written: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return written


def letter_html(signed: SignedLetter) -> str:
    """The page that the PDF is printed from; every value is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_shipped("letter.html"))
    return template.render(
        signed=signed, letter=signed.letter, day=printed_day, outcome=OUTCOME_WORDS, whole_words=whole_words
    )


def whole_words(text: str) -> Markup:
    """The text with "12/06/2016", "L4-5" and "Non-MTUS" kept on one line, so that whoever reads the file's text back
    gets the same words; only a word longer than a line may break."""
    return Markup(" ").join(
        Markup('<span class="whole">{}</span>').format(word) if _BREAKABLE.search(word) and len(word) <= LINE else word
        for word in text.split()
    )


def _shipped(name: str) -> str:
    return files("drafter.adapters.letter_export").joinpath(name).read_text(encoding="utf-8")
