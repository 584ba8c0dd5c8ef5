"""The Wilson interval of a share: honest for small counts and for shares near 0 and 1, where the normal one is not."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

Z95 = 1.959964


class Interval(NamedTuple):
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.3f} to {self.high:.3f}"


def wilson(hits: int, of: int, *, z: float = Z95) -> Interval:
    """The 95 percent interval of `hits / of`; 0 to 1 where nothing was counted."""
    if of <= 0:
        return Interval(0.0, 1.0)
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
