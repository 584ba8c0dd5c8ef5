"""`drafter audit`: the record of the review desk, verified without the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

  drafter audit verify
  drafter audit verify --database sqlite:////srv/imr/desk.sqlite3 --checkpoints /mnt/witness/checkpoints.jsonl
  drafter audit verify --public-key auditor/4ffd549faaabaf78.pub --json
  drafter audit verify --export letter.pdf
  drafter audit new-key                             another signing key, from the next entry on
"""

app = typer.Typer(
    name="audit",
    help="Verify the record of the review desk, without the desk; change the key that signs it.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
)


@app.command("verify", epilog=EXAMPLES)
def verify(
    database: Annotated[
        str | None, typer.Option(help="Address of the database; the one of the settings where it is not given.")
    ] = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="A checkpoint file; that of the settings by default.")
    ] = None,
    public_key: Annotated[
        list[Path] | None,
        typer.Option(help="Whose signatures count (.pub); may be repeated. Default: this home's keys."),
    ] = None,
    export: Annotated[Path | None, typer.Option(help="A file that left the desk, to be found in the record.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compute the whole record anew and name whatever is not as it was recorded, a line each (exit 1)."""
    from drafter.bootstrap import checkpoint_places, record_database
    from drafter.services.contract import to_line
    from drafter.services.record_audit import audit_record
    from drafter.settings import read_settings

    settings = read_settings()
    verified = audit_record(
        record_database(settings, url=database),
        places=checkpoint_places(settings),
        checkpoints=checkpoints,
        public_keys=public_key or [],
        export=export,
    )
    if json_:
        typer.echo(to_line(verified.model_dump()))
    else:
        for fault in verified.faults:
            typer.echo(f"{fault.fault}: {fault.message}")
        told = f"{verified.entries} entries, {verified.checkpoints} checkpoints, last entry {verified.sha256}"
        typer.echo(f"{told}: {len(verified.faults) or 'no'} faults")
    raise typer.Exit(1 if verified.faults else 0)


@app.command("new-key")
def new_key() -> None:
    """Sign the record's checkpoints with a new key from now on; what the old one signed still verifies.

    Processes of the desk take it up with their next entry; none is restarted.
    """
    from drafter.bootstrap import checkpoint_places, open_app
    from drafter.services.record_audit import change_signing_key
    from drafter.settings import read_settings

    settings = read_settings()
    old, new = change_signing_key(open_app(settings).records, places=checkpoint_places(settings))
    typer.echo(f"signed by {new} from now on; keep {old}.pub, by which what was signed before is verified")
