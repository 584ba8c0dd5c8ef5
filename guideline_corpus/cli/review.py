"""`guideline-corpus review`: the sheet on which an expert corrects the criteria, out and back in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guideline_corpus.cli.options import DONE, UNUSABLE, JsonOption
from guideline_corpus.settings import read_corpus_settings


def review(
    out: Annotated[Path | None, typer.Option(help="Write the sheet (CSV) to this file.")] = None,
    take: Annotated[Path | None, typer.Option(help="Take a corrected sheet back and build.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Every criterion by source and confidence: as a table of counts, as a sheet to correct, and back.

    In the sheet `verdict` is empty, `right`, `wrong` (it is left out from then on) or `change` (then `new_text`,
    `new_role` or `new_letters` say to what). A sheet with one bad row is refused whole; every bad row is named.
    """
    from guideline_corpus.display import print_json, print_review, print_review_taken, progress
    from guideline_corpus.rebuilding import rebuild
    from guideline_corpus.review.corrections import load_corrections
    from guideline_corpus.review.sheet import counted, sheet_of
    from guideline_corpus.review.taking import read_sheet, take_sheet
    from guideline_corpus.versions import load_corpus

    settings = read_corpus_settings()
    if out is not None and take is not None:
        typer.echo("Give either --out or --take, not both.", err=True)
        raise typer.Exit(UNUSABLE)
    if take is not None:
        taken = take_sheet(settings.home, read_sheet(take), name=take.name)
        with progress() as report:
            built = rebuild(settings, report=report)
        if as_json:
            print_json({"taken": taken, "built": built})
        else:
            print_review_taken(taken, built)
        raise typer.Exit(DONE)
    corpus = load_corpus(settings.home)
    corrections = load_corrections(settings.home)
    counts = counted(corpus, corrections)
    if out is not None:
        out.write_text(sheet_of(corpus, corrections), encoding="utf-8-sig", newline="")
    if as_json:
        print_json(counts)
    else:
        print_review(counts, out=out)
