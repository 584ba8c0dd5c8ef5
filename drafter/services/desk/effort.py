"""How signed letters came about: how long they were open, how much of a draft was changed, what was waived.

These are figures about the work, shown to QA as medians and counts; they judge nobody. A letter signed quickly and
unchanged is a reason to read it a second time, no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from statistics import median

from drafter.domain.model import DomainModel
from drafter.domain.review.events import Approved, Drafted, Viewed
from drafter.domain.review.state import Happened
from drafter.ports import RecordStore

HASTY = timedelta(seconds=30)


class Effort(DomainModel):
    """Figures over signed letters: medians in minutes and in the share of words changed (0 to 1), and counts."""

    letters: int
    minutes: float | None
    words_changed: float | None
    unchanged: int
    hasty: int
    waivers: int
    contests: int


class _Work(DomainModel):
    opened_for: timedelta | None
    changed: float | None


def effort(store: RecordStore) -> Effort:
    by_case: dict[str, list[Happened]] = {}
    for happened in store.history(actions=("drafted", "viewed", "approved")):
        if happened.case_id:
            by_case.setdefault(happened.case_id, []).append(happened)
    works = [work for history in by_case.values() if (work := _work(history))]
    times = [work.opened_for for work in works if work.opened_for is not None]
    changes = [work.changed for work in works if work.changed is not None]
    return Effort(
        letters=len(works),
        minutes=median(time.total_seconds() for time in times) / 60 if times else None,
        words_changed=median(changes) if changes else None,
        unchanged=sum(change == 0 for change in changes),
        hasty=sum(time < HASTY for time in times),
        waivers=sum(1 for _ in store.entries(actions=("finding-waived",))),
        contests=sum(1 for _ in store.entries(actions=("finding-contested",))),
    )


def _work(history: Sequence[Happened]) -> _Work | None:
    signed = next((one for one in history if isinstance(one.event, Approved)), None)
    if signed is None or not isinstance(signed.event, Approved):
        return None
    opened = next((one.at for one in history if isinstance(one.event, Viewed)), None)
    drafted = {
        draft.item: draft.rationale
        for one in history
        if isinstance(one.event, Drafted) and one.seq < signed.seq
        for draft in one.event.drafts
    }
    shares = [
        changed_share(drafted[item.number], item.rationale)
        for item in signed.event.letter.items
        if item.number in drafted
    ]
    return _Work(
        opened_for=signed.at - opened if opened else None,
        changed=sum(shares) / len(shares) if shares else None,
    )


def changed_share(before: str, after: str) -> float:
    """1 less the share of words that two texts have in common, in their order (Ratcliff and Obershelp)."""
    return 1 - SequenceMatcher(a=before.split(), b=after.split(), autojunk=False).ratio()
