"""On which day a sentence speaks: its own date, else the date of the last visit that was named.

"On 11/14/2016 the patient was seen. Sensation was intact." dates both sentences. The day of the injury, of a study or
of a decision dates its own sentence only, or none. What has been tried "to date" is told of all the time before, and
takes no day from the visit before it (tests/unit/test_dating.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from drafter.domain.reading.model import Fact, Sentence

_INJURY = re.compile(
    r"\b(?:injur(?:y|ies)(?!\s+or\s+illness)|injured(?!\s+worker)|accident|claim|DOI|sustained|since|until|through|"
    r"return(?:s|ed|ing)? to (?:work|duty)|to return|DOB)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\b(?:on|dated|date of|of|from|report|note|visit|exam(?:ination)?|findings|data|complaints|"
    r"documentation|reported|seen|presented|follow-?\s?up|report done on|done on|up on)\W{0,3}$",
    re.I,
)
_VISIT = re.compile(
    r"\b(?:note|report|visit|exam(?:ination|ined)?|evaluat(?:ion|ed)|assess(?:ment|ed)|documentation|seen|"
    r"presented|presents|"
    r"complain(?:s|ed|ts)|findings|reported|follow-?\s?up|consultation|recheck|re-assessed|DFR|PR-?2|subjective|"
    r"objective|noted)\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"\b(?:MRI|CT|x-?rays?|EMG|NCV|NCS|imaging|radiograph\w*|scan|ultrasound|stud(?:y|ies)|surgery|arthroscopy|"
    r"performed|underwent|"
    r"injection|authori[sz]ation)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
# "He reported seeing his own physician on 12/5/2016": a day that the worker tells of is not the visit's.
_TOLD_OF = re.compile(
    r"\b(?:reported|reports|stated|states|recalled|recalls) (?:seeing|being|having|going|that)\b", re.I
)
_ALL_ALONG = re.compile(
    r"\W*(?:(?:the|his|her|past|prior|previous|relevant|conservative|other|medical|surgical) )*"
    r"(?:treatments?(?! plan)|care|history)\b[^.;]{0,40}?"
    r"\b(?:to date|thus far|so far|rendered|has included|have included|has consisted|have consisted)\b",
    re.IGNORECASE,
)
_OPENING = 4
_REACH = 70


def sentence_dates(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences with `on` set, in order."""
    carried: date | None = None
    for sentence in sentences:
        own = _own_date(sentence)
        if own is not None and sentence.voice == "record" and _is_visit(sentence, own):
            carried = own.on
        carries = sentence.voice == "record" and not _ALL_ALONG.match(sentence.text)
        on = own.on if own is not None else (carried if carries else None)
        yield sentence.model_copy(update={"on": on}) if on else sentence


def _own_date(sentence: Sentence) -> Fact | None:
    for fact in sentence.facts:
        if fact.kind != "date" or fact.on is None or _INJURY.search(_before(sentence, fact)):
            continue
        if fact.start - sentence.start <= _OPENING or _LEAD.search(_before(sentence, fact)):
            return fact
    return None


def _is_visit(sentence: Sentence, fact: Fact) -> bool:
    if fact.start - sentence.start <= _OPENING:
        return True
    before = _before(sentence, fact)
    return bool(_VISIT.search(sentence.text)) and not _STUDY.search(before) and not _TOLD_OF.search(before)


def _before(sentence: Sentence, fact: Fact) -> str:
    at = fact.start - sentence.start
    return sentence.text[max(0, at - _REACH) : at]
