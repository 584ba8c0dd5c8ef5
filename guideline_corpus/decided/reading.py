"""What a decided item is about: read once, when it is added, so that a search compares numbers and reads no text.

The same words of the field that understand a request (`routing.py`) say which treatments and body parts an item names.
Thousands of items are about the same: each such `About` is kept once, and an item holds its number. What was read is of
no use to another release of the reader or of its words, so an index holds `reading_id`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from guideline_corpus.identity import sha256_of
from guideline_corpus.lexical import words_of
from guideline_corpus.routing import understand
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary

SAME_TREATMENT, SAME_CLASS = 1.0, 0.5
TREATMENT_WEIGHT, PART_WEIGHT, WORDS_WEIGHT = 0.4, 0.2, 0.4
READERS = ("vocabulary.py", "phrases.py", "routing.py", "lexical.py")


class About(NamedTuple):
    """Treatments and body parts that a text names, as sorted ids of the vocabulary."""

    treatments: tuple[str, ...]
    parts: tuple[str, ...]


class Read(NamedTuple):
    """A text as it is compared: what it is about, and the different stems of its words, sorted."""

    about: About
    stems: tuple[str, ...]


class Alike(NamedTuple):
    """What treatment and part alone weigh, float64 for each `About`, and what nearness of words is multiplied with."""

    base: NDArray[np.float64]
    words_weight: float


def read_text(text: str, vocabulary: Vocabulary) -> Read:
    asked = understand(text, vocabulary)
    treatments = sorted({one.treatment_id for one in asked.treatments})
    return Read(About(tuple(treatments), tuple(sorted(set(asked.body_parts)))), tuple(sorted(set(words_of(text)))))


def open_reading() -> Callable[[Sequence[str]], list[Read]]:
    """The work of a process that reads texts; see `shared_work.in_turn`."""
    vocabulary = load_vocabulary()
    return lambda texts: [read_text(text, vocabulary) for text in texts]


def reading_id() -> str:
    """The hash of all that decides how a text is read: the words of the field and the code that looks for them."""
    package = resources.files("guideline_corpus")
    files = [package / name for name in READERS] + sorted(_files(package / "vocabulary"), key=str)
    return sha256_of("\n".join(sha256_of(file.read_bytes()) for file in files))


def _files(place: Traversable) -> Iterator[Traversable]:
    for one in place.iterdir():
        if one.is_dir():
            yield from _files(one)
        elif one.name.endswith(".toml"):
            yield one


class AboutTable:
    """Which of many `About`s share a treatment, a class of treatments or a body part with what is asked."""

    def __init__(self, abouts: Sequence[About], vocabulary: Vocabulary) -> None:
        self._size = len(abouts)
        self._vocabulary = vocabulary
        treatments: dict[str, list[int]] = {}
        parts: dict[str, list[int]] = {}
        for number, about in enumerate(abouts):
            for treatment in about.treatments:
                treatments.setdefault(treatment, []).append(number)
            for part in about.parts:
                parts.setdefault(part, []).append(number)
        self._treatments = {one: np.array(numbers, dtype=np.int64) for one, numbers in treatments.items()}
        self._parts = {one: np.array(numbers, dtype=np.int64) for one, numbers in parts.items()}

    def alike(self, asked: About) -> Alike:
        """Where no treatment is known in the request, words alone decide."""
        if not asked.treatments:
            return Alike(np.zeros(self._size), 1.0)
        classes = {wider for one in asked.treatments for wider in self._vocabulary.classes_of(one)}
        treatment, part = np.zeros(self._size), np.zeros(self._size)
        for held, numbers in self._treatments.items():
            if not classes.isdisjoint(self._vocabulary.classes_of(held)):
                treatment[numbers] = np.maximum(treatment[numbers], SAME_CLASS)
        for one in asked.treatments:
            treatment[self._treatments.get(one, _NONE)] = SAME_TREATMENT
        for one in asked.parts:
            part[self._parts.get(one, _NONE)] = 1.0
        return Alike(TREATMENT_WEIGHT * treatment + PART_WEIGHT * part, WORDS_WEIGHT)


_NONE = np.empty(0, dtype=np.int64)
