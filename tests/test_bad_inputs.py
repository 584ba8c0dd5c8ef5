"""The table of bad inputs: forty rows, each with a test that names it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.conftest import REPOSITORY

TABLE = REPOSITORY / "docs" / "bad-inputs.md"


def rows_named_by_tests() -> set[int]:
    """The rows of `@pytest.mark.bad_input(row)` in every module of tests."""
    return {row for path in (REPOSITORY / "tests").rglob("test_*.py") for row in _rows_in(path)}


def _rows_in(path: Path) -> set[int]:
    marks = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.bad_input"
    ]
    return {argument.value for mark in marks for argument in mark.args if isinstance(argument, ast.Constant)}  # type: ignore[misc]


def test_the_table_has_forty_rows_and_a_test_for_each():
    listed = [int(row) for row in re.findall(r"^\| (\d+) \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)]

    assert listed == list(range(1, 41))
    assert rows_named_by_tests() == set(listed)
