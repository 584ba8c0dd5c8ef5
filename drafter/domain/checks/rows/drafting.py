"""Rows for findings that the drafting step makes, because only it knows what was weighed."""

from __future__ import annotations

from drafter.domain.checks.check import Check

ROWS = (
    Check(
        id="scope-summary-only",
        severity="note",
        what="Only the case summary was supplied; an absence is one from the summary.",
        why="Absence can be proved only against the file.",
        example="A published letter.",
        weakness="None known.",
    ),
    Check(
        id="rests-on-gist",
        severity="note",
        what="A guideline statement rests on a gist in our own words.",
        why="A gist cannot be quoted, and its criteria may be incomplete.",
        example="A draft on the starter corpus.",
        weakness="None known.",
    ),
    Check(
        id="rests-on-recalled",
        severity="warning",
        what="An outcome rests on criteria that no text confirms.",
        why="A recalled criterion may be wrong.",
        example="Denied on a criterion marked recalled.",
        weakness="None known.",
    ),
    Check(
        id="counter-argument",
        severity="warning",
        what="The strongest point on the other side.",
        why="The reviewer should meet it before the other party does.",
        example="Upheld, while the record shows improvement.",
        weakness="Strength is judged by rule, not clinically.",
    ),
    Check(
        id="outcome-without-ground",
        severity="warning",
        what="An outcome was chosen for which no weighed criterion speaks.",
        why="The reason has to be the reviewer's own then.",
        example="Overturned, no criterion met.",
        weakness="Grounds outside the corpus are not known.",
    ),
)
