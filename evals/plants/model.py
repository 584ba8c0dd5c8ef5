"""A plant: one error (or one harmless edit) put into one item of a case, exactly where and instead of what.

A planted set is a dataset with `plants.jsonl` beside it; the cases stay untouched and a plant is applied when it is
checked, so that the untouched text is its own control.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from drafter.adapters.letters.citations import citations_in
from drafter.domain.case import Case, DisputedItem
from evals.dataset import EvalModel
from evals.errors import DatasetInvalid

PLANTS = "plants.jsonl"
Field = Literal["rationale", "reviewer_guideline", "determination", "heading", "dates.rfa"]


class Edit(EvalModel):
    """`before` at `start` of the field becomes `after`; an empty `before` is an insertion.

    `span` are the offsets in the changed field that an alarm should point at, where they are not simply `after`.
    """

    field: Field
    start: int
    before: str
    after: str
    span: tuple[int, int] | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.span or (self.start, self.start + len(self.after))


class Plant(EvalModel):
    """`kind` is a name of `evals.plants.kinds.KINDS`; `harmless` marks an edit that must raise no alarm."""

    plant_id: str
    kind: str
    case_id: str
    item: int
    edit: Edit
    harmless: bool = False


def planted(case: Case, plant: Plant) -> Case:
    """The case with the plant applied; what is read out of an edited line is read again.

    Raises DatasetInvalid where the case is not the one the plant was made for.
    """
    if plant.edit.field == "dates.rfa":
        moved = case.dates.model_copy(update={"rfa": date.fromisoformat(plant.edit.after)})
        return case.model_copy(update={"dates": moved})
    if not any(item.number == plant.item for item in case.items):
        raise DatasetInvalid(f"plant {plant.plant_id} is for item {plant.item}, which its case does not have")
    items = tuple(_edited(item, plant) if item.number == plant.item else item for item in case.items)
    return case.model_copy(update={"items": items})


def _edited(item: DisputedItem, plant: Plant) -> DisputedItem:
    edit = plant.edit
    text = str(getattr(item, edit.field) or "")
    end = edit.start + len(edit.before)
    if text[edit.start : end] != edit.before:
        raise DatasetInvalid(f"plant {plant.plant_id} does not fit its case; plant the dataset again")
    changed = text[: edit.start] + edit.after + text[end:]
    update: dict[str, object] = {edit.field: changed}
    if edit.field == "reviewer_guideline":
        others = tuple(cited for cited in item.citations if cited.party != "reviewer")
        update["citations"] = (*others, *citations_in(changed, party="reviewer"))
    return item.model_copy(update=update)


def write_plants(plants: Sequence[Plant], folder: Path) -> None:
    lines = [json.dumps(plant.model_dump(mode="json"), ensure_ascii=False, sort_keys=True) for plant in plants]
    (folder / PLANTS).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def read_plants(folder: Path) -> tuple[Plant, ...]:
    """The plants beside a dataset; none where it was not planted. Raises DatasetInvalid for a damaged file."""
    try:
        text = (folder / PLANTS).read_text(encoding="utf-8")
        return tuple(Plant.model_validate_json(line) for line in text.split("\n") if line)
    except FileNotFoundError:
        return ()
    except ValidationError:
        raise DatasetInvalid(f"{folder / PLANTS} is damaged; make it again with `evals plant`") from None


def plants_version(folder: Path) -> str | None:
    """The SHA-256 of the plants beside a dataset, or `None`."""
    file = folder / PLANTS
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None
