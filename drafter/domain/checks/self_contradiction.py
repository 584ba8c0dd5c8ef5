"""A rationale that denies in one sentence what it states in another.

"No physical therapy has been tried" beside "did not improve with eight sessions of therapy", "no spasm" beside "spasm
of the paraspinal muscles". Neither needs the record to be seen, and whichever is true, the other cannot be signed.
Compared are only findings and earlier treatment of one place, both told outright of this worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from drafter.domain.checks.absence import SOMEBODY_ELSE
from drafter.domain.checks.absence_claims import AbsenceClaim, absence_claims
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.polarity import stated_findings
from drafter.domain.checks.region import place_of, places_fit
from drafter.domain.checks.worker_facts import WorkerMention, worker_mentions, worker_sentences
from drafter.domain.draft import RecordSpan
from drafter.domain.reading.model import Sentence

_KINDS = frozenset({"symptom", "sign"})
_EARLIER = frozenset({"prior-physical-therapy", "prior-chiropractic", "prior-acupuncture", "prior-injection"})


class Denied(NamedTuple):
    text: AuditedText
    sentence: Sentence
    claim: AbsenceClaim


def contradicts_itself(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """What is denied outright in one sentence and stated in another."""
    stated = {found.mention.concept: found for found in reversed([*_stated(audit, item)])}
    for denied in _denied(audit, item):
        found = stated.get(denied.claim.concept)
        if found is None or found.sentence.start == denied.sentence.start or not _same_place(audit, denied, found):
            continue
        label = audit.vocabulary.evidence[denied.claim.concept].label
        yield remark_on(
            denied.text,
            denied.claim.start,
            denied.claim.end,
            f"The rationale denies {label} here and states it elsewhere.",
            item=item.item.number,
            against=_span(found),
        )


def _stated(audit: Audit, item: AuditedItem) -> Iterator[WorkerMention]:
    for found in stated_findings(audit, item):
        if audit.vocabulary.evidence[found.mention.concept].kind in _KINDS:
            yield found
    for found in worker_mentions(item):
        if found.mention.concept in _EARLIER and found.mention.polarity == "affirmed":
            yield found


def _denied(audit: Audit, item: AuditedItem) -> Iterator[Denied]:
    for text, sentence, guideline_from in worker_sentences(item):
        if SOMEBODY_ELSE.search(sentence.text):
            continue
        for claim in absence_claims(sentence, vocabulary=audit.vocabulary):
            concept = audit.vocabulary.evidence.get(claim.concept)
            told = concept is not None and (concept.kind in _KINDS or claim.concept in _EARLIER)
            if told and not claim.narrowed and (guideline_from is None or claim.start < guideline_from):
                yield Denied(text, sentence, claim)


def _same_place(audit: Audit, denied: Denied, found: WorkerMention) -> bool:
    here = place_of(denied.sentence, denied.claim.at, audit=audit)
    return places_fit(here, place_of(found.sentence, found.mention, audit=audit))


def _span(found: WorkerMention) -> RecordSpan:
    start, end = found.mention.start, found.mention.end
    return RecordSpan(field=found.text.field, start=start, end=end, quote=found.text.text[start:end])
