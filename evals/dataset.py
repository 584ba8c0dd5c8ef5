"""Datasets: a folder with a manifest and one case a line, known by the hash of its content.

    <dataset>/manifest.json    name, version (SHA-256 of cases.jsonl), parent, counts, what was quarantined and why
    <dataset>/cases.jsonl      one case a line, canonical JSON, ordered by case number

The version is a pure function of the cases, so the same cases have the same version anywhere
(tests/unit/test_evals_dataset.py). A case lies in one split with all its items: items of one case are not independent.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drafter.domain.case import Case, Determination
from evals.datasets.expected import ExpectedItem
from evals.errors import DatasetInvalid
from guideline_corpus.whole_file import write_whole

Split = Literal["dev", "gate", "holdout"]
SPLITS: tuple[Split, ...] = get_args(Split)

CASES = "cases.jsonl"
MANIFEST = "manifest.json"


class EvalModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvalCase(EvalModel):
    """One case under its id: the case number, else the name of the file it came from.

    `expected` is what a careful reader expects of its items, `canary` the words that would show in a draft only if an
    instruction hidden in the record were obeyed. Without a `split` of its own a case lies where the hash of its id puts
    it: 40 percent dev, 40 gate, 20 holdout.
    """

    case_id: str
    case: Case
    split: Split | None = None
    expected: tuple[ExpectedItem, ...] = ()
    canary: str | None = None

    @property
    def outcomes(self) -> dict[int, Determination]:
        """The outcome of each item that has one, published or expected."""
        expected = {one.item: one.determination for one in self.expected}
        known = {item.number: item.determination or expected.get(item.number) for item in self.case.items}
        return {number: outcome for number, outcome in known.items() if outcome is not None}

    def expected_of(self, item: int) -> ExpectedItem | None:
        return next((one for one in self.expected if one.item == item), None)

    @property
    def lies_in(self) -> Split:
        drawn = int.from_bytes(hashlib.sha256(self.case_id.encode("utf-8")).digest()[:4], "big") % 10
        return self.split or ("dev" if drawn < 4 else "gate" if drawn < 8 else "holdout")


class Quarantined(EvalModel):
    """An input that was left out, by file name, with the reason."""

    name: str
    reason: str


class Alike(EvalModel):
    """Two cases of which a share of `likeness` of the words' sequence is the same."""

    one: str
    other: str
    likeness: float


class Manifest(EvalModel):
    """`parent` is the version that this one was made from, `source` where its cases come from and under what terms."""

    name: str
    version: str
    parent: str | None = None
    note: str = ""
    source: str = ""
    cases: int
    items: int
    splits: Mapping[Split, int] = Field(default_factory=dict)
    quarantined: tuple[Quarantined, ...] = ()
    alike: tuple[Alike, ...] = ()


class Dataset(EvalModel):
    manifest: Manifest
    cases: tuple[EvalCase, ...]


def make_dataset(
    *,
    name: str,
    cases: Sequence[EvalCase],
    quarantined: Sequence[Quarantined] = (),
    alike: Sequence[Alike] = (),
    parent: str | None = None,
    note: str = "",
    source: str = "",
) -> Dataset:
    """A dataset of these cases, ordered by id."""
    ordered = tuple(sorted(cases, key=lambda case: case.case_id))
    lying = Counter(case.lies_in for case in ordered)
    manifest = Manifest(
        name=name,
        version=hashlib.sha256(_lines(ordered)).hexdigest(),
        parent=parent,
        note=note,
        source=source,
        cases=len(ordered),
        items=sum(len(case.case.items) for case in ordered),
        splits={split: lying[split] for split in SPLITS},
        quarantined=tuple(sorted(quarantined, key=lambda row: row.name)),
        alike=tuple(alike),
    )
    return Dataset(manifest=manifest, cases=ordered)


def only_split(dataset: Dataset, split: Split) -> Dataset:
    """The cases of one split, as a dataset of its own whose parent is the whole. Raises DatasetInvalid of none."""
    kept = [case for case in dataset.cases if case.lies_in == split]
    if not kept:
        raise DatasetInvalid(f"{dataset.manifest.name} has no case in the split {split}; leave --split out")
    whole = dataset.manifest
    return make_dataset(name=f"{whole.name}, {split}", cases=kept, parent=whole.version, source=whole.source)


def write_dataset(dataset: Dataset, folder: Path) -> None:
    """Write the folder, cases before manifest, so that a folder with a manifest is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    (folder / CASES).write_bytes(_lines(dataset.cases))
    manifest = json.dumps(dataset.manifest.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / MANIFEST, manifest + "\n")


def read_dataset(folder: Path) -> Dataset:
    """Raises DatasetInvalid where a file is missing, is not what was written, or does not match its manifest."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        raw = (folder / CASES).read_bytes()
        cases = tuple(EvalCase.model_validate_json(line) for line in raw.splitlines() if line)
    except FileNotFoundError:
        raise DatasetInvalid(
            f"{folder} is not a dataset; make one with `evals import PATH... --out {folder}`"
        ) from None
    except ValidationError:
        raise DatasetInvalid(f"{folder} was written by another release; import it again") from None
    if hashlib.sha256(raw).hexdigest() != manifest.version:
        raise DatasetInvalid(f"{folder / CASES} has changed since it was imported; import it again")
    return Dataset(manifest=manifest, cases=cases)


def _lines(cases: Sequence[EvalCase]) -> bytes:
    rows = [json.dumps(case.model_dump(mode="json"), ensure_ascii=False, sort_keys=True) for case in cases]
    return "".join(row + "\n" for row in rows).encode("utf-8")
