"""Reads the drug list (`drug_list.toml`) and refuses what is wrong with it, each fault a sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from guideline_corpus.errors import StarterInvalid
from guideline_corpus.formulary.model import DrugList, DrugRow

TABLE = "drug_list.toml"
LISTS = ("rules", "versions", "rows")


@cache
def shipped_drug_list() -> DrugList:
    """The drug list of the program."""
    return parse_drug_list(resources.files("guideline_corpus.formulary").joinpath(TABLE).read_text(encoding="utf-8"))


def parse_drug_list(text: str) -> DrugList:
    """A drug list from TOML, sources spelled out. Raises StarterInvalid with every fault, a sentence a line."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StarterInvalid(f"{TABLE} is not TOML ({error}); correct it.") from None
    sources = values.pop("sources", {})
    unknown = sorted({row.get("source", "") for row in _entries(values)} - sources.keys())
    if unknown:
        raise StarterInvalid(f"{TABLE}: no source {', '.join(map(repr, unknown))} under [sources]; add it there.")
    spelled = {
        key: [row | {"source": sources[row["source"]]} for row in value] if key in LISTS else value
        for key, value in values.items()
    }
    try:
        found = DrugList.model_validate(spelled)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}." for one in error.errors())
        raise StarterInvalid("\n".join(f"{TABLE}, key {line}" for line in lines)) from None
    if problems := tuple(_overlaps(found.rows)):
        raise StarterInvalid("\n".join(problems))
    return found


def _entries(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key in LISTS:
        yield from values.get(key, [])


def _overlaps(rows: tuple[DrugRow, ...]) -> Iterator[str]:
    ordered = sorted(rows, key=lambda row: (row.drug, row.from_))
    for earlier, later in pairwise(ordered):
        if earlier.drug == later.drug and (earlier.to is None or earlier.to >= later.from_):
            yield f"{TABLE}: two rows for {later.drug} cover {later.from_}; end the first one the day before."
