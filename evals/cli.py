"""`evals`: datasets from published letters, and runs over them, for QA."""

from __future__ import annotations

import gc
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from drafter.errors import DrafterError
from evals.datasets.cli import app as datasets_app
from evals.errors import EvalsError, NothingDecides
from guideline_corpus.errors import CorpusError, SchedulerLost

DONE, UNUSABLE, INCOMPLETE, INTERRUPTED = 0, 2, 4, 130
KEPT = "What was scored is kept; the next time goes on from there."

SchedulerOption = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler whose workers share the work (tcp://HOST:8786).")
]

app = typer.Typer(
    name="evals",
    help="Evaluate search and drafts on a set of cases.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(datasets_app, name="datasets")


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Published letters or case files, or folders of them.")],
    out: Annotated[Path, typer.Option(help="Folder of the dataset to write.")],
    name: Annotated[str | None, typer.Option(help="Name of the dataset; the folder's name without it.")] = None,
    parent: Annotated[str | None, typer.Option(help="Dataset that the cases are added to, as a new version.")] = None,
) -> None:
    """Make a dataset from letters, case files, CSV and JSON Lines; what does not parse is quarantined with its reason.

    Example: evals import letters/ --out sets/letters-2017
    """
    from evals.dataset import write_dataset
    from evals.datasets.catalogue import open_dataset
    from evals.importing import import_cases
    from evals.progress import progress

    before = open_dataset(parent).dataset if parent else None
    with progress("Reading") as report:
        dataset = import_cases(paths, name=name or out.name, parent=before, report=report)
    write_dataset(dataset, out)
    manifest = dataset.manifest
    typer.echo(
        f"{manifest.cases} cases, {manifest.items} items, {len(manifest.quarantined)} quarantined; "
        f"{manifest.version[:12]}"
    )
    for row in manifest.quarantined:
        typer.echo(f"quarantined {row.name}: {row.reason}", err=True)
    for pair in manifest.alike:
        typer.echo(f"alike: {pair.one} and {pair.other} ({pair.likeness:.0%} of their words)", err=True)


@app.command()
def run(
    dataset: Annotated[str, typer.Argument(help="Folder of a dataset; the project's own without one.")] = "written",
    *,
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    split: Annotated[str | None, typer.Option(help="Only the cases of one split: dev, gate or holdout.")] = None,
    stage: Annotated[str, typer.Option(help="retrieve, draft, check or reply.")] = "retrieve",
    model: Annotated[str | None, typer.Option(help="Model spec, for the stages draft and reply.")] = None,
    prompt: Annotated[str | None, typer.Option(help="Prompt version, as NAME@VERSION.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Make the rows that are missing, errors again.")] = False,
    concurrency: Annotated[int | None, typer.Option(min=1, help="Calls in flight; without a model, processes.")] = None,
    repeats: Annotated[int, typer.Option(min=1, help="Rows of each item.")] = 1,
    seed: Annotated[int | None, typer.Option(help="Sent with each call, raised by the number of the repeat.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask the model even what is in the cache.")] = False,
    deadline: Annotated[float | None, typer.Option(min=0.1, help="Most seconds of one call.")] = None,
    max_calls: Annotated[int | None, typer.Option(min=0, help="Most calls of the run, resumed or not.")] = None,
    max_cost: Annotated[float | None, typer.Option(min=0, help="Most that its calls may cost.")] = None,
    scheduler: SchedulerOption = None,
) -> None:
    """Run a stage over a dataset: rows to results.jsonl, sums to summary.json.

    Stages: retrieve (search), draft (drafts with every check), check (the letters as they stand), reply (a model's
    replies alone, with what their form tells).

    Example: evals run sets/letters-2017 --stage draft --model openai:MODEL --concurrency 10 --out runs/today
    """
    from evals.run_command import run_command

    code = run_command(
        dataset,
        out=out,
        split=split,
        stage=stage,
        model=model,
        prompt=prompt,
        resume=resume,
        concurrency=concurrency,
        repeats=repeats,
        seed=seed,
        fresh=fresh,
        deadline=deadline,
        most_calls=max_calls,
        most_cost=max_cost,
        scheduler=scheduler,
    )
    raise typer.Exit(code)


@app.command()
def plant(
    dataset: Annotated[Path, typer.Argument(help="Folder of a dataset whose items have rationales.")],
    out: Annotated[Path, typer.Option(help="Folder of the planted dataset to write.")],
    per_kind: Annotated[int, typer.Option(min=1, help="Plants of each kind.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plants.")] = 7,
) -> None:
    """Plant one known error, or one harmless edit, into each of many copies of the rationales.

    Kinds of quotation are planted into texts written from the official passages of the corpus, where it holds any.

    Example: evals plant sets/letters-2017 --out sets/planted && evals run sets/planted --stage check --out runs/planted
    """
    from drafter.services.checking import load_guidelines
    from drafter.settings import read_settings
    from evals.dataset import make_dataset, read_dataset, write_dataset
    from evals.plants.kinds import KINDS
    from evals.plants.model import write_plants
    from evals.plants.planting import plant as plant_into
    from evals.plants.quote_kinds import written_cases
    from guideline_corpus.vocabulary import load_vocabulary

    read = read_dataset(dataset)
    written = written_cases(load_guidelines(read_settings().home).passages, count=2 * per_kind, seed=seed)
    grown = make_dataset(name=out.name, cases=[*read.cases, *written])
    plants = plant_into(grown, per_kind=per_kind, seed=seed, vocabulary=load_vocabulary())
    write_dataset(grown, out)
    write_plants(plants, out)
    typer.echo(f"{len(plants)} plants of {len({p.kind for p in plants})} kinds in {grown.manifest.cases} cases")
    for kind in [kind for kind in KINDS if all(p.kind != kind for p in plants)]:
        typer.echo(f"no place for: {kind}", err=True)


@app.command("plants-table")
def plants_table(run: Annotated[Path, typer.Argument(help="Folder of a run of the check stage.")]) -> None:
    """Print what a check run found of the planted errors, as a Markdown table.

    Example: evals plants-table runs/planted
    """
    from evals.plants.scoring import table
    from evals.run_folder import read_summary

    summary = read_summary(run)
    if "plants" not in summary:
        raise EvalsError(f"{run} is no check of planted errors; plant with `evals plant`, then run `--stage check`.")
    typer.echo(table(summary["plants"]), nl=False)


@app.command("rescore")
def rescore_(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    concurrency: Annotated[int | None, typer.Option(min=1, help="Processes of this machine.")] = None,
    scheduler: SchedulerOption = None,
) -> None:
    """Score a finished run again from its rows, without a model: the same rows give the same bytes.

    Example: evals rescore runs/today
    """
    from evals.rescoring import rescore

    summary = rescore(run, jobs=concurrency, scheduler=scheduler)
    typer.echo(json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="Folder of the run to compare with.")],
    after: Annotated[Path, typer.Argument(help="Folder of the run that is new.")],
    changes: Annotated[int, typer.Option(min=0, help="How many changed items to name for each metric.")] = 5,
) -> None:
    """Show the difference of two runs in every metric, with its interval, and the items that changed, worst first.

    A difference above 0 is better, also where fewer is better (blockers, warnings).

    Example: evals compare runs/live runs/candidate
    """
    from evals.comparison.figures import told
    from evals.comparison.pairs import changed, compare_runs
    from evals.comparison.statistics import difference
    from evals.metrics.table import is_share

    compared = compare_runs(before, after)
    for name, paired in compared.metrics.items():
        undefined = f"; undefined in one run for {paired.undefined}" if paired.undefined else ""
        typer.echo(f"{name}: {told(name, difference(paired.pairs, share=is_share(name)))}{undefined}")
        for pair in changed(paired)[:changes]:
            typer.echo(f"  {pair.case_number} item {pair.item}: {pair.before:g} to {pair.after:g}")


@app.command()
def gate(
    before: Annotated[Path, typer.Argument(help="Folder of the run that is live.")],
    after: Annotated[Path, typer.Argument(help="Folder of the candidate's run.")],
    gate_file: Annotated[
        Path | None,
        typer.Option("--gate", help="TOML file of invariants, margins and watched metrics; else the stage's."),
    ] = None,
    junit_file: Annotated[Path | None, typer.Option("--junit", help="Write the verdict as JUnit XML too.")] = None,
    report_file: Annotated[
        Path | None, typer.Option("--report", help="Write the whole comparison as HTML too.")
    ] = None,
) -> None:
    """Say PASS, FAIL (exit 1) or INCONCLUSIVE (exit 3), and why.

    Example: evals gate runs/live runs/candidate --junit gate.xml --report gate.html
    """
    from evals.comparison.gate import judged
    from evals.report.outcome import outcome
    from evals.report.write import report, write_report

    judgement = judged(before, after, gate_file)
    told = outcome(judgement)
    if junit_file is not None:
        junit_file.write_text(told.junit, encoding="utf-8")
    if report_file is not None:
        write_report(report(after, against=before, judgement=judgement), report_file)
    typer.echo(told.text, nl=False)
    raise typer.Exit(told.exit_code)


@app.command()
def readers(
    dataset: Annotated[str, typer.Argument(help="Folder of a dataset with outcomes, or its name.")],
    second_reader: Annotated[
        Path | None, typer.Option(help="CSV of a second reader: case_number, item, determination.")
    ] = None,
    always: Annotated[str | None, typer.Option(help="Instead: a reader who always says upheld, or overturned.")] = None,
) -> None:
    """Set the outcomes of a second reader, or of a model under test, beside those of a dataset.

    The program itself chooses no outcome; the table comes from elsewhere.

    Example: evals readers sets/letters --second-reader outcomes.csv
    """
    from evals.datasets.catalogue import open_dataset
    from evals.metrics.decision import OUTCOMES
    from evals.readers import always as always_same
    from evals.readers import beside, read_outcomes, told_lines

    chosen = next((one for one in OUTCOMES if one == always), None)
    if (second_reader is None) == (always is None) or (always is not None and chosen is None):
        raise EvalsError("Name one of --second-reader FILE and --always upheld or overturned.")
    found = open_dataset(dataset).dataset
    read = read_outcomes(second_reader) if second_reader is not None else always_same(found, chosen or "upheld")
    for line in told_lines(beside(found, read)):
        typer.echo(line)


@app.command()
def grades(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run of the stage draft.")],
    take: Annotated[Path | None, typer.Option(help="JSON Lines of a model's grades to put beside the run.")] = None,
    labels: Annotated[Path | None, typer.Option(help="CSV of people's labels to hold the grader against.")] = None,
) -> None:
    """Show a model's grades of a run's sentences, each grader with its agreement with people or as not validated.

    Grades are an opinion beside the metrics; no gate sees them.

    Example: evals grades runs/today --take grades.jsonl --labels labels.csv
    """
    from evals.grades import graded_run, take_grades, take_labels

    if take is not None:
        take_grades(run, take)
    if labels is not None:
        take_labels(run, labels)
    for one in (told := graded_run(run)):
        typer.echo(one.told)
    if not told:
        typer.echo("No model graded this run.")


@app.command("report")
def report_(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    out: Annotated[Path, typer.Option(help="HTML file to write.")],
    against: Annotated[Path | None, typer.Option(help="Folder of the run to compare with.")] = None,
    gate_file: Annotated[
        Path | None, typer.Option("--gate", help="Gate file for the verdict; else the stage's.")
    ] = None,
) -> None:
    """Write a run, or a candidate against the live run with the gate's verdict, as one HTML page to read and print.

    Example: evals report runs/candidate --against runs/live --out candidate.html
    """
    from evals.comparison.gate import judged
    from evals.report.write import report, write_report

    judgement = None
    if against is not None:
        with suppress(NothingDecides):  # then the page compares and gives no verdict
            judgement = judged(against, run, gate_file)
    write_report(report(run, against=against, judgement=judgement), out)
    typer.echo(f"{out}: {judgement.verdict}" if judgement else str(out))


def main(arguments: list[str] | None = None) -> None:
    """Run the program and leave with the exit codes of the interface contract."""
    from guideline_corpus.settings import turn_telemetry_off

    turn_telemetry_off()
    code = _run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()  # all of it ends with the program; looking through it for garbage first costs a fifth of a second
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    try:
        code = app(arguments, standalone_mode=False)
    except SchedulerLost as error:
        print(f"{error} {KEPT}", file=sys.stderr)  # noqa: T201
        return INCOMPLETE
    except (EvalsError, DrafterError, CorpusError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except TyperException as error:
        if message := error.format_message():
            print(f"{message.rstrip('.')}; see `evals --help`.", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return code if isinstance(code, int) else DONE
