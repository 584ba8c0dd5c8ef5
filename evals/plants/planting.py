"""Chooses where to plant: for each kind the same number of places, spread over the cases by a seed.

The same dataset, seed and number give the same plants (tests/unit/test_plants.py).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from evals.dataset import Dataset, EvalCase
from evals.plants.kinds import HARMLESS, KINDS
from evals.plants.model import Edit, Plant
from evals.plants.scene import Scene
from guideline_corpus.vocabulary import Vocabulary

Site = tuple[EvalCase, int, Edit]


def plant(dataset: Dataset, *, per_kind: int, seed: int, vocabulary: Vocabulary) -> tuple[Plant, ...]:
    """Up to `per_kind` plants of each kind; fewer where the dataset has no more places for it."""
    return tuple(
        Plant(
            plant_id=f"{kind.replace(' ', '-').replace(':', '')}-{number:03d}",
            kind=kind,
            case_id=case.case_id,
            item=item,
            edit=edit,
            harmless=kind in HARMLESS,
        )
        for kind in KINDS
        for number, (case, item, edit) in enumerate(
            _chosen(kind, dataset.cases, per_kind=per_kind, seed=seed, vocabulary=vocabulary), start=1
        )
    )


def _chosen(
    kind: str, cases: Sequence[EvalCase], *, per_kind: int, seed: int, vocabulary: Vocabulary
) -> Iterator[Site]:
    """At most two places an item, items in random order, so that one letter does not fill a kind."""
    chance = random.Random(f"{seed}:{kind}")
    scenes = [(case, number) for case in cases for number in range(len(case.case.items))]
    chance.shuffle(scenes)
    told = {case.case_id: " ".join(item.rationale or "" for item in case.case.items) for case in cases}
    left = per_kind
    for case, index in scenes:
        elsewhere = tuple(text for case_id, text in told.items() if case_id != case.case_id)
        item = case.case.items[index]
        scene = Scene(case=case.case, item=item, vocabulary=vocabulary, elsewhere=elsewhere, chance=chance)
        found = list(KINDS[kind](scene))
        for edit in chance.sample(found, k=min(2, len(found), left)):
            left -= 1
            yield case, item.number, edit
        if not left:
            return
