"""Words that a sentence of a draft has from a ground it names, though the record does not tell them in one phrase.

"Made right knee and left ankle with increased pain" is read as no knee pain, yet a sentence that cites it and says
"increased pain in the right knee" invents nothing. What stands word for word in one cited ground is not "not in the
record"; whether it stands there as denied is another check's. A claims administrator's words are a ground only for what
is given to him, and a guideline's only for what is not said of the worker (tests/unit/checks/test_grounded_words.py).
"""

from __future__ import annotations

import re

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText
from drafter.domain.draft import PassageCitation, RecordCitation, RecordSpan

_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 5  # "injury" and "injuries", "sprain" and "sprains"
_EMPTY = frozenset({"the", "and", "for", "with", "was", "were", "his", "her"})
_ATTRIBUTED = re.compile(
    r"\b(?:claims administrator|utili[sz]ation review|the denial|the reviewer)(?:['’]s)?\b[^.]*"
    r"\b(?:cit\w+|argu\w+|relied|relies|rests?|refer\w*|nam\w+|gave|stat\w+|found|reason\w*|denied|decision)\b",
    re.IGNORECASE,
)
_OF_THE_WORKER = re.compile(
    r"\b(?:worker|patient|applicant|claimant|he|she|his|her|took|taking|takes|taken|tried|prescribed|received|underwent|"
    r"failed|uses|using|continued|started)\b",
    re.IGNORECASE,
)
_LINK = r"\b(?:of|in|to|at|involving|affecting)\b"
_OF = rf"[^.;,]{{0,20}}{_LINK}(?:(?!{_LINK})[^.;]){{0,60}}\b"  # "of the hand and wrist", not "of the hand and pain of"
_PART_OF = re.compile(r"\b(?:the |an? |other |unspecified )*parts? of\b", re.IGNORECASE)


def stands_in_ground(audit: Audit, text: AuditedText, start: int, end: int) -> bool:
    """Whether every telling word at `start:end` stands in one record span that the statement cites."""
    words = _words(text.text[start:end])
    return bool(words) and any(
        words <= _words(span.quote) for span in _spans(text) if not _argued(audit, span) or _attributed(text)
    )


def told_word_for_word(audit: Audit, text: AuditedText, start: int, end: int) -> bool:
    """Whether the words at `start:end` stand just so in a span of the record of care that the statement cites."""
    words = " ".join(text.text[start:end].lower().split())
    return any(words in " ".join(span.quote.lower().split()) for span in _spans(text) if not _argued(audit, span))


def told_of_part(audit: Audit, text: AuditedText, start: int, end: int) -> bool:
    """Whether "wrist sprain" stands in a cited span the other way round, as "sprain of the hand and wrist"."""
    words = _WORD.findall(text.text[start:end].lower())
    if len(words) < 2:
        return False
    noun, part = (re.escape(word[:_STEM]) for word in (words[-1], words[-2]))
    turned = re.compile(rf"\b{noun}\w*{_OF}{part}", re.IGNORECASE)
    quotes = (_PART_OF.sub("", span.quote) for span in _spans(text))
    return stands_in_ground(audit, text, start, end) and any(turned.search(quote) for quote in quotes)


def named_by_guideline(item: AuditedItem, text: AuditedText, start: int, end: int) -> bool:
    """Whether a sentence that reasons, and says nothing of the worker, has the words from a passage it cites."""
    statement = text.statement
    if statement is None or statement.kind != "reasoning" or item.draft is None or _OF_THE_WORKER.search(text.text):
        return False
    cited = {one.passage_id for one in statement.citations if isinstance(one, PassageCitation)}
    words = text.text[start:end].lower()
    return any(
        words in f"{passage.text} {' '.join(criterion.text for criterion in passage.criteria)}".lower()
        for passage in (retrieved.passage for retrieved in item.draft.retrieved)
        if passage.passage_id in cited
    )


def _spans(text: AuditedText) -> list[RecordSpan]:
    citations = text.statement.citations if text.statement else ()
    return [one.record for one in citations if isinstance(one, RecordCitation)]


def _argued(audit: Audit, span: RecordSpan) -> bool:
    """Whether the claims administrator or utilization review says it."""
    if "claims_administrator" in span.field:
        return True
    return any(
        sentence.voice == "utilization_review" and sentence.start <= span.start < sentence.end
        for field in audit.record
        if (field.source.field, field.source.record_id, field.source.page) == (span.field, span.record_id, span.page)
        for sentence in field.reading.sentences
    )


def _attributed(text: AuditedText) -> bool:
    return bool(_ATTRIBUTED.search(text.text))


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()) if word not in _EMPTY)
