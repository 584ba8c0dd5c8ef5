"""How long a save at the desk takes when twenty people edit, beside one person alone.

    python -m evals.benchmarks.record_store [--database ADDRESS] [--people N] [--saves N] [--pace SECONDS] [--rounds N]

Each person edits a case of their own: a save records a revision of ten sentences, over the state that the person read,
and waits for the disk. `--pace` is the mean time between two saves of a person (1 s: many times faster than people
type); 0 lets everybody save again at once. Rounds of one person and of all alternate, so that a busy machine slows
both; medians over the rounds of the 50th, 95th and 99th percentile in milliseconds, and the ratio of the 95th, which is
to stay at or under 4. Without an address a new SQLite file in a temporary folder is used.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

from drafter.adapters.clock import SystemClock
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from drafter.adapters.record_store.store import SqlRecordStore
from drafter.domain.case import Case, CaseDates, DisputedItem
from drafter.domain.draft import Statement
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import CaseOpened, ReviewedSentence, Revised

SENTENCE = "The record of the visit names eight sessions of therapy and a pain score that did not change after them."
ALLOWED_RATIO = 4.0


def open_case(store: SqlRecordStore, case_id: str) -> int:
    """A new case with one item; the number of its entry."""
    item = DisputedItem(number=1, heading="Physical therapy", treatment="Physical therapy")
    case = Case(form="case-file", dates=CaseDates(), case_summary=SENTENCE * 20, items=(item,))
    day = date(2016, 11, 8)
    opened = CaseOpened(
        case=case, source_name="case.yaml", source_sha256="0" * 64, received=day, pace="standard", due=day
    )
    return store.append(new_entry(opened, actor="person", case_id=case_id, request_id=f"open-{case_id}")).seq


def revision(number: int) -> Revised:
    sentences = tuple(
        ReviewedSentence(statement=Statement(text=f"{SENTENCE} Save {number}, {line}.", kind="reasoning"))
        for line in range(10)
    )
    return Revised(item=1, parent=None, determination="upheld", sentences=sentences)


def save_often(store: SqlRecordStore, *, saves: int, pace: float, done: Callable[[float], None]) -> None:
    """One person's saves; `done` is told the seconds of each."""
    case_id = uuid.uuid4().hex
    head = open_case(store, case_id)
    chance = random.Random(case_id)
    for number in range(saves):
        if pace:
            time.sleep(chance.expovariate(1 / pace))
        began = time.perf_counter()
        new = new_entry(revision(number), actor="person", case_id=case_id, request_id=f"{case_id}-{number}")
        head = store.append(new, expected_head=head).seq
        done(time.perf_counter() - began)


def seconds_of_saves(store: SqlRecordStore, *, people: int, saves: int, pace: float) -> list[float]:
    """The seconds of every save, of all people. Raises what a save raised."""
    taken: list[float] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            save_often(store, saves=saves, pace=pace, done=taken.append)
        except BaseException as error:  # noqa: BLE001  (told to the caller, who raises it)
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return taken


def percentiles(taken: list[float]) -> tuple[float, float, float]:
    """50th, 95th and 99th, in milliseconds."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000


def measure(
    store: SqlRecordStore, *, people: int, saves: int, pace: float, rounds: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Medians over the rounds of the percentiles of one person, and of all."""
    alone, together = [], []
    for _ in range(rounds):
        alone.append(percentiles(seconds_of_saves(store, people=1, saves=saves, pace=pace)))
        together.append(percentiles(seconds_of_saves(store, people=people, saves=saves, pace=pace)))
    one, all_ = (tuple(statistics.median(found) for found in zip(*some, strict=True)) for some in (alone, together))
    return one, all_


def main() -> None:
    parser = argparse.ArgumentParser(description="Times a save of one person beside that of many.")
    parser.add_argument("--database", help="address of an empty database; a new SQLite file where it is not given")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--saves", type=int, default=30)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="record-benchmark-") as folder:
        home = Path(folder)
        places = CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys")
        database = named_database(home=home, url=given.database)
        store = open_record_store(database, clock=SystemClock(), checkpoints=places)
        one, all_ = measure(store, people=given.people, saves=given.saves, pace=given.pace, rounds=given.rounds)
        version = database.version
        store.close()
    ratio = all_[1] / one[1]
    for name, found in (("1 person", one), (f"{given.people} people", all_)):
        sys.stdout.write(f"{version}, {name}: p50 {found[0]:.1f}, p95 {found[1]:.1f}, p99 {found[2]:.1f} ms\n")
    verdict = "within" if ratio <= ALLOWED_RATIO else "over"
    sys.stdout.write(f"p95 ratio {ratio:.2f}, {verdict} {ALLOWED_RATIO:g}; no save failed\n")


if __name__ == "__main__":
    main()
