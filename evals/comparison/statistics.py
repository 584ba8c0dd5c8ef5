"""How sure is a difference between two runs over the same items.

Items of one case are not independent, so every method works on cases: the interval by resampling cases
(`intervals.py`), the p-value by turning round the sign of whole cases (Fisher's randomization test), which for zeros
and ones with one item a case is McNemar's, and exact. The standard error is the clustered one: SE^2 = c/(c-1)/n^2 * sum
over cases of the squared sum of residuals. Seeds are fixed, so that the same rows give the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evals.comparison.intervals import CONFIDENCE, SEED, Interval, intervals
from evals.comparison.pairs import Pair

FLIPS = 10_000
TABLE_STEP = 64
REPAIRED = 0.02  # items that get better by chance, in a plan that has no earlier runs to go by
POWER = 0.8


class Difference(NamedTuple):
    """A mean paired difference, above 0 where something was gained, with what is known of it.

    `low` and `high` are the two-sided 95 percent interval, `lower` the one-sided 95 percent bound from below,
    `p_worse` the one-sided p-value of "no loss", `error` the clustered standard error. All None without a pair; the
    interval is None of a single case too.
    """

    items: int
    cases: int
    mean: float | None
    error: float | None
    low: float | None
    high: float | None
    lower: float | None
    p_worse: float | None


def difference(pairs: Sequence[Pair], *, share: bool = False) -> Difference:
    """The paired difference, after less before, over all items; `share` where scores lie between 0 and 1."""
    if not pairs:
        return Difference(0, 0, None, None, None, None, None, None)
    sums, sizes = _clusters(pairs)
    mean = float(sums.sum() / sizes.sum())
    known = (_unmoved(pairs, cases=len(sums)) if share else None) or intervals(sums[:, None], sizes[:, None])[0]
    low, high, lower = known or (None, None, None)
    return Difference(
        items=len(pairs), cases=len(sums), mean=mean, error=clustered_error(sums, sizes), low=low, high=high,
        lower=lower, p_worse=mcnemar(pairs) if _binary(pairs, cases=len(sums)) else flip_test(sums),
    )  # fmt: skip


def _binary(pairs: Sequence[Pair], *, cases: int) -> bool:
    """Scores of 0 and 1, one item a case: turning round signs at random is then McNemar's test, which is exact."""
    return cases == len(pairs) and all(pair.before in (0, 1) and pair.after in (0, 1) for pair in pairs)


def _unmoved(pairs: Sequence[Pair], *, cases: int) -> Interval | None:
    """Where a share moved on no item: what so many cases without a change leave possible (exact binomial bounds)."""
    if cases < 2 or any(pair.difference for pair in pairs):
        return None
    two_sided, one_sided = (1 - left ** (1 / cases) for left in ((1 - CONFIDENCE) / 2, 1 - CONFIDENCE))
    return Interval(-two_sided, two_sided, -one_sided)


def clustered_error(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> float | None:
    """Standard error of a mean over items from the sum and the size of each case; None for a single case."""
    count, items = len(sums), sizes.sum()
    if count < 2:
        return None
    residuals = sums - sizes * (sums.sum() / items)
    return float(sqrt(count / (count - 1) * float((residuals**2).sum()) / items**2))


def flip_test(sums: NDArray[np.float64]) -> float:
    """p = (1 + flips at least as bad) / (1 + FLIPS), where a flip turns round the sign of whole cases at random.

    Exact, over every flip, where there are at most 12 cases that moved.
    """
    moved = sums[sums != 0]
    if not len(moved):
        return 1.0
    observed = moved.sum()
    if len(moved) <= 12:
        signs = np.array(np.meshgrid(*[[-1.0, 1.0]] * len(moved))).reshape(len(moved), -1)
        return float(np.mean(signs.T @ moved <= observed + 1e-12))
    return float((1 + np.sum(_signs(len(moved)) @ moved <= observed + 1e-12)) / (FLIPS + 1))


def _signs(moved: int) -> NDArray[np.float64]:
    """FLIPS rows of signs for so many cases, cut from a table that is drawn once."""
    return _sign_table(ceil(moved / TABLE_STEP) * TABLE_STEP)[:, :moved]


@lru_cache(maxsize=4)
def _sign_table(moved: int) -> NDArray[np.float64]:
    signs: NDArray[np.float64] = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(FLIPS, moved))
    return signs


def mcnemar(pairs: Sequence[Pair]) -> float:
    """Exact one-sided McNemar test of "no loss" for scores of 0 and 1 with one item a case: a binomial tail."""
    lost = sum(pair.difference < 0 for pair in pairs)
    won = sum(pair.difference > 0 for pair in pairs)
    return float(stats.binom.sf(lost - 1, lost + won, 0.5)) if lost + won else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment, in the order given (Holm 1979)."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = highest
    return adjusted


def smallest_loss(items: int, *, repaired: float = REPAIRED, power: float = POWER) -> float:
    """Before any run: the net loss, as a share of items, that so many items show as a loss (one-sided 5 percent) with
    this power, where a share of `repaired` items gets better by chance.

    The more is lost the more pairs differ, so the loss L solves L = z * sqrt((2 * repaired + L - L^2) / items): the
    variance of a paired difference of zeros and ones whose losses exceed its gains by L.
    """
    if items < 1:
        return 1.0
    z = float(stats.norm.ppf(CONFIDENCE) + stats.norm.ppf(power)) ** 2 / items
    # L^2 (1 + z) - z L - 2 z repaired = 0
    return min(1.0, (z + sqrt(z * z + 8 * z * repaired * (1 + z))) / (2 * (1 + z)))


def smallest_loss_seen(items: int, *, error_of_one: float, power: float = POWER) -> float:
    """The true loss that a set of so many items shows as a loss (one-sided 5 percent) with this power.

    `error_of_one`: standard deviation of one item's difference, clustering included.
    """
    if items < 1:
        return 1.0
    return float((stats.norm.ppf(CONFIDENCE) + stats.norm.ppf(power)) * error_of_one / sqrt(items))


def further_items(found: Difference, *, margin: float) -> int | None:
    """How many more items would settle it if the estimate stays: the bound would clear the margin, or the loss, where
    it is the margin or more, would be significant. None where no number would."""
    if found.mean is None or found.error is None:
        return None
    if not found.error:
        cases = log(1 - CONFIDENCE) / log(1 - margin) if margin < 1 else 1.0
        return max(1, ceil((cases - found.cases) * found.items / found.cases))
    distance = -found.mean if found.mean <= -margin else found.mean + margin
    needed: float = (stats.norm.ppf(CONFIDENCE) * found.error / distance) ** 2
    return max(1, ceil(found.items * (needed - 1)))


def _clusters(pairs: Sequence[Pair]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    numbers = {case: at for at, case in enumerate(dict.fromkeys(pair.case_number for pair in pairs))}
    sums, sizes = np.zeros(len(numbers)), np.zeros(len(numbers))
    for pair in pairs:
        sums[numbers[pair.case_number]] += pair.difference
        sizes[numbers[pair.case_number]] += 1
    return sums, sizes
