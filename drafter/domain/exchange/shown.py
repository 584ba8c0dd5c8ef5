"""What a model is shown of one item: sentences and passages under opaque keys.

A model never sees a page number to repeat or a passage id to alter. It sees `R3`, `U1`, `P1`, `C2`, and names them as
grounds; the program turns a key back into the span or the citation it stands for, so that section, page and offsets
come from the corpus and the record and from nowhere else. Sentences in which the claims administrator speaks are shown
apart, as arguments (`U`), and are no ground for a fact (proved by tests/unit/test_exchange.py).
"""

from __future__ import annotations

import unicodedata

from drafter.domain.draft import CriterionAssessment, RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import record_span
from drafter.domain.model import DomainModel
from guideline_corpus.model import Passage

MOST_PASSAGES = 3
_SAFE_CONTROLS = "\n\t"


class ShownSentence(DomainModel):
    """`key` is R1, R2 ... for the record, U1 ... for the claims administrator's arguments."""

    key: str
    source: str
    span: RecordSpan


class ShownPassage(DomainModel):
    key: str
    passage: Passage


class ShownCriterion(DomainModel):
    """A row of the criteria table, with what the program itself found for it."""

    key: str
    passage_key: str
    assessment: CriterionAssessment


class Shown(DomainModel):
    """Everything that a model is shown of one item. `hidden` counts characters that were taken out of the record."""

    record: tuple[ShownSentence, ...]
    arguments: tuple[ShownSentence, ...]
    passages: tuple[ShownPassage, ...]
    criteria: tuple[ShownCriterion, ...]
    hidden: int


def shown_of(brief: ItemBrief, criteria: tuple[CriterionAssessment, ...]) -> Shown:
    """The keys for one item, in the order of the record and of the search."""
    record: list[ShownSentence] = []
    arguments: list[ShownSentence] = []
    for field in brief.record:
        source = _source(field.source.record_id, field.source.page)
        for sentence in field.reading.sentences:
            span = record_span(field, start=sentence.start, end=sentence.end)
            spoken, letter = (arguments, "U") if sentence.voice == "utilization_review" else (record, "R")
            spoken.append(ShownSentence(key=f"{letter}{len(spoken) + 1}", source=source, span=span))
    found = [retrieved.passage for retrieved in brief.passages[:MOST_PASSAGES]] if brief.addressed else []
    passages = tuple(ShownPassage(key=f"P{n}", passage=passage) for n, passage in enumerate(found, start=1))
    keys = {shown.passage.passage_id: shown.key for shown in passages}
    rows = [row for row in criteria if row.passage_id in keys]
    return Shown(
        record=tuple(record),
        arguments=tuple(arguments),
        passages=passages,
        criteria=tuple(
            ShownCriterion(key=f"C{n}", passage_key=keys[row.passage_id], assessment=row)
            for n, row in enumerate(rows, start=1)
        ),
        hidden=sum(hidden_characters(shown.span.quote) for shown in (*record, *arguments)),
    )


def _source(record_id: str | None, page: int | None) -> str:
    if record_id is None:
        return "case summary"
    return f"record {record_id}, page {page}" if page is not None else f"record {record_id}"


def visible(text: str) -> str:
    """The text on one line, without control, format and bidirectional characters."""
    return " ".join("".join(mark for mark in text if not _is_hidden(mark)).split())


def hidden_characters(text: str) -> int:
    return sum(_is_hidden(mark) for mark in text)


def _is_hidden(mark: str) -> bool:
    return mark not in _SAFE_CONTROLS and unicodedata.category(mark) in ("Cc", "Cf", "Co", "Cs")
