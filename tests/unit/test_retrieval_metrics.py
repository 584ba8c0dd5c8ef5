"""Search is scored as a reader would by hand: what was expected, at which rank, how much of its text."""

from __future__ import annotations

import random
from math import log2

import pytest

from evals.metrics.retrieval import first_rank, retrieval_scores
from evals.metrics.spans import Span, length, merged, shared
from tests.metric_factories import make_gold, make_result, make_search_row


def test_the_scores_of_a_search_are_those_counted_by_hand():
    gold = [make_gold("Massage", grade=3), make_gold("Exercise", grade=1)]
    found = [make_result(1, "Yoga"), make_result(2, "Massage"), make_result(3, "Massage"), make_result(4, "Exercise")]
    spans = [["Massage", 50, 150], ["Exercise", 0, 40]]

    scores = retrieval_scores(make_search_row(*found, gold=gold, gold_spans=spans))

    # Results are 100 characters each: Yoga 0-100, Massage 0-100 (twice), Exercise 0-100: 300 merged; 50 + 40 expected.
    gained = 7 / log2(3) + 1 / log2(5)
    assert scores == {
        "hit@1": 0.0, "hit@3": 1.0, "hit@5": 1.0, "reciprocal_rank": 0.5,
        "ndcg@5": pytest.approx(gained / (7 / log2(2) + 1 / log2(3))),
        "char_recall@5": pytest.approx(90 / 140), "char_precision@5": pytest.approx(90 / 300),
        "edition_ok": 1.0, "absent_refusal": None,
    }  # fmt: skip


def test_without_an_expected_section_the_scores_are_undefined_and_not_zero():
    scores = retrieval_scores(make_search_row(make_result(1)))

    assert [name for name, value in scores.items() if value is not None] == ["edition_ok"]


def test_an_expected_section_that_is_not_found_scores_zero():
    scores = retrieval_scores(make_search_row(make_result(1), gold=[make_gold("Yoga")]))

    assert (scores["hit@5"], scores["reciprocal_rank"], scores["ndcg@5"]) == (0.0, 0.0, 0.0)


def test_an_edition_that_did_not_govern_on_the_day_counts_against_the_search():
    old = make_result(2, in_force={"from": "2009-07-18", "to": "2016-07-28"})

    assert retrieval_scores(make_search_row(make_result(1), old))["edition_ok"] == 0.5
    assert retrieval_scores(make_search_row(make_result(1), as_of=None))["edition_ok"] is None
    assert retrieval_scores(make_search_row(make_result(1, in_force={"from": None, "to": None})))["edition_ok"] == 1.0


def test_where_no_guideline_speaks_of_the_item_silence_is_right():
    silent = make_search_row(expected_addressed=False, addressed=False)
    talkative = make_search_row(make_result(1), expected_addressed=False)

    assert (retrieval_scores(silent)["absent_refusal"], retrieval_scores(talkative)["absent_refusal"]) == (1.0, 0.0)
    assert retrieval_scores(make_search_row(expected_addressed=True))["absent_refusal"] is None


@pytest.mark.parametrize(
    ("section", "rank"), [("Physical medicine", 2), ("", 1), ("Acupuncture", None), ("PHYSICAL  MEDICINE", 2)]
)
def test_the_rank_of_a_stored_row_is_that_of_its_first_gold_section(section: str, rank: int | None):
    results = [make_result(1, "Exercise"), make_result(2, "Physical medicine")]

    assert first_rank([make_gold(section)], results) == rank


def test_a_whole_guideline_is_met_once_and_not_by_each_of_its_sections():
    scores = retrieval_scores(make_search_row(make_result(1), make_result(2, "Yoga"), gold=[make_gold("")]))

    assert scores["ndcg@5"] == 1.0


def test_characters_are_counted_as_by_hand_on_any_spans():
    chance = random.Random(7)

    def some() -> list[Span]:
        starts = [(chance.choice("ab"), chance.randrange(60)) for _ in range(chance.randrange(6))]
        return [Span(text, start, start + chance.randrange(25)) for text, start in starts]

    def characters(spans: list[Span]) -> set[tuple[str, int]]:
        return {(span.text, at) for span in spans for at in range(span.start, span.end)}

    for _ in range(2000):
        one, other = some(), some()
        assert length(one) == len(characters(one))
        assert shared(one, other) == len(characters(one) & characters(other))
        assert shared(one, other) <= length(one)


def test_neighbouring_spans_become_one():
    assert merged([Span("a", 5, 9), Span("a", 0, 5), Span("b", 1, 1)]) == (Span("a", 0, 9),)
