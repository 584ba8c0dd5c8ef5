"""What changed between two versions of a dataset: cases that came, went, or read otherwise, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from evals.dataset import Dataset, EvalCase


class CaseChange(NamedTuple):
    """`where` names the fields that differ, as in `case.items[1].rationale`; no text is shown."""

    case_id: str
    change: str
    where: tuple[str, ...] = ()


def changes(before: Dataset, after: Dataset) -> tuple[CaseChange, ...]:
    """Every case that is not the same in both, in the order of their ids."""
    old, new = ({case.case_id: case for case in dataset.cases} for dataset in (before, after))
    return tuple(
        _change(case_id, old, new)
        for case_id in sorted(old.keys() | new.keys())
        if old.get(case_id) != new.get(case_id)
    )


def _change(case_id: str, old: Mapping[str, EvalCase], new: Mapping[str, EvalCase]) -> CaseChange:
    if case_id not in old:
        return CaseChange(case_id, "added")
    if case_id not in new:
        return CaseChange(case_id, "removed")
    told = (case.model_dump(mode="json") for case in (old[case_id], new[case_id]))
    return CaseChange(case_id, "changed", tuple(_fields("", *told)))


def _fields(path: str, one: Any, other: Any) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from _fields(f"{path}.{key}" if path else key, one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _fields(f"{path}[{at}]", left, right)
    elif one != other:
        yield path
