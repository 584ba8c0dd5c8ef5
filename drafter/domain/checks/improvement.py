"""Claims that no improvement is documented, where the record measures one.

The worst error of a determination is "no functional improvement" where the record has flexion of 60 degrees after 40,
or modified duty after weeks off work. What the record measures of function refutes the claim; a pain score alone, a
record that also denies, or a claim about one treatment where nothing ties the figures to it, is shown and left to the
reader. A claim that names a treatment ("from the acupuncture trial"), and any claim under a drug, is about that
treatment; the figures are tied to it where their sentence or the title of their document names it
(proved by tests/unit/checks/test_improvement.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.region import place_of_sentence
from drafter.domain.checks.treatments import TREATMENT_KINDS, named_treatments, same_treatment, treatments_in
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.changes import Change, Told, change_fits
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Sentence

_ATTRIBUTE = (
    r"(?:functional|objective(?:ly)?|clinical|measur(?:able|ed)|significant|documented|quantif\w+|overall|any|actual|"
    r"such|sustained|lasting|meaningful|continued|further|specific)"
)
_GAIN = (
    rf"(?P<gain>(?:{_ATTRIBUTE}\W+)*(?:improvements?|gains?|progress(?:ion)?(?!\W+(?:notes?|reports?))|"
    r"benefits?|functional (?:response|outcomes?)|increases? in function\w*))\b"
)
# "No" right before the thing, or words of documentation between a denial and it.
_CLAIM = re.compile(
    rf"\b(?:(?:no|without|lack(?:s|ed|ing)?(?: of)?|absence of)\W+{_GAIN.replace('gain>', 'near>')}|"
    r"(?:no|not|nor|without|lack(?:s|ed|ing)?|absence|insufficient|fail(?:s|ed)? to|unable to)\b"
    r"(?P<between>(?:[\s,/]+(?!would|but|although|however|because|until|if|than|only|which|warrant\w*|support\w*|"
    rf"justif\w+|necess\w+|recommend\w*)[\w/'’-]+){{1,16}}?)[\s,/]+{_GAIN})",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:document\w*|evidence|record\w*|report\w*|noted?|show\w*|demonstrat\w*|reveal\w*|indicat\w*|mention\w*|"
    r"describ\w*|clear|provide[ds]?|establish\w*|quantif\w*)\b",
    re.IGNORECASE,
)
# "Without improvement" is a judgement; "no functional", "no objective", "no documentation of" speak of the record.
_OF_RECORD = re.compile(rf"{_PAPER.pattern}|\b(?:functional|objective\w*|measur\w+|in function)\b", re.IGNORECASE)
_IF = re.compile(r"\b(?:if|unless|until|should|would|when|whether|once|in case)\b[^.;]*$", re.IGNORECASE)
_AFTER_IT = re.compile(r"\W*(?:beyond|over|than|notes?|reports?|goals?|measures?|plan|is expected|that would)\b", re.I)
_OF_PAIN = re.compile(
    r"\W*(?:in|of) (?:(?:his|her|the|their|terms of) )*(?:pain|symptoms?)\b(?![^.;]{0,40}\bfunction)", re.IGNORECASE
)
_TIED = re.compile(
    r"\W*(?:[\w/-]+\W+){0,6}?(?:from|with|following|after|since|by|as a result of|as a response to|attributable to|"
    r"secondary to|due to|in response to)\b",
    re.IGNORECASE,
)
SOMEBODY_ELSE = re.compile(r"\butili[sz]ation review(?:er)?\b|\bUR\b|claims administrator", re.IGNORECASE)


class Denied(NamedTuple):
    """A claim of no improvement with the change that the record measures. `plainly`: beyond doubt."""

    text: AuditedText
    start: int
    end: int
    change: Change
    plainly: bool


def denied_improvements(audit: Audit, item: AuditedItem) -> Iterator[Denied]:
    """The first claim of each sentence that a measured change for the better answers."""
    for text, sentence, guideline_from in worker_sentences(item):
        claim = _claim(sentence) if audit.changes else None
        if claim is None or (guideline_from is not None and sentence.start + claim.start() >= guideline_from):
            continue
        fitting = _fitting(audit, item, sentence)
        change = max((one for one in fitting if one.went == "better"), key=_weight, default=None)
        if change is None:
            continue
        plainly = (
            change.aspect == "function"
            and not any(one.went == "worse" and one.aspect == "function" for one in fitting)
            and bool(_OF_RECORD.search(claim[0]))
            and not _OF_PAIN.match(sentence.text, claim.end())
            and any(_tied(audit, item, sentence, claim, one) for one in fitting if _plain(one))
            and not _denied_since(audit, change)
        )
        yield Denied(text, sentence.start + claim.start(), sentence.start + claim.end(), change, plainly)


def improvement_remark(item: AuditedItem, found: Denied) -> Remark:
    """What the finding says, with the record's words of both values."""
    change = found.change
    before = f'"{_clause(change.before).quote}" and then ' if change.before else ""
    has = "measures" if found.plainly else "has"
    now = _clause(change.now)
    return remark_on(
        found.text,
        found.start,
        found.end,
        f'The rationale says that no improvement is documented; the record {has} {before}"{now.quote}".',
        item=item.item.number,
        against=now,
    )


def _claim(sentence: Sentence) -> re.Match[str] | None:
    if SOMEBODY_ELSE.search(sentence.text):
        return None
    for match in _CLAIM.finditer(sentence.text):
        said = match["near"] or _PAPER.search(f"{match['between']} {match['gain']}")
        if said and not _IF.search(sentence.text[: match.start()]) and not _AFTER_IT.match(sentence.text, match.end()):
            return match
    return None


def _fitting(audit: Audit, item: AuditedItem, sentence: Sentence) -> tuple[Change, ...]:
    """The changes of the part and side that the claim speaks of."""
    place = place_of_sentence(sentence, audit=audit, item=item)
    where = {"regions": place.regions, "sides": place.sides}
    return tuple(one for one in audit.changes if change_fits(one, vocabulary=audit.vocabulary, **where))


def _plain(change: Change) -> bool:
    return change.went == "better" and change.aspect == "function"


def _weight(change: Change) -> tuple[bool, bool, date]:
    """Function before pain, one sentence before two places, the latest first."""
    return change.aspect == "function", change.before is None, change.now.on or date.min


def _tied(audit: Audit, item: AuditedItem, sentence: Sentence, claim: re.Match[str], change: Change) -> bool:
    """Whether the figures belong to the treatment that the claim is about, where it is about one."""
    low = sentence.start + claim.end()
    named = frozenset(f.value for f in sentence.facts if f.kind in TREATMENT_KINDS and f.start >= low)
    of_drug = any(audit.vocabulary.treatments[one].kind == "drug" for one in item.asked)
    if not of_drug and not _TIED.match(sentence.text, claim.end()):
        return True
    told = treatments_in(change.now.sentence) | named_treatments(audit.vocabulary, _title(audit, change.now))
    return same_treatment(audit, named or item.asked, told)


def _title(audit: Audit, told: Told) -> str:
    titles = {record.record_id: record.title for record in audit.case.records}
    return titles.get(told.field.source.record_id or "", "")


def _denied_since(audit: Audit, change: Change) -> bool:
    """Whether the record of care itself denies improvement, on no earlier day."""
    denials = (shown for shown in audit.known.shown("functional-improvement") if shown.mention.polarity == "negated")
    days = [shown.sentence.on or shown.field.source.date for shown in denials]
    return any(on is None or change.now.on is None or on >= change.now.on for on in days)


def _clause(told: Told) -> RecordSpan:
    start, end = clause_around(told.sentence, start=told.start, end=told.end)
    return record_span(told.field, start=start, end=end)
