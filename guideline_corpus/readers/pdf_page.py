"""A page of a PDF as what is drawn on it: words with their place and type, straight lines, hidden text.

Coordinates are points from the lower left corner of the page as it is shown (a turned page is turned back).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

INVISIBLE_TEXT = "invisible text"


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


class UnseenWords(NamedTuple):
    """Words that nobody sees on a page, why, and the indices of their first and last character."""

    reason: str
    text: str
    first: int
    last: int


class Unseen(NamedTuple):
    """What is unseen on one page. `image_share` is the part that images cover, where some of it is drawn invisibly: the
    text that a character recognition lays behind a scan is, too."""

    words: tuple[UnseenWords, ...]
    image_share: float


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


def letter_of(code: int) -> str:
    """The character of a code; the mark of an unknown one where there is none."""
    return chr(code) if 0 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def on_another_line(before: tuple[float, float, float, float], after: tuple[float, float, float, float]) -> bool:
    """Whether the box of one letter stands above or below that of the letter before it."""
    middle = (after[1] + after[3]) / 2
    return after[3] > after[1] and before[3] > before[1] and not before[1] <= middle <= before[3]


def straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Rule]:
    """The rule between two points, where it is one: long enough, and along the page."""
    across, up = abs(one[0] - other[0]), abs(one[1] - other[1])
    if max(across, up) >= 4 and min(across, up) <= 1.5:
        yield Rule(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
