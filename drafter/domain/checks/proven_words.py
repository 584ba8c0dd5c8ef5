"""The words of a draft's statement that claim nothing by themselves, blanked before the statement is read for claims.

A statement that quotes the record says that the record has these words, which `record-quote-differs` proves, and not
that an X-ray is asked for or that strength is normal. The phrase of a criterion that it weighs is the guideline's. Read
as claims, both raise alarms that teach a reviewer to look away. An absence keeps its phrase: what it denies is a claim
(proved by tests/unit/checks/test_proven_words.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from drafter.domain.draft import PassageCitation, RecordCitation, Statement
from drafter.domain.drafting.wording import inner_quote, phrase_of
from guideline_corpus.model import Passage

BLANK = "·"
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_CHARACTER = re.compile(r"\S")


def without_proven_words(statement: Statement, *, passages: Sequence[Passage]) -> str:
    """The statement's text, of the same length, with proven quotes and cited criteria's phrases blanked."""
    text = statement.text
    cited = {inner_quote(c.record.quote) for c in statement.citations if isinstance(c, RecordCitation)}
    places = [match.span(1) for match in _QUOTED.finditer(text) if inner_quote(match[1]) in cited]
    places += _requests(statement)
    if cited and statement.kind in ("record", "reasoning"):
        places += _phrases(text, statement, passages=passages)
    for start, end in places:
        text = text[:start] + _CHARACTER.sub(BLANK, text[start:end]) + text[end:]
    return text


def _requests(statement: Statement) -> Iterable[tuple[int, int]]:
    """Where the heading of a cited item is repeated, as in "requested to go with item 1 (...)"."""
    folded = statement.text.lower()
    for citation in statement.citations:
        if isinstance(citation, RecordCitation) and citation.record.field.startswith("items["):
            at = folded.find(citation.record.quote.lower())
            if at >= 0 and statement.kind == "reasoning":
                yield at, at + len(citation.record.quote)


def _phrases(text: str, statement: Statement, *, passages: Sequence[Passage]) -> Iterable[tuple[int, int]]:
    weighed = {c.passage_id for c in statement.citations if isinstance(c, PassageCitation)}
    for passage in passages:
        if passage.passage_id not in weighed:
            continue
        for phrase in {phrase_of(criterion) for criterion in passage.criteria}:
            at = text.find(phrase) if phrase else -1
            if at >= 0:
                yield at, at + len(phrase)
