"""Runs `drafter check` once the command is known; the page it shows is in `check_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from drafter.cli.check_page import print_checked, print_summary
from drafter.domain.checks.registry import CHECKS
from drafter.domain.draft import Severity
from drafter.errors import DrafterError
from drafter.services.checking import Checked, check_all, load_guidelines
from drafter.services.contract import Shape, finding_shape, to_line
from drafter.services.intake import find_inputs
from drafter.settings import read_settings
from guideline_corpus.errors import CorpusError

OK, BLOCKED, UNUSABLE = 0, 1, 2
_FROM: dict[str, tuple[Severity, ...]] = {
    "note": ("blocker", "warning", "note"),
    "warning": ("blocker", "warning"),
    "blocker": ("blocker",),
}


def run_check(*, paths: list[Path], as_json: bool, jobs: int, least: str) -> int:
    """Audits the inputs and prints the results; gives the exit code of the interface contract."""
    messages = Console(stderr=True, highlight=False, soft_wrap=True)
    if not paths or least not in _FROM:
        messages.print(
            "drafter check: --least takes note, warning or blocker."
            if paths
            else "drafter check: name a letter, a case file, a draft or a folder."
        )
        return UNUSABLE
    try:
        inputs = list(find_inputs(paths))
        guidelines = load_guidelines(read_settings().home)
    except (DrafterError, CorpusError) as error:
        messages.print(str(error))
        return UNUSABLE
    if not guidelines.built:
        messages.print("No guideline corpus was built: citations are held against the starter gists.", style="dim")
    results = check_all(inputs, guidelines=guidelines, jobs=min(jobs, len(inputs)))
    code = OK
    told: list[Checked] = []
    for checked in _shown(results, total=len(inputs), console=messages):
        code = max(code, _code(checked))
        if checked.error:
            messages.print(checked.error)
        if as_json:
            sys.stdout.write(to_line(checked_shape(checked)) + "\n")
        elif not checked.error:
            print_checked(Console(highlight=False), checked, severities=_FROM[least])
            told.append(checked.model_copy(update={"findings": ()}) if len(inputs) > 1 else checked)
    if not as_json and len(told) > 1:
        print_summary(Console(highlight=False), len(told))
    return code


def checked_shape(checked: Checked) -> Shape:
    """What `drafter check --json` prints for one input (interface contract)."""
    shape: Shape = {
        "path": checked.path,
        "form": checked.form,
        "case_number": checked.case_number,
        "items": checked.items,
        "findings": [finding_shape(finding) for finding in checked.findings],
    }
    if checked.error:
        shape["error"] = checked.error
    return shape


def list_checks(*, as_json: bool) -> int:
    """Prints the table of checks."""
    console = Console(highlight=False)
    for check in CHECKS:
        if as_json:
            row = check.model_dump(exclude={"of_case", "of_item", "once"})
            sys.stdout.write(to_line(row) + "\n")
        else:
            console.print(f"[bold]{check.id}[/] ({check.severity})  {check.what}")
    return OK


def _code(checked: Checked) -> int:
    if checked.error:
        return UNUSABLE
    return BLOCKED if checked.blocked else OK


def _shown(results: Iterator[Checked], *, total: int, console: Console) -> Iterator[Checked]:
    """The results with a progress bar on a terminal, where there are enough of them to wait for."""
    if total < 20 or not console.is_terminal:
        yield from results
        return
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Checking", total=total)
        for checked in results:
            progress.advance(task)
            yield checked
