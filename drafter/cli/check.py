"""`drafter check`: audit finished letters or drafts, sentence by sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter check letter.pdf                  the findings on one letter, with both texts side by side
  drafter check letters/ --jobs 2           every letter of a folder, worst first in the summary
  drafter check letters/ --json > audit.jsonl
  drafter check s3://bucket/2026/letters    the letters of a bucket, or of any other place that fsspec knows
  drafter check --from places.txt           what a text file names: a file, a folder or an address on each line
  drafter check letters/ --scheduler tcp://10.0.0.5:8786   by the workers of a Dask scheduler; the same bytes
  drafter check letters/ --jobs 2 --report audit.html      a page to read and print; add --resume after a stop
  drafter draft case.yaml --determination upheld --json > draft.json && drafter check draft.json

Ends with 0 where nothing blocks, 1 where a blocker was found, 2 where an input could not be read, 4 where a scheduler
went away before the end.
What each check means: docs/checks.md, or `drafter check --list`.
"""


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Letters, case files, drafts (JSON), folders of letters, or addresses (s3://, https://)."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON line for each input.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work.")] = 1,
    least: Annotated[
        str, typer.Option("--least", help="Show findings from this severity on: note, warning or blocker.")
    ] = "note",
    report: Annotated[
        Path | None,
        typer.Option(help="Write the audit as one HTML page; its log, a JSON line a letter, stands beside it."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Take letters that have not changed from the log of --report.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler whose workers share the work (tcp://HOST:8786)."),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Text file that names inputs, one a line; a path or an address.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the checks and what they mean, then stop.")] = False,
) -> None:
    """Audit finished letters or drafts as a hostile reader would."""
    from drafter.cli.checking_run import Asked, list_checks, run_check

    if list_:
        raise typer.Exit(list_checks(as_json=json_))
    asked = Asked(
        names=tuple(paths or ()),
        as_json=json_,
        jobs=jobs,
        least=least,
        report=report,
        resume=resume,
        scheduler=scheduler,
        listed_in=from_,
    )
    raise typer.Exit(run_check(asked))
