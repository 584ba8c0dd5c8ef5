"""Datasets by name: the project's own, and the folders below a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from evals.dataset import CASES, MANIFEST, Dataset, EvalCase, Manifest, read_dataset
from evals.errors import DatasetInvalid

WRITTEN = "written"
DEPTH = 3  # folders below the place that is searched


class Found(NamedTuple):
    """A dataset and the folder it lies in; plants lie there too."""

    dataset: Dataset
    folder: Path


def open_dataset(name: str | Path) -> Found:
    """The dataset of that folder, or the project's own by its name. Raises DatasetInvalid."""
    if str(name) == WRITTEN and not (Path(name) / MANIFEST).exists():
        from evals.datasets.written import written_dataset

        with as_file(files("evals.datasets").joinpath(WRITTEN)) as folder:
            return Found(written_dataset(), folder)
    return Found(read_dataset(Path(name)), Path(name))


def datasets_below(place: Path) -> Iterator[tuple[str, Manifest]]:
    """The project's own dataset, then every one found in or below a folder; one that cannot be read is left out."""
    from evals.datasets.written import written_dataset

    yield WRITTEN, written_dataset().manifest
    pattern = ("*/" * depth + MANIFEST for depth in range(DEPTH + 1))
    for manifest in sorted(path for one in pattern for path in place.glob(one)):
        if (manifest.parent / CASES).exists():
            try:
                yield str(manifest.parent), read_dataset(manifest.parent).manifest
            except DatasetInvalid:
                continue


def strata(dataset: Dataset) -> Mapping[str, Mapping[str, int]]:
    """How many items lie in each stratum that a dataset shows by itself."""
    counts: dict[str, Counter[str]] = {}
    for case in dataset.cases:
        for name, value in (pair for item in case.case.items for pair in item_strata(case, item.number).items()):
            counts.setdefault(name, Counter())[value] += 1
    return {name: dict(sorted(found.items())) for name, found in counts.items()}


def item_strata(case: EvalCase, number: int) -> Mapping[str, str]:
    """What an item is, as far as its dates, its heading and its records tell."""
    item = next(item for item in case.case.items if item.number == number)
    governing = case.case.dates.ur_denial or case.case.dates.rfa
    expected = case.expected_of(number)
    return {
        "split": case.lies_in,
        "form": case.case.form,
        "year": str(governing.year) if governing else "not dated",
        "record": "documents" if case.case.records else "summary only",
        "treatment": _treatment_kind(item.treatment),
        "kind of request": "dependent" if item.depends_on else "modified by UR" if item.remaining else "whole",
        "outcome": item.determination or (expected.determination if expected else None) or "none given",
    }


def described(dataset: Dataset) -> Iterator[str]:
    """What `evals datasets show` prints, line by line."""
    from evals.datasets.written import expects

    manifest = dataset.manifest
    yield f"{manifest.name}: {manifest.cases} cases, {manifest.items} items"
    yield f"version  {manifest.version}"
    if manifest.parent:
        yield f"parent   {manifest.parent}" + (f" ({manifest.note})" if manifest.note else "")
    if manifest.source:
        yield f"source   {manifest.source}"
    for name, counts in strata(dataset).items():
        yield f"{name}: " + ", ".join(f"{value} {count}" for value, count in counts.items())
    told = sum(bool(expects(case)) for case in dataset.cases)
    yield f"expectations: written for {told} of {manifest.cases} cases"
    yield power_text(manifest.items)
    yield from (f"quarantined {row.name}: {row.reason}" for row in manifest.quarantined)
    yield from (f"alike: {pair.one} and {pair.other} ({pair.likeness:.0%} of their words)" for pair in manifest.alike)


def power_text(items: int) -> str:
    """What a comparison on so many items can see, told before it is run."""
    from evals.comparison.statistics import smallest_loss  # scipy; a run that only opens a dataset has no use for it

    points = 100 * smallest_loss(items)
    return (
        f"power: with {items} items a comparison shows a loss of {points:.1f} points or more in 8 of 10 cases "
        "(one-sided 5 percent, 2 percent of the items repaired by chance)"
    )


def _treatment_kind(treatment: str) -> str:
    """The kind of the treatment named first: drug, therapy, surgery; "not known" where the vocabulary has none."""
    from guideline_corpus.vocabulary import Family, load_vocabulary

    vocabulary = load_vocabulary()
    families: tuple[Family, ...] = ("treatment",)
    named = min(vocabulary.find(treatment, families=families), key=lambda span: span.start, default=None)
    return vocabulary.treatments[named.id].kind if named else "not known"
