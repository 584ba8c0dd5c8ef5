"""Makes blocks of lines and tables: titles, labelled front matter, headings with their levels, paragraphs, list items.

Headings are what the file marks as headings, and paragraphs emphasised throughout: guideline files rarely mark headings
below the title, they set them in bold, underlined or italic type (`readers/headings.py` tells them from emphasised
sentences). A row across a whole table is its title. HTML and DOCX both come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from guideline_corpus.readers.headings import StyledHeading, nesting_order, reads_as_heading, style_name
from guideline_corpus.readers.markup import Line, Table
from guideline_corpus.readers.source_text import Block, BlockKind, LeftOut, PageStart, SourceText, lay_out

FRONT_LABEL = re.compile(
    r"^(guideline developer(?:\(s\))?|developers?|issued by|published by|publisher|release date|released|date released|"
    r"publication date|published|date|source(?:\(s\))?|bibliographic source(?:\(s\))?|citation|rights|"
    r"copyright(?: statement)?|licen[cs]e|disclaimer|guideline status|version|edition)\s*:\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class Found:
    """A block on its way. A heading by type carries its `style` and gets its level last."""

    kind: BlockKind
    text: str
    level: int = 0
    style: str = ""
    covers_table: bool = False
    page_starts: tuple[PageStart, ...] = ()
    level_inferred: bool = False


def compose(parts: Iterable[Line | Table], *, title: str | None = None, hidden: Iterable[str] = ()) -> SourceText:
    """The text of a file given as lines and tables. `title` counts where no heading of the highest level says one."""
    found = list(_found(parts))
    _take_title(found)
    source = finished(found, title=title)
    return source.model_copy(update={"left_out": tuple(LeftOut(reason="hidden text", text=words) for words in hidden)})


def finished(found: list[Found], *, title: str | None) -> SourceText:
    """The text of a file given as blocks on their way; `title` counts where none of them is the title."""
    _take_front_matter(found)
    text, blocks = lay_out(_levelled(found))
    return SourceText(
        text=text,
        blocks=blocks,
        title=next((block.text for block in blocks if block.kind == "title"), title),
        front_matter=_labelled(block.text for block in blocks if block.kind == "front_matter"),
    )


def _found(parts: Iterable[Line | Table]) -> Iterator[Found]:
    for paragraph in _paragraphs(parts):
        if isinstance(paragraph, Table):
            yield from _from_table(paragraph)
        else:
            yield from _from_lines(paragraph)


def _paragraphs(parts: Iterable[Line | Table]) -> Iterator[list[Line] | Table]:
    """Lines that only line breaks part belong together."""
    together: list[Line] = []
    for part in parts:
        if isinstance(part, Line) and together and part.continues:
            together.append(part)
            continue
        if together:
            yield together
        together = []
        if isinstance(part, Table):
            yield part
        else:
            together = [part]
    if together:
        yield together


def _from_lines(lines: Sequence[Line]) -> Iterator[Found]:
    first = lines[0]
    if first.where == "heading":
        yield Found("heading", " ".join(line.text for line in lines), level=first.level)
        return
    kind: BlockKind = "list_item" if first.where == "list_item" else "paragraph"
    for style, group in groupby(_with_styles(lines), key=lambda pair: pair[0]):
        same = [line for _, line in group]
        if style:
            yield Found("heading", " ".join(line.text for line in same), style=style)
        else:
            yield Found(kind, "\n".join(line.text for line in same), level=first.level)


def _with_styles(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with the style that makes it a heading, or with none."""
    may_begin = True
    for line in lines:
        style = _heading_style(line) if may_begin else ""
        yield style, line
        may_begin = bool(style) or line.text.endswith((".", "?", ":"))


def _heading_style(line: Line) -> str:
    if line.where == "list_item" and not (line.opens_item and line.leads_blocks):
        return ""
    style = _style_of(line)
    return style if style and reads_as_heading(line.text, style=style) else ""


def _style_of(line: Line) -> str | None:
    """The type style that all letters of the line share."""
    faces = [run.face for run in line.runs if any(letter.isalnum() for letter in run.text)]
    return (
        style_name(
            bold=all(face.bold for face in faces),
            italic=all(face.italic for face in faces),
            underline=all(face.underline for face in faces),
            text=line.text,
        )
        if faces
        else None
    )


def _from_table(table: Table) -> Iterator[Found]:
    columns = max((sum(cell.columns for cell in row) for row in table.rows), default=0)
    titles = [line.text for line in table.caption]
    rows = list(table.rows)
    while rows and not titles and len(rows) > 1 and _spans(rows[0], columns):
        titles = [" ".join(line.text for cell in rows.pop(0) for line in cell.lines)]
    title = " ".join(titles)
    if title:
        yield (
            Found("heading", title, style="table", covers_table=True)
            if reads_as_heading(title)
            else Found("paragraph", title)
        )
    for row in rows:
        cells = ["\n".join(line.text for line in cell.lines) for cell in row]
        if any(cells):
            yield Found("table_row", "\t".join(cell for cell in cells if cell))


def _spans(row: Sequence[object], columns: int) -> bool:
    filled = [cell for cell in row if getattr(cell, "lines", ())]
    return len(row) == 1 and len(filled) == 1 and getattr(row[0], "columns", 1) >= columns


def _take_title(found: list[Found]) -> None:
    title = next((one for one in found if one.kind == "heading" and one.level == 1), None)
    if title is not None:
        title.kind, title.level = "title", 0


def _take_front_matter(found: list[Found]) -> None:
    """The labelled lines between the title and whatever comes next."""
    after_title = False
    for one in found:
        if one.kind == "title":
            after_title = True
        elif after_title and one.kind == "paragraph" and FRONT_LABEL.match(one.text):
            one.kind = "front_matter"
        elif after_title:
            return


def _labelled(lines: Iterable[str]) -> dict[str, str]:
    matches = (FRONT_LABEL.match(line) for line in lines)
    return {match[1].lower(): match[2].strip() for match in matches if match}


def _levelled(found: Sequence[Found]) -> Iterator[Block]:
    """The blocks with every heading's level: heading elements by number, headings by type below the last of them."""
    numbers = sorted({one.level for one in found if one.kind == "heading" and not one.style})
    depth = nesting_order(_styled(found))
    base = 0
    last = 0
    for one in found:
        level = one.level
        if one.kind == "heading" and not one.style:
            level = base = numbers.index(one.level) + 1
        elif one.kind == "heading":
            level = last + 1 if one.covers_table else base + 1 + depth[one.style]
        if one.kind == "heading" and not one.covers_table:
            last = level
        yield Block(
            kind=one.kind,
            text=one.text,
            level=level,
            page_starts=one.page_starts,
            covers_table=one.covers_table,
            level_inferred=one.level_inferred or (one.kind == "heading" and bool(one.style)),
        )


def _styled(found: Sequence[Found]) -> list[StyledHeading]:
    headings = []
    directly = False
    for one in found:
        if one.kind == "heading" and one.style and not one.covers_table:
            headings.append(StyledHeading(one.style, one.text, directly))
        directly = one.kind == "heading"
    return headings
