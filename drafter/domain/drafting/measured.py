"""Measured changes as evidence: of function for its improvement, of a pain score for the relief of pain and no more.

A change for the worse, or none between two measured days, speaks against; where the record has both ways, both are
shown. Of a pain score that fell, a criterion that asks for function is left open (tests/unit/test_improvement.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from drafter.domain.drafting.changes import Change, Told, change_fits
from drafter.domain.drafting.evidence import Evidence, Focus, record_span, with_polarity
from drafter.domain.reading.excerpt import MOST_WORDS, excerpt_around
from guideline_corpus.vocabulary import Vocabulary

FUNCTION = frozenset({"functional-improvement", "prior-treatment-benefit"})
# Which concepts a measured change shows, by its measure, else by its aspect.
_SHOWN: dict[str, frozenset[str]] = {
    "function": FUNCTION,
    "pain": frozenset({"pain-relief"}),
    "symptom": frozenset(),
}
MEASURABLE = frozenset().union(*_SHOWN.values())


def measured_evidence(
    changes: Iterable[Change], *, concepts: Iterable[str], focus: Focus, vocabulary: Vocabulary
) -> tuple[Evidence, ...]:
    """The measured changes that show a concept or speak against it, as evidence for the first that each bears on.

    No change at all speaks against only where nothing of its kind went either way.
    """
    place = {"regions": focus.regions, "sides": focus.sides}
    own = [change for change in changes if change_fits(change, vocabulary=vocabulary, **place)]
    moved = {change.aspect for change in own if change.went != "same"}
    found = []
    for change in own:
        concept = next((c for c in concepts if c in _SHOWN.get(change.measure.name, _SHOWN[change.aspect])), None)
        if concept and not (change.went == "same" and change.aspect in moved):
            found.append(_measured(change, concept))
    return tuple(found)


def _measured(change: Change, concept: str) -> Evidence:
    now = _told_of(change.now, concept)
    before = _told_of(change.before, concept) if change.before else None
    apart = before is not None and before.span != now.span
    polarity = "affirmed" if change.went == "better" else "negated"
    return now.model_copy(update={"polarity": polarity, "went": change.went, "before": before if apart else None})


def _told_of(place: Told, concept: str) -> Evidence:
    excerpt = excerpt_around(place.sentence, start=place.start, end=place.end, most_words=MOST_WORDS)
    return Evidence(
        concept=concept,
        span=record_span(place.field, start=excerpt.start, end=excerpt.end),
        polarity="affirmed",
        on=place.on,
        told=excerpt.told,
        of=excerpt.of,
    )


def with_measured(
    named: tuple[Evidence, ...], measured: tuple[Evidence, ...]
) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """What is named and what is measured together, and what of it is measured.

    An improvement measured on a later day overtakes a denial, and figures that stand still undo no improvement that the
    record names.
    """
    if with_polarity(named, "affirmed"):
        measured = tuple(one for one in measured if one.went != "same")
    days = [one.on for one in measured if one.on and one.polarity == "affirmed"]
    overtaken = max(days, default=date.min)
    kept = (one for one in named if one.polarity != "negated" or one.on is None or one.on >= overtaken)
    return (*measured, *kept), measured
