"""What a search found is kept by what it was asked, so that a second try of a template searches nothing again.

    <home>/cache/searches/<corpus version>-<version of the search code>/<SHA-256 of query, day and limit>.json

Kept are places and scores, not texts: passages come from the corpus version, which never changes. A search by keyword
alone is not kept, because the weights for the other half may be there the next time. The search itself, with its index
and encoder, is opened only when something is asked that is not kept. Delete the folder at any time.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import guideline_corpus
from drafter.bootstrap import App
from drafter.ports import Retriever
from evals.code_version import files_version
from guideline_corpus.model import Passage, RetrievedPassage, SearchResult, TermMatch
from guideline_corpus.whole_file import write_whole


def open_searches(app: App) -> StoredSearches:
    """The search of an application, behind what it found before."""
    version = app.provenance().corpus_version
    code = files_version((Path(guideline_corpus.__file__).parent,))
    return StoredSearches(
        app.settings.cache_dir / "searches" / f"{version}-{code}",
        corpus_version=version,
        passages={passage.passage_id: passage for passage in app.guidelines.passages},
        open_search=lambda: app.retriever,
    )


class StoredSearches:
    """A `Retriever` that asks another only for what it does not hold."""

    def __init__(
        self,
        folder: Path,
        *,
        corpus_version: str,
        passages: Mapping[str, Passage],
        open_search: Callable[[], Retriever],
    ) -> None:
        self.corpus_version = corpus_version
        self._folder = folder
        self._passages = passages
        self._open_search = open_search
        self._search: Retriever | None = None
        self._lock = threading.Lock()

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        """See `Retriever.search`."""
        asked = json.dumps([query, as_of.isoformat() if as_of else None, limit])
        path = self._folder / f"{hashlib.sha256(asked.encode('utf-8')).hexdigest()}.json"
        held = self._held(path, query=query, as_of=as_of)
        if held is not None:
            return held
        with self._lock:
            if self._search is None:
                self._search = self._open_search()
            found = self._search.search(query, as_of=as_of, limit=limit)
        if found.searched_by == "keyword+vector":
            self._keep(path, found)
        return found

    def _held(self, path: Path, *, query: str, as_of: date | None) -> SearchResult | None:
        try:
            held = json.loads(path.read_bytes())
            return SearchResult(
                query=query,
                as_of=as_of,
                corpus_version=self.corpus_version,
                addressed=held["addressed"],
                results=tuple(self._retrieved(one) for one in held["results"]),
                searched_by="keyword+vector",
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _retrieved(self, held: Mapping[str, Any]) -> RetrievedPassage:
        return RetrievedPassage(
            rank=held["rank"],
            score=held["score"],
            passage=self._passages[held["passage_id"]],
            matches=tuple(TermMatch(query_term=term, passage_term=found) for term, found in held["matches"]),
        )

    def _keep(self, path: Path, found: SearchResult) -> None:
        """Written whole or not at all; a disk that is full costs the next run a search and this one nothing."""
        results = [
            {
                "rank": one.rank,
                "score": one.score,
                "passage_id": one.passage.passage_id,
                "matches": [[match.query_term, match.passage_term] for match in one.matches],
            }
            for one in found.results
        ]
        try:
            write_whole(path, json.dumps({"addressed": found.addressed, "results": results}), lasting=False)
        except OSError:
            return
