"""Runs `drafter check` once the command is known; the page it shows is in `check_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from drafter.bootstrap import traced
from drafter.cli.check_page import print_checked, print_summary
from drafter.domain.checks.registry import CHECKS
from drafter.domain.draft import Severity
from drafter.domain.watching import Facts
from drafter.errors import DrafterError
from drafter.ports import Watch
from drafter.services.audit_inputs import AuditInput, audit_inputs, listed_names
from drafter.services.audit_log import AuditLog, read_at, rests_on
from drafter.services.checking import Checked, Guidelines, check_all, load_guidelines
from drafter.services.contract import Shape, finding_shape, to_line
from drafter.settings import read_settings
from guideline_corpus.errors import CorpusError, SchedulerLost

OK, BLOCKED, UNUSABLE, INCOMPLETE = 0, 1, 2, 4
_FROM: dict[str, tuple[Severity, ...]] = {
    "note": ("blocker", "warning", "note"),
    "warning": ("blocker", "warning"),
    "blocker": ("blocker",),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line asks of an audit."""

    names: tuple[str, ...]
    as_json: bool
    jobs: int
    least: str
    report: Path | None
    resume: bool
    scheduler: str | None = None
    listed_in: str | None = None

    @property
    def fault(self) -> str | None:
        """What is wrong with the request, in one sentence."""
        if not self.names and self.listed_in is None:
            return "drafter check: name a letter, a case file, a draft or a folder, or a list of them with --from."
        if self.least not in _FROM:
            return "drafter check: --least takes note, warning or blocker."
        if self.resume and self.report is None:
            return "drafter check: --resume goes on with the log of a report; name it with --report FILE.html."
        if self.report is not None and not self.report.absolute().parent.is_dir():
            return f"drafter check: {self.report.parent} is no folder; make it, or name another file for --report."
        return None


def run_check(asked: Asked) -> int:
    """Audits the inputs and prints the results; gives the exit code of the interface contract."""
    messages = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    if asked.fault:
        messages.print(asked.fault)
        return UNUSABLE
    try:
        settings = read_settings()
        with traced(settings, say=sys.stderr.write) as watch:
            code = _audit(asked, home=settings.home, messages=messages, watch=watch)
    except SchedulerLost as error:
        going_on = " What was checked is in the log; --resume goes on." if asked.report is not None else ""
        messages.print(f"{error}{going_on}")
        return INCOMPLETE
    except (DrafterError, CorpusError) as error:
        messages.print(str(error))
        return UNUSABLE
    return code


def _audit(asked: Asked, *, home: Path, messages: Console, watch: Watch) -> int:
    listed = listed_names(asked.listed_in) if asked.listed_in is not None else []
    inputs = list(audit_inputs([*asked.names, *listed]))
    guidelines = load_guidelines(home)
    if not guidelines.built:
        messages.print("No guideline corpus was built: citations are held against the starter gists.", style="dim")
    results = _watched(_audited(inputs, asked, guidelines), letters=len(inputs), watch=watch)
    shown = _shown(results, total=len(inputs), console=messages)
    code = _tell(shown, asked=asked, many=len(inputs) > 1, messages=messages)
    if asked.report is not None:
        _write_page(inputs, asked.report, guidelines)
        messages.print(f"Report: {asked.report}")
    return code


def _watched(results: Iterator[Checked], *, letters: int, watch: Watch) -> Iterator[Checked]:
    """The results; the checks of all letters are one step, whichever processes make them."""
    with watch.step("checks", Facts(letters=letters)) as tell:
        items = 0
        for checked in results:
            items += checked.items
            yield checked
        tell(Facts(items=items))


def _tell(results: Iterator[Checked], *, asked: Asked, many: bool, messages: Console) -> int:
    """Print each result as its turn comes and keep none of them; with a report, the page has the findings."""
    code, letters = OK, 0
    for checked in results:
        code = max(code, _code(checked))
        if checked.error:
            messages.print(checked.error)
        if asked.as_json:
            sys.stdout.write(to_line(checked_shape(checked)) + "\n")
        elif not checked.error:
            letters += 1
            if asked.report is None:
                print_checked(Console(highlight=False), checked, severities=_FROM[asked.least])
    if many and letters and not asked.as_json:
        print_summary(Console(highlight=False), letters)
    return code


def _audited(inputs: list[AuditInput], asked: Asked, guidelines: Guidelines) -> Iterator[Checked]:
    """Every audit in order; with a report each is logged, and those of the log are not made again."""
    if asked.report is None:
        jobs = min(asked.jobs, len(inputs))
        yield from check_all(inputs, guidelines=guidelines, jobs=jobs, scheduler=asked.scheduler)
        return
    log = AuditLog(log_of(asked.report), rests=rests_on(guidelines), resume=asked.resume)
    places = {source: log.place_of(source) for source in inputs} if asked.resume else {}
    missing = [source for source in inputs if places.get(source) is None]
    jobs = min(asked.jobs, max(1, len(missing)))
    fresh = check_all(missing, guidelines=guidelines, jobs=jobs, scheduler=asked.scheduler)
    for source in inputs:
        if (place := places.get(source)) is not None:
            yield log.read(place)
        else:
            checked = next(fresh)
            log.add(checked)
            yield checked


def _write_page(inputs: list[AuditInput], report: Path, guidelines: Guidelines) -> None:
    from drafter.cli.audit_report.write import write_report

    log = AuditLog(log_of(report), rests=rests_on(guidelines), resume=True)
    places = log.places()
    write_report(
        [str(source) for source in inputs],
        read=lambda path: read_at(log_of(report), places[path]),
        built=guidelines.built,
        out=report,
    )


def log_of(report: Path) -> Path:
    """The log beside a report: `audit.html` has `audit.jsonl`."""
    return report.with_suffix(".jsonl")


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
