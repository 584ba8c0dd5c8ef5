"""A letter is drafted without the criteria that it alone taught."""

from __future__ import annotations

from evals.holding_out import WithoutLetter, passages_without, without_letter
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.starter import load_starter
from tests.drafting_factories import SuppliedPassages
from tests.factories import make_criterion, make_passage

OWN = "CM16-0000001"
OTHER = "CM16-0000002"


def test_only_what_the_letter_alone_taught_is_left_out():
    own = make_criterion(text="Own", source="letters", letters=(OWN,))
    shared = make_criterion(text="Shared", source="letters", letters=(OWN, OTHER))
    other = make_criterion(text="Other", source="letters", letters=(OTHER,))
    recalled = make_criterion(text="Recalled", source="recalled", letters=())
    passage = make_passage(criteria=(own, shared, other, recalled), criteria_complete=True)

    cut = without_letter(passage, OWN)

    assert [criterion.text for criterion in cut.criteria] == ["Shared", "Other", "Recalled"]
    assert not cut.criteria_complete
    assert cut.passage_id == passage.passage_id


def test_a_passage_that_the_letter_taught_nothing_stays_as_it_is():
    passage = make_passage(criteria=(make_criterion(source="letters", letters=(OTHER,)),), criteria_complete=True)

    assert without_letter(passage, OWN) is passage
    assert without_letter(passage, None) is passage


def test_a_search_tells_of_each_passage_how_many_criteria_it_left_out_however_often_it_is_found():
    passage = make_passage(criteria=(make_criterion(source="letters", letters=(OWN,)),))
    retriever = WithoutLetter(SuppliedPassages([passage]), OWN)
    found = [retriever.search("one", as_of=None, limit=1) for _ in range(2)]

    assert retriever.left_out == {passage.passage_id: 1}
    assert found[0].results[0].passage.criteria == ()


def test_no_shipped_criterion_of_a_letter_alone_is_left_when_that_letter_is_evaluated():
    passages = load_starter(shipped_editions())
    alone = {
        criterion.letters[0]
        for passage in passages
        for criterion in passage.criteria
        if criterion.source == "letters" and len(set(criterion.letters)) == 1
    }

    assert len(alone) > 10
    for letter in alone:
        left = [criterion for passage in passages_without(passages, letter) for criterion in passage.criteria]
        assert all(set(criterion.letters) != {letter} for criterion in left if criterion.source == "letters")
