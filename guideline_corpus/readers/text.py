"""Reads guidelines in plain text. Paragraphs stand apart by empty lines; a form feed begins a new page.

A heading is a line that stands alone and reads as one: numbered, in capitals, underlined with === or ---, or with its
words capitalised. Words broken at a line end are joined only where the whole word occurs elsewhere in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from guideline_corpus.readers.headings import reads_as_heading
from guideline_corpus.readers.joining import WordsSeen, joined
from guideline_corpus.readers.printed_pages import PageLines, drop_furniture, printed_pages, text_edges
from guideline_corpus.readers.source_text import Block, PageStart, SourceText, lay_out

BULLET = re.compile(r"^\s*(?:[-*•▪◦‣·–]|\(?[0-9]{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])\s+(?=\S)")
SETEXT = re.compile(r"^\s*(={3,}|-{3,})\s*$")
OUTLINE = re.compile(
    r"^(?:chapter|section|part|appendix)?\s*((?:[A-Z]|\d{1,3})(?:[.\-]\w{1,3})*)[.):]?\s+\S", re.IGNORECASE
)
SMALL_WORDS = frozenset("a an and as at by for from in into of on or per the to versus vs via with without".split())
MOST_TITLE_WORDS = 12


@dataclass
class _Paragraph:
    """Lines that belong together, each with its page."""

    lines: list[tuple[str, int]] = field(default_factory=list)
    underline: str = ""


def read_text(text: str, *, page_offset: int | None = None) -> SourceText:
    """The text of a plain text file. `page_offset` is added to a page's place in the file to get its printed number."""
    sheets = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    if len(sheets) > 1 and not sheets[-1].strip():
        sheets.pop()
    paged = len(sheets) > 1
    pages = [PageLines(number, tuple(sheet.split("\n"))) for number, sheet in enumerate(sheets, start=1)]
    numbered, notices = printed_pages(text_edges(pages), offset=page_offset) if paged else ((), ())
    kept, left_out = drop_furniture(pages) if paged else (pages, ())
    words = WordsSeen.of(text)
    blocks = [block for paragraph in _paragraphs(kept) for block in _blocks(paragraph, words, paged=paged)]
    laid_out, placed = lay_out(blocks)
    title = next((block.text for block in placed if block.kind == "heading"), None)
    return SourceText(text=laid_out, blocks=placed, title=title, pages=numbered, left_out=left_out, notices=notices)


def _paragraphs(pages: Sequence[PageLines]) -> Iterator[_Paragraph]:
    held = _Paragraph()
    for page in pages:
        for line in page.lines:
            if SETEXT.match(line) and len(held.lines) == 1:
                held.underline = line.strip()[0]
            elif line.strip():
                held.lines.append((line, page.file_page))
                continue
            if held.lines:
                yield held
                held = _Paragraph()
        if held.lines and _is_closed(held.lines[-1][0]):
            yield held
            held = _Paragraph()
    if held.lines:
        yield held


def _is_closed(line: str) -> bool:
    """Whether a paragraph may end with this line; one that a page cuts in mid-sentence goes on overleaf."""
    return line.rstrip().endswith((".", ":", "?", "!", ")", "”", '"'))


def _blocks(paragraph: _Paragraph, words: WordsSeen, *, paged: bool) -> Iterator[Block]:
    level = _heading_level(paragraph)
    if level:
        text, starts = _joined(paragraph.lines, words, paged=paged)
        yield Block(kind="heading", text=text, level=level, page_starts=starts)
        return
    items: list[list[tuple[str, int]]] = []
    for line in paragraph.lines:
        if BULLET.match(line[0]) or not items:
            items.append([])
        items[-1].append(line)
    for item in items:
        text, starts = _joined(item, words, paged=paged)
        listed = BULLET.match(item[0][0]) is not None
        yield Block(kind="list_item" if listed else "paragraph", text=text, level=int(listed), page_starts=starts)


def _heading_level(paragraph: _Paragraph) -> int:
    if paragraph.underline:
        return 1 if paragraph.underline == "=" else 2
    line = paragraph.lines[0][0].strip()
    if len(paragraph.lines) > 1 or not reads_as_heading(line) or line.endswith(":"):
        return 0
    outline = OUTLINE.match(line)
    if outline and len(line.split()) <= MOST_TITLE_WORDS + 4 and line.split()[-1] != outline[1]:
        return 1 + len(re.findall(r"[.\-](?=\w)", outline[1]))
    if line.isupper() and len(line) > 3:
        return 1
    return 2 if _is_title_case(line) else 0


def _is_title_case(line: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’/-]*", line) if word.lower() not in SMALL_WORDS]
    return 0 < len(words) <= MOST_TITLE_WORDS and all(word[0].isupper() for word in words)


def _joined(lines: Sequence[tuple[str, int]], words: WordsSeen, *, paged: bool) -> tuple[str, tuple[PageStart, ...]]:
    text, starts = joined([(line.strip(), page) for line, page in lines], words)
    return text, starts if paged else ()
