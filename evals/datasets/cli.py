"""`evals datasets`: which sets there are, what they hold, and what changed between two versions."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="List, show and compare datasets.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Folder of a dataset, or the name of the project's own: written.")]


@app.command("list")
def list_(
    place: Annotated[Path, typer.Argument(help="Folder in and below which datasets are looked for.")] = Path(),
) -> None:
    """List the project's own dataset and those in and below a folder.

    Example: evals datasets list sets
    """
    from evals.datasets.catalogue import datasets_below

    for name, manifest in datasets_below(place):
        parent = f", from {manifest.parent[:12]}" if manifest.parent else ""
        typer.echo(f"{name}: {manifest.cases} cases, {manifest.items} items, {manifest.version[:12]}{parent}")


@app.command()
def show(
    dataset: Name = "written",
    as_json: Annotated[bool, typer.Option("--json", help="Manifest and strata as one JSON object.")] = False,
) -> None:
    """Show what a dataset holds, and how small a loss it can show.

    Example: evals datasets show written
    """
    from evals.datasets.catalogue import described, open_dataset, strata

    found = open_dataset(dataset).dataset
    if as_json:
        shape = found.manifest.model_dump(mode="json") | {"strata": strata(found)}
        typer.echo(json.dumps(shape, ensure_ascii=False, sort_keys=True))
        return
    for line in described(found):
        typer.echo(line)


@app.command("add-signed")
def add_signed(
    folder: Annotated[Path, typer.Argument(help="Folder of the dataset of signed cases; made where there is none.")],
) -> None:
    """Add a case signed at the desk, read as JSON from standard input, without identifiers, as a new version.

    Example: evals datasets add-signed sets/signed < signed.json
    """
    from evals.datasets.signed import add_to_folder

    made = add_to_folder(folder, sys.stdin.buffer.read())
    typer.echo(f"{folder}: {made.manifest.cases} cases, {made.manifest.version[:12]}")


@app.command("diff")
def diff(before: Name, after: Name) -> None:
    """Show which cases were added, removed or changed between two versions, and in which fields.

    Example: evals datasets diff sets/letters sets/letters-2
    """
    from evals.datasets.catalogue import open_dataset
    from evals.datasets.difference import changes

    found = changes(open_dataset(before).dataset, open_dataset(after).dataset)
    for change in found:
        typer.echo(f"{change.change} {change.case_id}" + (f": {', '.join(change.where)}" if change.where else ""))
    if not found:
        typer.echo("The same cases: no case was added, removed or changed.")
