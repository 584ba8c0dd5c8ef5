"""Facts that the vocabulary names: drugs, procedures, tests and diagnoses. Brand and generic have one value, the id."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.domain.reading.facts.found import Found, Page
from drafter.domain.reading.model import FactKind
from guideline_corpus.vocabulary import TreatmentKind, Vocabulary

_KINDS: dict[TreatmentKind, FactKind] = {"drug": "drug", "diagnostic": "test"}


def find(page: Page, vocabulary: Vocabulary) -> Iterator[Found]:
    for span in page.treatments:
        kind = _KINDS.get(vocabulary.treatments[span.id].kind, "procedure")
        yield Found(kind, span.id, span.start, span.end)
    for span in page.diagnoses:
        yield Found("diagnosis", span.id, span.start, span.end)
