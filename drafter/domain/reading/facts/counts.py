"""Quantities dispensed: "#60", "quantity 60", "60 tablets" are "60"; "2 refills" keeps its unit.

`about` is the drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, Found, Page, before, plain, to_number
from guideline_corpus.vocabulary import Vocabulary

_HASH = re.compile(
    r"(?<!\w)(?:#|№)\s?(\d{1,4}(?:\.\d)?)(?![\d/]|-\d)"
    r"(?!\s?(?:visits?|sessions?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"\b(?:quantity|qty|count|disp(?:ense)?)\b\.?\s?(?::|=|of|is)?\s?#?\s?({NUMBER})(?![\d/%-])\b", re.IGNORECASE
)
_FORMS = (
    r"(?:tablets?|tabs?|capsules?|caps?|pills?|patch(?:es)?|lozenges?|suppositor(?:y|ies)|vials?|tubes?|"
    r"bottles?|containers?|"
    r"films?)"
)
# "2 tablets every 6 hours" is a way of taking, not a quantity.
_AS_TAKEN = (
    r"(?:every|per|a day|daily|twice|once|three times|q\d|q\.|by mouth|po\b|at bedtime|bid|tid|/|each|"
    r"orally|in the|prn|as needed)"
)
_PIECES = re.compile(
    rf"(?<![\w./-])({NUMBER})\s?(?:\(\d{{1,3}}\)\s)?{_FORMS}\b(?!\s?(?:\(?s?\)?\s?)?{_AS_TAKEN})", re.IGNORECASE
)
_REFILLS = re.compile(rf"(?<![\w./-])({NUMBER})\s?(?:\(\d{{1,2}}\)\s)?refills?\b", re.IGNORECASE)
_REFILLS_AFTER = re.compile(rf"\brefills?\s?(?::|x|of|#|=)\s?({NUMBER})\b", re.IGNORECASE)
# "September #3" is a number of visits in that month.
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s?$", re.IGNORECASE
)
_MONTH_REACH = 11
_FEWEST = 5
_REACH = 60


def find(page: Page, vocabulary: Vocabulary) -> Iterator[Found]:
    drugs = [span for span in page.treatments if vocabulary.treatments[span.id].kind == "drug"]
    ends = [span.end for span in drugs]
    taken: set[int] = set()
    for found in _counts(page):
        if found.start in taken:
            continue
        taken.update(range(found.start, found.end))
        drug = before(drugs, ends, found.start, reach=_REACH)
        beside = drug is not None and not re.search(r"\.\s|;", page.text[drug.end : found.start])
        yield found._replace(about=drug.id) if drug is not None and beside else found


def _counts(page: Page) -> Iterator[Found]:
    if page.mentions("#", "№"):
        yield from (
            _count(match, float(match[1]))
            for match in _HASH.finditer(page.text)
            if not _MONTH.search(page.text, max(0, match.start() - _MONTH_REACH), match.start())
        )
    if page.mentions("qty", "quantity", "count", "disp"):
        yield from (_count(match, to_number(match[1])) for match in _QUANTITY.finditer(page.text))
    for match in page.at_numbers(_PIECES):
        if to_number(match[1]) >= _FEWEST:
            yield _count(match, to_number(match[1]))
    if page.mentions("refill"):
        for match in (*page.at_numbers(_REFILLS), *_REFILLS_AFTER.finditer(page.text)):
            number = to_number(match[1])
            yield Found("count", f"{plain(number)} refills", match.start(), match.end(), number=number, unit="refills")


def _count(match: re.Match[str], number: float) -> Found:
    return Found("count", plain(number), match.start(), match.end(), number=number, unit="units")
