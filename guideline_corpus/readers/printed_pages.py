"""The number printed on each page, and the running headers and footers that carry it.

A page number is a number at the edge of the page that counts up with the pages. One page proves nothing; a run of pages
whose edge numbers all lie the same distance from the file's own count does. A page without a number between two pages
of one run is counted ("between 11 and 13"); every other page without a number stays unknown. Labels that the file
carries are believed unless the pages themselves print something else: then the conflict is told and nothing is chosen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from guideline_corpus.readers.headings import is_contents_line
from guideline_corpus.readers.source_text import LeftOut, Page

EDGE_LINES = 3
NEAR = 6
LEAST_RUN = 3
ROMAN = re.compile(r"^m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$", re.IGNORECASE)
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
AT_EDGE = re.compile(
    r"^\W{0,4}(?:page|pg\.?|p\.)?\s*(?P<first>(?:[A-Z]{1,2}[-.]|\d{1,2}-)?\d{1,4}|[ivxlcIVXLC]{1,8})\b(?!\s*%|[.,]\d)"
    r"|(?:^|[\s|•·–—-])(?:page|pg\.?|p\.)?\s*(?P<last>(?:[A-Z]{1,2}[-.]|\d{1,2}-)?\d{1,4}|[ivxlcIVXLC]{1,8})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?\W{0,4}$",
    re.IGNORECASE,
)
NUMBER_ALONE = re.compile(
    r"^\W{0,4}(?:page|pg\.?|p\.)?\s*(?:(?:[A-Z]{1,2}[-.]|\d{1,2}-)?\d{1,4}|[ivxlc]{1,8})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?\W{0,4}$",
    re.IGNORECASE,
)
PREFIXED = re.compile(r"^([A-Za-z]{1,2}[-.]|\d{1,2}-)(\d+)$")


class EdgeLine(NamedTuple):
    """A line near the top or bottom of a page, the outermost of each first.

    `row` counts the page's lines; lines at one `place` of different pages can be compared. A place that is `measured`
    is a distance from the edge and a size of type; else it only counts lines. An `echo` repeats a heading.
    """

    row: int
    text: str
    place: Hashable
    top: bool
    measured: bool = False
    echo: bool = False


class PageEdges(NamedTuple):
    """What stands at the edges of one page of the file, counted from 1."""

    file_page: int
    lines: tuple[EdgeLine, ...]


class PageLines(NamedTuple):
    """A page as lines of plain text."""

    file_page: int
    lines: tuple[str, ...]


class Numbering(NamedTuple):
    """A way of counting: Arabic or Roman figures behind a prefix ("A-"), and the distance from the file's count."""

    prefix: str
    roman: bool
    upper: bool
    distance: int

    def printed_on(self, file_page: int) -> str | None:
        value = file_page + self.distance
        if value < 1:
            return None
        figures = to_roman(value) if self.roman else str(value)
        return self.prefix + (figures.upper() if self.upper else figures)


def text_edges(pages: Iterable[PageLines]) -> tuple[PageEdges, ...]:
    """The first and last lines of plain text pages."""
    return tuple(PageEdges(page.file_page, _edges_of(page.lines)) for page in pages)


def printed_pages(
    pages: Sequence[PageEdges], *, labels: Sequence[str] | None = None, offset: int | None = None
) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """Each page with the number printed on it, and a sentence for each thing that is doubtful.

    `labels` are the file's own, one a page; `offset`, where a user gives it, is added to the file's count and decides.
    """
    found = detected(pages)
    if offset is not None:
        return _by_offset(pages, found, offset)
    trivial = labels is not None and all(
        label == str(page.file_page) for page, label in zip(pages, labels, strict=True)
    )
    numbered: list[Page] = []
    conflicts: list[str] = []
    for row, page in enumerate(pages):
        label = labels[row].strip() if labels else ""
        numbering, evidence = found.get(page.file_page, (None, ""))
        printed = numbering.printed_on(page.file_page) if numbering else None
        if label and printed and label.lower() != printed.lower() and not trivial:
            conflicts.append(f"{page.file_page} (label {label}, printed {printed})")
            numbered.append(
                Page(file_page=page.file_page, printed=None, evidence=f"conflict: label {label}, printed {printed}")
            )
        elif printed:
            numbered.append(Page(file_page=page.file_page, printed=printed, evidence=evidence))
        elif label and not (trivial and found):
            numbered.append(Page(file_page=page.file_page, printed=label, evidence="page label of the file"))
        else:
            numbered.append(Page(file_page=page.file_page, printed=None, evidence="no number seen"))
    return tuple(numbered), _told(conflicts)


def detected(pages: Sequence[PageEdges]) -> dict[int, tuple[Numbering, str]]:
    """The numbering of each page that shows one or lies inside a run, with its evidence, by file page."""
    candidates = {page.file_page: _candidates(page) for page in pages}
    runs: dict[Numbering, list[int]] = defaultdict(list)
    for file_page, seen in candidates.items():
        for numbering in seen:
            runs[numbering].append(file_page)
    least = min(LEAST_RUN, max(2, len(pages) - 1))
    chosen: dict[int, tuple[Numbering, str]] = {}
    for file_page, seen in candidates.items():
        supported = [(_support(runs[one], file_page), one) for one in seen if _support(runs[one], file_page) >= least]
        if supported:
            numbering = max(supported, key=lambda pair: (pair[0], -abs(pair[1].distance)))[1]
            chosen[file_page] = (numbering, f"printed on the page: {seen[numbering]}")
    chosen |= _in_number_places(pages, chosen, least)
    return chosen | _counted(chosen, [page.file_page for page in pages])


def furniture(pages: Sequence[PageEdges]) -> dict[int, set[int]]:
    """The rows of each page that are running headers, running footers or page numbers, by file page.

    A line runs where it is repeated from page to page but for the page's number, where it carries that number at the
    place at which its neighbours carry theirs, where it and its neighbours repeat headings, or where it stands in the
    very place of such lines: a header that names the section changes with it.
    """
    numbered = detected(pages)
    printed = {page: numbering.printed_on(page) for page, (numbering, _) in numbered.items()}
    least = min(LEAST_RUN, max(2, len(pages) - 1))
    repeated: dict[tuple[Hashable, str], set[int]] = defaultdict(set)
    standing: dict[Hashable, set[int]] = defaultdict(set)
    carrying: dict[Hashable, set[int]] = defaultdict(set)
    for page in pages:
        for line in page.lines:
            standing[line.place].add(page.file_page)
            repeated[(line.place, _skeleton(line.text, printed.get(page.file_page)))].add(page.file_page)
            if line.echo or _carries_number(line, page.file_page, numbered):
                carrying[line.place].add(page.file_page)

    def proven(page: int, line: EdgeLine) -> bool:
        return (
            _in_run(page, repeated[(line.place, _skeleton(line.text, printed.get(page)))], least)
            or _only_number(line.text, printed.get(page))
            or (page in carrying[line.place] and mostly(page, line.place))
        )

    def mostly(page: int, place: Hashable) -> bool:
        """Whether most lines at this place near the page carry a number or repeat a heading."""
        carried = _support(carrying[place], page)
        return carried >= least and 2 * carried >= _support(standing[place], page)

    places: dict[Hashable, set[int]] = defaultdict(set)
    for page in pages:
        for line in _outermost(page, proven):
            places[line.place].add(page.file_page)

    def runs(page: int, line: EdgeLine) -> bool:
        return proven(page, line) or (line.measured and _support(places[line.place], page) >= least)

    rows = {page.file_page: {line.row for line in _outermost(page, runs)} for page in pages}
    return {page: found for page, found in rows.items() if found}


def _outermost(page: PageEdges, runs: Callable[[int, EdgeLine], bool]) -> Iterator[EdgeLine]:
    """The lines that run, from the edge inwards up to the first that does not: what stands further in is text."""
    for top in (True, False):
        inwards = (line for line in page.lines if line.top is top)
        yield from takewhile(lambda line: runs(page.file_page, line), inwards)


def _carries_number(line: EdgeLine, file_page: int, numbered: Mapping[int, tuple[Numbering, str]]) -> bool:
    """Whether the line begins or ends with the number that is printed on its page."""
    if file_page not in numbered or is_contents_line(line.text):
        return False
    wanted = numbered[file_page][0]
    figures = (match["first"] or match["last"] for match in AT_EDGE.finditer(line.text))
    return any(_numbering(found, file_page) == wanted for found in figures)


def drop_furniture(pages: Sequence[PageLines]) -> tuple[list[PageLines], tuple[LeftOut, ...]]:
    """Plain text pages without their running lines, and those lines."""
    dropped = furniture(text_edges(pages))
    left_out = [
        LeftOut(reason="running header or footer", text=page.lines[row].strip(), file_page=page.file_page)
        for page in pages
        for row in sorted(dropped.get(page.file_page, ()))
    ]
    kept = [
        PageLines(
            page.file_page,
            tuple("" if row in dropped.get(page.file_page, ()) else line for row, line in enumerate(page.lines)),
        )
        for page in pages
    ]
    return kept, tuple(left_out)


def from_roman(figures: str) -> int | None:
    """The value of a Roman number; None where it is none."""
    if not figures or not ROMAN.match(figures):
        return None
    values = [ROMAN_VALUES[letter] for letter in figures.lower()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def to_roman(value: int) -> str:
    """`value`, from 1 to 3999, in small Roman figures."""
    figures = ""
    for letters, worth in (
        ("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10),
        ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
    ):  # fmt: skip
        while value >= worth:
            figures, value = figures + letters, value - worth
    return figures


def _edges_of(lines: Sequence[str]) -> tuple[EdgeLine, ...]:
    filled = [row for row, line in enumerate(lines) if line.strip()]
    top = [EdgeLine(row, lines[row].strip(), ("top", at), True) for at, row in enumerate(filled[:EDGE_LINES])]
    last = [row for row in reversed(filled[-EDGE_LINES:]) if row not in filled[:EDGE_LINES]]
    return (*top, *(EdgeLine(row, lines[row].strip(), ("bottom", at), False) for at, row in enumerate(last)))


def _candidates(page: PageEdges) -> dict[Numbering, str]:
    """Every numbering that a line at the edge of the page could belong to, with that line."""
    found: dict[Numbering, str] = {}
    for line in page.lines:
        if is_contents_line(line.text):
            continue
        for match in AT_EDGE.finditer(line.text):
            numbering = _numbering(match["first"] or match["last"], page.file_page)
            if numbering is not None:
                found.setdefault(numbering, line.text[:60])
    return found


def _in_number_places(
    pages: Sequence[PageEdges], chosen: Mapping[int, tuple[Numbering, str]], least: int
) -> dict[int, tuple[Numbering, str]]:
    """The numbers of pages too few to prove a run, such as a preface of two pages: alone where others stand."""
    places: dict[Hashable, set[int]] = defaultdict(set)
    for page in pages:
        for line in page.lines:
            if line.measured and _carries_number(line, page.file_page, chosen):
                places[line.place].add(page.file_page)
    found: dict[int, tuple[Numbering, str]] = {}
    for page in pages:
        for line in page.lines:
            if page.file_page in chosen or len(places[line.place]) < least or not NUMBER_ALONE.match(line.text):
                continue
            figures = next(match["first"] or match["last"] for match in AT_EDGE.finditer(line.text))
            if numbering := _numbering(figures, page.file_page):
                found[page.file_page] = (numbering, f"printed where other pages have their number: {line.text[:60]}")
    return found


def _numbering(figures: str, file_page: int) -> Numbering | None:
    prefixed = PREFIXED.match(figures)
    prefix, number = (prefixed[1], prefixed[2]) if prefixed else ("", figures)
    if number.isdigit():
        return Numbering(prefix, False, False, int(number) - file_page)
    value = from_roman(number)
    return Numbering("", True, number.isupper(), value - file_page) if value else None


def _support(run: Collection[int], file_page: int) -> int:
    """How many pages near this one, itself included, show the same numbering."""
    return sum(1 for other in run if abs(other - file_page) <= NEAR)


def _in_run(file_page: int, pages: set[int], least: int) -> bool:
    """Whether a page lies in a run of pages that all, or all on one side of the sheet, show the same line."""
    length = 1
    for step in (-1, 1):
        at = file_page
        while length < least and (
            following := next((at + step * far for far in (1, 2) if at + step * far in pages), None)
        ):
            length, at = length + 1, following
    return length >= least


def _counted(chosen: dict[int, tuple[Numbering, str]], pages: Sequence[int]) -> dict[int, tuple[Numbering, str]]:
    counted: dict[int, tuple[Numbering, str]] = {}
    known = sorted(chosen)
    for before, after in pairwise(known):
        numbering = chosen[before][0]
        if numbering == chosen[after][0]:
            between = f"counted between printed pages {numbering.printed_on(before)} and {numbering.printed_on(after)}"
            counted.update({page: (numbering, between) for page in pages if before < page < after})
    return counted


def _by_offset(
    pages: Sequence[PageEdges], found: dict[int, tuple[Numbering, str]], offset: int
) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    numbered = []
    conflicts = []
    for page in pages:
        printed = str(page.file_page + offset) if page.file_page + offset > 0 else None
        seen = found[page.file_page][0].printed_on(page.file_page) if page.file_page in found else None
        if printed and seen and printed != seen:
            conflicts.append(f"{page.file_page} (offset {printed}, printed {seen})")
        numbered.append(Page(file_page=page.file_page, printed=printed, evidence="page offset given by the user"))
    return tuple(numbered), _told(conflicts)


def _told(conflicts: Sequence[str]) -> tuple[str, ...]:
    if not conflicts:
        return ()
    shown = "; ".join(conflicts[:3]) + (f" and {len(conflicts) - 3} more" if len(conflicts) > 3 else "")
    return (f"Printed page numbers are contradicted on file page {shown}; look at the file and say --page-offset.",)


def _skeleton(text: str, printed: str | None) -> str:
    """A line without the number of its page; other figures count, for "4.1 Use" and "4.2 Use" are two headings."""
    line = " ".join(text.lower().split())
    return re.sub(rf"(?<![\w.]){re.escape(printed.lower())}(?![\w.])", "#", line) if printed else line


def _only_number(text: str, printed: str | None) -> bool:
    return printed is not None and text.strip(" -–—|[]().").lower() in {printed.lower(), f"page {printed}".lower()}
