"""The index of a corpus version: built beside it, checked before use, refused where it does not fit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from evals.benchmarks.chroma_process import chroma_served
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.errors import EmbeddingMismatch, IndexDamaged
from guideline_corpus.indexing import build_index, index_problems, open_index
from guideline_corpus.opening import NOT_INDEXED, open_search
from guideline_corpus.retriever import GuidelineRetriever
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.versions import Corpus, activate, load_corpus, version_files, write_version
from tests.factories import make_edition
from tests.search_factories import make_gist

DAY = date(2016, 12, 1)
PASSAGES = (
    make_gist("Cyclobenzaprine (Flexeril)", "cyclobenzaprine"),
    make_gist("Physical medicine treatment", "physical-therapy"),
    make_gist("Topical analgesics", "topical-analgesic"),
)


class OtherModel(FakeEmbedder):
    model_id = "another-model"


@pytest.fixture
def corpus(drafter_home: Path) -> Corpus:
    version = write_version(drafter_home, version_files(PASSAGES, (make_edition(),)))
    activate(drafter_home, version)
    return load_corpus(drafter_home)


@pytest.fixture
def settings(drafter_home: Path) -> CorpusSettings:
    return CorpusSettings(home=drafter_home)


def test_a_built_index_is_searched(corpus: Corpus, settings: CorpusSettings) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    result = open_search(settings, embedder=FakeEmbedder()).search("Flexeril 10mg", as_of=DAY)
    assert result.searched_by == "keyword+vector"
    assert result.results[0].passage.section == "Cyclobenzaprine (Flexeril)"
    assert result.corpus_version == corpus.version


def test_building_again_leaves_one_index(corpus: Corpus) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    names = sorted(path.name for path in (corpus.folder / "index").iterdir())
    assert names == ["index.json", "keyword-2.npz", "vectors-2"]
    assert index_problems(corpus) == ()


def test_progress_is_told_and_ends_with_the_whole(corpus: Corpus) -> None:
    told: list[tuple[int, int]] = []
    build_index(
        corpus,
        cache=corpus.folder.parent,
        embedder=FakeEmbedder(),
        report=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (3, 3)


def test_an_index_of_another_model_is_refused_before_it_is_read(corpus: Corpus) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    with pytest.raises(EmbeddingMismatch, match="another-model"):
        open_index(corpus, embedder=OtherModel())


def test_a_corpus_without_index_says_to_build_it(corpus: Corpus) -> None:
    with pytest.raises(IndexDamaged, match="no index yet; run `guideline-corpus build`"):
        open_index(corpus, embedder=FakeEmbedder())


@pytest.mark.parametrize("pattern", ["keyword-1.npz", "vectors-1/vectors.f32", "vectors-1/identity.json"])
@pytest.mark.parametrize("harm", ["cut", "flip", "remove"])
def test_a_damaged_file_is_named_before_anything_opens_it(corpus: Corpus, pattern: str, harm: str) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    (path,) = (corpus.folder / "index").glob(pattern)
    content = path.read_bytes()
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if harm == "cut" else bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(IndexDamaged, match=path.name):
        open_index(corpus, embedder=FakeEmbedder())
    assert path.name in index_problems(corpus)[0]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 99}', "not json"])
def test_a_description_that_is_none_is_refused(corpus: Corpus, content: str) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    (corpus.folder / "index" / "index.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="guideline-corpus build"):
        open_index(corpus, embedder=FakeEmbedder())


def test_built_without_weights_search_goes_by_keyword_and_says_so(corpus: Corpus, settings: CorpusSettings) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=None)
    search = open_search(settings, embedder=FakeEmbedder())
    assert search.notice == NOT_INDEXED
    result = search.search("Flexeril 10mg", as_of=DAY)
    assert result.searched_by == "keyword"
    assert result.results[0].passage.section == "Cyclobenzaprine (Flexeril)"


def test_opened_without_weights_search_goes_by_keyword(corpus: Corpus) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    assert open_index(corpus, embedder=None).vectors is None


def test_vectors_in_a_folder_are_not_taken_for_those_on_a_server(corpus: Corpus) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    with pytest.raises(IndexDamaged, match="DRAFTER_CHROMA_URL"):
        open_index(corpus, embedder=FakeEmbedder(), server="http://127.0.0.1:9")


def test_a_chroma_server_finds_what_the_folder_finds(corpus: Corpus, settings: CorpusSettings, tmp_path: Path) -> None:
    queries = ("Flexeril 10mg #60", "MRI of the knee", "massage", "service dog")
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    in_folder = open_search(settings, embedder=FakeEmbedder())
    expected = [in_folder.search(query, as_of=DAY).model_dump() for query in queries]
    with chroma_served(tmp_path / "served") as url:
        build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder(), server=url)
        on_server = open_search(settings.model_copy(update={"chroma_url": url}), embedder=FakeEmbedder())
        found = [on_server.search(query, as_of=DAY).model_dump() for query in queries]
        on_server.close()

    for one, other in zip(found, expected, strict=True):
        assert one["searched_by"] == "keyword+vector"
        assert [row["passage"] for row in one["results"]] == [row["passage"] for row in other["results"]]
        assert [row["score"] for row in one["results"]] == pytest.approx(
            [row["score"] for row in other["results"]], abs=1e-4
        )


def test_a_chain_gets_passages_with_where_they_stand(corpus: Corpus, settings: CorpusSettings) -> None:
    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    retriever = GuidelineRetriever(search=open_search(settings, embedder=FakeEmbedder()), as_of=DAY, limit=2)
    first = retriever.invoke("Flexeril 10mg #60")[0]
    assert first.page_content == PASSAGES[0].text
    assert first.id == PASSAGES[0].passage_id
    assert first.metadata["section"] == "Cyclobenzaprine (Flexeril)"
    assert first.metadata["in_force_to"] == "2017-11-30"
    assert first.metadata["addressed"] is True


async def _asked(retriever: GuidelineRetriever, query: str) -> list[str]:
    return [document.metadata["section"] for document in await retriever.ainvoke(query)]


def test_a_chain_can_ask_without_waiting(corpus: Corpus, settings: CorpusSettings) -> None:
    import asyncio

    build_index(corpus, cache=corpus.folder.parent, embedder=FakeEmbedder())
    retriever = GuidelineRetriever(search=open_search(settings, embedder=FakeEmbedder()), as_of=DAY)
    assert asyncio.run(_asked(retriever, "Flexeril"))[0] == "Cyclobenzaprine (Flexeril)"
    silent = retriever.model_copy(update={"only_addressed": True})
    assert asyncio.run(_asked(silent, "service dog")) == []
