"""Findings that the rationale affirms and the record only denies.

"Positive straight leg raise" against a record in which it was negative is an invented finding. Only signs, symptoms,
tests and states that the record names are compared, of the same region and side, and with the same word where a
concept holds several tests (a positive O'Brien does not answer a negative Neer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from drafter.domain.checks.asked_words import is_no_claim
from drafter.domain.checks.audit import Audit, AuditedItem, Remark, remark_on
from drafter.domain.checks.known import Shown
from drafter.domain.checks.region import place_of, places_fit
from drafter.domain.checks.worker_facts import WorkerMention, worker_mentions

_COMPARED = frozenset({"symptom", "sign", "risk", "status"})
# Of the other kinds, what a rationale states as found: a failure, a response, a plan for surgery.
_STATED = frozenset(
    {
        "failed-conservative-care", "failed-first-line-drug", "failed-antidepressant-anticonvulsant",
        "failed-nsaid", "failed-oral-medication", "failed-non-opioid", "intolerance-to-oral-medication",
        "functional-improvement", "pain-relief", "prior-treatment-benefit", "side-effects", "surgery-planned",
        "new-injury", "acute-flare", "no-benefit", "positive-imaging-nerve-compromise",
    }
)  # fmt: skip
# The signs that make up a wider one: all of them normal deny it.
MADE_OF: dict[str, tuple[str, ...]] = {"neurologic-deficit": ("sensory-loss", "motor-weakness", "reflex-change")}
_TENSION = ("positive-slr", "spurling", "tinel-phalen", "positive-imaging-nerve-compromise", "weakness-complaint")
_NONE = re.compile(
    r"\b(?:no|not|nor|never|lack\w*|without|fail\w*|insufficient|unclear|what|how|whether|if|clarif\w+|needed)\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"(?:\b(?:positive|negative|decreased|diminished|reduced|limited|restricted|impaired|absent|abnormal|normal|intact|"
    r"no|evidence of|signs of|presence of|loss of|"
    r"increased|mild|moderate|severe)\b[\s:]+(?:for\s+)?){1,3}$",
    re.IGNORECASE,
)
_NOT_STATED = re.compile(
    r"\b(?:if|whether|would|could|may|might|rule out|suspect\w*|possible|consistent with|indicat\w+ for|to (?:support|"
    r"warrant|justify|suggest|evaluate)|need for|risk of|request\w*|monitor(?:ed|ing)? for)\b",
    re.IGNORECASE,
)
# What the worker says is a complaint; an examination does not contradict it.
_COMPLAINED = re.compile(
    r"\b(?:patient|worker|applicant|claimant|individual|employee|IW|s?he)\b (?:\w+ )?(?:states?|stated|reports?|"
    r"reported|complain\w*|feels?|felt|describ\w+)\b(?:(?!\bexam)[^.;])*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]{3,}")


def finding_contradicted(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A finding stated of the worker that the record has only in the negative."""
    told: set[tuple[str, int]] = set()
    for found in sorted(stated_findings(audit, item), key=lambda found: found.mention.concept in MADE_OF):
        kind = audit.vocabulary.evidence[found.mention.concept].kind
        place = (found.text.field, found.mention.start)
        if kind not in _COMPARED or place in told or (kind == "sign" and _complained(found)):
            continue
        shown = same_finding(audit, item, found)
        if not shown or any(s.mention.polarity != "negated" for s in shown) or _tension_shown(audit, found):
            continue
        if is_no_claim(item, found.text, found.mention.start, found.mention.end):
            continue
        told.add(place)
        label = audit.vocabulary.evidence[found.mention.concept].label
        yield remark_on(
            found.text,
            with_its_state(found),
            found.mention.end,
            f"The rationale states {label}; the record denies it.",
            item=item.item.number,
            against=shown[0].clause(),
        )


def _complained(found: WorkerMention) -> bool:
    return bool(_COMPLAINED.search(found.sentence.text[: found.mention.start - found.sentence.start]))


def _tension_shown(audit: Audit, found: WorkerMention) -> bool:
    """A nerve's compromise may be inferred from a tension sign, even where sensation and strength are normal."""
    if found.mention.concept not in MADE_OF:
        return False
    return any(s.mention.polarity == "affirmed" for sign in _TENSION for s in audit.known.shown(sign))


def stated_findings(audit: Audit, item: AuditedItem) -> Iterator[WorkerMention]:
    """What the rationale says the worker has: affirmed, neither supposed nor wanted."""
    for found in worker_mentions(item):
        concept = audit.vocabulary.evidence.get(found.mention.concept)
        if found.mention.polarity != "affirmed" or concept is None:
            continue
        if concept.kind not in _COMPARED and (concept.id not in _STATED or _NONE.search(found.sentence.text)):
            continue
        low = found.mention.start - found.sentence.start
        if not _NOT_STATED.search(found.sentence.text[max(0, low - 70) : low]):
            yield found


def with_its_state(found: WorkerMention) -> int:
    """Where the finding's own words begin: the state before it ("positive", "decreased") belongs to it."""
    before = found.sentence.text[: found.mention.start - found.sentence.start]
    state = _STATE.search(before[-60:])
    return found.mention.start - (len(before[-60:]) - state.start() if state else 0)


def same_finding(audit: Audit, item: AuditedItem, found: WorkerMention) -> Sequence[Shown]:
    """The record's mentions of the same thing at the same place; those with the same word where there are any."""
    place = place_of(found.sentence, found.mention, audit=audit, item=item)
    concepts = (found.mention.concept, *MADE_OF.get(found.mention.concept, ()))
    shown = [
        s
        for concept in concepts
        for s in audit.known.shown(concept)
        if places_fit(place, place_of(s.sentence, s.mention, audit=audit))
    ]
    key = _key(found.text.text[found.mention.start : found.mention.end])
    alike = [s for s in shown if key & _key(s.span().quote)]
    return alike or shown


def _key(words: str) -> frozenset[str]:
    return frozenset(word[:5] for word in _WORD.findall(words.lower()))
