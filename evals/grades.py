"""Sentences of a run graded by a model: an opinion beside the metrics, never one of them.

    RUN/grades.jsonl    one line a sentence and grader: case_number, item, statement (from 0), grader, faithful
    RUN/labels.csv      what people said of the same sentences, where anybody did

`faithful` is yes, no or unscored: a grader may say that it does not know, and what it did not answer is unscored too.
`grader` names model, template and version (`MODEL grader@0001`), so that grades of two graders are never mixed. What a
grader is worth is told by its agreement with people's labels; without labels it is "not validated". Nothing here asks
a model: grades come from whoever ran one (prompts/grader/), and a gate never sees them.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import RunInvalid
from evals.run_folder import read_rows
from evals.wilson import wilson
from guideline_corpus.whole_file import write_whole

GRADES, LABELS = "grades.jsonl", "labels.csv"
Faithful = Literal["yes", "no", "unscored"]
Place = tuple[str, int, int]


class Grade(BaseModel):
    """One grader's opinion of one sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case_number: str
    item: int
    statement: int
    grader: str
    faithful: Faithful

    @property
    def place(self) -> Place:
        return self.case_number, self.item, self.statement


class Graded(NamedTuple):
    """What one grader said of a run. `alike` of `labelled` grades are those of people; None of none labelled."""

    grader: str
    yes: int
    no: int
    unscored: int
    alike: int
    labelled: int

    @property
    def told(self) -> str:
        """The grades and what they are worth, in one sentence."""
        scored = self.yes + self.no
        low, high = wilson(self.yes, scored)
        share = f"{self.yes} of {scored} sentences faithful ({100 * low:.0f} to {100 * high:.0f} percent)"
        return f"{self.grader}: {share}, {self.unscored} unscored; {self._worth}."

    @property
    def _worth(self) -> str:
        if not self.labelled:
            return "not validated: nobody labelled these sentences"
        low, high = wilson(self.alike, self.labelled)
        ends = f"{100 * low:.0f} to {100 * high:.0f} percent"
        return f"agrees with people on {self.alike} of {self.labelled} labelled sentences ({ends})"


def take_grades(run: Path, file: Path) -> Sequence[Grade]:
    """Grades of a file beside the run's own; a later grade of the same grader takes the place of an earlier one.

    A sentence of the run that a grader of the file did not grade counts as unscored by it. Raises RunInvalid with the
    line of a grade that is none, or of a sentence that the run does not have.
    """
    places = frozenset(_sentences(run))
    taken = {(one.grader, one.place): one for one in read_grades(run)}
    given = list(_read(file))
    for number, grade in given:
        if grade.place not in places:
            raise RunInvalid(f"{file}, line {number}: the run has no such sentence; grade the sentences of {run}.")
        taken[grade.grader, grade.place] = grade
    for grader in sorted({grade.grader for _, grade in given}):
        for case, item, at in places:
            silent = Grade(case_number=case, item=item, statement=at, grader=grader, faithful="unscored")
            taken.setdefault((grader, silent.place), silent)
    kept = [taken[key] for key in sorted(taken)]
    write_whole(run / GRADES, "".join(json.dumps(grade.model_dump(), sort_keys=True) + "\n" for grade in kept))
    return kept


def read_grades(run: Path) -> Sequence[Grade]:
    """The grades beside a run; none where nobody graded it."""
    return [grade for _, grade in _read(run / GRADES)] if (run / GRADES).exists() else []


def read_labels(file: Path) -> Mapping[Place, Faithful]:
    """What people said: CSV with case_number, item, statement, faithful (yes or no). Raises RunInvalid."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [Grade.model_validate({**row, "grader": "people"}) for row in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError):
        raise RunInvalid(f"{file} cannot be read as UTF-8 text; correct the path, or save it so") from None
    except (ValidationError, TypeError):
        raise RunInvalid(f"{file}: the columns are case_number, item, statement and faithful (yes or no)") from None
    return {row.place: row.faithful for row in rows if row.faithful != "unscored"}


def take_labels(run: Path, file: Path) -> None:
    """Keep people's labels beside the run. Raises RunInvalid where they are none."""
    read_labels(file)
    write_whole(run / LABELS, file.read_text(encoding="utf-8-sig"))


def graded_run(run: Path) -> list[Graded]:
    """Every grader of a run, held against the labels that lie with it."""
    labels = read_labels(run / LABELS) if (run / LABELS).exists() else {}
    return graded(read_grades(run), labels)


def graded(grades: Sequence[Grade], labels: Mapping[Place, Faithful]) -> list[Graded]:
    """Each grader's counts, with its agreement with the labels over the sentences that both scored."""
    found = []
    for grader in sorted({grade.grader for grade in grades}):
        own = [grade for grade in grades if grade.grader == grader]
        counts = Counter(grade.faithful for grade in own)
        both = [grade for grade in own if grade.faithful != "unscored" and grade.place in labels]
        alike = sum(grade.faithful == labels[grade.place] for grade in both)
        found.append(Graded(grader, counts["yes"], counts["no"], counts["unscored"], alike, len(both)))
    return found


def _sentences(run: Path) -> Iterator[Place]:
    for row in read_rows(run):
        for at in range(len((row.get("draft") or {}).get("statements", ()))):
            yield row["case_number"], row["item"], at


def _read(file: Path) -> Iterator[tuple[int, Grade]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        raise RunInvalid(f"{file} cannot be read as UTF-8 text; correct the path, or save it so") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, Grade.model_validate_json(line)
        except ValidationError:
            keys = "case_number, item, statement, grader and faithful (yes, no or unscored)"
            raise RunInvalid(f"{file}, line {number}: a grade is an object with {keys}") from None
