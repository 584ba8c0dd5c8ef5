"""A draft of an invented case, written by the built-in model over passages that a test supplies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from drafter.adapters.extractive_model import ExtractiveModel
from drafter.domain.draft import ItemDraft
from drafter.services.drafting import draft_case
from drafter.settings import shipped_prompts_dir
from drafter.templates import SentenceForms, active_version, load_sentence_forms
from guideline_corpus.model import Passage, SearchResult
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_item, make_search_result


class SuppliedPassages:
    """A retriever that finds what it was given, whatever is asked; a rule only by its heading."""

    corpus_version = "test"

    def __init__(self, passages: Sequence[Passage], *, by_heading: Mapping[str, Passage] | None = None) -> None:
        self._passages = tuple(passages)
        self._by_heading = by_heading or {}

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        if found := self._by_heading.get(query):
            return make_search_result(found, query=query, as_of=as_of)
        return make_search_result(*self._passages[:limit], query=query, as_of=as_of)


@lru_cache(maxsize=1)
def shipped_forms() -> SentenceForms:
    folder = shipped_prompts_dir()
    version = active_version(prompts_dir=folder, name="extractive")
    return load_sentence_forms(folder / "extractive" / f"{version}.toml")


def draft_of(
    summary: str,
    *passages: Passage,
    treatment: str = "Physical therapy, 6 visits, lumbar spine",
    determination: Any = None,
    authorized: str | None = None,
    found_by_heading: Mapping[str, Passage] | None = None,
    **case: Any,
) -> ItemDraft:
    """The draft of the only item of a case with this summary."""
    item = make_item(heading=treatment, treatment=treatment, authorized=authorized)
    given = make_case(case_summary=summary, items=(item,), **case)
    (draft,) = draft_case(
        given,
        retriever=SuppliedPassages(passages, by_heading=found_by_heading),
        model=ExtractiveModel(forms=shipped_forms(), vocabulary=load_vocabulary()),
        vocabulary=load_vocabulary(),
        determinations={1: determination} if determination else {},
    )
    return draft


def told(draft: ItemDraft, supports: str) -> str:
    """The sentences of a draft that speak for, or against, the request."""
    return " ".join(s.text for s in draft.statements if s.supports == supports)
