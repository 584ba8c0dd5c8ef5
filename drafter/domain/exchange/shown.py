"""What a model is shown of one item: sentences and passages under opaque keys.

A model never sees a page number to repeat or a passage id to alter. It sees `R3`, `U1`, `P1`, `C2`, and names them as
grounds; the program turns a key back into the span or the citation it stands for, so that section, page and offsets
come from the corpus and the record and from nowhere else. Sentences in which the claims administrator speaks are shown
apart, as arguments (`U`), and are no ground for a fact (proved by tests/unit/test_exchange.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from drafter.domain.case import DisputedItem
from drafter.domain.draft import CriterionAssessment, RecordSpan
from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.drafting.evidence import record_span
from drafter.domain.drafting.wording import printed_date, treatment_span
from drafter.domain.model import DomainModel
from guideline_corpus.model import Passage

MOST_PASSAGES = 3
FEWEST_SAVED = 3  # words by which a heading has to become shorter to be worth two forms
_NUMBER = re.compile(r"^\d+(?:\.\d+)*\.?\s+")
_BRACKET = re.compile(r"\s*\([^()]*\)\s*$")
_HEADER_DAY = "dates."
CASE_SUMMARY = "case summary"
_SAFE_CONTROLS = "\n\t"
_DATES = {
    "injury": "date of injury",
    "rfa": "date of the request for authorization",
    "ur_denial": "date of the denial by utilization review",
}
_OWN_WORDS = {
    "claims_administrator_guideline": "what the claims administrator cited",
    "claims_administrator_decision": "the claims administrator's decision",
    "claims_administrator_reasons": "the claims administrator's reasons",
}


class ShownSentence(DomainModel):
    """`key` is R1, R2 ... for the record, U1 ... for the claims administrator's arguments."""

    key: str
    source: str
    span: RecordSpan

    @property
    def text(self) -> str:
        """The words as they are shown: on one line, and a day of the header in the form in which sums print days."""
        if self.span.field.startswith(_HEADER_DAY):
            return printed_date(date.fromisoformat(self.span.quote))
        return visible(self.span.quote)


class ShownPassage(DomainModel):
    key: str
    passage: Passage

    @property
    def section_in_short(self) -> str:
        """The section's last heading without number and bracket, for prose; empty where that saves few words."""
        section = self.passage.section
        last = _BRACKET.sub("", _NUMBER.sub("", section.rsplit(": ", 1)[-1]))
        return last if last and len(section.split()) - len(last.split()) >= FEWEST_SAVED else ""


class ShownCriterion(DomainModel):
    """A row of the criteria table, with what the program itself found for it and worked out of its numbers.

    `counter`: it speaks most strongly against the chosen outcome.
    """

    key: str
    passage_key: str
    assessment: CriterionAssessment
    worked_out: str = ""
    counter: bool = False


class Shown(DomainModel):
    """Everything that a model is shown of one item. `hidden` counts characters that were taken out of the record."""

    record: tuple[ShownSentence, ...]
    arguments: tuple[ShownSentence, ...]
    passages: tuple[ShownPassage, ...]
    criteria: tuple[ShownCriterion, ...]
    hidden: int


def shown_of(brief: ItemBrief, composed: Reply) -> Shown:
    """The keys for one item, in the order of record and search; criteria as the program composed them.

    A note for which the record has no words is left out: the passage has it, and no absence can rest on it.
    """
    record: list[ShownSentence] = []
    arguments: list[ShownSentence] = []
    for field in brief.record:
        source = _source(field.source.record_id, field.source.page)
        for sentence in field.reading.sentences:
            span = record_span(field, start=sentence.start, end=sentence.end)
            spoken, letter = (arguments, "U") if sentence.voice == "utilization_review" else (record, "R")
            spoken.append(ShownSentence(key=f"{letter}{len(spoken) + 1}", source=source, span=span))
    record += _keyed("R", _given(brief), after=len(record))
    arguments += _keyed("U", _argued(brief.item), after=len(arguments))
    found = [retrieved.passage for retrieved in brief.passages[:MOST_PASSAGES]] if brief.addressed else []
    passages = tuple(ShownPassage(key=f"P{n}", passage=passage) for n, passage in enumerate(found, start=1))
    keys = {shown.passage.passage_id: shown.key for shown in passages}
    reckoned = composed.worked_out or ("",) * len(composed.criteria)
    rows = [
        (row, told, place == composed.counter)
        for place, (row, told) in enumerate(zip(composed.criteria, reckoned, strict=True))
        if row.passage_id in keys and (row.record or row.role != "notes")
    ]
    return Shown(
        record=tuple(record),
        arguments=tuple(arguments),
        passages=passages,
        criteria=tuple(
            ShownCriterion(
                key=f"C{n}", passage_key=keys[row.passage_id], assessment=row, worked_out=told, counter=counter
            )
            for n, (row, told, counter) in enumerate(rows, start=1)
        ),
        hidden=sum(hidden_characters(shown.span.quote) for shown in (*record, *arguments)),
    )


def _given(brief: ItemBrief) -> Iterator[tuple[str, RecordSpan]]:
    """What the application itself states: the request, the item it goes with, the dates of the header."""
    yield "the request", treatment_span(brief.item)
    if brief.main_item:
        yield f"the request of item {brief.main_item.number}", treatment_span(brief.main_item)
    for kind, source in _DATES.items():
        day = getattr(brief.case.dates, kind)
        if day is not None:
            yield source, _whole(f"{_HEADER_DAY}{kind}", day.isoformat())


def _argued(item: DisputedItem) -> Iterator[tuple[str, RecordSpan]]:
    """What stands with the item as the claims administrator's own words."""
    cited_none = any(one.kind == "none" for one in item.citations if one.party == "claims_administrator")
    for name, source in _OWN_WORDS.items():
        text = getattr(item, name)
        if text and not (cited_none and name == "claims_administrator_guideline"):
            yield source, _whole(f"items[{item.number}].{name}", text)


def _whole(field: str, text: str) -> RecordSpan:
    return RecordSpan(field=field, start=0, end=len(text), quote=text)


def _keyed(letter: str, told: Iterable[tuple[str, RecordSpan]], *, after: int) -> list[ShownSentence]:
    return [
        ShownSentence(key=f"{letter}{number}", source=source, span=span)
        for number, (source, span) in enumerate(told, start=after + 1)
    ]


def _source(record_id: str | None, page: int | None) -> str:
    if record_id is None:
        return CASE_SUMMARY
    return f"record {record_id}, page {page}" if page is not None else f"record {record_id}"


@lru_cache(maxsize=4096)  # the record comes again with every item
def visible(text: str) -> str:
    """The text on one line, without control, format and bidirectional characters."""
    if hidden_characters(text):
        text = "".join(mark for mark in text if not _is_hidden(mark))
    return " ".join(text.split())


def hidden_characters(text: str) -> int:
    if text.isprintable():
        return 0
    return sum(text.count(mark) for mark in set(text) if _is_hidden(mark))


def _is_hidden(mark: str) -> bool:
    return mark not in _SAFE_CONTROLS and unicodedata.category(mark) in ("Cc", "Cf", "Co", "Cs")
