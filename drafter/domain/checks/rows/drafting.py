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
    Check(
        id="reply-pending",
        severity="blocker",
        what="No reply of a model is recorded for the item yet.",
        why="An item without a text must not look finished.",
        example="drafter draft --model replay:DIR, before the prompt was answered.",
        weakness="None known.",
    ),
    Check(
        id="reply-unusable",
        severity="blocker",
        what="A model's reply is not what the schema asks for.",
        why="A reply is never repaired: what it meant would be a guess.",
        example="Text around the JSON; an extra key.",
        weakness="A sound text in a wrong wrapping is refused too.",
    ),
    Check(
        id="reply-unknown-key",
        severity="blocker",
        what="A sentence of a reply names no ground, or one that was not shown.",
        why="A sentence without a ground is a claim of the model.",
        example="Grounds P9, where three passages were shown.",
        weakness="A right sentence with a wrong key is refused too.",
    ),
    Check(
        id="reply-quote-differs",
        severity="blocker",
        what="Words marked as a quote do not stand so in any named ground.",
        why="Exact match is the test of a quote.",
        example='"at least" quoted where the passage has "at most".',
        weakness="None known.",
    ),
    Check(
        id="reply-absence-unproven",
        severity="blocker",
        what="A sentence claims an absence that no named criterion lacked.",
        why="Only what was searched for can be called missing.",
        example='"No home exercise", with no criterion on it named.',
        weakness="An absence that is true but outside the criteria is refused.",
    ),
    Check(
        id="reply-argument-as-fact",
        severity="blocker",
        what="A sentence rests on the claims administrator's argument alone, and takes a side.",
        why="An argument proves nothing about the worker.",
        example="A denial reason told as a finding.",
        weakness="None known.",
    ),
    Check(
        id="reply-own-verdict",
        severity="blocker",
        what="A sentence of a reply pronounces a verdict.",
        why="The outcome is the reviewer's alone.",
        example='"The denial should be upheld."',
        weakness="A sentence that only retells a verdict of utilization review may be caught.",
    ),
)
