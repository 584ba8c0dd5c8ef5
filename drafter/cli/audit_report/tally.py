"""What the page counts: findings by check and severity, letters by their worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from drafter.domain.checks.registry import CHECKS
from drafter.domain.draft import Severity
from drafter.domain.model import DomainModel
from drafter.services.checking import Checked


class LetterTally(DomainModel):
    """One letter in counts."""

    path: str
    items: int
    blockers: int
    warnings: int
    notes: int
    unread: bool

    @property
    def worst_first(self) -> tuple[int, int, int, str]:
        return -self.blockers, -self.warnings, -self.notes, self.path


class CheckTally(DomainModel):
    """One check in counts: its findings, and the letters that have any."""

    id: str
    severity: Severity
    what: str
    findings: int
    letters: int


class Tally(DomainModel):
    letters: tuple[LetterTally, ...]
    checks: tuple[CheckTally, ...]

    @property
    def items(self) -> int:
        return sum(letter.items for letter in self.letters)

    @property
    def unread(self) -> int:
        return sum(letter.unread for letter in self.letters)

    def of(self, severity: Severity) -> int:
        return sum(check.findings for check in self.checks if check.severity == severity)


def tally(audits: Iterable[Checked]) -> Tally:
    """One pass over the audits, which are not kept."""
    findings: Counter[str] = Counter()
    letters_with: Counter[str] = Counter()
    letters = []
    for checked in audits:
        own = Counter(finding.check for finding in checked.findings)
        severities = Counter(finding.severity for finding in checked.findings)
        findings.update(own)
        letters_with.update(own.keys())
        letters.append(
            LetterTally(
                path=checked.path,
                items=checked.items,
                blockers=severities["blocker"],
                warnings=severities["warning"],
                notes=severities["note"],
                unread=checked.error is not None,
            )
        )
    checks = tuple(
        CheckTally(id=c.id, severity=c.severity, what=c.what, findings=findings[c.id], letters=letters_with[c.id])
        for c in CHECKS
        if findings[c.id]
    )
    return Tally(
        letters=tuple(sorted(letters, key=lambda letter: letter.worst_first)),
        checks=tuple(sorted(checks, key=lambda check: (-check.findings, check.id))),
    )
