"""Which facts of this worker come first: who, hurt when, complaining of what, found what, on the item's own part.

Each sentence of the record is weighed by what it holds for this item (its body region, its treatment, a complaint and
its score, a sign, a test) and by how late it is dated; the best few are quoted in the order of the record, a complaint
and a finding before a list of diagnoses, which both come from. "The pain was rated 8 out of 10" is quoted with the
complaint before it. A sentence that reports the request or utilization review is never picked
(tests/unit/test_narrative.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from typing import Literal

from drafter.domain.case import Case
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief, ReadField
from drafter.domain.drafting.evidence import Focus, record_span
from drafter.domain.model import DomainModel
from drafter.domain.reading.excerpt import Excerpt, Told, excerpt_around
from drafter.domain.reading.model import Fact, Mention, Sentence
from drafter.domain.reading.regions import regions_fit, regions_of
from guideline_corpus.vocabulary import Vocabulary

# "The applicant is a 63-year-old male who has filed a claim for knee pain": the worker's own sentence says it already.
_INTRODUCTION = re.compile(r"\b(?:is|was|involves) an? (?:\w+,? )?(?:\d{1,3}|\w+)[- ]years?[- ]old\b", re.IGNORECASE)
_KIND_WEIGHT = {"symptom": 1.0, "sign": 1.5, "test": 1.2, "history": 0.8, "response": 1.2, "status": 0.5}
_PICTURE = frozenset({"symptom", "sign"})
_ASIDE = frozenset({"status", "plan", "risk"})  # alone they tell of no complaint and no finding
# What many workers have whatever was hurt: beside something that tells more it is not what to quote.
_COMMON = frozenset(
    {
        "tenderness", "reduced-range-of-motion", "muscle-spasm-sign", "muscle-spasm-complaint", "antalgic-gait",
        "stiffness", "insomnia", "fatigue", "nausea-vomiting", "adl-difficulty", "worsening-symptoms",
        "gi-symptoms", "constipation",
        "normal-neurologic-exam",
    }
)  # fmt: skip
# What a reviewer looks for and has to be told of where it is denied.
_NERVE = frozenset(
    {
        "radicular-pain", "numbness-tingling", "weakness-complaint", "motor-weakness", "sensory-loss",
        "neurologic-deficit", "positive-slr", "spurling",
    }
)  # fmt: skip
_DENIES = re.compile(r"\bden(?:y|ies|ied|ying)\b", re.IGNORECASE)  # by the worker, and not found by an examiner
_WISHED = re.compile(
    r"\b(?:recommend(?:s|ed)?|request(?:s|ed)|order(?:s|ed)|prescribed|(?:treatment|care) plan|plan of care)\b",
    re.IGNORECASE,
)
_ENDS = " .\t\n"
_NO_LIMB = frozenset({"eye", "stress", "other"})  # "visual analogue scale", "difficulty with sleep"
SCORE_WORDS = 16
STALE_DAYS = 21
SUPERSEDED = 2.0
_SUBJECT_KINDS = frozenset({"drug", "procedure", "test"})


class DatedQuote(DomainModel):
    """Words of the record that open a draft, with the day they belong to where the record says it."""

    span: RecordSpan
    on: date | None = None
    told: Told = "record"
    of: str = ""


class WorkerFacts(DomainModel):
    """The worker's age and injury date, each with the words it rests on; `None` where the record does not say."""

    age: str | None = None
    age_span: RecordSpan | None = None
    injury: date | None = None
    injury_span: RecordSpan | None = None


def worker_facts(brief: ItemBrief) -> WorkerFacts:
    """Age from the first age in the record; injury date from the header, on the record's words where they agree."""
    age = next(((field, fact) for field, _, fact in _facts(brief) if fact.kind == "age"), None)
    injury = brief.case.dates.injury
    stated = next(
        (
            (field, fact)
            for field, _, fact in _facts(brief)
            if fact.kind == "date" and injury and fact.value == injury.isoformat()
        ),
        None,
    )
    return WorkerFacts(
        age=age[1].value if age else None,
        age_span=record_span(age[0], start=age[1].start, end=age[1].end) if age else None,
        injury=injury,
        injury_span=record_span(stated[0], start=stated[1].start, end=stated[1].end)
        if stated
        else _header_span(brief.case),
    )


def _header_span(case: Case) -> RecordSpan | None:
    if case.dates.injury is None:
        return None
    printed = case.dates.injury.isoformat()
    return RecordSpan(field="dates.injury", start=0, end=len(printed), quote=printed)


def _facts(brief: ItemBrief) -> Iterator[tuple[ReadField, Sentence, Fact]]:
    for field in brief.record:
        for sentence in field.reading.sentences:
            for fact in sentence.facts:
                yield field, sentence, fact


_Kind = Literal["complaint", "finding", "other"]


class _Candidate(DomainModel):
    """A quote that could open the draft. `apt`: it bears on the item itself, or tells how bad the pain is."""

    weight: float
    order: int
    kind: _Kind
    apt: bool
    quote: DatedQuote


def opening_quotes(brief: ItemBrief, *, focus: Focus, vocabulary: Vocabulary, most: int) -> tuple[DatedQuote, ...]:
    """At most `most` quotes that tell this worker's state as it bears on the item, in the order of the record.

    One complaint and one finding where the record has them; a third only where it is apt.
    """
    candidates = [
        candidate
        for order, (field, sentence, following) in enumerate(_sentences(brief))
        if (candidate := _candidate(brief, field, sentence, following, order, focus=focus, vocabulary=vocabulary))
    ]
    ranked = sorted(_less_where_superseded(candidates), key=lambda c: (-c.weight, c.order))
    firsts = [next((c for c in ranked if c.kind == kind), None) for kind in ("complaint", "finding")]
    best = [c for c in firsts if c and c.weight > 0]
    best += [c for c in ranked if c not in best and c.weight > -5][: 2 - len(best)]
    best += [c for c in ranked if c not in best and c.weight > 1 and c.apt][: most - len(best)]
    return tuple(candidate.quote for candidate in sorted(best, key=lambda c: c.order))


def _less_where_superseded(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """What a note weeks older tells weighs less than the same kind of thing in the latest: pain of 7 that is now 4."""
    latest: dict[_Kind, date] = {}
    for one in candidates:
        if one.quote.on and one.apt:
            latest[one.kind] = max(one.quote.on, latest.get(one.kind, one.quote.on))
    return [
        one.model_copy(update={"weight": one.weight - SUPERSEDED})
        if one.quote.on and one.kind in latest and (latest[one.kind] - one.quote.on).days > STALE_DAYS
        else one
        for one in candidates
    ]


def _sentences(brief: ItemBrief) -> Iterator[tuple[ReadField, Sentence, Sentence | None]]:
    """Each sentence of the record's own voice, with the one that follows it in the same text."""
    for field in brief.record:
        told = field.reading.sentences
        for sentence, following in zip_longest(told, told[1:]):
            if sentence.voice == "record":
                yield field, sentence, following


def _candidate(
    brief: ItemBrief,
    field: ReadField,
    sentence: Sentence,
    following: Sentence | None,
    order: int,
    *,
    focus: Focus,
    vocabulary: Vocabulary,
) -> _Candidate | None:
    mentions = [mention for mention in sentence.mentions if mention.polarity == "affirmed"]
    mentions = mentions or (_denied(sentence) if focus.regions else [])
    if not mentions:
        return None
    denied = mentions[0].polarity == "negated"
    anchor = _anchor(mentions, sentence, focus=focus, vocabulary=vocabulary)
    excerpt = excerpt_around(sentence, start=anchor.start, end=anchor.end)
    kinds = {vocabulary.evidence[mention.concept].kind for mention in mentions}
    kind: _Kind = "other" if denied else _kind_of(excerpt.told, mentions, vocabulary=vocabulary)
    rated = following if kind == "complaint" and _rates(sentence, excerpt, following, vocabulary=vocabulary) else None
    scores = [fact for fact in sentence.facts if fact.kind == "score"]
    scored = rated is not None or any(excerpt.start <= score.start < excerpt.end for score in scores)
    near = _region_weight(sentence, focus=focus, vocabulary=vocabulary)
    own = near >= 0 and bool(_subjects(sentence.facts) & _item_subjects(brief))
    weight = _weight_of(sentence, mentions, excerpt.told, vocabulary=vocabulary)
    weight += near + (1.5 if own else 0.0) + (1.0 if scored else 0.0)
    weight -= 2.0 if kinds <= _ASIDE and not own else 0.0
    weight += (1.0 if _DENIES.search(sentence.text) else -2.0) if denied else 0.0
    weight += _lateness(sentence.on or field.source.date, brief.case)
    end = rated.start + len(rated.text.rstrip(_ENDS)) if rated else excerpt.end
    return _Candidate(
        weight=weight,
        order=order,
        kind=kind,
        apt=near > 1 or own or scored or denied,
        quote=DatedQuote(
            span=record_span(field, start=excerpt.start, end=end),
            on=sentence.on or field.source.date,
            told=excerpt.told,
            of=excerpt.of,
        ),
    )


def _denied(sentence: Sentence) -> list[Mention]:
    """The nerve complaints and signs that a sentence denies, where it affirms nothing."""
    return [m for m in sentence.mentions if m.polarity == "negated" and m.concept in _NERVE]


def _kind_of(told: Told, mentions: Sequence[Mention], *, vocabulary: Vocabulary) -> _Kind:
    """A list of diagnoses, of medicines or of past treatment is neither a complaint nor a finding."""
    kinds = {vocabulary.evidence[mention.concept].kind for mention in mentions}
    if told in ("diagnosis", "treated"):
        return "other"
    if told == "complaint" or (told == "record" and "symptom" in kinds and "sign" not in kinds):
        return "complaint"
    found = told == "examination" or any(_tells(mention.concept, vocabulary=vocabulary) for mention in mentions)
    return "finding" if found else "other"


def _weight_of(sentence: Sentence, mentions: Sequence[Mention], told: Told, *, vocabulary: Vocabulary) -> float:
    """What the sentence tells by itself, whatever the item."""
    concepts = {mention.concept for mention in mentions}
    pain = concepts & set(vocabulary.pain_concepts.values())
    telling = {concept for concept in concepts - _COMMON - pain if _tells(concept, vocabulary=vocabulary)}
    weight = max(_KIND_WEIGHT.get(vocabulary.evidence[concept].kind, 0.3) for concept in concepts)
    weight += 0.5 + 0.25 * min(len(telling), 4) if telling else 0.0
    weight += 1.0 if pain else 0.0
    weight += 0.1 * min(len(concepts - pain), 4)
    weight += 0.5 if told in ("complaint", "examination") else 0.0
    weight -= 5.0 if _WISHED.search(sentence.text) else 0.0
    weight -= 10.0 if _INTRODUCTION.search(sentence.text) else 0.0
    return weight


def _tells(concept: str, *, vocabulary: Vocabulary) -> bool:
    """A complaint, a sign, or what imaging found."""
    return vocabulary.evidence[concept].kind in _PICTURE or concept.endswith(("-imaging", "-compromise"))


def _rates(sentence: Sentence, excerpt: Excerpt, following: Sentence | None, *, vocabulary: Vocabulary) -> bool:
    """True where the next sentence only gives the score of the complaint that this one ends with."""
    if following is None or following.voice != "record" or len(following.text.split()) > SCORE_WORDS:
        return False
    if any(fact.kind == "score" for fact in sentence.facts) or not any(f.kind == "score" for f in following.facts):
        return False
    reaches = excerpt.end >= sentence.start + len(sentence.text.rstrip(_ENDS))
    return reaches and not regions_of(following.facts, vocabulary) - _NO_LIMB


def _anchor(mentions: list[Mention], sentence: Sentence, *, focus: Focus, vocabulary: Vocabulary) -> Mention:
    """The mention to quote around: a complaint or finding before anything else, the nearest to the item's body part."""
    told = [m for m in mentions if _tells(m.concept, vocabulary=vocabulary)] or mentions
    places = [fact.start for fact in sentence.facts if regions_of([fact], vocabulary) & focus.regions]
    if not places or vocabulary.evidence[told[0].concept].kind not in _PICTURE:
        return told[0]
    return min(told, key=lambda mention: min(abs(mention.start - place) for place in places))


def _region_weight(sentence: Sentence, *, focus: Focus, vocabulary: Vocabulary) -> float:
    regions = regions_of(sentence.facts, vocabulary)
    if not focus.regions or not regions:
        return 0.0
    if regions & focus.regions:
        return 2.0
    return 0.5 if regions_fit(regions, focus.regions) else -3.0


def _subjects(facts: tuple[Fact, ...]) -> set[str]:
    return {fact.value for fact in facts if fact.kind in _SUBJECT_KINDS}


def _item_subjects(brief: ItemBrief) -> set[str]:
    return {value for sentence in brief.item_reading.sentences for value in _subjects(sentence.facts)}


def _lateness(on: date | None, case: Case) -> float:
    """Up to 1.0 for a note dated on or near the UR denial, less the older it is (30 days halve it)."""
    reference = case.dates.ur_denial or case.dates.decision
    if on is None or reference is None or on > reference:
        return 0.0
    return float(0.5 ** ((reference - on).days / 30.0))


_PURPOSE = re.compile(
    r"\b(?:(?:in order |so as )?to (?:rule out|confirm|evaluate|assess|determine|identify|check|monitor|address|treat|"
    r"help|assist|improve|reduce|decrease|prevent|avoid|manage)|due to|because|so that)\b",
    re.IGNORECASE,
)
_PURPOSE_ENDS = re.compile(r"[.;,](?=\s|$)")


def stated_purpose(brief: ItemBrief) -> DatedQuote | None:
    """What the treating physician wants the item for, in the record's words; the latest where there are several.

    Only a sentence that names the item's own treatment and, behind it, what it is to do or is due to.
    """
    subjects = _item_subjects(brief)
    found = [
        quote
        for field in brief.record
        for sentence in field.reading.sentences
        if sentence.voice in ("record", "request") and (quote := _purpose(field, sentence, subjects))
    ]
    return max(found, key=lambda quote: quote.on or date.min, default=None)


def _purpose(field: ReadField, sentence: Sentence, subjects: set[str]) -> DatedQuote | None:
    things = [fact for fact in sentence.facts if fact.kind in _SUBJECT_KINDS]
    named = [fact for fact in things if fact.value in subjects]
    if not named or named[0].polarity == "negated":
        return None
    purpose = _PURPOSE.search(sentence.text, named[0].end - sentence.start)
    if purpose is None or _of_another(things, subjects, between=(named[0].end, sentence.start + purpose.start())):
        return None
    ends = _PURPOSE_ENDS.search(sentence.text, purpose.end())
    end = sentence.start + (ends.start() if ends else purpose.end())
    excerpt = excerpt_around(sentence, start=named[0].start, end=end)
    span = record_span(field, start=excerpt.start, end=excerpt.end)
    whole = purpose[0] in span.quote and not _broken_quotation(span.quote)
    return DatedQuote(span=span, on=sentence.on or field.source.date) if whole else None


def _of_another(things: Sequence[Fact], subjects: set[str], *, between: tuple[int, int]) -> bool:
    """Whether another treatment stands between the item's and the purpose: "an EKG, a Holter monitor to assess"."""
    return any(between[0] <= fact.start < between[1] and fact.value not in subjects for fact in things)


def _broken_quotation(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("“") != text.count("”")


def utilization_review_reason(brief: ItemBrief, *, focus: Focus, vocabulary: Vocabulary) -> DatedQuote | None:
    """The claims administrator's reason for this item as the record reports it, or `None`.

    Where the case has several items, only a sentence that names this item's treatment or body region is taken.
    """
    subjects = _item_subjects(brief)
    alone = len(brief.case.items) == 1
    for field in brief.record:
        for sentence in field.reading.sentences:
            if sentence.voice != "utilization_review":
                continue
            regions = regions_of(sentence.facts, vocabulary)
            its_own = alone or subjects & _subjects(sentence.facts) or (regions and regions <= focus.regions)
            if its_own and _gives_reason(sentence):
                return DatedQuote(span=record_span(field, start=sentence.start, end=sentence.end), on=sentence.on)
    return None


_REASONS = (
    "due to",
    "because",
    "lack of",
    "no documentation",
    "no evidence",
    "not document",
    "no indication",
    "rationale",
    "insufficient",
    "did not",
    "was not",
    "as the",
    "not support",
)


_DECISION = re.compile(
    r"\b(?:is|was|were|are) not (?:found |deemed )?(?:medically necessary|certified|authori[sz]ed|approved)"
)


def _gives_reason(sentence: Sentence) -> bool:
    """Whether more is told than the decision: "was not medically necessary" and "was not certified" give no reason."""
    text = _DECISION.sub("", sentence.text.lower())
    return any(word in text for word in _REASONS)
