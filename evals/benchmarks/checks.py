"""Are blockers right, how fast are the checks, how do they share work, and does a turned outcome show?

    python -m evals.benchmarks.checks LETTERS [--letters 1000]

Four measurements in one run over the letters of a folder: the blockers, and what people judged of them
(`evals/labels`); the time of every check on one item, warm (median and 95th percentile); the wall time of an audit of
many letters (the folder again and again) by one process and by two, with the peak memory of the first at a tenth and at
the whole; and how many items raise `determination-contradicts-rationale` as published, and with their outcome turned
round.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from drafter.domain.case import Case
from drafter.domain.checks.run import run_checks
from drafter.errors import DrafterError
from drafter.services.checking import Guidelines, check_all, load_guidelines
from drafter.services.intake import find_inputs, read_case
from drafter.settings import read_settings
from evals.labels import Raised, judged_blockers
from evals.wilson import wilson
from guideline_corpus.vocabulary import load_vocabulary

CONTRADICTS = "determination-contradicts-rationale"
_OTHER = {"upheld": "overturned", "overturned": "upheld"}


def flipped(case: Case, number: int) -> Case:
    """The case with the outcome of one item turned round."""
    items = tuple(
        item.model_copy(update={"determination": _OTHER[item.determination or "upheld"]})
        if item.number == number
        else item
        for item in case.items
    )
    return case.model_copy(update={"items": items})


def _item_times(cases: Sequence[Case], guidelines: Guidelines) -> list[float]:
    """Milliseconds an item, after one run over all of them that warms the caches."""
    vocabulary, times = load_vocabulary(), []
    for round_ in range(2):
        for case in cases:
            began = perf_counter()
            run_checks(case, vocabulary=vocabulary, editions=guidelines.editions, passages=guidelines.passages)
            if round_ and case.items:
                times.append((perf_counter() - began) * 1000 / len(case.items))
    return times


def _audit_time(paths: Sequence[Path], guidelines: Guidelines, *, jobs: int) -> tuple[float, float]:
    """Wall seconds, and the peak memory in MiB of the process that audits (its workers apart)."""
    reader, writer = multiprocessing.get_context("fork").Pipe(duplex=False)

    def audit() -> None:
        began = perf_counter()
        for _ in check_all(paths, guidelines=guidelines, jobs=jobs):
            pass
        writer.send((perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    child = multiprocessing.get_context("fork").Process(target=audit)
    child.start()
    told: tuple[float, float] = reader.recv()
    child.join()
    return told


def _outcomes(cases: Sequence[Case], guidelines: Guidelines) -> tuple[int, int, int]:
    """Items with an outcome; alarms as published; alarms with that item's outcome turned round."""
    vocabulary = load_vocabulary()

    def alarms(case: Case) -> set[int | None]:
        found = run_checks(case, vocabulary=vocabulary, editions=guidelines.editions, passages=guidelines.passages)
        return {finding.item for finding in found if finding.check == CONTRADICTS}

    published = [(case, alarms(case)) for case in cases]
    decided = [(case, item.number, known) for case, known in published for item in case.items if item.determination]
    turned = sum(number in alarms(flipped(case, number)) for case, number, _ in decided)
    return len(decided), sum(number in known for _, number, known in decided), turned


def _blockers(cases: Sequence[Case], guidelines: Guidelines) -> tuple[int, Counter[str]]:
    """How many blockers are raised, and how many of each verdict; "unjudged" where nobody has judged one."""
    vocabulary, judged = load_vocabulary(), judged_blockers()
    verdicts: Counter[str] = Counter()
    for case in cases:
        found = run_checks(case, vocabulary=vocabulary, editions=guidelines.editions, passages=guidelines.passages)
        for finding in found:
            if finding.severity == "blocker":
                verdicts[judged.get(Raised(case.case_number or "", finding.item, finding.check), "unjudged")] += 1
    return verdicts.total(), verdicts


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--letters", type=int, default=1000)
    asked = arguments.parse_args()
    try:
        paths = list(find_inputs([asked.folder]))
        cases = [read_case(path) for path in paths]
        guidelines = load_guidelines(read_settings().home)
    except DrafterError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    items = sum(len(case.items) for case in cases)
    blockers, verdicts = _blockers(cases, guidelines)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    sys.stdout.write(f"blockers: {blockers} on {items} items ({blockers / max(1, items):.3f} an item): {told}\n")
    times = _item_times(cases, guidelines)
    sys.stdout.write(
        f"one item, warm: median {median(times):.1f} ms, 95th percentile {quantiles(times, n=20)[-1]:.1f} ms\n"
    )
    decided, published, turned = _outcomes(cases, guidelines)
    for heading, count in (("as published", published), ("turned round", turned)):
        share = f"{count} of {decided} ({count / decided:.3f}, 95 % {wilson(count, decided)})"
        sys.stdout.write(f"outcome against text, {heading}: {share}\n")
    many = list(islice(cycle(paths), asked.letters))
    _, small = _audit_time(many[: max(1, len(many) // 10)], guidelines, jobs=1)
    one, whole = _audit_time(many, guidelines, jobs=1)
    two, _ = _audit_time(many, guidelines, jobs=2)
    sys.stdout.write(f"{len(many)} letters: one process {one:.1f} s, two {two:.1f} s, ratio {two / one:.2f}\n")
    sys.stdout.write(f"peak memory: {small:.0f} MiB for a tenth of them, {whole:.0f} MiB for all\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
