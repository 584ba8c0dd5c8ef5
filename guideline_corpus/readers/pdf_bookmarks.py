"""Finds on the page what the bookmarks of a PDF name, so that it stands as a paragraph of its own.

A bookmark leads to a page; which of its lines it means, only the words tell. Those are compared without white space,
hyphens and, where the bookmark lacks it, the number of the heading; a heading may be set in several lines, and may
stand in a paragraph that goes on in the same type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from guideline_corpus.readers.pdf_layout import PrintedLine
from guideline_corpus.readers.pdf_page import OutlineEntry
from guideline_corpus.readers.pdf_paragraphs import Paragraph, is_contents_entry

MOST_LINES = 6
NUMBER = re.compile(
    r"^(?:(?:chapter|part|section|appendix)\s+(?:\d{1,3}|[A-Z]|[IVX]{1,5})|(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*)[.:)]?\s+",
    re.IGNORECASE,
)


class _Place(NamedTuple):
    """`lines` lines of one paragraph; `paragraph` and `first` count from 0."""

    paragraph: int
    first: int
    lines: int


def with_bookmarks(paragraphs: Sequence[Paragraph], outline: Sequence[OutlineEntry]) -> list[Paragraph]:
    """The paragraphs, with every heading that a bookmark names cut out of them and marked with its level."""
    wanted: dict[int, list[OutlineEntry]] = {}
    for entry in outline:
        if entry.file_page is not None and _key(entry.title):
            wanted.setdefault(entry.file_page, []).append(entry)
    found: dict[_Place, int] = {}
    for file_page, entries in wanted.items():
        on_page = [at for at, one in enumerate(paragraphs) if one.row is None and file_page in one.pages]
        for entry in entries:
            places = [place for at in on_page for place in _places(paragraphs[at], at, entry, file_page)]
            if place := next((place for place in places if place not in found), None):
                found[place] = entry.level
    return [part for at, one in enumerate(paragraphs) for part in _cut(one, at, found)]


def _places(paragraph: Paragraph, at: int, entry: OutlineEntry, file_page: int) -> Iterator[_Place]:
    """Where in a paragraph whole lines say what the bookmark says."""
    title, bare = _key(entry.title), _key(NUMBER.sub("", entry.title))
    for first in range(len(paragraph.lines)):
        text = ""
        for count, line in enumerate(paragraph.lines[first : first + MOST_LINES], start=1):
            if line.file_page != file_page or is_contents_entry(line):
                break
            text = f"{text} {line.text}"
            if _key(text) == title or (bare and _key(NUMBER.sub("", text.strip())) == bare):
                yield _Place(at, first, count)
                break


def _cut(paragraph: Paragraph, at: int, found: dict[_Place, int]) -> Iterator[Paragraph]:
    rest: list[PrintedLine] = []
    number = 0
    listed = paragraph.listed
    while number < len(paragraph.lines):
        place = next((one for one in found if one.paragraph == at and one.first == number), None)
        if place is None:
            rest.append(paragraph.lines[number])
            number += 1
            continue
        if rest:
            yield Paragraph(rest, listed=listed)
        yield Paragraph(paragraph.lines[number : number + place.lines], marked=found[place])
        number += place.lines
        rest, listed = [], False
    if rest or paragraph.row is not None:
        yield Paragraph(rest, row=paragraph.row, listed=listed)


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
