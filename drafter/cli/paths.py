"""`drafter paths`: where the program keeps its files."""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter paths
  DRAFTER_HOME=/srv/imr drafter paths --json
"""


def paths(json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Show where the program keeps its files."""
    from drafter.services.contract import to_line
    from drafter.settings import read_settings

    settings = read_settings()
    shown = {
        "home": str(settings.home),
        "corpus": str(settings.corpus_dir),
        "cache": str(settings.cache_dir),
        "prompts": str(settings.prompts_dir),
        "record": "DRAFTER_DATABASE_URL" if settings.database_url else str(settings.home / "desk.sqlite3"),
        "checkpoints": str(settings.checkpoints_dir),
    }
    if json_:
        typer.echo(to_line(shown))
        return
    width = max(map(len, shown))
    for name, path in shown.items():
        typer.echo(f"{name.ljust(width)}  {path}")
    typer.echo("\nDRAFTER_HOME moves all but the prompts, which DRAFTER_PROMPTS_DIR names.")
