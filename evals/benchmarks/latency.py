"""How a search grows with the corpus: this program's beside a bare numpy search over the same vectors, and Chroma.

    python -m evals.benchmarks.latency [--sizes 1000,10000,100000] [--rivals] [--json]

The vectors are synthetic and crowded, as boilerplate text has them: all near to a few templates. Each query is one
passage's vector moved a little; that passage is its gold. `bare numpy` multiplies all vectors with the query and takes
the best ten. `this program` is the whole search as it is shipped, opened from its file: in-force filter, keyword half,
vectors, fusion, explanation of ten results; with the words of the field and without. Encoding the query is left out of
all of them. Every system answers the same queries in rounds, one after the other, so that a busy machine is busy for
all. MiB is what the process holds more once a system is built; a mapped file counts only as far as it was read.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.benchmarks.chroma_collection import chroma_nearest
from evals.benchmarks.systems import Answer, KnownQueries, langchain_ensemble, plain_bm25
from evals.benchmarks.tasks import Task
from guideline_corpus.embedding import Vector, Vectors, unit_length
from guideline_corpus.indexing import OpenIndex, keyword_text
from guideline_corpus.lexical import KeywordIndex
from guideline_corpus.model import InForce, Passage
from guideline_corpus.passage_index import IndexIdentity, IndexRow
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.vector_file import create_vector_file, open_vector_file
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary

DIMENSIONS = 384
SIZES = (1_000, 10_000, 100_000)
QUERIES = 200
ROUNDS = 3
DEPTH = 10
DAY = date(2016, 12, 1)
SPREAD, MOVED = 0.35, 0.05
WORDS = 8_000
PASSAGE_WORDS = 90
EDITIONS = 24

Nearest = Callable[[str], Sequence[str]]


class Corpus(NamedTuple):
    """Passages, one vector each, and queries with their vectors and the passage each was made from."""

    passages: tuple[Passage, ...]
    vectors: Vectors
    queries: Mapping[str, Vector]
    gold: Mapping[str, str]


class Timed(NamedTuple):
    """A system that was built, and how much more memory the process held after it."""

    name: str
    build_seconds: float
    mebibytes: float
    answer: Nearest


def synthetic(size: int, vocabulary: Vocabulary, *, seed: int = 0) -> Corpus:
    """A corpus of `size` passages; the same seed gives the same corpus."""
    random = np.random.default_rng(seed)
    templates = random.normal(size=(40, DIMENSIONS))
    vectors = unit_length(templates[random.integers(0, 40, size)] + SPREAD * random.normal(size=(size, DIMENSIONS)))
    treatments = sorted(vocabulary.treatments)
    passages = tuple(_passage(number, random, treatments, vocabulary) for number in range(size))
    chosen = random.choice(size, size=min(QUERIES, size), replace=False)
    moved = unit_length(vectors[chosen] + MOVED * random.normal(size=(len(chosen), DIMENSIONS)))
    texts = [f"{_words(random, 3)} {passages[row].section} {number}" for number, row in enumerate(chosen)]
    return Corpus(
        passages,
        vectors,
        dict(zip(texts, moved, strict=True)),
        {text: passages[row].passage_id for text, row in zip(texts, chosen, strict=True)},
    )


def systems(corpus: Corpus, vocabulary: Vocabulary, folder: Path, *, rivals: bool) -> list[Timed]:
    """All that is compared, built."""
    built = [
        _built("bare numpy", lambda: _bare(corpus)),
        _built("this program", lambda: _ours(corpus, vocabulary, folder / "field")),
        _built("  without the field's words", lambda: _ours(corpus, None, folder / "plain")),
        _built("  its vectors alone", lambda: _lane(corpus, folder / "lane")),
    ]
    if rivals:
        ids = [passage.passage_id for passage in corpus.passages]
        task = Task("synthetic", corpus.passages, corpus.vectors, (), field=False)
        built.append(_built("plain Chroma", lambda: _chroma(corpus, ids, dense=False)))
        built.append(_built("Chroma, dense graph", lambda: _chroma(corpus, ids, dense=True)))
        built.append(_built("plain BM25 (bm25s)", lambda: _named(ids, plain_bm25(task, corpus.queries))))
        built.append(_built("LangChain ensemble", lambda: _named(ids, langchain_ensemble(task, corpus.queries))))
    return built


def measured(corpus: Corpus, timed: Sequence[Timed]) -> list[dict[str, Any]]:
    """Latency and gold recall of each system."""
    milliseconds: dict[str, list[float]] = {one.name: [] for one in timed}
    found: dict[str, int] = dict.fromkeys(milliseconds, 0)
    for one in timed:
        for query in list(corpus.queries)[:20]:
            one.answer(query)
    for turn in range(ROUNDS):
        for query in corpus.queries:
            for one in timed:
                begun = time.perf_counter()
                ids = one.answer(query)
                milliseconds[one.name].append(1000 * (time.perf_counter() - begun))
                found[one.name] += turn == 0 and corpus.gold[query] in ids
    bare = float(np.percentile(milliseconds["bare numpy"], 95))
    return [
        {
            "name": one.name.strip(),
            "build_seconds": round(one.build_seconds, 2),
            "memory_mib": round(one.mebibytes),
            "p50": round(float(np.percentile(milliseconds[one.name], 50)), 2),
            "p95": round(float(np.percentile(milliseconds[one.name], 95)), 2),
            "p95_to_bare": round(float(np.percentile(milliseconds[one.name], 95)) / bare, 2),
            "gold_recall": round(found[one.name] / len(corpus.queries), 4),
        }
        for one in timed
    ]


def run(sizes: Sequence[int], *, rivals: bool) -> list[dict[str, Any]]:
    """The report for each size."""
    vocabulary = load_vocabulary()
    reports = []
    for size in sizes:
        corpus = synthetic(size, vocabulary)
        with tempfile.TemporaryDirectory(prefix="latency-") as folder:
            rows = measured(corpus, systems(corpus, vocabulary, Path(folder), rivals=rivals))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        reports.append({"passages": size, "queries": len(corpus.queries), "peak_mib": round(peak), "systems": rows})
    return reports


def _built(name: str, build: Callable[[], Nearest]) -> Timed:
    held, begun = _held_memory(), time.perf_counter()
    answer = build()
    return Timed(name, time.perf_counter() - begun, max(0.0, _held_memory() - held), answer)


def _held_memory() -> float:
    """What this process holds now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _bare(corpus: Corpus) -> Nearest:
    ids = [passage.passage_id for passage in corpus.passages]

    def answer(query: str) -> Sequence[str]:
        scores = corpus.vectors @ corpus.queries[query]
        best = np.argpartition(scores, -DEPTH)[-DEPTH:]
        return [ids[row] for row in best[np.argsort(-scores[best])]]

    return answer


def _rows(corpus: Corpus) -> list[IndexRow]:
    return [IndexRow(passage.passage_id, passage.edition_id) for passage in corpus.passages]


def _identity(corpus: Corpus) -> IndexIdentity:
    return IndexIdentity(corpus_version="benchmark", model_id="given", passages=len(corpus.passages))


def _ours(corpus: Corpus, vocabulary: Vocabulary | None, folder: Path) -> Nearest:
    create_vector_file(folder, _identity(corpus), [corpus.vectors])
    search = GuidelineSearch(
        corpus.passages,
        OpenIndex(
            KeywordIndex.build(keyword_text(passage) for passage in corpus.passages),
            open_vector_file(folder, _identity(corpus), _rows(corpus)),
        ),
        corpus_version="benchmark",
        embedder=KnownQueries(corpus.queries),
        vocabulary=vocabulary,
    )
    return lambda query: [found.passage.passage_id for found in search.search(query, as_of=DAY, limit=DEPTH).results]


def _lane(corpus: Corpus, folder: Path) -> Nearest:
    create_vector_file(folder, _identity(corpus), [corpus.vectors])
    lane = open_vector_file(folder, _identity(corpus), _rows(corpus))
    return lambda query: [found.passage_id for found in lane.nearest(corpus.queries[query], editions=None, limit=DEPTH)]


def _chroma(corpus: Corpus, ids: Sequence[str], *, dense: bool) -> Nearest:
    nearest = chroma_nearest(corpus.vectors, ids, dense=dense)
    return lambda query: nearest(corpus.queries[query], DEPTH)


def _named(ids: Sequence[str], answer: Answer) -> Nearest:
    return lambda query: [ids[row] for row in answer(query, None, DEPTH)]


def _words(random: np.random.Generator, count: int) -> str:
    """Invented words, some far more common than others."""
    return " ".join(f"w{int(number) % WORDS}q" for number in random.zipf(1.3, size=count))


def _passage(number: int, random: np.random.Generator, treatments: Sequence[str], vocabulary: Vocabulary) -> Passage:
    treatment = treatments[int(random.integers(0, len(treatments)))]
    return Passage(
        passage_id=f"p{number:06}",
        edition_id=f"edition-{number % EDITIONS}",
        guideline=f"Guideline {number % EDITIONS}",
        edition="2016",
        rung=1,
        in_force=InForce(),
        section=vocabulary.treatments[treatment].label,
        section_path=(vocabulary.treatments[treatment].label,),
        text_kind="official",
        text=_words(random, PASSAGE_WORDS),
        treatments=(treatment,),
    )


def print_report(reports: Sequence[Mapping[str, Any]]) -> None:
    """The report for people."""
    from rich.console import Console
    from rich.table import Table

    for report in reports:
        asked = f"{report['queries']} queries x {ROUNDS}"
        title = f"{report['passages']:,} passages, {asked}, {report['peak_mib']} MiB at most"
        table = Table(title=title, box=None, title_justify="left", pad_edge=False)
        table.add_column("system")
        for name in ("build s", "MiB", "p50 ms", "p95 ms", "p95 / bare", "gold recall@10"):
            table.add_column(name, justify="right")
        for one in report["systems"]:
            cells = (one[name] for name in ("build_seconds", "memory_mib", "p50", "p95", "p95_to_bare", "gold_recall"))
            table.add_row(one["name"], *(f"{cell:.2f}" for cell in cells))
        Console().print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.latency", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="passages, separated by commas")
    parser.add_argument("--rivals", action="store_true", help="others too; Chroma takes minutes at 100,000")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args(arguments)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    reports = run(sizes, rivals=chosen.rivals)
    if chosen.json:
        print(json.dumps(reports, sort_keys=True))  # noqa: T201
    else:
        print_report(reports)
    return 0


if __name__ == "__main__":
    sys.exit(main())
