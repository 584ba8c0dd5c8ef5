"""How much longer and dearer a run is than its calls.

    python -m evals.benchmarks.runner [--cases 200] [--times 5] [--only "prompts kept"]

A server on loopback answers after 200 ms, in a process of its own. Measured are whole processes, from start to exit,
with results on disk: a bare client loop over the same prompts (`client_loop.py`, by httpx and by the OpenAI client) and
`evals run`, at 10 and at 32 calls in flight. The ideal is calls times 0.2 s by calls in flight. Every figure is the
median of its repetitions, which take turns; CPU seconds are those of a process and its children. Rows of the table:

- **replies, prompts kept**: `--stage reply --fresh`: prompts come from where an earlier run kept them; each call is
  made, its reply kept, judged by its form and put down as a row; the summary is written
- **replies, from nothing**: the same with nothing kept: cases are read, guidelines searched, prompts composed
- **drafts, from nothing** and **drafts, searches kept**: `--stage draft --fresh`, with every check and every metric
- **drafts, replies kept**: `--stage draft` over replies that are cached; no call is made
- **rescore**: the rows of the last, scored anew
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

from drafter.domain.case import Case
from drafter.services.intake import read_case
from evals.benchmarks.reply_server import ReplyServer, reply_server
from evals.dataset import EvalCase, make_dataset, write_dataset

SECONDS = 0.2
IN_FLIGHT = (10, 32)
SAMPLE = Path(__file__).parents[1] / "samples" / "low-back-therapy.yaml"
PROGRAMS = Path(sys.executable).parent


class Spent(NamedTuple):
    """What a process took, its children with it."""

    wall: float
    cpu: float


def spent_by(command: Sequence[str]) -> Spent:
    """Runs a command to its end. Raises SystemExit where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: {told.decode()}")
    return Spent(time.perf_counter() - began, usage.ru_utime + usage.ru_stime)


class Place:
    """A folder with a home of its own, a dataset, and the same prompts for the bare loop."""

    def __init__(self, folder: Path, server: ReplyServer, *, cases: int) -> None:
        self.folder, self.server, self._cases = folder, server, cases
        told = {"DRAFTER_HOME": folder / "home", "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "none"}
        self._programs = ["env", *(f"{name}={value}" for name, value in told.items())]
        self._runs = 0
        spent_by([*self._programs, str(PROGRAMS / "guideline-corpus"), "build"])
        write_dataset(make_dataset(name="timing", cases=_cases(cases)), folder / "set")

    def evals(self, stage: str, *options: str) -> Spent:
        """`evals run` into a folder that is new."""
        self._runs += 1
        told = ["run", str(self.folder / "set"), "--stage", stage, "--model", "openai:loopback", *options]
        return spent_by([*self._programs, str(PROGRAMS / "evals"), *told, "--out", str(self.last)])

    def rescore(self) -> Spent:
        return spent_by([*self._programs, str(PROGRAMS / "evals"), "rescore", str(self.last)])

    def loop(self, at_once: int, client: str) -> Spent:
        module = [sys.executable, "-m", "evals.benchmarks.client_loop"]
        told = [self.server.url, str(self.folder / "prompts.jsonl"), str(at_once), client]
        return spent_by([*module, *told])

    @property
    def last(self) -> Path:
        return self.folder / f"run{self._runs}"

    def forget(self, *kept: str) -> None:
        """Delete what the home keeps of these kinds."""
        for name in kept:
            shutil.rmtree(self.folder / "home" / "cache" / name, ignore_errors=True)

    def write_prompts(self) -> None:
        """The prompts that a run kept, as bodies for the bare loop."""
        kept = sorted((self.folder / "home" / "cache" / "prompts").rglob("*.json"))
        requests = [one["request"] for path in kept for one in json.loads(path.read_text(encoding="utf-8"))]
        bodies = [
            {
                "model": "loopback",
                "max_completion_tokens": 2000,
                "messages": [
                    {"role": "system", "content": request["system"]},
                    {"role": "user", "content": request["user"]},
                ],
            }
            for request in requests
        ]
        lines = "".join(json.dumps(body, ensure_ascii=False) + "\n" for body in bodies)
        (self.folder / "prompts.jsonl").write_text(lines, encoding="utf-8")


def _cases(count: int) -> list[EvalCase]:
    """The sample case so many times, each with a day and a number of its own, one item each."""
    sample = read_case(SAMPLE)
    return [EvalCase(case_id=f"T{number:04d}", case=_case(sample, number)) for number in range(count)]


def _case(sample: Case, number: int) -> Case:
    day = date.fromordinal(date(2016, 1, 1).toordinal() + number)
    summary = f"{sample.case_summary} The file of case {number} was last seen on {day:%m/%d/%Y}."
    item = sample.items[0].model_copy(update={"number": 1, "depends_on": None})
    return sample.model_copy(update={"case_number": f"T{number:04d}", "case_summary": summary, "items": (item,)})


def measured(place: Place, *, times: int, only: str) -> dict[tuple[str, int], Spent]:
    """Medians by row and calls in flight; the rows take turns, so that what else the machine does meets all alike."""
    place.evals("reply", "--fresh")
    place.write_prompts()
    rows: dict[tuple[str, int], Callable[[], Spent]] = {}
    for at_once in IN_FLIGHT:
        told = ("--concurrency", str(at_once))

        def forgetting(stage: str, *kept: str, options: tuple[str, ...] = told) -> Spent:
            place.forget(*kept)
            return place.evals(stage, "--fresh", *options)

        rows |= {
            ("bare loop, httpx", at_once): lambda n=at_once: place.loop(n, "httpx"),  # type: ignore[misc]
            ("bare loop, openai", at_once): lambda n=at_once: place.loop(n, "openai"),  # type: ignore[misc]
            ("replies, prompts kept", at_once): lambda told=told: place.evals("reply", "--fresh", *told),  # type: ignore[misc]
            ("replies, from nothing", at_once): lambda f=forgetting: f("reply", "prompts", "searches"),  # type: ignore[misc]
            ("drafts, searches kept", at_once): lambda f=forgetting: f("draft"),  # type: ignore[misc]
            ("drafts, from nothing", at_once): lambda f=forgetting: f("draft", "searches"),  # type: ignore[misc]
        }
    rows |= {("drafts, replies kept", 0): lambda: place.evals("draft"), ("rescore", 0): place.rescore}
    rows = {name: measure for name, measure in rows.items() if only in name[0] or "httpx" in name[0]}
    spent: dict[tuple[str, int], list[Spent]] = {name: [] for name in rows}
    for _ in range(times):
        for name, measure in rows.items():
            spent[name].append(measure())
    return {
        name: Spent(median(one.wall for one in all_of), median(one.cpu for one in all_of))
        for name, all_of in spent.items()
    }


def table(found: Mapping[tuple[str, int], Spent], *, calls: int) -> str:
    """The medians as a Markdown table."""
    lines = ["| | in flight | wall s | of the ideal | CPU s | of the bare loop (httpx) |", "|---|---|---|---|---|---|"]
    for (name, at_once), spent in found.items():
        wall, cpu = "", ""
        if at_once:
            wall = f"{spent.wall / (calls * SECONDS / at_once):.2f}"
            cpu = f"{spent.cpu / found['bare loop, httpx', at_once].cpu:.2f}"
        lines.append(f"| {name} | {at_once or ''} | {spent.wall:.2f} | {wall} | {spent.cpu:.2f} | {cpu} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cases", type=int, default=200)
    arguments.add_argument("--times", type=int, default=5)
    arguments.add_argument("--only", default="", help="rows whose name holds this, beside the bare loop")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, reply_server(SECONDS) as server:
        place = Place(Path(folder), server, cases=asked.cases)
        found = measured(place, times=asked.times, only=asked.only)
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"{asked.cases} cases, {SECONDS * 1000:.0f} ms a call, median of {asked.times}, load {load:.1f}\n\n"
    )
    sys.stdout.write(table(found, calls=asked.cases))
    return 0


if __name__ == "__main__":
    sys.exit(main())
