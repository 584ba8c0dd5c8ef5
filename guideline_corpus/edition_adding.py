"""Adds an edition to the table of a home: what an order says, checked against the rows that are there.

The home's table is TOML that a QA lead may also edit by hand. A new row is appended to it, under the builder's lock and
in one step; the edition before it, where still open, then ends the day before (`edition_table.closed`). A row that
would overlap another or leave a gap is refused with the sentence that says so, and the table stays as it was
(tests/unit/test_edition_adding.py::test_an_edition_that_leaves_a_gap_is_refused_and_the_table_stays_as_it_was).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from guideline_corpus.edition_table import checked, home_table, load_editions, merged
from guideline_corpus.errors import StarterInvalid
from guideline_corpus.model import CorpusModel, Edition
from guideline_corpus.versions import one_builder
from guideline_corpus.whole_file import write_whole

EDITION_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class EditionAdded(CorpusModel):
    """The new row, and the row before it with the last day it has now, where adding closed it."""

    added: Edition
    closed: Edition | None


def edition_from(values: Mapping[str, Any]) -> Edition:
    """A row as a user gives it. Raises StarterInvalid with the name of the value that is wrong."""
    if not EDITION_ID.match(str(values.get("edition_id", ""))):
        raise StarterInvalid(
            f"{values.get('edition_id')!r} cannot be the id of an edition; write it in lower case with digits and "
            "hyphens, for example acoem-low-back-2026."
        )
    try:
        return Edition.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        key = "-".join(str(part).rstrip("_") for part in first["loc"])
        raise StarterInvalid(f"--{key.replace('_', '-')}: {first['msg']}; correct it.") from None


def add_edition(home: Path, row: Edition) -> EditionAdded:
    """Append `row` to the home's table. Raises StarterInvalid where the table would not be sound with it."""
    table = home_table(home)
    with one_builder(home):
        before = load_editions(table)
        if any(known.edition_id == row.edition_id for known in before):
            raise StarterInvalid(
                f"There is an edition {row.edition_id} already; choose another id, or correct the row in {table}."
            )
        after = checked(merged(before, (row,)), where="The edition was not added")
        _append(table, row)
    open_before = {known.edition_id: known for known in before if known.in_force.to is None}
    closed = next(
        (now for now in after if now.edition_id in open_before and now.in_force.to is not None and now != row), None
    )
    return EditionAdded(added=row, closed=closed)


def toml_row(row: Edition) -> str:
    """One edition as the table writes it; what is empty is left out."""
    values: dict[str, object] = {
        "guideline_id": row.guideline_id,
        "guideline": row.guideline,
        "edition": row.edition,
        "rung": row.rung,
        "from": row.in_force.from_,
        "to": row.in_force.to,
        "trigger": row.trigger,
        "source": row.source,
        "confidence": row.confidence,
        "note": row.note or None,
        "developer": row.developer or None,
    }
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if value is not None]
    return "\n".join([f"[{row.edition_id}]", *lines]) + "\n"


def _toml(value: object) -> str:
    """A JSON string is a TOML basic string, but for the delete character; days and numbers stand as they are."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else str(value)


def _append(table: Path, row: Edition) -> None:
    held = table.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if table.is_file() else ""
    write_whole(table, held + toml_row(row))
