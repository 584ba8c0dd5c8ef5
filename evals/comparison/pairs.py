"""Two runs over the same items, side by side; anything that makes them unequal is refused with its name.

A score that is undefined in one of two runs makes its pair undefined: it is counted, never taken for 0 and never
dropped in silence. One that is undefined in both does not apply to the item (no quotation, nothing to be exact about).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evals.errors import RunInvalid
from evals.metrics.table import fewer_is_better
from evals.run_folder import read_description, read_rows

EQUAL = ("dataset", "stage", "outcomes", "corpus_version", "plants", "metrics")


class Pair(NamedTuple):
    """One item's score in both runs; items of one case are one cluster."""

    case_number: str
    item: int
    before: float
    after: float
    fewer_is_better: bool = False

    @property
    def difference(self) -> float:
        """What was gained: above 0 is better, whichever way the metric counts."""
        gained = self.after - self.before
        return -gained if self.fewer_is_better else gained


class Paired(NamedTuple):
    """A metric over all items: `undefined` counts those with a score in one run, `not_applicable` those in none."""

    metric: str
    pairs: tuple[Pair, ...]
    undefined: int
    not_applicable: int = 0

    @property
    def items(self) -> int:
        """The items that the metric applies to."""
        return len(self.pairs) + self.undefined


class Compared(NamedTuple):
    """What was compared, and every metric that both runs have."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    metrics: Mapping[str, Paired]


def compare_runs(before: Path, after: Path) -> Compared:
    """Both runs, paired by case and item. Raises RunInvalid where they do not rest on the same ground."""
    told = read_description(before), read_description(after)
    for name in EQUAL:
        if told[0].get(name) != told[1].get(name):
            raise RunInvalid(
                f"{before} and {after} differ in {name} ({_short(told[0].get(name))}, {_short(told[1].get(name))}); "
                "run both on the same."
            )
    left, right = _scores(before), _scores(after)
    if left.keys() != right.keys():
        odd = sorted(left.keys() ^ right.keys())[0]
        raise RunInvalid(f"{before} and {after} do not hold the same items (first: {odd[0]}, item {odd[1]}).")
    names = sorted({name for scores in (*left.values(), *right.values()) for name in scores})
    return Compared(*told, {name: _paired(name, left, right) for name in names})


def changed(paired: Paired) -> Sequence[Pair]:
    """The pairs whose score moved, worst first."""
    return sorted((pair for pair in paired.pairs if pair.difference), key=lambda pair: (pair.difference, *pair[:2]))


Scores = dict[tuple[str, int], dict[str, float | None]]


def _paired(name: str, left: Scores, right: Scores) -> Paired:
    pairs, undefined, not_applicable = [], 0, 0
    for key in sorted(left):
        before, after = left[key].get(name), right[key].get(name)
        if before is None and after is None:
            not_applicable += 1
        elif before is None or after is None:
            undefined += 1
        else:
            pairs.append(Pair(*key, float(before), float(after), fewer_is_better(name)))
    return Paired(name, tuple(pairs), undefined, not_applicable)


def _scores(run: Path) -> Scores:
    return item_scores(row for row in read_rows(run) if not row.get("plant_id"))


def item_scores(rows: Iterable[Mapping[str, Any]]) -> Scores:
    """The scores by item; those of several repeats are averaged first, over the repeats that have one."""
    told: dict[tuple[str, int], list[Mapping[str, float | None]]] = {}
    for row in rows:
        told.setdefault((row["case_number"], row["item"]), []).append(row["scores"] or {})
    return {key: dict(repeats[0]) if len(repeats) == 1 else _averaged(repeats) for key, repeats in told.items()}


def _averaged(repeats: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    names = dict.fromkeys(name for scores in repeats for name in scores)
    found: dict[str, float | None] = {}
    for name in names:
        values = [value for scores in repeats if (value := scores.get(name)) is not None]
        found[name] = sum(values) / len(values) if values else None
    return found


def _short(value: object) -> str:
    return str(value)[:24] if value is not None else "none"
