"""Builds a corpus version: the starter gists and every file added to the home, as passages in one fixed order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from guideline_corpus.edition_table import home_table, load_editions
from guideline_corpus.errors import StarterInvalid
from guideline_corpus.model import CorpusModel, Passage
from guideline_corpus.starter import load_starter
from guideline_corpus.versions import activate, one_builder, version_files, write_version

Report = Callable[[str, int, int], None]


class BuildReport(CorpusModel):
    """What a build made."""

    version: str
    gists: int
    official: int


def build_corpus(home: Path, *, report: Report = lambda step, done, total: None) -> BuildReport:
    """Build the starter corpus and all added files into a new active version. The version before is kept.

    `report(step, done, total)` is called as the work goes on.
    Raises CorpusError; then the active version is the one before.
    """
    with one_builder(home):
        editions = load_editions(home_table(home))
        gists = load_starter(editions)
        report("gists", len(gists), len(gists))
        passages = ordered(gists)
        version = write_version(home, version_files(passages, editions))
        activate(home, version)
    return BuildReport(version=version, gists=len(gists), official=0)


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
