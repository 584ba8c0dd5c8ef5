"""Neutral findings take their meaning from the state or grade beside them."""

from __future__ import annotations

import pytest

from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("text", "concept", "expected"),
    [
        ("Decreased sensation in the left foot.", "sensory-loss", {"affirmed"}),
        ("Sensation was intact.", "sensory-loss", {"negated"}),
        ("Sensation to light touch and pinprick was intact.", "sensory-loss", {"negated"}),
        ("Sensation is slightly diminished at the tip.", "sensory-loss", {"affirmed"}),
        ("Motor strength, sensation, and reflexes were normal.", "motor-weakness", {"negated"}),
        ("Motor strength, sensation, and reflexes were normal.", "sensory-loss", {"negated"}),
        ("Motor strength, sensation, and reflexes were normal.", "reflex-change", {"negated"}),
        ("Strength was 5/5.", "motor-weakness", {"negated"}),
        ("Strength was 4/5 in abduction.", "motor-weakness", {"affirmed"}),
        ("He had 5/5 muscle strength.", "motor-weakness", {"negated"}),
        ("Strength 5 of 5 in the upper extremities.", "motor-weakness", {"negated"}),
        ("Motor strength was noted to be 4 out of 5.", "motor-weakness", {"affirmed"}),
        ("Decreased range of motion and 5/5 strength.", "motor-weakness", {"negated"}),
        ("Decreased range of motion and 5/5 strength.", "reduced-range-of-motion", {"affirmed"}),
        ("Straight leg raise was negative bilaterally.", "positive-slr", {"negated"}),
        ("Straight leg raise was positive on the right at 60 degrees.", "positive-slr", {"affirmed"}),
        ("Negative straight leg raise and intact sensation.", "positive-slr", {"negated"}),
        ("Negative straight leg raise and intact sensation.", "sensory-loss", {"negated"}),
        ("Straight leg raise: negative.", "positive-slr", {"negated"}),
        ("SLR positive on the left.", "positive-slr", {"affirmed"}),
        ("Straight leg raise was performed.", "positive-slr", {"uncertain"}),
        ("No positive straight leg raise.", "positive-slr", {"negated"}),
        ("There was a negative Neer's test, Hawkins' test, and Speed's test.", "positive-impingement", {"negated"}),
        ("Positive drop arm, lift off, and cross over impingement sign.", "positive-impingement", {"affirmed"}),
        ("Tinel's sign and Phalen's test are positive.", "tinel-phalen", {"affirmed"}),
        ("Decreased and painful cervical and lumbar range of motion.", "reduced-range-of-motion", {"affirmed"}),
        ("Range of motion was within normal limits.", "reduced-range-of-motion", {"negated"}),
        ("Range of motion was noted to be unrestricted.", "reduced-range-of-motion", {"negated"}),
        ("Full range of motion of the neck.", "reduced-range-of-motion", {"negated"}),
        ("Range of motion was not full.", "reduced-range-of-motion", {"affirmed"}),
        ("There was no restriction of range of motion of the back.", "reduced-range-of-motion", {"negated"}),
        ("Normal range of motion of the neck and decreased range of motion of the back.", "reduced-range-of-motion",
         {"negated", "affirmed"}),
        ("Reflexes are 2+ at the Achilles.", "reflex-change", {"negated"}),
        ("McMurray's was positive and Lachman was negative.", "mcmurray", {"affirmed"}),
        ("McMurray's was positive and Lachman was negative.", "instability-sign", {"negated"}),
        ("Gait was normal.", "antalgic-gait", {"negated"}),
        ("Cervical compression test is negative as well as Spurling's.", "spurling", {"negated"}),
        ("An apprehension test was negative.", "instability-sign", {"negated"}),
        ("No sensory or motor deficits.", "neurologic-deficit", {"negated"}),
    ],
)  # fmt: skip
def test_state(text: str, concept: str, expected: set[str]) -> None:
    reading = read(text, vocabulary=load_vocabulary())
    assert {m.polarity for s in reading.sentences for m in s.mentions if m.concept == concept} == expected
