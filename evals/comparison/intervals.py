"""Intervals of means over items, resampled by case: items of one case are not independent.

A mean is a ratio of sums over cases, so one drawing of cases serves every metric at once, as a matrix product. With
fewer than 50 cases the interval is bias-corrected and accelerated (BCa, Efron 1987; scipy's), else it is the percentile
one. The drawing is fixed by SEED and the number of cases: the same rows give the same figures, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
RESAMPLES = 4000
FEW_CASES = 50
SEED = 20161228
CONFIDENCE = 0.95


class Interval(NamedTuple):
    """`low` to `high` is the two-sided 95 percent interval, `lower` the one-sided 95 percent bound from below."""

    low: float
    high: float
    lower: float


def intervals(sums: Numbers, sizes: Numbers) -> list[Interval | None]:
    """One interval a column of `sums` and `sizes` (cases x metrics); None where fewer than two cases have the metric.

    Where every case has the same mean nothing varies, and the interval is that mean.
    """
    found: list[Interval | None] = [None] * sums.shape[1]
    alike: dict[bytes, list[int]] = {}
    for column in range(sums.shape[1]):
        alike.setdefault((sizes[:, column] > 0).tobytes(), []).append(column)
    for columns in alike.values():
        held = sizes[:, columns[0]] > 0
        if held.sum() < 2:
            continue
        some, of = sums[held][:, columns], sizes[held][:, columns]
        means = some.sum(axis=0) / of.sum(axis=0)
        varies = np.any(np.abs(some - of * means) > 1e-12, axis=0)
        for column, mean in zip(columns, means, strict=True):
            found[column] = Interval(float(mean), float(mean), float(mean))
        moving = [column for column, moves in zip(columns, varies, strict=True) if moves]
        for column, interval in zip(moving, _of_group(some[:, varies], of[:, varies]), strict=True):
            found[column] = interval
    return found


def _of_group(sums: Numbers, sizes: Numbers) -> Sequence[Interval]:
    if not sums.shape[1]:
        return []
    if len(sums) < FEW_CASES:
        both = _bca(sums, sizes, alternative="two-sided")
        lower = _bca(sums, sizes, alternative="greater").low
        low, high = np.atleast_1d(both.low), np.atleast_1d(both.high)
        bound = np.atleast_1d(lower)
    else:
        drawn = draws(len(sums))
        alike = bool(np.all(sizes == sizes[0]))  # so many items a case: every resample has as many
        of = len(sums) * sizes[0] if alike else drawn @ sizes
        low, bound, high = np.percentile(drawn @ sums / of, [2.5, 5.0, 97.5], axis=0)
    return [Interval(*map(float, told)) for told in zip(low, high, bound, strict=True)]


@lru_cache(maxsize=4)
def draws(cases: int) -> Numbers:
    """How often each case is drawn in each resample (RESAMPLES x cases)."""
    chance = np.random.default_rng(SEED)
    drawn: Numbers = chance.multinomial(cases, np.full(cases, 1 / cases), size=RESAMPLES).astype(np.float64)
    return drawn


def _bca(sums: Numbers, sizes: Numbers, *, alternative: str) -> Any:
    from scipy import stats  # loaded where it is needed: it takes longer than all else that sums a run

    def ratio(some: Numbers, of: Numbers, axis: int) -> Numbers:
        quotient: Numbers = some.sum(axis=axis) / of.sum(axis=axis)
        return quotient

    return stats.bootstrap(
        (sums, sizes), ratio, paired=True, vectorized=True, axis=0, n_resamples=RESAMPLES, method="BCa",
        alternative=alternative, confidence_level=CONFIDENCE, rng=np.random.default_rng(SEED),
    ).confidence_interval  # fmt: skip
