"""Precision and recall of the reading on sentences invented and labelled by hand (tests/data/reading/labelled.jsonl).

Every fact of the kinds in `KINDS` and every symptom and sign of a sentence is labelled, so that a fact too many counts
as much as one too few. The floors are what was measured when the set was frozen, less one error each.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from drafter.domain.reading.model import Fact, Sentence
from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary

LABELLED = Path(__file__).parent.parent / "data" / "reading" / "labelled.jsonl"
KINDS = frozenset(
    "age date duration visits frequency dose count score measurement spinal_level side work_status drug".split()
)
_FINDINGS = frozenset({"symptom", "sign"})
# Concepts that other entries of the vocabulary add to the same words and that the labels leave aside.
_ASIDE = frozenset({"stiffness", "fracture", "elevated-blood-pressure", "chest-pain", "fatigue", "si-joint-finding"})


class Tally(NamedTuple):
    right: int
    extra: Counter[str]
    missed: Counter[str]

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra.total())

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed.total())


def tally(what: str) -> Tally:
    right, extra, missed = 0, Counter[str](), Counter[str]()
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        sentences = read(row["text"], vocabulary=load_vocabulary(), voice="record").sentences
        found = {label for sentence in sentences for label in _labels(what, sentence)}
        told = set(row[what])
        right += len(found & told)
        extra.update(f"{label} <- {row['text']}" for label in found - told)
        missed.update(f"{label} <- {row['text']}" for label in told - found)
    return Tally(right, extra, missed)


def _labels(what: str, sentence: Sentence) -> set[str]:
    if what == "facts":
        return {label for fact in sentence.facts if fact.kind in KINDS for label in _fact_labels(fact)}
    evidence = load_vocabulary().evidence
    known = (m for m in sentence.mentions if evidence[m.concept].kind in _FINDINGS and m.concept not in _ASIDE)
    return {f"{mention.concept} {mention.polarity}" for mention in known}


def _fact_labels(fact: Fact) -> list[str]:
    if fact.kind == "side":
        return [f"side {fact.value} {fact.about}"] if fact.about else []
    return [f"{'work' if fact.kind == 'work_status' else fact.kind} {fact.value}"]


def test_facts() -> None:
    result = tally("facts")
    assert result.precision >= 0.97, result.extra
    assert result.recall >= 0.97, result.missed


def test_findings() -> None:
    result = tally("findings")
    assert result.precision >= 0.95, result.extra
    assert result.recall >= 0.95, result.missed
