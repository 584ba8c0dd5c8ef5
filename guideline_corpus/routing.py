"""The reviewer's half of search: which section governs a treatment of a body part, by treatment class and chapter.

Words and vectors say what a passage is like. They do not say that imaging of the low back belongs to the low back
chapter, or that a cream with a muscle relaxant in it is a topical analgesic. The vocabulary knows this much: what a
treatment is, which wider classes it belongs to, which chapter a body part is treated in. From it each passage gets a
fit in [0, 1] for what is asked, with three rules:

- The heading comes before the text. A section headed with the treatment fits better than one that lists it among
  twenty, and one headed with a wider class lies between.
- The chapter must fit. A section of another body part's chapter has no fit at all.
- What is asked comes first. In "consultation for surgery" it is the consultation, in a cream the cream.

No rule knows a single request: everything here stands on classes, in data that a QA lead can read
(`guideline_corpus/vocabulary`). The layer can be switched off (`GuidelineSearch(vocabulary=None)`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from guideline_corpus.model import Passage
from guideline_corpus.phrases import PhraseMatcher, split_words
from guideline_corpus.vocabulary import Family, TermSpan, Treatment, Vocabulary

TREATMENTS: tuple[Family, ...] = ("treatment",)
BODY_PARTS: tuple[Family, ...] = ("body_part",)
DEDICATED = 1.0  # a guideline of its own for the class, such as the one on opioids
IN_HEADING = 0.92
OF_ITS_KIND = 0.82  # a chapter's section for this kind of treatment, such as special studies for an X-ray
LISTED = 0.75
STEP_TO_WIDER_CLASS = 0.08
CROWD = 0.006  # each further treatment that a section lists makes it a little less about this one
BESIDE = 0.04  # at most, for what else a heading speaks of
NARROWER = 0.8  # a heading that names one member of the class asked for
ONLY_IN_GENERAL = 0.6
OTHER_TOPIC = 0.8  # a heading that names another treatment and not this one
NEAR_CHAPTER = 0.9
UNKNOWN_PART = 0.95
SAME_SETTING = 0.15
NO_SETTING = 0.92
OTHER_SETTING = 0.75
PURPOSE = 0.35
TOGETHER = 0.9
ACCOMPANIED = 0.75
BOUND_KINDS = frozenset(("diagnostic", "surgery", "injection"))
# The drugs that are mixed into creams; a percentage or a cream makes them topical whatever they are by mouth.
COMPOUNDED_CLASSES = frozenset(
    ("nsaid", "muscle-relaxant", "antiepileptic-drug", "antidepressant", "opioid", "ketamine", "memantine", "clonidine",
     "corticosteroid-oral", "topical-analgesic", "supplement")
)  # fmt: skip
TOPICAL, COMPOUNDED = "topical-analgesic", "compounded-topical"
_PERCENT = re.compile(r"\s*(?:hcl\s*|sodium\s*)?\(?\d+(?:\.\d+)?\s*%", re.IGNORECASE)
_PURPOSE = re.compile(r"\b(?:for|to|regarding|re|concerning|prior to|before|about|towards?)\b", re.IGNORECASE)
_WITH = re.compile(r"\b(?:with|including|includes|using|under|plus|via)\b|[(]", re.IGNORECASE)


class AskedTreatment(NamedTuple):
    """One treatment of the request, the words that name it, and how much it is what is asked, in (0, 1]."""

    treatment_id: str
    words: str
    weight: float


class Asked(NamedTuple):
    """What a query asks for, as far as the vocabulary knows its words; `part_words` are those of `body_parts`."""

    treatments: tuple[AskedTreatment, ...] = ()
    body_parts: tuple[str, ...] = ()
    part_words: tuple[str, ...] = ()
    settings: frozenset[str] = frozenset()


class Profile(NamedTuple):
    """What a passage is about, in ids of the vocabulary.

    `title` and `heading` are the treatments that the guideline's name and the section's heading name, `over` the wider
    classes of the latter, `words` the heading's words and `focus` the share of them that name a treatment; `kinds` are
    the kinds of treatment that sections of this heading govern; `reach` is every treatment through which it can fit.
    """

    title: frozenset[str]
    heading: frozenset[str]
    words: frozenset[str]
    focus: float
    kinds: frozenset[str]
    listed: frozenset[str]
    body_parts: tuple[str, ...]
    chapters: frozenset[str]
    main_chapter: str
    settings: frozenset[str]
    over: frozenset[str]
    reach: frozenset[str]

    def narrower(self, treatment_id: str) -> bool:
        """Whether the heading names a member of this class."""
        return treatment_id in self.over


class Fit(NamedTuple):
    """How well a passage fits, in [0, 1], and through which treatment of the query and which of its classes."""

    value: float
    asked: AskedTreatment | None = None
    through: str = ""


NO_FIT = Fit(0.0)


def understand(query: str, vocabulary: Vocabulary) -> Asked:
    """The treatments, body parts and setting that a query names."""
    spans = vocabulary.find(query, families=("treatment", "body_part"))
    treatments = _treatments_named(query, spans)
    weighted = _topical(query, _weighted(query, treatments, vocabulary), treatments, vocabulary)
    parts = _body_parts(query, spans, treatments, vocabulary)
    return Asked(weighted, tuple(parts), tuple(parts.values()), settings_in(query))


def profile_of(passage: Passage, vocabulary: Vocabulary) -> Profile:
    """What a passage is about: its heading read with the vocabulary, and what its file lists."""
    heading = _heading_of(passage.section or passage.guideline, vocabulary)
    parts = passage.body_parts or tuple(
        dict.fromkeys((*_chapter_parts(passage.guideline, vocabulary), *_chapter_parts(passage.section, vocabulary)))
    )
    known = [vocabulary.body_parts[part] for part in parts if part in vocabulary.body_parts]
    chapters = [chapter for part in known for chapter in (part.chapter, *part.spans) if chapter != "other"]
    title = _titled(passage.guideline, vocabulary)
    return Profile(
        title=title,
        heading=heading.treatments,
        words=heading.words,
        focus=heading.focus,
        kinds=kinds_governed_by(passage.section),
        listed=frozenset(passage.treatments),
        body_parts=tuple(parts),
        chapters=frozenset(chapters),
        main_chapter=chapters[0] if chapters else "",
        settings=settings_in(passage.guideline) | settings_in(passage.section),
        over=heading.over,
        reach=title.union(heading.treatments, heading.over, passage.treatments),
    )


def fit_of(asked: Asked, profile: Profile, vocabulary: Vocabulary) -> Fit:
    """How well a passage fits what is asked; `NO_FIT` where no treatment is shared or the chapter is another."""
    chapter = _chapter_fit(asked.body_parts, profile, vocabulary)
    if not chapter:
        return NO_FIT
    bound = _is_bound(asked, vocabulary)
    places = [_place(treatment, profile, bound, vocabulary) for treatment in asked.treatments]
    weighted = [
        place._replace(value=place.value * one.weight) for place, one in zip(places, asked.treatments, strict=True)
    ]
    best = max(weighted, key=lambda fit: fit.value, default=NO_FIT)
    if not best.value:
        return NO_FIT
    return best._replace(value=_in_setting(best.value * chapter, asked.settings, profile.settings))


def asked_classes(asked: Asked, vocabulary: Vocabulary) -> set[str]:
    """Every treatment asked for and every wider class of it."""
    return {wider for treatment in asked.treatments for wider in vocabulary.classes_of(treatment.treatment_id)}


def _treatments_named(text: str, spans: Iterable[TermSpan]) -> list[TermSpan]:
    """The treatments in a text; "post-surgical" or "associated surgical service" is a phase of care, not a surgery."""
    phases = [(hit.start, hit.end) for hit in _table("settings.toml").find(text)]
    return [
        span
        for span in spans
        if span.family == "treatment" and not any(start <= span.start and span.end <= end for start, end in phases)
    ]


class _Heading(NamedTuple):
    """What a heading says by itself; many passages stand under one, so it is read once."""

    treatments: frozenset[str]
    words: frozenset[str]
    focus: float
    over: frozenset[str]


@lru_cache(maxsize=16_384)
def _heading_of(printed: str, vocabulary: Vocabulary) -> _Heading:
    heading = re.sub(r"[^\w\s./'’-]+", " ", printed)
    named = _treatments_named(heading, vocabulary.find(heading, families=TREATMENTS))
    return _Heading(
        treatments=frozenset(span.id for span in named),
        words=frozenset(word.key.rstrip("s") for word in split_words(heading)),
        focus=_share_of_words(heading, named),
        over=frozenset(wider for span in named for wider in vocabulary.classes_of(span.id)[1:]),
    )


@lru_cache(maxsize=1_024)
def _titled(guideline: str, vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(span.id for span in vocabulary.find(guideline, families=TREATMENTS))


@lru_cache(maxsize=16_384)
def settings_in(text: str) -> frozenset[str]:
    """The settings of care that a text names."""
    return frozenset(hit.payload for hit in _table("settings.toml").find(text))


@lru_cache(maxsize=16_384)
def kinds_governed_by(heading: str) -> frozenset[str]:
    """The kinds of treatment that a section of this heading is for, by the plan that chapters share."""
    found = {hit.payload for hit in _table("sections.toml").find(heading)}
    return frozenset(kind for section in found for kind in _rows("sections.toml")[section]["kinds"])


def _place(treatment: AskedTreatment, profile: Profile, bound: bool, vocabulary: Vocabulary) -> Fit:
    """How prominent a treatment is in a passage, in itself or through its nearest class. `bound`: see `_is_bound`."""
    best = NO_FIT
    classes = vocabulary.classes_of(treatment.treatment_id)
    for distance, wider in enumerate(classes):
        step = STEP_TO_WIDER_CLASS / 2 if treatment.treatment_id in profile.listed else STEP_TO_WIDER_CLASS
        value = _named(wider, profile, vocabulary) or _listed(treatment.treatment_id, wider, profile, bound, vocabulary)
        if wider in profile.title:
            near = next((at for at, one in enumerate(classes) if one in profile.listed), distance)
            value, step = (DEDICATED - STEP_TO_WIDER_CLASS * near / 2) * _other_topic(wider, profile), 0.0
        if value * (1 - step * distance) > best.value:
            best = Fit(value * (1 - step * distance), treatment, wider)
    narrower = NARROWER if profile.narrower(treatment.treatment_id) else 0.0
    return best if best.value >= narrower else Fit(narrower, treatment, treatment.treatment_id)


def _named(wider: str, profile: Profile, vocabulary: Vocabulary) -> float:
    if wider not in profile.heading:
        return 0.0
    return IN_HEADING - BESIDE * (1 - profile.focus) - BESIDE * (1 - _named_as(wider, profile, vocabulary))


def _listed(asked_id: str, wider: str, profile: Profile, bound: bool, vocabulary: Vocabulary) -> float:
    if wider not in profile.listed:
        return 0.0
    known = vocabulary.treatments.get(asked_id)
    if known and known.kind in profile.kinds:
        return OF_ITS_KIND
    crowded = LISTED - CROWD * min(len(profile.listed) - 1, 20)
    topic = 1.0 if profile.narrower(asked_id) else _other_topic(wider, profile)
    return crowded * topic * (ONLY_IN_GENERAL if bound and not profile.body_parts else 1.0)


def _other_topic(wider: str, profile: Profile) -> float:
    return OTHER_TOPIC if profile.heading and wider not in profile.heading else 1.0


def _is_bound(asked: Asked, vocabulary: Vocabulary) -> bool:
    """Whether the request is for a body part and of a kind that the body part's own chapter has to speak to.

    A general section that lists imaging among other things does not govern the MRI of a hip.
    """
    kinds = {vocabulary.treatments[one.treatment_id].kind for one in asked.treatments[:1]}
    return bool(asked.body_parts) and bool(kinds & BOUND_KINDS)


def _named_as(treatment_id: str, profile: Profile, vocabulary: Vocabulary) -> float:
    """How far the heading is the treatment's own name: the words they share among all words of both."""
    known = vocabulary.treatments.get(treatment_id)
    label = {word.key.rstrip("s") for word in split_words(known.label)} if known else set()
    return len(label & profile.words) / len(label | profile.words) if label else 0.0


def _share_of_words(heading: str, named: Iterable[TermSpan]) -> float:
    words = split_words(heading)
    return sum(any(s.start <= word.start < s.end for s in named) for word in words) / len(words) if words else 0.0


def _chapter_fit(asked: Iterable[str], profile: Profile, vocabulary: Vocabulary) -> float:
    """1 where a body part asked for is the section's own, less where only its chapter may be, 0 where it is another's.

    A section without body parts fits all; for a query without, no chapter is as likely as what holds for all of them.
    """
    parts = [vocabulary.body_parts[part] for part in asked if part in vocabulary.body_parts]
    if not parts or not profile.body_parts:
        return UNKNOWN_PART if profile.body_parts else 1.0
    best = 0.0
    for part in parts:
        if part.chapter == profile.main_chapter or (
            part.id in profile.body_parts and part.chapter not in profile.chapters
        ):
            best = max(best, 1.0)
        elif part.id in profile.body_parts or profile.chapters & {part.chapter, *part.spans}:
            best = max(best, NEAR_CHAPTER)
    return best


def _in_setting(value: float, asked: frozenset[str], held: frozenset[str]) -> float:
    if held & asked:
        return min(1.0, value + SAME_SETTING)
    return value * (OTHER_SETTING if held else NO_SETTING if asked else 1.0)


def _weighted(query: str, spans: list[TermSpan], vocabulary: Vocabulary) -> tuple[AskedTreatment, ...]:
    """Each treatment with the share it has in what is asked: the first named is asked, one it is "for" is not."""
    weighted: dict[str, AskedTreatment] = {}
    share, end = 1.0, 0
    for number, span in enumerate(spans):
        if number:
            share *= _joined(query[end : span.start], vocabulary.treatments[spans[number - 1].id])
        end = span.end
        known = weighted.get(span.id)
        if known is None or known.weight < share:
            weighted[span.id] = AskedTreatment(span.id, query[span.start : span.end], round(share, 4))
    return tuple(weighted.values())


def _joined(between: str, before: Treatment) -> float:
    """How much of the share passes on to the next treatment, by the words that stand between."""
    if before.kind in ("evaluation", "service", "program") or _PURPOSE.search(between):
        return PURPOSE
    return ACCOMPANIED if _WITH.search(between) else TOGETHER


def _topical(
    query: str, asked: tuple[AskedTreatment, ...], spans: list[TermSpan], vocabulary: Vocabulary
) -> tuple[AskedTreatment, ...]:
    """Drugs that are asked for as a cream, gel, ointment or patch, or by percentage, become topical analgesics."""
    drugs = [one for one in asked if vocabulary.treatments[one.treatment_id].kind == "drug"]
    mixed = [one for one in drugs if COMPOUNDED_CLASSES & set(vocabulary.classes_of(one.treatment_id))]
    topical = [one for one in mixed if TOPICAL in vocabulary.classes_of(one.treatment_id)]
    by_percent = any(
        _PERCENT.match(query, span.end) for span in spans if span.id in {one.treatment_id for one in mixed}
    )
    systemic = [one for one in mixed if one not in topical]
    if len(mixed) < len(drugs) or not systemic or not (topical or by_percent):
        return asked
    if not by_percent and any("opioid" in vocabulary.classes_of(one.treatment_id) for one in systemic):
        return tuple(one for one in asked if one.treatment_id != TOPICAL)  # an opioid patch acts through the blood
    words = ", ".join(one.words for one in mixed)
    rest = [one for one in asked if one not in systemic and one.treatment_id not in (TOPICAL, COMPOUNDED)]
    compounded = [AskedTreatment(COMPOUNDED, words, ACCOMPANIED)] if len(mixed) > 1 else []
    return (AskedTreatment(TOPICAL, words, 1.0), *compounded, *rest)


def _body_parts(
    query: str, spans: Iterable[TermSpan], treatments: list[TermSpan], vocabulary: Vocabulary
) -> dict[str, str]:
    """The body parts named, or else those that a treatment's name implies, each with the words that say so.

    A part inside the name of a device is the device's (a knee scooter is for the foot) and does not count.
    """
    devices = [span for span in treatments if vocabulary.treatments[span.id].kind == "device"]
    parts: dict[str, str] = {}
    for span in spans:
        if span.family == "body_part" and not any(d.start <= span.start and span.end <= d.end for d in devices):
            parts.setdefault(span.id, query[span.start : span.end])
    implied = [(part, span) for span in treatments for part in vocabulary.treatments[span.id].body_parts]
    return parts or {part: query[span.start : span.end] for part, span in implied}


@lru_cache(maxsize=16_384)
def _chapter_parts(title: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The body parts in a title that have a chapter; "cardiovascular risk" makes no section one of the heart."""
    found = dict.fromkeys(span.id for span in vocabulary.find(title, families=BODY_PARTS))
    return tuple(part for part in found if vocabulary.body_parts[part].chapter != "other")


@cache
def _rows(name: str) -> Mapping[str, Mapping[str, list[str]]]:
    file = resources.files("guideline_corpus") / "vocabulary" / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _table(name: str) -> PhraseMatcher[str]:
    return PhraseMatcher((term, key) for key, row in _rows(name).items() for term in row["terms"])
