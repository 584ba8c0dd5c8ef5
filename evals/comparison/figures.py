"""Figures in words: shares in percent, differences in points, counts as they are; undefined is said, never 0."""

from __future__ import annotations

from evals.comparison.statistics import Difference
from evals.metrics.table import is_share

NONE = "undefined"


def figure(name: str, value: float | None) -> str:
    """A value of a metric: "81.6 %", "0.087"."""
    if value is None:
        return NONE
    return f"{100 * value:.1f} %" if is_share(name) else f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def interval(name: str, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "none"
    if is_share(name):
        return f"{100 * low:.1f} to {100 * high:.1f}"
    return f"{low:.3g} to {high:.3g}"


def change(name: str, found: Difference) -> str:
    """A gain in points or units: "+1.2 points"."""
    if found.mean is None:
        return NONE
    return f"{100 * found.mean:+.1f} points" if is_share(name) else f"{found.mean:+.3g}"


def change_interval(name: str, found: Difference) -> str:
    if found.low is None or found.high is None:
        return "none"
    if is_share(name):
        return f"{100 * found.low:+.1f} to {100 * found.high:+.1f}"
    return f"{found.low:+.3g} to {found.high:+.3g}"


def told(name: str, found: Difference) -> str:
    """ "-5.4 points (95 % -10.4 to -2.9; 32 items of 23 cases)"."""
    if found.mean is None:
        return NONE
    of = f"{counted(found.items, 'item')} of {counted(found.cases, 'case')}"
    return f"{change(name, found)} (95 % {change_interval(name, found)}; {of})"


def margin_told(name: str, margin: float) -> str:
    """ "3 points", or the number where the metric is no share."""
    return f"{100 * margin:g} points" if is_share(name) else f"{margin:g}"


def p_value(p: float | None) -> str:
    if p is None:
        return NONE
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """ "1 item", "2 items"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
