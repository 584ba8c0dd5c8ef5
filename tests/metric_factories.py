"""Stored rows with one thing overridden, in the shape in which a run writes them. Every text is invented."""

from __future__ import annotations

from typing import Any

PASSAGE_TEXT = (
    "Six visits are given and then exercise at home goes on. Massage alone is not recommended for the low back."
)


def make_statement(
    kind: str = "record", text: str = "Two words.", *citations: dict[str, Any], searched: Any = ()
) -> Any:
    return {"kind": kind, "text": text, "citations": list(citations), "searched": list(searched), "supports": None}


def make_passage_row(passage_id: str = "p1", **overrides: Any) -> dict[str, Any]:
    return {
        "passage_id": passage_id, "guideline": "Chronic Pain", "edition": "2016", "section": "Exercise",
        "pages": ["98"], "text": PASSAGE_TEXT, "text_kind": "official",
    } | overrides  # fmt: skip


def cite(passage_id: str = "p1", quote: str | None = None, **overrides: Any) -> dict[str, Any]:
    return {
        "passage_id": passage_id, "guideline": "Chronic Pain", "edition": "2016", "section": "Exercise", "pages": [],
        "quote": quote, "text_kind": "official",
    } | overrides  # fmt: skip


def cite_record(text: str, quote: str, **overrides: Any) -> dict[str, Any]:
    """The words of the case summary `text`."""
    start = text.index(quote)
    span = {"field": "case_summary", "record_id": None, "page": None, "start": start, "end": start + len(quote)}
    return {"record": span | {"quote": quote} | overrides}


def make_draft_row(*statements: Any, **overrides: Any) -> dict[str, Any]:
    return {
        "item": 1, "treatment": "Massage", "determination": None, "addressed": True, "statements": list(statements),
        "retrieved": [make_passage_row()], "findings": [], "criteria": [], "calls": [],
    } | overrides  # fmt: skip


def make_finding(check: str, *, field: str | None = None, severity: str = "warning") -> dict[str, Any]:
    return {
        "check": check, "severity": severity, "item": 1, "message": "What was found.", "field": field, "start": None,
        "end": None, "quote": None, "against": None,
    }  # fmt: skip


def make_result(rank: int, section: str = "Exercise", **overrides: Any) -> dict[str, Any]:
    return {
        "guideline": "Chronic Pain", "edition": "2016", "section": section, "rank": rank,
        "in_force": {"from": "2016-07-29", "to": "2017-11-30"}, "span": [section, 0, 100],
    } | overrides  # fmt: skip


def make_search_row(*results: Any, gold: Any = (), **overrides: Any) -> dict[str, Any]:
    return {
        "case_number": "C1", "item": 1, "addressed": bool(results), "expected_addressed": None, "as_of": "2016-10-20",
        "depends_on": None, "gold": list(gold), "gold_spans": [], "retrieved": list(results),
    } | overrides  # fmt: skip


def make_gold(section: str = "Exercise", grade: int = 1) -> dict[str, Any]:
    return {"guideline": "Chronic Pain", "edition": "2016", "section": section, "grade": grade}
