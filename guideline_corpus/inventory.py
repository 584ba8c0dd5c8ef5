"""What a corpus holds, told by edition: the answer of `guideline-corpus list`."""

from __future__ import annotations

from collections import Counter

from guideline_corpus.errors import UnknownGuideline
from guideline_corpus.model import CorpusModel, Edition, Passage
from guideline_corpus.versions import Corpus


class EditionHoldings(CorpusModel):
    """An edition and how many passages of each kind the corpus has of it."""

    edition: Edition
    gists: int
    official: int
    criteria: dict[str, int]


class PassageLine(CorpusModel):
    """A passage without its text."""

    passage_id: str
    edition_id: str
    section: str
    section_path: tuple[str, ...]
    pages: tuple[str, ...]
    text_kind: str
    words: int
    criteria: int


class Inventory(CorpusModel):
    """All editions with passages; `passages` are filled where one edition was asked for."""

    corpus_version: str
    editions: tuple[EditionHoldings, ...]
    passages: tuple[PassageLine, ...] = ()


def inventory_of(corpus: Corpus, *, edition_id: str | None = None) -> Inventory:
    """What `corpus` holds, of one edition or of all. Raises UnknownGuideline."""
    by_edition: dict[str, list[Passage]] = {}
    for passage in corpus.passages:
        by_edition.setdefault(passage.edition_id, []).append(passage)
    known = {edition.edition_id: edition for edition in corpus.editions}
    if edition_id is not None and edition_id not in by_edition:
        missing = f"Corpus {corpus.version} has no passages of {edition_id!r}"
        raise UnknownGuideline(f"{missing}; `guideline-corpus list` shows the editions it has.")
    shown = [edition_id] if edition_id is not None else [row for row in known if row in by_edition]
    return Inventory(
        corpus_version=corpus.version,
        editions=tuple(_holdings(known[row], by_edition[row]) for row in shown),
        passages=tuple(_line(passage) for passage in by_edition[edition_id]) if edition_id is not None else (),
    )


def _holdings(edition: Edition, passages: list[Passage]) -> EditionHoldings:
    kinds = Counter(passage.text_kind for passage in passages)
    sources = Counter(criterion.source for passage in passages for criterion in passage.criteria)
    return EditionHoldings(
        edition=edition, gists=kinds["gist"], official=kinds["official"], criteria=dict(sorted(sources.items()))
    )


def _line(passage: Passage) -> PassageLine:
    return PassageLine(
        passage_id=passage.passage_id,
        edition_id=passage.edition_id,
        section=passage.section,
        section_path=passage.section_path,
        pages=passage.pages,
        text_kind=passage.text_kind,
        words=len(passage.text.split()),
        criteria=len(passage.criteria),
    )
