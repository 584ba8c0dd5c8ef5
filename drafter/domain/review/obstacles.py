"""What still stands between a case and its signature. The desk shows these, and approval is refused while one is left:
both ask this one function, so that the page can promise nothing that the signature refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.review.answers import finding_key, may_be_contested
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState, ItemState

ObstacleKind = Literal[
    "not-assigned", "conflict", "locked", "no-items", "no-text", "undecided", "blocker", "warning", "missing-part",
    "no-profile",
]  # fmt: skip


class Obstacle(DomainModel):
    """One thing to do first. `item` and `sentence` (from 0) say where, `finding_key` which finding; `message` is one
    sentence without clinical text."""

    kind: ObstacleKind
    message: str
    item: int | None = None
    sentence: int | None = None
    finding_key: str | None = None


def obstacles(state: CaseState, *, account: Account) -> tuple[Obstacle, ...]:
    """Everything in the way of this person's signature, the case first, then item by item."""
    return (*_of_case(state, account), *(one for item in state.items for one in _of_item(item)))


def _of_case(state: CaseState, account: Account) -> Iterator[Obstacle]:
    if state.locked:
        yield Obstacle(kind="locked", message="The letter is signed; open an amendment to change it.")
    if state.assigned_to != account.account_id:
        yield Obstacle(kind="not-assigned", message="Only the reviewer to whom the case is assigned can approve it.")
    if state.conflict_clear is None:
        yield Obstacle(kind="conflict", message="Declare first whether you have a tie to a party.")
    elif not state.conflict_clear:
        yield Obstacle(kind="conflict", message="A tie to a party was declared; the case goes to another reviewer.")
    if account.profile is None:
        yield Obstacle(kind="no-profile", message="Your profile lacks specialty and state of licence; add them.")
    if not state.items:
        yield Obstacle(kind="no-items", message="The case names no treatment in dispute.")
    if not state.case.case_number:
        yield Obstacle(kind="missing-part", message="The case has no case number.")
    if not (state.case.case_summary or "").strip():
        yield Obstacle(kind="missing-part", message="The case has no case summary.")


def _of_item(item: ItemState) -> Iterator[Obstacle]:
    if not any(sentence.statement.text.strip() for sentence in item.sentences):
        yield Obstacle(kind="no-text", item=item.number, message=f"Item {item.number} has no rationale.")
    if item.determination is None:
        yield Obstacle(kind="undecided", item=item.number, message=f"Choose a determination for item {item.number}.")
    for finding in item.open_findings:
        if finding.severity == "blocker":
            what = "correct it, or contest it in writing" if may_be_contested(finding) else "correct it"
            yield _finding(item, "blocker", f"{what}.", finding_key(finding), finding.field)
        else:
            yield _finding(
                item, "warning", "answer it, or waive it with a reason.", finding_key(finding), finding.field
            )


def _finding(item: ItemState, kind: Literal["blocker", "warning"], todo: str, key: str, field: str | None) -> Obstacle:
    number = sentence_of(field)
    where = f"Item {item.number}, sentence {number + 1}" if number is not None else f"Item {item.number}"
    return Obstacle(kind=kind, item=item.number, sentence=number, finding_key=key, message=f"{where}: {todo}")


def sentence_of(field: str | None) -> int | None:
    """The sentence that a finding's field names (`statements.3`), None where it is about something else."""
    name, _, number = (field or "").partition(".")
    return int(number) if name == "statements" and number.isdigit() else None
