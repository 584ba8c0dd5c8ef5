"""Takes a reviewed sheet back: every row is looked at, every bad row gets one sentence, and then all or nothing.

Rows without a verdict change nothing. The verdict on a criterion replaces the one before it; other verdicts stay.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from guideline_corpus.errors import ReviewInvalid
from guideline_corpus.model import CorpusModel, Criterion
from guideline_corpus.review.corrections import (
    Correction,
    criterion_id,
    keep_corrections,
    load_corrections,
    uncorrected,
)
from guideline_corpus.review.sheet import COLUMNS, unshielded
from guideline_corpus.versions import Corpus, load_corpus, one_builder

VERDICTS = ("right", "wrong", "change")
ROLES = ("requires", "excludes", "limits", "notes")
LETTER = re.compile(r"CM\d\d-\d{7}\Z")
NEEDED = ("criterion_id", "verdict", "new_text", "new_role", "new_letters", "note")
LONGEST_TEXT = 600


class SheetTaken(CorpusModel):
    """How many verdicts of each kind were taken, and how many criteria experts have looked at by now."""

    verdicts: dict[str, int]
    reviewed: int


def read_sheet(path: Path) -> str:
    """The text of a sheet. Raises ReviewInvalid where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReviewInvalid(f"{path} cannot be read ({error.strerror}); check its name.") from None
    except UnicodeDecodeError:
        raise ReviewInvalid(f"{path} is not UTF-8; save the sheet as CSV in UTF-8.") from None


class Known(CorpusModel):
    """A criterion of the corpus, as it was before any correction, and its passage."""

    passage_id: str
    criterion: Criterion


def take_sheet(home: Path, sheet: str, *, name: str) -> SheetTaken:
    """Keep the verdicts of a sheet in the home.

    Raises ReviewInvalid with a line for each bad row; then nothing is kept.
    """
    with one_builder(home):
        before = load_corrections(home)
        taken, problems = verdicts_of(sheet, known_criteria(load_corpus(home), before), name=name)
        if problems:
            raise ReviewInvalid("\n".join(problems))
        after = {**before, **taken}
        keep_corrections(home, after)
    return SheetTaken(
        verdicts=dict(sorted(Counter(row.verdict for row in taken.values()).items())), reviewed=len(after)
    )


def known_criteria(corpus: Corpus, corrections: Mapping[str, Correction]) -> dict[str, Known]:
    """The criteria of a corpus by id."""
    return {
        criterion_id(passage, criterion): Known(passage_id=passage.passage_id, criterion=criterion)
        for passage in uncorrected(corpus.passages, corrections)
        for criterion in passage.criteria
    }


def verdicts_of(sheet: str, known: Mapping[str, Known], *, name: str) -> tuple[dict[str, Correction], tuple[str, ...]]:
    """The corrections of a sheet by criterion, and a sentence for each bad row."""
    first = sheet.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(sheet, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    missing = [column for column in NEEDED if column not in (rows.fieldnames or ())]
    if missing:
        return {}, (f"{name} has no column {missing[0]}; keep the columns of the sheet: {', '.join(COLUMNS)}.",)
    taken: dict[str, Correction] = {}
    problems: list[str] = []
    for row in rows:
        cells = {key: unshielded((row.get(key) or "").strip()) for key in NEEDED}
        if not cells["verdict"] and not any(cells[key] for key in ("new_text", "new_role", "new_letters")):
            continue
        wrong = _wrong(cells, known, taken)
        if wrong:
            problems.append(f"{name}, line {rows.line_num}: {wrong}")
        else:
            taken[cells["criterion_id"]] = _correction(cells, known[cells["criterion_id"]])
    return taken, tuple(problems)


def _wrong(cells: Mapping[str, str], known: Mapping[str, Known], taken: Mapping[str, Correction]) -> str | None:
    """What is wrong with a row, in one sentence; None where nothing is."""
    key, verdict = cells["criterion_id"], cells["verdict"].lower()
    if key in taken:
        return f"criterion {key} has a verdict in an earlier row; keep one of the two."
    if verdict not in VERDICTS:
        return f"verdict {cells['verdict']!r} is none; write right, wrong or change, or leave the row empty."
    if key not in known:
        return f"the corpus has no criterion {key!r}; export the sheet anew."
    return _wrong_change(cells, known[key].criterion) if verdict == "change" else _needless(cells, verdict)


def _needless(cells: Mapping[str, str], verdict: str) -> str | None:
    filled = next((column for column in ("new_text", "new_role", "new_letters") if cells[column]), None)
    return (
        f"{filled} is filled in though the verdict is {verdict}; write change, or empty the cell." if filled else None
    )


def _wrong_change(cells: Mapping[str, str], criterion: Criterion) -> str | None:
    if not any(cells[column] for column in ("new_text", "new_role", "new_letters")):
        return "the verdict is change, but new_text, new_role and new_letters are empty; fill in what it shall be."
    if criterion.source == "official":
        return "the criterion is an exact span of official text, which is not reworded; write right or wrong."
    if cells["new_role"] and cells["new_role"].lower() not in ROLES:
        return f"new_role {cells['new_role']!r} is none; write {', '.join(ROLES[:-1])} or {ROLES[-1]}."
    if len(cells["new_text"]) > LONGEST_TEXT:
        return f"new_text has {len(cells['new_text'])} characters; keep it under {LONGEST_TEXT}, in your own words."
    bad = next((letter for letter in cells["new_letters"].split() if not LETTER.match(letter)), None)
    return f"new_letters {bad!r} is no case number such as CM16-0219557." if bad else None


def _correction(cells: Mapping[str, str], about: Known) -> Correction:
    return Correction.model_validate(
        {
            "passage_id": about.passage_id,
            "original": about.criterion,
            "criterion_id": cells["criterion_id"],
            "verdict": cells["verdict"].lower(),
            "text": cells["new_text"],
            "role": cells["new_role"].lower() or None,
            "letters": tuple(cells["new_letters"].split()),
            "note": cells["note"],
        }
    )
