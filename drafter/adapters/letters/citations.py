"""A guideline line of a determination, read into the guidelines it cites.

A line is made of fixed sentences: "Decision based on MTUS <title> <year>, Section(s): <headings>, and <title> <year>",
"Decision based on Non-MTUS Citation <free words>", "... based their decision on recommendation(s) outside of the MTUS
Guidelines", "... did not cite any medical evidence for its decision". Titles, headings and free words hold full stops
and commas, so the line is cut at the fixed words, never at punctuation. Titles are given in one spelling, without year
and without the word "Guidelines"; headings, pages and free words stay as printed, and the whole line stays beside them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache

from drafter.adapters.letters.patterns import printed, spaced
from drafter.adapters.letters.printed_guidelines import printed_guidelines, title_pattern
from drafter.adapters.letters.section_names import section_names
from drafter.domain.case import CitedGuideline, Party

_MARK = printed(
    r"(?:Decision based on (?P<non>Non[-\s]*MTUS(?: Citations?)?)|Decision based on (?P<mtus>MTUS)",
    r"|^(?P<bare>MTUS)|(?P<nothing>did not cite any\b)",
    r"|(?P<outside>outside (?:of )?the MTUS\b|not base (?:its|their|his/her) decision on the MTUS\b))\s*:?\s*",
)
_YEAR = r"(?:19|20)\d\d"
_DAY = spaced(r"(?:[A-Z][a-z]+ \d{1,2}, )?", _YEAR)
_GUIDELINES = spaced(r"(?: (?:Medical Treatment )?Guidelines?)?")
_EDITION = spaced(r"(?:[,\s]*\(?\s*(?:ACOEM,? |Effective )?(?P<edition>", _DAY, r")(?:\s*\))?", _GUIDELINES, ")?")
_PUBLISHER = spaced(
    r"(?:(?:American College|ACOEM|Occupational Medicine Practice)\b[^:]{0,120}?)?(?:Chapter \d+\s*[-:,.(]*\s*)?"
)
_PAGES_LABEL = r"(?:\bPage\(s\)\s*:|\b[Pp]ages?\b\.?|\b[Pp]gs?\b\.?|\bpp?\b\.?)\s*(?=\d)"
_PAGE = r"\d+(?:\s*[-–]\s*\d+)?"
_PAGE_LIST = re.compile(rf"{_PAGES_LABEL}({_PAGE}(?:\s*(?:,|;|&|\band\b)\s*{_PAGE})*)")
_SECTIONS_LABEL = printed(r"^[,\s]*(?:Chapter \d+\s*,?\s*)?(?:Sections?(?:\(s\))?\s*:?\s*)?")
_WHERE = rf",?\s*Section(?:\(s\)|s)?\s*:|,?\s*{_PAGES_LABEL}"
_BEGINS = r"(?:^|[,;]\s+(?:and\s+)?|(?<=\d)\.\s+)"
_UNKNOWN_TITLE = rf"[A-Z][^:.]{{2,90}}?(?=\s+\(?(?:ACOEM\s)?{_DAY}\b)"

_UNKNOWN_BEGINS = re.compile(rf"(?:^|,\s+and\s+)(?={_UNKNOWN_TITLE})")


def citations_in(line: str, *, party: Party) -> tuple[CitedGuideline, ...]:
    """What `line` cites, in order; empty where it uses none of the known sentences."""
    marks = list(_MARK.finditer(line))
    ends = [mark.start() for mark in marks[1:]] + [len(line)]
    found = [
        citation
        for mark, end in zip(marks, ends, strict=False)
        for citation in _cited(mark, line[mark.end() : end].strip(), party)
    ]
    named = [citation for citation in found if citation.guideline or citation.kind == "none"]
    return tuple(named or found[:1])


def _cited(mark: re.Match[str], words: str, party: Party) -> Iterator[CitedGuideline]:
    if mark["nothing"]:
        yield CitedGuideline(party=party, kind="none")
    elif mark["mtus"] or mark["bare"]:
        yield from _mtus(words.rstrip(" ."), party)
    else:
        source = words.rstrip(" .") if mark["non"] else ""
        yield CitedGuideline(party=party, kind="non_mtus", guideline=source or None, pages=pages_in(source))


def _mtus(words: str, party: Party) -> Iterator[CitedGuideline]:
    """Each title with its edition, sections and pages. "MTUS" without a title is a citation without a guideline."""
    starts = _title_starts(words)
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        yield _titled(re.sub(r"[,;.\s]+(?:and)?\s*$", "", words[start:end]), party)


@cache
def _known_titles() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Where a known title begins inside a list, and a citation that opens with one."""
    title = rf"{_PUBLISHER}(?P<title>{title_pattern()}){_GUIDELINES}"
    return re.compile(rf"{_BEGINS}(?P<whole>{title}(?=\s*(?:\(|{_YEAR}|,|$)|{_WHERE}|\s+\S))"), re.compile(
        title + _EDITION
    )


def _title_starts(words: str) -> list[int]:
    """Where citations begin. A comma inside a known title ("Forearm, Wrist, and Hand Complaints") begins none."""
    begins, _ = _known_titles()
    known = [match.span("whole") for match in begins.finditer(words)]
    firsts = [first for first, _ in known]
    starts = {0, *firsts}
    for match in _UNKNOWN_BEGINS.finditer(words):
        before = bisect_right(firsts, match.end()) - 1
        if before < 0 or match.end() >= known[before][1]:
            starts.add(match.end())
    return sorted(starts)


def _titled(words: str, party: Party) -> CitedGuideline:
    title, edition, rest = _title_and_rest(words)
    found = _PAGE_LIST.search(rest)
    listed = section_names(_SECTIONS_LABEL.sub("", rest[: found.start()] if found else rest))
    # A section field can hold a page number ("Elbow Complaints 2007, Section(s): 326").
    numbers = tuple(name for name in listed if re.fullmatch(_PAGE, name))
    return CitedGuideline(
        party=party,
        kind="mtus",
        guideline=printed_guidelines().titles.get(title, title) or None,
        edition=edition,
        sections=tuple(name for name in listed if name not in numbers),
        pages=numbers + pages_in(rest),
    )


def _title_and_rest(words: str) -> tuple[str, str | None, str]:
    _, opening = _known_titles()
    match = opening.match(words) or re.match(rf"(?P<title>{_UNKNOWN_TITLE}){_EDITION}", words)
    if match:
        title, edition, rest = match["title"], match["edition"], words[match.end() :]
    else:
        cut = re.search(_WHERE, words)
        title, edition, rest = (words[: cut.start()], None, words[cut.start() :]) if cut else (words, None, "")
    return re.sub(r"\s+Guidelines?$", "", title.strip(" ,:")), edition, rest


def pages_in(words: str) -> tuple[str, ...]:
    """Printed page numbers and ranges ("98-99") in the order they stand."""
    return tuple(
        re.sub(r"\s+", "", page) for match in _PAGE_LIST.finditer(words) for page in re.findall(_PAGE, match[1])
    )
