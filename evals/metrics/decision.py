"""Likeness of two readers' outcomes. A second physician, or a model under test, against the published determination.

The product chooses no outcome; this is for readers outside it, and only where somebody asks (`evals readers`). About
nine published items in ten are upheld, so "always upheld" agrees with nine in ten and knows nothing: kappa and balanced
accuracy stand beside agreement, always. Agreement with a published outcome is likeness and not truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from drafter.domain.case import Determination
from evals.comparison.intervals import Interval, Numbers, draws

OUTCOMES: tuple[Determination, ...] = ("upheld", "overturned")


class Decided(NamedTuple):
    """One item, decided by the dataset (`told`) and by the reader (`read`)."""

    case_id: str
    item: int
    told: Determination
    read: Determination


class Likeness(NamedTuple):
    """`agreement`, `kappa`, `balanced_accuracy` with 95 percent intervals by case; None is undefined."""

    items: int
    cases: int
    agreement: float | None
    kappa: float | None
    balanced_accuracy: float | None
    ranges: Mapping[str, Interval | None]


def likeness(decided: Sequence[Decided]) -> Likeness:
    """The three figures over all items, with intervals from resampling whole cases."""
    table = _by_case(decided)
    whole = table.sum(axis=0, keepdims=True)
    figures = {name: _figure(name, whole)[0] for name in _FIGURES}
    ranges = {name: _range(name, table) if not np.isnan(value) else None for name, value in figures.items()}
    told = {name: None if np.isnan(value) else round(float(value), 4) for name, value in figures.items()}
    return Likeness(len(decided), len(table), told["agreement"], told["kappa"], told["balanced_accuracy"], ranges)


def _by_case(decided: Sequence[Decided]) -> Numbers:
    """Cases x 4: both upheld; told upheld, read overturned; told overturned, read upheld; both overturned."""
    numbers = {case: at for at, case in enumerate(dict.fromkeys(one.case_id for one in decided))}
    table = np.zeros((len(numbers), 4))
    for one in decided:
        table[numbers[one.case_id], 2 * OUTCOMES.index(one.told) + OUTCOMES.index(one.read)] += 1
    return table


def _agreement(t: Numbers) -> Numbers:
    return np.asarray((t[:, 0] + t[:, 3]) / t.sum(axis=1))


def _kappa(t: Numbers) -> Numbers:
    of = t.sum(axis=1)
    told, read = (t[:, 0] + t[:, 1]) / of, (t[:, 0] + t[:, 2]) / of
    chance = told * read + (1 - told) * (1 - read)
    return np.asarray(np.where(chance < 1, (_agreement(t) - chance) / np.where(chance < 1, 1 - chance, 1), np.nan))


def _balanced(t: Numbers) -> Numbers:
    return np.asarray((t[:, 0] / (t[:, 0] + t[:, 1]) + t[:, 3] / (t[:, 2] + t[:, 3])) / 2)


_FIGURES = {"agreement": _agreement, "kappa": _kappa, "balanced_accuracy": _balanced}


def _figure(name: str, table: Numbers) -> Numbers:
    with np.errstate(invalid="ignore", divide="ignore"):
        return _FIGURES[name](table)


def _range(name: str, table: Numbers) -> Interval | None:
    """Percentile interval over the resamples in which the figure is defined."""
    if len(table) < 2:
        return None
    found = _figure(name, draws(len(table)) @ table)
    found = found[~np.isnan(found)]
    low, lower, high = np.percentile(found, [2.5, 5.0, 97.5])
    return Interval(low=float(low), high=float(high), lower=float(lower))
