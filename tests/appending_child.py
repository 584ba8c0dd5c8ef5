"""A program whose children save at the desk until they are killed: `python -m tests.appending_child ADDRESS HOME`.

For each number that it reads it starts a child, says its pid, and says when it ended. A child saves from that number
on and prints a number when that save was acknowledged, and only then. Saves are of two cases in turn; every seventh
also signs and records the export in the same breath.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from drafter.adapters.clock import SystemClock
from drafter.adapters.record_store.opening import named_database, open_record_store
from drafter.domain.review.audit import NewEntry
from tests.record_factories import make_approved, make_exported, make_places, recorded
from tests.review_factories import make_opened, make_revised, make_sentence


def save_of(number: int) -> list[NewEntry]:
    """What save `number` records; the same each time."""
    case_id = f"case-{number % 2}"
    if number < 2:
        return [recorded(make_opened(), f"save-{number}", case_id=case_id)]
    revised = make_revised(sentences=(make_sentence(f"Sentence {number}."),))
    entries = [recorded(revised, f"save-{number}", case_id=case_id)]
    if number % 7 == 0:
        entries.append(recorded(make_approved(), f"save-{number}-signed", case_id=case_id))
        entries.append(recorded(make_exported(), f"save-{number}-exported", case_id=case_id))
    return entries


def save_until_killed(address: str, home: Path, *, start: int) -> None:
    database = named_database(home=home, url=address)
    store = open_record_store(database, clock=SystemClock(), checkpoints=make_places(home))
    number = start
    while True:
        store.append_all(save_of(number))
        tell(str(number))
        number += 1


def tell(line: str) -> None:
    """One write, so that a kill cuts no line in two."""
    os.write(1, f"{line}\n".encode())


def main() -> None:
    address, home = sys.argv[1], Path(sys.argv[2])
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            save_until_killed(address, home, start=int(line))
        tell(f"pid {child}")
        os.waitpid(child, 0)
        tell("ended")


if __name__ == "__main__":
    main()
