"""The criteria table: each criterion of a section set against the record's own words.

A criterion is `met` or `not_met` only where the record says so in words that can be quoted; words on both sides, or
words that only suspect or plan, leave it `unclear`. Of several findings that would each show a criterion, one denied
does not deny it: normal strength is no proof against a nerve's compromise that sensation could still show. Silence is
`not_documented` where the file was supplied and `not_in_summary` where only the case summary was. What was searched for
is kept either way, so that a reviewer can see what the silence is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Literal

from drafter.domain.case import RecordScope
from drafter.domain.draft import CriterionAssessment, CriterionStatus, RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.changes import Change, measured_changes
from drafter.domain.drafting.elapsed import weigh_chronicity, weigh_waiting_time
from drafter.domain.drafting.evidence import Evidence, Focus, as_last_told, find_evidence, latest_first, with_polarity
from drafter.domain.drafting.halves import Bearing, second_half
from drafter.domain.drafting.limits import LimitOutcome, weigh_limit
from drafter.domain.drafting.measured import FUNCTION, MEASURABLE, measured_evidence, with_measured
from drafter.domain.drafting.medicines import ANY_OTHER, SAME_CLASS, other_drugs
from drafter.domain.model import DomainModel
from guideline_corpus.model import Criterion, Passage
from guideline_corpus.vocabulary import Vocabulary

# How much a row carries, the strongest first; what is not named here carries nothing.
STRENGTH: dict[Bearing, int] = {
    "refused": 0,
    "excluded": 0,
    "not_met": 1,
    "met": 1,
    "limit": 2,
    "denied": 3,
    "not_excluded": 3,
    "silent": 4,
}
MOST_SEARCH_WORDS = 8
MOST_SPANS = 4


class Assessed(DomainModel):
    """One row of the criteria table with what the sentences need: which way it bears, and on what.

    `requested`: words of the request that name what the record is silent on.
    """

    criterion: Criterion
    passage: Passage
    assessment: CriterionAssessment
    bearing: Bearing
    supports: Literal["for", "against"] | None
    evidence: tuple[Evidence, ...] = ()
    limit: LimitOutcome | None = None
    requested: RecordSpan | None = None


class Assessor(DomainModel):
    """Sets criteria against one item's record."""

    brief: ItemBrief
    focus: Focus
    vocabulary: Vocabulary
    begun: bool

    def assess(self, passage: Passage) -> tuple[Assessed, ...]:
        """One row for each criterion of the passage that speaks of this item's treatment, in its order."""
        return tuple(self._row(criterion, passage) for criterion in passage.criteria if self._applies(criterion))

    def _applies(self, criterion: Criterion) -> bool:
        of_treatment = not criterion.treatments or not self.focus.treatments
        return of_treatment or bool(self.focus.treatments & set(criterion.treatments))

    def _of_another_region(self, criterion: Criterion) -> bool:
        """A number that the section gives for one body region ("Low back: 6 visits"), where the item is of another."""
        if criterion.limit is None or ":" not in criterion.text:
            return False
        head = criterion.text.partition(":")[0]
        parts = self.vocabulary.find(head, families={"body_part"})
        regions = {self.vocabulary.body_parts[part.id].chapter for part in parts}
        return bool(regions) and not regions & self.focus.regions

    def _of_another_part_of_course(self, criterion: Criterion) -> bool:
        """What continuation asks for is not asked of a treatment that nothing shows to have begun, nor the reverse."""
        if criterion.course is None:
            return False
        return criterion.course != ("continuation" if self.begun else "trial")

    def _to_come(self, criterion: Criterion) -> bool:
        """The time after an operation is not asked of what was requested to go with an operation still to come."""
        return self.brief.main_item is not None and "postsurgical-period" in criterion.met_by

    def _row(self, criterion: Criterion, passage: Passage) -> Assessed:
        if self._refuses(criterion):
            return self._refused_row(criterion, passage)
        if self._of_another_region(criterion) or self._of_another_part_of_course(criterion) or self._to_come(criterion):
            return self._unsearched_row(criterion, passage)
        if criterion.limit is not None:
            limit = weigh_limit(self.brief, criterion.limit, vocabulary=self.vocabulary)
            if limit is not None:
                return self._limit_row(criterion, passage, limit)
        aged = self._row_by_age(criterion, passage)
        if aged:
            return aged
        row, timed = self._evidence_row(criterion, passage), self._row_by_time(criterion, passage)
        too_young = timed is not None and timed.limit is not None and timed.limit.standing == "beyond"
        if row.bearing == "met" and not (too_young and criterion.role == "requires"):
            return row
        return timed or row

    def _refuses(self, criterion: Criterion) -> bool:
        """A section that advises against this very treatment, whatever the record holds."""
        searched = criterion.met_by or criterion.failed_by
        return criterion.role == "excludes" and not searched and bool(self.focus.treatments & set(criterion.treatments))

    def _refused_row(self, criterion: Criterion, passage: Passage) -> Assessed:
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(criterion, passage, status="not_met", spans=()),
            bearing="refused",
            supports="against",
        )

    def _row_by_age(self, criterion: Criterion, passage: Passage) -> Assessed | None:
        """Pain from an injury younger than three months is not chronic, whatever word the record uses."""
        told = weigh_chronicity(self.brief, criterion, focus=self.focus, vocabulary=self.vocabulary)
        return self._limit_row(criterion, passage, told) if isinstance(told, LimitOutcome) else None

    def _row_by_time(self, criterion: Criterion, passage: Passage) -> Assessed | None:
        """What the dates alone say, where the record's words do not."""
        told: LimitOutcome | Evidence | None = weigh_chronicity(
            self.brief, criterion, focus=self.focus, vocabulary=self.vocabulary
        )
        if told is None and criterion.limit is not None:
            told = weigh_waiting_time(self.brief, criterion, focus=self.focus, vocabulary=self.vocabulary)
        if isinstance(told, LimitOutcome):
            return self._limit_row(criterion, passage, told)
        return self._met_row(criterion, passage, told) if told else None

    def _met_row(self, criterion: Criterion, passage: Passage, evidence: Evidence) -> Assessed:
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(criterion, passage, status="met", spans=(evidence.span,)),
            bearing="met",
            supports="for",
            evidence=(evidence,),
        )

    def _limit_row(self, criterion: Criterion, passage: Passage, limit: LimitOutcome) -> Assessed:
        status, supports = _LIMIT_STANDING[limit.standing]
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(criterion, passage, status=status, spans=limit.spans, searched=limit.searched),
            bearing="limit",
            supports=supports or limit.leans,
            limit=limit,
        )

    def _evidence_row(self, criterion: Criterion, passage: Passage) -> Assessed:
        toward, contrary = self._concepts(criterion)
        met = find_evidence(self.brief, concepts=toward, focus=self.focus, vocabulary=self.vocabulary)
        failed = find_evidence(self.brief, concepts=contrary, focus=self.focus, vocabulary=self.vocabulary)
        failed += self._other_drugs(contrary)
        met, measured = with_measured(as_last_told(met), self._measured(toward))
        failed += self._measured(contrary)
        # "No acute fracture" does not show that the weeks a limit asks for have passed.
        affirming = with_polarity(met, "affirmed") + (
            () if criterion.role == "limits" else with_polarity(failed, "negated")
        )
        opposing = with_polarity(met, "negated") + with_polarity(failed, "affirmed")
        if criterion.limit and criterion.limit.at_least is not None:
            opposing = ()  # whether time enough has passed the dates say: an "acute sprain" may be months old
        if not toward and not contrary:
            return self._unsearched_row(criterion, passage)
        bearing = _bearing(criterion, affirming=affirming, opposing=opposing, soft=met + failed)
        told_against = bool(with_polarity(failed, "affirmed") or measured)
        if bearing == "both_ways" and criterion.role != "excludes" and not told_against:
            bearing = "met"  # one of several findings is enough, and another's absence does not undo it
        if bearing == "not_met" and not told_against and not self._all_denied(criterion, opposing):
            bearing = "denied"
        opening = self._opening(criterion) if bearing in ("denied", "silent") else ()
        if opening and bearing == "denied":
            bearing, affirming = "both_ways", opening
        elif opening:
            bearing, met, failed = "uncertain", opening, ()
        if criterion.along_with:
            second = second_half(self.brief, criterion, focus=self.focus, vocabulary=self.vocabulary)
            bearing, affirming, opposing, met = second.joined(bearing, affirming, opposing, met)
        elsewhere: tuple[Evidence, ...] = ()
        if bearing == "silent" and (elsewhere := self._elsewhere(toward + contrary)):
            bearing = "elsewhere"
        status, supports = _STANDING[bearing]
        evidence = elsewhere or _relevant(bearing, affirming=affirming, opposing=opposing, soft=met + failed)
        if bearing == "met" and criterion.along_with:
            evidence = affirming  # imaging before the signs of an examination, whatever their days
        silent: CriterionStatus = _silent_status(self.brief.case.record_scope)
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(
                criterion,
                passage,
                status=status or silent,
                spans=_spans(evidence),
                searched=self._searched(toward + contrary + criterion.along_with),
            ),
            bearing=bearing,
            supports="against" if bearing == "silent" and criterion.role == "requires" and toward else supports,
            evidence=evidence,
            requested=self._requested(toward) if bearing == "silent" else None,
        )

    def _opening(self, criterion: Criterion) -> tuple[Evidence, ...]:
        """What neither shows nor refutes the criterion, and yet makes "the record reports nothing of it" untrue."""
        found = find_evidence(self.brief, concepts=criterion.open_by, focus=self.focus, vocabulary=self.vocabulary)
        return with_polarity(found, "affirmed") or self._eased(criterion)

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        return measured_changes(self.brief.record)

    def _measured(self, concepts: tuple[str, ...]) -> tuple[Evidence, ...]:
        """What the record measures twice, where these concepts ask for it."""
        if not MEASURABLE.intersection(concepts):
            return ()
        return measured_evidence(self._changes, concepts=concepts, focus=self.focus, vocabulary=self.vocabulary)

    def _eased(self, criterion: Criterion) -> tuple[Evidence, ...]:
        """A lower score of pain, which is no gain in function, and yet more than nothing."""
        if not FUNCTION.intersection(criterion.met_by):
            return ()
        return with_polarity(self._measured(("pain-relief",)), "affirmed")

    def _requested(self, concepts: tuple[str, ...]) -> RecordSpan | None:
        """Words of the request that name the thing, where the record itself does not."""
        found = find_evidence(
            self.brief, concepts=concepts, focus=self.focus, vocabulary=self.vocabulary, voice="request"
        )
        return next((evidence.span for evidence in found if evidence.polarity != "negated"), None)

    def _unsearched_row(self, criterion: Criterion, passage: Passage) -> Assessed:
        """A criterion that no word list stands for: the program cannot tell, and says so."""
        return Assessed(
            criterion=criterion,
            passage=passage,
            assessment=self._assessment(criterion, passage, status="unclear", spans=()),
            bearing="unsearched",
            supports=None,
        )

    def _other_drugs(self, contrary: tuple[str, ...]) -> tuple[Evidence, ...]:
        found: tuple[Evidence, ...] = ()
        if SAME_CLASS in contrary:
            found += other_drugs(self.brief, same_class=True, vocabulary=self.vocabulary)
        if ANY_OTHER in contrary:
            found += other_drugs(self.brief, same_class=False, vocabulary=self.vocabulary)
        return found

    def _elsewhere(self, concepts: tuple[str, ...]) -> tuple[Evidence, ...]:
        """Words of the record on these concepts that name another body region or side than the item's.

        They prove nothing for the item, but "the record does not report it" would be untrue.
        """
        return find_evidence(self.brief, concepts=concepts, focus=Focus(), vocabulary=self.vocabulary)

    def _all_denied(self, criterion: Criterion, opposing: tuple[Evidence, ...]) -> bool:
        """Every kind of finding that would show the criterion is denied, by two of them where it has several."""
        denied = {evidence.concept for evidence in opposing}
        kinds = {self.vocabulary.evidence[concept].kind for concept in criterion.met_by}
        if len(criterion.met_by) == 1:
            return True
        return len(denied) > 1 and kinds <= {self.vocabulary.evidence[concept].kind for concept in denied}

    def _concepts(self, criterion: Criterion) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The concepts that speak for and against; official text without them is searched for those that it names."""
        if criterion.met_by or criterion.failed_by or criterion.source != "official":
            return criterion.met_by, criterion.failed_by
        spans = self.vocabulary.find(criterion.text, families={"evidence"})
        named = tuple(dict.fromkeys(span.id for span in spans))
        return ((), named) if criterion.role == "excludes" else (named, ())

    def _searched(self, concepts: Sequence[str]) -> tuple[str, ...]:
        """Words looked for, of every concept one before a second of any, so that no part of a criterion is left out."""
        told: list[str] = []
        terms = (self.vocabulary.evidence[concept].terms[:3] for concept in concepts)
        for word in (term.replace("*", "") for rank in zip_longest(*terms) for term in rank if term):
            if not any(_only_longer(word, than=other) for other in told):
                told.append(word)
        return tuple(told[:MOST_SEARCH_WORDS])

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


_LIMIT_STANDING: dict[str, tuple[CriterionStatus, Literal["for", "against"] | None]] = {
    "within": ("met", "for"),
    "beyond": ("not_met", "against"),
    "open": ("unclear", None),
}
_STANDING: dict[Bearing, tuple[CriterionStatus | None, Literal["for", "against"] | None]] = {
    "met": ("met", "for"),
    "not_met": ("not_met", "against"),
    "denied": (None, "against"),
    "excluded": ("not_met", "against"),
    "not_excluded": ("met", "for"),
    "both_ways": ("unclear", None),
    "uncertain": ("unclear", None),
    "only_planned": ("unclear", None),
    "silent": (None, None),
    "elsewhere": ("unclear", None),
}


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
    if with_polarity(soft, "uncertain"):
        return "uncertain"
    return "only_planned" if soft else "silent"


def _relevant(
    bearing: Bearing,
    *,
    affirming: tuple[Evidence, ...],
    opposing: tuple[Evidence, ...],
    soft: tuple[Evidence, ...],
) -> tuple[Evidence, ...]:
    """The evidence that a row shows, latest first; both sides in turn where the record has both."""
    if bearing == "both_ways":
        return (latest_first(affirming)[0], latest_first(opposing)[0])
    if bearing in ("met", "not_excluded"):
        return latest_first(affirming)
    if bearing in ("not_met", "denied", "excluded"):
        return latest_first(opposing)
    return latest_first(soft)


def _spans(evidence: tuple[Evidence, ...]) -> tuple[RecordSpan, ...]:
    """The words that a row shows, at most MOST_SPANS; an earlier value never without the later one."""
    shown: dict[RecordSpan, None] = {}
    for one in evidence:
        if len(shown) + len(one.spans) <= MOST_SPANS:
            shown.update(dict.fromkeys(one.spans))
    return tuple(shown)


def _only_longer(word: str, *, than: str) -> bool:
    """Whether looking for one word is looking for the other too: "red-flags", where it was "red flag"."""
    word, than = word.replace("-", " "), than.replace("-", " ")
    return f" {than} " in f" {word} " or word.removeprefix(than) in ("s", "es", "d", "ed")


def _silent_status(scope: RecordScope) -> CriterionStatus:
    return "not_documented" if scope == "file" else "not_in_summary"
