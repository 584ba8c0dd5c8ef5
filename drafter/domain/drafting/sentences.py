"""Statements with their grounds: one function for each thing a draft can say.

Nothing is said here without a citation, or, for an absence, the words that were searched for.
"""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain.draft import Citation, PassageCitation, RecordCitation, RecordSpan, Statement
from drafter.domain.drafting.assess import Assessed
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.narrative import DatedQuote, WorkerFacts
from drafter.domain.drafting.wording import (
    Wording,
    citation_of,
    inner_quote,
    listed,
    named,
    phrase_of,
    printed_date,
    scope_form,
)
from guideline_corpus.model import CriterionRole, Passage

_POINT_FORMS: tuple[tuple[CriterionRole, str], ...] = (
    ("requires", "points_requires"),
    ("limits", "points_limits"),
    ("excludes", "points_excludes"),
    ("notes", "points_notes"),
)
MOST_POINTS = 4


def request_statement(brief: ItemBrief, *, wording: Wording) -> Statement:
    item = brief.item
    span = RecordSpan(field=f"items[{item.number}].treatment", start=0, end=len(item.treatment), quote=item.treatment)
    if item.remaining and item.authorized:
        text = wording.say("request_remaining", authorized=item.authorized, treatment=item.treatment)
    else:
        text = wording.say("request", treatment=item.treatment)
    return Statement(text=text, kind="record", citations=(RecordCitation(record=span),))


def worker_statement(facts: WorkerFacts, *, wording: Wording) -> Statement | None:
    if facts.injury is None or facts.injury_span is None:
        return None
    spans = [span for span in (facts.age_span, facts.injury_span) if span]
    injury = printed_date(facts.injury)
    text = (
        wording.say("worker", age=facts.age, injury_date=injury)
        if facts.age
        else wording.say("worker_without_age", injury_date=injury)
    )
    return Statement(text=text, kind="record", citations=tuple(RecordCitation(record=span) for span in spans))


def quote_statement(quote: DatedQuote, *, wording: Wording) -> Statement:
    words = inner_quote(quote.span.quote)
    text = (
        wording.say("dated_record", date=printed_date(quote.on), quote=words)
        if quote.on
        else wording.say("undated_record", quote=words)
    )
    return Statement(text=text, kind="record", citations=(RecordCitation(record=quote.span),))


def reason_statement(quote: DatedQuote, *, wording: Wording) -> Statement:
    """The claims administrator's argument, attributed and never used as evidence."""
    text = wording.say("claims_administrator_reason", quote=inner_quote(quote.span.quote))
    return Statement(text=text, kind="record", citations=(RecordCitation(record=quote.span),))


def guideline_statement(passage: Passage, rows: Sequence[Assessed], *, wording: Wording) -> Statement | None:
    """What the section asks, limited to the criteria that the draft goes on to weigh."""
    if passage.text_kind != "gist":
        return official_statement(passage, wording=wording)
    weighed = [row for row in rows if row.criterion.role != "notes"] or rows
    points = [point for role, form in _POINT_FORMS if (point := _points(weighed, role, form, wording=wording))]
    if not points:
        return None
    text = wording.say("guideline_gist", citation=named(passage), points=listed(points))
    return Statement(text=text, kind="guideline", citations=(citation_of(passage),))


def _points(rows: Sequence[Assessed], role: CriterionRole, form: str, *, wording: Wording) -> str | None:
    phrases = [phrase_of(row.criterion) for row in rows if row.criterion.role == role][:MOST_POINTS]
    return wording.say(form, phrases=listed(phrases)) if phrases else None


def official_statement(passage: Passage, *, wording: Wording, most_words: int = 40) -> Statement:
    """An exact quote of official text: its first criterion, else its first sentence, at most `most_words` long."""
    quote = _quotable(passage, most_words=most_words)
    text = wording.say("guideline_official", citation=named(passage), quote=inner_quote(quote) + ".")
    return Statement(text=text, kind="guideline", citations=(citation_of(passage, quote=quote),))


def _quotable(passage: Passage, *, most_words: int) -> str:
    spans = [(c.start, c.end) for c in passage.criteria if c.start is not None and c.end is not None]
    for start, end in spans:
        if len(passage.text[start:end].split()) <= most_words:
            return passage.text[start:end]
    words = passage.text.split()
    head = passage.text if len(words) <= most_words else passage.text[: passage.text.find(words[most_words])]
    stop = head.find(". ")
    return head[: stop + 1] if stop > 0 else head.rstrip()


def criterion_statement(row: Assessed, brief: ItemBrief, *, wording: Wording) -> Statement | None:
    """One row of the table as a sentence; `None` where the row has nothing to say."""
    if row.criterion.role == "notes":
        return None  # worth weighing, decides nothing: it stands in the table
    phrase = phrase_of(row.criterion)
    cited: list[Citation] = [citation_of(row.passage)]
    if row.bearing == "silent":
        if row.supports != "against":
            return None
        text = wording.say(scope_form(brief.case.record_scope), phrase=phrase)
        searched = row.assessment.searched
        return Statement(text=text, kind="absence", supports="against", searched=searched, citations=tuple(cited))
    if row.bearing == "unsearched":
        return None
    if row.limit is not None:
        return _limit_statement(row, phrase, wording=wording)
    cited += [RecordCitation(record=evidence.span) for evidence in row.evidence[:2]]
    first = row.evidence[0]
    if row.bearing == "both_ways":
        other = inner_quote(row.evidence[1].span.quote)
        text = wording.say("both_ways", phrase=phrase, quote=inner_quote(first.span.quote), other=other)
    else:
        when = f"on {printed_date(first.on)} " if first.on else ""
        text = wording.say(row.bearing, phrase=phrase, when=when, quote=inner_quote(first.span.quote))
        cited = cited[:2]
    return Statement(text=text, kind="record", supports=row.supports, citations=tuple(cited))


def _limit_statement(row: Assessed, phrase: str, *, wording: Wording) -> Statement:
    limit = row.limit
    assert limit is not None  # the caller asked for it
    slots = {**limit.slots, "phrase": phrase}
    if "quote" in slots:
        slots["quote"] = inner_quote(slots["quote"])
    cited: list[Citation] = [citation_of(row.passage), *(RecordCitation(record=span) for span in limit.spans)]
    return Statement(
        text=wording.say(limit.form, **slots), kind="reasoning", supports=row.supports, citations=tuple(cited)
    )


def passage_citations(passages: Sequence[Passage]) -> tuple[PassageCitation, ...]:
    return tuple(citation_of(passage) for passage in passages)
