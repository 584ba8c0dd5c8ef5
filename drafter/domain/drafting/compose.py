"""From criteria and record spans to a draft, without a language model.

Without a determination the draft is an options memo: the facts, the guideline, what speaks for the request and what
speaks against it, and no conclusion. With one that the reviewer chose it is a rationale in the order a letter has:
request, worker, findings, guideline, the strongest point on the other side, the criteria that carry the chosen outcome,
verdict. That point is a finding too, so that it is answered before signing. The program never chooses
(proved by tests/unit/test_compose.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from drafter.domain.draft import RecordCitation, Statement
from drafter.domain.drafting.assess import STRENGTH, Assessed, Assessor
from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.drafting.competing import outranked_citation, with_its_article
from drafter.domain.drafting.course import has_begun
from drafter.domain.drafting.evidence import Focus
from drafter.domain.drafting.findings import counter_row, drafting_findings
from drafter.domain.drafting.formulary import formulary_statements
from drafter.domain.drafting.heading import as_object, within
from drafter.domain.drafting.lower_rung import Subject, best_quote
from drafter.domain.drafting.narrative import (
    DatedQuote,
    opening_quotes,
    stated_purpose,
    utilization_review_reason,
    worker_facts,
)
from drafter.domain.drafting.sentences import (
    criterion_statement,
    guideline_statement,
    official_statement,
    quote_statement,
    reason_statement,
    request_statement,
    worker_statement,
)
from drafter.domain.drafting.wording import (
    Wording,
    citation_of,
    inner_quote,
    named,
    printed_date,
    treatment_span,
)
from guideline_corpus.model import Passage
from guideline_corpus.vocabulary import Vocabulary

MOST_WORDS = 250
MOST_ROWS = 4
MOST_QUOTED = 40
MOST_OPEN = 2
MOST_PASSAGES = 1
_OPEN = frozenset({"both_ways", "uncertain"})
_TAPERED = frozenset({"opioid", "benzodiazepine"})


@dataclass(frozen=True, kw_only=True)
class Composer:
    """Composes the reply for one item."""

    brief: ItemBrief
    vocabulary: Vocabulary
    wording: Wording

    def compose(self) -> Reply:
        rows = self._rows()
        statements = self._rationale(rows) if self.brief.determination else self._memo(rows)
        counter = counter_row(self.brief, rows=rows, wording=self.wording)
        return Reply(
            criteria=tuple(row.assessment for row in rows),
            worked_out=tuple(self._worked_out(row) for row in rows),
            counter=next((place for place, row in enumerate(rows) if row is counter), None),
            statements=tuple(statements),
            silence=self._silence,
            findings=drafting_findings(self.brief, rows=rows, carried=self._carried(rows), wording=self.wording),
        )

    # --- what the draft stands on ---------------------------------------------------------------------------------

    @cached_property
    def _passages(self) -> tuple[Passage, ...]:
        """The section to weigh, and a second one of the same rung only where it is about the very same treatment."""
        if not self.brief.addressed or not self.brief.passages:
            return ()
        first, *others = [retrieved.passage for retrieved in self.brief.passages]
        own = self._treatments
        same = [
            other
            for other in others
            if other.rung == first.rung and own & set(other.treatments) & set(first.treatments)
        ]
        return (first, *same[: MOST_PASSAGES - 1])

    @cached_property
    def _treatments(self) -> frozenset[str]:
        spans = self.vocabulary.find(self.brief.item.treatment, families={"treatment"})
        return frozenset(span.id for span in spans)

    def _rows(self) -> tuple[Assessed, ...]:
        alone = self.brief.main_item is None  # what goes with an operation to come has not begun, whatever was before
        begun = alone and has_begun(self.brief, vocabulary=self.vocabulary)
        assessor = Assessor(brief=self.brief, focus=self._focus, vocabulary=self.vocabulary, begun=begun)
        return tuple(row for passage in self._passages for row in assessor.assess(passage))

    @cached_property
    def _focus(self) -> Focus:
        return Focus.of(self.brief.item_reading, vocabulary=self.vocabulary)

    # --- the two shapes -------------------------------------------------------------------------------------------

    def _memo(self, rows: Sequence[Assessed]) -> Iterable[Statement]:
        yield from self._facts(self._quotes(3))
        yield from self._guideline(rows)
        yield from formulary_statements(self.brief, wording=self.wording)
        spoken = [(row, statement) for row in rows if (statement := self._criterion(row))]
        for side in ("for", "against", None):
            yield from (statement for row, statement in spoken if statement.supports == side)
        yield from self._reason()
        yield from self._competing()

    def _rationale(self, rows: Sequence[Assessed]) -> Iterable[Statement]:
        carried = self._carried(rows)
        counter = counter_row(self.brief, rows=rows, wording=self.wording)
        weighed = [*([counter] if counter else []), *self._open(rows), *carried]
        body = [
            *self._guideline([row for row in rows if row in weighed] if carried else rows),
            *(s for row in _each_in_its_own_words(weighed) if (s := self._criterion(row))),
        ]
        body += self._competing()
        end = [*formulary_statements(self.brief, wording=self.wording), *self._conclusion()]
        quoted = {
            citation.record.quote
            for s in body
            for citation in s.citations
            if isinstance(citation, RecordCitation) and not citation.record.field.startswith("items[")
        }
        three = self._quotes(3)
        for quotes, purpose in ((three, True), (three, False), (None, False)):
            told = self._facts(self._quotes(2) if quotes is None else quotes, purpose=purpose)
            facts = [s for s in told if not _quotes_any(s, quoted)]  # a criterion's sentence quotes the others
            if _words([*facts, *body, *end]) <= MOST_WORDS:
                break
        return _within_budget(facts=facts, body=body, end=end)

    def _carried(self, rows: Sequence[Assessed]) -> tuple[Assessed, ...]:
        """The rows that the chosen outcome stands on, strongest first, then in the section's order."""
        if self.brief.determination is None:
            return tuple(rows)
        side = _side(self.brief.determination)
        mine = [row for row in rows if row.supports == side and row.bearing in STRENGTH and self._criterion(row)]
        best = sorted(mine, key=lambda row: STRENGTH[row.bearing])[:MOST_ROWS]
        return tuple(row for row in rows if row in best)

    def _open(self, rows: Sequence[Assessed]) -> tuple[Assessed, ...]:
        """What the record leaves open of what the section asks for: it decides nothing, yet a reviewer answers it."""
        if self.brief.main_item:
            return ()  # decided with another item
        unclear = [row for row in rows if row.bearing in _OPEN and row.criterion.role in ("requires", "excludes")]
        return tuple(row for row in unclear if self._criterion(row))[:MOST_OPEN]

    # --- parts ----------------------------------------------------------------------------------------------------

    def _facts(self, quotes: Sequence[DatedQuote], *, purpose: bool = True) -> Iterable[Statement]:
        yield request_statement(self.brief, wording=self.wording)
        worker = worker_statement(worker_facts(self.brief), wording=self.wording)
        if worker:
            yield worker
        wanted_for = self._purpose if purpose else None
        if wanted_for and not any(quote.span.overlaps(wanted_for.span) for quote in quotes):
            quotes = (*quotes, wanted_for)
        yield from (quote_statement(quote, wording=self.wording) for quote in quotes)

    def _quotes(self, most: int) -> tuple[DatedQuote, ...]:
        return opening_quotes(self.brief, focus=self._focus, vocabulary=self.vocabulary, most=most)

    @cached_property
    def _purpose(self) -> DatedQuote | None:
        return stated_purpose(self.brief)

    def _criterion(self, row: Assessed) -> Statement | None:
        return criterion_statement(row, self.brief, wording=self.wording)

    def _worked_out(self, row: Assessed) -> str:
        reckoned = row.limit is not None or any(evidence.before for evidence in row.evidence[:1])
        statement = self._criterion(row) if reckoned else None
        return statement.text if statement else ""

    def _guideline(self, rows: Sequence[Assessed]) -> Iterable[Statement]:
        if self.brief.main_item:
            yield self._dependence()
        if not self._passages:
            yield from self._silence
            return
        for passage in self._passages:
            own = [row for row in rows if row.passage.passage_id == passage.passage_id]
            official = passage.text_kind != "gist"
            statement = self._official(passage) if official else guideline_statement(passage, own, wording=self.wording)
            if statement:
                yield statement
        yield from self._lower_rungs()

    @cached_property
    def _silence(self) -> tuple[Statement, ...]:
        """What is said where no section addresses the treatment; an item that goes with another needs none."""
        if self._passages or self.brief.main_item:
            return ()
        return tuple(self._silence_of_the_guideline())

    def _competing(self) -> Iterable[Statement]:
        """The claims administrator's source of a lower step, where the MTUS addresses the treatment."""
        cited = outranked_citation(self.brief)
        passages = self._passages
        if cited and passages:
            text = self.wording.say("competing_lower_rung", cited=with_its_article(inner_quote(cited.quote)))
            yield Statement(
                text=text, kind="reasoning", citations=(citation_of(passages[0]), RecordCitation(record=cited))
            )

    def _lower_rungs(self) -> Iterable[Statement]:
        """One exact quote of the best official passage below the MTUS, marked as what it is."""
        for retrieved in self.brief.passages[1:]:
            if retrieved.passage.rung > 1 and retrieved.passage.text_kind == "official":
                yield self._official(retrieved.passage)
                return

    def _official(self, passage: Passage) -> Statement:
        subject = Subject.of(self.brief.item.treatment, self.brief.item_reading, vocabulary=self.vocabulary)
        quote = best_quote(passage, subject, vocabulary=self.vocabulary, most_words=MOST_QUOTED)
        return official_statement(passage, quote=quote, wording=self.wording)

    def _silence_of_the_guideline(self) -> Iterable[Statement]:
        treatment = as_object(self.brief.item.treatment)
        as_of = printed_date(self.brief.as_of) if self.brief.as_of else "the day of the request"
        text = self.wording.say("not_addressed", as_of=as_of, treatment=treatment)
        yield Statement(text=text, kind="absence", searched=self._searched())
        lower = [r.passage for r in self.brief.passages if r.passage.rung > 1]
        if lower:
            text = self.wording.say("lower_rung", citation=named(lower[0]))
            yield Statement(text=text, kind="guideline", citations=(citation_of(lower[0]),))
            if lower[0].text_kind == "official":
                yield self._official(lower[0])
        else:
            yield Statement(text=self.wording.say("next_rung"), kind="absence", searched=self._searched())

    def _searched(self) -> tuple[str, ...]:
        spans = self.vocabulary.find(self.brief.item.treatment, families={"treatment", "body_part"})
        words = tuple(dict.fromkeys(self.brief.item.treatment[span.start : span.end] for span in spans))
        return words or (self.brief.item.treatment,)

    def _dependence(self) -> Statement:
        main = self.brief.main_item
        assert main is not None  # the caller asked for it
        both = {self.brief.determination, self.brief.main_determination}
        form = f"depends_{self.brief.determination}" if len(both) == 1 and None not in both else "depends"
        slots = (
            {"main": str(main.number)}
            if form != "depends"
            else {"main": str(main.number), "main_treatment": within(main.treatment)}
        )
        text = self.wording.say(form, **slots)
        return Statement(text=text, kind="reasoning", citations=(RecordCitation(record=treatment_span(main)),))

    def _reason(self) -> Iterable[Statement]:
        reason = utilization_review_reason(self.brief, focus=self._focus, vocabulary=self.vocabulary)
        if reason:
            yield reason_statement(reason, wording=self.wording)

    def _conclusion(self) -> Iterable[Statement]:
        assert self.brief.determination is not None  # only a rationale has one
        treatment = as_object(self.brief.item.treatment)
        yield Statement(text=self.wording.say(self.brief.determination, treatment=treatment), kind="conclusion")
        if self.brief.determination == "upheld":
            drug = next(
                (name for name in sorted(self._treatments) if _TAPERED & set(self.vocabulary.classes_of(name))), None
            )
            if drug:
                label = self.vocabulary.treatments[drug].label
                yield Statement(
                    text=self.wording.say("weaning", drug=label),
                    kind="reasoning",
                    citations=tuple(citation_of(passage) for passage in self._passages[:1]),
                )


def _side(determination: Literal["upheld", "overturned"]) -> Literal["for", "against"]:
    """Upheld means that the denial stands: what speaks against the request carries it."""
    return "against" if determination == "upheld" else "for"


def _each_in_its_own_words(rows: Sequence[Assessed]) -> Iterable[Assessed]:
    """Rows that the same words of the record show, each with words that no row before it quotes, where it has some."""
    said: set[str] = set()
    for row in rows:
        fresh = [evidence for evidence in row.evidence if evidence.span.quote not in said]
        if row.bearing == "both_ways" or not fresh:
            fresh = list(row.evidence)
        said |= {evidence.span.quote for evidence in fresh[:1]}
        yield row.model_copy(update={"evidence": tuple(fresh)})


def _quotes_any(statement: Statement, quotes: set[str]) -> bool:
    return any(isinstance(c, RecordCitation) and c.record.quote in quotes for c in statement.citations)


def _within_budget(*, facts: list[Statement], body: list[Statement], end: list[Statement]) -> list[Statement]:
    """Facts, body and end in at most MOST_WORDS words: quotes of the record go first, then the weakest rows."""
    facts, body = list(facts), list(body)
    while _words([*facts, *body, *end]) > MOST_WORDS and len(facts) > 1:
        facts.pop()
    while _words([*facts, *body, *end]) > MOST_WORDS and len(body) > 1:
        body.pop()
    return [*facts, *body, *end]


def _words(statements: Sequence[Statement]) -> int:
    return sum(len(statement.text.split()) for statement in statements)
