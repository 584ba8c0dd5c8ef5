"""`drafter similar`: how published determinations decided requests like those of a case. Not authority."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  guideline-corpus add-decided letters/        once: the published determinations to look in
  drafter similar case.yaml
  drafter similar letter.pdf --item 2 -k 3 --json

What is shown is not authority and no draft cites it. The case itself is left out, and so is what was decided on or
after the day that governs it.
"""


def similar(
    path: Annotated[str, typer.Argument(help="A letter, case file, PDF, DOCX or text; - reads standard input.")],
    item: Annotated[list[int] | None, typer.Option(help="Number of an item; may be repeated.")] = None,
    before: Annotated[str | None, typer.Option(help="Only what was decided before this day (YYYY-MM-DD).")] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=200, help="How many decided items for each.")] = 5,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the nearest decided items with outcome, citations and case number."""
    from drafter.bootstrap import open_app
    from drafter.cli.drafting_run import read_input
    from drafter.cli.locked_input import passwords
    from drafter.services.contract import to_line
    from drafter.services.similar import similar_items
    from drafter.settings import read_settings
    from guideline_corpus.display_decided import print_similar

    day = _day(before)
    settings, stdin = read_settings(), sys.stdin.buffer
    keys = passwords(asked=False, from_environment=settings.pdf_password, stdin=stdin, reads_stdin=path == "-")
    case = read_input(path, treatments=[], stdin=stdin, keys=keys)
    app = open_app(settings)
    found = similar_items(
        case, search=app.decided, vocabulary=app.vocabulary, items=item or [], before=day, limit=limit
    )
    if json_:
        shown = [{"item": number, **result.model_dump(mode="json")} for number, result in found]
        typer.echo(to_line({"case_number": case.case_number, "items": shown}))
        return
    for number, result in found:
        typer.echo(f"Item {number}: {result.query}")
        print_similar(result)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"--before {text!r} is no date; write it as YYYY-MM-DD.") from None
