"""What drafting with a model costs beside the model: prompts, time of our own, and many items at once.

    python -m evals.benchmarks.model LETTERS [--prompts 3] [--runs 5]

Over every item of the letters of a folder: the length of its prompt (median and longest; tokens estimated at four
characters each), and the wall time of a draft less that of the model (median and 95th percentile, warm, with every
check), the model being one that answers at once. Then 100 items at 16 in flight against a server on loopback that takes
200 ms, beside the ideal of seven rounds: one request a hundred times, and a hundred requests of the letters, of which
none is like another. Last, some prompts in full, to be read.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from drafter.bootstrap import App
from drafter.domain.case import Case, DisputedItem
from drafter.errors import DrafterError
from drafter.services.intake import find_inputs, read_case
from drafter.settings import read_settings
from guideline_corpus.errors import CorpusError

CHARACTERS_A_TOKEN = 4
ITEMS, AT_ONCE, SECONDS = 100, 16, 0.2


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two wait for each other's receipt for 40 ms
    seconds = 0.0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.seconds)
        item = int(body["messages"][1]["content"].split("Item ", 1)[1].split(":", 1)[0])
        told = json.dumps(_completion(item)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


def _serve(seconds: float, told: Connection) -> None:
    _Handler.seconds = seconds
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    told.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def _server(seconds: float) -> Iterator[str]:
    """A server in a process of its own that answers every request after `seconds` with one sound sentence."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(seconds, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def _completion(item: int) -> dict[str, Any]:
    said = {"text": "The case is as told.", "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}
    content = json.dumps({"item": item, "statements": [said]})
    message = {"role": "assistant", "content": content}
    return {
        "id": "b", "object": "chat.completion", "created": 0, "model": "loopback",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }  # fmt: skip


def _app(url: str, home: Path, **given: Any) -> App:
    """An application with a cache of its own over the user's corpus."""
    settings = read_settings()
    for kept in ("corpus", "cache"):
        (home / kept).mkdir(exist_ok=True)
    (home / "corpus").rmdir()
    (home / "corpus").symlink_to(settings.corpus_dir)
    for held in settings.cache_dir.iterdir() if settings.cache_dir.is_dir() else ():
        if held.name != "replies":
            (home / "cache" / held.name).symlink_to(held)
    corpus = settings.corpus.model_copy(update={"home": home})
    changed = settings.model_copy(update={"corpus": corpus, "openai_base_url": url, **given})
    return App(changed, model_spec="openai:loopback")


def _prompts(app: App, cases: list[Case]) -> list[str]:
    return [f"{prompt.system}\n\n{prompt.user}" for case in cases for _, prompt in app.payloads(case)]


def _own_time(cases: list[Case], *, server_seconds: float = 0.0) -> list[float]:
    """Milliseconds a draft less the server's, one item at a time, after a few that warm everything."""
    times = []
    with _server(server_seconds) as url, tempfile.TemporaryDirectory() as home:
        app = _app(url, Path(home), at_once=1)
        for number, case in enumerate(cases):
            began = time.perf_counter()
            drafts = list(app.draft(case))
            if number >= 5 and drafts:
                times.append((time.perf_counter() - began) * 1000 / len(drafts))
    return times


def _alike(cases: list[Case]) -> list[DisputedItem]:
    return [next(case.items[0] for case in cases if case.items)] * ITEMS


def _different(cases: list[Case]) -> list[DisputedItem]:
    """ITEMS items of the letters, spread over all of them, or fewer where they do not have as many."""
    every = list({item.treatment: item for case in cases for item in case.items}.values())
    return every[:: max(1, len(every) // ITEMS)][:ITEMS]


def _many(cases: list[Case], asked: list[DisputedItem]) -> float:
    """Seconds for these items as items of one case, AT_ONCE in flight."""
    first = next(case for case in cases if case.items)
    items = tuple(item.model_copy(update={"number": n, "depends_on": None}) for n, item in enumerate(asked, start=1))
    with _server(SECONDS) as url, tempfile.TemporaryDirectory() as home:
        app = _app(url, Path(home), at_once=AT_ONCE)
        list(app.draft(first.model_copy(update={"items": items[:1]})))
        whole = first.model_copy(update={"items": items, "case_number": "many"})
        began = time.perf_counter()
        list(app.draft(whole))
        return time.perf_counter() - began


def _told(what: str, items: int, seconds: list[float]) -> str:
    ideal = ceil(items / AT_ONCE) * SECONDS
    middle, best = median(seconds), min(seconds)
    runs = f"median of {len(seconds)} runs, the best {best / ideal:.2f}" if len(seconds) > 1 else "one run"
    return (
        f"{items} {what}, {AT_ONCE} in flight, {SECONDS * 1000:.0f} ms each: {middle:.2f} s, "
        f"{middle / ideal:.2f} times the ideal of {ideal:.2f} s ({runs})\n"
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--prompts", type=int, default=3)
    arguments.add_argument("--runs", type=int, default=1)
    asked = arguments.parse_args()
    try:
        cases = [read_case(path) for path in find_inputs([asked.folder])]
        with tempfile.TemporaryDirectory() as home:
            prompts = _prompts(_app("http://127.0.0.1:9/v1", Path(home)), cases)
        times, alike, different = _own_time(cases), _alike(cases), _different(cases)
        many = [_many(cases, alike) for _ in range(asked.runs)]
        various = [_many(cases, different) for _ in range(asked.runs)]
    except (DrafterError, CorpusError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    tokens = sorted(len(prompt) / CHARACTERS_A_TOKEN for prompt in prompts)
    sys.stdout.write(
        f"prompts: {len(prompts)}, median {median(tokens):.0f} tokens, longest {tokens[-1]:.0f}\n"
        f"own time of a draft: median {median(times):.1f} ms, 95th percentile {quantiles(times, n=20)[-1]:.1f} ms\n"
    )
    sys.stdout.write(_told("items", ITEMS, many) + _told("different items", len(different), various))
    for prompt in prompts[: asked.prompts]:
        sys.stdout.write(f"\n{'=' * 100}\n{prompt}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
