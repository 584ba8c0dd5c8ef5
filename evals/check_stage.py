"""The stage `check`: the findings on every rationale as it stands, and on every plant of the case.

An untouched item gives one row with its findings; a plant gives one row with what is new against the untouched text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from drafter.domain.case import Case
from drafter.domain.checks.run import run_checks
from drafter.domain.draft import Finding, Severity
from drafter.services.checking import load_guidelines
from drafter.services.contract import finding_shape
from evals.dataset import EvalCase
from evals.plants.model import Plant, planted, read_plants
from evals.plants.scoring import new_findings, scores
from guideline_corpus.vocabulary import Vocabulary

Row = dict[str, Any]
SEVERITIES: tuple[Severity, ...] = ("blocker", "warning", "note")


def check_rows(dataset: Path, *, home: Path, vocabulary: Vocabulary) -> Callable[[EvalCase], Iterator[Row]]:
    """The function that gives the rows of a case; the corpus of `home` and the plants of the dataset are read once.

    Raises DatasetInvalid for damaged plants and the errors of `load_guidelines`.
    """
    guidelines = load_guidelines(home)
    plants: Mapping[str, list[Plant]] = defaultdict(list)
    for plant in read_plants(dataset):
        plants[plant.case_id].append(plant)

    def findings(case: Case) -> tuple[Finding, ...]:
        return run_checks(case, vocabulary=vocabulary, editions=guidelines.editions, passages=guidelines.passages)

    def rows(case: EvalCase) -> Iterator[Row]:
        untouched = findings(case.case)
        yield from _untouched_rows(case, untouched)
        for plant in plants.get(case.case_id, ()):
            found = new_findings(untouched, findings(planted(case.case, plant)))
            yield {
                "case_number": case.case_id,
                "item": plant.item,
                "plant_id": plant.plant_id,
                "kind": plant.kind,
                "harmless": plant.harmless,
                "findings": [finding_shape(finding) for finding in found],
                "scores": scores(plant, found),
            }

    return rows


def _untouched_rows(case: EvalCase, findings: Sequence[Finding]) -> Iterator[Row]:
    """One row an item; a finding on the letter as a whole counts with the first item."""
    for number, item in enumerate(case.case.items):
        own = [f for f in findings if f.item == item.number or (f.item is None and number == 0)]
        counts = Counter(finding.severity for finding in own)
        yield {
            "case_number": case.case_id,
            "item": item.number,
            "plant_id": None,
            "kind": None,
            "harmless": None,
            "findings": [finding_shape(finding) for finding in own],
            "scores": {f"{severity}s": counts[severity] for severity in SEVERITIES},
        }
