"""A number told as exact that the record gives as "at least", "about" or "up to" so much.

"With 3 sessions given" where the record has "at least 3 sessions" is a small word and another sum. Only a sentence of a
draft is looked at, against the spans that it cites: there the number has to stand, and nowhere in them without its
qualifier. A number that a guideline's limit is held against is not looked at (tests/unit/checks/test_hedges.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.worker_facts import worker_facts
from drafter.domain.draft import RecordCitation, RecordSpan
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.hedges import hedge_start, is_hedged
from drafter.domain.reading.model import Fact, FactKind

_KINDS: tuple[FactKind, ...] = ("visits", "duration", "measurement", "score")


def hedge_dropped(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A number of visits, weeks or degrees that every cited ground gives only as "at least" or "about" so much."""
    if item.draft is None:
        return
    for kind in _KINDS:
        for found in worker_facts(item, kind):
            if _hedged(found.text.text, found.fact) or _asked_for(item, found.fact):
                continue
            grounds = list(_same_in_grounds(audit, found.text, found.fact))
            if grounds and all(hedged for hedged, _ in grounds):
                told = found.text.text[found.fact.start : found.fact.end]
                yield remark_on(
                    found.text,
                    found.fact.start,
                    found.fact.end,
                    f'The sentence says "{told}"; the record has "{grounds[0][1].quote}".',
                    item=item.item.number,
                    against=grounds[0][1],
                )


def _same_in_grounds(audit: Audit, text: AuditedText, fact: Fact) -> Iterator[tuple[bool, RecordSpan]]:
    """Each mention of the same number in a span that the sentence cites: whether it is hedged, and its words."""
    cited = (
        [one.record for one in text.statement.citations if isinstance(one, RecordCitation)] if text.statement else []
    )
    for told in audit.known.told(fact.kind):
        same = told.fact.number == fact.number and told.fact.upper == fact.upper and told.fact.unit == fact.unit
        if same and any(_within(span, told.span()) for span in cited):
            start = hedge_start(told.field.reading.text, told.fact.start)
            yield _hedged(told.field.reading.text, told.fact), record_span(told.field, start=start, end=told.fact.end)


def _asked_for(item: AuditedItem, fact: Fact) -> bool:
    """Whether the request has the number, so that the sentence may speak of that."""
    asked = (one for sentence in item.heading.sentences for one in sentence.facts)
    return any((one.kind, one.number, one.upper) == (fact.kind, fact.number, fact.upper) for one in asked)


def _within(span: RecordSpan, part: RecordSpan) -> bool:
    place = (span.field, span.record_id, span.page) == (part.field, part.record_id, part.page)
    return place and span.start <= part.start and part.end <= span.end


def _hedged(text: str, fact: Fact) -> bool:
    return is_hedged(text, fact.start, fact.end)
