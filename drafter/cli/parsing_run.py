"""Runs `drafter parse` once the command is known; the page it shows is in `case_page`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from drafter.cli.case_page import print_case
from drafter.cli.locked_input import Passwords, passwords
from drafter.domain.case import Case
from drafter.errors import DrafterError
from drafter.services.contract import case_shape, to_line
from drafter.services.intake import case_file_schema, find_inputs, read_case
from drafter.services.parsing import Parsed, parse_all
from drafter.settings import read_settings
from guideline_corpus.errors import SchedulerLost, SchedulerUnavailable

DONE, UNUSABLE, INCOMPLETE = 0, 2, 4
STANDARD_INPUT = Path("-")


def run_parse(
    *,
    paths: list[Path],
    as_json: bool,
    password: bool,
    stdin: BinaryIO,
    jobs: int = 1,
    scheduler: str | None = None,
) -> int:
    """Reads and prints every input; gives the exit code of the interface contract.

    An input that cannot be read is told on standard error, and the others are printed all the same.
    """
    if not paths:
        sys.stderr.write("Name a letter, a case file or a folder; see `drafter parse --help`.\n")
        return UNUSABLE
    show: Callable[[Case, str], None] = _print_line if as_json else print_case
    keys = passwords(
        asked=password,
        from_environment=read_settings().pdf_password,
        stdin=stdin,
        reads_stdin=STANDARD_INPUT in paths,
    )
    code = DONE
    try:
        for path in paths:
            if path == STANDARD_INPUT:
                inputs: Iterable[Parsed] = [_given(stdin, keys)]
            else:
                inputs = _unlocked(parse_all(find_inputs([path]), jobs=jobs, scheduler=scheduler), keys)
            code = max(code, _print_all(inputs, show=show))
    except SchedulerUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return INCOMPLETE if isinstance(error, SchedulerLost) else UNUSABLE
    return code


def print_schema() -> int:
    """Prints the JSON schema of case files."""
    sys.stdout.write(json.dumps(case_file_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return DONE


def _print_all(inputs: Iterable[Parsed], *, show: Callable[[Case, str], None]) -> int:
    """Prints what the inputs of one argument hold: those of a folder, or the one that it is."""
    code = DONE
    try:
        for parsed in inputs:
            for case in parsed.cases:
                show(case, str(parsed.path))
            if parsed.error is not None:
                sys.stderr.write(f"{parsed.error}\n")
                code = UNUSABLE
    except DrafterError as error:
        sys.stderr.write(f"{error}\n")
        code = UNUSABLE
    return code


def _unlocked(inputs: Iterable[Parsed], keys: Passwords) -> Iterator[Parsed]:
    """Inputs that open with a password are read here: it is asked for here and goes nowhere."""
    for parsed in inputs:
        yield _opened(parsed.path, parsed.path, str(parsed.path), keys) if parsed.locked else parsed


def _given(stdin: BinaryIO, keys: Passwords) -> Parsed:
    return _opened(STANDARD_INPUT, stdin.read(), "standard input", keys)


def _opened(path: Path, source: Path | bytes, name: str, keys: Passwords) -> Parsed:
    try:
        case = keys.open(lambda password: read_case(source, name=name, password=password), name=name)
    except DrafterError as error:
        return Parsed(path=path, cases=(), error=str(error))
    return Parsed(path=path, cases=(case,))


def _print_line(case: Case, path: str) -> None:
    sys.stdout.write(to_line(case_shape(case, path=path)) + "\n")
