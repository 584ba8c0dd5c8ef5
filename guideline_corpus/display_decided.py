"""Pages of the second collection: what was added, and the nearest decided items under the words "not authority"."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from guideline_corpus.decided.model import DecidedCitation, SimilarResult
from guideline_corpus.decided.opening import DecidedAdded

OUTCOME = {"upheld": "upheld (the denial stood)", "overturned": "overturned"}


def print_decided_added(added: DecidedAdded) -> None:
    """How many items were added, and what could not be."""
    console = Console()
    console.print(Text(f"{added.items} decided items, {added.new} of them new; the collection holds {added.held}."))
    for sentence in added.not_read:
        console.print(Text(f"  {sentence}", style="yellow"))


def print_similar(found: SimilarResult) -> None:
    """The nearest items, nearest first."""
    console = Console()
    limits = ", ".join(
        text
        for text, given in (
            (f"decided before {found.before}", found.before),
            (f"without {found.without_case}", found.without_case),
        )
        if given
    )
    console.print(
        Text(f"NOT AUTHORITY: how like requests were decided{f' ({limits})' if limits else ''}", style="yellow")
    )
    for one in found.results:
        item = one.decided_item
        console.print(
            Text(
                f"{one.rank}. {item.case_number} item {item.item}, {item.decided}: {OUTCOME[item.outcome]}",
                style="bold",
            )
        )
        console.print(Text(f"   {item.treatment}"))
        for citation in item.citations:
            console.print(Text(f"   rested on {cited(citation)}", style="dim"))
        console.print(Text(f"   score {one.score:.2f}; shares {', '.join(one.shared) or 'words'}", style="dim"))
    if not found.results:
        console.print(Text("No decided item fits these limits."))


def cited(citation: DecidedCitation) -> str:
    """A citation of another letter in one line."""
    parts = [" ".join(part for part in (citation.guideline or "no guideline", citation.edition) if part)]
    parts += [f"Section(s): {', '.join(citation.sections)}"] if citation.sections else []
    parts += [f"p. {', '.join(citation.pages)}"] if citation.pages else []
    return ", ".join(parts)
