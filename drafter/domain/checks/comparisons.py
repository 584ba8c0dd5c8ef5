"""What a sentence of a draft says of two numbers of the record: that they are the same, or that one rose or fell.

"Unchanged" is no finding that the record has to have in these words where two cited grounds give the same motion the
same value; where they give it two values, it is false. "Rose from 60 to 90 degrees" is held against its own numbers,
which other checks hold against the record. A comparison is looked at only where the grounds leave no doubt what is
compared: one value each, of the thing that the words name (tests/unit/checks/test_comparisons.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.known import InRecord
from drafter.domain.draft import RecordCitation
from drafter.domain.reading.model import FactKind

_HINT = re.compile(r"chang|the same|\bfrom\s+\d", re.IGNORECASE)  # spares a sentence that compares nothing
_KINDS: tuple[FactKind, ...] = ("measurement", "score")
_SAME = re.compile(
    r"(?<!not )\bunchanged\b|\b(?:no|without) change\b|\b(?:did|had|has) not changed?\b|"
    r"\b(?:was|were|is|are|remained|stayed)\s(?:both\s|exactly\s|still\s)?the same\b(?!\s(?:day|visit|side|section))",
    re.IGNORECASE,
)
_RISE = r"rose|risen|rising|increased|went up|gone up|up"
_FALL = r"fell|fallen|falling|decreased|dropped|declined|went down|gone down|down"
_MOVED = re.compile(
    rf"\b(?:(?P<rise>{_RISE})|(?P<fall>{_FALL})|(?P<better>improved|improving)|(?P<worse>worsened|worsening))\s+from\s+"
    r"(?P<one>\d{1,3}(?:\.\d)?)(?P<unit>[^.;]{0,50}?)\s+to\s+(?P<other>\d{1,3}(?:\.\d)?)(?P<then>[^.;,]{0,16})",
    re.IGNORECASE,
)
_OUT_OF_TEN = re.compile(r"/\s?10\b|out of 10\b", re.IGNORECASE)
_DEGREES = re.compile(r"degrees?\b|°", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;]|\b(?:and|but|while|whereas|so|although|though)\b", re.IGNORECASE)
# What names a group of values whose own name the words do not use.
_NAMED: dict[str, re.Pattern[str]] = {
    "degrees": re.compile(r"\b(?:motion|range|ROM|mobility)\b", re.IGNORECASE),
    "/5": re.compile(r"\b(?:strength|motor|power)\b", re.IGNORECASE),
    "/10": re.compile(r"\b(?:pain|scores?|VAS)\b", re.IGNORECASE),
}


class _Pair(NamedTuple):
    """The one value that each of two grounds gives for the same thing."""

    first: InRecord
    second: InRecord

    @property
    def same(self) -> bool:
        return self.first.fact.value == self.second.fact.value


def comparison_refuted(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """Values called unchanged that the cited grounds give as different, and a rise or fall that its numbers refute."""
    for text in item.texts if item.draft is not None else ():
        if not _HINT.search(text.text):
            continue
        for match in _SAME.finditer(text.text):
            for pair in _compared(audit, text, match):
                if not pair.same:
                    one, other = pair.first.span(), pair.second.span()
                    told = f'The sentence says "{match[0]}"; the record has "{one.quote}" and "{other.quote}".'
                    yield remark_on(text, match.start(), match.end(), told, item=item.item.number, against=other)
                    break
        for match in _MOVED.finditer(text.text):
            if _other_way(match):
                told = "The numbers of this sentence go the other way."
                yield remark_on(text, match.start(), match.end(), told, item=item.item.number)


def borne_out(audit: Audit, text: AuditedText, start: int, end: int) -> bool:
    """Whether the words at `start:end` say of values that they are the same, and two cited grounds bear it out."""
    match = next((m for m in _SAME.finditer(text.text) if m.start() < end and start < m.end()), None)
    pairs = _compared(audit, text, match) if match else []
    return bool(pairs) and all(pair.same for pair in pairs)


def _other_way(match: re.Match[str]) -> bool:
    one, other = float(match["one"]), float(match["other"])
    rising = bool(match["rise"])
    if match["better"] or match["worse"]:
        told = match["unit"] + match["then"]
        ten, degrees = _OUT_OF_TEN.search(told), _DEGREES.search(told)
        if bool(ten) == bool(degrees):
            return False  # nothing says which way is better
        rising = bool(match["better"]) == bool(degrees)
    return other <= one if rising else other >= one


def _compared(audit: Audit, text: AuditedText, match: re.Match[str]) -> list[_Pair]:
    """The pairs that the words around a comparison name; those named in its own clause where there are any."""
    pairs = _pairs(audit, text)
    if not pairs:
        return []
    cuts = [cut.span() for cut in _CLAUSE.finditer(text.text)]
    low = max((end for _, end in cuts if end <= match.start()), default=0)
    high = min((start for start, _ in cuts if start >= match.end()), default=len(text.text))
    return _named(pairs, text.text[low:high]) or _named(pairs, text.text[:low])


def _named(pairs: list[_Pair], words: str) -> list[_Pair]:
    by_name = [p for p in pairs if p.first.fact.about and p.first.fact.about.lower() in words.lower()]
    return by_name or [p for p in pairs if (name := _NAMED.get(p.first.fact.unit or "")) and name.search(words)]


def _pairs(audit: Audit, text: AuditedText) -> list[_Pair]:
    """For each thing measured the values of two cited sentences, where two and no more give it one value each."""
    groups: dict[tuple[str, str | None, str | None], dict[tuple[str, int], dict[str, InRecord]]] = defaultdict(dict)
    for kind in _KINDS:
        for told in audit.known.told(kind):
            if told.fact.number is not None and _cited(text, told):
                group = groups[kind, told.fact.unit, told.fact.about]
                place = (told.field.source.field, told.sentence.start)
                group.setdefault(place, {})[told.fact.value] = told
    two = (list(group.values()) for group in groups.values() if len(group) == 2)
    return [_Pair(*(next(iter(values.values())) for values in both)) for both in two if all(len(v) == 1 for v in both)]


def _cited(text: AuditedText, told: InRecord) -> bool:
    span = told.span()
    grounds = (
        (one.record for one in text.statement.citations if isinstance(one, RecordCitation)) if text.statement else ()
    )
    return any(
        (ground.field, ground.record_id, ground.page) == (span.field, span.record_id, span.page)
        and ground.start <= span.start
        and span.end <= ground.end
        for ground in grounds
    )
