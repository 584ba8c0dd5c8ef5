"""The lines at the top and bottom of PDF pages, where running headers, footers and page numbers stand.

A running header that names its section changes from section to section, so that its words are not repeated often enough
to tell. What tells is that it is an echo: the same words stand somewhere in larger type, or inside a page, as the
heading that they repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from guideline_corpus.readers.pdf_layout import Row
from guideline_corpus.readers.pdf_page import PdfPage
from guideline_corpus.readers.printed_pages import EDGE_LINES, EdgeLine, PageEdges

EDGE_SHARE = 0.2
LARGER = 0.8


class _Standing(NamedTuple):
    """Where some words stand as a line of their own: the largest type, and the first page inside its edges."""

    size: float
    inside: int | None


def page_edges(pages: Sequence[PdfPage], rows: Mapping[int, Sequence[Row]]) -> list[PageEdges]:
    """The edges of every page; `rows` are the lines of each, by file page."""
    standing = _standing(pages, rows)
    return [_edges(page, rows[page.file_page], standing) for page in pages]


def _edges(page: PdfPage, rows: Sequence[Row], standing: Mapping[str, _Standing]) -> PageEdges:
    """The outermost lines of a page; their places are measured from the edge that they stand at."""
    top = [at for at in range(len(rows))[:EDGE_LINES] if rows[at].base > (1 - EDGE_SHARE) * page.height]
    bottom = [at for at in reversed(range(len(rows))[-EDGE_LINES:]) if rows[at].base < EDGE_SHARE * page.height]
    lines = []
    for number in (*top, *bottom):
        row = rows[number]
        from_edge = page.height - row.base if number in top else row.base
        lines.append(
            EdgeLine(
                row=number,
                text=row.text,
                place=(number in top, round(from_edge / 3), round(row.size)),
                top=number in top,
                measured=True,
                echo=_is_echo(row, page.file_page, standing.get(_squeezed(row.text))),
            )
        )
    return PageEdges(page.file_page, tuple(lines))


def _standing(pages: Sequence[PdfPage], rows: Mapping[int, Sequence[Row]]) -> dict[str, _Standing]:
    found: dict[str, _Standing] = {}
    for page in pages:
        own = rows[page.file_page]
        for at, row in enumerate(own):
            words = _squeezed(row.text)
            before = found.get(words, _Standing(0.0, None))
            inside = page.file_page if EDGE_LINES <= at < len(own) - EDGE_LINES else None
            first = before.inside if before.inside is not None else inside
            found[words] = _Standing(max(before.size, row.size), first)
    return found


def _is_echo(row: Row, file_page: int, standing: _Standing | None) -> bool:
    """Whether a line at the edge repeats a heading: words set larger elsewhere, or inside this or an earlier page."""
    if standing is None or not any(letter.isalpha() for letter in row.text):
        return False
    return standing.size >= row.size + LARGER or (standing.inside is not None and standing.inside <= file_page)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
