"""Results of named tests and studies: positive or negative, normal or abnormal, in the rationale and in the record.

A test is known by its name ("straight leg raising", "Spurling", "X-ray"), its result by the word beside it. The same
test of the same region with the opposite result is a plain error of fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from drafter.domain.checks.audit import Audit, AuditedItem, Remark, remark_on
from drafter.domain.checks.region import Place, place_of_sentence, places_fit
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.model import Sentence

# Names of provocative tests and of studies; general clinical usage. Eponyms match with and without 's.
_NAMES = re.compile(
    r"\b(?P<slr>straight[- ]leg[- ](?:rais\w+|test\w*)|SLR|las[eè]gue\w*)|(?P<spurling>spurling\w*)|"
    r"(?P<tinel>tinel\w*)|"
    r"(?P<phalen>phalen\w*)|(?P<mcmurray>mc ?murray\w*)|(?P<apley>apley\w*)|(?P<lachman>lachman\w*)|"
    r"(?P<drawer>(?:anterior |posterior )?drawer)|(?P<hawkins>hawkin\w*)|(?P<neer>neer\w*)|(?P<jobe>jobe\w*|empty can)|"
    r"(?P<obrien>o['’]?brien\w*)|(?P<speed>speed['’]s)|(?P<yergason>yergason\w*)|(?P<finkelstein>finkelstein\w*)|"
    r"(?P<cozen>cozen\w*)|(?P<faber>faber\w*|patrick\w*)|(?P<gaenslen>gaenslen\w*)|(?P<kemp>kemp['’]?s?)|"
    r"(?P<milgram>milgram\w*)|(?P<bragard>bragg?ard\w*)|(?P<apprehension>apprehension)|"
    r"(?P<impingement>impingement (?:sign|test\w*))|"
    r"(?P<compression>(?:cervical|foraminal|axial) compression)|(?P<romberg>romberg\w*)|(?P<babinski>babinski\w*)|"
    r"(?P<hoffman>hoffmann?\w*)|(?P<xray>x-?rays?|radiographs?|plain films?)|(?P<mri>MRIs?|magnetic resonance imaging)|"
    r"(?P<ct>CT(?: scans?)?|computed tomography)|(?P<emg>EMG(?:[/ -]?NC[SV])?|NC[SV]|electrodiagnostic (?:stud\w+|"
    r"test\w*))\b",
    re.IGNORECASE,
)
_ABNORMAL = r"(?:positive|abnormal)"
_NORMAL = r"(?:negative|normal|unremarkable|non-?contributory)"
_BEFORE = re.compile(
    rf"\b(?:(?P<abnormal>{_ABNORMAL})|(?P<normal>{_NORMAL}))[\"”]?\s+"
    rf"(?:(?!(?:{_ABNORMAL}|{_NORMAL})\b)[\w'’/-]+\s+){{0,4}}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s,]*(?:(?!\bnot\b|\bno\b|\bbut\b)[\w'’/()-]+[\s,]+){0,6}?(?:was|were|is|are|being|remained|read as|reported as|"
    r"which was|came back)\s+"
    rf"(?:\w+ly\s+|noted\s+|to be\s+|as\s+|all\s+)*[\"“]?(?:(?P<abnormal>{_ABNORMAL})|(?P<normal>{_NORMAL}))\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:if|when|whether|should|would|could|may|false|rule out|request\w*|prior|previous)\b", re.IGNORECASE
)
_REACH = 45
_STUDIES = frozenset({"xray", "mri", "ct", "emg"})
_RESULT = re.compile(
    rf"\b(?:{_ABNORMAL}|{_NORMAL}|reveal\w*|show\w*|demonstrat\w+|dated|performed|obtained|findings?|results?)\b",
    re.IGNORECASE,
)


class Result(NamedTuple):
    """A test by its key, its result, and the words that tell both."""

    test: str
    abnormal: bool
    start: int
    end: int


def result_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A test or study whose result the record gives only as the opposite."""
    told = [
        (field, sentence, result) for field, sentence in audit.sentences_of_record() for result in results(sentence)
    ]
    for text, sentence, guideline_from in worker_sentences(item, outright=True) if told else ():
        place = place_of_sentence(sentence, audit=audit, item=item)
        for result in results(sentence):
            if guideline_from is not None and result.start >= guideline_from:
                continue
            same = [(f, r) for f, s, r in told if r.test == result.test and _fits(place, s, audit)]
            if same and all(r.abnormal != result.abnormal for _, r in same):
                field, other = same[0]
                against: RecordSpan = record_span(field, start=other.start, end=other.end)
                yield remark_on(
                    text,
                    result.start,
                    result.end,
                    f'The record has "{against.quote}".',
                    item=item.item.number,
                    against=against,
                )


def result_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A positive test or an abnormal study of a region of which the record tells no result."""
    told: list[tuple[Sentence, str | None]] | None = None
    for text, sentence, guideline_from in worker_sentences(item, outright=True):
        place = place_of_sentence(sentence, audit=audit, item=item)
        for result in results(sentence):
            if not result.abnormal or (guideline_from is not None and result.start >= guideline_from):
                continue
            if told is None:
                told = [(other, match.lastgroup) for _, other in audit.sentences_of_record() for match in _told(other)]
            if not any(test == result.test and _fits(place, s, audit) for s, test in told):
                words = text.text[result.start : result.end]
                yield remark_on(
                    text,
                    result.start,
                    result.end,
                    f'The record tells no such result: "{words}".',
                    item=item.item.number,
                )


def results(sentence: Sentence) -> Iterator[Result]:
    """The named tests of a sentence with a result beside them."""
    for result in _results(sentence.text):
        yield result._replace(start=sentence.start + result.start, end=sentence.start + result.end)


@lru_cache(maxsize=2048)
def _results(text: str) -> tuple[Result, ...]:
    """Remembered, because every item of a case is held against the same record; places count in the text."""
    found = []
    for match in _NAMES.finditer(text):
        before = _BEFORE.search(text, max(0, match.start() - _REACH), match.start())
        after = None if before else _AFTER.match(text, match.end())
        told = before or after
        if told is None or match.lastgroup is None or _OPEN.search(text[max(0, match.start() - 60) : match.start()]):
            continue
        start = told.start() if before else match.start()
        end = match.end() if before else told.end()
        found.append(Result(match.lastgroup, told["abnormal"] is not None, start, end))
    return tuple(found)


def _told(sentence: Sentence) -> Iterator[re.Match[str]]:
    """The tests that the sentence names; of a study its result too, for a study may only be asked for."""
    studied = _RESULT.search(sentence.text)
    for match in _NAMES.finditer(sentence.text):
        if match.lastgroup not in _STUDIES or studied:
            yield match


def _fits(place: Place, sentence: Sentence, audit: Audit) -> bool:
    return places_fit(place, place_of_sentence(sentence, audit=audit))
