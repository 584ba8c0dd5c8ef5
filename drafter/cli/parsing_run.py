"""Runs `drafter parse` once the command is known; the page it shows is in `case_page`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from drafter.cli.case_page import print_case
from drafter.cli.locked_input import Passwords, passwords
from drafter.domain.case import Case
from drafter.errors import DrafterError
from drafter.services.contract import case_shape, to_line
from drafter.services.intake import case_file_schema, find_inputs, read_case, read_cases
from drafter.settings import read_settings

DONE, UNUSABLE = 0, 2
STANDARD_INPUT = Path("-")


def run_parse(*, paths: list[Path], as_json: bool, password: bool, stdin: BinaryIO) -> int:
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
    for path in paths:
        code = max(code, _parse_one(path, show=show, stdin=stdin, keys=keys))
    return code


def print_schema() -> int:
    """Prints the JSON schema of case files."""
    sys.stdout.write(json.dumps(case_file_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return DONE


def _parse_one(path: Path, *, show: Callable[[Case, str], None], stdin: BinaryIO, keys: Passwords) -> int:
    """Prints what one argument holds: a file's cases, or those of every input in a folder."""
    code = DONE
    try:
        for file in [path] if path == STANDARD_INPUT else find_inputs([path]):
            try:
                for case in _cases(file, stdin, keys):
                    show(case, str(file))
            except DrafterError as error:
                sys.stderr.write(f"{error}\n")
                code = UNUSABLE
    except DrafterError as error:
        sys.stderr.write(f"{error}\n")
        code = UNUSABLE
    return code


def _cases(path: Path, stdin: BinaryIO, keys: Passwords) -> Iterator[Case]:
    if path.suffix.lower() == ".jsonl":
        yield from read_cases(path)
        return
    source: Path | bytes = stdin.read() if path == STANDARD_INPUT else path
    name = "standard input" if path == STANDARD_INPUT else str(path)
    yield keys.open(lambda password: read_case(source, name=name, password=password), name=name)


def _print_line(case: Case, path: str) -> None:
    sys.stdout.write(to_line(case_shape(case, path=path)) + "\n")
