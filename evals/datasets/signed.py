"""Cases signed at the review desk become evaluation cases: without identifiers, with the outcome that was signed.

What the physician signed is a published determination for evaluation: outcome, guideline line and rationale stand in
the item, where `Case.without_reviewer_text` takes them away before anything drafts from it. A case that still holds an
identifier after redaction is refused, not stored (tests/unit/test_datasets.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.domain.case import Case, Determination
from drafter.domain.redaction.exchange import leaked, leaks
from drafter.ports import Redactor
from evals.dataset import (
    MANIFEST,
    Dataset,
    EvalCase,
    EvalModel,
    make_dataset,
    read_dataset,
    write_dataset,
)
from evals.errors import DatasetInvalid


class ApprovedItem(EvalModel):
    """One item as it was signed."""

    item: int
    determination: Determination
    rationale: str
    reviewer_guideline: str = ""


class SignedCase(EvalModel):
    case: Case
    items: tuple[ApprovedItem, ...]


def with_signed(dataset: Dataset, signed: Sequence[SignedCase], *, redactor: Redactor) -> Dataset:
    """A new version of the dataset, child of the given one, with these cases added; a case of the same number is
    replaced.

    Raises DatasetInvalid where an approved item is not in its case, or an identifier is left after redaction.
    """
    added = {one.case_id: one for one in (_redacted(case, redactor) for case in signed)}
    kept = [case for case in dataset.cases if case.case_id not in added]
    return make_dataset(
        name=dataset.manifest.name,
        cases=[*kept, *added.values()],
        parent=dataset.manifest.version,
        note=f"{len(added)} signed cases added",
        source=dataset.manifest.source,
    )


def add_to_folder(folder: Path, told: bytes) -> Dataset:
    """The dataset of `folder` with one signed case more, a new version in its place, child of the one before.

    `told` is a SignedCase as JSON. Raises DatasetInvalid.
    """
    try:
        signed = SignedCase.model_validate_json(told)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise DatasetInvalid(
            f"The signed case is not one ({where or 'its shape'}); hand in what the desk wrote."
        ) from None
    before = read_dataset(folder) if (folder / MANIFEST).exists() else make_dataset(name=folder.name, cases=())
    made = with_signed(before, [signed], redactor=BuiltinRedactor())
    write_dataset(made, folder)
    return made


def _redacted(signed: SignedCase, redactor: Redactor) -> EvalCase:
    case = _as_signed(signed)
    told = case.model_copy(update={"people": ()}).model_dump(mode="json")
    places = list(_texts(told))
    redaction = redactor.redact([text for _, _, text in places], people=case.people, context=case.case_summary or "")
    for (holder, key, _), text in zip(places, redaction.texts, strict=True):
        holder[key] = text
    taken = tuple(redaction.taken.values())
    left = leaks("\n".join(redaction.texts), taken=taken, people=case.people)
    if left or leaked(json.dumps(told, ensure_ascii=False), (*taken, *case.people)):
        raise DatasetInvalid(
            f"A signed case still holds what identifies a person ({', '.join(left) or 'NAME'}); leave it out."
        )
    clean = Case.model_validate(told)
    if clean.case_number is None:
        raise DatasetInvalid("A signed case has no case number; give it one that identifies nobody.")
    return EvalCase(case_id=clean.case_number, case=clean)


def _as_signed(signed: SignedCase) -> Case:
    by_number = {one.item: one for one in signed.items}
    if odd := by_number.keys() - {item.number for item in signed.case.items}:
        raise DatasetInvalid(
            f"Item {min(odd)} was approved, but the case does not have it; hand in the case as signed."
        )
    items = tuple(
        item.model_copy(
            update={
                "determination": one.determination,
                "rationale": one.rationale,
                "reviewer_guideline": one.reviewer_guideline or item.reviewer_guideline,
            }
        )
        for item in signed.case.items
        if (one := by_number.get(item.number)) is not None
    )
    return signed.case.model_copy(update={"items": items})


# What a program needs as it is, and what holds no prose.
_PLAIN = frozenset({"form", "case_number", "determination", "party", "kind", "record_id", "date", "dates", "edition"})


def _texts(told: object) -> Sequence[tuple[dict[str, object], str, str]]:
    """Every text of the case that may name somebody, as (mapping, key, text)."""
    found: list[tuple[dict[str, object], str, str]] = []
    if isinstance(told, dict):
        for key, value in told.items():
            if key in _PLAIN:
                continue
            if isinstance(value, str):
                found.append((told, key, value))
            else:
                found.extend(_texts(value))
    elif isinstance(told, list):
        for value in told:
            found.extend(_texts(value))
    return found
