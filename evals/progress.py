"""How far a run has come, on standard error: a bar on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple

SECONDS_BETWEEN_LINES = 10.0


class Progress(NamedTuple):
    """`began_with` were done before; `made` are calls to a model, `cost` what they cost, None where no price is set."""

    done: int
    total: int
    began_with: int = 0
    errors: int = 0
    made: int = 0
    cost: float | None = None

    def text(self, seconds: float) -> str:
        """Rate, time left and cost after `seconds` of work."""
        rate = (self.done - self.began_with) / seconds if seconds > 0 else 0.0
        parts = [f"{self.done} of {self.total} cases"]
        if rate:
            parts += [f"{rate:.1f} a second", f"{_duration((self.total - self.done) / rate)} left"]
        if self.made:
            parts.append(f"{self.made} calls")
        if self.cost is not None:
            parts.append(f"cost {self.cost:.2f}")
        if self.errors:
            parts.append(f"{self.errors} with errors")
        return ", ".join(parts)


Report = Callable[[Progress], None]


@contextmanager
def run_progress(label: str) -> Iterator[Report]:
    """Yields a function to call with how far the run has come."""
    began = monotonic()
    if sys.stderr.isatty():
        with progress(label) as bar:
            yield lambda told: bar(told.done, told.total, told.text(monotonic() - began))
        return
    said = began

    def line(told: Progress) -> None:
        nonlocal said
        if monotonic() - said >= SECONDS_BETWEEN_LINES:
            said = monotonic()
            sys.stderr.write(f"{label}: {told.text(said - began)}\n")

    yield line


@contextmanager
def progress(label: str) -> Iterator[Callable[..., None]]:
    """Yields a function to call with (done, total) and, if there is more to say, a text; silent without a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    told = TextColumn("{task.description}")
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), told)
    console = Console(stderr=True)
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, text="": bar.update(task, completed=done, total=total, description=text)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
