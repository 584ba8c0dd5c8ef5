"""The nouns of the corpus: editions, passages, criteria, and what a search returns.

A passage always knows where it stands (guideline, edition, section, pages), since when it was in force, and what kind
of text it is: `official` (the regulation's or publisher's own words), `gist` (our own words, never quoted as
regulation) or `ocr`. Pages are only pages that somebody saw, in an official text or in a published letter; a page that
is merely recalled stays in the starter file. Nothing here knows of cases.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TextKind = Literal["official", "gist", "ocr"]
Rung = Literal[1, 2, 3, 4]
CriterionSource = Literal["official", "letters", "recalled"]
CriterionRole = Literal["requires", "excludes", "limits", "notes"]
Course = Literal["trial", "continuation"]
Quantity = Literal[
    "visits", "visits_per_week", "days", "weeks", "months", "years", "injections", "levels", "tablets_days"
]
Trigger = Literal["request", "service", "dispensing"]
Confidence = Literal["seen", "recalled"]


class CorpusModel(BaseModel):
    """Frozen and closed: a misspelt key in a data file is an error, and no passage changes after it was built."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(CorpusModel):
    """A number that a criterion sets, in the unit `quantity`; bounds are inclusive."""

    quantity: Quantity
    at_most: float | None = None
    at_least: float | None = None


class Criterion(CorpusModel):
    """One thing a section asks of the record.

    `role`: `requires` (must be shown), `excludes` (speaks against when shown), `limits` (a number or a duration),
    `notes` (worth weighing, decides nothing alone). `met_by` and `failed_by` are ids of evidence concepts
    (`guideline_corpus/vocabulary/evidence`); for `excludes`, the concepts stand in `failed_by`. `open_by` are concepts
    that neither show nor refute it, but forbid to say that the record holds nothing of it. `along_with` are concepts of
    which one has to be shown beside one of `met_by`, where a section asks for two things at once (examination and
    imaging): alone neither half meets it.
    `treatments` are the ids of the treatments it speaks of, in a section that covers several (an X-ray's criterion is
    none of an MRI's); empty: of all that the section covers.
    `phrase` is the criterion as a noun phrase in lower case, fit to stand after "asks for", "limits it to" or "where
    there is" in a sentence (for `notes`, after "notes that", a clause); empty where nobody wrote one.
    `course` says which part of a treatment it speaks of: its first trial, or its continuation; empty: of both.
    `start` and `end` are offsets into the passage text, set only where the text is official.
    """

    text: str
    phrase: str = ""
    source: CriterionSource
    letters: tuple[str, ...] = ()
    role: CriterionRole = "requires"
    met_by: tuple[str, ...] = ()
    failed_by: tuple[str, ...] = ()
    open_by: tuple[str, ...] = ()
    along_with: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    limit: Limit | None = None
    course: Course | None = None
    start: int | None = None
    end: int | None = None


class InForce(CorpusModel):
    """The days on which an edition governs, both inclusive; `None` is open."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def covers(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class Edition(CorpusModel):
    """One edition of one guideline. `edition_id` is the folder name of its starter files (`chronic-pain-2016`).

    `guideline_id` stays the same through all editions of a guideline. `note` says what about the row is not known;
    `developer` names the issuing body where the title alone does not.
    """

    edition_id: str
    guideline_id: str
    guideline: str
    edition: str
    rung: Rung
    in_force: InForce
    trigger: Trigger
    source: str
    confidence: Confidence
    note: str = ""
    developer: str = ""


class PageStart(CorpusModel):
    """From the offset `at` of a passage's text on, the words stand on the printed page `page`; None: not known."""

    at: int
    page: str | None


class Passage(CorpusModel):
    """A stretch of guideline text that can be found and cited. `passage_id` depends on its content alone.

    `pages` are the printed pages it stands on; `page_starts` tells which words stand on which (`pages_of`).
    """

    passage_id: str
    edition_id: str
    guideline: str
    edition: str
    rung: Rung
    in_force: InForce
    section: str
    section_path: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    page_starts: tuple[PageStart, ...] = ()
    text_kind: TextKind
    text: str
    criteria: tuple[Criterion, ...] = ()
    criteria_complete: bool = False
    treatments: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    developer: str = ""
    licence: str = ""
    source_file: str = ""
    start: int | None = None
    end: int | None = None

    def pages_of(self, start: int, end: int) -> tuple[str, ...]:
        """The printed pages on which `text[start:end]` stands; all pages of the passage where no more is known."""
        if not self.page_starts:
            return self.pages
        ends = [*(one.at for one in self.page_starts[1:]), len(self.text)]
        on = (one.page for one, until in zip(self.page_starts, ends, strict=True) if one.at < end and until > start)
        return tuple(dict.fromkeys(page for page in on if page is not None))


class TermMatch(CorpusModel):
    """Why a passage was found: the query's word, and the passage's term that it hit (a synonym where they differ)."""

    query_term: str
    passage_term: str


class RetrievedPassage(CorpusModel):
    """A passage as it bears on one query. `score` is in [0, 1]; higher is nearer."""

    rank: int
    score: float
    passage: Passage
    matches: tuple[TermMatch, ...] = ()


class SearchResult(CorpusModel):
    """All that one search returned. `addressed` is False where no passage passed the threshold."""

    query: str
    as_of: date | None
    corpus_version: str
    addressed: bool
    results: tuple[RetrievedPassage, ...]
    searched_by: Literal["keyword+vector", "keyword"]
