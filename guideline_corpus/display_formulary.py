"""The formulary answer as a page for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from guideline_corpus.formulary.model import FormularyAnswer, FormularyRule

WORDS = {
    "exempt": "exempt",
    "non-exempt": "non-exempt",
    "compounded": "compounded: authorization through prospective review",
    "unknown": "unknown",
    "not-applicable": "the formulary does not apply",
}


def print_formulary(answers: Sequence[FormularyAnswer], *, dispute: FormularyRule) -> None:
    """Each drug with its status, source and rules; the clock of a dispute once, where the formulary counts."""
    console = Console()
    for answer in answers:
        console.print(Text(f"{answer.label or answer.drug}: {WORDS[answer.status]}", style="bold"))
        lines = [*_facts(answer), *(f"{rule.section}: {rule.text}{_recalled(rule)}" for rule in answer.rules)]
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 2)))
    if any(answer.status != "not-applicable" for answer in answers):
        console.print(Text(f"{dispute.section}: {dispute.text}{_recalled(dispute)}"))


def _facts(answer: FormularyAnswer) -> list[str]:
    facts = []
    if answer.since:
        facts.append(f"so listed from {answer.since.isoformat()} on")
    for name, days in (("special", answer.special_fill_days), ("perioperative", answer.perioperative_fill_days)):
        if days is not None:
            facts.append(f"{name} fill: {days} days of supply")
    if answer.status == "non-exempt" and answer.special_fill_days is None and answer.perioperative_fill_days is None:
        facts.append("special and perioperative fill: not known here")
    if answer.source:
        facts.append(f"source ({answer.confidence}): {answer.source}")
    return [*facts, *([answer.note] if answer.note else [])]


def _recalled(rule: FormularyRule) -> str:
    return " (recalled)" if rule.confidence == "recalled" else ""
