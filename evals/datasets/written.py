"""The project's own cases: invented, dated 2014 to 2025, each with what a careful reader expects of it.

A file is a case file (docs/case-files.md) with three keys of its own: `expected`, `canary` and `split`. Anybody may
write such files, and `evals import` takes them. The expectations were written from record and guideline, before any
draft of these cases was seen: a program that misses them is shown to miss them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from drafter.adapters.case_files import read_case_file
from drafter.domain.case import Case
from drafter.errors import CaseInvalid
from evals.dataset import Dataset, EvalCase, make_dataset
from evals.datasets.expected import ExpectedItem

NAME = "written"
OWN_KEYS = ("expected", "canary", "split")
_OWN_BLOCK = re.compile(rf"^(?:{'|'.join(OWN_KEYS)}):.*\n?(?:(?:[ \t#-].*)?\n)*(?:[ \t#-].*)?", re.MULTILINE)


def written_dataset() -> Dataset:
    """The dataset that comes with the program."""
    folder = files("evals.datasets").joinpath("written")
    cases = [
        read_written(one.read_text(encoding="utf-8"), name=one.name)
        for one in sorted(folder.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".yaml")
    ]
    return make_dataset(name=NAME, cases=cases, source="invented by the project; no person stands behind them")


def has_expectations(file: Path) -> bool:
    """Whether a YAML file says what is expected of its case."""
    if file.suffix.lower() not in (".yaml", ".yml"):
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return any(line.startswith(f"{key}:") for line in text.splitlines() for key in OWN_KEYS)


def read_written(text: str, *, name: str) -> EvalCase:
    """The case of such a file with its expectations. Raises CaseInvalid with the key that is wrong."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError:
        raise CaseInvalid(f"{name} is not YAML; correct it") from None
    if not isinstance(content, dict):
        raise CaseInvalid(f"{name}: no case file: it holds no keys; see docs/case-files.md")
    plain = _OWN_BLOCK.sub(lambda match: "\n" * match[0].count("\n"), text)  # lines keep their numbers
    return _expecting(read_case_file(plain, name=name, folder=None), content, name=name)


def case_of(content: Mapping[str, Any], *, name: str) -> EvalCase:
    """The same from a case file's content. Raises CaseInvalid."""
    plain = json.dumps({key: value for key, value in content.items() if key not in OWN_KEYS}, ensure_ascii=False)
    try:
        return _expecting(read_case_file(plain, name=name, folder=None), content, name=name)
    except CaseInvalid as error:
        raise CaseInvalid(str(error).replace(f"{name}, line 1: ", f"{name}: ")) from None


def _expecting(case: Case, content: Mapping[str, Any], *, name: str) -> EvalCase:
    own = {key: content[key] for key in OWN_KEYS if key in content}
    try:
        found = EvalCase(case_id=case.case_number or Path(name).stem, case=case, **own)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CaseInvalid(f"{name}: {where}: {first['msg']}") from None
    numbers = {item.number for item in case.items}
    if odd := [one.item for one in found.expected if one.item not in numbers]:
        raise CaseInvalid(f"{name}: expected: the case has no item {odd[0]}; correct the number")
    return found


def expects(case: EvalCase) -> tuple[ExpectedItem, ...]:
    """The expectations that say anything."""
    return tuple(one for one in case.expected if one != ExpectedItem(item=one.item))
