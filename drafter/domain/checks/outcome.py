"""The determination against the words of the rationale, sentence by sentence.

`upheld` means that the DENIAL stands, so an upheld item must be argued as not medically necessary and an overturned one
as medically necessary. The verdict may stand first, last or in the middle, and a weaning note or a restatement of the
request may follow it, so every sentence is read. Not this reviewer's verdict are those reported of somebody else
("utilization review found it not necessary"), put as a condition ("if medically necessary"), or used of care in general
("part of a medically necessary programme").

A verdict is firm where it uses the words of necessity. Weaker words ("is not supported") count only where a rationale
has no firm verdict at all, because a single argument may be "not supported" in a request that is granted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from drafter.domain.case import Determination
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Sentence

Finds = Literal["necessary", "not_necessary"]

_BE = r"(?:is|are|was|were|be|been|being|as|deemed|considered|seen|found|determined|remains?|stands?|appears?)"
_SOFT = (
    r"(?:\s+(?:to be|as|a|being|thus|therefore|hereby|deemed|considered|found|felt|seen|determined|also|\w+ly|for|"
    r"at this time|medically))*"
)
_ADJECTIVE = (
    r"(?:medically[\s-]+(?:necess\w*|appropriate\w*|reasonable|indicated|warranted|justified|supported)"
    r"|medical(?:ly)? necessary|(?<=\ba )medical necessity)"
)
_PREDICATE = re.compile(
    rf"\b(?P<be>{_BE}|neither|not|non)\b(?P<between>(?:[\s,-]+(?!if\b|when\b|whether\b|that\b|"
    rf"which\b)[\w/-]+){{0,8}}?)[\s-]+"
    rf"(?P<what>{_ADJECTIVE}|reasonable and necessary)"
    r"\b(?!\s+(?:treatments?|care|services?|monitoring|program\w*|modalit\w+|part)\b)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\bmedical (?:necessity|need)\b(?P<of>[^.;]{0,120}?)\b(?P<be>is|was|has|have|cannot|can not|could not|remains)\b"
    r"(?P<between>(?:\s+\w+){0,3}?)\s+(?:established|substantiated|demonstrated|supported|shown|documented|met|proven|"
    r"confirmed|clear)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"\b(?P<be>{_BE})\b(?P<between>{_SOFT}(?:\s+not)?{_SOFT})\s+(?P<what>(?:non-?\s?|un)?(?:certified|authori[sz]ed|"
    rf"approved|"
    r"indicated|supported|warranted|justified|substantiated|appropriate|recommended|upheld|overturned|denied|"
    r"granted))\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|cannot|non|without|hardly|insufficient\w*)\b|n't\b", re.IGNORECASE
)
_NEGATIVE_WORD = re.compile(r"^(?:non|un|denied|upheld)", re.IGNORECASE)
_SOMEBODY_ELSE = re.compile(
    r"\butili[sz]ation review(?:er)?\b|\bUR\b|claims administrator|\b(?:this|the) (?:medical necessity )?decision "
    r"(?:addresses|should)|peer reviewer|\bprevious(?:ly)? (?:review|den)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|whether|unless|until|once|should be|would be|could be|may be|might be|can be|when|where|in order to|"
    r"considered part|need(?:s|ed)? to be|must be|to determine)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:request\w*|therefore|thus|as such|given the above|hence|decision|recommendation)\b", re.IGNORECASE
)


class Verdict(DomainModel):
    """One verdict as it stands in a text. `firm` where it uses the words of necessity."""

    finds: Finds
    start: int
    end: int
    firm: bool


def determination_contradicts(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A verdict in the text that is the opposite of the item's determination."""
    determination = item.item.determination
    if determination is None:
        return
    told = [(text, verdict) for text in item.texts for verdict in verdicts(text)]
    firm = [pair for pair in told if pair[1].firm]
    contrary = [pair for pair in firm or told if pair[1].finds == _opposite(determination)]
    if not firm and len(contrary) < len(told):
        return
    for text, verdict in contrary[-1:]:
        yield remark_on(text, verdict.start, verdict.end, _message(determination), item=item.item.number)


def no_verdict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A rationale that never says whether the treatment is medically necessary, although an outcome was chosen."""
    if item.item.determination is None or not item.texts or any(True for text in item.texts for _ in verdicts(text)):
        return
    last = item.texts[-1]
    yield remark_on(
        last,
        0 if len(item.texts) == 1 else len(last.text),
        len(last.text),
        "No sentence of this rationale says whether the request is medically necessary.",
        item=item.item.number,
    )


def verdicts(text: AuditedText) -> Iterator[Verdict]:
    """This reviewer's verdicts in the text, in order."""
    for sentence in text.reading.sentences:
        found = tuple(_firm(sentence)) or tuple(_weak(sentence))
        yield from found


def _firm(sentence: Sentence) -> Iterator[Verdict]:
    if _SOMEBODY_ELSE.search(sentence.text) and not _REQUEST.search(sentence.text):
        return
    for match in sorted((*_PREDICATE.finditer(sentence.text), *_NOUN.finditer(sentence.text)), key=lambda m: m.start()):
        if _reported(sentence.text, match.start()):
            continue
        negated = _NEGATION.search(match[0]) or _negated_before(sentence.text, match.start())
        yield Verdict(
            finds="not_necessary" if negated else "necessary",
            start=sentence.start + match.start(),
            end=sentence.start + match.end(),
            firm=True,
        )


def _weak(sentence: Sentence) -> Iterator[Verdict]:
    if not _REQUEST.search(sentence.text) or _SOMEBODY_ELSE.search(sentence.text):
        return
    for match in _PLAIN.finditer(sentence.text):
        if _CONDITION.search(sentence.text[: match.start()]):
            continue
        negated = bool(_NEGATION.search(match["between"])) != bool(_NEGATIVE_WORD.match(match["what"]))
        yield Verdict(
            finds="not_necessary" if negated else "necessary",
            start=sentence.start + match.start(),
            end=sentence.start + match.end(),
            firm=False,
        )


def _reported(text: str, at: int) -> bool:
    """True where the words before the verdict make it somebody else's, or a condition."""
    clause = re.split(r"[;:]|\bbut\b|\bhowever\b", text[max(0, at - 200) : at])[-1]
    if _SOMEBODY_ELSE.search(clause) and re.search(
        r"\b(?:found|determined|stated|denied|deemed|that|because)\b", clause
    ):
        return True
    return bool(_CONDITION.search(clause[-60:])) and not _REQUEST.search(clause)


def _negated_before(text: str, at: int) -> bool:
    """A "no longer", "neither" or "not ... being" that stands just before the verdict."""
    return bool(
        re.search(
            r"\b(?:not|cannot|neither|nor|never|no longer)\b(?:\s+[\w'-]+){0,8}\s*$", text[max(0, at - 60) : at], re.I
        )
    )


def _opposite(determination: Determination) -> Finds:
    return "necessary" if determination == "upheld" else "not_necessary"


def _message(determination: Determination) -> str:
    if determination == "upheld":
        return (
            "The determination is Upheld (the denial stands), but the rationale finds the request medically necessary."
        )
    return "The determination is Overturned (the treatment is granted), but the rationale finds it not necessary."
