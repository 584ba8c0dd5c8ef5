"""A letter is not judged by what was learnt from it: criteria whose only source is the letter are left out.

Each criterion of the starter gists names the published letters that state it. When an item of letter L is evaluated,
criteria that L alone taught are taken from every passage before the draft is written and before it is checked. What is
not held out: the passage's own text, a summary of the section that many letters shaped, and the words that such a
criterion lent to search, so a passage may still be found by them (tests/unit/test_holding_out.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from drafter.ports import Retriever
from guideline_corpus.model import Criterion, Passage, SearchResult


def taught_only_by(criterion: Criterion, letter: str | None) -> bool:
    """Whether this letter is the criterion's one source."""
    return criterion.source == "letters" and set(criterion.letters) == {letter}


def without_letter(passage: Passage, letter: str | None) -> Passage:
    """The passage without what this letter alone taught; the same object where that is nothing.

    Whoever left a criterion out no longer lists all of the section's, so `criteria_complete` falls with it.
    """
    kept = tuple(criterion for criterion in passage.criteria if not taught_only_by(criterion, letter))
    if len(kept) == len(passage.criteria):
        return passage
    return passage.model_copy(update={"criteria": kept, "criteria_complete": False})


def passages_without(passages: Sequence[Passage], letter: str | None) -> tuple[Passage, ...]:
    return tuple(without_letter(passage, letter) for passage in passages)


class WithoutLetter:
    """A `Retriever` that finds what another finds, without what one letter alone taught.

    `left_out` tells of each passage that was found, by its id, how many criteria were taken out of it: an item may be
    searched for more than once (a drug is looked up in the formulary too).
    """

    def __init__(self, retriever: Retriever, letter: str | None) -> None:
        self._retriever = retriever
        self._letter = letter
        self.left_out: dict[str, int] = {}

    @property
    def corpus_version(self) -> str:
        return self._retriever.corpus_version

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        """See `Retriever.search`."""
        found = self._retriever.search(query, as_of=as_of, limit=limit)
        cut = passages_without([one.passage for one in found.results], self._letter)
        for one, held in zip(found.results, cut, strict=True):
            self.left_out[held.passage_id] = len(one.passage.criteria) - len(held.criteria)
        results = tuple(
            one.model_copy(update={"passage": passage}) for one, passage in zip(found.results, cut, strict=True)
        )
        return found.model_copy(update={"results": results})
