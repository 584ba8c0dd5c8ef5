"""The `drafter` command: its subcommands, and the exit codes of the interface contract.

Each subcommand is a module of this folder with a function whose signature is its options, and `EXAMPLES`. These modules
import nothing heavy; what a command runs on is imported when it runs, so that `drafter --help` and `drafter parse` do
not wait for search indexes and model libraries (proved by tests/test_architecture.py).
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from drafter import __version__
from drafter.cli import (
    audit,
    backup,
    check,
    clean,
    draft,
    explain,
    migrate,
    parse,
    paths,
    prompts,
    retention,
    serve,
    similar,
    user,
    work,
)
from drafter.errors import DrafterError
from guideline_corpus.errors import CorpusError
from guideline_corpus.settings import turn_telemetry_off

DONE, UNUSABLE, INTERRUPTED = 0, 2, 130
EXAMPLES = """
Examples:

  drafter parse letter.pdf
  drafter draft case.yaml
  drafter draft case.yaml --determination 1=upheld,2=overturned
  drafter check letters/ --json > audit.jsonl
"""

app = typer.Typer(
    name="drafter",
    help="Draft rationales for California Independent Medical Review, in which every sentence says what it rests on. "
    "The reviewer chooses the outcome; the program never does.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("parse", epilog=parse.EXAMPLES)(parse.parse)
app.command("draft", epilog=draft.EXAMPLES)(draft.draft)
app.command("check", epilog=check.EXAMPLES)(check.check)
app.command("explain", epilog=explain.EXAMPLES)(explain.explain)
app.command("similar", epilog=similar.EXAMPLES)(similar.similar)
app.add_typer(prompts.app, name="prompts")
app.command("serve", epilog=serve.EXAMPLES)(serve.serve)
app.command("work", epilog=work.EXAMPLES)(work.work)
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.command("backup", epilog=backup.BACKUP_EXAMPLES)(backup.backup)
app.command("migrate", epilog=migrate.EXAMPLES)(migrate.migrate)
app.command("restore", epilog=backup.RESTORE_EXAMPLES)(backup.restore)
app.command("retention", epilog=retention.EXAMPLES)(retention.retention)
app.command("clean", epilog=clean.EXAMPLES)(clean.clean)
app.command("paths", epilog=paths.EXAMPLES)(paths.paths)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"imr-drafter {__version__}")
        raise typer.Exit


@app.callback()
def drafter(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version, then stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options that stand before any subcommand."""


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with the exit codes of the interface contract."""
    turn_telemetry_off()
    for stream in (sys.stdout, sys.stderr):
        # What is printed is UTF-8 whatever the terminal's settings; a file name that is not is shown escaped.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        code = app(arguments, standalone_mode=False)
        sys.stdout.flush()
    except (DrafterError, CorpusError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except TyperException as error:
        if message := error.format_message():
            print(f"{message.rstrip('.')}; see `drafter --help`.", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except BrokenPipeError:
        # Whoever was reading has had enough (`| head`); what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return code if isinstance(code, int) else DONE
