"""Finds the passages that govern a request: those in force first, then by keyword, vector and what they are about.

The order of a search is the order of this file. Editions that were not in force on the day are taken out before
anything is compared, so that a superseded passage cannot be retrieved however near it is (`GuidelineSearch.search`,
tests/unit/test_search.py::test_a_superseded_passage_is_not_found_however_near_it_is). Then both halves are asked and
fused (`fusion.py`); then, where a vocabulary is there, each candidate is weighed by how well it fits what is asked
(`routing.py`). The MTUS comes before other guidelines wherever it addresses the request (8 CCR 9792.21.1).

`addressed` is not a matter of nearness alone. Something is always nearest; a service dog is near to physical therapy.
A request whose treatment the vocabulary knows is addressed only by a passage about that treatment, or a class of it,
in a chapter that fits. A request in words it does not know needs a passage that shares most of them and is near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.embedding import Embedder
from guideline_corpus.errors import UnknownGuideline
from guideline_corpus.fusion import CANDIDATES, fuse
from guideline_corpus.indexing import OpenIndex
from guideline_corpus.lexical import query_weights, words_of
from guideline_corpus.model import InForce, Passage, RetrievedPassage, SearchResult, TermMatch
from guideline_corpus.passage_index import best_rows
from guideline_corpus.routing import NO_FIT, Asked, Fit, Profile, asked_classes, fit_of, profile_of, understand
from guideline_corpus.vocabulary import Vocabulary

SYNONYM_WEIGHT = 0.5
CLASS_WEIGHT = 0.25
FIT_WEIGHT = 0.85
FITS = 0.5
UNPROVEN = 0.4
NEAR = 0.55
SHARED_WORDS = 0.6
LOWER_RUNG_SHARE = 3  # of the places, one in three is kept for what lies below the MTUS
SHOWN_MATCHES = 6
REMEMBERED = 256  # vectors of queries

LISTED = 300  # passages that list the treatment asked for, weighed beside those that were found
OPEN = date.max.toordinal()

Allowed = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]


class Candidate(NamedTuple):
    """A passage as one search weighed it."""

    row: int
    fused: float
    fit: Fit
    score: float
    passes: bool


class GuidelineSearch:
    """Searches one corpus version. `vocabulary=None` leaves the words of the field out: no synonyms, no routing."""

    def __init__(
        self,
        passages: Sequence[Passage],
        index: OpenIndex,
        *,
        corpus_version: str,
        embedder: Embedder | None = None,
        vocabulary: Vocabulary | None = None,
        guideline_ids: Mapping[str, str] | None = None,
        notice: str | None = None,
    ) -> None:
        """`guideline_ids` maps edition ids to guideline ids; `notice` says why the vectors are not searched."""
        self.corpus_version = corpus_version
        self.notice = notice
        self._passages = tuple(passages)
        self._keyword = index.keyword
        self._vectors = index.vectors if embedder else None
        # A request is drafted again and again, and encoding it takes as long as all the rest of a search.
        self._vector_of = lru_cache(maxsize=REMEMBERED)(embedder.embed_query) if embedder else None
        self._vocabulary = vocabulary
        self._guideline_ids = dict(guideline_ids or {})
        self._row_of = {passage.passage_id: row for row, passage in enumerate(self._passages)}
        self._editions: dict[str, list[int]] = defaultdict(list)
        self._listing: dict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(self._passages):
            self._editions[passage.edition_id].append(row)
            for treatment in passage.treatments:
                self._listing[treatment].append(row)
        self._rungs = [passage.rung for passage in self._passages]
        self._subject_of = _numbered((p.guideline, p.section, p.treatments, p.body_parts) for p in self._passages)
        self._profiles: dict[int, Profile] = {}
        self._span = np.array([_days(passage.in_force) for passage in self._passages], dtype=np.int64).reshape(-1, 2)
        self._edition_names = tuple(self._editions)
        self._edition_of = np.zeros(len(self._passages), dtype=np.int64)
        for number, rows in enumerate(self._editions.values()):
            self._edition_of[rows] = number

    def search(
        self, query: str, *, as_of: date | None = None, limit: int = 10, guidelines: Collection[str] = ()
    ) -> SearchResult:
        """At most `limit` passages in force on `as_of`, best first; `None` is the editions that nothing has replaced.

        `guidelines` are ids of editions or guidelines to search alone. Raises UnknownGuideline.
        """
        allowed = self._in_force(as_of, self._named(guidelines))
        asked = understand(query, self._vocabulary) if self._vocabulary else Asked()
        candidates = self._weigh(query, asked, allowed) if limit > 0 and allowed.any() else []
        best = _arranged(candidates, self._rungs, limit)
        return SearchResult(
            query=query,
            as_of=as_of,
            corpus_version=self.corpus_version,
            addressed=any(candidate.passes for candidate in best),
            results=tuple(self._retrieved(rank, found, query, asked) for rank, found in enumerate(best, start=1)),
            searched_by="keyword+vector" if self._vectors is not None else "keyword",
        )

    def close(self) -> None:
        """Let go of the index."""
        if self._vectors is not None:
            self._vectors.close()

    def _named(self, guidelines: Collection[str]) -> frozenset[str] | None:
        """The editions that are meant, None where all are."""
        if not guidelines:
            return None
        known = {*self._editions, *self._guideline_ids}
        for name in guidelines:
            if name not in known and name not in self._guideline_ids.values():
                raise UnknownGuideline(
                    f"The corpus has no guideline {name!r}; `guideline-corpus list` shows the ids it has."
                )
        return frozenset(
            edition for edition in known if edition in guidelines or self._guideline_ids.get(edition) in guidelines
        )

    def _in_force(self, as_of: date | None, named: frozenset[str] | None) -> Allowed:
        """Which rows may be searched: those in force, of the editions named."""
        day = OPEN if as_of is None else as_of.toordinal()
        allowed: Allowed = (self._span[:, 1] == OPEN) if as_of is None else self._covering(day)
        if named is not None:
            allowed = allowed & np.array([name in named for name in self._edition_names])[self._edition_of]
        return allowed

    def _covering(self, day: int) -> Allowed:
        return (self._span[:, 0] <= day) & (day <= self._span[:, 1])

    def _weigh(self, query: str, asked: Asked, allowed: Allowed) -> list[Candidate]:
        keyword = np.where(allowed, self._keyword.scores(query_weights(query, also=self._synonyms(asked))), 0.0)
        similar = self._similar(query, allowed)
        # What the vectors found has a keyword score too, though it may stand below the best hundred.
        shared = {row: float(keyword[row]) for row in [*_best(keyword), *similar] if keyword[row] > 0}
        fused = fuse(shared, similar)
        fits = self._fits(asked, fused, allowed, keyword)
        passing = (
            {row for row, fit in fits.items() if fit.value >= FITS}
            if asked.treatments
            else self._near(query, fused, similar)
        )
        weighed = (
            Candidate(
                row,
                fused.get(row, 0.0),
                fits.get(row, NO_FIT),
                self._score(fused.get(row, 0.0), fits.get(row), row in passing),
                row in passing,
            )
            for row in fused.keys() | fits.keys()
        )
        return [candidate for candidate in weighed if candidate.score > 0]

    def _score(self, fused: float, fit: Fit | None, passes: bool) -> float:
        """Fit and nearness together; without a known treatment nearness, kept low where it is not near enough."""
        if fit is not None:
            return round(FIT_WEIGHT * fit.value + (1 - FIT_WEIGHT) * fused, 6)
        return round(fused if passes or self._vocabulary is None else fused * UNPROVEN, 6)

    def _similar(self, query: str, allowed: Allowed) -> dict[int, float]:
        if self._vectors is None or self._vector_of is None:
            return {}
        editions = None
        if not allowed.all():
            held = np.bincount(self._edition_of[allowed], minlength=len(self._edition_names))
            editions = frozenset(name for name, count in zip(self._edition_names, held, strict=True) if count)
        found = self._vectors.nearest(self._vector_of(query), editions=editions, limit=CANDIDATES)
        # The index filters by edition; that nothing else comes through does not rest on it.
        known = ((self._row_of.get(one.passage_id), one.similarity) for one in found)
        return {row: similarity for row, similarity in known if row is not None and allowed[row]}

    def _synonyms(self, asked: Asked) -> Iterable[tuple[str, float]]:
        """Further words to look for: the names of what is asked, and, weaker, of the classes it belongs to."""
        if self._vocabulary is None:
            return
        for treatment in asked.treatments:
            for distance, wider in enumerate(self._vocabulary.classes_of(treatment.treatment_id)):
                known = self._vocabulary.treatments.get(wider)
                weight = treatment.weight * (CLASS_WEIGHT if distance else SYNONYM_WEIGHT)
                yield (known.label if known else wider), weight
        for part in asked.body_parts:
            yield self._vocabulary.body_parts[part].label, SYNONYM_WEIGHT

    def _fits(self, asked: Asked, fused: Mapping[int, float], allowed: Allowed, keyword: Scores) -> dict[int, Fit]:
        """How well the candidates fit, and with them the passages whose file lists the treatment.

        Of the latter the nearest by keyword, so that a search over many editions stays as quick as over one.
        """
        if self._vocabulary is None or not asked.treatments:
            return {}
        classes = asked_classes(asked, self._vocabulary)
        listing = np.array(sorted({row for name in classes for row in self._listing.get(name, ())}), dtype=np.int64)
        listing = listing[allowed[listing]]
        if len(listing) > LISTED:
            listing = listing[np.argsort(-keyword[listing], kind="stable")[:LISTED]]
        fits: dict[int, Fit] = {}
        by_subject: dict[int, Fit] = {}
        for row in {*fused, *listing.tolist()}:
            subject = self._subject_of[row]
            if subject not in by_subject:
                profile = self._profile(row, self._vocabulary)
                reached = not classes.isdisjoint(profile.reach)
                by_subject[subject] = fit_of(asked, profile, self._vocabulary) if reached else NO_FIT
            fits[row] = by_subject[subject]
        return fits

    def _profile(self, row: int, vocabulary: Vocabulary) -> Profile:
        subject = self._subject_of[row]
        if subject not in self._profiles:
            self._profiles[subject] = profile_of(self._passages[row], vocabulary)
        return self._profiles[subject]

    def _near(self, query: str, fused: Mapping[int, float], similar: Mapping[int, float]) -> set[int]:
        """Where no treatment is known: the passages that share most of the query's words and are near to it."""
        near = [row for row in fused if similar.get(row, 0.0 if self._vectors is not None else 1.0) >= NEAR]
        shares = self._keyword.shares_at(set(words_of(query)), near)
        return {row for row, share in zip(near, shares, strict=True) if share >= SHARED_WORDS}

    def _retrieved(self, rank: int, found: Candidate, query: str, asked: Asked) -> RetrievedPassage:
        passage = self._passages[found.row]
        return RetrievedPassage(
            rank=rank, score=found.score, passage=passage, matches=tuple(self._matches(found, passage, query, asked))
        )

    def _matches(self, found: Candidate, passage: Passage, query: str, asked: Asked) -> list[TermMatch]:
        """Why this passage: the treatment and body part through which it fits, then the words it shares."""
        matches = list(self._fitting(found, asked)) if self._vocabulary is not None else []
        said = {word for match in matches for word in words_of(match.query_term)}
        printed = _words_by_stem(_all_text(passage))
        for stem, word in _words_by_stem(query).items():
            if stem in printed and stem not in said:
                matches.append(TermMatch(query_term=word, passage_term=printed[stem]))
        return matches[:SHOWN_MATCHES]

    def _fitting(self, found: Candidate, asked: Asked) -> Iterable[TermMatch]:
        if self._vocabulary is None or found.fit.asked is None:
            return
        known = self._vocabulary.treatments.get(found.fit.through)
        yield TermMatch(query_term=found.fit.asked.words, passage_term=known.label if known else found.fit.through)
        held = self._profile(found.row, self._vocabulary).body_parts
        for part, words in zip(asked.body_parts, asked.part_words, strict=True):
            if part in held:
                yield TermMatch(query_term=words, passage_term=self._vocabulary.body_parts[part].label)


def _arranged(candidates: Iterable[Candidate], rungs: Sequence[int], limit: int) -> list[Candidate]:
    """Those that pass first, the MTUS before lower rungs; then the rest by score. Ties go by row, which never changes.

    A lower rung that passes keeps some places even where the MTUS could fill them all: a reviewer wants to see both.
    """
    ordered = sorted(candidates, key=lambda one: (-one.score, one.row))
    mtus = [one for one in ordered if one.passes and rungs[one.row] == 1]
    lower = sorted((one for one in ordered if one.passes and rungs[one.row] > 1), key=lambda one: rungs[one.row])
    rest = [one for one in ordered if not one.passes]
    kept = min(len(lower), limit // LOWER_RUNG_SHARE)
    first = mtus[: limit - kept]
    return [*first, *lower, *mtus[len(first) :], *rest][:limit]


def _best(scores: Scores) -> list[int]:
    """The rows of the highest scores, best first, then by row."""
    rows = best_rows(scores, CANDIDATES, least=0.0)
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")][:CANDIDATES]]


def _numbered(keys: Iterable[Hashable]) -> list[int]:
    """For each key the number of its first appearance; equal keys share one."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _days(in_force: InForce) -> tuple[int, int]:
    """First and last day in force as numbers; open ends as the first and last day there is."""
    first, last = in_force.from_ or date.min, in_force.to or date.max
    return first.toordinal(), last.toordinal()


def _all_text(passage: Passage) -> str:
    return " ".join((passage.guideline, *passage.section_path, passage.section, passage.text, *passage.synonyms))


@lru_cache(maxsize=256)
def _words_by_stem(text: str) -> dict[str, str]:
    """Stem to the word as printed, in order of first appearance."""
    found: dict[str, str] = {}
    for word in text.replace("/", " ").split():
        printed = word.strip(".,;:()[]\"'")
        for stem in _stems_of(printed):
            found.setdefault(stem, printed)
    return found


@lru_cache(maxsize=65_536)
def _stems_of(word: str) -> tuple[str, ...]:
    return tuple(words_of(word))
