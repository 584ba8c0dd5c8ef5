"""Two lists become one: scaled, added, and undisturbed where one of them is missing."""

from __future__ import annotations

import pytest

from guideline_corpus.fusion import fuse, scaled


def test_a_passage_both_halves_like_comes_before_one_that_only_one_likes() -> None:
    fused = fuse({1: 4.0, 2: 8.0}, {1: 0.8, 3: 0.9, 4: 0.1})
    assert max(fused, key=lambda row: fused[row]) == 1


def test_scores_stay_between_nothing_and_one() -> None:
    fused = fuse({1: 400.0, 2: 1.0}, {1: 0.99, 2: -0.4, 3: 0.2})
    assert all(0 <= score <= 1 for score in fused.values())
    assert fused[1] == 1.0


def test_without_vectors_the_order_is_the_keywords() -> None:
    assert fuse({1: 2.0, 2: 4.0}, {}) == {1: 0.5, 2: 1.0}


def test_without_a_shared_word_the_order_is_the_vectors() -> None:
    fused = fuse({}, {1: 0.2, 2: 0.6})
    assert fused[2] > fused[1]


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_a_weight_at_its_end_silences_one_half(weight: float) -> None:
    fused = fuse({1: 1.0}, {1: 0.1, 2: 0.9}, vector_weight=weight)
    assert (fused[1] > fused[2]) == (weight == 0.0)


def test_equal_scores_scale_to_one() -> None:
    assert scaled({1: 0.3, 2: 0.3}, lowest=0.3) == {1: 1.0, 2: 1.0}
    assert scaled({}, lowest=0.0) == {}
