"""Builds the corpus of a home anew after its data were changed, where there is one to build anew."""

from __future__ import annotations

from guideline_corpus.build import BuildReport, Report, build_corpus, no_report, search_indexer
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.versions import current_version


def rebuild(settings: CorpusSettings, *, report: Report = no_report) -> BuildReport | None:
    """The new build; None where the home has no corpus yet, so that the first `build` will take the change up."""
    if current_version(settings.home) is None:
        return None
    return build_corpus(settings.home, index=search_indexer(settings), report=report)
