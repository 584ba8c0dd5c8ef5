"""Quantities dispensed: "#60", "quantity 60", "60 tablets" are "60"; "2 refills" keeps its unit. `about` is the drug."""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.reading.facts.found import NUMBER, Found, Page, before, plain, to_number
from guideline_corpus.vocabulary import Vocabulary

_HASH = re.compile(
    r"(?<!\w)(?:#|№)\s?(\d{1,4}(?:\.\d)?)(?![\d/]|-\d)(?!\s?(?:visits?|sessions?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"\b(?:quantity|qty|count|disp(?:ense)?)\b\.?\s?(?::|=|of|is)?\s?#?\s?({NUMBER})(?![\d/%-])\b", re.IGNORECASE
)
_FORMS = r"(?:tablets?|tabs?|capsules?|caps?|pills?|patch(?:es)?|lozenges?|suppositor(?:y|ies)|vials?|tubes?|bottles?|containers?|films?)"
_PIECES = re.compile(
    rf"(?<![\w./-])({NUMBER})\s?(?:\(\d{{1,3}}\)\s)?{_FORMS}\b(?!\s?(?:\(?s?\)?\s?)?(?:every|per|a day|daily|twice|once|three times|q\d|q\.|by mouth|po\b|at bedtime|bid|tid|/|each|orally|in the|prn|as needed))",
    re.IGNORECASE,
)
_REFILLS = re.compile(
    rf"(?<![\w./-])({NUMBER})\s?(?:\(\d{{1,2}}\)\s)?refills?\b|\brefills?\s?(?::|x|of|#|=)\s?({NUMBER})\b",
    re.IGNORECASE,
)
_FEWEST = 5
_REACH = 60


def find(page: Page, vocabulary: Vocabulary) -> Iterator[Found]:
    drugs = [span for span in page.treatments if vocabulary.treatments[span.id].kind == "drug"]
    ends = [span.end for span in drugs]
    taken: set[int] = set()
    for found in _counts(page.text):
        if found.start in taken:
            continue
        taken.update(range(found.start, found.end))
        drug = before(drugs, ends, found.start, reach=_REACH)
        if drug and not re.search(r"\.\s|;", page.text[drug.end : found.start]):
            found = found._replace(about=drug.id)
        yield found


def _counts(text: str) -> Iterator[Found]:
    for pattern in (_HASH, _QUANTITY):
        for match in pattern.finditer(text):
            yield _count(match, to_number(match[1]))
    for match in _PIECES.finditer(text):
        number = to_number(match[1])
        if number >= _FEWEST:
            yield _count(match, number)
    for match in _REFILLS.finditer(text):
        number = to_number(match[1] or match[2])
        yield Found("count", f"{plain(number)} refills", match.start(), match.end(), number=number, unit="refills")


def _count(match: re.Match[str], number: float) -> Found:
    return Found("count", plain(number), match.start(), match.end(), number=number, unit="units")
