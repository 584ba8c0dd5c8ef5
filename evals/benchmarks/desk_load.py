"""Many reviewers at two processes of the desk behind nginx, while one of the two is restarted twice.

    python -m evals.benchmarks.desk_load --database ADDRESS --home HOME [--people 1,10,50] [--seconds N] [--pace S]
        [--restarts 2] [--kill]

`ADDRESS` is that of an empty PostgreSQL database, HOME one with a corpus (`guideline-corpus build`). Each round has so
many people for so many seconds; each saves again and again, `--pace` seconds apart on average, and each save is
preceded by a check of what she types. Halfway she decides her first case and signs it, twice at the same moment.
Printed are the 50th and 95th percentile of a save and of a check in milliseconds, how much of the processors the desks,
the proxy and the reviewers took (they share them, and a reviewer who waits for her turn adds to what she measures), and
what the record says: whether every acknowledged edit is in it once and in order, and every signed case signed once.
Exit 1 where anything is missing, twice or an error.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drafter.adapters.clock import SystemClock
from drafter.adapters.passwords import Passwords
from drafter.adapters.record_store.opening import CheckpointPlaces, named_database, open_record_store
from drafter.domain.review.audit import verify_chain
from drafter.domain.review.events import Approved, Revised
from drafter.domain.review.people import SYSTEM, ReviewerProfile
from drafter.ports import RecordStore
from drafter.services.access.accounts import Accounts
from drafter.services.desk.opening import assign, open_case
from drafter.services.intake import read_case
from evals.benchmarks.desk_people import Reviewer, Told
from evals.benchmarks.desk_processes import CpuSpent, DeskProcesses, trusting

SAMPLE = Path(__file__).parents[1] / "samples" / "low-back-therapy.yaml"
PASSWORD = "nine quiet lamps upon a shelf"
CASES_EACH = 2
RESTARTS = 2
AHEAD = 0.4  # of the round after the last restart


@dataclass(frozen=True, kw_only=True)
class Round:
    """What so many people saw, and what the record says about it."""

    people: int
    told: tuple[Told, ...]
    lost_edits: int
    approvals_twice: int
    chain_faults: int
    cores: CpuSpent

    @property
    def errors(self) -> list[str]:
        return [error for one in self.told for error in one.errors]

    @property
    def sound(self) -> bool:
        twice = self.approvals_twice + sum(one.second_signatures for one in self.told)
        return not (self.errors or self.lost_edits or twice or self.chain_faults)

    def lines(self) -> Iterator[str]:
        saves = [seconds for one in self.told for seconds in one.saves]
        checks = [seconds for one in self.told for seconds in one.checks]
        yield (
            f"{self.people:3} people: {len(saves)} saves, p50 {_cut(saves, 50):.0f}, p95 {_cut(saves, 95):.0f} ms; "
            f"checks while typing p50 {_cut(checks, 50):.0f}, p95 {_cut(checks, 95):.0f} ms"
        )
        yield (
            f"    signed {sum(len(one.signed) for one in self.told)}, approvals twice {self.approvals_twice}, "
            f"lost edits {self.lost_edits}, faults of the chain {self.chain_faults}, "
            f"connections tried again {sum(one.retried for one in self.told)} "
            f"({sum(one.lost_on_cases for one in self.told)} of them for a case), errors {len(self.errors)}"
        )
        yield (
            f"    processors: {self.cores.all:.2f} of {os.cpu_count()} busy, of which desks {self.cores.desks:.2f}, "
            f"proxy {self.cores.proxy:.2f}, these reviewers {self.cores.reviewers:.2f}"
        )
        yield from (f"    error: {error}" for error in sorted(set(self.errors)))


def run_round(
    *,
    home: Path,
    database: str,
    people: int,
    seconds: float,
    pace: float,
    restarts: int = RESTARTS,
    kill: bool = False,
) -> Round:
    """One round on two new processes. The database may hold what earlier rounds left."""
    store = open_record_store(
        named_database(home=home, url=database),
        clock=SystemClock(),
        checkpoints=CheckpointPlaces(folder=home / "checkpoints", keys=home / "keys"),
    )
    try:
        with tempfile.TemporaryDirectory(prefix="desk-load-") as folder:
            hers = set_up(store, people)
            with DeskProcesses(folder=Path(folder), home=home, database=database) as desks:
                told, cores = _work(desks, hers, seconds=seconds, pace=pace, restarts=restarts, kill=kill)
        return Round(
            people=people,
            told=told,
            lost_edits=sum(lost_edits(store, case_id, edits) for one in told for case_id, edits in one.edits.items()),
            approvals_twice=sum(_approvals(store, case_id) != 1 for one in told for case_id in one.signed),
            chain_faults=len(list(verify_chain(store.entries()))),
            cores=cores,
        )
    finally:
        store.close()


def _work(
    desks: DeskProcesses,
    hers: dict[str, tuple[str, ...]],
    *,
    seconds: float,
    pace: float,
    restarts: int,
    kill: bool,
) -> tuple[tuple[Told, ...], CpuSpent]:
    """What each saw, and how many processors were busy meanwhile."""
    reviewers = [
        Reviewer(
            number=number,
            login=login,
            password=PASSWORD,
            cases=cases,
            desk=desks.address,
            trust=trusting(desks.certificate),
        )
        for number, (login, cases) in enumerate(hers.items())
    ]
    try:
        with _together([reviewer.prepare for reviewer in reviewers]):
            pass
        before, began = desks.spent(), time.monotonic()
        with _together([lambda one=reviewer: one.work(seconds=seconds, pace=pace) for reviewer in reviewers]):
            for _ in range(restarts):
                time.sleep(seconds * (1 - AHEAD) / restarts)
                desks.restart(1, hard=kill)
        spent, lasted = desks.spent().since(before), time.monotonic() - began
    finally:
        for reviewer in reviewers:
            reviewer.close()
    return tuple(reviewer.told for reviewer in reviewers), spent.each_second(lasted)


@contextmanager
def _together(acts: Sequence[object]) -> Iterator[None]:
    """All at once in threads; what stands inside runs beside them."""
    threads = [threading.Thread(target=act) for act in acts]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def set_up(store: RecordStore, people: int) -> dict[str, tuple[str, ...]]:
    """New reviewers, with cases of their own."""
    accounts, sample = Accounts(store=store, passwords=Passwords(cheap=True)), read_case(SAMPLE)
    before, hers = len(accounts.all()), {}
    for number in range(people):
        login = f"reviewer-{before + number}"
        account, _ = accounts.add(login=login, roles=("reviewer",), actor=SYSTEM, password=PASSWORD)
        profile = ReviewerProfile(specialty="Occupational Medicine", licensure="California")
        accounts.set_profile(account, profile, actor=SYSTEM)
        made = []
        for place in range(CASES_EACH):
            name = f"CM99-{before + number:05}{place:02}"
            case = sample.model_copy(update={"case_number": name, "items": sample.items[:1]})
            opened = open_case(
                case, data=name.encode(), source_name="case.yaml", store=store, clock=SystemClock(), actor=SYSTEM
            )
            assign(opened.case_id, to=account, store=store, actor=SYSTEM, request_id=f"given {name}")
            made.append(opened.case_id)
        hers[login] = tuple(made)
    return hers


def lost_edits(store: RecordStore, case_id: str, edits: Sequence[str]) -> int:
    """How many edits that were acknowledged are not on record; at least 1 where one is twice, or out of order.

    What is looked at is the last sentence of each revision; one that sets the outcome repeats the text before it.
    """
    last = [
        moment.event.sentences[-1].statement.text
        for moment in store.history(case_id=case_id, actions=("revised",))
        if isinstance(moment.event, Revised) and moment.event.sentences and moment.event.determination is None
    ]
    found = [text for text in last if text in set(edits)]
    return 0 if found == list(edits) else max(1, len(set(edits) - set(found)))


def _approvals(store: RecordStore, case_id: str) -> int:
    return sum(isinstance(one.event, Approved) for one in store.history(case_id=case_id, actions=("approved",)))


def _cut(taken: list[float], percentile: int) -> float:
    """In milliseconds; not a number where nothing was taken."""
    if len(taken) < 2:
        return taken[0] * 1000 if taken else float("nan")
    return statistics.quantiles(taken, n=100, method="inclusive")[percentile - 1] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Times saves of many reviewers at two desk processes behind nginx.")
    parser.add_argument("--database", required=True, help="address of an empty PostgreSQL database")
    parser.add_argument("--home", type=Path, required=True, help="a home with a corpus")
    parser.add_argument("--people", default="1,10,50", help="so many in each round")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--pace", type=float, default=5.0)
    parser.add_argument("--restarts", type=int, default=RESTARTS)
    parser.add_argument("--kill", action="store_true", help="kill the process where it stands instead of stopping it")
    given = parser.parse_args()
    sound = True
    for people in map(int, given.people.split(",")):
        found = run_round(
            home=given.home,
            database=given.database,
            people=people,
            seconds=given.seconds,
            pace=given.pace,
            restarts=given.restarts,
            kill=given.kill,
        )
        sys.stdout.write("\n".join(found.lines()) + "\n")
        sys.stdout.flush()
        sound = sound and found.sound
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
