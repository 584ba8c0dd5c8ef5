"""A rationale that decides or argues another treatment than the one in its heading.

Rationales are written side by side, and a sentence copied from the item before names its treatment: "would warrant a
cervical MRI" under a thoracic X-ray. Read are what a verdict is on ("the request for X is not medically necessary":
X) and what a sentence weighs ("would warrant an X"). X differs where it names a treatment or a region that the
heading does not, or has the contrast medium that the heading excludes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.treatments import PASSING, TREATMENT_KINDS, named_treatments, one_holds_the_other
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.draft import RecordCitation
from drafter.domain.reading.model import Fact, Sentence
from drafter.domain.reading.regions import regions_of

# Named in passing, but a subject of verdicts too: of another one only where none of their kind is asked for.
_SERVICES = frozenset({"lab-tests", "preoperative-testing", "office-visit", "specialist-consultation"})
_SERVICE_KINDS = frozenset({"evaluation", "service"})
_BE = r"(?:is|are|was|were|cannot|can not|should|would|has|have|does|do|will)\b"
# "The request of 11/15/2016 came with ..." tells of a request and decides nothing.
_IN_PASSING = r"(?!\s+(?:(?:of|on)\s+\d|(?:dated|came|comes|with)\b))"
_SUBJECT = re.compile(
    rf"\brequest is for (?:an? |the |this )*(?P<asked>[^.;]{{3,160}}?)(?=\.|$)|"
    rf"\brequest(?:s|ed)?(?:ed)?{_IN_PASSING}(?: for|"
    rf" is for)?:? (?:an? |the |this |additional |current |\"|"
    rf"“)*(?P<what>[^.;]{{3,220}}?)[\"”,]* (?={_BE})|"
    rf"(?:^|therefore,? |thus,? |as such,? |consequently,? |hence,? )(?:the |an? )?(?!(?:therefore|thus|as such|given|"
    rf"hence|no)\b)(?P<bare>(?:(?!\brequest)[^.;]){{3,160}}?) (?=(?:is|are|was|"
    rf"were) (?:\w+ ){{0,4}}(?:not )?(?:a )?medical)",
    re.IGNORECASE,
)
_WEIGHED = re.compile(
    r"\b(?:warrant\w*|justif\w+|necessitat\w+|indication (?:is )?for|need for|usage of|use of)\s+(?:an?|the|this|"
    r"repeat|usage of|for|\s)*(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:concurrent|surger\w+|surgical|as the requested|in addition to|rather than|instead of|versus|over|until|"
    r"including|such as|remaining|original request|"
    r"authori[sz]ed by|not (?:been )?determined|claims administrator|previous\w*|prior)\b",
    re.IGNORECASE,
)
# "Given the request for X is not supported, the requested Y ...": the verdict on X is a premise, not this item's.
_PREMISE = re.compile(r"\b(?:given|since|because|as)\s+(?:that\s+)?(?:the\s+)?$", re.IGNORECASE)
_PREMISE_FIRST = re.compile(r"(?:given|since|because|as|while|although|if)\b", re.IGNORECASE)
_WITH_CONTRAST = re.compile(r"\bwith (?:and without )?(?:contrast|dye|gadolinium)\b", re.IGNORECASE)
_WITHOUT_CONTRAST = re.compile(r"\b(?:without|w/o|no) (?:contrast|dye|gadolinium)\b", re.IGNORECASE)


# A sentence of a draft decides only where it says that its subject is, or is not, needed; and its subject has no verb.
_VERDICT = re.compile(
    r"(?:\w+\s+){0,4}?(?:necess\w+|need(?:ed|less)|warrant\w*|justif\w+|indicated|appropriate|support\w*|approv\w+|"
    r"authori[sz]\w+|certif\w+|den(?:y|ied)|uph(?:e|o)ld|overturn\w*|required|recommend\w*|reasonable)\b",
    re.IGNORECASE,
)
_HAS_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|includ\w+|contain\w*|cover\w*|adds?|added|names?|named|lists?|listed|holds?|"
    r"held|joins?|joined|combin\w+|pairs?|paired|stands?|goes|runs|came|comes|exceeds?|stays?|rests?|asks|asked)\b",
    re.IGNORECASE,
)


class Subject(NamedTuple):
    """What a verdict is on: the words between "request for" and the verb."""

    text: AuditedText
    sentence: Sentence
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.text.text[self.start : self.end]

    def facts(self) -> tuple[Fact, ...]:
        return tuple(f for f in self.sentence.facts if self.start <= f.start < self.end)


def verdict_on_another(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A verdict on a treatment, a region or a study with contrast that this item does not ask for."""
    for subject in _subjects(item):
        found = (
            _other_treatment(audit, item, subject) or _other_region(audit, item, subject) or _contrast(item, subject)
        )
        if found is not None:
            start, end = found
            words = subject.text.text[start:end]
            yield remark_on(
                subject.text,
                subject.start,
                subject.end,
                f'This sentence decides on "{words}", which the item does not ask for.',
                item=item.item.number,
            )


def argues_another(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A sentence that weighs whether the record would warrant a treatment, or one of a region, that is not asked
    for."""
    asked = item.asked
    for text, sentence, guideline_from in worker_sentences(item) if asked else ():
        if _ASIDE.search(sentence.text):
            continue
        for fact in _treatments(audit, sentence.facts):
            before = sentence.text[max(0, fact.start - sentence.start - 60) : fact.start - sentence.start]
            if not _WEIGHED.search(before) or (guideline_from is not None and fact.start >= guideline_from):
                continue
            near = Subject(text, sentence, max(sentence.start, fact.start - 25), fact.end)
            if not one_holds_the_other(audit, fact.value, asked) or _other_region(audit, item, near):
                words = text.text[fact.start : fact.end]
                yield remark_on(
                    text,
                    fact.start,
                    fact.end,
                    f'This sentence weighs "{words}", which the item does not ask for.',
                    item=item.item.number,
                )


def _subjects(item: AuditedItem) -> Iterator[Subject]:
    for text in item.texts:
        for sentence, spoken in zip(text.reading.sentences, text.spoken, strict=True):
            for match in (
                _SUBJECT.finditer(sentence.text) if spoken.role != "guideline" or "request" in sentence.text else ()
            ):
                group = match.lastgroup or "what"
                premise = _PREMISE.search(sentence.text[: match.start()]) or _PREMISE_FIRST.match(match[group])
                if text.statement is not None and not _decides(sentence.text, match, group):
                    continue
                if not premise and not _ASIDE.search(sentence.text[: match.end()]):
                    yield Subject(
                        text, sentence, sentence.start + match.start(group), sentence.start + match.end(group)
                    )


def _decides(sentence: str, match: re.Match[str], group: str) -> bool:
    """Whether the words of a match are the subject of a verdict: they have no verb, and it follows them."""
    if group == "asked":
        return True
    verb = re.match(rf"\s*,?\s*{_BE}\s+", sentence[match.end(group) :])
    rest = sentence[match.end(group) + verb.end() :] if verb else ""
    return not _HAS_VERB.search(match[group]) and bool(_VERDICT.match(rest))


def _other_treatment(audit: Audit, item: AuditedItem, subject: Subject) -> tuple[int, int] | None:
    asked = item.asked
    services = asked & PASSING or any(audit.vocabulary.treatments[t].kind in _SERVICE_KINDS for t in asked)
    named = _treatments(audit, subject.facts(), passing=PASSING if services else PASSING - _SERVICES)
    named = [fact for fact in named if not _of_main_item(audit, item, subject, fact)]
    if not asked or not named or any(one_holds_the_other(audit, fact.value, asked) for fact in named):
        return None
    return named[0].start, named[0].end


def _of_main_item(audit: Audit, item: AuditedItem, subject: Subject, fact: Fact) -> bool:
    """A sentence of a draft that rests on the request of the item's main item may name what that asks for."""
    main = f"items[{item.item.depends_on}].treatment"
    cited = subject.text.statement.citations if subject.text.statement else ()
    for citation in cited:
        if isinstance(citation, RecordCitation) and citation.record.field == main:
            return one_holds_the_other(audit, fact.value, named_treatments(audit.vocabulary, citation.record.quote))
    return False


def _other_region(audit: Audit, item: AuditedItem, subject: Subject) -> tuple[int, int] | None:
    parts = [f for f in subject.facts() if f.kind in ("body_part", "spinal_level")]
    asked = regions_of((f for s in item.heading.sentences for f in s.facts), audit.vocabulary)
    for fact in parts:
        regions = regions_of((fact,), audit.vocabulary)
        if asked and regions and not regions & asked and fact.value != "spine":
            return fact.start, fact.end
    return None


def _contrast(item: AuditedItem, subject: Subject) -> tuple[int, int] | None:
    given, told = item.item.heading, subject.sentence.text
    for one, other in ((_WITH_CONTRAST, _WITHOUT_CONTRAST), (_WITHOUT_CONTRAST, _WITH_CONTRAST)):
        if one.search(told) and not other.search(told) and other.search(given) and not one.search(given):
            return subject.start, subject.end
    return None


def _treatments(audit: Audit, facts: tuple[Fact, ...], passing: frozenset[str] = PASSING) -> list[Fact]:
    return [
        f
        for f in facts
        if f.kind in TREATMENT_KINDS and f.value not in passing and f.value in audit.vocabulary.treatments
    ]
