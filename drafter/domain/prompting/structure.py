"""What a template may not be without: known slots, and the case's text fenced off as data in the user part.

`refusals` are those for which a version is not loaded at all; `drafter prompts check` shows the same and more
(`drafter/domain/prompting/lint.py`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from drafter.domain.prompting.language import Loop, Slot
from drafter.domain.prompting.problem import Problem, problem
from drafter.domain.prompting.purposes import Purpose
from drafter.domain.prompting.template import PromptTemplate

MARK = "fence"


def refusals(template: PromptTemplate, purpose: Purpose) -> Iterator[Problem]:
    """Why the program does not render the template, in the order of the text."""
    yield from unknown_slots(template, purpose)
    yield from _in_system(template, purpose)
    yield from (one for one in unfenced(template, purpose) if "record" in purpose.fenced and one.words == "record")


def unknown_slots(template: PromptTemplate, purpose: Purpose) -> Iterator[Problem]:
    """Slots and loops that this purpose does not have."""
    for parsed in template.sides:
        for node in parsed.nodes:
            if isinstance(node, Slot) and node.name not in purpose.slots:
                yield _unknown(node, purpose.slots, purpose)
            elif isinstance(node, Loop):
                yield from _in_loop(node, purpose)


def unfenced(template: PromptTemplate, purpose: Purpose) -> Iterator[Problem]:
    """Loops over text from outside that do not stand between two [[fence]] marks; `words` is the loop's name."""
    marks = [n for n, node in enumerate(template.user.nodes) if isinstance(node, Slot) and node.name == MARK]
    shown: set[str] = set()
    for n, node in enumerate(template.user.nodes):
        if not isinstance(node, Loop) or node.over not in purpose.fenced:
            continue
        shown.add(node.over)
        before, after = sum(mark < n for mark in marks), sum(mark > n for mark in marks)
        if before % 2 == 0 or not after:
            yield problem(
                "not-fenced", "error", node.place, f"the {node.over} is not fenced" if node.over == "record"
                else f"the {node.over} are not fenced",
                f"write [[{MARK}]] before and after [[each {node.over}]]", words=node.over,
            )  # fmt: skip
    if "record" in purpose.fenced - shown:
        yield problem(
            "not-fenced", "error", None, "the record is not shown, so it is not fenced",
            f"write [[each record]] between two [[{MARK}]] marks", words="record",
        )  # fmt: skip


def close_to(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)), None)


def _in_loop(loop: Loop, purpose: Purpose) -> Iterator[Problem]:
    if loop.over not in purpose.loops:
        held = ", ".join(purpose.loops) or "none"
        yield problem(
            "unknown-loop", "error", loop.place, f"[[each {loop.over}]] is no loop of {purpose.name}",
            f"it may use: {held}", words=f"[[each {loop.over}]]",
        )  # fmt: skip
        return
    allowed = purpose.slots | purpose.loops[loop.over]
    yield from (_unknown(s, allowed, purpose) for s in loop.body if isinstance(s, Slot) and s.name not in allowed)


def _unknown(slot: Slot, allowed: frozenset[str], purpose: Purpose) -> Problem:
    meant = close_to(slot.name, allowed)
    remedy = f"did you mean [[{meant}]]? " if meant else ""
    return problem(
        "unknown-slot", "error", slot.place, f"[[{slot.name}]] is no slot here",
        f"{remedy}use {', '.join(sorted(allowed))}", words=f"[[{slot.name}]]",
        instead=f"[[{meant}]]" if meant else None,
    )  # fmt: skip


def _in_system(template: PromptTemplate, purpose: Purpose) -> Iterator[Problem]:
    for loop in template.system.loops():
        if loop.over in purpose.fenced:
            yield problem(
                "data-in-system", "error", loop.place, "the system part shows the case's text",
                f"show it in the user part, between two [[{MARK}]] marks", words=f"[[each {loop.over}]]",
            )  # fmt: skip
