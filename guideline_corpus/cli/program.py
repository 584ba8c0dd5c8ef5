"""The command `guideline-corpus`: load guideline files, build the corpus, look into it, search it.

Vendors are imported inside the command that needs them, so that `--help`, `list`, `show` and `editions` start at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from guideline_corpus.cli import decided, editions, formulary, review
from guideline_corpus.cli.options import (
    DONE,
    FOUND_WRONG,
    INCOMPLETE,
    INTERRUPTED,
    UNUSABLE,
    JsonOption,
    SchedulerOption,
    parse_day,
)
from guideline_corpus.errors import CorpusError, SchedulerLost
from guideline_corpus.settings import CorpusSettings, read_corpus_settings, turn_telemetry_off

app = typer.Typer(
    name="guideline-corpus",
    help="Guideline files become dated passages with section and printed page, ready to be searched and cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(editions.app, name="editions")
KEPT = "What was embedded is kept; the next time goes on from there."
app.command("add-decided", epilog="Example: guideline-corpus add-decided letters/")(decided.add_decided)
app.command("similar", epilog='Example: guideline-corpus similar "massage, neck" --before 2016-12-01')(decided.similar)
app.command("review", epilog="Example: guideline-corpus review --out sheet.csv, then review --take sheet.csv")(
    review.review
)
app.command("formulary", epilog="Example: guideline-corpus formulary Norco --dispensed 2019-05-02")(formulary.formulary)


@app.command(epilog="Example: guideline-corpus build")
def build(scheduler: SchedulerOption = None, as_json: JsonOption = False) -> None:
    """Build the starter gists and every added file into a new version, and make it the active one."""
    from guideline_corpus.build import build_corpus, search_indexer
    from guideline_corpus.display import print_build, print_json, progress

    settings = _settings()
    with progress() as report:
        built = build_corpus(settings.home, index=search_indexer(settings, scheduler=scheduler), report=report)
    if as_json:
        print_json(built)
    else:
        print_build(built)


@app.command(
    epilog="Example: guideline-corpus add low-back-2014.html; guideline-corpus add mtus.pdf --guideline "
    "'Chronic Pain Medical Treatment' --edition 2016"
)
def add(
    files: Annotated[list[Path], typer.Argument(help="Guideline files: PDF, DOCX, HTML, Markdown or text.")],
    guideline: Annotated[str | None, typer.Option(help="Title as letters print it, without the year.")] = None,
    edition: Annotated[str | None, typer.Option(help="Year or date as printed.")] = None,
    rung: Annotated[int | None, typer.Option(min=1, max=4, help="1 MTUS, 2 ACOEM or ODG, 3 other, 4 study.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First day in force (YYYY-MM-DD).")] = None,
    to: Annotated[str | None, typer.Option(help="Last day in force (YYYY-MM-DD).")] = None,
    licence: Annotated[str | None, typer.Option(help="Note on rights, kept with every passage.")] = None,
    page_offset: Annotated[int | None, typer.Option(help="Printed page minus page of the file.")] = None,
    replace_gists: Annotated[bool, typer.Option(help="Leave out our own gists of this edition.")] = False,
    scheduler: SchedulerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add official guideline text, show what was read and what was not, and build."""
    from guideline_corpus.adding import add_files
    from guideline_corpus.build import search_indexer
    from guideline_corpus.display import print_added, print_json, progress
    from guideline_corpus.naming import Naming

    naming = Naming.model_validate(
        {
            "guideline": guideline, "edition": edition, "rung": rung, "licence": licence,
            "from_": parse_day(from_, option="--from"), "to": parse_day(to, option="--to"),
        }
    )  # fmt: skip
    settings = _settings()
    with progress() as report:
        added = add_files(
            settings.home,
            files,
            naming,
            page_offset=page_offset,
            replaces_gists=replace_gists,
            scheduler=scheduler,
            index=search_indexer(settings, scheduler=scheduler),
            report=report,
        )
    if as_json:
        print_json(added)
    else:
        print_added(added)


@app.command("list", epilog="Example: guideline-corpus list chronic-pain-2016")
def list_passages(
    edition_id: Annotated[str | None, typer.Argument(help="Show the passages of this edition.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What the corpus holds: editions with their passages, or the passages of one edition."""
    from guideline_corpus.display import print_json, print_list
    from guideline_corpus.inventory import inventory_of
    from guideline_corpus.versions import load_corpus

    listed = inventory_of(load_corpus(_settings().home), edition_id=edition_id)
    if as_json:
        print_json(listed)
    else:
        print_list(listed)


@app.command(epilog="Example: guideline-corpus show chronic-pain-2016.massage-therapy.1f0c3a77b2")
def show(
    passage_id: Annotated[str, typer.Argument(help="The id that `list` or `search` shows.")],
    as_json: JsonOption = False,
) -> None:
    """One passage: where it stands, since when it is in force, its words and its criteria."""
    from guideline_corpus.display import print_json, print_passage
    from guideline_corpus.versions import load_corpus

    passage = load_corpus(_settings().home).passage(passage_id)
    if as_json:
        print_json(passage)
    else:
        print_passage(passage)


@app.command(epilog='Example: guideline-corpus search "physical therapy low back" --as-of 2016-12-01 -k 5')
def search(
    query: Annotated[str, typer.Argument(help="The treatment and the body part.")],
    as_of: Annotated[str | None, typer.Option(help="Only what was in force on this day (YYYY-MM-DD).")] = None,
    guideline: Annotated[list[str] | None, typer.Option(help="Id of a guideline or edition; may be repeated.")] = None,
    limit: Annotated[int, typer.Option("-k", min=1, max=200, help="How many passages to show.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Find the passages that bear on a treatment, best first, with the reason why each was found."""
    from guideline_corpus.display import print_json, print_results
    from guideline_corpus.opening import open_search
    from guideline_corpus.results import search_json

    found = open_search(_settings())
    result = found.search(query, as_of=parse_day(as_of, option="--as-of"), limit=limit, guidelines=guideline or ())
    if as_json:
        print_json(search_json(result))
    else:
        print_results(result, notice=found.notice)


@app.command(epilog="Example: guideline-corpus verify && echo whole")
def verify(as_json: JsonOption = False) -> None:
    """Recompute every hash of the active version, the added files and the index; name what differs."""
    from guideline_corpus.display import print_json, print_verification
    from guideline_corpus.verification import verify_home

    found = verify_home(_settings().home)
    if as_json:
        print_json(found)
    else:
        print_verification(found)
    raise typer.Exit(DONE if found.whole else FOUND_WRONG)


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with the exit codes of the interface contract."""
    turn_telemetry_off()
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: list[str]) -> int:
    try:
        code = app(arguments, standalone_mode=False)
    except SchedulerLost as error:
        print(f"{error} {KEPT}", file=sys.stderr)  # noqa: T201
        return INCOMPLETE
    except CorpusError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except TyperException as error:
        if message := error.format_message():
            print(f"{message.rstrip('.')}; see `guideline-corpus --help`.", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return code if isinstance(code, int) else DONE


def _settings() -> CorpusSettings:
    return read_corpus_settings()
