"""The lengths of what fills the prompts of a set of cases: figures only, no word of any case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from drafter.domain.exchange.values import PromptValues
from drafter.domain.prompting.sizes import DatasetSizes, sizes_of
from drafter.errors import TemplateInvalid

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\Z")


def measure(values: Iterable[PromptValues], *, name: str) -> DatasetSizes:
    """The lengths under a name. Raises TemplateInvalid for a name that is no file name, or a set without an item."""
    if not _NAME.match(name):
        raise TemplateInvalid(f"--name {name!r}: write a name of small letters, digits and hyphens.")
    sizes = sizes_of(tuple(values), name=name)
    if not sizes.items:
        raise TemplateInvalid("The set holds no disputed item; name letters or case files with items.")
    return sizes
