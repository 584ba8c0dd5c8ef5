"""Turns HTML into lines: stretches of text that a browser would begin anew, with their type style and their place.

Every visible text node ends up in exactly one line, in document order. Hidden text goes to `hidden`, never to a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lxml import etree
from lxml import html as lxml_html

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure form "
    "footer h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
SKIPPED = frozenset(
    "script style template noscript head title meta link object embed svg math iframe audio video".split()
)
BOLD_TAGS, ITALIC_TAGS, UNDERLINE_TAGS = frozenset({"b", "strong"}), frozenset({"i", "em"}), frozenset({"u", "ins"})
LISTS = frozenset({"ul", "ol", "menu", "dl"})
ITEMS = frozenset({"li", "dd", "dt"})
CSS_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE_SELECTOR = re.compile(r"^([a-z][a-z0-9]*)?(?:\.([\w-]+))?$", re.IGNORECASE)
BIDI = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f\u00ad]")

Where = Literal["paragraph", "heading", "list_item", "cell", "caption"]


class Face(NamedTuple):
    """The type face of a run of text."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    hidden: bool = False


class Run(NamedTuple):
    text: str
    face: Face


@dataclass
class Cell:
    """A table cell while it is read: its lines, and how many columns it covers."""

    header: bool
    columns: int
    lines: list[Line] = field(default_factory=list)


@dataclass
class Line:
    """One line. `level`: of a heading its number, of a list item its depth.

    `opens_item` marks the first line of a list item, `leads_blocks` that block elements follow it inside that item,
    `continues` that only a line break parts it from the line before.
    """

    where: Where
    runs: tuple[Run, ...]
    level: int = 0
    opens_item: bool = False
    leads_blocks: bool = False
    continues: bool = False

    @property
    def text(self) -> str:
        return " ".join("".join(run.text for run in self.runs).split())


@dataclass
class Table:
    """A table of more than one column: its rows of cells."""

    caption: list[Line] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass
class Markup:
    """A page as lines and tables in reading order."""

    title: str | None
    parts: list[Line | Table]
    hidden: list[str]


@dataclass
class _Place:
    """Where in the page the reader stands."""

    where: Where = "paragraph"
    level: int = 0
    item: etree._Element | None = None


def read_markup(page: str) -> Markup:
    """The lines of an HTML page. A page without any element reads as one line of plain text."""
    root = lxml_html.document_fromstring(
        page.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
    )
    title = root.findtext(".//title")
    walker = _Walker(_style_rules(root))
    body = root.find("body")
    walker.walk(body if body is not None else root, Face(), _Place())
    walker.flush()
    return Markup(title=" ".join(title.split()) if title else None, parts=walker.parts, hidden=walker.hidden)


class _Walker:
    def __init__(self, rules: dict[tuple[str, str], str]) -> None:
        self.rules = rules
        self.parts: list[Line | Table] = []
        self.hidden: list[str] = []
        self._sink: list[Line | Table] = self.parts
        self._runs: list[Run] = []
        self._place = _Place()
        self._opened: set[etree._Element] = set()
        self._first_lines: dict[etree._Element, Line] = {}
        self._broken = False

    def walk(self, element: etree._Element, face: Face, place: _Place) -> None:
        """The element and all below it, depth first, without recursion: a page may nest without end."""
        pending: list[tuple[str, etree._Element, Face, _Place]] = [("open", element, face, place)]
        while pending:
            step, node, face, place = pending.pop()
            if step == "tail":
                self._add_text(node.tail, face, place)
            elif step == "close":
                self.flush()
            else:
                pending.extend(reversed(self._open(node, face, place)))

    def flush(self, *, broken: bool = False) -> None:
        """End the line. `broken`: by a line break only."""
        runs, self._runs = tuple(self._runs), []
        if not any(run.text.strip() for run in runs):
            self._broken = self._broken and broken
            return
        place = self._place
        line = Line(where=place.where, runs=runs, level=place.level, continues=self._broken)
        self._broken = broken
        if place.item is not None and place.item not in self._opened:
            self._opened.add(place.item)
            line.opens_item = True
            self._first_lines[place.item] = line
        self._sink.append(line)

    def _open(self, node: etree._Element, face: Face, place: _Place) -> list[tuple[str, etree._Element, Face, _Place]]:
        if not isinstance(node.tag, str) or node.tag.lower() in SKIPPED:
            return []
        tag = node.tag.lower()
        if tag == "br":
            self.flush(broken=True)
            return []
        inner = self._face(node, tag, face)
        if tag == "table" and _columns(node) > 1 and self._sink is self.parts:
            self.flush()
            self._read_table(node, inner)
            return []
        inside, block = _place_in(node, tag, place), tag in BLOCKS
        if block:
            self._begin_block(place, tag)
        self._add_text(node.text, inner, inside)
        return _steps(node, inner, inside, block=block)

    def _begin_block(self, place: _Place, tag: str) -> None:
        self.flush()
        if place.item in self._first_lines and tag not in ITEMS:
            self._first_lines[place.item].leads_blocks = True

    def _add_text(self, text: str | None, face: Face, place: _Place) -> None:
        if not text:
            return
        visible = BIDI.sub("", text)
        if face.hidden:
            if visible.strip():
                self.hidden.append(" ".join(visible.split()))
            return
        self._place = place
        self._runs.append(Run(visible, face))

    def _face(self, node: etree._Element, tag: str, outer: Face) -> Face:
        declared = [self.rules.get((tag, ""), "")]
        for name in (node.get("class") or "").split():
            declared += [self.rules.get(("", name), ""), self.rules.get((tag, name), "")]
        style = ";".join([*declared, node.get("style") or ""]).lower()
        hidden = (
            node.get("hidden") is not None
            or re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style) is not None
        )
        return Face(
            bold=_declared(style, "font-weight", r"bold|[6-9]00", outer.bold or tag in BOLD_TAGS),
            italic=_declared(style, "font-style", "italic|oblique", outer.italic or tag in ITALIC_TAGS),
            underline=_declared(
                style, r"text-decoration(?:-line)?", "underline", outer.underline or tag in UNDERLINE_TAGS
            ),
            hidden=outer.hidden or hidden,
        )

    def _read_table(self, node: etree._Element, face: Face) -> None:
        table = Table()
        for child in node.iterchildren():
            if isinstance(child.tag, str) and child.tag.lower() == "caption":
                table.caption = self._collected(child, face, _Place("caption"))
        for row in _rows(node):
            cells = [
                child
                for child in row.iterchildren()
                if isinstance(child.tag, str) and child.tag.lower() in ("td", "th")
            ]
            table.rows.append([self._read_cell(cell, self._face(row, "tr", face)) for cell in cells])
        self.parts.append(table)

    def _read_cell(self, node: etree._Element, face: Face) -> Cell:
        span = node.get("colspan") or "1"
        return Cell(
            header=node.tag.lower() == "th",
            columns=max(1, min(int(span), 1000)) if span.strip().isdigit() else 1,
            lines=self._collected(node, face, _Place("cell")),
        )

    def _collected(self, node: etree._Element, face: Face, place: _Place) -> list[Line]:
        """The lines of one cell or caption; a table inside it is read as text."""
        collected: list[Line | Table] = []
        self._sink, before = collected, self._sink
        self.walk(node, face, place)
        self.flush()
        self._sink = before
        return [line for line in collected if isinstance(line, Line)]


def _place_in(node: etree._Element, tag: str, outer: _Place) -> _Place:
    if outer.where in ("cell", "caption"):
        return outer
    if re.fullmatch(r"h[1-6]", tag):
        return _Place("heading", int(tag[1]), outer.item)
    if tag in LISTS:
        return _Place("list_item", outer.level + 1 if outer.where == "list_item" else 1, outer.item)
    if tag in ITEMS:
        return _Place("list_item", max(outer.level, 1), node)
    return outer


def _steps(
    node: etree._Element, face: Face, place: _Place, *, block: bool
) -> list[tuple[str, etree._Element, Face, _Place]]:
    steps: list[tuple[str, etree._Element, Face, _Place]] = []
    for child in node.iterchildren():
        if not isinstance(child, etree._Comment | etree._ProcessingInstruction | etree._Entity):
            steps.append(("open", child, face, place))
        steps.append(("tail", child, face, place))
    if block:
        steps.append(("close", node, face, place))
    return steps


def _declared(style: str, name: str, on: str, inherited: bool) -> bool:
    values = re.findall(rf"(?:^|;)\s*{name}\s*:\s*([^;]+)", style)
    return re.search(on, values[-1]) is not None if values else inherited


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table.iterchildren():
        tag = child.tag.lower() if isinstance(child.tag, str) else ""
        if tag == "tr":
            yield child
        elif tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iterchildren() if isinstance(row.tag, str) and row.tag.lower() == "tr")


def _columns(table: etree._Element) -> int:
    return max((sum(1 for cell in row if cell.tag in ("td", "th")) for row in _rows(table)), default=0)


def _style_rules(root: etree._Element) -> dict[tuple[str, str], str]:
    """The declarations of plain `tag`, `.class` and `tag.class` selectors of the page's own style sheets."""
    rules: dict[tuple[str, str], str] = {}
    for sheet in root.iter("style"):
        for selectors, declarations in CSS_RULE.findall(re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.DOTALL)):
            for selector in selectors.split(","):
                match = SIMPLE_SELECTOR.match(selector.strip())
                if match and (match[1] or match[2]):
                    key = ((match[1] or "").lower(), match[2] or "")
                    rules[key] = f"{rules.get(key, '')};{declarations.strip()}"
    return rules
