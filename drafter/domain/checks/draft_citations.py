"""The citations of a draft: each resolves to a passage, in force, and says what it is said to say.

Section and pages of a citation come from the passage and never from a model, so any difference is a defect of the draft
and not a matter of judgement; nothing here is repaired, only reported.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.governing import governing_day
from drafter.domain.checks.quote_match import QuoteMatch, match_quote
from drafter.domain.draft import PassageCitation, RecordCitation
from guideline_corpus.model import Passage


def unknown_passage(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A citation of a passage that was neither retrieved for the item nor is in the corpus."""
    known = _passages(audit, item)
    for text, citation in _cited(item):
        if citation.passage_id not in known:
            yield _on(text, item, f"Passage {citation.passage_id} is cited, but the corpus does not hold it.")


def passage_not_in_force(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A cited passage whose edition did not govern on the case's day."""
    day, known = governing_day(audit), _passages(audit, item)
    for text, citation in _cited(item):
        passage = known.get(citation.passage_id)
        if day and passage and not passage.in_force.covers(day):
            yield _on(
                text, item, f"{passage.guideline} {passage.edition} is cited, but was not in force on {day}.", citation
            )


def locator_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A citation whose guideline, edition, section or pages are not those of its passage."""
    known = _passages(audit, item)
    for text, citation in _cited(item):
        passage = known.get(citation.passage_id)
        if passage is None:
            continue
        wrong = [
            name for name in ("guideline", "edition", "section") if getattr(passage, name) != getattr(citation, name)
        ]
        if not set(citation.pages) <= set(passage.pages):
            wrong.append("pages")
        if wrong:
            yield _on(text, item, f"The citation gives another {', '.join(wrong)} than its passage has.", citation)


def draft_quote_altered(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A quotation of a citation that is not word for word in its passage; a gist may not be quoted at all."""
    known = _passages(audit, item)
    for text, citation in _cited(item):
        passage = known.get(citation.passage_id)
        if passage is None or citation.quote is None:
            continue
        if passage.text_kind == "gist":
            yield _on(text, item, "A gist in our own words is quoted as if it were the guideline's text.", citation)
            continue
        match = match_quote(citation.quote, (passage.text,))
        if match.fate != "exact":
            yield _on(text, item, f"The quotation is {describe(match)}.", citation)


def record_quote_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A quotation of the record that is not exactly the words at its place."""
    for text in item.texts:
        for citation in text.statement.citations if text.statement else ():
            if isinstance(citation, RecordCitation) and not _stands_in_record(audit, citation):
                yield _on(text, item, "The record does not have these words at the place cited.", None, citation)


def describe(match: QuoteMatch) -> str:
    """What is wrong with a quotation that is not exact, in words that fit after "is"."""
    if match.fate == "spliced":
        return "joined from two places as if it were one"
    if match.fate == "invented":
        return "in no passage that it could come from"
    told = "; ".join(
        f'"{d.quoted or "nothing"}" where the text has "{d.printed or "nothing"}"' for d in match.differences[:3]
    )
    return f"altered: {told}" if told else "altered"


def _cited(item: AuditedItem) -> Iterator[tuple[AuditedText, PassageCitation]]:
    for text in item.texts:
        for citation in text.statement.citations if text.statement else ():
            if isinstance(citation, PassageCitation):
                yield text, citation


def _passages(audit: Audit, item: AuditedItem) -> Mapping[str, Passage]:
    """The passages that may be cited, by their ids: those of the corpus, then those that were retrieved."""
    retrieved = item.draft.retrieved if item.draft else ()
    return ChainMap(audit.by_id, {one.passage.passage_id: one.passage for one in retrieved})


def _stands_in_record(audit: Audit, citation: RecordCitation) -> bool:
    span = citation.record
    printed = audit.printed.get(span.field)
    if printed is not None:
        return printed[span.start : span.end] == span.quote
    return any(
        (field.source.field, field.source.record_id, field.source.page) == (span.field, span.record_id, span.page)
        and field.source.text[span.start : span.end] == span.quote
        for field in audit.record
    )


def _on(
    text: AuditedText,
    item: AuditedItem,
    message: str,
    citation: PassageCitation | None = None,
    record: RecordCitation | None = None,
) -> Remark:
    against = record.record if record else citation
    return remark_on(text, 0, len(text.text), message, item=item.item.number, against=against)
