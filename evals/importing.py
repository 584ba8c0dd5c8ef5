"""Published letters and case files become a dataset; what does not parse is quarantined with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from drafter.errors import DrafterError
from drafter.services.intake import find_inputs, read_case
from evals.dataset import Dataset, EvalCase, Quarantined, make_dataset


def import_cases(
    paths: Sequence[Path], *, name: str, report: Callable[[int, int], None] = lambda done, total: None
) -> Dataset:
    """Read every input; a case without items, or with the number of one already read, is quarantined."""
    files = list(find_inputs(paths))
    cases: dict[str, EvalCase] = {}
    quarantined: list[Quarantined] = []
    for done, file in enumerate(files, start=1):
        try:
            case = read_case(file)
        except DrafterError as error:
            quarantined.append(Quarantined(name=file.name, reason=str(error)))
        else:
            case_id = case.case_number or file.stem
            if not case.items:
                quarantined.append(Quarantined(name=file.name, reason="holds no disputed item"))
            elif case_id in cases:
                quarantined.append(Quarantined(name=file.name, reason=f"case {case_id} was already read"))
            else:
                cases[case_id] = EvalCase(case_id=case_id, case=case)
        report(done, len(files))
    return make_dataset(name=name, cases=list(cases.values()), quarantined=quarantined)
