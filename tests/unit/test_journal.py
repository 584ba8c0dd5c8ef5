from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from guideline_corpus.embedding import FakeEmbedder, Vectors
from guideline_corpus.journal import CHUNK, EmbeddingJournal, embedded

TEXTS = [f"passage {number} on " + "yoga " * (number % 7) for number in range(3 * CHUNK + 5)]


class Counting(FakeEmbedder):
    def __init__(self) -> None:
        super().__init__(dimensions=16)
        self.texts: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        return super().embed_documents(texts)


def made(folder: Path, texts: Sequence[str]) -> tuple[Vectors, list[str]]:
    """The vectors of the texts, and what had to be embedded for them."""
    embedder = Counting()
    with EmbeddingJournal(folder, embedder) as journal:
        return embedded(texts, embedder, journal), embedder.texts


def journal_file(folder: Path) -> Path:
    (file,) = folder.glob("*.journal")
    return file


def test_the_vectors_are_those_of_the_embedder_in_the_order_of_the_texts(tmp_path: Path):
    vectors, _ = made(tmp_path, TEXTS)

    assert np.array_equal(vectors, FakeEmbedder(dimensions=16).embed_documents(TEXTS))


def test_nothing_is_embedded_twice(tmp_path: Path):
    first, texts = made(tmp_path, [*TEXTS, *TEXTS])
    assert sorted(texts) == sorted(TEXTS)

    again, texts = made(tmp_path, [*TEXTS, *TEXTS])

    assert texts == []
    assert np.array_equal(first, again)


@pytest.mark.parametrize("lost", [1, 30, 83, 84, 85])
def test_what_was_cut_off_is_made_again_and_nothing_else(tmp_path: Path, lost: int):
    expected, _ = made(tmp_path, TEXTS)
    file = journal_file(tmp_path)
    file.write_bytes(file.read_bytes()[:-lost])

    vectors, texts = made(tmp_path, TEXTS)

    assert len(texts) == -(-lost // 84)  # a record is 16 + 4 + 4 * 16 bytes
    assert np.array_equal(vectors, expected)


def test_a_flipped_bit_is_noticed(tmp_path: Path):
    expected, _ = made(tmp_path, TEXTS)
    file = journal_file(tmp_path)
    content = bytearray(file.read_bytes())
    content[-200] ^= 1
    file.write_bytes(content)

    vectors, texts = made(tmp_path, TEXTS)

    assert len(texts) == 3
    assert np.array_equal(vectors, expected)


def test_another_model_has_a_journal_of_its_own(tmp_path: Path):
    made(tmp_path, TEXTS[:3])
    other = FakeEmbedder(dimensions=16)
    other.model_id = "another-model"

    with EmbeddingJournal(tmp_path, other) as journal:
        assert TEXTS[0] not in journal

    assert len(list(tmp_path.glob("*.journal"))) == 2


def test_a_journal_that_is_mostly_of_other_texts_is_cleared_of_them(tmp_path: Path):
    made(tmp_path, TEXTS)
    embedder = Counting()

    with EmbeddingJournal(tmp_path, embedder) as journal:
        journal.forget_others(TEXTS[:10])

    assert journal_file(tmp_path).stat().st_size == 10 * 84
    assert made(tmp_path, TEXTS[:10])[1] == []


def test_progress_counts_what_was_known_before(tmp_path: Path):
    made(tmp_path, TEXTS[:CHUNK])
    embedder = Counting()
    told: list[tuple[int, int]] = []

    with EmbeddingJournal(tmp_path, embedder) as journal:
        embedded(TEXTS, embedder, journal, report=lambda done, total: told.append((done, total)))

    assert told[0] == (2 * CHUNK, len(TEXTS))
    assert told[-1] == (len(TEXTS), len(TEXTS))
