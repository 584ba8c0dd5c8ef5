"""Reads edition tables (`editions.toml` of the program, the one a home may add) and refuses a table that is wrong.

The order of rows is the order of the file. A row of the home's table replaces the program's row of the same id; a new
row closes the edition before it where that one was still open.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from guideline_corpus.editions import DAY, by_guideline, edition_problems
from guideline_corpus.errors import StarterInvalid
from guideline_corpus.model import Edition, InForce

TABLE_NAME = "editions.toml"


def shipped_editions() -> tuple[Edition, ...]:
    """The table that comes with the program. Raises StarterInvalid."""
    return checked(_shipped_rows(), where=TABLE_NAME)


def home_table(home: Path) -> Path:
    """Where a home keeps the editions that were added to it."""
    return home / TABLE_NAME


def load_editions(table: Path | None = None) -> tuple[Edition, ...]:
    """The program's rows, with those of `table` (where it exists) added or put in their place.

    Raises StarterInvalid with one sentence that names the table, the row and the key.
    """
    return checked(unchecked_editions(table), where=TABLE_NAME)


def unchecked_editions(table: Path | None = None) -> tuple[Edition, ...]:
    """As `load_editions`, but with overlaps and gaps left in, for whoever wants to list them."""
    rows = _shipped_rows()
    if table is None or not table.is_file():
        return rows
    return merged(rows, parse_editions(table.read_bytes(), where=str(table)))


def parse_editions(content: bytes, *, where: str) -> tuple[Edition, ...]:
    """The rows of one table, each valid by itself; overlaps are `checked`'s business. Raises StarterInvalid."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StarterInvalid(f"{where} is not TOML in UTF-8 ({error}); correct it.") from None
    return tuple(_edition(edition_id, row, where=where) for edition_id, row in table.items())


def merged(rows: tuple[Edition, ...], added: tuple[Edition, ...]) -> tuple[Edition, ...]:
    """`rows` with `added` in place of rows of the same id, or after them."""
    replacing = {row.edition_id: row for row in added}
    kept = tuple(replacing.pop(row.edition_id, row) for row in rows)
    return closed(kept + tuple(replacing.values()), by=frozenset(row.edition_id for row in added))


def closed(rows: tuple[Edition, ...], *, by: frozenset[str]) -> tuple[Edition, ...]:
    """`rows`, where an open edition ends the day before an edition of `by` that follows it begins."""
    ends = {}
    for group in by_guideline(rows).values():
        for earlier, later in pairwise(group):
            begins = later.in_force.from_
            if later.edition_id in by and earlier.in_force.to is None and begins is not None:
                ends[earlier.edition_id] = InForce(from_=earlier.in_force.from_, to=begins - DAY)
    return tuple(
        row.model_copy(update={"in_force": ends[row.edition_id]}) if row.edition_id in ends else row for row in rows
    )


def checked(rows: tuple[Edition, ...], *, where: str) -> tuple[Edition, ...]:
    """`rows` as they are. Raises StarterInvalid where the table as a whole is wrong."""
    problems = edition_problems(rows)
    if problems:
        raise StarterInvalid(f"{where}: {problems[0]}")
    return rows


def _shipped_rows() -> tuple[Edition, ...]:
    content = resources.files("guideline_corpus").joinpath(TABLE_NAME).read_bytes()
    return parse_editions(content, where=TABLE_NAME)


def _edition(edition_id: str, row: Any, *, where: str) -> Edition:
    if not isinstance(row, dict):
        raise StarterInvalid(f"{where}: {edition_id} stands outside a table; write it under an [edition-id].")
    values = dict(row)
    in_force = {key: values.pop(key) for key in ("from", "to") if key in values}
    try:
        # A row without a source is no row to refuse here: `edition_problems` names it beside what else is wrong.
        return Edition(edition_id=edition_id, in_force=InForce.model_validate(in_force), **({"source": ""} | values))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "row"
        raise StarterInvalid(f"{where}: edition {edition_id}, key {key}: {first['msg']}.") from None
    except TypeError as error:
        raise StarterInvalid(f"{where}: edition {edition_id} sets a key twice ({error}).") from None
