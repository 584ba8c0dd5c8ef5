"""A search that was made is told again without its index, exactly as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from evals.stored_searches import StoredSearches
from guideline_corpus.model import Passage, SearchResult, TermMatch
from tests.factories import make_passage, make_search_result

DAY = date(2016, 12, 1)
PASSAGE = make_passage()


class Counting:
    """A search whose answers are of this kind; it counts how often it is opened and asked."""

    corpus_version = "test"

    def __init__(self, *, searched_by: str = "keyword+vector") -> None:
        self.opened, self.asked = 0, 0
        self._searched_by = searched_by

    def open(self) -> Counting:
        self.opened += 1
        return self

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        self.asked += 1
        found = make_search_result(PASSAGE, query=query, as_of=as_of)
        matches = (TermMatch(query_term="mri", passage_term="magnetic"),)
        one = found.results[0].model_copy(update={"score": 0.1 + 0.2, "matches": matches})
        return found.model_copy(
            update={"results": (one,), "searched_by": self._searched_by, "corpus_version": "test", "addressed": False}
        )


def stored(folder: Path, search: Counting, *, passages: Sequence[Passage] = (PASSAGE,)) -> StoredSearches:
    known = {passage.passage_id: passage for passage in passages}
    return StoredSearches(folder, corpus_version="test", passages=known, open_search=search.open)


def test_what_was_found_is_told_again_word_for_word_and_nothing_is_opened(tmp_path: Path):
    search = Counting()
    found = stored(tmp_path, search).search("mri", as_of=DAY, limit=8)
    again = stored(tmp_path, search).search("mri", as_of=DAY, limit=8)

    assert again == found
    assert (search.opened, search.asked) == (1, 1)


def test_another_day_limit_or_query_is_another_search(tmp_path: Path):
    search = Counting()
    searches = stored(tmp_path, search)
    for query, as_of, limit in (("mri", DAY, 8), ("mri", None, 8), ("mri", DAY, 5), ("ct", DAY, 8)):
        searches.search(query, as_of=as_of, limit=limit)

    assert search.asked == 4
    assert search.opened == 1


def test_a_search_by_keyword_alone_is_not_kept(tmp_path: Path):
    search = Counting(searched_by="keyword")
    for _ in range(2):
        stored(tmp_path, search).search("mri", as_of=DAY, limit=8)

    assert search.asked == 2


def test_what_cannot_be_read_is_searched_again(tmp_path: Path):
    search = Counting()
    stored(tmp_path, search).search("mri", as_of=DAY, limit=8)
    (kept,) = tmp_path.iterdir()
    kept.write_text('{"addressed": true', encoding="utf-8")
    stored(tmp_path, search).search("mri", as_of=DAY, limit=8)
    stored(tmp_path, search, passages=()).search("mri", as_of=DAY, limit=8)

    assert search.asked == 3
