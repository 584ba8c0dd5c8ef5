"""Makes blocks of a PDF: printed page numbers, headings with levels, paragraphs, list items; no running lines.

A paragraph is a heading where its type sets it apart (larger, bold, underlined, italic) and its words read as one,
where it is numbered like one ("3.3.9 Opioids ..."), or where a bookmark of the file names it. Its level comes from the
bookmark, else from the number, else from the type.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from guideline_corpus.readers.composing import Found, finished
from guideline_corpus.readers.headings import (
    CUSTOM,
    MOST_WORDS,
    StyledHeading,
    is_contents_line,
    nesting_order,
    reads_as_heading,
    style_name,
)
from guideline_corpus.readers.joining import WordsSeen, joined
from guideline_corpus.readers.pdf_bookmarks import with_bookmarks
from guideline_corpus.readers.pdf_edges import page_edges
from guideline_corpus.readers.pdf_layout import Row, reading_order, rows_of
from guideline_corpus.readers.pdf_page import PdfContent, PdfPage
from guideline_corpus.readers.pdf_paragraphs import BULLET, NUMBERED, Paragraph, is_contents_entry, paragraphs_of
from guideline_corpus.readers.printed_pages import furniture, printed_pages
from guideline_corpus.readers.source_text import LeftOut, PageStart, SourceText, UnreadPage

LARGER = 0.8
MOST_LEADING = 1.5
LEAST_ENTRIES = 4
FEW_LETTERS = 40
MOST_OF_PAGE = 0.5
TITLE_PAGES = 3
MOST_TITLE_WORDS = 40
MOST_LETTERS_ON_COVER = 300
DOTTED = re.compile(r"^(?:section\s+)?((?:\d{1,3}|[A-Z])(?:\.\d{1,3})+)\.?\s+\S", re.IGNORECASE)
PLAIN_NUMBER = re.compile(
    r"^(?:(?:chapter|part|section|appendix)\s+)?(\d{1,3}|[A-Z]|[IVX]{1,5})[.:)]?\s+\S", re.IGNORECASE
)
NAMED_PART = re.compile(r"^(?:chapter|part|section|appendix)\s+(?:\d{1,3}|[A-Z]|[IVX]{1,5})\b", re.IGNORECASE)


@dataclass
class _Heading:
    """A paragraph taken for a heading; `depth` is what its number says, `marked` what a bookmark says."""

    style: str
    depth: int | None = None
    marked: int | None = None
    directly: bool = False


def compose_pdf(content: PdfContent, *, page_offset: int | None) -> SourceText:
    """The text of a PDF from what is drawn on its pages."""
    rows = {page.file_page: rows_of(page) for page in content.pages}
    edges = page_edges(content.pages, rows)
    numbered, conflicts = printed_pages(edges, labels=content.labels, offset=page_offset)
    unread = {page.file_page: reason for page in content.pages if (reason := _why_unread(page))}
    running = furniture(edges)
    pages = [
        reading_order(page, dropped=_words_in(rows[page.file_page], running.get(page.file_page, set())))
        for page in content.pages
        if page.file_page not in unread
    ]
    contents, kept = _without_contents(paragraphs_of(pages))
    paragraphs = _with_merged_headings(with_bookmarks(kept, content.outline))
    found = list(_found(paragraphs))
    counted = tuple(
        page.model_copy(update={"letters": drawn.letters}) for page, drawn in zip(numbered, content.pages, strict=True)
    )
    return finished(found, title=content.title).model_copy(
        update={
            "pages": counted,
            "unread": tuple(UnreadPage(file_page=page, reason=reason) for page, reason in sorted(unread.items())),
            "left_out": (*_running_lines(rows, running), *contents, *_hidden(content.pages)),
            "notices": (*content.notices, *conflicts, *_hidden_notice(content.pages)),
        }
    )


def _why_unread(page: PdfPage) -> str | None:
    """Why a page counts as not read; None where it was read, or is blank."""
    if page.image_share < MOST_OF_PAGE:
        return None
    if sum(letter.isalnum() for word in page.words for letter in word.text) > FEW_LETTERS:
        return None
    if any(hidden.reason == "invisible text" for hidden in page.hidden):
        return "a scanned image with the text of a character recognition behind it"
    return "a scanned image without text"


def _without_contents(paragraphs: Sequence[Paragraph]) -> tuple[list[LeftOut], list[Paragraph]]:
    """The entries of tables of contents, and the rest: nobody may cite what only says where text stands."""
    entries: list[LeftOut] = []
    kept: list[Paragraph] = []
    for is_entry, group in groupby(paragraphs, key=lambda one: one.row is None and is_contents_line(one.text)):
        together = list(group)
        if is_entry and len(together) >= LEAST_ENTRIES:
            entries += [LeftOut(reason="table of contents", text=one.text, file_page=one.pages[0]) for one in together]
        else:
            kept += together
    return entries, kept


def _words_in(rows: Sequence[Row], numbers: set[int]) -> frozenset[int]:
    return frozenset(at for number in numbers for at in rows[number].words)


def _running_lines(rows: dict[int, list[Row]], running: dict[int, set[int]]) -> Iterator[LeftOut]:
    for file_page, numbers in sorted(running.items()):
        for number in sorted(numbers):
            yield LeftOut(reason="running header or footer", text=rows[file_page][number].text, file_page=file_page)


def _hidden(pages: Sequence[PdfPage]) -> Iterator[LeftOut]:
    for page in pages:
        reasons = dict.fromkeys(hidden.reason for hidden in page.hidden)
        for reason in reasons:
            words = " ".join(hidden.text for hidden in page.hidden if hidden.reason == reason)
            yield LeftOut(reason=reason, text=words, file_page=page.file_page)


def _hidden_notice(pages: Sequence[PdfPage]) -> Iterator[str]:
    held = [str(page.file_page) for page in pages if page.hidden]
    if held:
        shown = ", ".join(held[:5]) + (f" and {len(held) - 5} more" if len(held) > 5 else "")
        yield f"Text that cannot be seen stands on page {shown} of the file; it was left out."


def _found(paragraphs: Sequence[Paragraph]) -> Iterator[Found]:
    words = WordsSeen.of("\n".join(line for paragraph in paragraphs for line in _printed(paragraph)))
    headings = _headings(paragraphs)
    levels = _levels(headings)
    title = _title_at(paragraphs, headings)
    for at, paragraph in enumerate(paragraphs):
        if paragraph.row is not None:
            cells = [joined([(line, 0) for line in cell], words)[0] for cell in paragraph.row.cells]
            on = PageStart(at=0, file_page=paragraph.row.file_page)
            yield Found("table_row", "\t".join(cell for cell in cells if cell), page_starts=(on,))
            continue
        lines = [(line.text, line.file_page) for line in paragraph.lines]
        heading = headings.get(at)
        if at == title:
            text, starts = joined(lines, words)
            yield Found("title", text, page_starts=starts)
            continue
        if heading is None and paragraph.listed:
            lines[0] = (BULLET.sub("", lines[0][0]), lines[0][1])
        text, starts = joined(lines, words)
        if heading is not None:
            known = heading.depth is not None or heading.marked is not None
            yield Found("heading", text, level=levels[at], page_starts=starts, level_inferred=not known)
        elif paragraph.listed:
            yield Found("list_item", text, level=1, page_starts=starts)
        else:
            yield Found("paragraph", text, page_starts=starts)


def _printed(paragraph: Paragraph) -> list[str]:
    if paragraph.row is not None:
        return [line for cell in paragraph.row.cells for line in cell]
    return [line.text for line in paragraph.lines]


def _headings(paragraphs: Sequence[Paragraph]) -> dict[int, _Heading]:
    """The paragraphs that are headings, by their place in the file."""
    body = _body_size(paragraphs)
    found: dict[int, _Heading] = {}
    before = -1
    covers = _cover_pages(paragraphs, body)
    for at, paragraph in enumerate(paragraphs):
        if paragraph.row is not None or (paragraph.pages[0] in covers and not paragraph.marked):
            continue
        heading = _heading(paragraph, body)
        if heading is not None:
            heading.directly = before == at - 1
            found[at] = heading
            before = at
    return found


def _cover_pages(paragraphs: Sequence[Paragraph], body: float) -> set[int]:
    """The first pages of the file that hold no running text: what stands large on them heads no section."""
    running: Counter[int] = Counter()
    for paragraph in paragraphs:
        for line in paragraph.lines:
            running[line.file_page] += len(line.text) if line.look.size < body + LARGER else 0
    covers: set[int] = set()
    for page in sorted(running)[:TITLE_PAGES]:
        if running[page] > MOST_LETTERS_ON_COVER:
            break
        covers.add(page)
    return covers


def _title_at(paragraphs: Sequence[Paragraph], headings: dict[int, _Heading]) -> int | None:
    """The place of the file's title: the first paragraph that is set large, if nothing else is set as large."""
    body = _body_size(paragraphs)
    large = [
        (one.look.size, at) for at, one in enumerate(paragraphs) if one.row is None and one.look.size >= body + LARGER
    ]
    if not large:
        return None
    size, at = max(large, key=lambda pair: (pair[0], -pair[1]))
    others = [other for other, place in large if place != at]
    is_first = all(place >= at for place in headings) and paragraphs[at].pages[0] <= TITLE_PAGES
    fits = len(paragraphs[at].text.split()) <= MOST_TITLE_WORDS
    return at if is_first and fits and size > max(others, default=0.0) + LARGER else None


def _heading(paragraph: Paragraph, body: float) -> _Heading | None:
    text = paragraph.text
    if is_contents_entry(paragraph.lines[-1]) or BULLET.match(text):
        return None
    look = paragraph.look
    face = style_name(bold=look.bold, italic=look.italic, underline=look.underline, text=text)
    larger = look.size >= body + LARGER
    style = f"{look.size:05.1f} {face or 'plain'}"
    if paragraph.marked is not None:
        return _Heading(style, marked=paragraph.marked)
    dotted = DOTTED.match(text)
    set_apart = larger or face is not None
    if not (set_apart or dotted or NAMED_PART.match(text)):
        return None
    # A number and larger type leave no doubt, however the words read ("4.2 opioids, and when to stop").
    certain = bool(dotted) and larger and len(text.split()) <= MOST_WORDS
    if not certain and not reads_as_heading(text, style=face or "bold", larger=larger):
        return None
    if not set_apart and (len(paragraph.lines) > 2 or text.endswith(":")):
        return None
    if paragraph.listed and not (set_apart and NUMBERED.match(text)):
        return None
    return _Heading(style, _numbered_depth(text))


def _numbered_depth(text: str) -> int | None:
    """How deep the number of a heading says it stands ("3.3.9": 3); None where it has none."""
    dotted = DOTTED.match(text)
    if dotted:
        return len(dotted[1].split("."))
    return 1 if PLAIN_NUMBER.match(text) and re.match(r"^(?:chapter|part|section|\d)", text, re.IGNORECASE) else None


def _levels(headings: dict[int, _Heading]) -> dict[int, int]:
    """The level of each heading, by its place in the file: as bookmarks or numbers say, else as its type suggests.

    Numbers count only where the file numbers in more than one depth; a lone "1." says nothing about levels.
    """
    trusted = sum(1 for heading in headings.values() if (heading.depth or 0) > 1) >= 2
    said = {at: heading.marked or (heading.depth if trusted else None) for at, heading in headings.items()}
    by_style: dict[str, int] = {}
    last = 0
    for style in _ranked_styles(list(headings.values())):
        depths = [depth for at, depth in said.items() if depth and headings[at].style == style]
        last = by_style[style] = round(median(depths)) if depths else last + 1
    return {at: said[at] or by_style[heading.style] for at, heading in headings.items()}


def _ranked_styles(headings: Sequence[_Heading]) -> list[str]:
    """The styles from the highest to the lowest: larger type first, then by custom and by what follows what."""
    faces = {style: at for at, style in enumerate((*CUSTOM, "plain"))}
    custom = sorted(
        {heading.style for heading in headings},
        key=lambda style: (-float(style.split(" ", 1)[0]), faces.get(style.split(" ", 1)[1], len(faces))),
    )
    depth = nesting_order([StyledHeading(one.style, "", one.directly) for one in headings], custom=custom)
    return sorted(depth, key=lambda style: depth[style])


def _body_size(paragraphs: Sequence[Paragraph]) -> float:
    """The size of type in which most letters are set."""
    letters: Counter[float] = Counter()
    for paragraph in paragraphs:
        for line in paragraph.lines:
            letters[round(2 * line.look.size) / 2] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _with_merged_headings(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Headings that were broken into lines by hand, put together again."""
    body = _body_size(paragraphs)
    merged: list[Paragraph] = []
    for paragraph in paragraphs:
        if merged and _continues_heading(merged[-1], paragraph, body):
            merged[-1].lines += paragraph.lines
        else:
            merged.append(paragraph)
    return merged


def _continues_heading(before: Paragraph, paragraph: Paragraph, body: float) -> bool:
    if before.row is not None or paragraph.row is not None or before.pages != paragraph.pages:
        return False
    if before.marked is not None or paragraph.marked is not None or paragraph.listed:
        return False
    last, first = before.lines[-1], paragraph.lines[0]
    if before.look != paragraph.look or last.column != first.column:
        return False
    if not 0 < last.base - first.base <= MOST_LEADING * max(last.look.size, 4) or _heading(before, body) is None:
        return False
    if DOTTED.match(paragraph.text) or NAMED_PART.match(paragraph.text):
        return False
    # What begins small goes on; what begins with a capital may be the next heading, unless the type is larger.
    if paragraph.text[:1].islower():
        return True
    return before.look.size >= body + LARGER and _heading(paragraph, body) is not None
