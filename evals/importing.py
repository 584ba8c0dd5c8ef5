"""Letters, case files and tables become a dataset; what does not parse is quarantined with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from drafter.errors import DrafterError
from drafter.services.intake import find_inputs, read_case
from evals.dataset import Dataset, EvalCase, Quarantined, make_dataset
from evals.datasets.likeness import near_duplicates
from evals.datasets.tables import TABLES, read_table
from evals.datasets.written import has_expectations, read_written


def import_cases(
    paths: Sequence[Path],
    *,
    name: str,
    parent: Dataset | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Dataset:
    """Read every input; a case without items, or with the number of one already read, is quarantined.

    With a `parent` the cases are added to its own, and a case of the same number takes the place of the parent's.
    """
    files = list(find_inputs(paths))
    cases: dict[str, EvalCase] = {}
    quarantined: list[Quarantined] = []
    for done, file in enumerate(files, start=1):
        for found in _read(file):
            fault = found if isinstance(found, Quarantined) else _unfit(found, cases, name=file.name)
            if fault is not None:
                quarantined.append(fault)
            elif isinstance(found, EvalCase):
                cases[found.case_id] = found
        report(done, len(files))
    kept = [case for case in parent.cases if case.case_id not in cases] if parent else []
    whole = [*kept, *cases.values()]
    return make_dataset(
        name=name,
        cases=whole,
        quarantined=quarantined,
        alike=near_duplicates(whole),
        parent=parent.manifest.version if parent else None,
    )


def _read(file: Path) -> Iterator[EvalCase | Quarantined]:
    try:
        if file.suffix.lower() in TABLES:
            yield from read_table(file)
        elif has_expectations(file):
            yield read_written(file.read_text(encoding="utf-8"), name=file.name)
        else:
            case = read_case(file)
            yield EvalCase(case_id=case.case_number or file.stem, case=case)
    except DrafterError as error:
        yield Quarantined(name=file.name, reason=str(error))


def _unfit(case: EvalCase, known: dict[str, EvalCase], *, name: str) -> Quarantined | None:
    if not case.case.items:
        return Quarantined(name=name, reason="holds no disputed item")
    if case.case_id in known:
        return Quarantined(name=name, reason=f"case {case.case_id} was already read")
    return None
