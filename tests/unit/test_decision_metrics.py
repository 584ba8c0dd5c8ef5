"""A reader who always says the same knows nothing, and the figures say so."""

from __future__ import annotations

import pytest

from drafter.domain.case import Determination
from evals.metrics.decision import Decided, likeness


def decided(*pairs: str) -> list[Decided]:
    """Each pair is told and read by first letter: "uo" is told upheld, read overturned."""
    names: dict[str, Determination] = {"u": "upheld", "o": "overturned"}
    return [Decided(f"C{n}", 1, names[pair[0]], names[pair[1]]) for n, pair in enumerate(pairs)]


def test_always_upheld_agrees_with_most_and_has_no_kappa():
    found = likeness(decided(*["uu"] * 89, *["ou"] * 11))

    assert (found.agreement, found.kappa, found.balanced_accuracy) == (0.89, 0.0, 0.5)


def test_the_figures_are_those_computed_by_hand():
    # 10 both upheld, 2 read overturned, 3 read upheld, 5 both overturned: agreement 15/20, chance 0.6*0.65 + 0.4*0.35.
    found = likeness(decided(*["uu"] * 10, *["uo"] * 2, *["ou"] * 3, *["oo"] * 5))

    assert found.agreement == 0.75
    assert found.kappa == pytest.approx((0.75 - 0.53) / 0.47, abs=1e-4)
    assert found.balanced_accuracy == pytest.approx((10 / 12 + 5 / 8) / 2, abs=1e-4)
    kappa = found.ranges["kappa"]
    assert kappa is not None
    assert kappa.low < 0.468 < kappa.high


def test_one_outcome_on_both_sides_leaves_kappa_undefined_and_not_one():
    found = likeness(decided(*["uu"] * 9))

    assert (found.agreement, found.kappa, found.balanced_accuracy) == (1.0, None, None)


def test_nothing_decided_is_undefined():
    found = likeness([])

    assert (found.items, found.agreement, found.kappa) == (0, None, None)
