"""The right pane: the passages in force for the item, what each asks for, and both parties' citations side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from drafter.domain.case import CitedGuideline, DisputedItem
from drafter.domain.draft import CriterionAssessment, CriterionStatus, ItemDraft, PassageCitation, RecordCitation
from drafter.domain.model import DomainModel
from drafter.domain.review.events import ReviewedSentence
from drafter.domain.review.state import ItemState
from drafter.web.casework.marking import Piece, Use, pieces
from drafter.web.casework.places import Link, passage_anchor, record_link
from guideline_corpus.model import Passage, RetrievedPassage

LETTERS = "abcdefghijklmnopqrstuvwxyz"
Likeness = Literal["same", "different", "not found"]


class CriterionView(DomainModel):
    """One criterion, in the table on top and in the passage below: the same letter, the same anchor."""

    anchor: str
    letter: str
    text: str
    source: str
    status: CriterionStatus
    record: tuple[tuple[str, Link], ...]
    searched: tuple[str, ...]
    sentences: tuple[int, ...]


class PassageView(DomainModel):
    passage_id: str
    anchor: str
    section: str
    title: str
    rung: int
    pages: tuple[str, ...]
    in_force_from: date | None
    in_force_to: date | None
    text_kind: str
    criteria: tuple[CriterionView, ...]
    pieces: tuple[Piece, ...]
    sentences: tuple[int, ...]
    pinned: bool
    terms: tuple[str, ...]


class CitationsView(DomainModel):
    """What each party cites, in its own words, and how they compare."""

    claims_administrator: str
    draft: str
    likeness: Likeness


class GuidelineView(DomainModel):
    passages: tuple[PassageView, ...]
    table: tuple[CriterionView, ...]
    citations: CitationsView | None
    searched_for: bool


def guideline_view(item: DisputedItem, under: ItemState) -> GuidelineView:
    draft = under.draft
    if draft is None:
        return GuidelineView(passages=(), table=(), citations=_citations(item, under), searched_for=False)
    used = {citation.passage_id for sentence in under.sentences for citation in _passages(sentence)}
    ordered = sorted(draft.retrieved, key=lambda one: (one.passage.passage_id not in used, one.rank))
    rows = _rows(draft, under)
    passages = tuple(_passage(one, rows, under) for one in ordered)
    return GuidelineView(
        passages=passages,
        table=tuple(row for _, row in rows),
        citations=_citations(item, under),
        searched_for=True,
    )


def _rows(draft: ItemDraft, under: ItemState) -> list[tuple[str, CriterionView]]:
    """Each criterion row with its passage's id, lettered within its passage."""
    rows: list[tuple[str, CriterionView]] = []
    counts: dict[str, int] = {}
    for row in draft.criteria:
        place = counts.get(row.passage_id, 0)
        counts[row.passage_id] = place + 1
        rows.append((row.passage_id, _row(row, place, under)))
    return rows


def _row(row: CriterionAssessment, place: int, under: ItemState) -> CriterionView:
    letter = LETTERS[place] if place < len(LETTERS) else str(place + 1)
    return CriterionView(
        anchor=f"{passage_anchor(row.passage_id)}-{letter}",
        letter=letter,
        text=row.text,
        source=row.source,
        status=row.status,
        record=tuple((span.quote, record_link(span)) for span in row.record),
        searched=row.searched,
        sentences=tuple(number for number, sentence in enumerate(under.sentences, start=1) if _weighs(sentence, row)),
    )


def _weighs(sentence: ReviewedSentence, row: CriterionAssessment) -> bool:
    """Whether the sentence is about the criterion: it cites its passage, and words or searches of it."""
    statement = sentence.statement
    if all(citation.passage_id != row.passage_id for citation in _passages(sentence)):
        return False
    if statement.kind == "absence":
        return bool(row.searched) and set(statement.searched) == set(row.searched)
    spans = {(c.record.field, c.record.start) for c in statement.citations if isinstance(c, RecordCitation)}
    return any((span.field, span.start) in spans for span in row.record)


def _passages(sentence: ReviewedSentence) -> Iterator[PassageCitation]:
    yield from (c for c in sentence.statement.citations if isinstance(c, PassageCitation))


def _passage(found: RetrievedPassage, rows: Sequence[tuple[str, CriterionView]], under: ItemState) -> PassageView:
    passage = found.passage
    prefix = passage_anchor(passage.passage_id)
    citing = [
        (number, citation)
        for number, sentence in enumerate(under.sentences, start=1)
        for citation in _passages(sentence)
        if citation.passage_id == passage.passage_id
    ]
    return PassageView(
        passage_id=passage.passage_id,
        anchor=prefix,
        section=passage.section or passage.guideline,
        title=f"{passage.guideline} {passage.edition}",
        rung=passage.rung,
        pages=passage.pages,
        in_force_from=passage.in_force.from_,
        in_force_to=passage.in_force.to,
        text_kind=passage.text_kind,
        criteria=tuple(row for passage_id, row in rows if passage_id == passage.passage_id),
        pieces=pieces(passage.text, list(_quoted(passage, citing)), prefix=f"{prefix}-t"),
        sentences=tuple(sorted({number for number, _ in citing})),
        pinned=passage.passage_id in under.pinned,
        terms=tuple(dict.fromkeys(match.query_term for match in found.matches)),
    )


def _quoted(passage: Passage, citing: Sequence[tuple[int, PassageCitation]]) -> Iterator[Use]:
    """Where quotes of the sentences stand in the passage's text."""
    for number, citation in citing:
        start = passage.text.find(citation.quote) if citation.quote else -1
        if citation.quote and start >= 0:
            yield Use(start=start, end=start + len(citation.quote), sentence=number)


def _citations(item: DisputedItem, under: ItemState) -> CitationsView | None:
    """The claims administrator's citations beside this text's; None where neither cites anything."""
    theirs = [c for c in item.citations if c.party == "claims_administrator"]
    ours = list({c.passage_id: c for s in under.sentences for c in _passages(s)}.values())
    if not theirs and not ours and not item.claims_administrator_guideline:
        return None
    mine = {(citation.guideline, citation.edition) for citation in ours}
    cited = {(citation.guideline, citation.edition) for citation in theirs if citation.guideline}
    likeness: Likeness = "not found" if not cited or not mine else "same" if cited & mine else "different"
    return CitationsView(
        claims_administrator=item.claims_administrator_guideline or "; ".join(_printed(c) for c in theirs) or "None.",
        draft="; ".join(dict.fromkeys(f"{c.guideline} {c.edition}" for c in ours)) or "None yet.",
        likeness=likeness,
    )


def _printed(citation: CitedGuideline) -> str:
    return " ".join(part for part in (citation.guideline, citation.edition) if part) or "no guideline"
