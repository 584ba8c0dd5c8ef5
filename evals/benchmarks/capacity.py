"""What a machine holds out at the three sizes of OPERATIONS.md: the capacity table there, made by one command.

    python -m evals.benchmarks.capacity [--home HOME] [--database ADDRESS] [--seconds 2] [--cases 2] [--rounds 3]
        [--out TABLE.md]

`--home` names a home with a built corpus (`guideline-corpus build`), `--database` a PostgreSQL server in which
databases may be made: `capacity_...`, dropped at the end. Without it only the laptop is measured.

A laptop is one process over SQLite, an office one process over PostgreSQL, an organisation two. Each process works as
fast as it can for so many seconds at one thing after the other: four people who save without a pause, checks of a whole
text, drafts by the built-in model, audits of finished letters (`varied_letters`), searches. Then cases are walked
through from import to signed PDF, with twenty saves each, and the record is weighed, backed up and restored. The sizes
take turns in rounds, so that a busy machine is busy for all; each figure is the median of its rounds. These are the
services without HTTP and pages; `desk_load` times people at the desk.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from drafter.adapters.clock import SystemClock
from drafter.adapters.passwords import Passwords
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from drafter.bootstrap import App
from drafter.domain.review.people import SYSTEM, Account, ReviewerProfile
from drafter.ports import RecordStore
from drafter.services.access.accounts import Accounts
from drafter.services.record_backup import back_up, restore
from drafter.settings import settings_from
from evals.benchmarks.capacity_work import EDITORS, SAVES_A_CASE, Done, Place, whole_case, work
from evals.benchmarks.varied_letters import finished_cases, write_letters
from guideline_corpus.versions import load_corpus

LETTERS, LOGIN = 200, "capacity"
A_YEAR = 150_000
HOUR, MEGABYTE = 3600, 1_000_000


class Size(NamedTuple):
    """A column of the table."""

    name: str
    processes: int
    is_server: bool


SIZES = (Size("laptop", 1, False), Size("office", 1, True), Size("organisation", 2, True))


class Measured(NamedTuple):
    """`grown` is in bytes a case, `backup` and `restored` in bytes a second; `database` names the engine."""

    size: Size
    database: str
    done: tuple[Done, ...]
    seconds: float
    grown: float
    backup: float
    restored: float

    def rate(self, what: str) -> float:
        """Of all processes together, a second."""
        return float(sum(getattr(one, what) for one in self.done)) / self.seconds

    @property
    def search_p95(self) -> float:
        """In milliseconds."""
        times = [seconds for one in self.done for seconds in one.searches]
        return 1000 * statistics.quantiles(times, n=20)[-1] if len(times) > 1 else float("nan")


def measure(size: Size, *, home: Path, server: str | None, letters: Path, seconds: float, cases: int) -> Measured:
    """One size, on a new record."""
    with tempfile.TemporaryDirectory(prefix="capacity-") as folder, _records(size, server, Path(folder)) as records:
        here, there = records
        own = Path(folder)
        (own / "corpus").symlink_to(home / "corpus")
        places = CheckpointPlaces(folder=own / "checkpoints", keys=own / "keys")
        database = named_database(home=own, url=here)
        with closing(open_record_store(database, clock=SystemClock(), checkpoints=places)) as store:
            by = _reviewer(store)
            done = _together(
                Place(home=own, database=here, letters=letters, login=LOGIN, seconds=seconds), size.processes
            )
            workbench = App(settings_from({"DRAFTER_HOME": str(own)})).workbench()
            before = _bytes_of(here)
            for _ in range(cases):
                whole_case(store, workbench, by)
            grown = (_bytes_of(here) - before) / cases
            engine = database.version
        backup, restored = _kept_and_back(own, here, there)
        return Measured(size, engine, done, seconds, grown, backup, restored)


def _reviewer(store: RecordStore) -> Account:
    accounts = Accounts(store=store, passwords=Passwords(cheap=True))
    account, _ = accounts.add(login=LOGIN, roles=("reviewer",), actor=SYSTEM)
    profile = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
    accounts.set_profile(account, profile, actor=SYSTEM)
    return accounts.named(LOGIN)


def _together(place: Place, processes: int) -> tuple[Done, ...]:
    """The work of so many processes, which begin each part at the same moment."""
    spawn = multiprocessing.get_context("spawn")
    results, barrier = spawn.SimpleQueue(), spawn.Barrier(processes)
    running = [spawn.Process(target=work, args=(place, barrier, results)) for _ in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join()
        if process.exitcode:
            raise RuntimeError(f"a process of the benchmark ended with {process.exitcode}")
    done = tuple(results.get() for _ in running)
    results.close()
    return done


def _kept_and_back(home: Path, here: str, there: str) -> tuple[float, float]:
    """Bytes a second of a backup, and of its restore into an empty database, each verified as always."""
    file, places = home / "backup.jsonl", CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys")
    began = time.perf_counter()
    back_up(named_database(home=home, url=here), file, places=places)
    kept = time.perf_counter()
    elsewhere = CheckpointPlaces(folder=home / "restored", keys=home / "keys")
    restore(named_database(home=home, url=there), file, places=elsewhere, clock=SystemClock(), reason=None)
    back = time.perf_counter()
    size = file.stat().st_size
    return size / (kept - began), size / (back - kept)


@contextmanager
def _records(size: Size, server: str | None, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases: to work in, and to restore to."""
    if not size.is_server:
        yield f"sqlite:///{folder}/desk.sqlite3", f"sqlite:///{folder}/restored.sqlite3"
        return
    if server is None:
        raise LookupError(f"the size {size.name} needs a PostgreSQL server")
    names = [f"capacity_{size.name}", f"capacity_{size.name}_restored"]
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
        try:
            yield _named(server, names[0]), _named(server, names[1])
        finally:
            for name in names:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _named(server: str, name: str) -> str:
    """The address of another database of the same server."""
    path, mark, rest = server.partition("?")
    return f"{path.rpartition('/')[0]}/{name}{mark}{rest}"


def _bytes_of(address: str) -> int:
    """What the database takes; of SQLite with what still stands in its log."""
    if address.startswith("sqlite"):
        file = f"file:{address.removeprefix('sqlite:///')}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as opened:
            pages, size = (opened.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
            return int(pages) * int(size)
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(found[0]) if found else 0


def table(measured: Sequence[Measured], *, passages: int) -> str:
    """The table in Markdown, each figure the median of the rounds of its size."""
    rows: list[tuple[str, str, Callable[[Measured], float]]] = [
        (f"saves a second, {EDITORS} people at once in each process", "{:.0f}", lambda one: one.rate("saves")),
        ("checks of a text with a new sentence a second", "{:.0f}", lambda one: one.rate("checks")),
        ("drafts an hour by the built-in model", "{:,.0f}", lambda one: one.rate("drafts") * HOUR),
        ("letters audited an hour", "{:,.0f}", lambda one: one.rate("letters") * HOUR),
        (f"a search of {passages:,} passages, p95", "{:.0f} ms", lambda one: one.search_p95),
        (f"the record grows by, a case with {SAVES_A_CASE} saves", "{:.2f} MB", lambda one: one.grown / MEGABYTE),
        (f"so by {A_YEAR:,} cases", "{:,.0f} GB", lambda one: one.grown * A_YEAR / MEGABYTE / 1000),
        ("backup, verified", "{:.1f} MB/s", lambda one: one.backup / MEGABYTE),
        ("restore, verified", "{:.1f} MB/s", lambda one: one.restored / MEGABYTE),
    ]
    columns = [[one for one in measured if one.size == size] for size in dict.fromkeys(one.size for one in measured)]
    engines = " | ".join(f"{column[0].size.processes}, {column[0].database}" for column in columns)
    lines = [
        "| | " + " | ".join(column[0].size.name for column in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
        f"| processes, record | {engines} |",
    ]
    for told, form, figure in rows:
        cells = (form.format(statistics.median(map(figure, column))) for column in columns)
        lines.append(f"| {told} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine() -> str:
    """What it was measured on, and how busy that was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {system}; load average {load}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--database")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--cases", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args(arguments)
    settings, before = settings_from({"DRAFTER_HOME": str(asked.home)}), machine()
    with tempfile.TemporaryDirectory(prefix="capacity-letters-") as letters:
        write_letters(finished_cases(settings), Path(letters), count=LETTERS)
        measured = [
            measure(
                size,
                home=settings.home,
                server=asked.database,
                letters=Path(letters),
                seconds=asked.seconds,
                cases=asked.cases,
            )
            for _ in range(asked.rounds)
            for size in SIZES
            if asked.database or not size.is_server
        ]
    passages = len(load_corpus(settings.home).passages)
    told = f"{table(measured, passages=passages)}\n\n{before} at the start, {os.getloadavg()[0]:.1f} at the end."
    sys.stdout.write(told + "\n")
    if asked.out:
        asked.out.write_text(told + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
