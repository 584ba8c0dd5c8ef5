"""The JSON of a search: the RETRIEVED shape of the interface contract."""

from __future__ import annotations

from typing import Any

from guideline_corpus.model import RetrievedPassage, SearchResult

SHOWN = {
    "passage_id", "edition_id", "guideline", "edition", "section", "section_path", "pages", "text_kind", "rung", "text",
    "developer", "licence",
}  # fmt: skip


def search_json(result: SearchResult) -> dict[str, Any]:
    """What `guideline-corpus search --json` prints."""
    return {
        "query": result.query,
        "as_of": result.as_of.isoformat() if result.as_of else None,
        "corpus_version": result.corpus_version,
        "addressed": result.addressed,
        "searched_by": result.searched_by,
        "results": [retrieved_json(found) for found in result.results],
    }


def retrieved_json(found: RetrievedPassage) -> dict[str, Any]:
    """One passage found: where it stands, its words, and why it was found."""
    passage = found.passage
    return {
        **passage.model_dump(mode="json", include=SHOWN),
        "in_force": passage.in_force.model_dump(mode="json", by_alias=True),
        "matches": [match.model_dump(mode="json") for match in found.matches],
        "rank": found.rank,
        "score": round(found.score, 6),
    }
