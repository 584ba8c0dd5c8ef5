"""Writes the page from the audit log, one letter at a time, so that memory does not grow with the letters.

The page has no script and no outside reference, and the same log gives the same bytes
(tests/integration/test_audit_report.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from drafter.cli.audit_report.plots import checks_plot, letters_plot
from drafter.cli.audit_report.tally import LetterTally, tally
from drafter.domain.checks.surroundings import Surroundings
from drafter.domain.draft import Finding, PassageCitation, Severity
from drafter.domain.model import DomainModel
from drafter.errors import InputUnreadable
from drafter.services.checking import Checked
from drafter.services.contract import citation_line

_PLACES = {"rationale": "The rationale says", "case_summary": "The case summary says", "header": "The header says"}


class ShownFinding(DomainModel):
    """One finding as the page shows it."""

    severity: Severity
    check: str
    item: int | None
    message: str
    place: str
    before: str
    quote: str | None
    after: str
    source: str
    against: str | None


class ShownLetter(DomainModel):
    """One letter as the page shows it; `told` counts its findings in words."""

    name: str
    case_number: str | None
    form: str
    items: int
    told: str
    findings: tuple[ShownFinding, ...]


def write_report(paths: Sequence[str], *, read: Callable[[str], Checked], built: bool, out: Path) -> None:
    """Write the audits of `paths` to `out`; `read` gives the audit of one path and is called twice for each.

    Raises InputUnreadable where `out` cannot be written.
    """
    counted = tally(read(path) for path in paths)
    loaded = Environment(
        loader=PackageLoader("drafter.cli.audit_report", "."), autoescape=True, undefined=StrictUndefined
    )
    page = loaded.get_template("page.html").stream(
        tally=counted,
        built=built,
        checks_plot=checks_plot(counted) if counted.checks else "",
        letters_plot=letters_plot(counted),
        letters=_letters(counted.letters, read),
        clean=[_name(letter.path) for letter in counted.letters if _is_clean(letter)],
        unread=[str(read(letter.path).error) for letter in counted.letters if letter.unread],
    )
    page.enable_buffering(20)
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(page)
    except OSError as error:
        raise InputUnreadable(f"{out} cannot be written ({error.strerror}); name another file") from None


def _is_clean(letter: LetterTally) -> bool:
    return not letter.unread and not letter.blockers and not letter.warnings and not letter.notes


def _letters(letters: Sequence[LetterTally], read: Callable[[str], Checked]) -> Iterator[ShownLetter]:
    for letter in letters:
        if letter.unread or _is_clean(letter):
            continue
        checked = read(letter.path)
        counts = Counter(finding.severity for finding in checked.findings)
        pairs = zip(checked.findings, checked.surroundings, strict=True)
        yield ShownLetter(
            name=_name(checked.path),
            case_number=checked.case_number,
            form=checked.form,
            items=checked.items,
            told=", ".join(f"{n} {s}{'' if n == 1 else 's'}" for s, n in sorted(counts.items())),
            findings=tuple(_finding(finding, around) for finding, around in pairs),
        )


def _finding(finding: Finding, around: Surroundings) -> ShownFinding:
    return ShownFinding(
        severity=finding.severity,
        check=finding.check,
        item=finding.item,
        message=finding.message,
        place=_PLACES.get(finding.field or "", (finding.field or "letter").replace("_", " ").capitalize()),
        before=around.before,
        quote=finding.quote,
        after=around.after,
        source="The guideline" if isinstance(finding.against, PassageCitation) else "Against it",
        against=_against(finding),
    )


def _against(finding: Finding) -> str | None:
    against = finding.against
    if isinstance(against, PassageCitation):
        return f"{citation_line(against)}: {against.quote}" if against.quote else citation_line(against)
    return against.quote if against else None


def _name(path: str) -> str:
    return Path(path).name
