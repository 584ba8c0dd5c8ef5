"""What the commands show: one JSON object on standard output, or a page for people; progress goes to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from guideline_corpus.adding import AddReport
from guideline_corpus.build import BuildReport
from guideline_corpus.edition_adding import EditionAdded
from guideline_corpus.identity import canonical_json
from guideline_corpus.inventory import Inventory
from guideline_corpus.model import Criterion, Edition, InForce, Passage, SearchResult, TermMatch
from guideline_corpus.review.sheet import ReviewCounts
from guideline_corpus.review.taking import SheetTaken
from guideline_corpus.verification import Verification

KIND_NOTE = {
    "gist": "our own words, not the guideline's; never quote it as regulation",
    "official": "the guideline's own words",
    "ocr": "read from an image; check against the page",
}
Report = Callable[[str, int, int], None]
BEGINNING = 240


def print_json(value: Any) -> None:
    """One object, keys sorted, UTF-8 whatever the terminal's encoding."""
    sys.stdout.buffer.write((canonical_json(value) + "\n").encode("utf-8"))
    sys.stdout.buffer.flush()


@contextmanager
def progress() -> Iterator[Report]:
    """A bar on standard error for each step; `report(step, done, total)` moves it. Silent where nobody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield report


def print_build(built: BuildReport) -> None:
    console = Console()
    console.print(
        f"Corpus [bold]{built.version}[/bold] is active: {built.gists} gists, {built.official} official passages."
    )
    if built.unmet_corrections:
        told = f"{built.unmet_corrections} corrections of experts meet no criterion any more; review the sheet anew."
        console.print(Text(told, style="yellow"))


def print_edition_added(added: EditionAdded, built: BuildReport | None) -> None:
    """The new row, the one it closed, and the corpus that knows it."""
    console = Console()
    row = added.added
    console.print(Text(f"Added {row.edition_id}: {row.guideline} {row.edition}, {_span(row.in_force)}.", style="bold"))
    if added.closed:
        console.print(Text(f"{added.closed.edition_id} now ends on {added.closed.in_force.to}."))
    _print_rebuilt(built)


def print_review(counts: ReviewCounts, *, out: Path | None) -> None:
    """The criteria counted, and where the sheet went."""
    console = Console()
    for label, held in (("by source", counts.by_source), ("by confidence", counts.by_confidence)):
        console.print(Text(f"{label}: {', '.join(f'{count} {name}' for name, count in held.items()) or 'none'}"))
    where = f" The sheet is in {out}." if out else " `--out FILE` writes the sheet."
    console.print(Text(f"{counts.criteria} criteria, {counts.reviewed} with an expert's verdict.{where}"))


def print_review_taken(taken: SheetTaken, built: BuildReport | None) -> None:
    """What was taken of a sheet."""
    told = ", ".join(f"{count} {verdict}" for verdict, count in taken.verdicts.items()) or "no verdict"
    Console().print(Text(f"Taken: {told}; {taken.reviewed} criteria have an expert's verdict now."))
    _print_rebuilt(built)


def _print_rebuilt(built: BuildReport | None) -> None:
    if built is None:
        Console().print(Text("There is no corpus yet; `guideline-corpus build` will take this up."))
    else:
        print_build(built)


def print_added(added: AddReport) -> None:
    """What was read of each file and what was not, then the corpus that holds it."""
    console = Console()
    for one in added.files:
        edition = one.edition
        console.print(Text(f"{one.file}: {edition.guideline} {edition.edition}", style="bold"))
        again = " It had been added before." if one.known else ""
        console.print(Text(f"  rung {edition.rung}, in force {_span(edition.in_force)}, {edition.edition_id}.{again}"))
        pages = f"{one.pages} pages, {one.printed_pages} with a printed number, " if one.pages else "no pages, "
        criteria = ", ".join(f"{count} {role}" for role, count in one.criteria.items()) or "none"
        counts = f"{one.words} words, {len(one.headings)} headings, {one.passages} passages"
        console.print(Text(f"  {pages}{counts}; criteria: {criteria}"))
        for unread in one.unread:
            console.print(Text(f"  not read: page {unread.file_page} of the file, {unread.reason}", style="yellow"))
        for reason, count in one.left_out.items():
            console.print(Text(f"  left out: {count} lines, {reason}", style="dim"))
        for notice in one.notices:
            console.print(Text(f"  {notice}", style="yellow"))
    print_build(added.built)


def print_list(listed: Inventory) -> None:
    console = Console()
    table = Table(title=f"Corpus {listed.corpus_version}", title_justify="left", box=None, pad_edge=False)
    for column in ("edition", "guideline", "in force", "rung", "gists", "official", "criteria"):
        table.add_column(column, overflow="fold")
    for row in listed.editions:
        criteria = ", ".join(f"{count} {source}" for source, count in row.criteria.items())
        edition = row.edition
        named = escape(f"{edition.guideline} {edition.edition}")
        counts = (str(edition.rung), str(row.gists), str(row.official), criteria)
        table.add_row(edition.edition_id, named, _span(edition.in_force), *counts)
    console.print(table)
    for line in listed.passages:
        pages = f"  p. {_pages(line.pages)}" if line.pages else ""
        console.print(
            f"[dim]{line.passage_id}[/dim]  {escape(line.section) or '(whole guideline)'}{pages}", highlight=False
        )


def print_passage(passage: Passage) -> None:
    console = Console()
    path = " > ".join(passage.section_path) or "(the guideline as a whole)"
    console.print(Text(f"{passage.guideline} {passage.edition}", style="bold"))
    console.print(Text(path, style="bold cyan"))
    pages = f"page {_pages(passage.pages)}" if passage.pages else "page unknown"
    console.print(f"{pages}, rung {passage.rung}, in force {_span(passage.in_force)}", highlight=False)
    console.print(f"[dim]{passage.text_kind}: {KIND_NOTE[passage.text_kind]}[/dim]", highlight=False)
    console.print(Padding(Text(passage.text), (1, 0, 1, 2)))
    for criterion in passage.criteria:
        console.print(Text(f"  {criterion.role}: {criterion.text} [{_source(criterion)}]"))
    if passage.criteria and not passage.criteria_complete:
        console.print("[dim]  The list is not known to be complete.[/dim]")
    for label, words in (
        ("found by", passage.synonyms),
        ("treatments", passage.treatments),
        ("licence", (passage.licence,)),
    ):
        if any(words):
            console.print(Text(f"{label}: {', '.join(words)}", style="dim"))
    console.print(Text(f"{passage.passage_id}  from {passage.source_file}", style="dim"))


def print_results(result: SearchResult, *, notice: str | None) -> None:
    console = Console()
    if notice:
        console.print(Text(notice, style="yellow"))
    if not result.addressed:
        console.print(Text("Nothing in force appears to address this; what comes nearest:", style="yellow"))
    for found in result.results:
        passage = found.passage
        pages = f", p. {_pages(passage.pages)}" if passage.pages else ""
        where = " > ".join(passage.section_path) or "(whole guideline)"
        console.print(Text(f"{found.rank}. {passage.guideline} {passage.edition}: {where}{pages}", style="bold"))
        why = ", ".join(dict.fromkeys(_match(match) for match in found.matches))
        console.print(
            Text(f"   score {found.score:.2f}, rung {passage.rung}, {passage.text_kind}; found by {why or 'meaning'}")
        )
        console.print(Padding(Text(_beginning(passage.text)), (0, 0, 0, 3)))
        console.print(Text(f"   {passage.passage_id}", style="dim"))


def print_editions(rows: Iterable[Edition]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("edition", "guideline", "in force", "trigger", "confidence", "source"):
        table.add_column(column, overflow="fold")
    for row in rows:
        source = f"{row.source}. {row.note}" if row.note else row.source
        table.add_row(
            row.edition_id, escape(f"{row.guideline} {row.edition}"), _span(row.in_force), row.trigger, row.confidence,
            escape(source),
        )  # fmt: skip
    Console().print(table)


def print_verification(found: Verification) -> None:
    print_problems(found.problems, whole=f"Corpus {found.corpus_version} is what was built.")


def print_problems(problems: Iterable[str], *, whole: str) -> None:
    """The problems, a line each, or the sentence that there are none."""
    console = Console()
    lines = list(problems)
    for line in lines:
        console.print(Text(line, style="red"))
    if not lines:
        console.print(Text(whole))


def _match(match: TermMatch) -> str:
    same = match.query_term.casefold() == match.passage_term.casefold()
    return match.query_term if same else f"{match.query_term} = {match.passage_term}"


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= BEGINNING else f"{line[:BEGINNING].rpartition(' ')[0]} ..."


def _span(in_force: InForce) -> str:
    return f"{in_force.from_ or 'unknown'} to {in_force.to or 'now'}"


def _pages(pages: tuple[str, ...]) -> str:
    return pages[0] if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"


def _source(criterion: Criterion) -> str:
    return f"{criterion.source}: {', '.join(criterion.letters)}" if criterion.letters else criterion.source
