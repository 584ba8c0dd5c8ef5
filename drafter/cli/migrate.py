"""`drafter migrate`: the record of the review desk from one database to another."""

from __future__ import annotations

from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter migrate sqlite:////srv/imr/desk.sqlite3 postgresql://desk@host/desk
  drafter migrate postgresql://desk@host/desk sqlite:////home/me/desk.sqlite3

Stop the desk first. The second database has to be empty; the first is only read, and stays.
"""


def migrate(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Address of the database the record is in.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Address of the database it goes to.")],
) -> None:
    """Move the whole record to another database, and verify it there (exit 1 where a fault is found)."""
    from drafter.adapters.clock import SystemClock
    from drafter.bootstrap import checkpoint_places, record_database
    from drafter.services import record_migration
    from drafter.settings import read_settings

    settings = read_settings()
    done = record_migration.migrate(
        record_database(settings, url=source),
        record_database(settings, url=target),
        places=checkpoint_places(settings),
        clock=SystemClock(),
    )
    typer.echo(
        f"{done.moved.entries} entries moved, verified: {done.faults or 'no'} faults. Now set DRAFTER_DATABASE_URL."
    )
    raise typer.Exit(1 if done.faults else 0)
