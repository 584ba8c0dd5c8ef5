"""Which guideline below the MTUS speaks of an item at all.

Of a lower step (8 CCR 9792.21.1) a draft quotes the text itself, so a passage that merely shares words with the request
would put an injection's rule beside an imaging request. A passage is kept only where its own heading speaks of the same
treatment, or of a class that the treatment belongs to, and of no other body region. Sections of the MTUS are not judged
here: search holds those to a threshold of their own (tests/unit/test_lower_rung.py).
"""

from __future__ import annotations

import re

from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Reading
from drafter.domain.reading.regions import regions_of
from guideline_corpus.model import Passage, RetrievedPassage
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.vocabulary import Vocabulary

# A verb: "opioids for acute pain", an entry under "Drugs to avoid", would say the contrary of what is meant.
_SAYS_SOMETHING = re.compile(
    r"\b(?:is|are|was|were|should|shall|may|might|must|can|cannot|will|has|have|does|do|recommend\w*|requires?|include[ds]?)\b",
    re.IGNORECASE,
)
_SETTING = "surgery"  # "Associated surgical service: a sling" asks for the sling


class Subject(DomainModel):
    """The treatments an item asks for, with the classes they belong to, and its body regions."""

    treatments: frozenset[str]
    regions: frozenset[str]

    @classmethod
    def of(cls, text: str, reading: Reading, *, vocabulary: Vocabulary) -> Subject:
        named = {span.id for span in vocabulary.find(text, families={"treatment"})}
        named = named - {_SETTING} or named
        facts = tuple(fact for sentence in reading.sentences for fact in sentence.facts)
        return cls(
            treatments=frozenset(wider for name in named for wider in vocabulary.classes_of(name)),
            regions=regions_of(facts, vocabulary),
        )


def kept(
    results: tuple[RetrievedPassage, ...], subject: Subject, *, vocabulary: Vocabulary
) -> tuple[RetrievedPassage, ...]:
    """The results without the passages below the MTUS that speak of something else, in the same order."""
    return tuple(r for r in results if r.passage.rung == 1 or speaks_of(r.passage, subject, vocabulary=vocabulary))


def speaks_of(passage: Passage, subject: Subject, *, vocabulary: Vocabulary) -> bool:
    if not subject.treatments & set(passage.treatments):
        return False
    told = _regions(passage, vocabulary=vocabulary)
    return not told or not subject.regions or bool(told & subject.regions)


def _regions(passage: Passage, *, vocabulary: Vocabulary) -> frozenset[str]:
    """The regions of the guideline's title, which hold for every heading in it, else of the heading."""
    titled = [span.id for span in vocabulary.find(passage.guideline, families={"body_part"})]
    parts = [vocabulary.body_parts[name] for name in titled or passage.body_parts if name in vocabulary.body_parts]
    return frozenset(region for part in parts for region in (part.spans or (part.chapter,)))


def best_quote(passage: Passage, subject: Subject, *, vocabulary: Vocabulary, most_words: int) -> str:
    """An exact stretch of an official passage: the first criterion or sentence that names the treatment.

    Where none does, the first of them; where all are longer than `most_words`, the last one whole. Entries of a
    list that say nothing by themselves are passed over where there is anything else.
    """
    criteria = [passage.text[c.start : c.end] for c in passage.criteria if c.start is not None and c.end is not None]
    found = [*criteria, *(passage.text[start:end] for start, end in sentence_spans(passage.text))]
    sentences = [text for text in found if _SAYS_SOMETHING.search(text)] or found
    short = [text for text in sentences if len(text.split()) <= most_words] or sentences[-1:] or [passage.text]
    naming = (text for text in short if _names(text, subject, vocabulary=vocabulary))
    return next(naming, short[0])


def _names(text: str, subject: Subject, *, vocabulary: Vocabulary) -> bool:
    named = {span.id for span in vocabulary.find(text, families={"treatment"})}
    return bool(named & subject.treatments)
