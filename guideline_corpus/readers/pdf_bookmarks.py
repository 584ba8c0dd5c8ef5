"""Finds on the page what the bookmarks of a PDF name, so that it stands as a paragraph of its own.

A bookmark leads to a page; which of its lines it means, only the words tell. Those are compared without white space,
hyphens and, where the bookmark lacks it, the number of the heading; a heading may be set in several lines, and may
stand in a paragraph that goes on in the same type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from guideline_corpus.readers.pdf_layout import PrintedLine
from guideline_corpus.readers.pdf_page import OutlineEntry
from guideline_corpus.readers.pdf_paragraphs import Paragraph, is_contents_entry

MOST_LINES, MOST_NUMBER = 6, 30
NUMBER = re.compile(
    r"^(?:(?:chapter|part|section|appendix)\s+(?:\d{1,3}|[A-Z]|[IVX]{1,5})|(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*)[.:)]?\s+",
    re.IGNORECASE,
)


class _Place(NamedTuple):
    """Where lines begin: in which paragraph, and at which of its lines; both count from 0."""

    paragraph: int
    line: int


class _Named(NamedTuple):
    """What a bookmark names: so many lines, at this level."""

    lines: int
    level: int


def with_bookmarks(paragraphs: Sequence[Paragraph], outline: Sequence[OutlineEntry]) -> list[Paragraph]:
    """The paragraphs, with every heading that a bookmark names cut out of them and marked with its level."""
    on_page: dict[int, list[int]] = {}
    for at, paragraph in enumerate(paragraphs):
        if paragraph.row is None:
            for file_page in paragraph.pages:
                on_page.setdefault(file_page, []).append(at)
    found: dict[_Place, _Named] = {}
    for entry in outline:
        if entry.file_page is None or not _key(entry.title):
            continue
        places = (one for at in on_page.get(entry.file_page, ()) for one in _places(paragraphs[at], at, entry))
        if match := next(((place, lines) for place, lines in places if place not in found), None):
            found[match[0]] = _Named(match[1], entry.level)
    return [part for at, one in enumerate(paragraphs) for part in _cut(one, at, found)]


def _places(paragraph: Paragraph, at: int, entry: OutlineEntry) -> Iterator[tuple[_Place, int]]:
    """Where in a paragraph whole lines say what the bookmark says, and how many."""
    title, bare = _key(entry.title), _key(NUMBER.sub("", entry.title))
    for first in range(len(paragraph.lines)):
        text = ""
        for count, line in enumerate(paragraph.lines[first : first + MOST_LINES], start=1):
            if line.file_page != entry.file_page or is_contents_entry(line):
                break
            text = f"{text} {line.text}".strip()
            if _key(text) == title or (bare and _key(NUMBER.sub("", text)) == bare):
                yield _Place(at, first), count
                break
            if len(text) > 2 * len(entry.title) + MOST_NUMBER:
                break


def _cut(paragraph: Paragraph, at: int, found: Mapping[_Place, _Named]) -> Iterator[Paragraph]:
    rest: list[PrintedLine] = []
    number = 0
    listed = paragraph.listed
    while number < len(paragraph.lines):
        named = found.get(_Place(at, number))
        if named is None:
            rest.append(paragraph.lines[number])
            number += 1
            continue
        if rest:
            yield Paragraph(rest, listed=listed)
        yield Paragraph(paragraph.lines[number : number + named.lines], marked=named.level)
        number += named.lines
        rest, listed = [], False
    if rest or paragraph.row is not None:
        yield Paragraph(rest, row=paragraph.row, listed=listed)


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
