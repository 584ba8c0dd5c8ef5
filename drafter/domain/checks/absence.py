"""Absence claims that the record refutes: the ground on which determinations are reversed.

"No evidence of nerve compromise" against "decreased sensation at L5-S1" is a plain error of fact. The claim is a
blocker where the record of care shows the thing, of the same region and side, and nowhere denies it; where the claim
is narrowed ("quantified", "recent"), or the record has it both ways (it does where the very words of the denial stand
in a ground that the sentence cites), the hits are shown as a warning and the reader judges. What the claims
administrator argued is never evidence. That no improvement is documented is refuted by figures
(`drafter.domain.checks.improvement`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from drafter.domain.checks.absence_claims import AbsenceClaim, absence_claims
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.grounded_words import told_word_for_word
from drafter.domain.checks.improvement import denied_improvements, improvement_remark
from drafter.domain.checks.known import Shown
from drafter.domain.checks.region import place_of, places_fit
from drafter.domain.checks.treatments import treatments_in, treatments_of
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.reading.model import Sentence

# Signs that show a wider concept: whoever denies the wider one is refuted by them. General clinical usage.
SHOWN_BY: dict[str, tuple[str, ...]] = {
    "neurologic-deficit": ("sensory-loss", "motor-weakness", "reflex-change"),
    "radicular-pain": ("numbness-tingling",),
    "weakness-complaint": (),
    "numbness-tingling": (),
}
# Concepts whose mere naming shows nothing: a wish, an argument, a state of affairs that needs a judgement.
_JUDGED = frozenset(
    {
        "red-flags", "surgery-planned", "failed-conservative-care", "conservative-care", "active-therapy",
        "passive-modality", "specific-goals", "adjunct-to-exercise", "home-exercise-program", "opioid-use",
        "long-term-use", "chronic-pain-over-3-months", "acute-phase", "prior-treatment-benefit",
        "functional-improvement", "no-benefit", "follow-up-plan", "one-month-trial", "return-to-work-plan",
        "pain-agreement-plan", "taper-plan", "decreased-medication-use", "failed-first-line-drug", "gi-risk",
        "normal-neurologic-exam", "concurrent-drug-same-class", "tenderness", "reduced-range-of-motion", "trauma",
        "activity-modification", "nsaid-tried", "persisting-symptoms",
    }
)  # fmt: skip
# What was done, as against asked for: a course of treatment, and a study with its result.
_TREATED = re.compile(
    r"\b(?:treat(?:ment|ments|ed)?(?: \w+){0,3} (?:includ\w+|with)|includ\w+|improve\w* with|completed|underwent|"
    r"undergone|received|attended|"
    r"sessions? of|visits? of|tried|trialed|uses|used|status post|s/p|prior|previous|past treatment\w*|has had|"
    r"have helped|had decreased)\b",
    re.IGNORECASE,
)
_STUDIED = re.compile(
    r"\b(?:dated|performed|obtained|revealed|showed|done|taken|results?|normal|negative|positive|underwent|"
    r"documented)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:plan|planned|request\w*|recommend\w*|order\w*|pending|schedul\w*|authoriz\w*|refer\w*|will|continue|"
    r"consultation)\b",
    re.IGNORECASE,
)
_DONE = {"history": _TREATED, "test": _STUDIED}
# A sign that bears on a nerve: told with a level, a dermatome or a limb, and not of a torn tendon.
_OF_A_NERVE = re.compile(
    r"\b(?:dermatom\w*|myotom\w*|[CTLS]\d|foot drop|ankle (?:reflex|jerk|deep)|reflex\w*|extremit\w+|leg|foot|feet|"
    r"toes?|calf|arm|hand|fingers?|digits?|thigh)\b",
    re.IGNORECASE,
)
_OF_A_TENDON = re.compile(r"\brotator cuff\b", re.IGNORECASE)
# Attributes that soften any claim, as against those that a plain nerve sign answers ("significant", "clear",
# "specific").
_SOFT = re.compile(
    r"\b(?:recent\w*|severe\w*|progressive\w*|worsening|new|newly|persist\w+|at least|\d+ ?%|percent|change\w*|"
    r"additional|equivocal)\b",
    re.IGNORECASE,
)
SOMEBODY_ELSE = re.compile(r"\butili[sz]ation review(?:er)?\b|\bUR\b|claims administrator", re.IGNORECASE)


class Refuted(NamedTuple):
    """A claim with what the record shows. `plainly` where nothing softens the contradiction."""

    text: AuditedText
    claim: AbsenceClaim
    shown: Shown
    plainly: bool


def absence_refuted(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """An absence claim against what the record of care plainly shows."""
    yield from (_remark(audit, item, found) for found in refutations(audit, item) if found.plainly)
    yield from (improvement_remark(item, found) for found in denied_improvements(audit, item) if found.plainly)


def absence_with_hits(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A narrowed absence claim, or one that the record answers both ways, with what the record has on it."""
    yield from (_remark(audit, item, found) for found in refutations(audit, item) if not found.plainly)
    yield from (improvement_remark(item, found) for found in denied_improvements(audit, item) if not found.plainly)


def refutations(audit: Audit, item: AuditedItem) -> Iterator[Refuted]:
    """Every absence claim that the record of care answers, one for each place of the text."""
    for text, sentence, guideline_from in worker_sentences(item):
        if SOMEBODY_ELSE.search(sentence.text):
            continue
        answered: set[int] = set()
        for claim in sorted(
            absence_claims(sentence, vocabulary=audit.vocabulary), key=lambda claim: _rank(audit, claim)
        ):
            if claim.start in answered or (guideline_from is not None and claim.start >= guideline_from):
                continue
            found = _answer(audit, item, text, sentence, claim)
            if found is not None:
                answered.add(claim.start)
                yield found


def _answer(
    audit: Audit, item: AuditedItem, text: AuditedText, sentence: Sentence, claim: AbsenceClaim
) -> Refuted | None:
    if (claim.concept in _JUDGED and not claim.said) or claim.concept not in audit.vocabulary.evidence:
        return None
    place = place_of(sentence, claim.at, audit=audit, item=item)
    hits = [
        shown
        for shown in _shown(audit, item, claim)
        if places_fit(place, place_of(shown.sentence, shown.mention, audit=audit))
    ]
    # What was done earlier is just what a claim about earlier treatment or a study denies; an old finding is not.
    earlier = audit.vocabulary.evidence[claim.concept].kind in _DONE
    affirmed = [s for s in hits if s.mention.polarity == "affirmed" and (earlier or not s.mention.historical)]
    if not affirmed:
        return None
    denied = any(shown.mention.polarity == "negated" for shown in hits)
    latest = max(affirmed, key=lambda shown: (shown.sentence.on is not None, str(shown.sentence.on or "")))
    plainly = not denied and not _softened(text, claim) and not told_word_for_word(audit, text, claim.start, claim.end)
    return Refuted(text, claim, latest, plainly=plainly)


def _shown(audit: Audit, item: AuditedItem, claim: AbsenceClaim) -> Iterator[Shown]:
    kind = audit.vocabulary.evidence[claim.concept].kind
    for concept in (claim.concept, *SHOWN_BY.get(claim.concept, ())):
        for shown in audit.known.shown(concept):
            if _bears(audit, item, shown, kind=kind, claimed=claim.concept):
                yield shown


def _bears(audit: Audit, item: AuditedItem, shown: Shown, *, kind: str, claimed: str) -> bool:
    """Whether a mention in the record can answer the claim: done and not wanted, of this treatment, of a nerve."""
    told = shown.sentence.text
    done = _DONE.get(kind)
    if done is not None and not (done.search(told) and not _WANTED.search(told)):
        return False
    if kind == "response" and not (treatments_in(shown.sentence) & treatments_of(audit, item)):
        return False
    return claimed != "neurologic-deficit" or (bool(_OF_A_NERVE.search(told)) and not _OF_A_TENDON.search(told))


def _softened(text: AuditedText, claim: AbsenceClaim) -> bool:
    if claim.concept == "neurologic-deficit":
        return bool(_SOFT.search(text.text[claim.start : claim.at.start]))
    return claim.narrowed


def _rank(audit: Audit, claim: AbsenceClaim) -> tuple[int, bool]:
    """By place; of several concepts in the same words a sign before a complaint."""
    concept = audit.vocabulary.evidence.get(claim.concept)
    return claim.start, concept is None or concept.kind != "sign"


def _remark(audit: Audit, item: AuditedItem, found: Refuted) -> Remark:
    label = audit.vocabulary.evidence[found.claim.concept].label
    told = "shows" if found.plainly else "has"
    return remark_on(
        found.text,
        found.claim.start,
        found.claim.end,
        f'The rationale says there is no {label}; the record {told} "{found.shown.span().quote}".',
        item=item.item.number,
        against=found.shown.clause(),
    )
