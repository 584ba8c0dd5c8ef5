"""A trial: a prompt version and the live one over the same cases, and what the gate said.

A result speaks for exactly one template hash against one live hash, with one model, on one version of a dataset, under
one gate. Whoever asks whether a version may go live compares all five; nothing is carried over from a version that
reads almost the same.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal

from drafter.domain.model import DomainModel

Verdict = Literal["PASS", "FAIL", "INCONCLUSIVE"]


class TrialRequest(DomainModel):
    """What to run. `dataset`: the folder of a dataset, or of letters; `gate`: the gate file; `page`: where to write
    the whole comparison as one page to read, verdict and changed cases first."""

    label: str
    digest: str
    against: str
    against_digest: str
    model: str
    dataset: Path
    gate: Path
    page: Path | None = None


class ChangedItem(DomainModel):
    """An item whose draft is not the same under both versions. `scores`: each that moved, before and after."""

    case_number: str
    item: int
    sentences_before: int
    sentences_after: int
    scores: dict[str, tuple[float | None, float | None]]


class TrialResult(DomainModel):
    """`dataset`: the version of the dataset, a hash of its content; `report`: the gate's words on each metric."""

    label: str
    digest: str
    against: str
    against_digest: str
    model: str
    dataset: str
    dataset_name: str
    gate: str
    corpus_version: str
    items: int
    cases: int
    verdict: Verdict
    report: str
    changed: tuple[ChangedItem, ...]
    at: datetime.datetime
