"""Strengths with their units: "7.5mg" and "7.5 mg", "5/325 mg" and "5-325mg", "10%" beside a drug.

`about` is the drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drafter.domain.reading.facts.found import Found, Page, after, before, plain
from guideline_corpus.vocabulary import TermSpan, Vocabulary

_UNITS = {
    "mg": "mg", "mgs": "mg", "milligram": "mg", "milligrams": "mg", "mcg": "mcg", "µg": "mcg", "μg": "mcg",
    "microgram": "mcg", "micrograms": "mcg",
    "g": "g", "gm": "g", "gms": "g", "gram": "g", "grams": "g", "ml": "ml", "mls": "ml", "cc": "ml", "ccs": "ml",
    "unit": "units", "units": "units",
    "iu": "units", "meq": "mEq", "%": "%", "percent": "%", "mcg/hr": "mcg/h", "mcg/h": "mcg/h", "mcg/hour": "mcg/h",
}  # fmt: skip
_AMOUNT = r"\d{1,4}(?:,\d{3})?(?:\.\d{1,4})?"
_DOSE = re.compile(
    rf"(?<![\w.,/-])({_AMOUNT}(?:\s?[-/]\s?{_AMOUNT}){{0,3}})\s?-?\s?(mcg/(?:hr|hour|h)|milligrams?|micrograms?|"
    rf"mcg|mgs?|µg|μg|gms?|grams?|g|mls?|ccs?|units?|iu|meq|%|percent)(?![\w])",
    re.IGNORECASE,
)
_BARE_PAIR = re.compile(r"(?<![\w.,/-])(\d{1,2}(?:\.\d)?)\s?[/-]\s?(325|300|500|650|750|200)\b(?!\s?(?:mg|[/-]\d))")
_REACH = 40
_FOLLOWS = 18


class _Drugs(NamedTuple):
    spans: Sequence[TermSpan]
    starts: Sequence[int]
    ends: Sequence[int]


def find(page: Page, vocabulary: Vocabulary) -> Iterator[Found]:
    spans = [span for span in page.treatments if vocabulary.treatments[span.id].kind == "drug"]
    drugs = _Drugs(spans, [span.start for span in spans], [span.end for span in spans])
    for match in page.at_numbers(_DOSE):
        yield from _dose(page, drugs, match)
    for match in page.at_numbers(_BARE_PAIR):
        drug = before(drugs.spans, drugs.ends, match.start(), reach=_FOLLOWS)
        if drug:
            yield _found(match, (float(match[1]), float(match[2])), "mg", drug.id)


def _dose(page: Page, drugs: _Drugs, match: re.Match[str]) -> Iterator[Found]:
    unit = _UNITS[match[2].lower()]
    drug = _drug_of(page.text, drugs, match)
    if unit in ("%", "units") and drug is None:
        return
    yield _found(match, _amounts(match[1]), unit, drug)


def _found(match: re.Match[str], amounts: tuple[float, ...], unit: str, drug: str | None) -> Found:
    value = f"{'/'.join(plain(amount) for amount in amounts)} {unit}"
    return Found("dose", value, match.start(), match.end(), number=amounts[0], unit=unit, about=drug)


def _amounts(text: str) -> tuple[float, ...]:
    return tuple(float(part.replace(",", "")) for part in re.split(r"\s?[-/]\s?", text))


def _drug_of(text: str, drugs: _Drugs, match: re.Match[str]) -> str | None:
    earlier = before(drugs.spans, drugs.ends, match.start(), reach=_REACH)
    if earlier and not re.search(r"[,;]|\.\s|\band\b", text[earlier.end : match.start()]):
        return earlier.id
    later = after(drugs.spans, drugs.starts, match.end(), reach=_FOLLOWS)
    if later and re.fullmatch(r"\s*(?:of\s+|oral\s+|topical\s+)?", text[match.end() : later.start]):
        return later.id
    return None
