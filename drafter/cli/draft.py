"""`drafter draft`: a case in, a draft rationale for each disputed item out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from drafter.domain.case import Determination

EXAMPLES = """
Examples:

  drafter draft letter.pdf                          options memo for every item, no outcome
  drafter draft case.yaml --item 2                  item 2 only
  drafter draft case.yaml --determination upheld    a rationale for the outcome you chose
  drafter draft case.yaml --determination 1=upheld,2=overturned
  drafter draft notes.txt --treatment "MRI of the left knee"
  drafter draft letter.pdf --json > draft.json
  drafter draft locked.pdf                          asks for the password; or DRAFTER_PDF_PASSWORD, or --password < FILE
  drafter draft case.yaml --model openai:MODEL      a model behind OPENAI_BASE_URL; --show-payload shows what is sent
  drafter draft letter.pdf --model replay:replies   recorded replies; prompts without one go to replies/pending

`upheld` means that the denial stands; `overturned`, that the treatment is medically necessary. The program never
chooses.
"""


def draft(
    path: Annotated[str, typer.Argument(help="A letter, case file, PDF, DOCX or text; - reads standard input.")],
    item: Annotated[list[int] | None, typer.Option(help="Number of an item to draft; may be repeated.")] = None,
    treatment: Annotated[
        list[str] | None, typer.Option(help="A treatment in dispute, where the input is plain text; may be repeated.")
    ] = None,
    determination: Annotated[
        str | None, typer.Option(help="The outcome you chose: upheld, overturned, or 1=upheld,2=overturned.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day whose editions govern where the case has no UR or RFA date.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="extractive (default), openai:MODEL or replay:DIR.")] = None,
    prompt: Annotated[str | None, typer.Option(help="Prompt version, as NAME@VERSION.")] = None,
    show_payload: Annotated[
        bool, typer.Option("--show-payload", help="Print exactly what a model would be sent, and send nothing.")
    ] = False,
    password: Annotated[
        bool,
        typer.Option("--password", help="Ask for a PDF's password; without a terminal, the first line of stdin is it."),
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the page or the JSON to this file.")] = None,
) -> None:
    """Draft a rationale for each disputed item, every sentence with its ground."""
    # Vendors are imported only once the command is known to be this one: `drafter --help` stays quick.
    from drafter.cli.drafting_run import run_draft

    raise typer.Exit(
        run_draft(
            path=path,
            items=item or [],
            treatments=treatment or [],
            determination=determination,
            as_of=as_of,
            model=model,
            prompt=prompt,
            show_payload=show_payload,
            password=password,
            as_json=json_,
            out=out,
            stdin=sys.stdin.buffer,
        )
    )


def parse_determination(text: str | None, *, numbers: list[int]) -> dict[int, Determination]:
    """`upheld` for all items, or `1=upheld,2=overturned`. Raises ValueError with the sentence to show."""
    if not text:
        return {}
    chosen: dict[int, Determination] = {}
    for part in text.split(","):
        number, _, outcome = part.strip().rpartition("=")
        value = outcome.strip().lower()
        if value not in ("upheld", "overturned") or (number and not number.strip().isdigit()):
            raise ValueError(
                f"--determination: '{part.strip()}' is not upheld, overturned or NUMBER=upheld|overturned."
            )
        named: Determination = "upheld" if value == "upheld" else "overturned"
        chosen.update(dict.fromkeys([int(number)] if number else numbers, named))
    return chosen
