"""Clinical text is removed when its time is over; what was done, by whom and when, stays in the chain for good."""

from __future__ import annotations

from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import Purged
from drafter.domain.review.people import SYSTEM
from drafter.domain.review.retention import LEAST_YEARS, KeptCase, cases_past, years_before
from drafter.errors import RetentionRefused
from drafter.ports import Clock, RecordStore


def past_retention(
    store: RecordStore, *, years: int, clock: Clock, shorter_because: str | None = None
) -> tuple[KeptCase, ...]:
    """The cases whose text a rule of so many years removes; fewer than six need a reason. Raises RetentionRefused."""
    if years < 0:
        raise RetentionRefused("--years is negative; give the years that a case's text is kept.")
    if years < LEAST_YEARS and not (shorter_because or "").strip():
        raise RetentionRefused(
            f"--years {years}: the law asks for {LEAST_YEARS} (45 CFR 164.316); give --shorter-because with the reason."
        )
    return cases_past(store.entries(), before=years_before(clock.today(), years))


def purge(store: RecordStore, cases: tuple[KeptCase, ...], *, years: int, shorter_because: str | None = None) -> int:
    """Remove the text of these cases, each with an entry that says so; how many there were."""
    rule = f"{years} years after the last effect"
    for case in cases:
        event = Purged(rule=rule, reason=shorter_because or "retention")
        store.append(new_entry(event, actor=SYSTEM, case_id=case.case_id, request_id=f"retention-{case.case_id}"))
    return len(cases)
