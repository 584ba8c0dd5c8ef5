"""Many phrases found in one pass, at word boundaries, with exact places."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline_corpus.phrases import PhraseMatcher, phrase_keys, split_words


def found(phrases: list[str], text: str) -> list[str]:
    hits = PhraseMatcher((phrase, phrase) for phrase in phrases).find(text)
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("muscle spasm", "Muscle SPASM here", ["Muscle SPASM"]),
        ("muscle spasm", "muscle spasms here", ["muscle spasms"]),
        ("muscle spasm", "muscle  \n spasm", ["muscle  \n spasm"]),
        ("spasm*", "spasms, spasmodic and spastic", ["spasms", "spasmodic"]),
        ("spasm", "spasmodic", []),
        ("Phalen's test", "Phalen’s test and Phalen test", ["Phalen’s test", "Phalen test"]),
        ("electrodiagnostic", "an electro- diagnostic study", ["electro- diagnostic"]),
        ("electrodiagnostic", "an electro-diagnostic study", ["electro-diagnostic"]),
        ("non-steroidal", "nonsteroidal and non-steroidal and non steroidal", [
            "nonsteroidal", "non-steroidal", "non steroidal"]),
        ("low back pain", "low-back pain", ["low-back pain"]),
        ("x-ray", "x ray, x-ray, xray", ["x ray", "x-ray", "xray"]),
        ("low back", "low. Back", []),
        ("neck pain", "neck, pain", []),
        ("EMG/NCV", "EMG NCV", ["EMG NCV"]),
        ("MRI", "MRIs", ["MRIs"]),
        ("ACL", "miracle", []),
        ("Tylenol #3", "Tylenol #3 and Tylenol 3", ["Tylenol #3", "Tylenol 3"]),
        ("Tylenol No. 3", "Tylenol No. 3", ["Tylenol No. 3"]),
        ("Tylenol #3", "Tylenol #30", []),
        ("70% improvement", "70% improvement and 70 % improvement", ["70% improvement"]),
        ("no pain", "no. Pain", []),
    ],
)  # fmt: skip
def test_find(phrase: str, text: str, expected: list[str]) -> None:
    assert found([phrase], text) == expected


def test_overlapping_phrases_are_all_found() -> None:
    assert found(["back pain", "low back", "low back pain"], "low back pain") == [
        "low back",
        "low back pain",
        "back pain",
    ]


@pytest.mark.parametrize("phrase", ["", " - ", "a*b", "* spasm", "x*"])
def test_a_phrase_that_means_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"\*|word"):
        phrase_keys(phrase)


@given(st.lists(st.sampled_from("low back pain spasm knee L4-5 5.5 nerve's é İstanbul ß —".split()), max_size=12))
def test_offsets_are_exact(words: list[str]) -> None:
    text = " ".join(words)
    for hit in PhraseMatcher([("low back pain", 1), ("knee", 2), ("spasm*", 3)]).find(text):
        assert text[hit.start : hit.end].lower() in ("low back pain", "knee", "spasm")
    assert all(
        text[word.start : word.end].lower().startswith(word.key[:1]) for word in split_words(text) if word.key.isascii()
    )


def test_every_whole_phrase_that_stands_in_a_text_is_found() -> None:
    text = "He had a low back strain, then knee pain; the MRI of the knee was normal."
    for phrase in ("low back strain", "knee pain", "MRI of the knee", "normal"):
        assert found([phrase], text) == [phrase]


def test_time_grows_with_the_text() -> None:
    matcher = PhraseMatcher((f"a a a a {word}", word) for word in ("b", "c", "a a a a a"))

    def seconds(words: int) -> float:
        started = time.process_time()
        matcher.find("a " * words)
        return time.process_time() - started

    seconds(1_000)
    assert seconds(80_000) < 8 * 4 * max(seconds(10_000), 0.01)
