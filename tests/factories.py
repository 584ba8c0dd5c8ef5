"""Valid nouns with one thing overridden: `make_case(case_summary="...")`. Every text here is invented."""

from __future__ import annotations

from datetime import date
from typing import Any

from drafter.domain.case import Case, CaseDates, CitedGuideline, DisputedItem, Record, RecordPage, Reviewer
from drafter.domain.draft import Finding, ItemDraft, PassageCitation, RecordSpan, Statement
from guideline_corpus.model import Criterion, Edition, InForce, Passage, RetrievedPassage, SearchResult

CASE_SUMMARY = (
    "The injured worker is a 45-year-old male who was injured on 3/14/2016. Diagnoses were lumbar strain and lumbar "
    "radiculopathy. On 10/5/2016 he reported low back pain rated 6 out of 10. Straight leg raising was positive on the "
    "left. He completed 8 visits of physical therapy and reported less pain. The utilization reviewer denied the "
    "request because no functional improvement was documented."
)
IN_FORCE_2016 = InForce.model_validate({"from": date(2016, 7, 29), "to": date(2017, 11, 30)})


def make_item(**overrides: Any) -> DisputedItem:
    values: dict[str, Any] = {
        "number": 1,
        "heading": "Physical therapy, 6 visits, lumbar spine",
        "treatment": "Physical therapy, 6 visits, lumbar spine",
    }
    return DisputedItem(**(values | overrides))


def make_dates(**overrides: Any) -> CaseDates:
    values: dict[str, Any] = {
        "injury": date(2016, 3, 14),
        "rfa": date(2016, 10, 10),
        "ur_denial": date(2016, 10, 20),
        "assigned": date(2016, 11, 8),
        "application_received": date(2016, 11, 2),
        "decision": date(2016, 12, 6),
    }
    return CaseDates(**(values | overrides))


def make_case(**overrides: Any) -> Case:
    values: dict[str, Any] = {
        "form": "2016-section",
        "case_number": "CM16-0000001",
        "dates": make_dates(),
        "priority": "Standard",
        "reviewer": Reviewer(licensure="California", specialty="Occupational Medicine"),
        "case_summary": CASE_SUMMARY,
        "items": (make_item(),),
    }
    return Case(**(values | overrides))


def make_record(*pages: str, **overrides: Any) -> Record:
    """A document of the file whose pages are `pages`, numbered from 1."""
    texts = pages or ("Progress note. Low back pain 6 out of 10. Gait is normal.",)
    values: dict[str, Any] = {
        "record_id": "note-1",
        "title": "Progress note",
        "date": date(2016, 10, 5),
        "pages": tuple(RecordPage(page=number, text=text) for number, text in enumerate(texts, start=1)),
    }
    return Record(**(values | overrides))


def make_cited_guideline(**overrides: Any) -> CitedGuideline:
    values: dict[str, Any] = {
        "party": "claims_administrator",
        "kind": "mtus",
        "guideline": "Chronic Pain Medical Treatment",
        "edition": "2016",
        "sections": ("Physical medicine treatment",),
    }
    return CitedGuideline(**(values | overrides))


def make_criterion(**overrides: Any) -> Criterion:
    values: dict[str, Any] = {
        "text": "Further visits follow documented functional improvement",
        "source": "letters",
        "letters": ("CM16-0000001",),
        "met_by": ("functional-improvement",),
    }
    return Criterion(**(values | overrides))


def make_edition(**overrides: Any) -> Edition:
    values: dict[str, Any] = {
        "edition_id": "chronic-pain-2016",
        "guideline_id": "chronic-pain",
        "guideline": "Chronic Pain Medical Treatment",
        "edition": "2016",
        "rung": 1,
        "in_force": IN_FORCE_2016,
        "trigger": "request",
        "source": "invented for a test",
        "confidence": "seen",
    }
    return Edition(**(values | overrides))


def make_passage(**overrides: Any) -> Passage:
    values: dict[str, Any] = {
        "passage_id": "chronic-pain-2016:physical-medicine-treatment:1",
        "edition_id": "chronic-pain-2016",
        "guideline": "Chronic Pain Medical Treatment",
        "edition": "2016",
        "rung": 1,
        "in_force": IN_FORCE_2016,
        "section": "Physical medicine treatment",
        "text_kind": "gist",
        "text": "A limited number of supervised visits that fade toward a home exercise program.",
        "criteria": (make_criterion(),),
        "treatments": ("physical-therapy",),
    }
    return Passage(**(values | overrides))


def make_retrieved(**overrides: Any) -> RetrievedPassage:
    values: dict[str, Any] = {"rank": 1, "score": 0.8, "passage": make_passage()}
    return RetrievedPassage(**(values | overrides))


def make_search_result(*passages: Passage, **overrides: Any) -> SearchResult:
    """A result that holds `passages` in order, scores falling; without any it says "not addressed"."""
    results = tuple(
        RetrievedPassage(rank=rank, score=1 / rank, passage=passage) for rank, passage in enumerate(passages, start=1)
    )
    values: dict[str, Any] = {
        "query": "physical therapy lumbar spine",
        "as_of": date(2016, 10, 20),
        "corpus_version": "test",
        "addressed": bool(results),
        "results": results,
        "searched_by": "keyword+vector",
    }
    return SearchResult(**(values | overrides))


def make_span(text: str, quote: str, **overrides: Any) -> RecordSpan:
    """The span of `quote` in `text`, which must hold it."""
    start = text.index(quote)
    values: dict[str, Any] = {"field": "case_summary", "start": start, "end": start + len(quote), "quote": quote}
    return RecordSpan(**(values | overrides))


def make_passage_citation(passage: Passage | None = None, **overrides: Any) -> PassageCitation:
    cited = passage or make_passage()
    values: dict[str, Any] = {
        "passage_id": cited.passage_id,
        "guideline": cited.guideline,
        "edition": cited.edition,
        "section": cited.section,
        "pages": cited.pages,
        "text_kind": cited.text_kind,
    }
    return PassageCitation(**(values | overrides))


def make_statement(**overrides: Any) -> Statement:
    values: dict[str, Any] = {
        "text": "The 2016 pain guideline, as summarised in our own words, allows a limited number of visits.",
        "kind": "guideline",
        "citations": (make_passage_citation(),),
    }
    return Statement(**(values | overrides))


def make_finding(**overrides: Any) -> Finding:
    values: dict[str, Any] = {"check": "item-missing", "severity": "blocker", "message": "Item 2 has no draft."}
    return Finding(**(values | overrides))


def make_item_draft(**overrides: Any) -> ItemDraft:
    values: dict[str, Any] = {
        "item": 1,
        "treatment": "Physical therapy, 6 visits, lumbar spine",
        "addressed": True,
        "rung": 1,
        "record_scope": "summary",
        "statements": (make_statement(),),
        "retrieved": (make_retrieved(),),
    }
    return ItemDraft(**(values | overrides))
