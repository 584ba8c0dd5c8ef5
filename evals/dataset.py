"""Datasets: a folder with a manifest and one case a line, known by the hash of its content.

    <dataset>/manifest.json    name, version (SHA-256 of cases.jsonl), counts, what was quarantined and why
    <dataset>/cases.jsonl      one case a line, canonical JSON, ordered by case number

The version is a pure function of the cases, so the same cases have the same version anywhere
(tests/unit/test_evals_dataset.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from drafter.domain.case import Case
from evals.errors import DatasetInvalid

CASES = "cases.jsonl"
MANIFEST = "manifest.json"


class EvalModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EvalCase(EvalModel):
    """One case under its id: the case number, else the name of the file it came from."""

    case_id: str
    case: Case


class Quarantined(EvalModel):
    """An input that was left out, by file name, with the reason."""

    name: str
    reason: str


class Manifest(EvalModel):
    name: str
    version: str
    cases: int
    items: int
    quarantined: tuple[Quarantined, ...] = ()


class Dataset(EvalModel):
    manifest: Manifest
    cases: tuple[EvalCase, ...]


def make_dataset(*, name: str, cases: Sequence[EvalCase], quarantined: Sequence[Quarantined] = ()) -> Dataset:
    """A dataset of these cases, ordered by id."""
    ordered = tuple(sorted(cases, key=lambda case: case.case_id))
    manifest = Manifest(
        name=name,
        version=hashlib.sha256(_lines(ordered)).hexdigest(),
        cases=len(ordered),
        items=sum(len(case.case.items) for case in ordered),
        quarantined=tuple(sorted(quarantined, key=lambda row: row.name)),
    )
    return Dataset(manifest=manifest, cases=ordered)


def write_dataset(dataset: Dataset, folder: Path) -> None:
    """Write the folder, cases before manifest, so that a folder with a manifest is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    (folder / CASES).write_bytes(_lines(dataset.cases))
    manifest = json.dumps(dataset.manifest.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(manifest + "\n", encoding="utf-8")


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
