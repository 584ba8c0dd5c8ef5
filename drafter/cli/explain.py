"""`drafter explain`: what a saved draft rested on, sentence by sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter draft case.yaml --json > draft.json
  drafter explain draft.json
  drafter explain draft.json --item 2

Prints program, model, templates with their hashes, corpus version, the passages found, the calls made to a model by
the hashes of request and reply, and the ground of every sentence.
"""


def explain(
    path: Annotated[Path, typer.Argument(help="A draft as `drafter draft --json` printed it.")],
    item: Annotated[list[int] | None, typer.Option(help="Number of an item; may be repeated.")] = None,
) -> None:
    """Print what a saved draft rested on."""
    from drafter.cli.explanation import explained

    typer.echo(explained(path, items=item or []), nl=False)
