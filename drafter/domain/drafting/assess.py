"""The criteria table: each criterion of a section set against the record's own words.

A criterion is `met` or `not_met` only where the record says so in words that can be quoted; words on both sides, or
words that only suspect or plan, leave it `unclear`; silence is `not_documented` where the file was supplied and
`not_in_summary` where only the case summary was. What was searched for is kept either way, so that a reviewer can see
what the silence is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from drafter.domain.case import RecordScope
from drafter.domain.draft import CriterionAssessment, CriterionStatus, RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import Evidence, Focus, find_evidence
from drafter.domain.drafting.limits import LimitOutcome, weigh_limit
from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Polarity
from guideline_corpus.model import Criterion, Passage
from guideline_corpus.vocabulary import Vocabulary

Bearing = Literal[
    "met",
    "not_met",
    "excluded",
    "not_excluded",
    "both_ways",
    "uncertain",
    "only_planned",
    "silent",
    "unsearched",
    "limit",
]

MOST_SEARCH_WORDS = 8
MOST_SPANS = 4


class Assessed(DomainModel):
    """One row of the criteria table with what the sentences need: which way it bears, and on what."""

    criterion: Criterion
    passage: Passage
    assessment: CriterionAssessment
    bearing: Bearing
    supports: Literal["for", "against"] | None
    evidence: tuple[Evidence, ...] = ()
    limit: LimitOutcome | None = None


class Assessor(DomainModel):
    """Sets criteria against one item's record."""

    brief: ItemBrief
    focus: Focus
    vocabulary: Vocabulary

    def assess(self, passage: Passage) -> tuple[Assessed, ...]:
        """One row for each criterion of the passage that speaks of this item's treatment, in its order."""
        return tuple(self._row(criterion, passage) for criterion in passage.criteria if self._applies(criterion))

    def _applies(self, criterion: Criterion) -> bool:
        return (
            not criterion.treatments
            or not self.focus.treatments
            or bool(self.focus.treatments & set(criterion.treatments))
        )

    def _row(self, criterion: Criterion, passage: Passage) -> Assessed:
        if criterion.limit is not None:
            limit = weigh_limit(self.brief, criterion.limit, vocabulary=self.vocabulary)
            if limit is not None:
                return self._limit_row(criterion, passage, limit)
        return self._evidence_row(criterion, passage)

    def _limit_row(self, criterion: Criterion, passage: Passage, limit: LimitOutcome) -> Assessed:
        status: CriterionStatus = "not_met" if limit.beyond else "met"
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(criterion, passage, status=status, spans=limit.spans),
            bearing="limit",
            supports="against" if limit.beyond else "for",
            limit=limit,
        )

    def _evidence_row(self, criterion: Criterion, passage: Passage) -> Assessed:
        toward, contrary = self._concepts(criterion)
        met = find_evidence(self.brief, concepts=toward, focus=self.focus, vocabulary=self.vocabulary)
        failed = find_evidence(self.brief, concepts=contrary, focus=self.focus, vocabulary=self.vocabulary)
        affirming = _with(met, "affirmed") + _with(failed, "negated")
        opposing = _with(met, "negated") + _with(failed, "affirmed")
        if not toward and not contrary:
            return self._unsearched_row(criterion, passage)
        bearing = _bearing(criterion, affirming=affirming, opposing=opposing, soft=met + failed)
        status, supports = _STANDING[bearing]
        evidence = _relevant(bearing, affirming=affirming, opposing=opposing, soft=met + failed)
        silent: CriterionStatus = _silent_status(self.brief.case.record_scope)
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(
                criterion,
                passage,
                status=status or silent,
                spans=tuple(e.span for e in evidence[:MOST_SPANS]),
                searched=self._searched(toward + contrary),
            ),
            bearing=bearing,
            supports="against" if bearing == "silent" and criterion.role == "requires" and toward else supports,
            evidence=evidence,
        )

    def _unsearched_row(self, criterion: Criterion, passage: Passage) -> Assessed:
        """A criterion that no word list stands for: the program cannot tell, and says so."""
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(criterion, passage, status="unclear", spans=()),
            bearing="unsearched",
            supports=None,
        )

    def _concepts(self, criterion: Criterion) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The concepts that speak for and against; official text without them is searched for those that it names."""
        if criterion.met_by or criterion.failed_by or criterion.source != "official":
            return criterion.met_by, criterion.failed_by
        spans = self.vocabulary.find(criterion.text, families={"evidence"})
        named = tuple(dict.fromkeys(span.id for span in spans))
        return ((), named) if criterion.role == "excludes" else (named, ())

    def _searched(self, concepts: Sequence[str]) -> tuple[str, ...]:
        words: dict[str, None] = {}
        for concept in concepts:
            for term in self.vocabulary.evidence[concept].terms[:3]:
                words.setdefault(term.replace("*", ""), None)
        return tuple(words)[:MOST_SEARCH_WORDS]

    def _assessment(
        self,
        criterion: Criterion,
        passage: Passage,
        *,
        status: CriterionStatus,
        spans: tuple[RecordSpan, ...],
        searched: tuple[str, ...] = (),
    ) -> CriterionAssessment:
        return CriterionAssessment(
            text=criterion.text,
            source=criterion.source,
            role=criterion.role,
            status=status,
            passage_id=passage.passage_id,
            searched=searched,
            record=spans,
        )


_STANDING: dict[Bearing, tuple[CriterionStatus | None, Literal["for", "against"] | None]] = {
    "met": ("met", "for"),
    "not_met": ("not_met", "against"),
    "excluded": ("not_met", "against"),
    "not_excluded": ("met", "for"),
    "both_ways": ("unclear", None),
    "uncertain": ("unclear", None),
    "only_planned": ("unclear", None),
    "silent": (None, None),
}


def _with(evidence: tuple[Evidence, ...], polarity: Polarity) -> tuple[Evidence, ...]:
    return tuple(e for e in evidence if e.polarity == polarity)


def _bearing(
    criterion: Criterion,
    *,
    affirming: tuple[Evidence, ...],
    opposing: tuple[Evidence, ...],
    soft: tuple[Evidence, ...],
) -> Bearing:
    if affirming and opposing:
        return "both_ways"
    if criterion.role == "excludes":
        if opposing:
            return "excluded"
        if affirming:
            return "not_excluded"
    elif affirming:
        return "met"
    elif opposing:
        return "not_met"
    if _with(soft, "uncertain"):
        return "uncertain"
    return "only_planned" if soft else "silent"


def _relevant(
    bearing: Bearing,
    *,
    affirming: tuple[Evidence, ...],
    opposing: tuple[Evidence, ...],
    soft: tuple[Evidence, ...],
) -> tuple[Evidence, ...]:
    """The evidence that a row shows, latest first, undated last; both sides in turn where the record has both."""
    if bearing == "both_ways":
        return (_latest_first(affirming)[0], _latest_first(opposing)[0])
    if bearing in ("met", "not_excluded"):
        return _latest_first(affirming)
    if bearing in ("not_met", "excluded"):
        return _latest_first(opposing)
    return _latest_first(soft)


def _latest_first(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(sorted(evidence, key=lambda e: (e.on is not None, e.on.toordinal() if e.on else 0), reverse=True))


def _silent_status(scope: RecordScope) -> CriterionStatus:
    return "not_documented" if scope == "file" else "not_in_summary"
