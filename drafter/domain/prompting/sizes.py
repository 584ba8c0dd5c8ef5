"""How large a template's prompts become over a dataset, without rendering one of them.

For each item of a dataset only lengths are kept: the characters of every slot's value, and of every loop the number of
rows with the characters of each of its slots. The size of a prompt is the template's own words plus the lengths of
what it shows, so a template of any wording is sized over hundreds of items in a millisecond, and the figures hold no
word of a case. A token is taken as four characters (`docs/models.md`); lines that are left out because all their slots
are empty are counted as if they stood, which errs by a few characters on the large side
(tests/unit/test_prompt_sizes.py compares with rendered prompts).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from drafter.domain.exchange.values import LOOP_SLOTS, PromptValues
from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import Loop, Slot, Text
from drafter.domain.prompting.template import PromptTemplate

CHARACTERS_A_TOKEN = 4


class LoopLengths(DomainModel):
    """One number an item: the rows of a loop, and the characters of each of its slots summed over them."""

    rows: tuple[int, ...]
    slots: Mapping[str, tuple[int, ...]]


class DatasetSizes(DomainModel):
    """The lengths of a dataset's items, one number an item in every list. `name` is what editors call the set."""

    name: str
    items: int
    slots: Mapping[str, tuple[int, ...]]
    loops: Mapping[str, LoopLengths]


class Size(DomainModel):
    """Tokens of one template over a dataset: the middle prompt, the 95th percentile and the largest."""

    dataset: str
    items: int
    median: int
    p95: int
    largest: int


def sizes_of(values: Sequence[PromptValues], *, name: str) -> DatasetSizes:
    """The lengths of the values of many items."""
    return DatasetSizes(
        name=name,
        items=len(values),
        slots={slot: tuple(len(one.slots[slot]) for one in values) for slot in (values[0].slots if values else ())},
        loops={
            loop: LoopLengths(
                rows=tuple(len(one.loops[loop]) for one in values),
                slots={slot: tuple(_summed(one.loops[loop], slot) for one in values) for slot in sorted(slots)},
            )
            for loop, slots in LOOP_SLOTS.items()
        },
    )


def tokens_of(text: str) -> int:
    """Tokens of a text, estimated from its length."""
    return math.ceil(len(text) / CHARACTERS_A_TOKEN)


def size_over(template: PromptTemplate, dataset: DatasetSizes) -> Size | None:
    """The size over a dataset; None where it holds no item."""
    if not dataset.items:
        return None
    characters = [0] * dataset.items
    for side in template.sides:
        for node in side.nodes:
            _add(characters, node, dataset)
    tokens = sorted(math.ceil(count / CHARACTERS_A_TOKEN) for count in characters)
    return Size(
        dataset=dataset.name,
        items=len(tokens),
        median=tokens[(len(tokens) - 1) // 2],
        p95=tokens[math.ceil(0.95 * len(tokens)) - 1],
        largest=tokens[-1],
    )


def _summed(rows: Sequence[Mapping[str, str]], slot: str) -> int:
    return sum(len(row[slot]) for row in rows)


def _add(characters: list[int], node: Text | Slot | Loop, dataset: DatasetSizes) -> None:
    """Adds what the node comes to for each item."""
    if isinstance(node, Loop):
        loop = dataset.loops.get(node.over)
        for part in node.body if loop else ():
            _add_part(characters, part, loop, dataset)
        return
    _add_part(characters, node, None, dataset)


def _add_part(characters: list[int], part: Text | Slot, loop: LoopLengths | None, dataset: DatasetSizes) -> None:
    for n in range(dataset.items):
        rows = loop.rows[n] if loop else 1
        if isinstance(part, Text):
            characters[n] += rows * len(part.text)
        elif loop and part.name in loop.slots:
            characters[n] += loop.slots[part.name][n]
        elif part.name in dataset.slots:
            characters[n] += rows * dataset.slots[part.name][n]
