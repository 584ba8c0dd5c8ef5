"""What one request of a reviewer costs a process of the desk, in milliseconds of processor time.

    python -m evals.benchmarks.desk_cpu --database ADDRESS --home HOME [--requests N]

One reviewer at the two processes of `desk_load`, who never waits: N checks of what she types and N saves, on her first
case. Processor time does not depend on what else the machine does, so that two releases can be compared. The database
and the proxy are not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from drafter.adapters.clock import SystemClock
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from evals.benchmarks.desk_load import PASSWORD, set_up
from evals.benchmarks.desk_people import Reviewer
from evals.benchmarks.desk_processes import DeskProcesses, trusting

WARM = 20  # requests before any is counted


def costs(*, home: Path, database: str, requests: int) -> Iterator[tuple[str, float]]:
    """The name of each kind of request with its milliseconds."""
    store = open_record_store(
        named_database(home=home, url=database),
        clock=SystemClock(),
        checkpoints=CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys"),
    )
    try:
        ((login, cases),) = set_up(store, 1).items()
    finally:
        store.close()
    with (
        tempfile.TemporaryDirectory(prefix="desk-cpu-") as folder,
        DeskProcesses(folder=Path(folder), home=home, database=database) as desks,
    ):
        reviewer = Reviewer(
            number=0,
            login=login,
            password=PASSWORD,
            cases=cases,
            desk=desks.address,
            trust=trusting(desks.certificate),
        )
        try:
            reviewer.prepare()
            if reviewer.told.errors:
                raise RuntimeError(reviewer.told.errors[0])
            editing = reviewer.editing(cases[0])
            yield "a check while typing", _each(desks, editing.check, requests)
            yield "a save", _each(desks, editing.save, requests)
        finally:
            reviewer.close()


def _each(desks: DeskProcesses, act: Callable[[], object], times: int) -> float:
    for _ in range(WARM):
        act()
    before = desks.spent()
    for _ in range(times):
        act()
    return desks.spent().since(before).desks / times * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Processor time of a check while typing and of a save.")
    parser.add_argument("--database", required=True, help="address of an empty PostgreSQL database")
    parser.add_argument("--home", type=Path, required=True, help="a home with a corpus")
    parser.add_argument("--requests", type=int, default=300)
    given = parser.parse_args()
    for name, milliseconds in costs(home=given.home, database=given.database, requests=given.requests):
        sys.stdout.write(f"{name}: {milliseconds:.1f} ms of processor time\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
