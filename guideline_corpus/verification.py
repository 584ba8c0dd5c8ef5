"""Recomputes every hash of what a home holds: the active version, the added files, the index."""

from __future__ import annotations

from pathlib import Path

from guideline_corpus.errors import CorpusNotBuilt
from guideline_corpus.model import CorpusModel
from guideline_corpus.sources import source_problems
from guideline_corpus.versions import corpus_folder, current_version, read_version, verify_version


class Verification(CorpusModel):
    """`problems` is empty where everything is what was built."""

    corpus_version: str
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.problems


def verify_home(home: Path) -> Verification:
    """Compare everything with its recorded hash. Raises CorpusNotBuilt where there is nothing to compare."""
    version = current_version(home)
    if version is None:
        raise CorpusNotBuilt(f"There is no guideline corpus in {home}; run `guideline-corpus build` first.")
    problems = (*verify_version(corpus_folder(home) / version), *source_problems(home))
    if not problems:
        from guideline_corpus.indexing import index_problems

        problems = index_problems(read_version(home, version))
    return Verification(corpus_version=version, problems=problems)
