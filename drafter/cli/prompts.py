"""`drafter prompts`: the prompt versions there are, what is wrong with them, and how two of them differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter prompts list
  drafter prompts check
  drafter prompts check rationale@0003
  drafter prompts diff rationale@0001 rationale@0002
  DRAFTER_PROMPTS_DIR=my-prompts drafter prompts check
"""

app = typer.Typer(
    name="prompts",
    help="Prompt versions: list them, check them, compare two.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
)


@app.command("list")
def list_versions(json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Show every version, which are live, and which are published and so never change."""
    from drafter.prompting.catalogue import catalogue
    from drafter.services.contract import to_line
    from drafter.settings import read_settings

    versions = catalogue(read_settings().prompts_dir)
    if json_:
        typer.echo(to_line({"versions": [one.model_dump() for one in versions]}))
        return
    for one in versions:
        marks = [mark for mark, holds in (("live", one.live), ("published", one.published)) if holds]
        typer.echo(f"{one.label:20} {', '.join(marks) or 'draft':18} {(one.digest or 'faulty')[:12]}")


@app.command("check")
def check(
    meant: Annotated[str | None, typer.Argument(metavar="[NAME@VERSION|FILE]", help="All versions without it.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is wrong with a version or a file, each fault with its place and what to do (exit 1 for an error)."""
    from drafter.cli.prompts_check import run_check
    from drafter.settings import read_settings

    raise typer.Exit(run_check(read_settings(), meant=meant, as_json=json_))


@app.command("measure")
def measure(
    paths: Annotated[list[Path], typer.Argument(help="Letters or case files, or folders of them.")],
    name: Annotated[str, typer.Option("--name", help="What editors call the set; its figures go to sizes/NAME.json.")],
) -> None:
    """Keep the lengths of what fills prompts over a set of cases, so that `check` can tell sizes at once; no words."""
    from drafter.cli.prompts_measure import run_measure
    from drafter.settings import read_settings

    raise typer.Exit(run_measure(read_settings(), paths=paths, name=name))


@app.command("diff")
def diff(
    one: Annotated[str, typer.Argument(help="NAME@VERSION.")],
    other: Annotated[str, typer.Argument(help="NAME@VERSION.")],
) -> None:
    """Show what changed from one version to another."""
    from drafter.prompting.catalogue import difference
    from drafter.settings import read_settings

    changed = difference(read_settings().prompts_dir, one, other)
    typer.echo(changed or f"{one} and {other} are the same text", nl=not changed)
