"""Who speaks in a sentence: the record of care, utilization review, or the request itself.

A case summary reports the claims administrator's decision and its reasons beside the care that was given. A reason for
denial ("there were no neurologic symptoms") is an argument and must never be taken for a finding, even in the sentences
that follow the decision; a request tells what is wanted, not what was done.

A sentence is utilization review's where it names the review, the claims administrator or a decision on a request. The
sentences after a decision with its reasons stay utilization review's until one turns back to the record: a new date, an
examination, a complaint, a diagnosis (tests/unit/test_voice.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from drafter.domain.reading.model import Voice
from guideline_corpus.vocabulary import TermSpan

_PATIENT = re.compile(
    r"\b(?:patient|worker|applicant|claimant|individual|employee|IW|he|she|they|who)"
    r"(?:\s+(?:also|again|specifically|has|had|currently|further|repeatedly))*\s+(?:denie[sd]|denying)\b",
    re.IGNORECASE,
)
_DATE_FIRST = re.compile(
    r"(?:on|dated|as of|per|at|in|during|according to)?\W{0,3}(?:the\s+)?"
    r"(?:\d{1,2}[-/]\s?\d{1,2}[-/]\s?\d{2,4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2})",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:denied|denies|denial)\b", re.IGNORECASE)


class VoiceCues(NamedTuple):
    """What one sentence offers: its text, the kinds of its voice cues by place, and where treatments stand."""

    text: str
    cues: Sequence[tuple[str, TermSpan]]
    treatments: Sequence[int]


def voices(sentences: Sequence[VoiceCues]) -> list[Voice]:
    """The voice of every sentence, in order."""
    found: list[Voice] = []
    arguing = False
    for sentence in sentences:
        voice = _own_voice(sentence)
        if voice == "utilization_review":
            arguing = _gives_reasons(sentence) or (arguing and not _turns_to_record(sentence))
        elif arguing and (not _turns_to_record(sentence) or _goes_on(sentence)):
            voice = "utilization_review"
        else:
            arguing = False
        found.append(voice)
    return found


def _own_voice(sentence: VoiceCues) -> Voice:
    kinds = {kind for kind, _ in sentence.cues}
    if "ur-actor" in kinds or ("ur-decision" in kinds and _decides_request(sentence)):
        return "utilization_review"
    if "request" in kinds and not _anchored_before(sentence, "request"):
        return "request"
    return "record"


def _decides_request(sentence: VoiceCues) -> bool:
    """True where a decision word stands after a request or treatment, and no examination opens the sentence."""
    if _PATIENT.search(sentence.text) or _anchored_before(sentence, "ur-decision"):
        return False
    first = next(span.start for kind, span in sentence.cues if kind == "ur-decision")
    subjects = [span.start for kind, span in sentence.cues if kind == "ur-subject"]
    return any(start < first for start in (*subjects, *sentence.treatments))


def _anchored_before(sentence: VoiceCues, kind: str) -> bool:
    anchors = [span.start for found, span in sentence.cues if found == "record-anchor"]
    first = next((span.start for found, span in sentence.cues if found == kind), None)
    return first is not None and any(anchor < first for anchor in anchors)


def _gives_reasons(sentence: VoiceCues) -> bool:
    return any(kind == "ur-reason" for kind, _ in sentence.cues)


def _turns_to_record(sentence: VoiceCues) -> bool:
    return bool(_DATE_FIRST.match(sentence.text)) or _has(sentence.cues, {"record-anchor"})


def _goes_on(sentence: VoiceCues) -> bool:
    """An argument that is carried on: "Additionally, ...", "The guidelines ..."."""
    if _DATE_FIRST.match(sentence.text):
        return False
    return any(kind == "ur-follow" and span.start == 0 for kind, span in sentence.cues)


def _has(cues: Collection[tuple[str, TermSpan]], kinds: set[str]) -> bool:
    return any(kind in kinds for kind, _ in cues)
