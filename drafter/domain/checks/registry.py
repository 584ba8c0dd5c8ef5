"""The table of checks: what each finds, how grave it is, why it matters, an example, and where it is weak.

One row, one id, one severity: a reader of a finding can look its id up here and in docs/checks.md, which is this table
(tests/unit/checks/test_check_table.py holds the two together).

`blocker`: the letter can be proved wrong, or not to be what it claims, from the words supplied. `warning`: a statement
rests on nothing that was supplied, or a judgement is called for. `note`: worth knowing; nobody has to act.
"""

from __future__ import annotations

from drafter.domain.checks.check import Check
from drafter.domain.checks.rows import drafting, guideline, record, time, whole

GROUPS: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("The determination as a whole", whole.ROWS),
    ("Dates and time", time.ROWS),
    ("Against the record", record.ROWS),
    ("Against the guideline", guideline.ROWS),
    ("Made while drafting", drafting.ROWS),
)
CHECKS: tuple[Check, ...] = tuple(check for _, rows in GROUPS for check in rows)
_NAMED = {check.id: check for check in CHECKS}


def check_named(check_id: str) -> Check:
    """The row of an id. Raises KeyError for one that no row has."""
    return _NAMED[check_id]


def checks_page() -> str:
    """docs/checks.md as it has to read: one section a group, one paragraph a check."""
    lines = [
        "# Checks",
        "",
        "What `drafter check` looks for. This page is written from the table in `drafter/domain/checks`; a test keeps",
        "the two alike. A **blocker** can be proved from the words supplied, a **warning** asks for a source or a",
        "judgement, a **note** is worth knowing. Findings marked *integrity* cannot be contested. The examples are",
        "invented.",
    ]
    for title, rows in GROUPS:
        lines += ["", f"## {title}"]
        for check in rows:
            mark = ", integrity" if check.integrity else ""
            draft = f"; {check.in_drafts} in a draft" if check.in_drafts else ""
            lines += [
                "",
                f"### `{check.id}` ({check.severity}{draft}{mark})",
                "",
                check.what,
                "",
                f"- Why: {check.why}",
                f"- Example: {check.example}",
                f"- Weakness: {check.weakness}",
            ]
    return "\n".join(lines) + "\n"
