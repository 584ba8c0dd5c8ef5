"""Time since the injury, as the header's own dates give it, set against what a criterion asks of time.

Pain counts as chronic from three months after its onset (8 CCR 9792.20), and imaging sections ask for weeks of care
before a study. The injury date bounds both: care cannot be older than the injury. The converse does not hold, so time
that has passed proves no care, and only pain still reported months later shows that pain has lasted.
"""

from __future__ import annotations

import re
from datetime import date

from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.evidence import Evidence, Focus, find_evidence
from drafter.domain.drafting.limits import DAYS, LimitOutcome
from drafter.domain.drafting.wording import printed_date, request_span
from drafter.domain.model import DomainModel
from guideline_corpus.model import Criterion
from guideline_corpus.vocabulary import Vocabulary

CHRONIC_DAYS = 90
_SERVICE = re.compile(r"\b(?:DOS|dates? of service)\b", re.IGNORECASE)
CHRONIC = "chronic-pain-over-3-months"
CARE = (
    "conservative-care",
    "prior-physical-therapy",
    "prior-chiropractic",
    "prior-acupuncture",
    "home-exercise-program",
)
_OTHER_PAIN = frozenset({"chest-pain"})  # a warning sign, not the injury's own pain


class InjuryAge(DomainModel):
    """How old the injury was on the governing day, with the header's dates behind it."""

    days: int
    on: date
    spans: tuple[RecordSpan, ...]

    @property
    def printed(self) -> str:
        """ "34 days", "7 months", "3 years": whole units, rounded down."""
        if self.days < 61:
            return "1 day" if self.days == 1 else f"{self.days} days"
        if self.days < 730:
            return f"{int(self.days / 30.44)} months"
        return f"{int(self.days / 365.25)} years"


def injury_age(brief: ItemBrief) -> InjuryAge | None:
    """`None` where a date is missing or the injury would be later than the day that counts.

    That day is the service's own where a retrospective request prints it, else the governing day.
    """
    dates = brief.case.dates
    served = service_day(brief)
    on = served or brief.as_of
    if dates.injury is None or on is None or on < dates.injury:
        return None
    governing = {dates.ur_denial: "ur_denial", dates.rfa: "rfa"}.get(on)
    spans = [_header_span("injury", dates.injury)]
    if served:
        spans.append(request_span(brief))
    elif governing:
        spans.append(_header_span(governing, on))
    return InjuryAge(days=(on - dates.injury).days, on=on, spans=tuple(spans))


def service_day(brief: ItemBrief) -> date | None:
    """The day of service that a request prints ("DOS 11/18/16"), or `None`."""
    if not _SERVICE.search(brief.item.treatment):
        return None
    days = [fact.on for s in brief.item_reading.sentences for fact in s.facts if fact.kind == "date" and fact.on]
    return days[0] if len(set(days)) == 1 else None


def _header_span(kind: str, on: date) -> RecordSpan:
    return RecordSpan(field=f"dates.{kind}", start=0, end=len(on.isoformat()), quote=on.isoformat())


def weigh_waiting_time(
    brief: ItemBrief, criterion: Criterion, *, focus: Focus, vocabulary: Vocabulary
) -> LimitOutcome | None:
    """Whether the time that must pass first has passed, and with care where care is asked for; `None`: not known.

    An injury that is too young speaks against, whatever was tried. One that is old enough speaks for the request only
    beside words of the record that tell of care, because time alone proves none; care that the record denies, where it
    tells of no other, speaks against.
    """
    age, limit = injury_age(brief), criterion.limit
    if age is None or limit is None or limit.at_least is None or limit.quantity not in DAYS:
        return None
    if age.days < limit.at_least * DAYS[limit.quantity]:
        return _too_young(age)
    if "failed-conservative-care" not in criterion.met_by:
        return None
    told = find_evidence(brief, concepts=CARE, focus=focus, vocabulary=vocabulary)
    care = next((evidence for evidence in told if evidence.polarity == "affirmed"), None)
    none = next((evidence for evidence in told if evidence.polarity == "negated"), None)
    return _waited(age, care) if care else _without_care(none) if none else None


def weigh_chronicity(
    brief: ItemBrief, criterion: Criterion, *, focus: Focus, vocabulary: Vocabulary
) -> LimitOutcome | Evidence | None:
    """Whether pain can have lasted three months: no, by the dates; or yes, by pain still reported; else `None`."""
    age = injury_age(brief)
    if age is None or CHRONIC not in criterion.met_by:
        return None
    if age.days < CHRONIC_DAYS:
        return _too_young(age)
    pain = [concept for concept in vocabulary.evidence if concept.endswith("-pain") and concept not in _OTHER_PAIN]
    shown = find_evidence(brief, concepts=pain, focus=focus, vocabulary=vocabulary)
    since = [e for e in shown if e.polarity == "affirmed" and e.on and _days_after_injury(brief, e.on) >= CHRONIC_DAYS]
    return max(since, key=lambda e: e.on or date.min, default=None)


def _days_after_injury(brief: ItemBrief, on: date) -> int:
    injury = brief.case.dates.injury
    return (on - injury).days if injury else 0


def _waited(age: InjuryAge, care: Evidence) -> LimitOutcome:
    return LimitOutcome(
        form="waited",
        slots={"age": age.printed, "date": printed_date(age.on), "quote": care.span.quote},
        standing="within",
        spans=(*age.spans, care.span),
    )


def _without_care(none: Evidence) -> LimitOutcome:
    """The record says of a kind of care that it was not given, and tells of no other."""
    slots = {"quote": none.span.quote}
    return LimitOutcome(form="without_care", slots=slots, standing="beyond", spans=(none.span,))


def _too_young(age: InjuryAge) -> LimitOutcome:
    return LimitOutcome(
        form="injury_too_recent",
        slots={"age": age.printed, "date": printed_date(age.on)},
        standing="beyond",
        spans=age.spans,
    )
