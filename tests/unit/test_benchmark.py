"""The benchmark's arithmetic, and that a retrieval set in the common layout can be brought."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from evals.benchmarks.latency import measured, synthetic, systems
from evals.benchmarks.retrieval import measure, report, scores_of
from evals.benchmarks.systems import SYSTEMS
from evals.benchmarks.tasks import BenchQuery, set_task
from evals.errors import EvalsError
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.vocabulary import load_vocabulary

TEXTS = {"a": "Yoga for motivated patients.", "b": "Massage as an adjunct to exercise.", "c": "Cold packs at home."}


def query(*relevant: int) -> BenchQuery:
    return BenchQuery("q", "yoga", None, frozenset(relevant), "q")


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    corpus = [{"_id": key, "title": "", "text": text} for key, text in TEXTS.items()]
    queries = [{"_id": "1", "text": "yoga patients"}, {"_id": "2", "text": "massage"}, {"_id": "3", "text": "unjudged"}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in corpus), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(row) for row in queries), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n2\tc\t0\n", encoding="utf-8")
    return tmp_path


def test_scores_are_the_textbook_ones() -> None:
    scores = scores_of(query(4, 7), [1, 4, 2, 7])
    assert scores["hit@1"] == 0.0
    assert scores["hit@5"] == 1.0
    assert scores["recall@10"] == 1.0
    assert scores["mrr"] == 0.5
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    assert scores["ndcg@10"] == pytest.approx(gain / (1 + 1 / math.log2(3)))


def test_a_query_that_finds_nothing_scores_nothing() -> None:
    assert set(scores_of(query(4), []).values()) == {0.0}


def test_every_system_answers_a_set_in_the_common_layout(small_set: Path) -> None:
    embedder = FakeEmbedder()
    task = set_task(small_set, embedder)
    assert [one.query_id for one in task.queries] == ["1", "2"]
    plain = [system for system in SYSTEMS if "LangChain" not in system.name]
    for one in report(task, measure(task, embedder, plain))["systems"]:
        assert one["metrics"]["hit@1"]["mean"] == 1.0, one["name"]


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(small_set: Path, name: str) -> None:
    (small_set / name).unlink()
    with pytest.raises(EvalsError, match=name):
        set_task(small_set, FakeEmbedder())


def test_a_line_that_is_no_passage_is_named(small_set: Path) -> None:
    (small_set / "corpus.jsonl").write_text('{"_id": "a"}', encoding="utf-8")
    with pytest.raises(EvalsError, match=r"corpus\.jsonl is not JSON Lines"):
        set_task(small_set, FakeEmbedder())


def test_the_vectors_of_this_program_lose_no_gold_against_bare_numpy(tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    corpus = synthetic(400, vocabulary)
    rows = {row["name"]: row for row in measured(corpus, systems(corpus, vocabulary, tmp_path, rivals=False))}
    assert rows["its vectors alone"]["gold_recall"] == rows["bare numpy"]["gold_recall"] == 1.0
    assert rows["this program"]["gold_recall"] > 0.9
    assert all(row["memory_mib"] >= 0 for row in rows.values())
    assert synthetic(20, vocabulary).queries.keys() == synthetic(20, vocabulary).queries.keys()
