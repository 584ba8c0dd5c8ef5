"""What a kind of plant looks at: one item, its rationale, and all that counts as given.

Sites are found by patterns of this package's own and by the plain terms of the vocabulary, never by the fact readers
that the checks use: else a fact that the checks cannot read would never be planted, and never be missed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from drafter.domain.case import Case, DisputedItem
from guideline_corpus.vocabulary import Vocabulary

_END = re.compile(r"[.!?](?=\s+[A-Z(])|\n\s*\n")
_OF_GUIDELINE = re.compile(
    r"guideline|mtus|acoem|odg|recommend|evidence-based|studies|literature|criteria|indicat|requir|should|may be|"
    r"per the|states that|allow|up to|maximum|limit|treatment of|generally|typically|request|if |necess",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One item of one case. `elsewhere` are rationales of other cases, for facts that are carried in."""

    case: Case
    item: DisputedItem
    vocabulary: Vocabulary
    elsewhere: tuple[str, ...]
    chance: random.Random

    @property
    def rationale(self) -> str:
        return self.item.rationale or ""

    @cached_property
    def given(self) -> str:
        """The record, every heading and the header's dates, in lower case and single spaces."""
        parts = [field.text for field in self.case.record_fields()]
        parts += [item.heading for item in self.case.items]
        parts += [f"{d.month}/{d.day}/{d.year}" for d in self.case.dates.model_dump().values() if d is not None]
        return " ".join(" ".join(parts).lower().split())

    def holds(self, words: str) -> bool:
        """Whether the given texts hold these words, as whole words."""
        return bool(re.search(rf"(?<![\w/.]){re.escape(words.lower())}(?![\w/])", self.given))

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        text, spans, start = self.rationale, [], 0
        for end in (*(match.end() for match in _END.finditer(text)), len(text)):
            if text[start:end].strip():
                spans.append((start + len(text[start:end]) - len(text[start:end].lstrip()), end))
            start = end
        return tuple(spans)

    def about_worker(self) -> Iterator[tuple[int, int]]:
        """Sentences that tell of this worker and not of what a guideline says."""
        for start, end in self.sentences:
            if not _OF_GUIDELINE.search(self.rationale[start:end]) and not self.quoted(start, end):
                yield start, end

    def quoted(self, start: int, end: int) -> bool:
        """Whether a quotation stands in the words at `start:end` or is open where they begin."""
        before, words = self.rationale[:start], self.rationale[start:end]
        straight = '"'
        inside = before.count("“") > before.count("”") or before.count(straight) % 2 == 1
        return inside or any(mark in words for mark in ("“", "”", straight))

    def matches(self, pattern: re.Pattern[str], *, anywhere: bool = False) -> Iterator[re.Match[str]]:
        """Matches in sentences about the worker, or `anywhere` in the rationale."""
        for start, end in ((0, len(self.rationale)),) if anywhere else self.about_worker():
            for match in pattern.finditer(self.rationale, start, end):
                if not self.quoted(match.start(), match.end()):
                    yield match
