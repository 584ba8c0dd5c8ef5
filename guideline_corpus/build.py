"""Builds a corpus version: the starter gists and every file added to the home, as passages in one fixed order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from guideline_corpus.edition_table import home_table, load_editions
from guideline_corpus.errors import CorpusError, StarterInvalid
from guideline_corpus.model import CorpusModel, Passage
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.starter import load_starter
from guideline_corpus.versions import Corpus, activate, one_builder, read_version, version_files, write_version

Report = Callable[[str, int, int], None]
Indexer = Callable[[Corpus, Report], str | None]


class BuildReport(CorpusModel):
    """What a build made. `notice` is a sentence on what search cannot do with it, where there is such a thing."""

    version: str
    gists: int
    official: int
    notice: str | None = None


def no_report(step: str, done: int, total: int) -> None:
    """For whoever does not watch."""


def no_index(corpus: Corpus, report: Report) -> str | None:
    """For whoever reads the corpus without searching it."""
    return None


def search_indexer(settings: CorpusSettings) -> Indexer:
    """An indexer for the search of a home; an index that already fits a version is left as it is."""

    def index(corpus: Corpus, report: Report) -> str | None:
        from guideline_corpus.indexing import open_index
        from guideline_corpus.opening import build_search_index, local_embedder

        embedder, notice = local_embedder(settings)
        try:
            fits = open_index(corpus, embedder=embedder, server=settings.chroma_url)
        except CorpusError:
            fits = None
        if fits is not None and (embedder is None or fits.vectors is not None):
            return notice
        return (
            build_search_index(
                corpus, settings, embedder=embedder, report=lambda done, total: report("index", done, total)
            )
            or notice
        )

    return index


def build_corpus(home: Path, *, index: Indexer = no_index, report: Report = no_report) -> BuildReport:
    """Build the starter corpus and all added files into a new active version. The version before is kept.

    `index` makes the new version searchable before it becomes active; `report(step, done, total)` is called as the work
    goes on. Raises CorpusError; then the active version is the one before.
    """
    with one_builder(home):
        editions = load_editions(home_table(home))
        gists = load_starter(editions)
        version = write_version(home, version_files(ordered(gists), editions))
        notice = index(read_version(home, version), report)
        activate(home, version)
    return BuildReport(version=version, gists=len(gists), official=0, notice=notice)


def ordered(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Passages by edition, kind of text, place and id. Raises StarterInvalid where two have one id."""
    in_order = tuple(
        sorted(
            passages,
            key=lambda passage: (passage.edition_id, passage.text_kind, passage.start or 0, passage.passage_id),
        )
    )
    for one, other in pairwise(in_order):
        if one.passage_id == other.passage_id:
            raise StarterInvalid(
                f"{one.source_file} and {other.source_file} hold the same passage {one.passage_id}; remove one of them."
            )
    return in_order
