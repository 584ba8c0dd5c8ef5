"""The values that fill a prompt's slots, and the mark that fences the case's text off as data.

The mark is the hash of everything that is fenced, so that no text can hold the mark of its own fence, and the same
request gives the same bytes (proved by tests/unit/test_exchange.py).
"""

from __future__ import annotations

import hashlib

from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.exchange.shown import Shown, ShownCriterion, ShownSentence, visible
from drafter.domain.model import DomainModel

SLOTS = frozenset(
    {
        "item_number", "request", "authorized", "outcome", "verdict", "scope", "silence", "as_of", "injury_date",
        "claims_administrator_citation", "main_item", "fence",
    }
)  # fmt: skip
LOOP_SLOTS: dict[str, frozenset[str]] = {
    "record": frozenset({"key", "source", "text"}),
    "arguments": frozenset({"key", "source", "text"}),
    "passages": frozenset({"key", "guideline", "edition", "section", "kind", "rung", "text"}),
    "criteria": frozenset({"key", "passage", "text", "role", "standing", "words", "searched"}),
}
_STANDING = {
    "met": "the record speaks for it",
    "not_met": "the record or the dates speak against it",
    "unclear": "not settled by the program",
    "not_documented": "nothing found in the whole file",
    "not_in_summary": "nothing found in the case summary",
}
_OUTCOME = {
    "upheld": "upheld: the denial stands, the request is not medically necessary",
    "overturned": "overturned: the request is medically necessary",
}
_SCOPE = {"summary": "the case summary only", "file": "the file"}


class PromptValues(DomainModel):
    """Slot values by name, and the rows of each loop."""

    slots: dict[str, str]
    loops: dict[str, tuple[dict[str, str], ...]]


def prompt_values(brief: ItemBrief, shown: Shown, *, verdict: str) -> PromptValues:
    """The values for one item. `verdict`: the sentence that the program adds, empty where no outcome is chosen."""
    loops = {
        "record": tuple(_sentence(one) for one in shown.record),
        "arguments": tuple(_sentence(one) for one in shown.arguments),
        "passages": tuple(
            {
                "key": one.key,
                "guideline": one.passage.guideline,
                "edition": one.passage.edition,
                "section": one.passage.section or "the guideline as a whole",
                "kind": "official text" if one.passage.text_kind == "official" else "summary in our own words",
                "rung": str(one.passage.rung),
                "text": visible(one.passage.text),
            }
            for one in shown.passages
        ),
        "criteria": tuple(_criterion(one) for one in shown.criteria),
    }
    item, dates = brief.item, brief.case.dates
    slots = {
        "item_number": str(item.number),
        "request": visible(item.treatment),
        "authorized": visible(item.authorized or "nothing"),
        "outcome": _OUTCOME[brief.determination] if brief.determination else "",
        "verdict": verdict,
        "scope": _SCOPE[brief.case.record_scope],
        "silence": "The case summary does not report"
        if brief.case.record_scope == "summary"
        else "The file does not document",
        "as_of": brief.as_of.isoformat() if brief.as_of else "unknown",
        "injury_date": dates.injury.isoformat() if dates.injury else "unknown",
        "claims_administrator_citation": visible(item.claims_administrator_guideline or "none given"),
        "main_item": _main_item(brief),
    }
    return PromptValues(slots={**slots, "fence": _fence(slots, loops)}, loops=loops)


def _main_item(brief: ItemBrief) -> str:
    main = brief.main_item
    return f"item {main.number}, {visible(main.treatment)}" if main else "no other item"


def _sentence(one: ShownSentence) -> dict[str, str]:
    return {"key": one.key, "source": one.source, "text": visible(one.span.quote)}


def _criterion(one: ShownCriterion) -> dict[str, str]:
    row = one.assessment
    return {
        "key": one.key,
        "passage": one.passage_key,
        "text": visible(row.text),
        "role": row.role,
        "standing": "for weighing only" if row.role == "notes" else _STANDING[row.status],
        "words": "; ".join(f'"{visible(span.quote)}"' for span in row.record) or "none",
        "searched": ", ".join(row.searched) or "nothing",
    }


def _fence(slots: dict[str, str], loops: dict[str, tuple[dict[str, str], ...]]) -> str:
    told = repr(
        (sorted(slots.items()), sorted((name, [sorted(row.items()) for row in rows]) for name, rows in loops.items()))
    )
    return hashlib.sha256(told.encode()).hexdigest()[:16]
