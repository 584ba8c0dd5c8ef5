"""`drafter prompts`: the prompt versions there are, what is wrong with them, what they do to cases, which is live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter prompts list
  drafter prompts check
  drafter prompts check rationale@0005
  drafter prompts preview rationale@0005 --case letter.pdf --item 2
  drafter prompts diff rationale@0001 rationale@0002
  drafter prompts try rationale@0006 --set sets/gate --model openai:MODEL
  drafter prompts release rationale@0006 --candidate --by "J. Doe" --why "shorter openings, same checks"
  drafter prompts release rationale@0006 --set gate --by "R. Roe" --why "read twenty drafts, all sound"
  drafter prompts rollback rationale --by "R. Roe" --why "drafts miss the latest visit"
  DRAFTER_PROMPTS_DIR=my-prompts drafter prompts check
"""

app = typer.Typer(
    name="prompts",
    help="Prompt versions: check, preview, compare, try, release, roll back.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
)


@app.command("list")
def list_versions(json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Show every version, its state, and who wrote it; live and published ones never change."""
    from drafter.cli.prompts_list import run_list
    from drafter.settings import read_settings

    raise typer.Exit(run_list(read_settings(), as_json=json_))


@app.command("check")
def check(
    meant: Annotated[str | None, typer.Argument(metavar="[NAME@VERSION|FILE]", help="All versions without it.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is wrong with a version or a file, each fault with its place and what to do (exit 1 for an error)."""
    from drafter.cli.prompts_check import run_check
    from drafter.settings import read_settings

    raise typer.Exit(run_check(read_settings(), meant=meant, as_json=json_))


@app.command("preview")
def preview(
    label: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="The version to show, rationale or options.")],
    case: Annotated[Path, typer.Option("--case", help="A letter or case file.")],
    item: Annotated[int | None, typer.Option(help="Number of the item; the first without it.")] = None,
    determination: Annotated[
        str | None, typer.Option(help="Outcome assumed for a rationale: upheld (without it) or overturned.")
    ] = None,
    against: Annotated[str, typer.Option(help="live, or a version to compare with, as NAME@VERSION.")] = "live",
    model: Annotated[str | None, typer.Option(help="Whose stored reply to show: openai:MODEL or replay:DIR.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the prompt of an item as it would be sent: where each part comes from, what it takes, what is new."""
    from drafter.cli.prompts_preview import run_preview
    from drafter.settings import read_settings

    raise typer.Exit(
        run_preview(
            read_settings(),
            label=label,
            case_path=case,
            item=item,
            determination=determination,
            against=against,
            model=model,
            as_json=json_,
        )
    )


@app.command("try")
def try_(
    label: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="The version to try, rationale or options.")],
    dataset: Annotated[Path, typer.Option("--set", help="Folder of a dataset, as `evals import` makes it.")],
    model: Annotated[str | None, typer.Option(help="openai:MODEL or replay:DIR; the settings' without it.")] = None,
    against: Annotated[str | None, typer.Option(help="Version to compare with; the live one without it.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write the whole comparison as one HTML page too, changed cases in full.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Run a version beside the live one over a set of cases: the gate's verdict and the items that changed.

    The result is kept for exactly this text, the live one's, model, set and gate. Exit 0 PASS, 1 FAIL, 3 INCONCLUSIVE.
    """
    from drafter.cli.prompts_release import run_try
    from drafter.settings import read_settings

    raise typer.Exit(
        run_try(read_settings(), label=label, dataset=dataset, model=model, against=against, page=report, as_json=json_)
    )


@app.command("release")
def release(
    label: Annotated[str, typer.Argument(metavar="NAME@VERSION")],
    by: Annotated[str, typer.Option(help="Who signs.")],
    why: Annotated[str, typer.Option(help="Why, in three words or more; it stays in the history.")],
    candidate: Annotated[bool, typer.Option("--candidate", help="Make it a candidate; its text is fixed.")] = False,
    override: Annotated[
        bool, typer.Option("--override", help="Sign that an INCONCLUSIVE is no reason to wait; two people have to.")
    ] = False,
    dataset: Annotated[str | None, typer.Option("--set", help="Name or hash of the set whose verdict counts.")] = None,
    model: Annotated[str | None, typer.Option(help="Model whose verdict counts; the settings' without it.")] = None,
) -> None:
    """Make a version a candidate, or put a candidate live: with a PASS for exactly it, signed by a second person."""
    from drafter.cli.prompts_release import run_release
    from drafter.domain.prompting.release import Signed
    from drafter.settings import read_settings

    raise typer.Exit(
        run_release(
            read_settings(),
            label=label,
            signed=Signed(by=by, why=why),
            candidate=candidate,
            override=override,
            model=model,
            dataset=dataset,
        )
    )


@app.command("rollback")
def rollback(
    purpose: Annotated[str, typer.Argument(metavar="NAME", help="rationale, options, repair or grader.")],
    by: Annotated[str, typer.Option(help="Who signs.")],
    why: Annotated[str, typer.Option(help="Why, in three words or more; it stays in the history.")],
    to: Annotated[str | None, typer.Option(help="A version that was live once; the one before without it.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the rollback that was the last act.")] = False,
) -> None:
    """Put the version live again that was live before. Needs no gate, and can itself be taken back."""
    from drafter.cli.prompts_release import run_rollback
    from drafter.domain.prompting.release import Signed
    from drafter.settings import read_settings

    raise typer.Exit(run_rollback(read_settings(), purpose=purpose, signed=Signed(by=by, why=why), to=to, undo=undo))


@app.command("history")
def history(
    purpose: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Every purpose without it.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show who put which version live, when, from which, to which, and why."""
    from drafter.cli.prompts_release import run_history
    from drafter.settings import read_settings

    raise typer.Exit(run_history(read_settings(), purpose=purpose, as_json=json_))


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
