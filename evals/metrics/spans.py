"""Stretches of guideline text as (text, start, end), so that a label outlives another way of cutting passages.

A passage of an official text lies at its offsets in the file it came from; a gist is a text of its own. Overlapping
spans are merged before anything is counted, so no share can pass 1 (tests/unit/test_retrieval_metrics.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from evals.metrics.folding import folded
from guideline_corpus.model import Passage


class Span(NamedTuple):
    text: str
    start: int
    end: int


def span_of(passage: Passage) -> Span:
    if passage.start is None or passage.end is None:
        return Span(passage.passage_id, 0, len(passage.text))
    return Span(f"{passage.edition_id}/{passage.source_file}", passage.start, passage.end)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same characters as disjoint spans, in order."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and whole[-1].text == span.text and span.start <= whole[-1].end:
            whole[-1] = whole[-1]._replace(end=max(whole[-1].end, span.end))
        elif span.end > span.start:
            whole.append(span)
    return tuple(whole)


def length(spans: Iterable[Span]) -> int:
    """Characters, each counted once."""
    return sum(span.end - span.start for span in merged(spans))


def shared(one: Iterable[Span], other: Iterable[Span]) -> int:
    """Characters that lie in both."""
    theirs: Mapping[str, list[Span]] = defaultdict(list)
    for span in merged(other):
        theirs[span.text].append(span)
    return sum(
        max(0, min(span.end, over.end) - max(span.start, over.start))
        for span in merged(one)
        for over in theirs.get(span.text, ())
    )


class SectionSpans:
    """Where each section of the loaded guidelines stands."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._of: dict[tuple[str, str], list[tuple[str, Span]]] = defaultdict(list)
        for passage in passages:
            key = folded(passage.guideline), passage.edition
            self._of[key].append((folded(passage.section), span_of(passage)))

    def of(self, guideline: str, edition: str, section: str) -> tuple[Span, ...]:
        """The text of a section, or of the whole guideline where no section is named; empty where it is not loaded."""
        wanted = folded(section)
        held = self._of.get((folded(guideline), edition), ())
        return merged(span for name, span in held if not wanted or name == wanted)
