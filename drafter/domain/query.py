"""What to search for: the treatment in dispute and the body part, nothing else of the case.

Measured on published letters, adding the case summary to the query makes every kind of search worse. So little is
taken from the case, and only where the request leaves it open: the body part, where the words of the request name none
or only an extremity, read from the diagnoses and complaints; that a therapy is after an operation, where the item hangs
on one or the summary tells of one; and for opioids that the pain is fresh, because that guideline is arranged by the
phase of pain. All of it is added as words, so that what the reviewer is shown as the query is what was searched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from drafter.domain.case import Case, DisputedItem
from drafter.domain.operations import operated_on
from guideline_corpus.routing import Asked, understand
from guideline_corpus.vocabulary import Family, TreatmentKind, Vocabulary

BODY_PARTS: tuple[Family, ...] = ("body_part",)
ACUTE_DAYS = 31
MOST_PARTS = 3
# A drug or a service is looked up by its name; where it acts does not change the section that governs it.
KINDS_WITH_A_BODY_PART: frozenset[TreatmentKind] = frozenset(
    ("therapy", "modality", "diagnostic", "injection", "surgery", "device", "evaluation")
)
CHAPTERS_OF_COMPLAINTS = frozenset(
    ("neck", "shoulder", "elbow", "forearm-wrist-hand", "low-back", "knee", "ankle-foot", "hip")
)
KINDS_AFTER_SURGERY: frozenset[TreatmentKind] = frozenset(("therapy", "drug"))
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\d)[^.!?]*)*")
_DIAGNOSIS = re.compile(r"\bdiagnos|\bassessment\b|\bimpression\b", re.IGNORECASE)
_COMPLAINT = re.compile(r"\bcomplain|\bpain\b|\binjur|\bsprain|\bstrain|\bfractur|\btear\b", re.IGNORECASE)
_BEFORE_SURGERY = re.compile(r"\bpre-?\s?op", re.IGNORECASE)


class ItemQuery(NamedTuple):
    """The words to search for, and what of them was taken from the case and not from the request."""

    text: str
    kind: TreatmentKind | None
    added_body_parts: tuple[str, ...] = ()
    added_setting: str | None = None


def item_query(case: Case, item: DisputedItem, *, vocabulary: Vocabulary) -> str:
    """The query for one disputed item; see `query_of`."""
    return query_of(case, item, vocabulary=vocabulary).text


def query_of(case: Case, item: DisputedItem, *, vocabulary: Vocabulary) -> ItemQuery:
    """The request in its own words, with the body part and the setting where it leaves them open."""
    asked = understand(item.treatment, vocabulary)
    kind = _kind(asked, vocabulary)
    parts = _missing_parts(case, asked, vocabulary) if kind in KINDS_WITH_A_BODY_PART else ()
    setting = _setting(case, item, asked, kind, vocabulary)
    if setting is None and kind == "therapy" and not asked.settings:
        setting = _after_an_operation(case, (*asked.body_parts, *parts), vocabulary)
    labels = [vocabulary.body_parts[part].terms[0] for part in parts]
    words = [item.treatment.strip().rstrip(".,:;"), *labels, *([setting] if setting else [])]
    return ItemQuery(text=", ".join(words), kind=kind, added_body_parts=parts, added_setting=setting)


def _kind(asked: Asked, vocabulary: Vocabulary) -> TreatmentKind | None:
    """What sort of treatment is asked for first; None where the vocabulary knows none of the words."""
    return vocabulary.treatments[asked.treatments[0].treatment_id].kind if asked.treatments else None


def _missing_parts(case: Case, asked: Asked, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The body parts of the case that the request leaves open, the most spoken of first."""
    named = [vocabulary.body_parts[part] for part in asked.body_parts]
    if any(part.chapter != "other" for part in named) or (named and not any(part.spans for part in named)):
        return ()
    within = {chapter for part in named for chapter in part.spans}
    spoken = _parts_spoken_of(case.case_summary or "", vocabulary)
    chapters: dict[str, str] = {}
    for part in spoken:
        chapter = vocabulary.body_parts[part].chapter
        if chapter in CHAPTERS_OF_COMPLAINTS and (not within or chapter in within):
            chapters.setdefault(chapter, part)
    return tuple(chapters.values())[:MOST_PARTS]


def _parts_spoken_of(summary: str, vocabulary: Vocabulary) -> list[str]:
    """Body parts in the diagnoses, or else in the complaints, the most often named first."""
    for cue in (_DIAGNOSIS, _COMPLAINT):
        found = Counter(_parts_in(_sentences_with(cue, summary), vocabulary))
        if found:
            return [part for part, _ in found.most_common()]
    return []


def _sentences_with(cue: re.Pattern[str], text: str) -> Iterable[str]:
    return (match[0] for match in _SENTENCE.finditer(text) if cue.search(match[0]))


def _parts_in(sentences: Iterable[str], vocabulary: Vocabulary) -> Iterable[str]:
    for sentence in sentences:
        yield from (span.id for span in vocabulary.find(sentence, families=BODY_PARTS))


def _setting(
    case: Case, item: DisputedItem, asked: Asked, kind: TreatmentKind | None, vocabulary: Vocabulary
) -> str | None:
    if asked.settings:
        return None
    if kind in KINDS_AFTER_SURGERY and _hangs_on_surgery(case, item, vocabulary):
        return "postoperative"
    if any("opioid" in vocabulary.classes_of(one.treatment_id) for one in asked.treatments):
        return _phase(case)
    return None


def _hangs_on_surgery(case: Case, item: DisputedItem, vocabulary: Vocabulary) -> bool:
    main = next((other for other in case.items if other.number == item.depends_on), None)
    if main is None or _BEFORE_SURGERY.search(item.heading):
        return False
    return _kind(understand(main.treatment, vocabulary), vocabulary) == "surgery"


def _after_an_operation(case: Case, parts: Iterable[str], vocabulary: Vocabulary) -> str | None:
    chapters = {vocabulary.body_parts[part].chapter for part in parts}
    operated = operated_on(case, chapters=chapters, requested=_requested(case), vocabulary=vocabulary)
    return "postoperative" if operated else None


def _phase(case: Case) -> str | None:
    """The phase of pain where the injury was fresh on the day of the request; None otherwise or without the dates."""
    requested = _requested(case)
    if case.dates.injury is None or requested is None:
        return None
    return "acute pain" if (requested - case.dates.injury).days <= ACUTE_DAYS else None


def _requested(case: Case) -> date | None:
    return case.dates.rfa or case.dates.ur_denial
