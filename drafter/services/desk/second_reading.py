"""QA's second reading: a sampled share of signed cases, outcomes chosen before the signed ones are seen, then the
checklist; and what first and second readers agree on.

A case is in the sample by the hash of its id, so that nobody chooses which, and the sample of yesterday is in that of
today. Agreement is counted by item; its interval is Wilson's. Cohen's kappa has an interval by resampling cases, for
the items of one case are not independent; it is undefined, not 1, where only one outcome occurs.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from drafter.domain.case import Determination
from drafter.domain.model import DomainModel
from drafter.domain.review.checklist import POINTS
from drafter.domain.review.events import Approved, MadeEvaluationCase, SecondOutcome, SecondReading
from drafter.domain.review.people import Account
from drafter.domain.review.queue import QueueRow
from drafter.domain.review.queue_page import QueueFilter
from drafter.domain.review.signed import for_evaluation
from drafter.errors import NotAllowed
from drafter.ports import EvaluationCases, RecordStore
from drafter.services.desk.exporting import signed_letter
from drafter.services.desk.journal import case_state, record

RESAMPLES = 2000
SEED = 17
_SPAN = 1 << 32


class Range(DomainModel):
    """A figure with its 95 percent interval; None where it is undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Agreement(DomainModel):
    """How often two readers chose alike. `pairs` counts items, `cases` letters."""

    pairs: int
    cases: int
    agreed: int
    percent: Range
    kappa: Range


class ReadCase(DomainModel):
    """A signed case in the sample, and how far its second reading is."""

    row: QueueRow
    outcome_given: bool
    finished: bool


class PointTally(DomainModel):
    number: int
    text: str
    yes: int
    no: int


Pair = tuple[str, Determination, Determination]  # case id, signed outcome, second reader's outcome


def sampled(case_id: str, *, share: float) -> bool:
    """Whether a case is in a sample of this share (0 to 1)."""
    place = int(hashlib.sha256(f"second reading {case_id}".encode()).hexdigest()[:8], 16)
    return place < share * _SPAN


def signed_rows(store: RecordStore) -> Iterable[QueueRow]:
    """Every signed case; drills are none."""
    page, pages = 1, 1
    while page <= pages:
        found = store.queue(QueueFilter(statuses=("approved",), page=page, page_size=500))
        yield from found.rows
        page, pages = page + 1, found.pages


def sample(store: RecordStore, *, share: float) -> tuple[ReadCase, ...]:
    """The sampled signed cases, unread first."""
    given = {entry.case_id for entry in store.entries(actions=("second-outcome",))}
    done = {entry.case_id for entry in store.entries(actions=("second-reading",))}
    rows = (
        ReadCase(row=row, outcome_given=row.case_id in given, finished=row.case_id in done)
        for row in signed_rows(store)
        if sampled(row.case_id, share=share)
    )
    return tuple(sorted(rows, key=lambda one: (one.finished, one.row.due, one.row.case_id)))


def give_outcomes(
    case_id: str, determinations: dict[int, Determination], *, store: RecordStore, by: Account, request_id: str
) -> None:
    """The second reader's own outcomes. Raises NotAllowed where one lacks, or the case is not signed."""
    state = case_state(store, case_id)
    if state.status != "approved" or state.drill is not None:
        raise NotAllowed("Only a signed case has a second reading.")
    if set(determinations) != {item.number for item in state.items}:
        raise NotAllowed("Choose an outcome for every item; the signed ones are shown after that.")
    event = SecondOutcome(approval=state.approvals[-1].seq, determinations=determinations)
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id)


def finish(case_id: str, reading: SecondReading, *, store: RecordStore, by: Account, request_id: str) -> None:
    """The checklist's answers. Raises NotAllowed where a point has none, or no outcome was given before."""
    if set(reading.answers) != {number for number, _ in POINTS}:
        raise NotAllowed("Answer every point of the checklist; one that does not apply has its own answer.")
    if outcome_of(case_id, store=store) is None:
        raise NotAllowed("Choose your own outcomes first; they are worth nothing afterwards.")
    record(store, reading, actor=by.account_id, case_id=case_id, request_id=request_id)


def outcome_of(case_id: str, *, store: RecordStore) -> SecondOutcome | None:
    """The second reader's outcomes on the case's last approval."""
    given = [one.event for one in store.history(case_id=case_id, actions=("second-outcome",))]
    return given[-1] if given and isinstance(given[-1], SecondOutcome) else None


def pairs(store: RecordStore) -> tuple[Pair, ...]:
    """Signed and second outcomes, item by item, of every case that has both for the same approval."""
    signed = {
        happened.seq: happened.event
        for happened in store.history(actions=("approved",))
        if isinstance(happened.event, Approved)
    }
    last = {
        happened.case_id: happened.event
        for happened in store.history(actions=("second-outcome",))
        if happened.case_id and isinstance(happened.event, SecondOutcome)
    }
    return tuple(
        (case_id, item.determination, second.determinations[item.number])
        for case_id, second in last.items()
        if second.approval in signed
        for item in signed[second.approval].letter.items
        if item.number in second.determinations
    )


def agreement(of: Sequence[Pair]) -> Agreement:
    """Percent and kappa with their intervals."""
    from scipy.stats import binomtest

    agreed = sum(first == second for _, first, second in of)
    cases = {case_id for case_id, _, _ in of}
    if not of:
        return Agreement(pairs=0, cases=0, agreed=0, percent=Range(value=None), kappa=Range(value=None))
    wilson = binomtest(agreed, len(of)).proportion_ci(method="wilson")
    return Agreement(
        pairs=len(of),
        cases=len(cases),
        agreed=agreed,
        percent=Range(value=agreed / len(of), low=wilson.low, high=wilson.high),
        kappa=_kappa_range(of),
    )


def kappa(of: Sequence[Pair]) -> float | None:
    """Cohen's kappa: (observed - expected) / (1 - expected); None where expected agreement is 1."""
    held = len(of)
    observed = sum(first == second for _, first, second in of) / held
    ones, others = Counter(first for _, first, _ in of), Counter(second for _, _, second in of)
    expected = sum(ones[outcome] * others[outcome] for outcome in ones) / held**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _kappa_range(of: Sequence[Pair]) -> Range:
    """By resampling cases; resamples without a kappa are left out, and where most are, so is the interval."""
    import numpy as np

    value = kappa(of)
    if value is None:
        return Range(value=None)
    by_case: dict[str, list[Pair]] = {}
    for pair in of:
        by_case.setdefault(pair[0], []).append(pair)
    groups, random = list(by_case.values()), np.random.default_rng(SEED)
    drawn = random.integers(len(groups), size=(RESAMPLES, len(groups)))
    found = [k for row in drawn if (k := kappa([pair for place in row for pair in groups[place]])) is not None]
    if len(found) < RESAMPLES / 2:
        return Range(value=value)
    low, high = np.quantile(found, (0.025, 0.975))
    return Range(value=value, low=float(low), high=float(high))


def make_evaluation_case(
    case_id: str, *, cases: EvaluationCases, store: RecordStore, by: Account, request_id: str
) -> str:
    """Keeps the signed case for evaluation, without identifiers; gives the dataset. Raises NotAllowed for a case that
    is not signed, EvaluationRefused."""
    state = case_state(store, case_id)
    if state.status != "approved" or state.drill is not None:
        raise NotAllowed("Only a signed case becomes an evaluation case.")
    signed = signed_letter(case_id, store=store)
    dataset = cases.add(for_evaluation(state.case, signed.letter))
    event = MadeEvaluationCase(approval=signed.entry, dataset=dataset)
    record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id)
    return dataset


def tally(store: RecordStore) -> tuple[PointTally, ...]:
    """For each point how often it was ticked and how often not; what did not apply counts for neither."""
    readings = [h.event for h in store.history(actions=("second-reading",)) if isinstance(h.event, SecondReading)]
    return tuple(
        PointTally(
            number=number,
            text=text,
            yes=sum(reading.answers.get(number) == "yes" for reading in readings),
            no=sum(reading.answers.get(number) == "no" for reading in readings),
        )
        for number, text in POINTS
    )
