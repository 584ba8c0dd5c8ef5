"""Cases from tables: CSV with one row an item, JSON Lines with one case a line. A row that does not parse is told.

CSV columns, by name: case_number, item, treatment (needed); heading, injury, rfa, ur_denial, decision, case_summary,
claims_administrator_guideline, reviewer_guideline, determination, rationale, depends_on, split. Rows of one case number
are one case; what belongs to the case may stand in its first row only.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from drafter.errors import CaseInvalid, DrafterError
from evals.dataset import EvalCase, Quarantined
from evals.datasets.written import case_of

TABLES = (".csv", ".jsonl")
DATES = ("injury", "rfa", "ur_denial", "assigned", "application_received", "decision")
OF_CASE = ("case_summary", "priority", "split")
OF_ITEM = (
    "treatment", "heading", "claims_administrator_guideline", "reviewer_guideline", "determination", "rationale",
    "depends_on", "original_request", "authorized", "remaining",
)  # fmt: skip
COLUMNS = frozenset({"case_number", "item", *DATES, *OF_CASE, *OF_ITEM})


def read_table(file: Path) -> Iterator[EvalCase | Quarantined]:
    """Every case of a CSV or JSON Lines file, or why it is none. Raises CaseInvalid where the file is no such table."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise CaseInvalid(f"{file} cannot be read as UTF-8 text; save it so, or correct the path") from None
    return _of_lines(file.name, text) if file.suffix.lower() == ".jsonl" else _of_csv(file.name, text)


def _of_lines(name: str, text: str) -> Iterator[EvalCase | Quarantined]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            content = json.loads(line)
        except json.JSONDecodeError:
            yield Quarantined(name=where, reason="is not JSON")
            continue
        yield _case(content, where) if isinstance(content, dict) else Quarantined(name=where, reason="is no object")


def _of_csv(name: str, text: str) -> Iterator[EvalCase | Quarantined]:
    reader = csv.DictReader(io.StringIO(text))
    columns = set(reader.fieldnames or ())
    if missing := {"case_number", "treatment"} - columns:
        raise CaseInvalid(f"{name}: no column {sorted(missing)[0]}; the columns are listed in evals/README.md")
    if odd := sorted(columns - COLUMNS):
        raise CaseInvalid(f"{name}: column {odd[0]} is not known; the columns are listed in evals/README.md")
    cases: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for row in reader:
        told = {key: (value or "").strip() for key, value in row.items() if key is not None}
        if told["case_number"]:
            cases.setdefault(told["case_number"], []).append((reader.line_num, told))
        else:
            yield Quarantined(name=f"{name}, line {reader.line_num}", reason="has no case number")
    for number, rows in cases.items():
        yield _case(_content(number, [row for _, row in rows]), f"{name}, line {rows[0][0]}")


def _content(number: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    """The content of a case file from the rows of one case."""

    def first(key: str) -> str | None:
        return next((row[key] for row in rows if row.get(key)), None)

    items = [
        {"number": int(told) if (told := row.get("item") or str(place)).isdigit() else told}
        | {key: row[key] for key in OF_ITEM if row.get(key)}
        for place, row in enumerate(rows, start=1)
    ]
    return {
        "case_number": number,
        "dates": {key: value for key in DATES if (value := first(key))},
        "items": items,
        **{key: value for key in OF_CASE if (value := first(key))},
    }


def _case(content: dict[str, Any], where: str) -> EvalCase | Quarantined:
    try:
        return case_of(content, name=where)
    except DrafterError as error:
        return Quarantined(name=where, reason=str(error).removeprefix(f"{where}: "))
