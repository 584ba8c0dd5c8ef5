"""The letter that a case under review would become: its items as decided, the guideline lines from the citations of
the sentences, the rationale from the sentences themselves. Nothing is added that is not in the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drafter.domain.case import DisputedItem
from drafter.domain.draft import PassageCitation
from drafter.domain.review.attestation import ATTESTATIONS, CURRENT_ATTESTATION
from drafter.domain.review.letter import Letter, LetterItem, ListedRecord
from drafter.domain.review.people import Credentials
from drafter.domain.review.state import CaseState, ItemState

NO_GUIDELINE = "The reviewer did not cite any guideline for this decision."


def letter_of(state: CaseState, *, credentials: Credentials) -> Letter | None:
    """The letter as it stands now; None while an item is undecided or has no text."""
    pairs = list(zip(state.case.items, state.items, strict=True))
    if not pairs or any(under.determination is None or not under.sentences for _, under in pairs):
        return None
    return Letter(
        case_number=state.case.case_number,
        dates=state.case.dates,
        priority=state.case.priority,
        credentials=credentials,
        case_summary=state.case.case_summary or "",
        records=tuple(
            ListedRecord(title=record.title, date=record.date, pages=len(record.pages)) for record in state.case.records
        ),
        items=tuple(_letter_item(item, under) for item, under in pairs),
        attestation_version=CURRENT_ATTESTATION,
        attestation=ATTESTATIONS[CURRENT_ATTESTATION],
    )


def _letter_item(item: DisputedItem, under: ItemState) -> LetterItem:
    assert under.determination is not None  # letter_of has looked
    return LetterItem(
        number=item.number,
        heading=item.treatment,
        determination=under.determination,
        claims_administrator_guideline=item.claims_administrator_guideline,
        reviewer_guideline=guideline_line(cited_passages(under), lower=_lower_rungs(under)),
        rationale=under.rationale,
    )


def cited_passages(under: ItemState) -> tuple[PassageCitation, ...]:
    """The passages that the sentences cite, each once, in the order of the text."""
    cited = (
        citation
        for sentence in under.sentences
        for citation in sentence.statement.citations
        if isinstance(citation, PassageCitation)
    )
    return tuple({citation.passage_id: citation for citation in cited}.values())


def _lower_rungs(under: ItemState) -> frozenset[str]:
    """The passages at hand that are no part of the MTUS (8 CCR 9792.21.1: rungs 2 to 4)."""
    found = under.draft.retrieved if under.draft else ()
    return frozenset(one.passage.passage_id for one in found if one.passage.rung > 1)


def guideline_line(citations: Sequence[PassageCitation], *, lower: frozenset[str] = frozenset()) -> str:
    """The line "Decision based on MTUS ..." of a letter; passages named in `lower` are given as Non-MTUS citations."""
    mine = [citation for citation in citations if citation.passage_id not in lower]
    other = [citation for citation in citations if citation.passage_id in lower]
    parts = [f"Decision based on MTUS {', and '.join(_titles(mine))}."] if mine else []
    parts += [f"Decision based on Non-MTUS Citation {title}." for title in _titles(other)]
    return " ".join(parts) or NO_GUIDELINE


def _titles(citations: Sequence[PassageCitation]) -> Iterator[str]:
    by_title: dict[str, list[PassageCitation]] = {}
    for citation in citations:
        by_title.setdefault(f"{citation.guideline} {citation.edition}", []).append(citation)
    for title, cited in by_title.items():
        sections = list(dict.fromkeys(c.section for c in cited if c.section))
        pages = list(dict.fromkeys(page for c in cited for page in c.pages))
        where = f", Section(s): {', '.join(sections)}" if sections else ""
        yield title + where + (f", Page(s): {', '.join(pages)}" if pages else "")
