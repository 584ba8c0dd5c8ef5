"""`guideline-corpus formulary`: the status of a drug in the MTUS drug formulary, by the day it is dispensed."""

from __future__ import annotations

from typing import Annotated

import typer

from guideline_corpus.cli.options import JsonOption, parse_day


def formulary(
    drug: Annotated[str, typer.Argument(help="A drug as a request names it, by brand or generic name.")],
    dispensed: Annotated[str | None, typer.Option(help="Day of dispensing (YYYY-MM-DD).")] = None,
    as_json: JsonOption = False,
) -> None:
    """The status of a drug in the MTUS drug formulary: exempt, non-exempt, compounded, or unknown, with its source.

    The formulary counts for drugs dispensed on or after 2018-01-01. What the table does not hold is unknown, never
    unlisted: look it up in the state's drug list.
    """
    from guideline_corpus.display import print_json
    from guideline_corpus.display_formulary import print_formulary
    from guideline_corpus.formulary.lookup import look_up
    from guideline_corpus.formulary.table import shipped_drug_list
    from guideline_corpus.vocabulary import load_vocabulary

    day = parse_day(dispensed, option="--dispensed")
    answers = look_up(drug, dispensed=day, drug_list=shipped_drug_list(), vocabulary=load_vocabulary())
    if as_json:
        print_json({"query": drug, "dispensed": day.isoformat() if day else None, "drugs": list(answers)})
    else:
        print_formulary(answers, dispute=shipped_drug_list().rule("dispute"))
