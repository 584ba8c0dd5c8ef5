"""`drafter clean`: what is kept beside the record for a while, and its removal."""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter clean                    shows what is past its time, and removes nothing
  drafter clean --apply

The desk may go on working. The record is not touched: the text of its cases goes by `drafter retention`.
"""


def clean(
    apply: Annotated[bool, typer.Option("--apply", help="Remove it; without this nothing is changed.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show, or remove, sessions, unsaved text, imports, logs of calls and kept replies that are past their time."""
    from drafter.operation_bootstrap import open_leftovers
    from drafter.services.cleaning import clean
    from drafter.services.contract import to_line
    from drafter.settings import read_settings

    cleaned = clean(open_leftovers(read_settings()), apply=apply)
    if json_:
        typer.echo(to_line({"leftovers": [one.model_dump(mode="json") for one in cleaned], "removed": apply}))
        return
    for one in cleaned:
        typer.echo(f"{one.kind:9} kept {one.kept}: {one.count} past that, {one.bytes} bytes")
    found = sum(one.count for one in cleaned)
    told = "all removed." if apply else "nothing was changed; --apply removes them."
    typer.echo(f"{found} past their time: {told}")
