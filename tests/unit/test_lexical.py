"""The keyword half: BM25 as published, headings first, and the same index after it was stored."""

from __future__ import annotations

import math

import pytest

from guideline_corpus.lexical import K1, B, KeywordIndex, PassageText, query_weights, words_of

TEXTS = [
    PassageText("Massage therapy", "An adjunct to exercise, four to six visits."),
    PassageText("Exercise", "Exercise programs are recommended; massage is passive."),
    PassageText("Yoga", "For motivated patients."),
]


def test_a_score_is_the_bm25_of_the_textbook() -> None:
    texts = [
        PassageText("", "alpha beta beta"),
        PassageText("", "alpha gamma"),
        PassageText("", "delta epsilon zeta eta"),
    ]
    score = float(KeywordIndex.build(texts).scores({"beta": 1.0})[0])
    rarity = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = K1 * (1 - B + B * 3 / 3)
    assert score == pytest.approx(rarity * 2 / (2 + norm), rel=1e-5)


def test_a_word_in_the_heading_counts_for_more() -> None:
    scores = KeywordIndex.build(TEXTS).scores(query_weights("massage"))
    assert scores[0] > scores[1] > scores[2] == 0


def test_inflected_words_meet() -> None:
    assert words_of("Injections, injected") == words_of("injection; injecting")


def test_a_synonym_counts_less_than_the_word_asked_for() -> None:
    weights = query_weights("yoga", also=[("massage therapy", 0.5), ("yoga", 0.5)])
    assert weights[words_of("yoga")[0]] == 1.0
    assert weights[words_of("massage")[0]] == 0.5


def test_a_stored_index_scores_as_before_and_is_the_same_bytes() -> None:
    index = KeywordIndex.build(TEXTS)
    again = KeywordIndex.from_bytes(index.to_bytes())
    query = query_weights("massage and exercise visits")
    assert again.scores(query).tolist() == index.scores(query).tolist()
    assert again.to_bytes() == index.to_bytes() == KeywordIndex.build(TEXTS).to_bytes()


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04cut"])
def test_what_is_no_index_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a keyword index"):
        KeywordIndex.from_bytes(content)


def test_an_empty_corpus_can_be_asked() -> None:
    assert KeywordIndex.build([]).scores({"yoga": 1.0}).size == 0


def test_the_share_of_words_found_weighs_rare_words_more() -> None:
    texts = ("yoga", "exercise", "exercise yoga", "massage", "exercise at home")
    index = KeywordIndex.build(PassageText(heading="", body=text) for text in texts)
    rare, common, both, neither, home = index.shares_at(words_of("exercise yoga"), range(5))
    assert rare > common == home > 0
    assert both == pytest.approx(1.0)
    assert neither == 0.0
    assert index.shares_at([], [0]) == [0.0]
    assert index.shares_at(["unknown"], [0]) == [0.0]
