"""Invented decided items by the million: texts varied from the project's own samples, vectors around real ones.

**Texts.** Every disputed treatment of `evals/samples` and `evals/datasets/written` is a frame: its treatments are
exchanged for others of the same kind, its body parts for others, its sides and numbers at random, and two of three get
a tail such as letters print (a day of service, a quantity, a claim line), so that few texts are the same. A frame with
its treatments and body parts, but without the rest, is an anchor; the n-th anchor is drawn with a weight of 1 in n.

**Vectors.** To embed a million texts takes hours. The anchors are embedded by the real encoder, and some hundred
varied texts beside their anchors. Every other vector is its anchor's, moved by one of these real differences and by a
little noise in all directions, and scaled to length 1: crowded as real ones are, no two the same.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drafter.services.intake import find_inputs, read_case
from evals.datasets.written import written_dataset
from guideline_corpus.embedding import Vectors, unit_length
from guideline_corpus.journal import EmbeddingJournal
from guideline_corpus.vocabulary import TermSpan, Vocabulary

SAMPLES = Path(__file__).parents[1] / "samples"
NOISE = 0.1
FIRST_DAY, DAYS = date(2013, 7, 1), 365 * 6
UPHELD = 0.85
AT_ONCE = 4096
TAILS = (
    "",
    "",
    " (DOS {month}/{day}/{year})",
    " for dates of service {month}/{day}/{year} on",
    ", quantity {number}",
    " as an outpatient, line {number} of {other}",
    " (prescribed {month}/{day}/{year})",
    ", {number} and {other} units",
)
_NUMBER = re.compile(r"\d+")
_SIDE = re.compile(r"\b(?:left|right|bilateral)\b", re.IGNORECASE)


class Anchor(NamedTuple):
    """A request with its treatments and body parts, whose sides and numbers are not settled."""

    text: str

    def varied(self, chance: random.Random) -> str:
        """The request with sides, numbers and a tail of its own."""
        text = _SIDE.sub(lambda _: chance.choice(("left", "right", "bilateral")), self.text)
        text = _NUMBER.sub(lambda found: _another_number(found.group(), chance), text)
        return text + chance.choice(TAILS).format(
            month=chance.randint(1, 12),
            day=chance.randint(1, 28),
            year=chance.randint(2013, 2019),
            number=chance.randint(1, 400),
            other=chance.randint(1, 400),
        )


class Invented(NamedTuple):
    """One decided item: the number of its anchor, its text, and whose it is."""

    anchor: int
    text: str
    case_number: str
    item: int
    decided: date


class Space(NamedTuple):
    """Where invented vectors lie: real vectors of anchors, real differences of varied texts from their anchors."""

    anchors: Vectors
    differences: Vectors

    def invented(self, numbers: Sequence[int], chance: np.random.Generator) -> Vectors:
        """A vector for each anchor named, shape (len(numbers), dimensions)."""
        size = (len(numbers), self.anchors.shape[1])
        noise = NOISE / np.sqrt(size[1]) * chance.standard_normal(size, dtype=np.float32)
        moved = self.differences[chance.integers(0, len(self.differences), len(numbers))]
        return unit_length(self.anchors[list(numbers)] + moved + noise)


def sample_treatments() -> list[str]:
    """The treatments that the project's own cases dispute."""
    cases = [read_case(path) for path in find_inputs([SAMPLES])]
    cases += [one.case for one in written_dataset().cases]
    return sorted({item.treatment for case in cases for item in case.items if item.treatment})


def anchors_from(treatments: Sequence[str], vocabulary: Vocabulary, *, count: int, seed: int = 0) -> list[Anchor]:
    """That many different anchors, the samples themselves first."""
    chance = random.Random(seed)
    texts = dict.fromkeys(treatments)
    for _ in range(20 * count):
        if len(texts) >= count:
            break
        texts[_exchanged(chance.choice(treatments), vocabulary, chance)] = None
    return [Anchor(text) for text in list(texts)[:count]]


def invented_items(anchors: Sequence[Anchor], *, count: int, seed: int = 0) -> Iterator[Invented]:
    """Items of cases with one to four, each case on a day of its own within six years."""
    chance = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(anchors) + 1)]
    numbers = iter(lambda: chance.choices(range(len(anchors)), weights, k=AT_ONCE), [])
    drawn = (number for some in numbers for number in some)
    made = case = 0
    while made < count:
        case += 1
        decided = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        for item, number in enumerate(islice(drawn, min(chance.randint(1, 4), count - made)), start=1):
            text = anchors[number].varied(chance)
            yield Invented(number, text, f"CM{decided.year % 100}-{case:07}", item, decided)
            made += 1


def write_lines(items: Iterator[Invented], file: Path, *, seed: int = 0) -> None:
    """The items as `drafter parse --json` prints letters, a case a line."""
    chance = random.Random(seed)
    with file.open("w", encoding="utf-8") as target:
        for item in items:
            printed = {
                "case_number": item.case_number,
                "dates": {"decision": item.decided.isoformat()},
                "items": [
                    {
                        "number": item.item,
                        "treatment": item.text,
                        "determination": "upheld" if chance.random() < UPHELD else "overturned",
                        "citations": [
                            {"party": "reviewer", "kind": "mtus", "guideline": "Chronic Pain", "pages": ["1"]}
                        ],
                    }
                ],
            }
            target.write(json.dumps(printed) + "\n")


def write_vectors(items: Iterator[Invented], space: Space, journal: EmbeddingJournal, *, seed: int = 0) -> int:
    """Write a vector for each different text into a journal, where adding looks for it; returns how many there are."""
    chance = np.random.default_rng(seed)
    written = 0
    while some := list(islice(items, AT_ONCE)):
        new = list({item.text: item for item in some if item.text not in journal}.values())
        journal.add([item.text for item in new], space.invented([item.anchor for item in new], chance))
        written += len(new)
    return written


def _exchanged(text: str, vocabulary: Vocabulary, chance: random.Random) -> str:
    spans = vocabulary.find(text, families=("treatment", "body_part"))
    pieces, end = [], 0
    for span in spans:
        if span.start >= end:
            pieces += [text[end : span.start], _another_term(span, vocabulary, chance)]
            end = span.end
    return "".join((*pieces, text[end:]))


def _another_term(span: TermSpan, vocabulary: Vocabulary, chance: random.Random) -> str:
    if span.family == "body_part":
        return chance.choice(sorted(vocabulary.body_parts.values(), key=lambda part: part.id)).label.lower()
    kind = vocabulary.treatments[span.id].kind
    alike = sorted((one for one in vocabulary.treatments.values() if one.kind == kind), key=lambda one: one.id)
    return chance.choice([term for term in chance.choice(alike).terms if "*" not in term] or ["treatment"])


def _another_number(digits: str, chance: random.Random) -> str:
    value = int(digits)
    if value < 10:
        return str(chance.randint(1, 12))
    return str(chance.randint(1, max(20, value // 5)) * 5)
