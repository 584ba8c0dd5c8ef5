"""One contract for every passage index: exact in memory, a vector file, Chroma on a server (loopback)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from evals.benchmarks.chroma_process import chroma_served
from guideline_corpus.embedding import Vectors, unit_length
from guideline_corpus.errors import EmbeddingMismatch, IndexDamaged
from guideline_corpus.index import create_chroma_index, open_chroma_index
from guideline_corpus.passage_index import ExactIndex, IndexIdentity, IndexRow, PassageIndex
from guideline_corpus.vector_file import create_vector_file, open_vector_file

Make = Callable[[list[IndexRow], Vectors], PassageIndex]


class Stored(NamedTuple):
    create: Callable[[IndexIdentity, list[IndexRow], Iterator[Vectors]], None]
    open: Callable[[IndexIdentity, list[IndexRow]], PassageIndex]


def identity_for(rows: list[IndexRow], version: str = "v1-test") -> IndexIdentity:
    return IndexIdentity(corpus_version=version, model_id="hashed-words-1", passages=len(rows))


def batches(vectors: Vectors, size: int = 64) -> Iterator[Vectors]:
    return (vectors[start : start + size] for start in range(0, len(vectors), size))


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_served(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(params=["exact", "vector file", "chroma server"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes an index of the kind under test, and closes it."""
    opened: list[PassageIndex] = []

    def build(rows: list[IndexRow], vectors: Vectors) -> PassageIndex:
        identity = identity_for(rows)
        if request.param == "exact":
            return ExactIndex(identity, rows, vectors)
        if request.param == "vector file":
            create_vector_file(tmp_path / "vectors", identity, batches(vectors))
            opened.append(open_vector_file(tmp_path / "vectors", identity, rows))
        else:
            url = request.getfixturevalue("chroma_server")
            create_chroma_index(url, identity, rows, batches(vectors))
            opened.append(open_chroma_index(url, identity))
        return opened[-1]

    yield build
    for index in opened:
        index.close()


def crowded(count: int, *, seed: int, spread: float = 0.35) -> Vectors:
    """Vectors as boilerplate text has them: all near to a few templates, told apart by little."""
    random = np.random.default_rng(seed)
    templates = random.normal(size=(5, 96))
    return unit_length(templates[random.integers(0, 5, count)] + spread * random.normal(size=(count, 96)))


def numbered(count: int) -> list[IndexRow]:
    return [IndexRow(f"p{number:05}", f"edition-{number % 4}") for number in range(count)]


def test_the_nearest_passages_come_first_with_their_cosine(make: Make) -> None:
    vectors = crowded(60, seed=1)
    found = make(numbered(60), vectors).nearest(vectors[7], editions=None, limit=5)
    expected = np.sort(vectors @ vectors[7])[::-1][:5]
    assert found[0].passage_id == "p00007"
    assert [one.similarity for one in found] == pytest.approx(expected.tolist(), abs=1e-5)


def test_only_allowed_editions_are_found(make: Make) -> None:
    vectors = crowded(60, seed=2)
    found = make(numbered(60), vectors).nearest(vectors[0], editions={"edition-1", "edition-3"}, limit=60)
    assert len(found) == 30
    assert {int(one.passage_id[1:]) % 4 for one in found} == {1, 3}


def test_no_allowed_edition_means_no_result(make: Make) -> None:
    index = make(numbered(8), crowded(8, seed=3))
    assert index.nearest(crowded(1, seed=3)[0], editions=set(), limit=5) == []
    assert index.nearest(crowded(1, seed=3)[0], editions={"unknown"}, limit=5) == []


def test_asking_for_more_than_there_is_gives_all(make: Make) -> None:
    vectors = crowded(8, seed=4)
    assert len(make(numbered(8), vectors).nearest(vectors[0], editions=None, limit=500)) == 8


def test_equal_passages_come_by_id(make: Make) -> None:
    vectors = np.repeat(crowded(1, seed=5), 6, axis=0)
    found = make(numbered(6), vectors).nearest(vectors[0], editions=None, limit=6)
    assert [one.passage_id for one in found] == [f"p{number:05}" for number in range(6)]


def test_no_gold_passage_is_lost_against_exact_search(make: Make) -> None:
    """Gold recall, not overlap: on average overlap hides that it is the wanted passage that is lost."""
    vectors = crowded(1500, seed=6)
    rows = numbered(1500)
    random = np.random.default_rng(7)
    gold = random.integers(0, 1500, 150)
    queries = unit_length(vectors[gold] + 0.12 * random.normal(size=(150, 96)))
    exact = ExactIndex(identity_for(rows), rows, vectors)
    index = make(rows, vectors)

    def found(search: PassageIndex) -> list[bool]:
        return [
            rows[wanted].passage_id in [one.passage_id for one in search.nearest(query, editions=None, limit=10)]
            for wanted, query in zip(gold, queries, strict=True)
        ]

    assert 10 < sum(found(exact)) <= 150
    assert found(index) == found(exact)


@pytest.fixture(params=["vector file", "chroma server"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Stored:
    """Where an index of the kind under test is kept: how it is written, and how it is opened."""
    if request.param == "vector file":
        folder = tmp_path / "vectors"
        return Stored(
            lambda identity, rows, vectors: create_vector_file(folder, identity, vectors),
            lambda identity, rows: open_vector_file(folder, identity, rows),
        )
    url = request.getfixturevalue("chroma_server")
    return Stored(
        lambda identity, rows, vectors: create_chroma_index(url, identity, rows, vectors),
        lambda identity, rows: open_chroma_index(url, identity),
    )


def test_an_index_of_another_model_is_refused(stored: Stored) -> None:
    rows, vectors = numbered(4), crowded(4, seed=8)
    stored.create(identity_for(rows), rows, batches(vectors))
    other = identity_for(rows).model_copy(update={"model_id": "another-model"})
    with pytest.raises(EmbeddingMismatch, match=r"hashed-words-1.*another-model.*guideline-corpus build"):
        stored.open(other, rows)


def test_an_index_of_another_corpus_version_is_refused(stored: Stored) -> None:
    rows, vectors = numbered(4), crowded(4, seed=8)
    stored.create(identity_for(rows), rows, batches(vectors))
    with pytest.raises(IndexDamaged, match="guideline-corpus build"):
        stored.open(identity_for(rows, version="v1-other"), rows)


def test_an_index_left_half_built_is_refused(stored: Stored) -> None:
    rows, vectors = numbered(128), crowded(128, seed=9)

    def dies() -> Iterator[Vectors]:
        yield vectors[:64]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stored.create(identity_for(rows, version="v1-dying"), rows, dies())
    with pytest.raises(IndexDamaged, match="half built"):
        stored.open(identity_for(rows, version="v1-dying"), rows)


def test_a_missing_index_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="missing"):
        open_vector_file(tmp_path / "vectors", identity_for(numbered(4)), numbered(4))
    assert not (tmp_path / "vectors").exists()


def test_a_vector_file_that_was_cut_is_refused(tmp_path: Path) -> None:
    rows, vectors = numbered(4), crowded(4, seed=8)
    create_vector_file(tmp_path / "vectors", identity_for(rows), batches(vectors))
    file = tmp_path / "vectors" / "vectors.f32"
    file.write_bytes(file.read_bytes()[:-6])
    with pytest.raises(IndexDamaged, match="was cut"):
        open_vector_file(tmp_path / "vectors", identity_for(rows), rows)


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(IndexDamaged, match=r"http://127.0.0.1:9 does not answer.*DRAFTER_CHROMA_URL"):
        open_chroma_index("http://127.0.0.1:9", identity_for(numbered(4)))
