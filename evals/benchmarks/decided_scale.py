"""A million decided items in one table: adding them, searching them, what is missed, and what it takes in memory.

    python -m evals.benchmarks.decided_scale [--items 1000000] [--chroma-items 100000] [--queries 100] [--folder DIR]

The items are invented (`decided_items.py` says how: texts varied from the project's samples, vectors around real ones),
written as `drafter parse --json` prints letters and added by the program itself, in a process of its own; only the
encoder's work is done beforehand, and its rate measured apart. Then they are searched in a fresh process, as the desk
does it: the whole question with the encoding of its words, and beside it (p50, p95) without; on a machine with other
work the processors' own time says more. Each query is a new variation of a request. Rows:

- **no limit**: all items
- **own case, earlier days**: without one case, decided before a day drawn from the six years
- **own case, first weeks**: the same, before the first hundredth of the days
- **nothing known**: words that say nothing to the vocabulary, so that every vector is compared
- **by words alone**: as without the weights

recall@10 is against a comparison with every item that shares no code with the search but the columns; an item that
scores as high as the tenth best counts. `let in` counts results that a limit forbids. A Chroma server, a process of its
own on loopback, answers the same questions over the first `--chroma-items`, with the same program before it. MiB is
anonymous memory of the process and, after the plus, what it has mapped of files, which processes share; for Chroma that
of the server. Nothing is left behind but what `--folder` names.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.benchmarks.chroma_process import chroma_served
from evals.benchmarks.decided_items import (
    DAYS,
    FIRST_DAY,
    Anchor,
    Invented,
    Space,
    anchors_from,
    invented_items,
    sample_treatments,
    write_lines,
    write_vectors,
)
from evals.benchmarks.decided_yardstick import DEPTH, Query, configured, yardstick
from evals.errors import EvalsError
from guideline_corpus.decided.columns import key_hash
from guideline_corpus.decided.model import SimilarResult
from guideline_corpus.decided.opening import JOURNALS, add_decided, open_similar
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.embedding import Embedder, Vector
from guideline_corpus.journal import EmbeddingJournal
from guideline_corpus.opening import open_encoding
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.shared_work import in_turn
from guideline_corpus.vocabulary import load_vocabulary

ANCHORS, DIFFERENCES, TIMED_TEXTS = 3_000, 800, 640
CHUNK = 64
LIMITS = ("no limit", "own case, earlier days", "own case, first weeks")
UNKNOWN, WORDS = "nothing known", "by words alone"
MIB = 2**20
PRIORITY = 5
HEADS = ("index", "items", "asked", "p50 ms", "p95 ms", "without encoding", "CPU p95", "recall@10", "let in", "added/s",
         "CPU s", "opened in s", "MiB")  # fmt: skip


class Adding(NamedTuple):
    """How long it took, what the processors worked for it, and the most anonymous memory meanwhile."""

    seconds: float
    processor_seconds: float
    mebibytes: float


class Searching(NamedTuple):
    """Milliseconds of each query, those of the encoder in them, those of the processors; found are keys and scores."""

    open_seconds: float
    milliseconds: dict[str, list[float]]
    encoding: dict[str, list[float]]
    processors: dict[str, list[float]]
    found: dict[str, list[list[tuple[int, float]]]]
    let_in: dict[str, int]
    own: float
    mapped: float


class Timed:
    """An embedder that tells how long its last query took, in milliseconds."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.model_id, self.dimensions = embedder.model_id, embedder.dimensions
        self.embed_documents = embedder.embed_documents
        self.last = 0.0

    def embed_query(self, text: str) -> Vector:
        begun = time.perf_counter()
        vector = self._embedder.embed_query(text)
        self.last = 1000 * (time.perf_counter() - begun)
        return vector


def memory(pid: int | str = "self") -> tuple[float, float]:
    """Anonymous memory and mapped files of a process, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    held = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith("Rss")}
    return int(held["RssAnon"]) / 1024, int(held["RssFile"]) / 1024


def queries_for(anchors: Sequence[Anchor], items: Sequence[Invented], *, count: int) -> dict[str, list[Query]]:
    """The questions of each row; the same arguments give the same."""
    chance = random.Random(7)
    asked = [chance.choice(items) for _ in range(count)]
    texts = [anchors[item.anchor].varied(chance) for item in asked]
    days = [FIRST_DAY + timedelta(days=chance.randrange(30, DAYS)) for _ in asked]
    weeks = FIRST_DAY + timedelta(days=DAYS // 100)
    odd = [f"as described on page {chance.randint(1, 99)} of form {chance.randint(1, 999)}" for _ in asked]
    return {
        LIMITS[0]: [Query(text) for text in texts],
        LIMITS[1]: [Query(text, day, item.case_number) for text, day, item in zip(texts, days, asked, strict=True)],
        LIMITS[2]: [Query(text, weeks, item.case_number) for text, item in zip(texts, asked, strict=True)],
        UNKNOWN: [Query(text) for text in odd],
    }


def added(settings: CorpusSettings, file: Path, jobs: int) -> Adding:
    """Add a file of lines, in the process that calls this."""
    most, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            most[0] = max(most[0], memory()[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, worked = time.perf_counter(), _processor_seconds()
    try:
        add_decided(settings, [file], jobs=jobs)
    finally:
        done.set()
        watcher.join()
    return Adding(time.perf_counter() - began, _processor_seconds() - worked, most[0])


def _processor_seconds() -> float:
    """What this process and the children that ended have worked."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def searched(
    settings: CorpusSettings, rows: Mapping[str, Sequence[Query]], precedence: bool, words: bool = False
) -> Searching:
    """Ask every question, in the process that calls this; by words alone where `words`."""
    if precedence:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    began = time.perf_counter()
    embedder = Timed(configured(settings))
    search = open_similar(settings, embedder=embedder)
    opened = time.perf_counter() - began
    if words:
        search = SimilarItems(search.items, search.blocks, load_vocabulary())
    asked = Searching(opened, {}, {}, {}, {}, {}, 0.0, 0.0)
    search.similar("MRI of the lumbar spine", limit=DEPTH)
    for row, queries in rows.items():
        asked.milliseconds[row], asked.encoding[row], asked.processors[row] = [], [], []
        asked.found[row], asked.let_in[row] = [], 0
        for query in queries:
            embedder.last, begun, worked = 0.0, time.perf_counter(), time.process_time()
            result = search.similar(query.text, before=query.before, without_case=query.own, limit=DEPTH)
            asked.milliseconds[row].append(1000 * (time.perf_counter() - begun))
            asked.processors[row].append(1000 * (time.process_time() - worked))
            asked.encoding[row].append(embedder.last)
            asked.found[row].append([(key_hash(*one.decided_item.key), one.score) for one in result.results])
            asked.let_in[row] += _let_in(query, result)
    own, mapped = memory()
    search.close()
    return asked._replace(own=own, mapped=mapped)


def _let_in(query: Query, result: SimilarResult) -> int:
    items = [one.decided_item for one in result.results]
    return sum(
        (query.before is not None and item.decided >= query.before) or item.case_number == query.own for item in items
    )


def embedding_rates(settings: CorpusSettings, texts: Sequence[str]) -> dict[int, float]:
    """Texts a second by one process and by two, opening them included."""
    rates = {}
    for jobs in (1, 2):
        chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
        began = time.perf_counter()
        for _ in in_turn(partial(open_encoding, settings), chunks, jobs=jobs):
            pass
        rates[jobs] = len(texts) / (time.perf_counter() - began)
    return rates


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """The result of work done in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


class Bench:
    """The folder, the invented items, and the vectors that are written for them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = CorpusSettings(home=folder / "home")
        self.embedder = embedder = configured(self.settings)
        chance = random.Random(1)
        self.anchors = anchors_from(sample_treatments(), load_vocabulary(), count=ANCHORS)
        vectors = embedder.embed_documents([anchor.text for anchor in self.anchors])
        chosen = [chance.randrange(len(self.anchors)) for _ in range(DIFFERENCES)]
        self.varied = [self.anchors[number].varied(chance) for number in chosen]
        self.real = embedder.embed_documents(self.varied)
        self.space = Space(vectors, self.real - vectors[chosen])
        self.real_likeness = float(np.median((self.real * vectors[chosen]).sum(axis=1)))
        made = self.space.invented(chosen, np.random.default_rng(2))
        self.made_likeness = float(np.median((made * vectors[chosen]).sum(axis=1)))

    def items(self, count: int) -> Iterator[Invented]:
        return invented_items(self.anchors, count=count)

    def prepared(self, home: Path, count: int) -> tuple[CorpusSettings, Path, int]:
        """A home whose journal holds a vector for each text, the file of the items, and how many texts differ."""
        settings = CorpusSettings(home=home)
        home.mkdir(parents=True, exist_ok=True)
        if not (settings.cache_dir).exists() and self.settings.cache_dir.exists():
            settings.cache_dir.mkdir()
            for graph in self.settings.cache_dir.glob("*.onnx"):
                shutil.copy(graph, settings.cache_dir)
        with EmbeddingJournal(settings.cache_dir / JOURNALS, self.embedder) as journal:
            texts = write_vectors(self.items(count), self.space, journal)
        file = self.folder / f"{home.name}.jsonl"
        write_lines(self.items(count), file)
        return settings, file, texts


def run(folder: Path, *, items: int, chroma_items: int, queries: int, jobs: int, precedence: bool) -> dict[str, Any]:
    """The whole report as plain values."""
    bench = Bench(folder)
    rates = embedding_rates(bench.settings, bench.varied[:TIMED_TEXTS])
    settings, file, texts = bench.prepared(folder / "large", items)
    adding = apart(added, settings, file, jobs)
    asked = queries_for(bench.anchors, list(islice(bench.items(items), 20_000)), count=queries)
    report: dict[str, Any] = {
        "items": items,
        "texts": texts,
        "queries": queries,
        "anchors": len(bench.anchors),
        "likeness": {"real": round(bench.real_likeness, 3), "invented": round(bench.made_likeness, 3)},
        "embedded_a_second": {str(jobs): round(rate) for jobs, rate in rates.items()},
        "disk_mib": round(sum(one.stat().st_size for one in (settings.home / "decided").rglob("*")) / MIB),
        "rows": _file_rows(settings, asked, items, adding, precedence),
    }
    if chroma_items:
        small, file, _ = bench.prepared(folder / "small", chroma_items)
        apart(added, small, file, jobs)
        report["rows"] += _chroma_rows(small, folder, file, asked, chroma_items, precedence)
    return report


def _file_rows(
    settings: CorpusSettings, asked: Mapping[str, Sequence[Query]], items: int, adding: Adding, precedence: bool
) -> list[dict[str, Any]]:
    exact = apart(searched, settings, asked, precedence)
    by_words = apart(searched, settings, {WORDS: asked[LIMITS[1]]}, precedence, True)
    stick, word_stick = yardstick(settings), yardstick(settings, words=True)
    rows = [_row("file", items, name, exact, stick.recall(asked[name], exact.found[name]), adding) for name in asked]
    recall = word_stick.recall(asked[LIMITS[1]], by_words.found[WORDS])
    return [*rows, _row("file", items, WORDS, by_words, recall, adding)]


def _chroma_rows(
    small: CorpusSettings, folder: Path, file: Path, asked: Mapping[str, Sequence[Query]], items: int, precedence: bool
) -> list[dict[str, Any]]:
    """Chroma over a home of its own with the items of `small`, which keeps its vectors in a file."""
    exact = apart(searched, small, asked, precedence)
    stick = yardstick(small)
    served_home = CorpusSettings(home=folder / "served")
    shutil.copytree(small.cache_dir, served_home.cache_dir)
    with chroma_served(folder / "chroma") as url:
        served_home = served_home.model_copy(update={"chroma_url": str(url)})
        adding = apart(added, served_home, file, 1)
        found = apart(searched, served_home, asked, precedence)
        server = memory(url.pid)
    rows = [_row("file", items, name, exact, stick.recall(asked[name], exact.found[name]), None) for name in asked]
    found = found._replace(own=server[0], mapped=server[1])
    adding = adding._replace(mebibytes=float("nan"))
    rows += [_row("Chroma", items, name, found, stick.recall(asked[name], found.found[name]), adding) for name in asked]
    return rows


def _row(
    index: str, items: int, name: str, searching: Searching, recall: float, adding: Adding | None
) -> dict[str, Any]:
    times = searching.milliseconds[name]
    alone = np.array(times) - np.array(searching.encoding[name])
    return {
        "index": index,
        "items": items,
        "asked": name,
        "p50": round(float(np.percentile(times, 50)), 1),
        "p95": round(float(np.percentile(times, 95)), 1),
        "p50_without_encoding": round(float(np.percentile(alone, 50)), 1),
        "p95_without_encoding": round(float(np.percentile(alone, 95)), 1),
        "p95_of_processors": round(float(np.percentile(searching.processors[name], 95)), 1),
        "recall": round(recall, 4),
        "let_in": searching.let_in[name],
        "added_a_second": round(items / adding.seconds) if adding else None,
        "adding_processor_seconds": round(adding.processor_seconds) if adding else None,
        "adding_mib": round(adding.mebibytes) if adding and adding.mebibytes == adding.mebibytes else None,
        "open_seconds": round(searching.open_seconds, 1),
        "mib": [round(searching.own), round(searching.mapped)],
    }


def print_report(report: Mapping[str, Any]) -> None:
    """The report for people: one table in Markdown, and what it rests on."""
    rates = ", ".join(f"{rate} by {jobs}" for jobs, rate in report["embedded_a_second"].items())
    print(  # noqa: T201
        f"{report['items']:,} invented items, {report['texts']:,} different texts around {report['anchors']:,} anchors "
        f"(median cosine of a text to its anchor: {report['likeness']['real']} real, {report['likeness']['invented']} "
        f"invented); {report['queries']} queries a row; texts embedded a second: {rates} process(es); "
        f"{report['disk_mib']:,} MiB on disk\n"
    )
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}")  # noqa: T201
    for row in report["rows"]:
        added_ = "" if row["added_a_second"] is None else f"{row['added_a_second']:,}"
        alone = f"{row['p50_without_encoding']}, {row['p95_without_encoding']}"
        worked = "" if row["adding_processor_seconds"] is None else row["adding_processor_seconds"]
        cells = (row["index"], f"{row['items']:,}", row["asked"], row["p50"], row["p95"], alone,
                 row["p95_of_processors"], f"{row['recall']:.3f}", row["let_in"], added_, worked, row["open_seconds"],
                 f"{row['mib'][0]} + {row['mib'][1]}")  # fmt: skip
        print(f"| {' | '.join(str(cell) for cell in cells)} |")  # noqa: T201
    most = max((row["adding_mib"] or 0) for row in report["rows"])
    print(f"\nmost anonymous memory while adding: {most:,} MiB")  # noqa: T201


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.decided_scale", description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--chroma-items", type=int, default=100_000, help="0 leaves Chroma out")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2, help="processes that read the texts")
    parser.add_argument("--folder", type=Path, help="a folder for all that is made, kept; else a temporary one")
    parser.add_argument(
        "--precedence", action="store_true", help="searches go before all else on this machine (as root)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args(arguments)
    sizes = {"items": chosen.items, "chroma_items": min(chosen.chroma_items, chosen.items)}
    try:
        with tempfile.TemporaryDirectory(prefix="decided-scale-") as own:
            report = run(
                chosen.folder or Path(own),
                **sizes,
                queries=chosen.queries,
                jobs=chosen.jobs,
                precedence=chosen.precedence,
            )
    except EvalsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if chosen.json:
        print(json.dumps(report, sort_keys=True))  # noqa: T201
    else:
        print_report(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
