"""`drafter parse`: what is read from a letter or case file, before anything is made of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter parse letter.pdf                     header, items, citations, gaps
  drafter parse letters/ --json > cases.jsonl  one JSON line for each case
  drafter parse letters/ --json --jobs 2       by two processes; with --scheduler by the workers of a Dask scheduler
  drafter parse letter.pdf --json > case.json  a case file to complete by hand
  drafter parse locked.pdf                     asks for the password; or DRAFTER_PDF_PASSWORD, or --password < FILE
  drafter parse --schema                       the JSON schema of case files

Ends with 0, or with 2 where an input could not be read; the others are printed all the same;
with 4 where a scheduler went away before the end.
"""


def parse(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Letters, case files, PDF, DOCX, text, or folders of them; - reads standard input.", show_default=False
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON line for each case.")] = False,
    password: Annotated[
        bool,
        typer.Option("--password", help="Ask for a PDF's password; without a terminal, the first line of stdin is it."),
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work.")] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler whose workers share the work (tcp://HOST:8786)."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema of case files, then stop.")] = False,
) -> None:
    """Show what is read from a letter or case file."""
    from drafter.cli.parsing_run import print_schema, run_parse

    if schema:
        raise typer.Exit(print_schema())
    raise typer.Exit(
        run_parse(
            paths=paths or [],
            as_json=json_,
            password=password,
            stdin=sys.stdin.buffer,
            jobs=jobs,
            scheduler=scheduler,
        )
    )
