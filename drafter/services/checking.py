"""Audit letters and drafts: read each input, run every check, give one result an input, in the order given.

Several processes share the work (`jobs`); each result is handed on as soon as its turn comes and then forgotten, so
that memory does not grow with the number of letters. An input that cannot be read becomes a result that says so, and
the audit goes on: a night's work does not stop at one damaged file.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drafter.domain.case import Case
from drafter.domain.checks.run import run_checks
from drafter.domain.checks.surroundings import Surroundings, surroundings
from drafter.domain.draft import Finding, ItemDraft
from drafter.domain.model import DomainModel
from drafter.errors import CaseInvalid, DrafterError
from drafter.services.intake import read_case
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.errors import CorpusNotBuilt
from guideline_corpus.model import Edition, Passage
from guideline_corpus.starter import load_starter
from guideline_corpus.versions import load_corpus
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary

AHEAD = 4  # inputs handed to each process before its results are asked for


class Guidelines(DomainModel):
    """What citations are held against. `built` is False where the starter gists serve because no corpus was built."""

    editions: tuple[Edition, ...]
    passages: tuple[Passage, ...]
    built: bool


class Checked(DomainModel):
    """The audit of one input; `surroundings` stand beside `findings`, one each.

    `error` is the sentence that says why it could not be read.
    """

    path: str
    form: str
    case_number: str | None = None
    items: int = 0
    findings: tuple[Finding, ...] = ()
    surroundings: tuple[Surroundings, ...] = ()
    error: str | None = None

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


def check_input(path: Path, *, guidelines: Guidelines, vocabulary: Vocabulary) -> Checked:
    """The audit of one letter, case file or draft; never raises for what is wrong with the input."""
    try:
        case, drafts = read_checked(path)
    except DrafterError as error:
        return Checked(path=str(path), form="unknown", error=str(error))
    findings = run_checks(
        case, vocabulary=vocabulary, drafts=drafts, editions=guidelines.editions, passages=guidelines.passages
    )
    return Checked(
        path=str(path),
        form=case.form,
        case_number=case.case_number,
        items=len(case.items),
        findings=findings,
        surroundings=tuple(surroundings(case, drafts, finding) for finding in findings),
    )


def check_all(
    paths: Iterable[Path], *, guidelines: Guidelines, jobs: int = 1, scheduler: str | None = None
) -> Iterator[Checked]:
    """The audit of every input, in order; `jobs` processes share the work, or the workers of a Dask scheduler.

    Raises SchedulerUnavailable.
    """
    if scheduler is not None:
        from drafter.adapters.dask_workers import in_turn

        yield from in_turn(check_unit, paths, shared=guidelines, scheduler=scheduler)
        return
    vocabulary = load_vocabulary()
    if jobs <= 1:
        for path in paths:
            yield check_input(path, guidelines=guidelines, vocabulary=vocabulary)
        return
    with ProcessPoolExecutor(
        max_workers=jobs, mp_context=_context(), initializer=_prepare, initargs=(guidelines,)
    ) as pool:
        yield from _in_turn(pool, iter(paths), most=jobs * AHEAD)


def check_unit(path: Path, guidelines: Guidelines) -> Checked:
    """The audit of one input on a worker, which reads it from the place that all workers share."""
    return check_input(path, guidelines=guidelines, vocabulary=load_vocabulary())


def read_checked(path: Path) -> tuple[Case, tuple[ItemDraft, ...] | None]:
    """The case of an input, with its drafts where the input is what `drafter draft --json` printed.

    Raises InputUnreadable or CaseInvalid.
    """
    if path.suffix.lower() == ".json":
        printed = _printed_draft(path)
        if printed is not None:
            return printed
    return read_case(path), None


def _printed_draft(path: Path) -> tuple[Case, tuple[ItemDraft, ...]] | None:
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
            f"{path} is not a draft that this release can read ({_fault(error)}); draft the case again"
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


def _in_turn(pool: ProcessPoolExecutor, paths: Iterator[Path], *, most: int) -> Iterator[Checked]:
    """Results in the order of the inputs, never more than `most` of them in the making."""
    waiting: list[Future[Checked]] = [pool.submit(_check, path) for path in islice(paths, most)]
    while waiting:
        yield waiting.pop(0).result()
        waiting.extend(pool.submit(_check, path) for path in islice(paths, 1))


_shared: tuple[Guidelines, Vocabulary] | None = None


def _prepare(guidelines: Guidelines) -> None:
    global _shared  # noqa: PLW0603 - each process opens the vocabulary once, not for each letter
    _shared = (guidelines, load_vocabulary())


def _check(path: Path) -> Checked:
    if _shared is None:
        raise RuntimeError("a worker was not prepared")
    guidelines, vocabulary = _shared
    return check_input(path, guidelines=guidelines, vocabulary=vocabulary)


def _context() -> multiprocessing.context.BaseContext:
    """Fork where the system has it: the workers then share what was loaded before."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if "fork" in methods else "spawn")
