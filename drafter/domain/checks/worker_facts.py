"""The facts that a rationale states of this worker, as against those it tells of the guideline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from drafter.domain.checks.audit import AuditedItem, AuditedText
from drafter.domain.reading.model import Fact, FactKind, Mention, Sentence


class WorkerFact(NamedTuple):
    """A fact of the rationale about the worker."""

    text: AuditedText
    sentence: Sentence
    fact: Fact


class WorkerMention(NamedTuple):
    """A concept that the rationale names of the worker."""

    text: AuditedText
    sentence: Sentence
    mention: Mention


def worker_sentences(
    item: AuditedItem, *, outright: bool = False
) -> Iterator[tuple[AuditedText, Sentence, int | None]]:
    """The sentences that do not speak of the guideline alone; the number is where the guideline's part begins.

    `outright` leaves out those that name neither the worker nor anything that was.
    """
    for text in item.texts:
        for sentence, spoken in zip(text.reading.sentences, text.spoken, strict=True):
            if spoken.role != "guideline" and (spoken.outright or not outright):
                yield text, sentence, spoken.guideline_from


def worker_facts(item: AuditedItem, kind: FactKind) -> Iterator[WorkerFact]:
    """The facts of one kind that are told of the worker, in order."""
    for text, sentence, guideline_from in worker_sentences(item):
        for fact in sentence.facts:
            if fact.kind == kind and (guideline_from is None or fact.start < guideline_from):
                yield WorkerFact(text, sentence, fact)


def worker_mentions(item: AuditedItem) -> Iterator[WorkerMention]:
    """The concepts that are told of the worker outright, in order."""
    for text, sentence, guideline_from in worker_sentences(item, outright=True):
        for mention in sentence.mentions:
            if guideline_from is None or mention.start < guideline_from:
                yield WorkerMention(text, sentence, mention)
