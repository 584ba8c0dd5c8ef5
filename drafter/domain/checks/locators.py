"""Pages and sections of a letter's citations, against the pages and headings that are known.

A page is known only where somebody saw it: in an official text with printed pages, or in a published letter. So a
page can be wrong only where pages are known, and a section only where it is the heading of another guideline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.case import CitedGuideline
from drafter.domain.checks.audit import Audit, AuditedItem, Remark
from drafter.domain.checks.chapter_fit import folded, sections_named
from drafter.domain.checks.editions_in_force import on_guideline_line, reviewer_citations
from drafter.domain.checks.governing import governing_editions
from drafter.domain.checks.titles import title_key
from drafter.domain.checks.treatments import same_treatment
from guideline_corpus.model import Passage

_SPAN = re.compile(r"(\d{1,4})(?:\s?[-–]\s?(\d{1,4}))?")


def page_unknown(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A page beyond the last page of an official text, or outside the pages of the cited section."""
    for citation in reviewer_citations(item):
        passages = _of_guideline(audit, citation)
        known = {page for p in passages if p.text_kind == "official" for page in _pages(p.pages)}
        section = {page for s in citation.sections for p in _sections(audit, citation, s) for page in _pages(p.pages)}
        for page in _pages(citation.pages):
            if known and page not in known:
                yield on_guideline_line(item, f"{citation.guideline} has no page {page}.", str(page))
            elif section and page not in section:
                yield on_guideline_line(
                    item, f"Page {page} lies outside the cited section ({_told(section)}).", str(page)
                )


def page_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A page other than those on which the topic of this treatment was seen."""
    asked = item.asked
    for citation in reviewer_citations(item):
        if not citation.pages or citation.sections or not asked:
            continue
        topics = [
            p
            for p in _of_guideline(audit, citation)
            if p.pages and p.treatments and same_treatment(audit, frozenset(p.treatments), asked)
        ]
        seen = {page for p in topics for page in _pages(p.pages)}
        cited = _pages(citation.pages)
        if seen and cited and not cited & seen:
            yield on_guideline_line(
                item,
                f'"{topics[0].section}" was seen on page {_told(seen)}, not on page {_told(cited)}.',
                citation.pages[0],
            )


def section_of_another(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A section that is a heading of another guideline and not of the one cited."""
    for citation in reviewer_citations(item):
        own = {folded(p.section) for p in _of_guideline(audit, citation)}
        for section in citation.sections if own else ():
            key = folded(section)
            homes = [p for p in audit.passages if folded(p.section) == key]
            if key and key not in own and homes:
                yield on_guideline_line(
                    item,
                    f'"{section}" is a section of {homes[0].guideline}, not of {citation.guideline}.',
                    section,
                )


def _of_guideline(audit: Audit, citation: CitedGuideline) -> list[Passage]:
    """The passages of the cited guideline: of the edition named, else of the one in force."""
    titled = audit.by_title.get(title_key(citation.guideline or ""), ())
    if citation.edition:
        return [p for p in titled if p.edition == citation.edition]
    governing = {edition.edition_id for edition in governing_editions(audit)}
    return [p for p in titled if p.edition_id in governing]


def _sections(audit: Audit, citation: CitedGuideline, section: str) -> tuple[Passage, ...]:
    return sections_named(audit, citation.guideline or "", citation.edition or "", section)


def _pages(printed: tuple[str, ...]) -> set[int]:
    """The page numbers of "60", "207-208"; Roman numbers and letters are left out."""
    found: set[int] = set()
    for words in printed:
        for match in _SPAN.finditer(words):
            low, high = int(match[1]), int(match[2] or match[1])
            found.update(range(low, min(high, low + 60) + 1))
    return found


def _told(pages: set[int]) -> str:
    return ", ".join(str(page) for page in sorted(pages)[:6])
