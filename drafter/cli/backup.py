"""`drafter backup` and `drafter restore`: the record of the review desk in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

BACKUP_EXAMPLES = """
Examples:

  drafter backup desk-2026-11-26.jsonl
  drafter backup desk.jsonl --database postgresql://desk@host/desk

The desk may go on working. The file holds clinical text and password hashes: keep it encrypted.
"""
RESTORE_EXAMPLES = """
Examples:

  drafter restore desk-2026-11-26.jsonl
  drafter restore desk.jsonl --database postgresql://desk@host/empty
  drafter restore old.jsonl --older-because "the disk failed on Tuesday"

A record that stands there is kept under another name. That the record was restored is its next entry.
"""
Address = Annotated[str | None, typer.Option("--database", help="Address of the database; by default the settings'.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; one that is there is written over.")],
    database: Address = None,
) -> None:
    """Write the whole record to a file, and verify it."""
    from drafter.bootstrap import checkpoint_places, record_database
    from drafter.services.record_backup import back_up
    from drafter.settings import read_settings

    settings = read_settings()
    archive = back_up(record_database(settings, url=database), file, places=checkpoint_places(settings))
    head = f"the last is {archive.head.sha256}" if archive.head else "no entry"
    typer.echo(f"{file}: {archive.head.seq if archive.head else 0} entries, verified; {head}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `drafter backup` wrote.")],
    database: Address = None,
    older_because: Annotated[
        str | None, typer.Option(help="Why to go back to an older state than the signed checkpoints know of.")
    ] = None,
) -> None:
    """Verify a backup and put its record in place."""
    from drafter.adapters.clock import SystemClock
    from drafter.bootstrap import checkpoint_places, record_database
    from drafter.services import record_backup
    from drafter.settings import read_settings

    settings = read_settings()
    done = record_backup.restore(
        record_database(settings, url=database),
        file,
        places=checkpoint_places(settings),
        clock=SystemClock(),
        reason=older_because,
    )
    typer.echo(f"{done.entries} entries restored; entry {done.entry.seq} tells of it.")
    if done.kept_as:
        typer.echo(f"What stood there is kept as {done.kept_as}.")
