"""`guideline-corpus add-decided` and `similar`: what published determinations decided; never authority, never cited."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from guideline_corpus.cli.options import JsonOption, SchedulerOption, parse_day
from guideline_corpus.settings import read_corpus_settings


def add_decided(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Published letters, folders of them, or .jsonl files that `drafter parse --json` printed."),
    ],
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes that read and embed the texts.")] = 1,
    scheduler: SchedulerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the items that published determinations decided to a collection of its own, apart from the guidelines."""
    from guideline_corpus.decided.opening import add_decided as add
    from guideline_corpus.display import print_json, progress
    from guideline_corpus.display_decided import print_decided_added

    with progress() as report:
        added = add(read_corpus_settings(), paths, jobs=jobs, scheduler=scheduler, report=partial(report, "embedding"))
    if as_json:
        print_json(added)
    else:
        print_decided_added(added)


def similar(
    query: Annotated[str, typer.Argument(help="The treatment and the body part.")],
    before: Annotated[str | None, typer.Option(help="Only items decided before this day (YYYY-MM-DD).")] = None,
    without_case: Annotated[str | None, typer.Option(help="Case number to leave out: the case itself.")] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=200, help="How many items to show.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """The decided items nearest to a request, with outcome, citations and case number. Not authority."""
    from guideline_corpus.decided.opening import open_similar
    from guideline_corpus.display import print_json
    from guideline_corpus.display_decided import print_similar

    day = parse_day(before, option="--before")
    found = open_similar(read_corpus_settings()).similar(query, before=day, without_case=without_case, limit=limit)
    if as_json:
        print_json(found)
    else:
        print_similar(found)
