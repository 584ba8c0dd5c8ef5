"""Statements with their grounds: one function for each thing a draft can say.

Nothing is said here without a citation, or, for an absence, the words that were searched for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from drafter.domain.draft import Citation, RecordCitation, RecordSpan, Statement, StatementKind
from drafter.domain.drafting.assess import Assessed
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import Evidence
from drafter.domain.drafting.halves import Bearing
from drafter.domain.drafting.heading import as_object
from drafter.domain.drafting.limits import LimitOutcome
from drafter.domain.drafting.narrative import DatedQuote, WorkerFacts
from drafter.domain.drafting.wording import (
    Wording,
    citation_of,
    in_turn,
    inner_quote,
    listed,
    named,
    opened,
    phrase_of,
    printed_date,
    request_span,
    scope_form,
)
from drafter.domain.reading.excerpt import Told
from guideline_corpus.model import CriterionRole, Passage

_POINTS: tuple[tuple[CriterionRole, str], ...] = (
    ("requires", "points_requires"),
    ("limits", "points_limits"),
    ("excludes", "points_excludes"),
    ("notes", "points_notes"),
)
MOST_POINTS = 4
MOST_NOTES = 2


def request_statement(brief: ItemBrief, *, wording: Wording) -> Statement:
    item = brief.item
    span, treatment = request_span(brief), as_object(item.treatment)
    if item.remaining and item.authorized:
        text = wording.say("request_remaining", authorized=as_object(item.authorized), treatment=treatment)
    else:
        text = wording.say("request", treatment=treatment)
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
    """Each quote says its own day: were the sentence before it taken out, "that day" would be another."""
    when = _when(quote.on, wording=wording)
    text = opened(_said(quote.span, told=quote.told, of=quote.of, when=when, wording=wording)) + "."
    return Statement(text=text, kind="record", citations=(RecordCitation(record=quote.span),))


def _said(span: RecordSpan, *, told: Told, of: str, when: str, wording: Wording) -> str:
    """The clause that quotes the record, worded after how the record told it."""
    quote = inner_quote(span.quote)
    if told == "examination":
        return wording.say("said_examination", when=when, of=f" {of}" if of else "", quote=quote)
    return wording.say(f"said_{told}", when=when, quote=quote)


def _when(on: date | None, *, wording: Wording) -> str:
    return wording.say("when", date=printed_date(on)) if on else ""


def reason_statement(quote: DatedQuote, *, wording: Wording) -> Statement:
    """The claims administrator's argument, attributed and never used as evidence."""
    text = wording.say("claims_administrator_reason", quote=inner_quote(quote.span.quote))
    return Statement(text=text, kind="record", citations=(RecordCitation(record=quote.span),))


def guideline_statement(passage: Passage, rows: Sequence[Assessed], *, wording: Wording) -> Statement | None:
    """What the section of a gist asks, limited to the criteria that the draft goes on to weigh."""
    weighed = [row for row in rows if row.criterion.role != "notes"] or list(rows[:MOST_NOTES])
    groups = (
        ("points_refuses", [row for row in weighed if row.bearing == "refused"]),
        *(
            (form, [r for r in weighed if r.criterion.role == role and r.bearing != "refused"])
            for role, form in _POINTS
        ),
    )
    points = [_points(members, form, wording=wording) for form, members in groups if members]
    if not points:
        return None
    text = wording.say("guideline_gist", citation=named(passage), points=in_turn(points))
    return Statement(text=text, kind="guideline", citations=(citation_of(passage),))


def _points(rows: Sequence[Assessed], form: str, *, wording: Wording) -> str:
    return wording.say(form, phrases=listed([phrase_of(row.criterion) for row in rows][:MOST_POINTS]))


def official_statement(passage: Passage, *, quote: str, wording: Wording) -> Statement:
    """Official text, quoted exactly; `quote` is a stretch of the passage (`lower_rung.best_quote`)."""
    text = wording.say("guideline_official", citation=named(passage), quote=inner_quote(quote) + ".")
    return Statement(text=text, kind="guideline", citations=(citation_of(passage, quote=quote),))


def criterion_statement(row: Assessed, brief: ItemBrief, *, wording: Wording) -> Statement | None:
    """One row of the table as a sentence; `None` where the row has nothing to say."""
    if row.criterion.role == "notes" or row.bearing == "unsearched":
        return None  # a note is worth weighing but decides nothing: it stands in the table
    phrase = phrase_of(row.criterion)
    if row.bearing == "silent":
        return _silent_statement(row, brief, phrase, wording=wording)
    if row.bearing == "refused":
        return _refused_statement(row, brief, phrase, wording=wording)
    if row.limit is not None:
        return _limit_statement(row, row.limit, phrase, brief=brief, wording=wording)
    return _evidence_statement(row, phrase, brief=brief, wording=wording)


def _silent_statement(row: Assessed, brief: ItemBrief, phrase: str, *, wording: Wording) -> Statement | None:
    if row.supports != "against":
        return None
    searched = row.assessment.searched
    cited: tuple[Citation, ...] = (citation_of(row.passage),)
    text = wording.say(scope_form(brief.case.record_scope), phrase=phrase)
    if row.requested:
        scope = opened(wording.say(f"scope_{brief.case.record_scope}"))
        text = wording.say("only_requested", scope=scope, phrase=phrase, quote=inner_quote(row.requested.quote))
        cited += (RecordCitation(record=row.requested),)
    return Statement(text=text, kind="absence", supports="against", searched=searched, citations=cited)


def _refused_statement(row: Assessed, brief: ItemBrief, phrase: str, *, wording: Wording) -> Statement:
    text = wording.say("refused", phrase=phrase)
    cited: tuple[Citation, ...] = (citation_of(row.passage), RecordCitation(record=request_span(brief)))
    return Statement(text=text, kind="reasoning", supports="against", citations=cited)


def _evidence_statement(row: Assessed, phrase: str, *, brief: ItemBrief, wording: Wording) -> Statement:
    first, *others = row.evidence
    shown = [first, *others[:1]] if row.bearing == "both_ways" else [first]
    spans = dict.fromkeys(span for evidence in shown for span in evidence.spans)
    cited: list[Citation] = [citation_of(row.passage), *(RecordCitation(record=span) for span in spans)]
    if row.bearing == "both_ways":
        text = _both_ways(first, others[0], phrase, wording=wording)
    else:
        said = _told(first, wording=wording)
        scope = {"scope": wording.say(f"scope_{brief.case.record_scope}")} if row.bearing == "denied" else {}
        text = opened(wording.say(_form(row.bearing, first), said=said, phrase=phrase, **scope))
    return Statement(text=text, kind="record", supports=row.supports, citations=tuple(cited))


def _form(bearing: Bearing, evidence: Evidence) -> str:
    """A measured change is called one; what it came of is left to the physician."""
    measured = evidence.went is not None and bearing in ("met", "not_met")
    return f"measured_{evidence.went}" if measured else bearing


def _both_ways(one: Evidence, other: Evidence, phrase: str, *, wording: Wording) -> str:
    if one.went or other.went:
        said, against = (_told(evidence, wording=wording) for evidence in (one, other))
        return wording.say("both_ways_measured", phrase=phrase, said=said, other=against)
    quotes = {"quote": inner_quote(one.span.quote), "other": inner_quote(other.span.quote)}
    return wording.say("both_ways", phrase=phrase, **quotes)


def _told(evidence: Evidence, *, wording: Wording) -> str:
    """The clause that quotes the evidence with its day; a change between two places quotes both."""
    when = _when(evidence.on, wording=wording)
    said = _said(evidence.span, told=evidence.told, of=evidence.of, when=when, wording=wording)
    if evidence.before is None:
        return said
    return wording.say("said_then", before=_told(evidence.before, wording=wording), now=said)


def _limit_statement(
    row: Assessed, limit: LimitOutcome, phrase: str, *, brief: ItemBrief, wording: Wording
) -> Statement:
    slots = {**limit.slots, "phrase": phrase}
    if "quote" in slots:
        slots["quote"] = inner_quote(slots["quote"])
    if limit.standing == "open":
        slots["scope"] = wording.say(f"scope_{brief.case.record_scope}")
    spans = limit.spans or (request_span(brief),)
    cited: list[Citation] = [citation_of(row.passage), *(RecordCitation(record=span) for span in spans)]
    text = opened(wording.say(limit.form, **slots))
    kind: StatementKind = "absence" if limit.searched else "reasoning"
    return Statement(text=text, kind=kind, supports=row.supports, searched=limit.searched, citations=tuple(cited))
