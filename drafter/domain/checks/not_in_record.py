"""Facts of the rationale that stand nowhere in the record.

A reviewer reads the whole file and may know more than the case summary tells, so what is not in the record is a
warning: the sentence needs its source before it is signed. Facts of the heading and the header count as given, brand
and generic names are one drug, a class is known by any of its members, and a limb by any of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from drafter.domain.checks.absence_claims import said_normal
from drafter.domain.checks.asked_words import is_no_claim, number_held_against
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.comparisons import borne_out
from drafter.domain.checks.grounded_words import named_by_guideline, stands_in_ground, told_of_part
from drafter.domain.checks.polarity import stated_findings, with_its_state
from drafter.domain.checks.record_conflicts import is_bound
from drafter.domain.checks.treatments import PASSING, TREATMENT_KINDS, one_holds_the_other
from drafter.domain.checks.worker_facts import WorkerFact, worker_facts, worker_mentions, worker_sentences
from drafter.domain.reading.model import Fact, FactKind, Sentence
from drafter.domain.reading.regions import regions_of

_NUMBERS: tuple[FactKind, ...] = ("visits", "dose", "count", "score", "measurement", "spinal_level", "frequency", "age")
_MOST_VISITS = 120
_DONE = re.compile(
    r"\b(?:reveal\w+|show(?:s|ed)|was normal|were normal|negative|positive|noted|report\w*|performed|underwent|"
    r"undergone|previous\w*|prior|did|done|had|has had|received|completed|"
    r"treated|uses|wears|failed|tried|taking|takes|using|on|prescribed|was given|medication|history|status post|s/p|"
    r"attended|"
    r"obtained|dated)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:request\w*|would|should|could|candidate|consider\w*|indicated|warrant\w*|necessary|recommend\w*|appropriate|"
    r"plan\w*|need\w*|approv\w+|support\w*|if|"
    r"contemplat\w+|advised|denied|without|not|no)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(?:treatment plan|plan of care|plan (?:is|was|included?)|was ordered|were ordered|ordered was)\b", re.I
)
_SUM = re.compile(r"remain\w*|additional|further|more|\btotal|combined|in all", re.IGNORECASE)
_NONE = re.compile(r"(?:\w+,? ){0,2}there (?:is|was|were|are) (?:also )?(?:no|not|a lack|lack)\b", re.IGNORECASE)
_COMPLAINT = re.compile(
    r"\b(?:pain\w*|complain\w*|injur\w*|symptom\w*|histor\w+|tender\w*|spasm\w*|strain\w*|sprain\w*|weak\w*|numb\w*|"
    r"radiat\w*|motion|swelling|stiff\w*|fracture\w*|tear\w*|"
    r"exam\w*|diagnos\w*|headache\w*|surger\w*|problem\w*)\b",
    re.IGNORECASE,
)
_COORDINATED = re.compile(
    r"\b(upper|lower)(?:\s?/\s?|,? and |,? or )(?:upper|lower) extremit(?:y|ies)\b", re.IGNORECASE
)
_LIMBS = frozenset({"upper-extremity", "lower-extremity"})
_WIDE = _LIMBS | {"spine"}
_SPINE: dict[str, tuple[str, frozenset[str]]] = {
    "thoracic-spine": ("T", frozenset({"thoracic-spine", "chest", "trapezius", "spine"})),
    "neck": ("C", frozenset({"neck", "trapezius", "spine"})),
}
_UNREGIONAL = frozenset(
    {
        "heart",
        "abdomen",
        "skin",
        "psyche",
        "sleep",
        "whole-body",
        "chest",
        "genitourinary",
        "eye",
        "ear",
        "throat",
        "jaw",
        "head",
    }
)


class Unknown(NamedTuple):
    """Words of the rationale that the record does not have."""

    text: AuditedText
    sentence: Sentence
    start: int
    end: int


def number_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A number, dose, score, level or count of the worker that the record and the request do not have."""
    unknown = [
        _unknown(found)
        for kind in _NUMBERS
        for found in worker_facts(item, kind)
        if _number_unknown(audit, item, found)
        and not number_held_against(item, found.text, found.fact.start, found.fact.end)
    ]
    yield from _remarks(item, unknown, "The record and the request do not have")


def date_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A full date that neither the record nor the header has."""
    unknown = [f for f in worker_facts(item, "date") if f.fact.on is not None and f.fact.on not in audit.known.days]
    yield from _remarks(item, map(_unknown, unknown), "Neither the record nor the header has the date")


def treatment_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A drug taken, a study done or a treatment given that the record does not know."""
    known = frozenset().union(*(audit.known.values(kind) for kind in TREATMENT_KINDS)) - PASSING
    unknown = [
        _unknown(found)
        for kind in TREATMENT_KINDS
        for found in worker_facts(item, kind)
        if _treatment_told(audit, found)
        and not one_holds_the_other(audit, found.fact.value, known)
        and not named_by_guideline(item, found.text, found.fact.start, found.fact.end)
        and not _grounded(audit, found)
        and not _asked(item, found)
    ]
    yield from _remarks(item, unknown, "The record does not know")


def body_part_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A part of the body, told with a complaint or finding, of a region that the record does not name."""
    parts = (*audit.known.given("body_part"), *audit.known.given("spinal_level"))
    known = regions_of(parts, audit.vocabulary)
    # "Both lower extremities" tells of no knee, and "spine surgeon" of no neck.
    named = regions_of((part for part in parts if part.value not in _WIDE), audit.vocabulary)
    unknown = [
        _unknown(found)
        for found in worker_facts(item, "body_part")
        if found.fact.value not in _UNREGIONAL
        and (_COMPLAINT.search(_near(found)) or found.fact.value not in _LIMBS)
        and (found.fact.polarity == "affirmed" or found.fact.value not in _LIMBS)
        and (regions := regions_of((found.fact,), audit.vocabulary))
        and (
            not regions & (known if found.fact.value in _WIDE else named or known)
            or _other_level_of_spine(found.fact.value, parts)
        )
        and not _grounded(audit, found)
        and not _asked(item, found)
    ]
    unknown += _upper_and_lower(audit, item, known)
    yield from _remarks(item, unknown, "The record nowhere tells of the")


def _other_level_of_spine(part: str, parts: Iterable[Fact]) -> bool:
    """Neck and thoracic spine share a chapter, yet a record of one is none of the other."""
    letter, also = _SPINE.get(part, ("", frozenset()))
    return bool(letter) and not any(
        fact.value in also or (fact.kind == "spinal_level" and fact.value.startswith(letter)) for fact in parts
    )


def _upper_and_lower(audit: Audit, item: AuditedItem, known: frozenset[str]) -> Iterator[Unknown]:
    """A limb named by its first word only ("upper/lower extremity complaints")."""
    for text, sentence, _ in worker_sentences(item):
        for match in _COORDINATED.finditer(sentence.text):
            part = audit.vocabulary.body_parts.get(f"{match[1].lower()}-extremity")
            if part is not None and not set(part.spans) & known and _COMPLAINT.search(sentence.text):
                yield Unknown(text, sentence, sentence.start + match.start(), sentence.start + match.end())


def side_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A side of a part that the record names on no side, or, told more than once, only on the other."""
    sides: dict[str | None, set[str]] = {}
    for fact in audit.known.given("side"):
        sides.setdefault(fact.about, set()).add(fact.value)
    unknown = []
    for found in worker_facts(item, "side"):
        part, side = found.fact.about, found.fact.value
        known = sides.get(part, set())
        told = bool(known) or part in audit.known.values("body_part")
        if not known and side in _sides_of_neighbours(audit, part, sides):
            continue  # "left thumb/hand", where the record tells of the left thumb
        if side != "bilateral" and part and told and not known & {side, "bilateral"}:
            unknown.append(_unknown(found))
    yield from _remarks(item, unknown, "The record does not name this side of the part:")


def _sides_of_neighbours(audit: Audit, part: str | None, sides: dict[str | None, set[str]]) -> set[str]:
    """The sides that the record names of parts of the same chapter: a thumb and its hand are on the same one."""
    parts = audit.vocabulary.body_parts
    chapters = {other: parts[other].chapter for other in (part, *sides) if other is not None and other in parts}
    if part is None or part not in chapters:
        return set()
    return {side for other, named in sides.items() if other and chapters.get(other) == chapters[part] for side in named}


def finding_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A sign, symptom or risk stated of the worker, or a normal examination of it, that the record nowhere mentions."""
    unknown = [
        Unknown(found.text, found.sentence, with_its_state(found), found.mention.end)
        for found in stated_findings(audit, item)
        if not audit.known.mentioned(found.mention.concept)
        and not _shown_otherwise(audit, found.mention.concept)
        and not stands_in_ground(audit, found.text, with_its_state(found), found.mention.end)
        and not is_no_claim(item, found.text, found.mention.start, found.mention.end)
        and not borne_out(audit, found.text, found.mention.start, found.mention.end)
    ]
    unknown += [
        Unknown(found.text, found.sentence, with_its_state(found), found.mention.end)
        for found in worker_mentions(item)
        if found.mention.polarity == "negated"
        and said_normal(found.sentence, found.mention, audit.vocabulary)
        and not audit.known.mentioned(found.mention.concept)
        and not any(audit.known.mentioned(other) for other in _OTHER_NAMES.get(found.mention.concept, ()))
        and not (found.mention.concept == "reduced-range-of-motion" and _motion_measured(audit))
    ]
    yield from _remarks(item, unknown, "The record nowhere mentions")


def _motion_measured(audit: Audit) -> bool:
    """ "175 degrees of abduction" tells of a range of motion without its name."""
    return any(fact.unit == "degrees" for fact in audit.known.given("measurement"))


def diagnosis_not_in_record(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A diagnosis stated of the worker that the record does not have."""
    known = audit.known.values("diagnosis")
    unknown = [
        _unknown(f)
        for f in worker_facts(item, "diagnosis")
        if f.fact.polarity == "affirmed"
        and f.fact.value not in known
        and not _WANTED.search(_before(f))
        and not told_of_part(audit, f.text, f.fact.start, f.fact.end)
        and not _asked(item, f)
    ]
    yield from _remarks(item, unknown, "The record does not have the diagnosis")


# A concept that the record tells under another name.
_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "muscle-spasm-complaint": ("muscle-spasm-sign",),
    "muscle-spasm-sign": ("muscle-spasm-complaint",),
    "neurologic-deficit": (
        "sensory-loss",
        "motor-weakness",
        "reflex-change",
        "positive-slr",
        "radicular-pain",
        "numbness-tingling",
    ),
    "radicular-pain": ("numbness-tingling", "positive-slr"),
    "neuropathic-pain": ("radicular-pain", "numbness-tingling", "sensory-loss"),
    "motor-weakness": ("weakness-complaint",),
    "weakness-complaint": ("motor-weakness",),
    "sensory-loss": ("numbness-tingling",),
    "numbness-tingling": ("sensory-loss",),
    "normal-neurologic-exam": ("sensory-loss", "motor-weakness", "reflex-change", "neurologic-deficit"),
    "facet-pain": ("low-back-pain", "neck-pain"),
    "acute-phase": ("chronic-pain-over-3-months", "low-back-pain", "neck-pain"),
    "chronic-pain-over-3-months": ("low-back-pain", "neck-pain"),
    "opioid-use": (),
}
_NOT_ASKED = frozenset(
    {"opioid-use", "acute-phase", "chronic-pain-over-3-months", "postsurgical-period", "normal-neurologic-exam"}
)


def _shown_otherwise(audit: Audit, concept: str) -> bool:
    """Under another name, and not only denied under it: sensation that was intact shows no numbness."""
    return concept in _NOT_ASKED or any(
        shown.mention.polarity != "negated"
        for other in _OTHER_NAMES.get(concept, ())
        for shown in audit.known.mentioned(other)
    )


def _number_unknown(audit: Audit, item: AuditedItem, found: WorkerFact) -> bool:
    fact = found.fact
    if fact.value in audit.known.values(fact.kind) or is_bound(found):
        return False
    if fact.kind == "visits" and _often(found):
        return False  # "two sessions a week" is told as a frequency, and held against the record as one
    if fact.kind == "visits" and (fact.number or 0) > _MOST_VISITS:
        return False  # a year that stands before the word "visit"
    if fact.kind == "measurement" and fact.unit == "%" and re.search(r"at least\s*$", _before(found)):
        return False
    if fact.kind == "visits" and fact.number in _numbers_asked(item):
        return False
    if fact.kind == "dose" and "/" in fact.value and _compounds_like(audit, fact.value):
        return True  # a compound of the record in another strength, as "5/1300" for "5/325"
    return not audit.known.quantities(fact.kind).hold(fact) and not _derived(audit, found)


def _often(found: WorkerFact) -> bool:
    """Whether a number of sessions is that of a frequency in the same words."""
    own = found.fact
    return any(
        fact.kind == "frequency" and fact.start <= own.start and own.end <= fact.end for fact in found.sentence.facts
    )


def _compounds_like(audit: Audit, value: str) -> bool:
    """Whether the record has a compound strength with the same first amount; that it is another one is known here."""
    first = value.split("/")[0]
    return any("/" in known and known.split("/")[0] == first for known in audit.known.values("dose"))


def _numbers_asked(item: AuditedItem) -> frozenset[float]:
    """Every number of the heading ("Physical therapy, times 12")."""
    return frozenset(float(figures) for figures in re.findall(r"\d{1,3}", item.item.heading))


def _derived(audit: Audit, found: WorkerFact) -> bool:
    """A number of visits that is what remains of two known numbers, or their total where a total is told."""
    number = found.fact.number
    if found.fact.kind != "visits" or number is None or not _SUM.search(_near(found)):
        return False
    known = {f.number for f in audit.known.given("visits") if f.number is not None}
    if any(a - number in known for a in known):
        return bool(re.search(r"remain\w*|additional|further|more", _near(found), re.IGNORECASE))
    return any(number - a in known for a in known) and bool(
        re.search(r"\btotal|combined|in all", _near(found), re.IGNORECASE)
    )


def _treatment_told(audit: Audit, found: WorkerFact) -> bool:
    if found.fact.value in PASSING or found.fact.value not in audit.vocabulary.treatments:
        return False
    if found.fact.kind == "drug":
        return found.fact.polarity in ("affirmed", "planned")
    if found.text.text[found.fact.start : found.fact.end] == "RFA" or _NONE.match(found.sentence.text):
        return False  # here a request for authorization, not an ablation; and what there is none of is not told
    if _PLAN.search(_before(found)):
        return True
    told = found.fact.polarity == "affirmed" and _DONE.search(_near(found))
    return bool(told) and not _WANTED.search(_near(found))


def _unknown(found: WorkerFact) -> Unknown:
    return Unknown(found.text, found.sentence, found.fact.start, found.fact.end)


def _grounded(audit: Audit, found: WorkerFact) -> bool:
    return stands_in_ground(audit, found.text, found.fact.start, found.fact.end)


def _asked(item: AuditedItem, found: WorkerFact) -> bool:
    return is_no_claim(item, found.text, found.fact.start, found.fact.end)


def _near(found: WorkerFact) -> str:
    low, high = found.fact.start - found.sentence.start, found.fact.end - found.sentence.start
    return found.sentence.text[max(0, low - 60) : high + 40]


def _before(found: WorkerFact) -> str:
    low = found.fact.start - found.sentence.start
    return found.sentence.text[max(0, low - 50) : low]


def _remarks(item: AuditedItem, unknown: Iterable[Unknown], told: str) -> Iterator[Remark]:
    """One remark a sentence; several unknown things of one sentence are one remark from the first to the last."""
    by_sentence: dict[tuple[str, int], list[Unknown]] = {}
    for found in unknown:
        by_sentence.setdefault((found.text.field, found.sentence.start), []).append(found)
    for (_, _), group in sorted(by_sentence.items()):
        words = list(dict.fromkeys(g.text.text[g.start : g.end] for g in sorted(group, key=lambda g: g.start)))
        listed = ", ".join(f'"{word}"' for word in words)
        start, end = min(g.start for g in group), max(g.end for g in group)
        yield remark_on(group[0].text, start, end, f"{told} {listed}.", item=item.item.number)
