"""What the commands of `guideline-corpus` share: the exit codes of the interface contract, `--json`, and days."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from guideline_corpus.errors import StarterInvalid

DONE, FOUND_WRONG, UNUSABLE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 4, 130

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
SchedulerOption = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler whose workers share the work (tcp://HOST:8786).")
]


def parse_day(text: str | None, *, option: str) -> date | None:
    """A day as YYYY-MM-DD. Raises CorpusError with the option's name."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StarterInvalid(f"{option} {text!r} is no date; write it as YYYY-MM-DD, for example 2016-12-29.") from None
