"""Reads guidelines in DOCX; the only corpus file that names python-docx.

Headings are paragraphs with a heading style or an outline level, and emphasised paragraphs as in HTML. A DOCX file does
not know its pages: they are made when it is printed, so no page is claimed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.composing import compose
from guideline_corpus.readers.markup import BIDI, Cell, Face, Line, Run, Table
from guideline_corpus.readers.source_text import SourceText

MOST_UNPACKED = 300_000_000
MOST_RATIO = 200
HEADING_STYLE = re.compile(r"^heading (\d)$", re.IGNORECASE)
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SKIPPED = frozenset({qn("w:del"), qn("w:moveFrom"), FALLBACK})
OFF = frozenset({"0", "false", "none", "off"})


def read_docx(content: bytes, *, name: str) -> SourceText:
    """The text of a DOCX file. Raises SourceUnreadable where it is none, or is built to harm."""
    _refuse_harm(content, name)
    try:
        file = docx.Document(BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, AttributeError):
        raise SourceUnreadable(
            f"{name} is not a whole DOCX file; open it in a word processor and save it again."
        ) from None
    reader = _Reader(file)
    source = compose(reader.parts(file.element.body), title=file.core_properties.title or None, hidden=reader.hidden)
    notes = ("The footnotes of the file were not read.",) if _has_footnotes(file) else ()
    return source.model_copy(update={"notices": (*source.notices, *notes)})


class _Reader:
    def __init__(self, file: Any) -> None:
        self.styles = {style.style_id: style for style in file.styles}
        self.hidden: list[str] = []

    def parts(self, element: Any) -> Iterator[Line | Table]:
        """The lines and tables below an element, in order."""
        for child in element.iterchildren():
            if child.tag == qn("w:p"):
                yield from self._lines(child)
                for box in self._boxes(child):
                    yield from self.parts(box)
            elif child.tag == qn("w:tbl"):
                yield self._table(child)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
                yield from self.parts(child)

    def _lines(self, paragraph: Any) -> Iterator[Line]:
        style = self._style(paragraph)
        heading = self._heading_level(paragraph, style)
        depth = self._list_depth(paragraph, style)
        runs: list[Run] = []
        lines = []
        for run in self._runs(paragraph, _face_of(style)):
            if run.text == "\n":
                lines.append(tuple(runs))
                runs = []
            else:
                runs.append(run)
        lines.append(tuple(runs))
        filled = [line for line in lines if any(run.text.strip() for run in line)]
        for number, line in enumerate(filled):
            if heading:
                yield Line("heading", line, level=heading, continues=number > 0)
            elif depth:
                yield Line("list_item", line, level=depth, opens_item=number == 0, continues=number > 0)
            else:
                yield Line("paragraph", line, continues=number > 0)

    def _runs(self, element: Any, face: Face) -> Iterator[Run]:
        for child in element.iterchildren():
            if child.tag in SKIPPED:
                continue
            if child.tag == qn("w:r"):
                yield from self._run(child, face)
            elif child.tag != qn("w:pPr"):
                yield from self._runs(child, face)

    def _run(self, run: Any, outer: Face) -> Iterator[Run]:
        properties = run.find(qn("w:rPr"))
        face = _with_properties(outer, properties)
        styled = properties.find(qn("w:rStyle")) if properties is not None else None
        if styled is not None and styled.get(qn("w:val")) in self.styles:
            face = _with_properties(_face_of(self.styles[styled.get(qn("w:val"))], outer), properties)
        for child in run.iterchildren():
            text = _text_of(child)
            if not text:
                continue
            if face.hidden:
                self.hidden.append(text.strip())
            else:
                yield Run(text, face)

    def _boxes(self, paragraph: Any) -> Iterator[Any]:
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(parent.tag in SKIPPED for parent in box.iterancestors()):
                yield box

    def _table(self, table: Any) -> Table:
        rows = [[self._cell(cell) for cell in row.iterchildren(qn("w:tc"))] for row in table.iterchildren(qn("w:tr"))]
        return Table(rows=rows)

    def _cell(self, cell: Any) -> Cell:
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        lines: list[Line] = []
        for part in self.parts(cell):
            if isinstance(part, Line):
                lines.append(part)
            else:
                lines += [line for row in part.rows for inner in row for line in inner.lines]
        return Cell(header=False, columns=int(span.get(qn("w:val"))) if span is not None else 1, lines=lines)

    def _style(self, paragraph: Any) -> Any:
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(named.get(qn("w:val"))) if named is not None else None

    def _heading_level(self, paragraph: Any, style: Any) -> int:
        outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None and outline.get(qn("w:val"), "9").isdigit() and int(outline.get(qn("w:val"))) < 9:
            return int(outline.get(qn("w:val"))) + 2
        for one in _line_of_styles(style):
            match = HEADING_STYLE.match(one.name or "")
            if match:
                return int(match[1]) + 1
            if (one.name or "").lower() == "title":
                return 1
        return 0

    def _list_depth(self, paragraph: Any, style: Any) -> int:
        numbering = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if numbering is not None:
            level = numbering.find(qn("w:ilvl"))
            return int(level.get(qn("w:val"))) + 1 if level is not None else 1
        return 1 if style is not None and (style.name or "").lower().startswith("list") else 0


def _text_of(child: Any) -> str:
    if child.tag == qn("w:t"):
        return BIDI.sub("", child.text or "")
    if child.tag in (qn("w:tab"), qn("w:noBreakHyphen")):
        return "-" if child.tag == qn("w:noBreakHyphen") else " "
    if child.tag in (qn("w:br"), qn("w:cr")):
        return " " if child.get(qn("w:type")) in ("page", "column") else "\n"
    return ""


def _face_of(style: Any, outer: Face = Face()) -> Face:  # noqa: B008 - a Face never changes
    face = outer
    for one in reversed(list(_line_of_styles(style))):
        face = _with_properties(face, one.element.find(qn("w:rPr")))
    return face


def _line_of_styles(style: Any) -> Iterator[Any]:
    """A style and those it is based on; a chain that turns on itself ends."""
    seen = set()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        yield style
        style = getattr(style, "base_style", None)


def _with_properties(face: Face, properties: Any) -> Face:
    if properties is None:
        return face

    def on(name: str, before: bool) -> bool:
        found = properties.find(qn(name))
        return before if found is None else (found.get(qn("w:val")) or "true").lower() not in OFF

    return Face(
        bold=on("w:b", face.bold),
        italic=on("w:i", face.italic),
        underline=on("w:u", face.underline),
        hidden=on("w:vanish", face.hidden),
    )


def _refuse_harm(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            if "word/document.xml" not in names:
                raise SourceUnreadable(f"{name} is a ZIP file but no DOCX; unpack it and add the guideline inside.")
            if any(entry.filename.endswith("vbaProject.bin") for entry in entries):
                raise SourceUnreadable(f"{name} carries macros; save it as DOCX without them.")
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > MOST_UNPACKED or unpacked > max(len(content) * MOST_RATIO, 20_000_000):
                raise SourceUnreadable(f"{name} unpacks to {unpacked // 1_000_000} MB; it was not opened.")
            if any(b"<!DOCTYPE" in packed.read(entry)[:2000] for entry in entries if entry.filename.endswith(".xml")):
                raise SourceUnreadable(f"{name} defines XML entities, which no DOCX needs; it was not opened.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise SourceUnreadable(f"{name} is damaged or encrypted; ask for a new copy.") from None


def _has_footnotes(file: Any) -> bool:
    return any(True for _ in file.element.body.iter(qn("w:footnoteReference")))
