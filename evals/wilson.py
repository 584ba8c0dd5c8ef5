"""Intervals of a share, honest for small counts and for shares near 0 and 1, where the normal one is not (scipy's)."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Interval(NamedTuple):
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.3f} to {self.high:.3f}"


def wilson(hits: int, of: int) -> Interval:
    """The 95 percent interval of `hits / of` after Wilson; 0 to 1 where nothing was counted."""
    return _interval(hits, of, method="wilson")


def exact(hits: int, of: int) -> Interval:
    """The exact 95 percent interval (Clopper and Pearson): what "none of `of`" leaves possible is its upper end."""
    if of > 0 and hits in (0, of):
        rest = 0.025 ** (1 / of)  # the closed form where all went one way
        return Interval(0.0, 1 - rest) if hits == 0 else Interval(rest, 1.0)
    return _interval(hits, of, method="exact")


def _interval(hits: int, of: int, *, method: Literal["wilson", "exact"]) -> Interval:
    if of <= 0:
        return Interval(0.0, 1.0)
    from scipy import stats  # loaded where it is needed: it takes longer than all else that sums a run

    found = stats.binomtest(hits, of).proportion_ci(confidence_level=0.95, method=method)
    return Interval(float(found.low), float(found.high))
