"""An audit of thousands of letters by workers of a Dask scheduler: how fast, whether whole, what the scheduler holds.

    python -m evals.benchmarks.audit_scale [--letters 5000] [--kills 10] [--times 1] [--home HOME]
    python -m evals.benchmarks.audit_scale --units 16000

The letters are varied from the project's own cases (`varied_letters.py`); everything runs on loopback as it would be
typed: `drafter check letters --json` in one process, then with `--scheduler` by one worker and by two, then by two of
which one is killed (`kill -9`) at each of ten random moments and replaced. Every output is compared with that of the
one process, byte by byte, and its letters are counted. `--home` names a home with a built corpus; without it one is
built. Workers are up and warm before a run is timed.

Two ratios are printed. **Wall**: seconds with one worker by seconds with two. Client, scheduler and workers share the
machine's cores, and with whoever else uses it, so that two cores can show less than two workers give. **CPU**: the same
of the processor seconds of whichever process used most of them, which bounds the wall where each has a core of its own.

The scheduler's memory is looked at four times a second. It is called flat where, from a tenth of a run's letters on, it
grows by no more than 5 MB: the results alone of 5,000 letters are twice that. `--units` looks at it alone, over many
units of next to no work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

import psutil

from drafter.settings import settings_from
from evals.benchmarks.dask_processes import CHECKOUT, PROGRAMS, Cluster, dask_cluster, open_counting
from evals.benchmarks.varied_letters import finished_cases, write_letters
from guideline_corpus.shared_work import in_turn

WARM = 48  # letters of the set that each run of workers is warmed with
LOOK_SECONDS = 0.25
FLAT_BYTES = 5_000_000
MEGABYTE = 1_000_000
FINDS_BLOCKERS = 1  # the exit code of an audit that found something


class Audit(NamedTuple):
    """One run: wall seconds, processor seconds by process, the scheduler's bytes by letters done, what it printed."""

    wall: float
    client: float
    scheduler: float
    workers: tuple[float, ...]
    memory: tuple[tuple[int, int], ...]
    printed: bytes

    @property
    def busiest(self) -> float:
        return max(self.client, self.scheduler, *self.workers)

    @property
    def grown(self) -> int:
        """Bytes that the scheduler grew by after the first tenth of the letters."""
        done = self.memory[-1][0] if self.memory else 0
        later = [held for letters, held in self.memory if letters >= done / 10]
        return max(later) - later[0] if later else 0


class Place:
    """A folder with a home, letters, and what was printed."""

    def __init__(self, folder: Path, *, home: Path | None, letters: int) -> None:
        self.folder, self.count = folder, letters
        self.home = home or folder / "home"
        self.letters, self.warm = folder / "letters", folder / "warm"
        self.environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT), "DRAFTER_HOME": str(self.home)}
        if home is None:
            built = [str(PROGRAMS / "guideline-corpus"), "build"]
            subprocess.run(built, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        cases = finished_cases(settings_from({"DRAFTER_HOME": str(self.home)}))
        for where, count in ((self.letters, letters), (self.warm, WARM)):
            where.mkdir()
            write_letters(cases, where, count=count)

    def audit(
        self, *, cluster: Cluster | None = None, warm: bool = False, watch: Callable[[int], None] = lambda done: None
    ) -> Audit:
        """Runs `drafter check` to its end; `watch` is told how many letters are printed. Raises SystemExit."""
        told = [] if cluster is None else ["--scheduler", cluster.address]
        command = [str(PROGRAMS / "drafter"), "check", str(self.warm if warm else self.letters), "--json", *told]
        before = _spent(cluster)
        memory: list[tuple[int, int]] = []
        began = time.perf_counter()
        out, said = self.folder / "printed.jsonl", self.folder / "said.txt"
        with out.open("wb") as target, said.open("wb") as errors:
            process = subprocess.Popen(command, env=self.environment, stdout=target, stderr=errors)
            with _looking(cluster, out, memory, watch):
                _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode not in (0, FINDS_BLOCKERS):
            raise SystemExit(f"drafter check ended with {process.returncode}: {said.read_text(encoding='utf-8')}")
        after = _spent(cluster)
        spent = {pid: after[pid] - before.get(pid, 0.0) for pid in after}
        scheduler = spent.pop(cluster.scheduler.pid) if cluster is not None else 0.0
        client = usage.ru_utime + usage.ru_stime
        return Audit(wall, client, scheduler, tuple(spent.values()), tuple(memory), out.read_bytes())


def _spent(cluster: Cluster | None) -> dict[int, float]:
    """Processor seconds of a cluster's processes that are alive, by number."""
    if cluster is None:
        return {}
    alive = [process.pid for process in (cluster.scheduler, *cluster.workers) if process.poll() is None]
    times = {pid: psutil.Process(pid).cpu_times() for pid in alive}
    return {pid: told.user + told.system for pid, told in times.items()}


@contextmanager
def _looking(
    cluster: Cluster | None, out: Path, memory: list[tuple[int, int]], watch: Callable[[int], None]
) -> Iterator[None]:
    """Looks at the scheduler's memory and at how many letters are printed, until the context is left."""
    ended = threading.Event()
    scheduler = psutil.Process(cluster.scheduler.pid) if cluster is not None else None

    def look() -> None:
        done = 0
        with out.open("rb") as printed:
            while not ended.wait(LOOK_SECONDS):
                done += printed.read().count(b"\n")
                if scheduler is not None:
                    memory.append((done, scheduler.memory_info().rss))
                watch(done)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


class Killing:
    """Kills a random worker each time that one more of some random numbers of letters is done, and starts another."""

    def __init__(self, cluster: Cluster, *, letters: int, kills: int, seed: int = 11) -> None:
        self._cluster, self._random = cluster, Random(seed)
        self._moments = sorted(self._random.sample(range(letters // 20, letters * 19 // 20), kills))
        self.killed = 0

    def __call__(self, done: int) -> None:
        while self._moments and done >= self._moments[0]:
            self._moments.pop(0)
            alive = [worker for worker in self._cluster.workers if worker.poll() is None]
            self._cluster.add()
            self._random.choice(alive).kill()
            self.killed += 1


def measure(place: Place, *, kills: int, times: int) -> Iterator[tuple[str, Audit]]:
    """Every run with its name, as it ends; the first is that of one process. Timed ones are the quickest of `times`."""
    yield "one process", place.audit()
    for workers, name in ((1, "one worker"), (2, "two workers")):
        with dask_cluster(_new(place.folder / name), workers=workers) as cluster:
            _warm(place, cluster, workers)
            yield name, min((place.audit(cluster=cluster) for _ in range(times)), key=lambda audit: audit.wall)
    with dask_cluster(_new(place.folder / "killed"), workers=2) as cluster:
        _warm(place, cluster, 2)
        killing = Killing(cluster, letters=place.count, kills=kills)
        killed = place.audit(cluster=cluster, watch=killing)
        yield f"two workers, one killed {killing.killed} times", killed


def _warm(place: Place, cluster: Cluster, workers: int) -> None:
    """Audit a few letters until every worker has had some."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        before = _spent(cluster)
        place.audit(cluster=cluster, warm=True)
        now = _spent(cluster)
        worked = [pid for pid in now if pid != cluster.scheduler.pid and now[pid] - before.get(pid, 0.0) > 0.05]
        if len(worked) == workers and min(now[pid] - before.get(pid, 0.0) for pid in worked) < 1:
            return
    raise SystemExit(f"the workers did not begin; see {cluster.log}")


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def measure_units(count: int, folder: Path) -> Iterator[tuple[int, int]]:
    """The scheduler's bytes at ten places of so many units of next to no work, by two workers."""
    with dask_cluster(folder, workers=2) as cluster:
        scheduler = psutil.Process(cluster.scheduler.pid)
        results = in_turn(open_counting, ["a letter"] * count, scheduler=cluster.address)
        for number, _ in enumerate(results, start=1):
            if number == 1 or number % (count // 10) == 0:
                yield number, scheduler.memory_info().rss


def faults_of(printed: bytes, expected: bytes, *, letters: int) -> list[str]:
    """What is wrong with an output, a few words each; nothing where it has the bytes that are expected."""
    lines = printed.splitlines()
    faults = [] if printed == expected else ["other bytes"]
    if missing := letters - len(set(lines)):
        faults.append(f"{missing} letters missing")
    if twice := len(lines) - len(set(lines)):
        faults.append(f"{twice} lines twice")
    return faults


def is_flat(audit: Audit) -> bool:
    """See the rule at the top."""
    return audit.grown <= FLAT_BYTES


def row(name: str, audit: Audit, expected: Audit, *, letters: int) -> str:
    """A line of the table."""
    faults = faults_of(audit.printed, expected.printed, letters=letters)
    held = [held for _, held in audit.memory]
    memory = ""
    if held:
        flat = "flat" if is_flat(audit) else "not flat"
        memory = f"{held[0] / MEGABYTE:.0f}, at most {max(held) / MEGABYTE:.0f}; +{audit.grown / MEGABYTE:.1f} ({flat})"
    workers = ", ".join(f"{spent:.1f}" for spent in audit.workers)
    told = ", ".join(faults) or "the same"
    return (
        f"| {name} | {audit.wall:.1f} | {letters / audit.wall:.0f} | {audit.client:.1f} | {audit.scheduler:.1f} "
        f"| {workers} | {told} | {memory} |"
    )


HEAD = (
    "| | wall s | letters a second | client CPU s | scheduler CPU s | workers CPU s | bytes | scheduler MB |\n"
    "|---|---|---|---|---|---|---|---|"
)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--letters", type=int, default=5000)
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--times", type=int, default=1, help="how often each timed run is made; the quickest counts")
    arguments.add_argument("--home", type=Path, default=None)
    arguments.add_argument("--units", type=int, default=0, help="only the scheduler's memory, over so many units")
    asked = arguments.parse_args()
    if asked.units:
        with tempfile.TemporaryDirectory() as folder:
            for units, held in measure_units(asked.units, Path(folder)):
                sys.stdout.write(f"{units} units: {held / MEGABYTE:.1f} MB\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), home=asked.home, letters=asked.letters)
        audits: dict[str, Audit] = {}
        sys.stdout.write(f"{asked.letters} letters, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{HEAD}\n")
        for name, audit in measure(place, kills=asked.kills, times=asked.times):
            audits[name] = audit
            sys.stdout.write(row(name, audit, audits["one process"], letters=asked.letters) + "\n")
            sys.stdout.flush()
    one, two = audits["one worker"], audits["two workers"]
    whole = all(
        not faults_of(audit.printed, audits["one process"].printed, letters=asked.letters) for audit in audits.values()
    )
    flat = all(is_flat(audit) for audit in audits.values())
    sys.stdout.write(
        f"\ntwo workers by one: wall {one.wall / two.wall:.2f}, CPU {one.busiest / two.busiest:.2f}; "
        f"every output {'is' if whole else 'is NOT'} that of one process; "
        f"the scheduler's memory {'is' if flat else 'is NOT'} flat; load {os.getloadavg()[0]:.1f}\n"
    )
    return 0 if whole and flat else 1


if __name__ == "__main__":
    sys.exit(main())
