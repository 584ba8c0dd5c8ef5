"""Claims that a document or a datum is missing: a pain score, the medicines, an examination, the request, the visits.

"There is no VAS pain score" can be proved wrong as plainly as "there is no spasm", but what is missing is no clinical
concept. Each rule is a pattern for the claim and a question to the record of care.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.treatments import PASSING
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.model import Fact, Sentence
from drafter.domain.reading.regions import regions_of

_NO = r"\b(?:no|not|without|lack of|absence of|never|(?:fail(?:s|ed)?|neglect(?:s|ed)?) to)\b"
_MISSING = (
    r"(?:not|never)\s+(?:been\s+)?(?:\w+ly\s+)?(?:documented|provided|listed|noted|recorded|mentioned|reported|stated|"
    r"indicated|included|specified|described)"
)


class Missing(NamedTuple):
    """A claim in a sentence of the rationale."""

    text: AuditedText
    sentence: Sentence
    claim: re.Match[str]


Answer = Callable[[Audit, AuditedItem, Missing], RecordSpan | None]


class Rule(NamedTuple):
    """What is said to be missing, how that is said, and where the record would have it."""

    what: str
    claim: re.Pattern[str]
    answer: Answer


def data_absence_refuted(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A document or datum said to be missing, which the record has."""
    for text, sentence, _ in worker_sentences(item):
        for rule in RULES:
            match = rule.claim.search(sentence.text)
            against = rule.answer(audit, item, Missing(text, sentence, match)) if match else None
            if match is None or against is None:
                continue
            yield remark_on(
                text,
                sentence.start + match.start(),
                sentence.start + match.end(),
                f'The rationale says {rule.what} missing; the record has "{against.quote}".',
                item=item.item.number,
                against=against,
            )


def _score(audit: Audit, item: AuditedItem, missing: Missing) -> RecordSpan | None:
    return _first(audit, lambda sentence: next((f for f in sentence.facts if f.kind == "score"), None))


_TAKEN = re.compile(
    r"\bmedications?\b[^.;]{0,25}\b(?:includ\w+|are|were|consist\w*|list\w*|of)\b|\b(?:is|was|are|were) (?:taking|on|"
    r"using)\b",
    re.IGNORECASE,
)
_UNTOLD = re.compile(_MISSING + r"|unknown|unspecified|not legible|illegible", re.IGNORECASE)


def _medicines(audit: Audit, item: AuditedItem, missing: Missing) -> RecordSpan | None:
    def told(sentence: Sentence) -> Fact | None:
        if not _TAKEN.search(sentence.text) or _UNTOLD.search(sentence.text):
            return None
        return next((f for f in sentence.facts if f.kind == "drug" and f.polarity == "affirmed"), None)

    if _first(
        audit, lambda s: s.facts[0] if s.facts and _UNTOLD.search(s.text) and "medication" in s.text.lower() else None
    ):
        return None  # the record itself says that the medicines are not told
    return _first(audit, told)


_EXAM = re.compile(r"\bexam(?:ination|ined)?\b|objective|palpation|range of motion", re.IGNORECASE)


def _examination(audit: Audit, item: AuditedItem, missing: Missing) -> RecordSpan | None:
    low, high = missing.sentence.start + missing.claim.start(), missing.sentence.start + missing.claim.end()
    asked = regions_of((f for f in missing.sentence.facts if low <= f.start < high), audit.vocabulary)

    def told(sentence: Sentence) -> Fact | None:
        signs = any(audit.vocabulary.evidence[m.concept].kind == "sign" for m in sentence.mentions)
        if not signs or not _EXAM.search(sentence.text):
            return None
        parts = (f for f in sentence.facts if f.kind in ("body_part", "spinal_level"))
        return next((f for f in parts if regions_of((f,), audit.vocabulary) & asked), None)

    return _first(audit, told) if asked else None


def _visits(audit: Audit, item: AuditedItem, missing: Missing) -> RecordSpan | None:
    def told(sentence: Sentence) -> Fact | None:
        counted = re.search(r"\b(?:complet\w+|attend\w+|received|underwent|had)\b", sentence.text, re.IGNORECASE)
        exact = not re.search(
            r"\b(?:at least|approximately|about|unknown|over|more than)\b", sentence.text, re.IGNORECASE
        )
        return next((f for f in sentence.facts if f.kind == "visits"), None) if counted and exact else None

    return _first(audit, told)


_REQUEST = re.compile(
    r"\b(?:request for authori[sz]ation|RFA|authori[sz]ation request)\b[^.;]{0,40}?\b(?:dated|date|signed|received|"
    r"submitted)\b",
    re.IGNORECASE,
)


def _request(audit: Audit, item: AuditedItem, missing: Missing) -> RecordSpan | None:
    for field, sentence in audit.sentences_of_record():
        match = _REQUEST.search(sentence.text)
        if match and not _UNTOLD.search(sentence.text) and any(f.kind == "date" for f in sentence.facts):
            return record_span(field, start=sentence.start + match.start(), end=sentence.start + match.end())
    return None


_GIVEN = re.compile(
    r"\b(?:uses|using|used|underwent|received|completed|treated with|treatments? (?:to date )?(?:has |have )?includ\w+|"
    r"wears|wearing|attended)\b",
    re.IGNORECASE,
)


def _treatment(audit: Audit, item: AuditedItem, missing: Missing) -> RecordSpan | None:
    low = missing.sentence.start + missing.claim.start()
    asked = regions_of((f for f in missing.sentence.facts if f.start >= low), audit.vocabulary)

    def told(sentence: Sentence) -> Fact | None:
        given = _GIVEN.search(sentence.text)
        if not given or not (regions_of(sentence.facts, audit.vocabulary) & asked):
            return None
        things = (f for f in sentence.facts if f.kind in ("procedure", "drug") and f.polarity == "affirmed")
        return next((f for f in things if f.value not in PASSING), None)

    return _first(audit, told) if asked else None


def _first(audit: Audit, told: Callable[[Sentence], Fact | None]) -> RecordSpan | None:
    """The first sentence of the record of care that has it."""
    for field, sentence in audit.sentences_of_record():
        fact = told(sentence) if sentence.voice == "record" else None
        if fact is not None:
            return _around(field, sentence, fact)
    return None


def _around(field: ReadField, sentence: Sentence, fact: Fact) -> RecordSpan:
    start, end = max(sentence.start, fact.start - 60), fact.end
    start = sentence.text.find(" ", start - sentence.start) + 1 + sentence.start if start > sentence.start else start
    return record_span(field, start=start, end=end)


RULES: tuple[Rule, ...] = (
    Rule(
        "a pain score is",
        re.compile(
            rf"{_NO}(?:\W+\w+){{0,4}}?\W+(?:VAS|NRS|pain (?:scores?|scales?|levels?|ratings?))\b|\bpain (?:scores?|"
            rf"levels?) (?:is|are|was|were) {_MISSING}",
            re.I,
        ),
        _score,
    ),
    Rule(
        "the medicines are",
        re.compile(
            rf"\b(?:current )?medications?(?: list| regimen)? (?:is|are|was|were|has|have) {_MISSING}|"
            rf"\bno (?:current )?medications? (?:list |regimen )?"
            r"(?:is|are|was|were) (?:documented|listed|provided|noted|recorded)",
            re.IGNORECASE,
        ),
        _medicines,
    ),
    Rule(
        "an examination is",
        re.compile(
            r"\bno (?:\w+ )?(?:specific |physical |"
            r"documented )*[\w/]+(?: spine)? (?:physical )?exam(?:ination)?s?\b(?! findings?| evidence)|"
            r"\b(?:does|did) not (?:document|include|provide|contain) (?:a |an |any )?(?:specific |"
            r"detailed )?[\w/]+(?: spine)? (?:physical )?exam(?:ination)?\b(?! findings?)",
            re.IGNORECASE,
        ),
        _examination,
    ),
    Rule(
        "the number of visits is",
        re.compile(
            rf"\b(?:{_NO}(?:\W+\w+){{0,6}}?\W+(?:how many|(?:total )?number of)(?:\W+\w+){{0,5}}?\W+(?:visits|"
            rf"sessions)\b(?:[^.;]{{0,30}}(?:used|completed|attended|had))?)",
            re.IGNORECASE,
        ),
        _visits,
    ),
    Rule(
        "the request for authorization is",
        re.compile(
            r"\b(?:there is|there was) no (?:RFA|request for authori[sz]ation)\b(?: form)?|\bno (?:RFA|"
            r"request for authori[sz]ation)\b[^.;]{0,20}(?:provided|submitted|included|in the)",
            re.I,
        ),
        _request,
    ),
    Rule(
        "treatment is",
        re.compile(
            rf"\bno (?:documentation|evidence|record|mention) of (?:any |prior |previous )*treatments?\b(?! (?:plan|"
            rf"goal|with|failure))|{_NO} document(?:ed)? (?:any )?treatment rendered",
            re.I,
        ),
        _treatment,
    ),
)
