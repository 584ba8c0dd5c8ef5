"""How sure is a difference between two runs over the same items.

Items of one case are not independent, so every method works on cases: the interval by resampling cases (percentile, and
bias-corrected and accelerated where there are fewer than 50; Efron 1987), the p-value by turning round the sign of
whole cases (Fisher's randomization test). The standard error is the clustered one: SE^2 = c/(c-1)/n^2 * sum over cases
of the squared sum of residuals. Seeds are fixed, so that the same rows give the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evals.comparison.pairs import Pair

RESAMPLES = 4000
FLIPS = 10_000
FEW_CASES = 50
SEED = 20161228
CONFIDENCE = 0.95


class Difference(NamedTuple):
    """A mean paired difference, above 0 where something was gained, with what is known of it.

    `low` and `high` are the two-sided 95 percent interval, `lower` the one-sided 95 percent bound from below,
    `p_worse` the one-sided p-value of "no loss", `error` the clustered standard error. All None without a pair.
    """

    items: int
    cases: int
    mean: float | None
    error: float | None
    low: float | None
    high: float | None
    lower: float | None
    p_worse: float | None


def difference(pairs: Sequence[Pair]) -> Difference:
    """The paired difference, after less before, over all items."""
    if not pairs:
        return Difference(0, 0, None, None, None, None, None, None)
    sums, sizes = _clusters(pairs)
    mean = float(sums.sum() / sizes.sum())
    low, high, lower = _interval(sums, sizes)
    return Difference(
        items=len(pairs), cases=len(sums), mean=mean, error=clustered_error(sums, sizes), low=low, high=high,
        lower=lower, p_worse=flip_test(sums),
    )  # fmt: skip


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
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(FLIPS, len(moved)))
    return float((1 + np.sum(signs @ moved <= observed + 1e-12)) / (FLIPS + 1))


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


def smallest_loss_seen(items: int, *, error_of_one: float, power: float = 0.8) -> float:
    """The true loss that a set of so many items shows as a loss (one-sided 5 percent) with this power.

    `error_of_one`: standard deviation of one item's difference, clustering included.
    """
    if items < 1:
        return 1.0
    return float((stats.norm.ppf(CONFIDENCE) + stats.norm.ppf(power)) * error_of_one / sqrt(items))


def further_items(found: Difference, *, margin: float) -> int | None:
    """How many more items would settle it if the estimate stays: its bound would clear the margin; None where none."""
    if found.mean is None or found.error is None or found.mean <= -margin:
        return None
    needed: float = (stats.norm.ppf(CONFIDENCE) * found.error / (found.mean + margin)) ** 2
    return max(1, ceil(found.items * (needed - 1)))


def _clusters(pairs: Sequence[Pair]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    numbers = {case: at for at, case in enumerate(dict.fromkeys(pair.case_number for pair in pairs))}
    sums, sizes = np.zeros(len(numbers)), np.zeros(len(numbers))
    for pair in pairs:
        sums[numbers[pair.case_number]] += pair.difference
        sizes[numbers[pair.case_number]] += 1
    return sums, sizes


def _interval(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> tuple[float, float, float]:
    if len(sums) < 2 or not np.any(sums - sizes * (sums.sum() / sizes.sum())):
        mean = float(sums.sum() / sizes.sum())
        return mean, mean, mean
    if len(sums) < FEW_CASES:
        whole = _bca(sums, sizes, alternative="two-sided")
        return (*whole, _bca(sums, sizes, alternative="greater")[0])
    drawn = np.random.default_rng(SEED).integers(0, len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, lower, high = np.percentile(means, [2.5, 5.0, 97.5])
    return float(low), float(high), float(lower)


def _bca(sums: NDArray[np.float64], sizes: NDArray[np.float64], *, alternative: str) -> tuple[float, float]:
    def ratio(some: NDArray[np.float64], of: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        quotient: NDArray[np.float64] = some.sum(axis=axis) / of.sum(axis=axis)
        return quotient

    found = stats.bootstrap(
        (sums, sizes), ratio, paired=True, vectorized=True, n_resamples=RESAMPLES, method="BCa",
        alternative=alternative, confidence_level=CONFIDENCE, rng=np.random.default_rng(SEED),
    ).confidence_interval  # fmt: skip
    return float(found.low), float(found.high)
