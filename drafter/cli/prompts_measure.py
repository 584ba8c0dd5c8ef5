"""What `drafter prompts measure` does: every item's prompt values over a set of cases, kept as lengths."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from drafter.bootstrap import App, open_app
from drafter.domain.case import Determination
from drafter.domain.exchange.values import PromptValues
from drafter.prompt_bootstrap import open_library, prompt_values
from drafter.services.intake import find_inputs, read_cases
from drafter.services.prompting.measuring import measure
from drafter.settings import Settings


def run_measure(settings: Settings, *, paths: Sequence[Path], name: str) -> int:
    """Writes `sizes/NAME.json` beside the prompts. Raises DrafterError and CorpusError."""
    library = open_library(settings)
    sizes = measure(_values(open_app(settings), paths), name=name)
    path = library.keep_sizes(sizes)
    sys.stdout.write(f"{sizes.items} items measured; {path}\n")
    return 0


def _values(app: App, paths: Sequence[Path]) -> Iterator[PromptValues]:
    """With an outcome on every item, because a rationale's prompt is the longer one."""
    for file in find_inputs(paths):
        for case in read_cases(file):
            chosen: dict[int, Determination] = {item.number: "upheld" for item in case.items}
            yield from (values for _, values in prompt_values(app, case, determinations=chosen))
