"""Audit letters and drafts: read each input, run every check, give one result an input, in the order given.

Several processes share the work, of this machine or of a Dask scheduler (`guideline_corpus/shared_work.py`). An input
that cannot be read becomes a result that says so, and the audit goes on: a night's work does not stop at one damaged
file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drafter.domain.case import Case
from drafter.domain.checks.run import run_checks
from drafter.domain.checks.surroundings import Surroundings, surroundings
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.model import DomainModel
from drafter.errors import CaseInvalid, DrafterError, InputUnreadable
from drafter.services.audit_inputs import AuditInput
from drafter.services.intake import named_records, read_case
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.errors import CorpusNotBuilt
from guideline_corpus.model import Edition, Passage
from guideline_corpus.shared_work import in_turn
from guideline_corpus.starter import load_starter
from guideline_corpus.versions import load_corpus
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary

A_UNIT = 8  # inputs that a worker elsewhere is handed at once: little to do again, and little to send for it


class Guidelines(DomainModel):
    """What citations are held against. `built` is False where the starter gists serve because no corpus was built."""

    editions: tuple[Edition, ...]
    passages: tuple[Passage, ...]
    built: bool


class Checked(DomainModel):
    """The audit of one input; `surroundings` stand beside `findings`, one each.

    `error` is the sentence that says why it could not be read. `sha256` is of the bytes that were read.
    """

    path: str
    form: str
    case_number: str | None = None
    items: int = 0
    findings: tuple[Finding, ...] = ()
    surroundings: tuple[Surroundings, ...] = ()
    error: str | None = None
    sha256: str | None = None

    @property
    def blocked(self) -> bool:
        return any(finding.severity == "blocker" for finding in self.findings)


def load_guidelines(home: Path) -> Guidelines:
    """The active corpus of a home; without one, the editions and gists that come with the program.

    Raises the errors of `load_corpus` other than CorpusNotBuilt.
    """
    try:
        corpus = load_corpus(home)
    except CorpusNotBuilt:
        editions = shipped_editions()
        return Guidelines(editions=editions, passages=load_starter(editions), built=False)
    return Guidelines(editions=corpus.editions, passages=corpus.passages, built=True)


def check_input(
    source: AuditInput, *, guidelines: Guidelines, vocabulary: Vocabulary, folder: Path = Path()
) -> Checked:
    """The audit of one letter, case file or draft; never raises for what is wrong with the input."""
    try:
        case, drafts, sha256 = _read(source, folder)
    except DrafterError as error:
        return Checked(path=str(source), form="unknown", error=str(error))
    findings = run_checks(
        case, vocabulary=vocabulary, drafts=drafts, editions=guidelines.editions, passages=guidelines.passages
    )
    return Checked(
        path=str(source),
        form=case.form,
        case_number=case.case_number,
        items=len(case.items),
        findings=findings,
        surroundings=tuple(surroundings(case, drafts, finding) for finding in findings),
        sha256=sha256,
    )


def check_all(
    sources: Iterable[AuditInput], *, guidelines: Guidelines, jobs: int = 1, scheduler: str | None = None
) -> Iterator[Checked]:
    """The audit of every input, in order; `jobs` processes share the work, or the workers of a Dask scheduler.

    Workers elsewhere read each input from the path or address that they share with this machine. Raises
    SchedulerUnavailable and SchedulerLost.
    """
    return in_turn(partial(open_check, guidelines, Path.cwd()), sources, jobs=jobs, scheduler=scheduler, a_unit=A_UNIT)


def open_check(guidelines: Guidelines, folder: Path) -> Callable[[AuditInput], Checked]:
    """The audit of one input, as each process opens it once. Paths are read from `folder`, wherever the process is."""
    return partial(check_input, guidelines=guidelines, vocabulary=load_vocabulary(), folder=folder)


def read_checked(path: Path, *, name: str | None = None) -> tuple[Case, tuple[ItemDraft, ...] | None]:
    """The case of an input, with its drafts where the input is what `drafter draft --json` printed.

    `name` is what messages call it. Raises InputUnreadable or CaseInvalid.
    """
    if path.suffix.lower() == ".json":
        printed = _printed_draft(path, name or str(path))
        if printed is not None:
            return printed
    return read_case(path, name=name), None


def _read(source: AuditInput, folder: Path) -> tuple[Case, tuple[ItemDraft, ...] | None, str | None]:
    """Case, drafts and the SHA-256 of the bytes. Raises InputUnreadable or CaseInvalid."""
    if isinstance(source, Path):
        return *read_checked(folder / source, name=str(source)), _sha256_of(folder / source)
    with source.brought(named_records) as path:
        try:
            return *read_checked(path, name=str(source)), _sha256_of(path)
        except (InputUnreadable, CaseInvalid) as error:
            raise type(error)(str(error).replace(f"{path.parent}/", f"{source.folder}/")) from None


def _sha256_of(path: Path) -> str | None:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return None


def _printed_draft(path: Path, name: str) -> tuple[Case, tuple[ItemDraft, ...]] | None:
    try:
        shape = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return None
    if not isinstance(shape, dict) or "drafts" not in shape or "case" not in shape:
        return None
    try:
        case = Case.model_validate({key: value for key, value in shape["case"].items() if key != "path"})
        return case, tuple(ItemDraft.model_validate(_own_fields(draft)) for draft in shape["drafts"])
    except (ValidationError, AttributeError, TypeError) as error:
        raise CaseInvalid(
            f"{name} is not a draft that this release can read ({_fault(error)}); draft the case again"
        ) from None


def _own_fields(draft: dict[str, Any]) -> dict[str, Any]:
    """A printed draft without what is made anew (findings) or was flattened for printing (retrieved)."""
    return {key: value for key, value in draft.items() if key in ItemDraft.model_fields and key not in _PRINTED_ONLY}


_PRINTED_ONLY = frozenset({"retrieved", "findings"})


def _fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return "its shape"
