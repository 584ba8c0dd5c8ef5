"""The guideline search as a LangChain retriever, so that other people's chains can use it, in force filter included."""

from __future__ import annotations

from datetime import date
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import run_in_executor
from pydantic import ConfigDict

from guideline_corpus.model import RetrievedPassage
from guideline_corpus.search import GuidelineSearch


class GuidelineRetriever(BaseRetriever):
    """`invoke(query)` and `ainvoke(query)` give the passages in force on `as_of`, best first.

    A document's `page_content` is the passage's text, its `id` the passage id, and its metadata say where the text
    stands (guideline, edition, section, pages), what kind of text it is, on which rung, since when in force, its rank
    and score, and whether the request is addressed at all. With `only_addressed` nothing is returned where it is not.
    """

    search: GuidelineSearch
    as_of: date | None = None
    limit: int = 5
    guidelines: tuple[str, ...] = ()
    only_addressed: bool = False

    model_config = ConfigDict(arbitrary_types_allowed=True)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return self._documents(query)

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        return await run_in_executor(None, self._documents, query)

    def _documents(self, query: str) -> list[Document]:
        found = self.search.search(query, as_of=self.as_of, limit=self.limit, guidelines=self.guidelines)
        if self.only_addressed and not found.addressed:
            return []
        shared = {"addressed": found.addressed, "corpus_version": found.corpus_version}
        return [
            Document(id=one.passage.passage_id, page_content=one.passage.text, metadata={**metadata_of(one), **shared})
            for one in found.results
        ]


def metadata_of(found: RetrievedPassage) -> dict[str, Any]:
    """Plain values only, so that any store or chain can keep them. Dates are ISO, pages joined by commas."""
    passage = found.passage
    return {
        "passage_id": passage.passage_id,
        "edition_id": passage.edition_id,
        "guideline": passage.guideline,
        "edition": passage.edition,
        "section": passage.section,
        "pages": ", ".join(passage.pages),
        "rung": passage.rung,
        "text_kind": passage.text_kind,
        "in_force_from": passage.in_force.from_.isoformat() if passage.in_force.from_ else "",
        "in_force_to": passage.in_force.to.isoformat() if passage.in_force.to else "",
        "rank": found.rank,
        "score": found.score,
    }
