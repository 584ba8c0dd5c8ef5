"""Whether the case tells of an operation whose after-care is in dispute: done, dated, recent, of the same body part.

Therapy inside the postsurgical period is governed by the postsurgical guideline (8 CCR 9792.24.3), whether or not the
request says so. An operation counts only where a sentence tells that it was done, on a day between the injury and the
request and no longer before the request than the longest usual period of that guideline; one that is planned, requested
or of an earlier year does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from drafter.domain.case import Case
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import Vocabulary

PERIOD = timedelta(days=183)
_OPERATION = (
    r"(?:surger(?:y|ies)|operation|arthroscop\w+|repair|release|fixation|ORIF|open reduction|fusion|\w+ectomy|\w+otomy|"
    r"\w+plasty|excision|reconstruction|replacement)"
)
_DONE = re.compile(
    rf"\b(?:(?:underwent|status[\s-]post|s/p|performed|had)\b[^.;]{{0,80}}?\b{_OPERATION}|"
    rf"{_OPERATION}\b[^.;]{{0,60}}?\b(?:on|dated|performed|was done)|post-?\s?op(?:erative(?:ly)?)?)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:plan\w*|request\w*|recommend\w*|schedul\w*|pending|consider\w*|candidate|authoriz\w*|propos\w*|possible|denied|"
    r"non-?certif\w*|no|not|without|if)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\d)[^.!?]*)*")


def operated_on(case: Case, *, chapters: Collection[str], requested: date | None, vocabulary: Vocabulary) -> bool:
    """Whether the case summary tells of such an operation on a body part of one of these chapters."""
    if case.dates.injury is None or requested is None or not chapters:
        return False
    return any(
        case.dates.injury <= day <= requested and requested - day <= PERIOD
        for sentence in _told(case.case_summary or "")
        if _chapters_in(sentence, vocabulary).intersection(chapters)
        for day in _days_in(sentence, vocabulary)
    )


def _told(summary: str) -> Iterator[str]:
    """The sentences that tell of an operation as done."""
    for match in _SENTENCE.finditer(summary):
        if _DONE.search(match[0]) and not _PLANNED.search(match[0]):
            yield match[0]


def _chapters_in(sentence: str, vocabulary: Vocabulary) -> set[str]:
    parts = {span.id for span in vocabulary.find(sentence, families={"body_part"})}
    named = {span.id for span in vocabulary.find(sentence, families={"treatment"})}
    implied = {part for treatment in named for part in vocabulary.treatments[treatment].body_parts}
    return {vocabulary.body_parts[part].chapter for part in parts | implied}


def _days_in(sentence: str, vocabulary: Vocabulary) -> Iterator[date]:
    for one in read(sentence, vocabulary=vocabulary).sentences:
        for fact in one.facts:
            if fact.kind == "date":
                try:
                    yield date.fromisoformat(fact.value)
                except ValueError:  # a month without a day
                    continue
