"""The words of the field: treatments, body parts, diagnoses, evidence, and the turns of speech that colour them.

The words are data (`guideline_corpus/vocabulary/**.toml`), not code: each file says where they come from, and a QA lead
can add one. This module reads and checks those files, and finds all their terms in a text in one pass. Search expands
queries with it, the corpus build tags passages with it, and the reading of clinical prose stands on it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import ValidationError

from guideline_corpus.errors import StarterInvalid
from guideline_corpus.model import CorpusModel
from guideline_corpus.phrases import PhraseMatcher, Word, phrase_keys

Family = Literal["treatment", "body_part", "diagnosis", "evidence", "cue"]
Sense = Literal["term", "shown_by", "neutral", "against"]
TreatmentKind = Literal[
    "drug", "therapy", "modality", "diagnostic", "injection", "surgery", "device", "service", "program", "evaluation"
]
Chapter = Literal[
    "neck", "shoulder", "elbow", "forearm-wrist-hand", "low-back", "knee", "ankle-foot", "hip", "head", "eye", "stress",
    "other",
]  # fmt: skip
EvidenceKind = Literal["symptom", "sign", "test", "history", "response", "plan", "status", "risk"]
CueKind = Literal[
    "negation",
    "uncertainty",
    "plan",
    "hypothetical",
    "history",
    "other-person",
    "stop",
    "presupposes",
    "not-a-cue",
    "idiom",
    "not-a-treatment",
    "upper-case-only",
    "abnormal",
    "normal",
    "ur-actor",
    "ur-decision",
    "ur-subject",
    "ur-reason",
    "ur-follow",
    "request",
    "record-anchor",
    "guideline",
    "finding",
    "reasoning",
]  # fmt: skip
Direction = Literal["forward", "backward"]

_LONGEST_SHORT = 6
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Treatment(CorpusModel):
    """A treatment by its generic name. `classes` are ids of the wider treatments it belongs to.

    `body_parts` are the parts that the treatment's own name implies (a meniscectomy is of the knee).
    """

    id: str
    label: str
    kind: TreatmentKind
    terms: tuple[str, ...]
    classes: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()


class BodyPart(CorpusModel):
    """A body part and the complaint chapter it belongs to; a wide part names in `spans` those it may stand for.

    An `axial` part has no twin on the other side: in "right shoulder and neck" the side does not reach it.
    """

    id: str
    label: str
    terms: tuple[str, ...]
    chapter: Chapter
    axial: bool = False
    spans: tuple[Chapter, ...] = ()


class Diagnosis(CorpusModel):
    id: str
    label: str
    terms: tuple[str, ...]


class EvidenceConcept(CorpusModel):
    """Something a criterion asks for.

    `terms` name it, `shown_by` show it without naming it, `against` state its opposite. `neutral` are names of what is
    examined ("sensation", "straight leg raise"): they count only with a state beside them ("decreased", "negative").
    `pain_of` are the body parts whose pain the concept is, so that "neck, mid back and low back pain" names all three.
    """

    id: str
    label: str
    kind: EvidenceKind
    terms: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    pain_of: tuple[str, ...] = ()


class Cue(CorpusModel):
    """A turn of speech that colours what stands near it.

    `direction` is where its scope lies; `through_lists` lets the scope run on over "a, b and c".
    """

    id: str
    label: str
    kind: CueKind
    terms: tuple[str, ...]
    direction: Direction = "forward"
    through_lists: bool = False


class TermSpan(NamedTuple):
    """One term found in a text: `text[start:end]` are its words, `id` the entry of `family` it belongs to."""

    family: Family
    id: str
    sense: Sense
    start: int
    end: int


Entry = TypeVar("Entry", Treatment, BodyPart, Diagnosis, EvidenceConcept, Cue)


class Vocabulary(CorpusModel):
    """All words of the field; immutable and shared. Two vocabularies are the same only if they are one object."""

    treatments: Mapping[str, Treatment] = {}
    body_parts: Mapping[str, BodyPart] = {}
    diagnoses: Mapping[str, Diagnosis] = {}
    evidence: Mapping[str, EvidenceConcept] = {}
    cues: Mapping[str, Cue] = {}

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def find(self, text: str, *, families: Collection[Family] | None = None) -> tuple[TermSpan, ...]:
        """The terms in a text, by start; of overlapping terms of one kind the longest (see `longest`)."""
        return longest(self.find_all(text, families=families))

    def find_all(
        self, text: str, *, families: Collection[Family] | None = None, words: list[Word] | None = None
    ) -> list[TermSpan]:
        """Every term in a text, overlapping ones too. `words` saves splitting the text twice."""
        shouted = self._upper_case_only
        return [
            TermSpan(family, entry, sense, start, end)
            for start, end, (family, entry, sense) in self._matcher.find(text, words)
            if (families is None or family in families)
            and (end - start > _LONGEST_SHORT or text[start:end].lower() not in shouted or text[start:end].isupper())
        ]

    def classes_of(self, treatment_id: str) -> tuple[str, ...]:
        """The treatment and all wider ones it belongs to, nearest first; unknown ids are kept as they are."""
        found = [treatment_id]
        for known in found:
            treatment = self.treatments.get(known)
            found.extend(wider for wider in (treatment.classes if treatment else ()) if wider not in found)
        return tuple(found)

    @cached_property
    def pain_concepts(self) -> Mapping[str, str]:
        """The symptom that is a body part's pain, by the part's id."""
        return {part: concept.id for concept in self.evidence.values() for part in concept.pain_of}

    @cached_property
    def _upper_case_only(self) -> frozenset[str]:
        """Short terms that are another word in lower case: "PT" is a therapy, "pt" a patient."""
        cues = (cue for cue in self.cues.values() if cue.kind == "upper-case-only")
        return frozenset(form for cue in cues for term in cue.terms for form in (term.lower(), f"{term.lower()}s"))

    @cached_property
    def _matcher(self) -> PhraseMatcher[tuple[Family, str, Sense]]:
        return PhraseMatcher(self._phrases())

    def _phrases(self) -> Iterator[tuple[str, tuple[Family, str, Sense]]]:
        named: tuple[tuple[Family, Mapping[str, Treatment | BodyPart | Diagnosis | EvidenceConcept | Cue]], ...] = (
            ("treatment", self.treatments),
            ("body_part", self.body_parts),
            ("diagnosis", self.diagnoses),
            ("evidence", self.evidence),
            ("cue", self.cues),
        )
        for family, entries in named:
            for entry in entries.values():
                if not (isinstance(entry, Cue) and entry.kind == "upper-case-only"):
                    yield from ((term, (family, entry.id, "term")) for term in entry.terms)
        for concept in self.evidence.values():
            yield from ((term, ("evidence", concept.id, "shown_by")) for term in concept.shown_by)
            yield from ((term, ("evidence", concept.id, "neutral")) for term in concept.neutral)
            yield from ((term, ("evidence", concept.id, "against")) for term in concept.against)


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """The vocabulary that ships with the package, read once.

    Raises StarterInvalid, naming the file and the key, where a file breaks its schema.
    """
    return read_vocabulary(resources.files("guideline_corpus") / "vocabulary")


def read_vocabulary(folder: Traversable) -> Vocabulary:
    """The vocabulary in a folder: `treatments/`, `evidence/`, `language/` (cues), `body_parts.toml`, `diagnoses.toml`.

    A missing file or folder is an empty family. Raises StarterInvalid as `load_vocabulary` does.
    """
    return Vocabulary(
        treatments=_entries(folder / "treatments", Treatment),
        body_parts=_entries(folder / "body_parts.toml", BodyPart),
        diagnoses=_entries(folder / "diagnoses.toml", Diagnosis),
        evidence=_entries(folder / "evidence", EvidenceConcept),
        cues=_entries(folder / "language", Cue),
    )


def _entries(place: Traversable, model: type[Entry]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for file in _toml_files(place):
        for key, value in _read_toml(file).items():
            if key in entries:
                raise StarterInvalid(f"Vocabulary file {file.name}: {key} is already defined; join the two entries.")
            entries[key] = _entry(file.name, key, value, model)
    return entries


def _toml_files(place: Traversable) -> list[Traversable]:
    if place.is_file():
        return [place]
    if not place.is_dir():
        return []
    return sorted((file for file in place.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)


def _read_toml(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StarterInvalid(f"Vocabulary file {file.name} is not valid TOML ({error}); correct it.") from error


def _entry(file: str, key: str, value: object, model: type[Entry]) -> Entry:
    if not _ID.fullmatch(key) or not isinstance(value, dict):
        raise StarterInvalid(f"Vocabulary file {file}: {key} must be a table with a kebab-case name.")
    try:
        entry = model(id=key, **value)
    except (ValidationError, TypeError) as error:
        raise StarterInvalid(f"Vocabulary file {file}, entry {key}: {_first_fault(error)}; correct it.") from error
    senses = ("terms", "shown_by", "neutral", "against")
    for term in (term for sense in senses for term in getattr(entry, sense, ())):
        _check_term(file, key, term)
    return entry


def _first_fault(error: ValidationError | TypeError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return "a key that is given twice"


def _check_term(file: str, key: str, term: str) -> None:
    try:
        phrase_keys(term)
    except ValueError as error:
        raise StarterInvalid(f'Vocabulary file {file}, entry {key}: term "{term}": {error}.') from error


def longest(spans: list[TermSpan]) -> tuple[TermSpan, ...]:
    """Drops a span that lies inside a longer one of its family; evidence only gives way to the same concept.

    "physical therapy" hides "therapy", but "no relief from physical therapy" keeps the prior therapy inside it. Body
    parts may not overlap at all: "upper back pain" names the upper back and not the back. Words of one concept that
    overlap are joined ("failed conservative" and "conservative care").
    """
    kept: list[TermSpan] = []
    last: dict[tuple[str, str], int] = {}
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        key = (span.family, span.id if span.family in ("evidence", "cue") else "")
        place = last.get(key)
        if place is not None and span.start < kept[place].end:
            if _gives_way(span, kept[place]):
                continue
            if span.family == "evidence" and span.sense == kept[place].sense:
                kept[place] = kept[place]._replace(end=span.end)
                continue
        last[key] = len(kept)
        kept.append(span)
    return tuple(kept)


def _gives_way(span: TermSpan, other: TermSpan) -> bool:
    """True for a span inside the earlier one, unless it has the same words and another meaning."""
    if span.start == other.start and span.end == other.end:
        return span == other
    return span.end <= other.end or span.family == "body_part"
