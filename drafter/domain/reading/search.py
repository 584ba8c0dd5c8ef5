"""Searches the whole record of a case for a concept or for words: who says it, whether it is affirmed, on what day.

An absence claim is true only where this search finds nothing; a criterion is met only by a hit that the record itself
affirms. Hits keep their voice, because what utilization review argues is never evidence, and a document that is
itself a utilization review speaks in that voice throughout. Each hit is quoted as a readable clause,
an exact slice of its field (tests/unit/test_record_search.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache

from drafter.domain.case import Case, RecordField
from drafter.domain.draft import RecordSpan
from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Polarity, Reading, Sentence, Voice
from drafter.domain.reading.read import polarity_at, read
from guideline_corpus.phrases import split_words
from guideline_corpus.vocabulary import Vocabulary

_UR_TITLE = re.compile(r"\butili[sz]ation review|\bUR\b|non-?certification|determination|denial", re.IGNORECASE)
_REQUEST_TITLE = re.compile(r"request for authori[sz]ation|\bRFA\b", re.IGNORECASE)
_STEM = 6
_COMMON = frozenset(
    "the and for with that this from was were are has had have been not any all his her their patient worker "
    "injured claimant "
    "applicant documentation documented evidence record records noted report reported provided prior previous "
    "current recent "
    "clear specific objective clinical medical treatment request requested including include such other than "
    "which who".split()
)
_FEWEST_LETTERS = 3
_KEPT_READINGS = 256


class RecordHit(DomainModel):
    """One place of the record. `start:end` of `mention` are the words found; `span` quotes the clause around them.

    `found` is the concept's id or, for a search for words, the words.
    """

    found: str
    span: RecordSpan
    mention: RecordSpan
    polarity: Polarity
    voice: Voice
    historical: bool = False
    on: date | None = None


class RecordSearch(DomainModel):
    """The hits by what they say. `affirmed`, `negated` and `uncertain` are the record's; the rest is argument or wish.

    `planned` holds what the record only intends, `argued` all that utilization review or the request says.
    """

    affirmed: tuple[RecordHit, ...] = ()
    negated: tuple[RecordHit, ...] = ()
    uncertain: tuple[RecordHit, ...] = ()
    planned: tuple[RecordHit, ...] = ()
    argued: tuple[RecordHit, ...] = ()

    @property
    def silent(self) -> bool:
        """True where the record of care says nothing of it, whatever others argue."""
        return not (self.affirmed or self.negated or self.uncertain or self.planned)


def search_record(
    case: Case, *, concepts: Collection[str] = (), words: Collection[str] = (), vocabulary: Vocabulary
) -> RecordSearch:
    """Every place of the record that mentions one of the concepts, or holds one of the word groups, in its order.

    A word group ("pain diary") is found in a sentence that holds each of its telling words, in any inflection.
    """
    titles = {record.record_id: record.title for record in case.records}
    wanted, groups = frozenset(concepts), tuple(words)
    hits = [
        hit
        for field in case.record_fields()
        for hit in _hits(field, _voice_of(titles.get(field.record_id or "")), wanted, groups, vocabulary)
    ]
    return RecordSearch(
        affirmed=_said(hits, "affirmed"),
        negated=_said(hits, "negated"),
        uncertain=_said(hits, "uncertain"),
        planned=_said(hits, "planned"),
        argued=tuple(hit for hit in hits if hit.voice != "record"),
    )


@lru_cache(maxsize=_KEPT_READINGS)
def read_field(text: str, vocabulary: Vocabulary, voice: Voice | None) -> Reading:
    """The reading of one record field; remembered, because one case is searched for many concepts."""
    return read(text, vocabulary=vocabulary, voice=voice)


def _voice_of(title: str | None) -> Voice | None:
    if title and _UR_TITLE.search(title):
        return "utilization_review"
    return "request" if title and _REQUEST_TITLE.search(title) else None


def _said(hits: list[RecordHit], polarity: Polarity) -> tuple[RecordHit, ...]:
    return tuple(hit for hit in hits if hit.voice == "record" and hit.polarity == polarity)


def _hits(
    field: RecordField, voice: Voice | None, concepts: frozenset[str], words: tuple[str, ...], vocabulary: Vocabulary
) -> Iterator[RecordHit]:
    for sentence in read_field(field.text, vocabulary, voice).sentences:
        for mention in sentence.mentions:
            if mention.concept in concepts:
                yield _hit(
                    field, sentence, mention.concept, mention.start, mention.end, mention.polarity, mention.historical
                )
        for group in words:
            place = _find_words(sentence, group)
            if place is not None:
                polarity = polarity_at(sentence, start=place[0], end=place[1], vocabulary=vocabulary)
                yield _hit(field, sentence, group, *place, polarity, False)


def _hit(
    field: RecordField, sentence: Sentence, found: str, start: int, end: int, polarity: Polarity, historical: bool
) -> RecordHit:
    low, high = clause_around(sentence, start=start, end=end)
    return RecordHit(
        found=found,
        span=_span(field, low, high),
        mention=_span(field, start, end),
        polarity=polarity,
        voice=sentence.voice,
        historical=historical,
        on=sentence.on or field.date,
    )


def _span(field: RecordField, start: int, end: int) -> RecordSpan:
    return RecordSpan(
        field=field.field,
        record_id=field.record_id,
        page=field.page,
        start=start,
        end=end,
        quote=field.text[start:end],
    )


def _find_words(sentence: Sentence, group: str) -> tuple[int, int] | None:
    """Where the first telling word of the group stands in a sentence that holds them all; None where one is missing."""
    stems = telling_stems(group)
    if not stems:
        return None
    places: dict[str, tuple[int, int]] = {}
    for word in split_words(sentence.text):
        places.setdefault(_stem(word.key), (sentence.start + word.start, sentence.start + word.end))
    if not all(stem in places for stem in stems):
        return None
    return min(places[stem] for stem in stems)


def telling_stems(words: str) -> tuple[str, ...]:
    """The words that carry a group's meaning, cut to six letters; common and short ones are left out."""
    keys = (word.key for word in split_words(words))
    return tuple(dict.fromkeys(_stem(key) for key in keys if len(key) >= _FEWEST_LETTERS and key not in _COMMON))


def _stem(key: str) -> str:
    return (key[:-1] if len(key) > _FEWEST_LETTERS and key.endswith("s") else key)[:_STEM]
