"""`drafter retention`: which cases' clinical text has been kept long enough, and its removal."""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter retention --years 6                   shows what would be removed, and removes nothing
  drafter retention --years 6 --apply

The chain of the audit stays, and still verifies. Backups and exported letters are yours to remove.
"""


def retention(
    years: Annotated[int, typer.Option(help="Years from a case's last effect that its text is kept.")],
    apply: Annotated[bool, typer.Option("--apply", help="Remove it; without this nothing is changed.")] = False,
    shorter_because: Annotated[str | None, typer.Option(help="Why fewer than six years are enough.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show, or remove, the text of cases whose last effect is longer ago than so many years."""
    from drafter.adapters.clock import SystemClock
    from drafter.bootstrap import open_app
    from drafter.services.contract import to_line
    from drafter.services.retention import past_retention, purge
    from drafter.settings import read_settings

    store = open_app(read_settings()).records
    cases = past_retention(store, years=years, clock=SystemClock(), shorter_because=shorter_because)
    removed = purge(store, cases, years=years, shorter_because=shorter_because) if apply else 0
    if json_:
        typer.echo(to_line({"cases": [case.model_dump(mode="json") for case in cases], "removed": removed}))
        return
    for case in cases:
        typer.echo(f"{case.case_id}  last effect {case.last_effect.isoformat()}")
    told = f"{removed} removed." if apply else "nothing was changed; --apply removes their text."
    typer.echo(f"{len(cases)} cases past {years} years: {told}")
