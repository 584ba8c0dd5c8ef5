"""The values that fill a prompt's slots, and the mark that fences the case's text off as data.

The mark is the hash of everything that is fenced, so that no text can hold the mark of its own fence, and the same
request gives the same bytes (proved by tests/unit/test_exchange.py). Some values carry their label, so that a line of a
template that holds nothing else is left out where there is nothing to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from drafter.domain.case import DisputedItem
from drafter.domain.draft import CriterionAssessment, Finding, RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.wording import inner_quote, printed_date
from drafter.domain.exchange.shown import CASE_SUMMARY, Shown, ShownCriterion, ShownSentence, visible
from drafter.domain.model import DomainModel

SLOTS = frozenset(
    {
        "item_number", "request", "authorized", "outcome", "verdict", "scope", "silence", "as_of", "injury_date",
        "claims_administrator_citation", "main_item", "fence", "no_passages", "noticed",
        "already", "goes_with",
    }
)  # fmt: skip
LOOP_SLOTS: dict[str, frozenset[str]] = {
    "items": frozenset({"number", "request"}),
    "record": frozenset({"key", "source", "where", "text"}),
    "arguments": frozenset({"key", "source", "where", "text"}),
    "passages": frozenset({"key", "guideline", "edition", "section", "headed", "in_short", "kind", "rung", "text"}),
    "criteria": frozenset(
        {
            "key", "passage", "text", "role", "source", "standing", "words", "searched", "found", "looked_for",
            "worked_out", "stands", "recalled",
        }
    ),
}  # fmt: skip
_STANDING = {
    "met": "speaks for the request",
    "not_met": "speaks against the request",
    "unclear": "not settled by the program",
    "not_documented": "nothing found",
    "not_in_summary": "nothing found",
}
_SILENT = ("not_documented", "not_in_summary")
_SOURCE = {
    "official": "official text",
    "letters": "from letters",
    "recalled": "recalled, unconfirmed",
}
_CHOSEN = {"upheld": "upheld, the denial stands", "overturned": "overturned, it is granted"}
_SCOPE = {"summary": "the case summary only", "file": "the file"}
_NO_PASSAGES = "No passage that was in force on that day addresses this treatment."


class PromptValues(DomainModel):
    """Slot values by name, and the rows of each loop."""

    slots: dict[str, str]
    loops: dict[str, tuple[dict[str, str], ...]]


def prompt_values(brief: ItemBrief, shown: Shown, *, verdict: str, noticed: Sequence[Finding] = ()) -> PromptValues:
    """The values for one item.

    `verdict`: the sentence that the program adds, empty where no outcome is chosen. `noticed`: what the program found
    while it set the criteria against the record.
    """
    told = {brief.item.number, brief.main_item.number if brief.main_item else None}
    others = (other for other in brief.case.items if other.number not in told)
    loops = {
        "items": tuple({"number": str(other.number), "request": visible(other.treatment)} for other in others),
        "record": tuple(_sentence(one) for one in shown.record),
        "arguments": tuple(_sentence(one) for one in shown.arguments),
        "passages": tuple(
            {
                "key": one.key,
                "guideline": one.passage.guideline,
                "edition": one.passage.edition,
                "section": one.passage.section or "the guideline as a whole",
                "headed": f", {one.passage.section}" if one.passage.section else "",
                "in_short": f"; in short: {one.section_in_short}" if one.section_in_short else "",
                "kind": "official text" if one.passage.text_kind == "official" else "summary",
                "rung": str(one.passage.rung),
                "text": visible(one.passage.text),
            }
            for one in shown.passages
        ),
        "criteria": tuple(_criterion(one, shown) for one in shown.criteria),
    }
    item, dates = brief.item, brief.case.dates
    slots = {
        "item_number": str(item.number),
        "request": visible(item.treatment),
        "authorized": visible(item.authorized or "nothing"),
        "outcome": _CHOSEN[brief.determination] if brief.determination else "",
        "verdict": verdict,
        "scope": _SCOPE[brief.case.record_scope],
        "silence": "The case summary does not report"
        if brief.case.record_scope == "summary"
        else "The file does not document",
        "as_of": printed_date(brief.as_of) if brief.as_of else "unknown",
        "injury_date": printed_date(dates.injury) if dates.injury else "unknown",
        "claims_administrator_citation": _cited(item),
        "main_item": _main_item(brief),
        "already": f"Already authorized: {visible(item.authorized)}" if item.authorized else "",
        "goes_with": f"This item goes with {_main_item(brief)}" if brief.main_item else "",
        "no_passages": "" if shown.passages else _NO_PASSAGES,
        "noticed": _noticed(shown, noticed),
    }
    return PromptValues(slots={**slots, "fence": _fence(slots, loops)}, loops=loops)


def _main_item(brief: ItemBrief) -> str:
    main, chosen = brief.main_item, brief.main_determination
    if main is None:
        return "no other item"
    outcome = f" (the physician's outcome for it: {_CHOSEN[chosen]})" if chosen else ""
    return f"item {main.number}, {visible(main.treatment)}{outcome}"


def _cited(item: DisputedItem) -> str:
    """What the claims administrator cited, without the phrases that letters print around it."""
    own = [cited for cited in item.citations if cited.party == "claims_administrator"]
    printed = visible(item.claims_administrator_guideline or "")
    named = []
    for cited in own:
        name = " ".join(part for part in (cited.guideline, cited.edition) if part)
        if cited.kind == "none" or not name:
            continue
        sections = f", {'; '.join(cited.sections)}" if cited.sections else ""
        named.append(visible(f"{'MTUS' if cited.kind == 'mtus' else 'outside the MTUS:'} {name}{sections}"))
    if named:
        return "; ".join(named)
    said_none = any(cited.kind == "none" for cited in own)
    return "nothing" if said_none or not printed else printed


def _noticed(shown: Shown, findings: Sequence[Finding]) -> str:
    """The program's point is one of several, and its reader's search for a better one: it is named by its key alone."""
    told = [
        f"One point on the other side, not always the strongest: {one.key}" for one in shown.criteria if one.counter
    ]
    told += [visible(one.message) for one in findings if one.check == "dependent-outcome"]
    return "\n".join(["What the program noticed:", *(f"- {one}" for one in told)]) if told else ""


def _sentence(one: ShownSentence) -> dict[str, str]:
    """`where`: the source in brackets, and nothing for the case summary, which most sentences come from."""
    where = "" if one.source == CASE_SUMMARY else f" ({one.source})"
    return {"key": one.key, "source": one.source, "where": where, "text": one.text}


def _criterion(one: ShownCriterion, shown: Shown) -> dict[str, str]:
    row = one.assessment
    found = "; ".join(_words(span, shown) for span in row.record if not _within_another(span, row.record))
    nothing = row.status in _SILENT and row.role != "notes"
    return {
        "key": one.key,
        "passage": one.passage_key,
        "text": visible(row.text),
        "role": row.role,
        "source": _SOURCE[row.source],
        "recalled": "; recalled" if row.source == "recalled" else "",
        "standing": _standing(one),
        "stands": "" if row.role == "notes" else f". {_standing(one)[:1].upper()}{_standing(one)[1:]}",
        "words": "; ".join(f'"{visible(span.quote)}"' for span in row.record) or "none",
        "searched": ", ".join(row.searched) or "nothing",
        "found": f"  Found{', as denied' if _denied(row) else ''}: {found}" if found else "",
        "looked_for": f"  Looked for: {', '.join(row.searched)}" if nothing and row.searched else "",
        "worked_out": f"  Worked out: {visible(one.worked_out)}" if one.worked_out else "",
    }


def _denied(row: CriterionAssessment) -> bool:
    """Words of the record that deny a note or a part of a criterion: an excerpt may not show the denial."""
    return row.status in _SILENT or (row.status == "not_met" and row.role == "notes")


def _standing(one: ShownCriterion) -> str:
    row = one.assessment
    if row.role == "notes":
        return "for weighing only"
    denied = row.status in _SILENT and row.record and not one.worked_out
    return f"{_STANDING[row.status]}; a part is denied" if denied else _STANDING[row.status]


def _words(span: RecordSpan, shown: Shown) -> str:
    """The words found, after the key of the sentence that they stand in; the key alone where they are all of it."""
    place = (span.field, span.record_id, span.page)
    for one in shown.record:
        held = one.span
        if (held.field, held.record_id, held.page) == place and held.start <= span.start < held.end:
            words = inner_quote(visible(span.quote))
            return one.key if words == inner_quote(visible(held.quote)) else f'{one.key} "{words}"'
    return f'"{inner_quote(visible(span.quote))}"'


def _within_another(span: RecordSpan, others: Sequence[RecordSpan]) -> bool:
    return any(
        (other.field, other.record_id, other.page) == (span.field, span.record_id, span.page)
        and other.start <= span.start
        and span.end <= other.end
        and other != span
        for other in others
    )


def _fence(slots: dict[str, str], loops: dict[str, tuple[dict[str, str], ...]]) -> str:
    told = repr(
        (sorted(slots.items()), sorted((name, [sorted(row.items()) for row in rows]) for name, rows in loops.items()))
    )
    return hashlib.sha256(told.encode()).hexdigest()[:16]
