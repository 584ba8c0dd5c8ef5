"""A page of a PDF as what is drawn on it: words with their place and type, straight lines, hidden text.

Coordinates are points from the lower left corner of the page as it is shown (a turned page is turned back).
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    """How a word is set: height of its type in points, and its face."""

    size: float
    bold: bool = False
    italic: bool = False
    underline: bool = False


class Word(NamedTuple):
    """A word and the box it fills; `base` is the line it stands on. `turned`: it does not run from left to right."""

    text: str
    x0: float
    x1: float
    base: float
    look: Look
    turned: bool = False


class Rule(NamedTuple):
    """A straight line along the page, horizontal or vertical."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def horizontal(self) -> bool:
        return abs(self.y1 - self.y0) <= abs(self.x1 - self.x0)


class HiddenWords(NamedTuple):
    """Text that nobody sees on the page, and why."""

    reason: str
    text: str


class PdfPage(NamedTuple):
    """`letters` counts the letters and figures of the page, hidden ones too; `image_share` is the part images cover."""

    file_page: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()
    hidden: tuple[HiddenWords, ...] = ()
    letters: int = 0
    image_share: float = 0.0


class OutlineEntry(NamedTuple):
    """A bookmark: depth counted from 1, title, and the file page it leads to."""

    level: int
    title: str
    file_page: int | None


class PdfContent(NamedTuple):
    """A whole PDF. `labels` are the page labels that the file defines itself, None where it defines none."""

    pages: tuple[PdfPage, ...]
    labels: tuple[str, ...] | None = None
    outline: tuple[OutlineEntry, ...] = ()
    title: str | None = None
    notices: tuple[str, ...] = ()
