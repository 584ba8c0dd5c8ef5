"""Which treatments a text names and an item asks for, wider classes included."""

from __future__ import annotations

from functools import lru_cache

from drafter.domain.checks.audit import Audit, AuditedItem
from drafter.domain.reading.model import FactKind, Sentence
from guideline_corpus.vocabulary import Family, Vocabulary

_TREATMENTS: tuple[Family, ...] = ("treatment",)
TREATMENT_KINDS: tuple[FactKind, ...] = ("drug", "procedure", "test")
# Named in passing in any rationale; no item is decided by them.
PASSING = frozenset(
    {
        "office-visit",
        "medical-records",
        "specialist-consultation",
        "durable-medical-equipment",
        "passive-modality",
        "imaging",
        "surgery",
        "medication",
        "lab-tests",
        "preoperative-testing",
        "perioperative-service",
    }
)


def treatments_in(sentence: Sentence) -> frozenset[str]:
    """The ids of the treatments that the sentence names."""
    return frozenset(fact.value for fact in sentence.facts if fact.kind in TREATMENT_KINDS)


def named_treatments(vocabulary: Vocabulary, *texts: str) -> frozenset[str]:
    """The treatments named in the first of the texts that names any."""
    for words in texts:
        found = frozenset(span.id for span in vocabulary.find(words, families=_TREATMENTS))
        if found:
            return found
    return frozenset()


def treatments_of(audit: Audit, item: AuditedItem) -> frozenset[str]:
    """The treatments that the item asks for, with the classes they belong to."""
    return with_classes(audit, item.asked)


def with_classes(audit: Audit, treatments: frozenset[str]) -> frozenset[str]:
    return _with_classes(audit.vocabulary, treatments)


@lru_cache(maxsize=8192)
def _with_classes(vocabulary: Vocabulary, treatments: frozenset[str]) -> frozenset[str]:
    return frozenset(wider for treatment in treatments for wider in vocabulary.classes_of(treatment))


def same_treatment(audit: Audit, one: frozenset[str], other: frozenset[str]) -> bool:
    """True where the two share a treatment, or one names a class that the other belongs to, or both one class."""
    return bool(with_classes(audit, one) & with_classes(audit, other))


def one_holds_the_other(audit: Audit, one: str, others: frozenset[str]) -> bool:
    """True where it is one of the others, or a class of one, or of a class that is among them; siblings are not the
    same."""
    return one in with_classes(audit, others) or bool(with_classes(audit, frozenset({one})) & others)
