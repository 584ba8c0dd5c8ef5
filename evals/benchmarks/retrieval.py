"""One table, one command: this program's search beside plain Chroma, plain BM25, LangChain's ensemble and others.

    python -m evals.benchmarks.retrieval LETTERS            published letters over the corpus of DRAFTER_HOME
    python -m evals.benchmarks.retrieval --set FOLDER       a retrieval set (corpus.jsonl, queries.jsonl, qrels.tsv)

Every system answers the same queries over the same passages, vectors and in-force filter. Intervals are 95 percent from
resampling letters (or queries, in a set). Latency leaves out the encoding of the query, which is the same for all.
Each system runs in a process of its own, one after the other; MiB is the most that process held beyond the passages and
vectors, which all of them are given. `evals/benchmarks/latency.py` shows how build, latency and memory grow.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.benchmarks.systems import SYSTEMS, System, available_systems
from evals.benchmarks.tasks import BenchQuery, Task, letters_task, set_task
from evals.errors import EvalsError
from evals.summary import Row, clustered_mean
from guideline_corpus.embedding import Embedder, Vector
from guideline_corpus.errors import CorpusError

DEPTH = 10
METRICS = ("hit@1", "hit@5", "recall@10", "mrr", "ndcg@10")


class Measured(NamedTuple):
    """What one system did: a row of scores for each query, seconds to build, milliseconds for each query.

    `mebibytes` is the most memory its process held, less what it held before the system was built.
    """

    name: str
    rows: list[Row]
    build_seconds: float
    milliseconds: list[float]
    mebibytes: float


def measure(
    task: Task, embedder: Embedder, systems: Sequence[System] = SYSTEMS, *, apart: bool = False
) -> list[Measured]:
    """Every system over every query; `apart`: each in a process of its own, so that its memory can be told."""
    texts = [query.text for query in task.queries]
    vectors = dict(zip(texts, embedder.embed_documents(texts), strict=True))
    if not apart:
        return [_measured(task, vectors, system) for system in systems]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        return [processes.submit(_measured, task, vectors, system).result() for system in systems]


def _measured(task: Task, vectors: dict[str, Vector], system: System) -> Measured:
    before = _most_memory()
    begun = time.perf_counter()
    answer = system.build(task, vectors)
    built = time.perf_counter() - begun
    rows, milliseconds = [], []
    for query in task.queries:
        begun = time.perf_counter()
        found = answer(query.text, query.as_of, DEPTH)
        milliseconds.append(1000 * (time.perf_counter() - begun))
        rows.append({"case_number": query.cluster, "query": query.query_id, "scores": scores_of(query, found)})
    return Measured(system.name, rows, built, milliseconds, _most_memory() - before)


def _most_memory() -> float:
    """The most this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def scores_of(query: BenchQuery, found: Sequence[int]) -> dict[str, float]:
    """The metrics of one query, binary relevance; `found` are rows, best first."""
    hits = [row in query.relevant for row in found[:DEPTH]]
    first = next((rank for rank, hit in enumerate(hits, start=1) if hit), None)
    gain = sum(1 / math.log2(rank + 1) for rank, hit in enumerate(hits, start=1) if hit)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(query.relevant), DEPTH) + 1))
    return {
        "hit@1": float(first == 1),
        "hit@5": float(first is not None and first <= 5),
        "recall@10": sum(hits) / len(query.relevant) if query.relevant else 0.0,
        "mrr": 1 / first if first else 0.0,
        "ndcg@10": gain / best if best else 0.0,
    }


def report(task: Task, measured: Sequence[Measured]) -> dict[str, Any]:
    """The table as plain values."""
    return {
        "task": task.name,
        "passages": len(task.passages),
        "queries": len(task.queries),
        "clusters": len({query.cluster for query in task.queries}),
        "systems": [
            {
                "name": one.name.strip(),
                "metrics": {name: clustered_mean(one.rows, name) for name in METRICS},
                "build_seconds": round(one.build_seconds, 3),
                "memory_mib": round(one.mebibytes, 1),
                "milliseconds": {
                    "p50": round(float(np.percentile(one.milliseconds, 50)), 3),
                    "p95": round(float(np.percentile(one.milliseconds, 95)), 3),
                },
            }
            for one in measured
        ],
    }


def print_table(found: dict[str, Any]) -> None:
    """The report for people."""
    from rich.console import Console
    from rich.table import Table

    title = f"{found['task']}: {found['queries']} queries in {found['clusters']} clusters, {found['passages']} passages"
    table = Table(title=title, box=None, title_justify="left", pad_edge=False)
    table.add_column("system")
    for name in (*METRICS, "build s", "p50 ms", "p95 ms", "MiB"):
        table.add_column(name, justify="right")
    for one in found["systems"]:
        means = [one["metrics"][name] for name in METRICS]
        table.add_row(
            one["name"],
            *(f"{mean['mean']:.3f} ({mean['low']:.2f}-{mean['high']:.2f})" for mean in means),
            f"{one['build_seconds']:.2f}",
            *(f"{one['milliseconds'][at]:.1f}" for at in ("p50", "p95")),
            f"{one['memory_mib']:.0f}",
        )
    Console(width=max(Console().width, 160)).print(table)


def misses(task: Task, measured: Measured) -> list[dict[str, Any]]:
    """The queries whose first result is not one that was asked for."""
    wanted = {query.query_id: query for query in task.queries}
    return [
        {"query": row["query"], "text": wanted[row["query"]].text, "reciprocal_rank": round(row["scores"]["mrr"], 3)}
        for row in measured.rows
        if not row["scores"]["hit@1"]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.retrieval", description=__doc__)
    parser.add_argument("letters", nargs="*", type=Path, help="published letters, or folders of them")
    parser.add_argument("--set", dest="sets", action="append", type=Path, default=[], help="a retrieval set")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args(arguments)
    if not chosen.letters and not chosen.sets:
        parser.error("name a folder of published letters, or a retrieval set with --set")
    try:
        reports = [_run(task, embedder) for task, embedder in _tasks(chosen.letters, chosen.sets)]
    except (EvalsError, CorpusError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if len(available_systems()) < len(SYSTEMS):
        print("LangChain's ensemble is left out: install langchain-classic to compare with it.", file=sys.stderr)  # noqa: T201
    if chosen.json:
        print(json.dumps(reports, ensure_ascii=False, sort_keys=True))  # noqa: T201
    else:
        for one in reports:
            print_table(one)
            for missed in one["misses"]:
                print(f"  {missed['query']}  {missed['text'][:90]}")  # noqa: T201
    return 0


def _tasks(letters: Sequence[Path], sets: Sequence[Path]) -> list[tuple[Task, Embedder]]:
    from evals.importing import import_cases
    from guideline_corpus.opening import configured_embedder
    from guideline_corpus.settings import read_corpus_settings
    from guideline_corpus.versions import load_corpus
    from guideline_corpus.vocabulary import load_vocabulary

    settings = read_corpus_settings()
    embedder, reason = configured_embedder(settings)
    if embedder is None:
        raise EvalsError(f"The benchmark compares vectors too, and there are none: {reason}")
    tasks = [set_task(folder, embedder) for folder in sets]
    if letters:
        cases = import_cases(letters, name="letters").cases
        tasks.insert(0, letters_task(cases, load_corpus(settings.home).passages, embedder, load_vocabulary()))
    return [(task, embedder) for task in tasks]


def _run(task: Task, embedder: Embedder) -> dict[str, Any]:
    measured = measure(task, embedder, available_systems(), apart=True)
    return {**report(task, measured), "misses": misses(task, measured[0]) if task.field else []}


if __name__ == "__main__":
    sys.exit(main())
