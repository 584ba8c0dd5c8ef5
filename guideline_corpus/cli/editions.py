"""`guideline-corpus editions`: which edition of which guideline governs when; a QA lead adds orders as they appear."""

from __future__ import annotations

from typing import Annotated

import typer

from guideline_corpus.cli.options import DONE, FOUND_WRONG, JsonOption, parse_day
from guideline_corpus.settings import read_corpus_settings

app = typer.Typer(no_args_is_help=True, help="Which edition of which guideline is in force when.")


@app.command("list", epilog="Example: guideline-corpus editions list --as-of 2016-12-29")
def list_editions(
    as_of: Annotated[str | None, typer.Option(help="Only the editions in force on this day (YYYY-MM-DD).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Every edition with its dates, trigger and source."""
    from guideline_corpus.display import print_editions, print_json
    from guideline_corpus.edition_table import home_table, load_editions
    from guideline_corpus.editions import in_force

    day = parse_day(as_of, option="--as-of")
    rows = load_editions(home_table(read_corpus_settings().home))
    rows = in_force(day, rows) if day else rows
    if as_json:
        print_json({"as_of": day.isoformat() if day else None, "editions": list(rows)})
    else:
        print_editions(rows)


@app.command(
    epilog="Example: guideline-corpus editions add acoem-low-back-2026 --guideline-id low-back --guideline 'Low Back "
    "Disorders' --edition 2026 --from 2026-07-01 --trigger service --source 'DWC order of 2026-05-12'"
)
def add(
    edition_id: Annotated[str, typer.Argument(help="Id of the new row: lower case, digits and hyphens.")],
    guideline_id: Annotated[str, typer.Option(help="The guideline it is an edition of; `editions list` shows ids.")],
    guideline: Annotated[str, typer.Option(help="Title as letters print it, without the year.")],
    edition: Annotated[str, typer.Option(help="Year or date as printed.")],
    source: Annotated[str, typer.Option(help="The order, notice or text that gives the dates.")],
    from_: Annotated[str, typer.Option("--from", help="First day in force (YYYY-MM-DD).")],
    to: Annotated[str | None, typer.Option(help="Last day in force (YYYY-MM-DD); none: still open.")] = None,
    trigger: Annotated[str, typer.Option(help="Date that counts: request, service or dispensing.")] = "service",
    rung: Annotated[int, typer.Option(min=1, max=4, help="1 MTUS, 2 ACOEM or ODG, 3 other, 4 study.")] = 1,
    confidence: Annotated[str, typer.Option(help="seen (you have the source before you) or recalled.")] = "seen",
    note: Annotated[str, typer.Option(help="What is not known, in a sentence.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Add an edition; the one before it, where still open, ends the day before. A built corpus is built anew."""
    from guideline_corpus.display import print_edition_added, print_json, progress
    from guideline_corpus.edition_adding import add_edition, edition_from
    from guideline_corpus.rebuilding import rebuild

    row = edition_from(
        {
            "edition_id": edition_id, "guideline_id": guideline_id, "guideline": guideline, "edition": edition,
            "rung": rung, "trigger": trigger, "source": source, "confidence": confidence, "note": note,
            "in_force": {
                "from": parse_day(from_, option="--from"), "to": parse_day(to, option="--to"),
            },
        }
    )  # fmt: skip
    settings = read_corpus_settings()
    added = add_edition(settings.home, row)
    with progress() as report:
        built = rebuild(settings, report=report)
    if as_json:
        print_json({"added": added.added, "closed": added.closed, "built": built})
    else:
        print_edition_added(added, built)


@app.command(epilog="Example: guideline-corpus editions check")
def check(as_json: JsonOption = False) -> None:
    """Look for overlaps, gaps and missing sources in the edition table."""
    from guideline_corpus.display import print_json, print_problems
    from guideline_corpus.edition_table import home_table, unchecked_editions
    from guideline_corpus.editions import edition_problems

    rows = unchecked_editions(home_table(read_corpus_settings().home))
    problems = edition_problems(rows)
    if as_json:
        print_json({"editions": len(rows), "problems": list(problems)})
    else:
        print_problems(problems, whole=f"{len(rows)} editions: no overlap, no gap, a source in every row.")
    raise typer.Exit(FOUND_WRONG if problems else DONE)
